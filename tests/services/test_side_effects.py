from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Severity, Side
from tests.services.conftest import OpenClinic


@pytest.fixture
def visit_id(clinic: OpenClinic) -> int:
    visit_id = clinic.signed(clinic.patient())
    clinic.clock.forward(days=30)
    return visit_id


def form(visit_id: int, **changes: object) -> SideEffectForm:
    given = {
        "visit_id": visit_id,
        "kind": "dysphagia",
        "red_flag": False,
        "severity": Severity.MODERATE,
        "started_on": date(2026, 3, 10),
        "ended_on": date(2026, 3, 24),
        "action": "soft diet",
        "muscles": (("levator_scapulae", Side.RIGHT),),
    } | changes
    return SideEffectForm(**given)  # type: ignore[arg-type]


def test_a_side_effect_is_tied_to_the_visit_and_what_the_muscle_had_got(clinic: OpenClinic, visit_id: int) -> None:
    clinic.services.side_effects.record(clinic.desk, form(visit_id))
    (row,) = clinic.services.side_effects.of_patient(clinic.nurse, 1)
    assert (row.kind, row.severity, row.days_after, row.visited_on) == (
        "dysphagia",
        Severity.MODERATE,
        8,
        date(2026, 3, 2),
    )
    assert row.muscles == (("levator_scapulae", Side.RIGHT, Decimal(40), "onabotulinumtoxinA"),)
    (visit,) = clinic.services.visits.of_patient(clinic.nurse, 1)
    assert visit.side_effects == ("dysphagia",)


def test_the_next_chart_is_checked_against_it(clinic: OpenClinic, visit_id: int) -> None:
    clinic.services.side_effects.record(clinic.desk, form(visit_id))
    context = clinic.services.charts.context(clinic.physician, 1)
    (earlier,) = context.side_effects
    assert (earlier.effect, earlier.product) == ("dysphagia", "onabotulinumtoxinA")
    assert [(m.muscle, m.side, m.units) for m in earlier.muscles] == [("levator_scapulae", "right", Decimal(40))]


def test_muscles_that_can_cause_it_are_suspected_first(clinic: OpenClinic, visit_id: int) -> None:
    suspects = clinic.services.side_effects.suspects(clinic.desk, visit_id, "dysphagia")
    likely = [suspect.likely for suspect in suspects]
    assert likely == sorted(likely, reverse=True)
    assert "levator_scapulae" in {suspect.muscle for suspect in suspects if suspect.likely}
    with pytest.raises(NotFound):
        clinic.services.side_effects.suspects(clinic.desk, 99, "dysphagia")


def test_none_reported_is_an_answer_that_differs_from_not_asked(clinic: OpenClinic, visit_id: int) -> None:
    (before,) = clinic.services.visits.of_patient(clinic.nurse, 1)
    assert not before.asked_none
    clinic.services.side_effects.none_reported(clinic.desk, visit_id)
    clinic.services.side_effects.none_reported(clinic.desk, visit_id)
    (after,) = clinic.services.visits.of_patient(clinic.nurse, 1)
    assert after.asked_none
    clinic.services.side_effects.record(clinic.desk, form(visit_id))
    (later,) = clinic.services.visits.of_patient(clinic.nurse, 1)
    assert not later.asked_none
    with pytest.raises(ClinicError) as refused:
        clinic.services.side_effects.none_reported(clinic.desk, visit_id)
    assert refused.value.code == "side_effects_on_record"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"severity": None}, "severity"),
        ({"started_on": None}, "started_on"),
        ({"started_on": date(2026, 4, 2)}, "started_on"),
        ({"started_on": date(2026, 3, 1)}, "started_on"),
        ({"ended_on": date(2026, 3, 9)}, "ended_on"),
        ({"ended_on": date(2026, 4, 2)}, "ended_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    clinic: OpenClinic, visit_id: int, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.side_effects.record(clinic.desk, form(visit_id, **changes))
    assert refused.value.field == field
    assert str(refused.value)
    assert clinic.services.side_effects.of_patient(clinic.nurse, 1) == ()


def test_own_words_stand_where_the_catalogue_has_none(clinic: OpenClinic, visit_id: int) -> None:
    clinic.services.side_effects.record(clinic.desk, form(visit_id, kind="", other="itching scalp"))
    (row,) = clinic.services.side_effects.of_patient(clinic.nurse, 1)
    assert (row.kind, row.other) == ("", "itching scalp")


def test_an_end_is_added_later_and_the_second_change_is_told(clinic: OpenClinic, visit_id: int) -> None:
    effect_id = clinic.services.side_effects.record(clinic.desk, form(visit_id, ended_on=None))
    changed = form(visit_id, ended_on=date(2026, 3, 30), severity=Severity.MILD)
    assert clinic.services.side_effects.change(clinic.nurse, effect_id, 1, changed) == 2
    with pytest.raises(RecordChanged):
        clinic.services.side_effects.change(clinic.nurse, effect_id, 1, changed)
    with pytest.raises(NotAllowed):
        clinic.services.side_effects.change(clinic.desk, effect_id, 2, changed)
    with pytest.raises(NotFound):
        clinic.services.side_effects.change(clinic.nurse, 99, 1, changed)
    (row,) = clinic.services.side_effects.of_patient(clinic.nurse, 1)
    assert (row.ended_on, row.severity, row.version) == (date(2026, 3, 30), Severity.MILD, 2)


def test_a_red_flag_stays_until_a_physician_says_what_was_done(clinic: OpenClinic, visit_id: int) -> None:
    effect_id = clinic.services.side_effects.record(clinic.desk, form(visit_id, kind="breathing_difficulty"))
    (row,) = clinic.services.side_effects.of_patient(clinic.nurse, 1)
    assert row.red_flag
    with pytest.raises(NotAllowed):
        clinic.services.side_effects.resolve(clinic.nurse, effect_id, 1, "fine")
    with pytest.raises(ClinicError):
        clinic.services.side_effects.resolve(clinic.physician, effect_id, 1, " ")
    with pytest.raises(RecordChanged):
        clinic.services.side_effects.resolve(clinic.physician, effect_id, 7, "seen")
    with pytest.raises(NotFound):
        clinic.services.side_effects.resolve(clinic.physician, 99, 1, "seen")
    clinic.services.side_effects.resolve(clinic.physician, effect_id, 1, "Seen, recovered.")
    (row,) = clinic.services.side_effects.of_patient(clinic.nurse, 1)
    assert row.resolved_note == "Seen, recovered."


def test_a_correction_raises_a_flag_and_never_lowers_one(clinic: OpenClinic, visit_id: int) -> None:
    effect_id = clinic.services.side_effects.record(clinic.desk, form(visit_id))
    clinic.services.side_effects.change(clinic.nurse, effect_id, 1, form(visit_id, kind="breathing_difficulty"))
    clinic.services.side_effects.change(clinic.nurse, effect_id, 2, form(visit_id))
    (row,) = clinic.services.side_effects.of_patient(clinic.nurse, 1)
    assert row.red_flag


def test_the_response_is_kept_with_its_visit_and_can_be_corrected(clinic: OpenClinic, visit_id: int) -> None:
    record = clinic.services.visits.record_response
    record(clinic.nurse, visit_id, ResponseData(first_day=7, best_percent=70, wore_off_week=10, pain=3))
    record(clinic.nurse, visit_id, ResponseData(first_day=6, best_percent=75, note="good"))
    details = clinic.services.visits.details(clinic.nurse, visit_id)
    assert details.response == ResponseData(first_day=6, best_percent=75, note="good")
    for wrong in ({"best_percent": 101}, {"pain": 11}, {"first_day": -1}, {"patient_impression": 0}):
        with pytest.raises(ClinicError) as refused:
            record(clinic.nurse, visit_id, replace(ResponseData(), **wrong))  # type: ignore[arg-type]
        assert refused.value.field == next(iter(wrong))
    with pytest.raises(NotFound):
        record(clinic.nurse, 99, ResponseData())
    with pytest.raises(NotFound):
        clinic.services.side_effects.none_reported(clinic.nurse, 99)
