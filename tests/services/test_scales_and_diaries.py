"""Scale results of a cycle and the patient's diary."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.reference.catalogue import Reference
from clinic_app.resources import resource_path
from clinic_app.services.scale_results import check_sheet, score_field
from clinic_app.services.visit_data import ResponseData, ScaleSheet, ScaleValue, WeekOfDiary
from tests.services.conftest import OpenClinic

VISITED, TODAY = date(2026, 3, 2), date(2026, 4, 1)
TWSTRS = (
    ScaleValue("twstrs", "severity", Decimal(18)),
    ScaleValue("twstrs", "pain", Decimal("7.25")),
    ScaleValue("twstrs", "", Decimal(36)),
)


@pytest.fixture
def visit_id(clinic: OpenClinic) -> int:
    visit_id = clinic.signed(clinic.patient())
    clinic.clock.forward(days=30)
    return visit_id


def test_scale_results_are_kept_with_the_response_of_their_cycle(clinic: OpenClinic, visit_id: int) -> None:
    record, results = clinic.services.visits.record_response, clinic.services.scale_results
    assert results.of_visit(clinic.nurse, visit_id) is None
    record(clinic.nurse, visit_id, ResponseData(best_percent=70), ScaleSheet(TODAY, TWSTRS))
    assert results.of_visit(clinic.nurse, visit_id) == ScaleSheet(TODAY, TWSTRS)

    changed = (ScaleValue("twstrs", "severity", Decimal(16)), TWSTRS[2], ScaleValue("tsui", "", Decimal(9)))
    record(clinic.physician, visit_id, ResponseData(best_percent=70), ScaleSheet(TODAY, changed))
    sheet = results.of_visit(clinic.nurse, visit_id)
    assert sheet is not None and set(sheet.values) == set(changed)
    by = {(row.scale, row.subscale): row.recorded_by for row in results.of_patient(clinic.nurse, 1)}
    assert by == {
        ("twstrs", "severity"): clinic.physician.full_name,
        ("twstrs", ""): clinic.nurse.full_name,
        ("tsui", ""): clinic.physician.full_name,
    }
    record(clinic.nurse, visit_id, ResponseData(best_percent=60))
    assert len(results.of_patient(clinic.nurse, 1)) == 3
    with pytest.raises(NotAllowed):
        results.of_patient(clinic.desk, 1)


def test_a_refused_score_leaves_the_response_as_it_was(clinic: OpenClinic, visit_id: int) -> None:
    wrong = ScaleSheet(TODAY, (ScaleValue("twstrs", "severity", Decimal(36)),))
    with pytest.raises(ClinicError) as refused:
        clinic.services.visits.record_response(clinic.nurse, visit_id, ResponseData(best_percent=70), wrong)
    assert (refused.value.code, refused.value.field) == ("scale_out_of_range", score_field("twstrs", "severity"))
    assert "0 to 35" in str(refused.value)
    assert clinic.services.visits.details(clinic.nurse, visit_id).response is None


@pytest.mark.parametrize("day", [VISITED - timedelta(days=1), TODAY + timedelta(days=1)])
def test_scales_are_measured_between_the_visit_and_today(clinic: OpenClinic, visit_id: int, day: date) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.visits.record_response(clinic.nurse, visit_id, ResponseData(), ScaleSheet(day, TWSTRS))
    assert refused.value.field == "measured_on"


REFERENCE = Reference(resource_path("reference"))
PLACES = [
    (scale.id, part) for scale in REFERENCE.scales.values() for part in ("", *(each.id for each in scale.subscales))
]


@given(st.sampled_from(PLACES), st.decimals(-200, 400, places=2))
def test_a_score_is_refused_exactly_when_it_leaves_a_range_that_a_page_confirms(
    place: tuple[str, str], score: Decimal
) -> None:
    reference = REFERENCE
    scale = reference.scales[place[0]]
    found = scale.score_range(place[1])
    assert found is not None
    confirmed = scale.verified and found.verified and found.range_verified
    outside = confirmed and found.min is not None and found.max is not None and not found.min <= score <= found.max
    try:
        check_sheet(reference, ScaleSheet(TODAY, (ScaleValue(*place, score),)), VISITED, TODAY)
    except ClinicError as error:
        assert outside and error.code == "scale_out_of_range"
    else:
        assert not outside


def test_what_the_reference_does_not_confirm_limits_nothing() -> None:
    scales = REFERENCE.scales
    unconfirmed = (("bsdi", ""), ("cdq24", "stigma"), ("cdip58", "sleep"), ("gas", "per_goal"), ("twstrs2", "pain"))
    assert [scales[scale].limit(part) for scale, part in unconfirmed] == [None] * len(unconfirmed)
    limit = scales["twstrs"].limit()
    assert limit is not None and (limit.min, limit.max) == (Decimal(0), Decimal(85))
    assert [name for name in ("twstrs", "bfmdrs", "cdip58", "gas", "tsui") if scales[name].has_total()] == [
        "twstrs", "gas", "tsui",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (ScaleValue("no_scale", "", Decimal(1)), "scale_unknown"),
        (ScaleValue("twstrs", "no_part", Decimal(1)), "scale_unknown"),
        (ScaleValue("twstrs", "pain", Decimal("1.0001")), "scale_too_precise"),
    ],
)
def test_a_score_names_a_scale_of_the_reference(value: ScaleValue, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        check_sheet(REFERENCE, ScaleSheet(TODAY, (value,)), VISITED, TODAY)
    assert refused.value.code == code


def test_a_diary_is_kept_corrected_and_never_overwritten_unseen(clinic: OpenClinic, visit_id: int) -> None:
    diaries = clinic.services.diaries
    first = (WeekOfDiary(1, 10, 6, "neck stiff"), WeekOfDiary(2, 40, 4), WeekOfDiary(3))
    assert diaries.keep(clinic.nurse, visit_id, (), first) == first[:2]
    seen = diaries.of_visit(clinic.nurse, visit_id)
    assert seen == first[:2]
    second = (WeekOfDiary(2, 45, 4), WeekOfDiary(4, 70, 2, "  best week "))
    kept = diaries.keep(clinic.physician, visit_id, seen, second)
    assert kept == (WeekOfDiary(2, 45, 4), WeekOfDiary(4, 70, 2, "best week"))
    assert diaries.of_patient(clinic.nurse, 1) == {visit_id: kept}
    with pytest.raises(RecordChanged):
        diaries.keep(clinic.nurse, visit_id, seen, first)
    with pytest.raises(NotAllowed):
        diaries.keep(clinic.desk, visit_id, kept, ())
    with pytest.raises(NotFound):
        diaries.keep(clinic.nurse, 99, (), ())
    assert diaries.keep(clinic.nurse, visit_id, kept, ()) == ()


@pytest.mark.parametrize(
    ("week", "field"),
    [
        (WeekOfDiary(0, 1), "weeks"),
        (WeekOfDiary(13, 1), "weeks"),
        (WeekOfDiary(2, 101), "weeks.2.benefit_percent"),
        (WeekOfDiary(2, -1), "weeks.2.benefit_percent"),
        (WeekOfDiary(3, None, 11), "weeks.3.pain"),
        (WeekOfDiary(3, None, None, "x" * 301), "weeks.3.remark"),
        (WeekOfDiary(6, None, 4), "weeks.6.pain"),
    ],
)
def test_what_cannot_stand_in_a_diary_is_said_at_its_field(
    clinic: OpenClinic, visit_id: int, week: WeekOfDiary, field: str
) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.diaries.keep(clinic.nurse, visit_id, (), (WeekOfDiary(1, 5), week))
    assert refused.value.field == field
    assert str(refused.value)
    assert clinic.services.diaries.of_visit(clinic.nurse, visit_id) == ()


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_weeks_of_a_diary_follow_the_visit_without_a_gap(visited_on: date) -> None:
    spans = [WeekOfDiary(number).days(visited_on) for number in range(1, 13)]
    assert spans[0][0] == visited_on + timedelta(days=1)
    assert spans[-1][1] == visited_on + timedelta(weeks=12)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(spans))
