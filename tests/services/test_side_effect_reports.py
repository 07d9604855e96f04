"""Two reports of the same thing, what makes one serious, the regulator, and who resolved a red flag."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, RecordChanged
from clinic_app.services.side_effect_checks import Spell
from clinic_app.services.visit_data import SideEffectForm, SideEffectRow
from clinic_app.terms import Learned, ReportState, Role, Severity, Side
from tests.services.conftest import OpenClinic

DAY = date(2026, 3, 10)


@pytest.fixture
def visit_id(clinic: OpenClinic) -> int:
    visit_id = clinic.signed(clinic.patient())
    clinic.clock.forward(days=30)
    return visit_id


def form(visit_id: int, **changes: object) -> SideEffectForm:
    given = {"visit_id": visit_id, "kind": "dry_mouth", "severity": Severity.MILD, "started_on": DAY} | changes
    return SideEffectForm(**given)  # type: ignore[arg-type]


def rows(clinic: OpenClinic) -> tuple[SideEffectRow, ...]:
    return clinic.services.side_effects.of_patient(clinic.nurse, 1)


def test_the_same_reported_twice_is_asked_about_and_both_are_kept_on_wish(clinic: OpenClinic, visit_id: int) -> None:
    record = clinic.services.side_effects.record
    first = record(clinic.desk, form(visit_id, ended_on=DAY + timedelta(days=9)))
    again = form(visit_id, started_on=DAY + timedelta(days=9), severity=Severity.MODERATE)
    with pytest.raises(ClinicError) as refused:
        record(clinic.desk, again)
    assert (refused.value.code, refused.value.parameters["effect_id"]) == ("side_effect_twice", first)
    assert "10 Mar 2026" in str(refused.value)
    assert len(rows(clinic)) == 1

    record(clinic.desk, form(visit_id, started_on=DAY + timedelta(days=9), keep_both=True))
    record(clinic.desk, form(visit_id, kind="neck_pain"))
    assert sorted(row.kind for row in rows(clinic)) == ["dry_mouth", "dry_mouth", "neck_pain"]


def test_a_kept_pair_can_be_changed_without_being_asked_again_but_a_new_overlap_is_asked(
    clinic: OpenClinic, visit_id: int
) -> None:
    record, change = clinic.services.side_effects.record, clinic.services.side_effects.change
    first = record(clinic.nurse, form(visit_id, ended_on=DAY + timedelta(days=2)))
    record(clinic.nurse, form(visit_id, started_on=DAY + timedelta(days=2), keep_both=True))
    assert change(clinic.nurse, first, 1, form(visit_id, ended_on=DAY + timedelta(days=2), action="rest")) == 2
    later = record(clinic.nurse, form(visit_id, kind="neck_pain"))
    with pytest.raises(ClinicError) as refused:
        change(clinic.nurse, later, 1, form(visit_id))
    assert refused.value.code == "side_effect_twice"


def test_own_words_are_the_same_whatever_their_case_and_spaces(clinic: OpenClinic, visit_id: int) -> None:
    record = clinic.services.side_effects.record
    record(clinic.nurse, form(visit_id, kind="", other="Itching  scalp"))
    with pytest.raises(ClinicError):
        record(clinic.nurse, form(visit_id, kind="", other="itching scalp "))
    record(clinic.nurse, form(visit_id, kind="", other="metallic taste"))


days = st.integers(0, 40).map(lambda number: DAY + timedelta(days=number))
ends = st.one_of(st.none(), st.integers(0, 20))


@given(days, ends, days, ends)
def test_two_spells_are_the_same_exactly_when_they_share_a_day(
    first: date, first_length: int | None, second: date, second_length: int | None
) -> None:
    horizon = DAY + timedelta(days=100)

    def spell(begin: date, length: int | None) -> tuple[Spell, set[date]]:
        end = None if length is None else begin + timedelta(days=length)
        covered = {begin + timedelta(days=n) for n in range(((end or horizon) - begin).days + 1)}
        return Spell("dry_mouth", "", begin, end), covered

    (one, days_of_one), (other, days_of_other) = spell(first, first_length), spell(second, second_length)
    assert one.same_as(other) == other.same_as(one) == bool(days_of_one & days_of_other)


def test_a_muscle_that_was_not_injected_cannot_be_suspected(clinic: OpenClinic, visit_id: int) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.side_effects.record(clinic.desk, form(visit_id, muscles=(("masseter", Side.LEFT),)))
    assert (refused.value.code, refused.value.field) == ("side_effect_muscle_not_injected", "muscles")
    assert "masseter" in str(refused.value)
    assert rows(clinic) == ()


def test_how_it_was_learned_and_the_answer_to_the_question_are_kept(clinic: OpenClinic, visit_id: int) -> None:
    record = clinic.services.side_effects.record
    record(clinic.desk, form(visit_id, kind="dysphagia", red_flag=False, learned=Learned.TELEPHONE))
    record(clinic.desk, form(visit_id, kind="diplopia", red_flag=True, learned=Learned.VISIT))
    with pytest.raises(ClinicError) as refused:
        record(clinic.desk, form(visit_id, kind="headache"))
    assert (refused.value.code, refused.value.field) == ("red_flag_not_asked", "red_flag")
    record(clinic.desk, form(visit_id, red_flag=False))
    told = {row.kind: (row.learned, row.red_answer, row.red_flag) for row in rows(clinic)}
    assert told == {
        "dysphagia": (Learned.TELEPHONE, False, False),
        "diplopia": (Learned.VISIT, True, True),
        "dry_mouth": (None, None, False),
    }


def test_what_is_serious_must_be_reported_and_can_be_marked_as_reported(clinic: OpenClinic, visit_id: int) -> None:
    effects = clinic.services.side_effects
    criterion = "hospital admission or longer stay"
    effect_id = effects.record(clinic.nurse, form(visit_id))
    assert rows(clinic)[0].report is ReportState.NOT_NEEDED
    with pytest.raises(ClinicError) as refused:
        effects.change(clinic.nurse, effect_id, 1, form(visit_id, serious=True))
    assert refused.value.field == "serious_criteria"
    with pytest.raises(ClinicError):
        effects.change(clinic.nurse, effect_id, 1, form(visit_id, serious=True, serious_criteria=("looks bad",)))
    effects.change(clinic.nurse, effect_id, 1, form(visit_id, serious=True, serious_criteria=(criterion,)))
    (row,) = rows(clinic)
    assert (row.serious, row.serious_criteria, row.report) == (True, (criterion,), ReportState.TO_BE_REPORTED)

    for day, field in (
        (None, "reported_on"),
        (DAY - timedelta(days=1), "reported_on"),
        (date(2026, 4, 2), "reported_on"),
    ):
        with pytest.raises(ClinicError) as wrong:
            effects.mark_reported(clinic.nurse, effect_id, 2, day, "")
        assert wrong.value.field == field
    with pytest.raises(NotAllowed):
        effects.mark_reported(clinic.desk, effect_id, 2, date(2026, 4, 1), "")
    effects.mark_reported(clinic.nurse, effect_id, 2, date(2026, 4, 1), " YC 77-1 ")
    (row,) = rows(clinic)
    assert (row.report, row.reported_on, row.report_reference) == (
        ReportState.REPORTED, date(2026, 4, 1), "YC 77-1",
    )  # fmt: skip
    # A correction does not undo what was told to the regulator; only taking it back does.
    effects.change(clinic.nurse, effect_id, 3, form(visit_id, serious=False))
    assert rows(clinic)[0].reported
    effects.take_report_back(clinic.nurse, effect_id, 4)
    (row,) = rows(clinic)
    assert (row.report, row.reported_on, row.report_reference) == (ReportState.NOT_NEEDED, None, "")


@pytest.mark.parametrize(
    ("severity", "criterion"), [(Severity.LIFE_THREATENING, "life threatening"), (Severity.FATAL, "death")]
)
def test_some_severities_are_serious_in_themselves(
    clinic: OpenClinic, visit_id: int, severity: Severity, criterion: str
) -> None:
    clinic.services.side_effects.record(clinic.desk, form(visit_id, severity=severity, serious=False))
    (row,) = rows(clinic)
    assert (row.serious, row.serious_criteria, row.report) == (True, (criterion,), ReportState.TO_BE_REPORTED)


def test_the_reference_says_which_kinds_are_always_reported(clinic: OpenClinic, visit_id: int) -> None:
    clinic.services.side_effects.record(clinic.desk, form(visit_id, kind="breathing_difficulty"))
    (row,) = rows(clinic)
    assert (row.serious, row.report) == (None, ReportState.TO_BE_REPORTED)


def test_who_resolved_a_red_flag_and_when_stays_with_it(clinic: OpenClinic, visit_id: int) -> None:
    effects = clinic.services.side_effects
    effect_id = effects.record(clinic.desk, form(visit_id, kind="breathing_difficulty"))
    assert rows(clinic)[0].waits_for_review
    effects.resolve(clinic.physician, effect_id, 1, "Seen, recovered.")
    (row,) = rows(clinic)
    assert (row.resolved_by, row.resolved_at) == (clinic.physician.full_name, clinic.clock())
    assert not row.waits_for_review
    with pytest.raises(ClinicError) as refused:
        effects.resolve(clinic.physician, effect_id, 2, "again")
    assert refused.value.code == "no_open_red_flag"
    # What the physician resolved was this; another red flag is another side effect.
    with pytest.raises(ClinicError) as another:
        effects.change(clinic.nurse, effect_id, 2, form(visit_id, kind="aspiration"))
    assert another.value.code == "red_flag_resolved_before"
    with pytest.raises(RecordChanged):
        effects.mark_reported(clinic.nurse, effect_id, 1, date(2026, 3, 20), "")


def test_the_front_desk_knows_the_visits_that_a_call_can_be_about(clinic: OpenClinic, visit_id: int) -> None:
    (visit,) = clinic.services.side_effects.followed(clinic.desk, 1)
    assert (visit.id, visit.visited_on) == (visit_id, date(2026, 3, 2))
    manager = replace(clinic.desk, roles=frozenset({Role.MANAGER}))
    with pytest.raises(NotAllowed):
        clinic.services.side_effects.followed(manager, 1)
