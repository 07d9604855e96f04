"""The recall list: injected, the interval over, nothing booked; and what was tried to reach them."""

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.recall import AttemptForm, RecallKind, RecallRow
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay, PatientStatus
from tests.services.conftest import OpenClinic
from tests.services.statements import gone_through, statements

K, W, SAID = RecallKind, ContactWay, ContactOutcome


def injected(clinic: OpenClinic, name: str = "Okafor", **content: object) -> int:
    patient_id = clinic.patient(family_name=name)
    clinic.signed(patient_id, replace(clinic.content(), **content))  # type: ignore[arg-type]  # a chart's own fields
    return patient_id


def listed(clinic: OpenClinic, **asked: object) -> dict[int, RecallRow]:
    rows = clinic.services.recall.rows(clinic.desk, **asked)  # type: ignore[arg-type]  # the use case's own arguments
    assert [row.due_on for row in rows] == sorted(row.due_on for row in rows)
    return {row.patient_id: row for row in rows}


def book(clinic: OpenClinic, patient_id: int, at: datetime, *, type_id: int = 1) -> int:
    booking = Booking(patient_id, clinic.physician.account_id, type_id, at, 30)
    return clinic.services.schedule.book(clinic.physician, booking)


def test_whoever_was_injected_and_has_nothing_booked_is_listed_once_the_interval_comes_near(clinic: OpenClinic) -> None:
    patient_id = injected(clinic)
    assert listed(clinic, weeks_ahead=11) == {}
    (row,) = listed(clinic, weeks_ahead=12).values()
    assert (row.kind, row.weeks, row.due_on) == (K.DUE, 12, date(2026, 5, 25))
    assert (row.patient_id, row.injected_on, row.name) == (patient_id, date(2026, 3, 2), "Ada Okafor")
    clinic.clock.forward(weeks=12)
    assert listed(clinic)[patient_id].kind is K.DUE
    clinic.clock.forward(days=1)
    assert listed(clinic)[patient_id].kind is K.OVERDUE


def test_the_interval_is_the_plans_else_the_patients_usual(clinic: OpenClinic) -> None:
    planned = injected(clinic, interval_weeks=16)
    usual = clinic.patient(family_name="Byrne", usual_interval_weeks=14)
    clinic.signed(usual, clinic.content(interval_weeks=None))
    neither = injected(clinic, "Costa", interval_weeks=None)
    rows = listed(clinic, weeks_ahead=20)
    assert [(rows[each].weeks) for each in (planned, usual, neither)] == [16, 14, 12]


def test_an_injection_booked_takes_a_patient_off_the_list_and_a_review_does_not(clinic: OpenClinic) -> None:
    patient_id = injected(clinic)
    clinic.clock.forward(weeks=12)
    review = next(t.id for t in clinic.services.schedule.choices(clinic.desk).types if not t.is_injection)
    book(clinic, patient_id, datetime(2026, 5, 27, 11), type_id=review)
    assert patient_id in listed(clinic)
    book(clinic, patient_id, datetime(2026, 5, 28, 11))
    assert listed(clinic) == {}


@pytest.mark.parametrize(
    ("state", "kind"), [(AppointmentState.CANCELLED, K.CANCELLED), (AppointmentState.NO_SHOW, K.NO_SHOW)]
)
def test_who_cancelled_or_did_not_come_is_listed_as_such_with_the_reason(
    clinic: OpenClinic, state: AppointmentState, kind: RecallKind
) -> None:
    patient_id = injected(clinic)
    clinic.clock.forward(weeks=12)
    number = book(clinic, patient_id, datetime(2026, 5, 26, 11))
    clinic.clock.forward(days=1)
    clinic.services.schedule.set_state(clinic.desk, number, 1, state, "ill")
    row = listed(clinic)[patient_id]
    assert (row.kind, row.missed_on, row.reason) == (kind, date(2026, 5, 26), "ill")


def test_who_moved_away_or_died_is_not_called(clinic: OpenClinic) -> None:
    for status, died_on in ((PatientStatus.MOVED_AWAY, None), (PatientStatus.DIED, date(2026, 3, 2))):
        patient_id = injected(clinic, status.value)
        details = clinic.services.patients.details(clinic.physician, patient_id)
        form = replace(details.form, status=status, died_on=died_on)
        clinic.services.patients.save(clinic.physician, patient_id, details.version, form)
    assert listed(clinic, weeks_ahead=52) == {}


def test_a_try_is_kept_and_the_patient_comes_back_on_the_day_of_the_next(clinic: OpenClinic) -> None:
    patient_id, recall = injected(clinic), clinic.services.recall
    clinic.clock.forward(weeks=13)
    again = date(2026, 6, 1) + timedelta(days=3)
    recall.note(clinic.desk, patient_id, AttemptForm(W.TELEPHONE, SAID.NO_ANSWER, " rang twice ", again))
    assert listed(clinic) == {}
    waiting = listed(clinic, waiting=True)[patient_id]
    assert (waiting.attempts, waiting.waits_until) == (1, again)
    assert waiting.last is not None
    assert (waiting.last.by, waiting.last.way, waiting.last.note) == ("Desk", W.TELEPHONE, "rang twice")
    clinic.clock.forward(days=3)
    assert listed(clinic)[patient_id].attempts == 1
    recall.note(clinic.nurse, patient_id, AttemptForm(W.LETTER, SAID.SENT))
    assert [each.way for each in recall.attempts(clinic.desk, patient_id)] == [W.LETTER, W.TELEPHONE]


@pytest.mark.parametrize("outcome", [SAID.DECLINED, SAID.MOVED_AWAY])
def test_who_declined_is_asked_again_on_the_day_agreed_or_never(clinic: OpenClinic, outcome: ContactOutcome) -> None:
    later, never = injected(clinic, "Later"), injected(clinic, "Never")
    clinic.clock.forward(weeks=13)
    ask_again = date(2026, 6, 1) + timedelta(weeks=10)
    clinic.services.recall.note(clinic.desk, later, AttemptForm(W.TELEPHONE, outcome, next_try_on=ask_again))
    clinic.services.recall.note(clinic.desk, never, AttemptForm(W.TELEPHONE, outcome))
    assert listed(clinic) == {}
    assert {*listed(clinic, waiting=True)} == {later, never}
    clinic.clock.forward(weeks=10)
    assert {*listed(clinic)} == {later}


def test_who_declined_once_and_came_again_is_called_like_everybody_else(clinic: OpenClinic) -> None:
    patient_id = injected(clinic)
    clinic.clock.forward(weeks=13)
    clinic.services.recall.note(clinic.desk, patient_id, AttemptForm(W.TELEPHONE, SAID.DECLINED))
    assert listed(clinic) == {}
    clinic.clock.forward(days=1)
    again = clinic.clock.moment.date()
    mixed = replace(clinic.content().vials[0], reconstituted_at=datetime.combine(again, datetime.min.time()))
    clinic.signed(patient_id, clinic.content(visited_on=again, vials=(mixed,)))
    clinic.clock.forward(weeks=13)
    row = listed(clinic)[patient_id]
    assert (row.kind, row.attempts, row.last) == (K.OVERDUE, 0, None)


def test_what_cannot_be_is_a_sentence(clinic: OpenClinic) -> None:
    recall, today = clinic.services.recall, clinic.today
    with pytest.raises(ClinicError) as refused:
        recall.note(clinic.desk, clinic.patient(), AttemptForm(W.LETTER, SAID.SENT, next_try_on=today))
    assert refused.value.field == "next_try_on"
    with pytest.raises(NotFound):
        recall.note(clinic.desk, 99, AttemptForm(W.LETTER, SAID.SENT))
    with pytest.raises(ClinicError):
        recall.rows(clinic.desk, weeks_ahead=53)


def test_letters_that_went_out_are_noted_once_for_each_patient_or_not_at_all(clinic: OpenClinic) -> None:
    ada, ben, recall = injected(clinic), injected(clinic, "Byrne"), clinic.services.recall
    clinic.clock.forward(weeks=13)
    again = date(2026, 6, 1) + timedelta(weeks=2)
    with pytest.raises(NotFound):
        recall.note_all(clinic.desk, [ada, 99], AttemptForm(W.LETTER, SAID.SENT))
    with pytest.raises(ClinicError) as refused:
        recall.note_all(clinic.desk, [ada], AttemptForm(W.LETTER, SAID.SENT, next_try_on=date(2026, 6, 1)))
    assert refused.value.field == "next_try_on"
    assert recall.attempts(clinic.desk, ada) == ()
    assert len(recall.note_all(clinic.desk, [ada, ben], AttemptForm(W.LETTER, SAID.SENT, next_try_on=again))) == 2
    for patient_id in (ada, ben):
        (attempt,) = recall.attempts(clinic.desk, patient_id)
        assert (attempt.way, attempt.outcome, attempt.by) == (W.LETTER, SAID.SENT, "Desk")
        assert attempt.next_try_on == again
    assert listed(clinic) == {}
    assert recall.note_all(clinic.desk, [], AttemptForm(W.LETTER, SAID.SENT)) == ()


def test_the_mail_merge_has_the_chosen_ones(clinic: OpenClinic) -> None:
    chosen, _other = injected(clinic, "Chosen"), injected(clinic, "Other")
    clinic.clock.forward(weeks=13)
    rows = list(csv.DictReader(StringIO(clinic.services.recall.mail_merge(clinic.desk, [chosen]))))
    assert [(row["name"], row["due on"]) for row in rows] == [("Ada Chosen", "2026-05-25")]


def test_a_long_list_takes_as_many_statements_as_a_short_one(clinic: OpenClinic) -> None:
    sent = []
    for number in range(4):
        patient_id = injected(clinic, f"Okafor {number}")
        clinic.services.recall.note(clinic.desk, patient_id, AttemptForm(W.LETTER, SAID.SENT))
        sent.append(statements(clinic, lambda: clinic.services.recall.rows(clinic.desk, weeks_ahead=52)))
    assert sent[0] == sent[-1] <= 4


@pytest.mark.about_files
def test_the_list_never_goes_through_all_that_was_ever_booked_or_tried(clinic: OpenClinic) -> None:
    read_whole = gone_through(clinic, lambda: clinic.services.recall.rows(clinic.desk, waiting=True))
    assert read_whole.isdisjoint({"appointment", "contact_attempt", "visit", "patient"}), read_whole


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 30), st.integers(0, 52))
def test_a_patient_is_listed_exactly_when_the_interval_ends_within_the_weeks_asked(
    clinic: OpenClinic, passed: int, ahead: int
) -> None:
    start = clinic.clock.moment
    found = clinic.services.patients.search(clinic.physician, "Okafor")
    patient_id = found[0].id if found else injected(clinic)
    clinic.clock.forward(weeks=passed)
    assert (patient_id in listed(clinic, weeks_ahead=ahead)) == (passed + ahead >= 12)
    clinic.clock.moment = start


def test_a_try_noted_by_mistake_is_taken_back_by_whoever_noted_it_last(clinic: OpenClinic) -> None:
    patient_id, recall = injected(clinic), clinic.services.recall
    clinic.clock.forward(weeks=13)
    first = recall.note(clinic.desk, patient_id, AttemptForm(W.TELEPHONE, SAID.NO_ANSWER))
    second = recall.note(clinic.desk, patient_id, AttemptForm(W.TELEPHONE, SAID.DECLINED))
    for actor, number in ((clinic.nurse, second), (clinic.desk, first)):
        with pytest.raises(ClinicError) as refused:
            recall.take_back(actor, [number])
        assert refused.value.code == "attempt_stays"
    recall.take_back(clinic.desk, [second])
    assert [each.id for each in recall.attempts(clinic.desk, patient_id)] == [first]
    assert listed(clinic)[patient_id].attempts == 1
    with pytest.raises(NotFound):
        recall.take_back(clinic.desk, [second])


def test_tries_before_the_last_injection_do_not_count_for_the_next(clinic: OpenClinic) -> None:
    patient_id, recall = clinic.patient(), clinic.services.recall
    recall.note(clinic.desk, patient_id, AttemptForm(W.TELEPHONE, SAID.DECLINED))
    clinic.signed(patient_id)
    clinic.clock.forward(weeks=13)
    assert listed(clinic)[patient_id].attempts == 0
    assert len(recall.attempts(clinic.desk, patient_id)) == 1


def test_the_next_working_days_leave_out_weekends_and_closures(clinic: OpenClinic) -> None:
    services = clinic.services
    services.working_times.close(clinic.physician, date(2026, 3, 4), date(2026, 3, 4), "Training")
    days = services.recall.next_working_days(clinic.desk, 4)
    assert days == (date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9))


def test_a_letter_to_several_is_noted_for_all_or_for_none(clinic: OpenClinic) -> None:
    first, second = injected(clinic), injected(clinic, "Byrne")
    recall, form = clinic.services.recall, AttemptForm(W.LETTER, SAID.SENT)
    with pytest.raises(NotFound):
        recall.note_all(clinic.desk, [first, 99], form)
    assert recall.attempts(clinic.desk, first) == ()
    numbers = recall.note_all(clinic.desk, [first, second], form)
    assert [recall.attempts(clinic.desk, each)[0].id for each in (first, second)] == list(numbers)
    recall.take_back(clinic.desk, numbers)
    assert recall.attempts(clinic.desk, second) == ()
