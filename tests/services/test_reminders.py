"""The list of reminders: who comes on the next working days, and who has been told."""

import csv
from datetime import date, datetime
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.reminders import ReminderRow
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState, ContactWay
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

S = AppointmentState
TUESDAY = datetime(2026, 3, 3, 10)
"""Tomorrow."""


def book(clinic: OpenClinic, at: datetime = TUESDAY, name: str = "Okafor") -> int:
    patient_id = clinic.patient(family_name=name, phone="555-0100")
    return clinic.services.schedule.book(clinic.desk, Booking(patient_id, clinic.physician.account_id, 1, at, 30))


def listed(clinic: OpenClinic, days_ahead: int = 2) -> dict[int, ReminderRow]:
    rows = clinic.services.reminders.rows(clinic.desk, days_ahead)
    assert [row.starts_at for row in rows] == sorted(row.starts_at for row in rows)
    return {row.appointment_id: row for row in rows}


def test_whoever_comes_on_the_next_working_days_is_listed_with_telephone_and_injector(clinic: OpenClinic) -> None:
    today, tomorrow = book(clinic, datetime(2026, 3, 2, 15)), book(clinic)
    after, later = book(clinic, datetime(2026, 3, 4, 10)), book(clinic, datetime(2026, 3, 5, 10))
    assert [*listed(clinic)] == [tomorrow, after]
    assert [*listed(clinic, 3)] == [tomorrow, after, later]
    row = listed(clinic)[tomorrow]
    assert (row.name, row.phone, row.injector) == ("Ada Okafor", "555-0100", "Dr. Mara Ellison")
    assert (row.state, row.reminded) == (S.BOOKED, None)
    assert today not in listed(clinic, 20)


def test_on_a_friday_the_next_working_days_lie_in_the_week_after(clinic: OpenClinic) -> None:
    clinic.services.working_times.close(clinic.physician, date(2026, 3, 9), date(2026, 3, 9), "Training")
    tuesday, thursday = book(clinic, datetime(2026, 3, 10, 10)), book(clinic, datetime(2026, 3, 12, 10))
    clinic.clock.forward(days=4)
    assert [*listed(clinic)] == [tuesday]
    assert [*listed(clinic, 3)] == [tuesday, thursday]


@pytest.mark.parametrize("state", [S.CANCELLED, S.CONFIRMED])
def test_who_cancelled_is_not_reminded_and_who_confirmed_still_stands_there(clinic: OpenClinic, state: S) -> None:
    number = book(clinic)
    clinic.services.schedule.set_state(clinic.desk, number, 1, state, "ill")
    assert (number in listed(clinic)) is (state is S.CONFIRMED)


def test_a_reminder_says_who_when_and_how_and_can_be_taken_back(clinic: OpenClinic) -> None:
    number, reminders = book(clinic), clinic.services.reminders
    reminders.remind(clinic.desk, [number], ContactWay.TEXT)
    reminded = listed(clinic)[number].reminded
    assert reminded is not None
    assert (reminded.by, reminded.way, reminded.at) == ("Desk", ContactWay.TEXT, clinic.clock())
    reminders.take_back(clinic.desk, [number])
    assert listed(clinic)[number].reminded is None
    said = [line.what for line in clinic.services.schedule.history(clinic.desk, number)]
    assert said == ["booked", "reminded", "reminder taken back"]


def test_an_appointment_moved_after_the_reminder_wants_another(clinic: OpenClinic) -> None:
    number, reminders = book(clinic), clinic.services.reminders
    reminders.remind(clinic.desk, [number], ContactWay.TELEPHONE)
    clinic.services.schedule.set_state(clinic.desk, number, 1, S.CONFIRMED)
    assert listed(clinic)[number].reminded is not None
    injector = clinic.physician.account_id
    at = datetime(2026, 3, 4, 11)
    clinic.services.schedule.move(clinic.desk, number, 2, starts_at=at, minutes=30, injector_id=injector)
    assert listed(clinic)[number].reminded is None


def test_what_cannot_be_is_a_sentence_and_reminds_nobody(clinic: OpenClinic) -> None:
    first, gone = book(clinic), book(clinic, datetime(2026, 3, 3, 11), "Byrne")
    clinic.services.schedule.set_state(clinic.desk, gone, 1, S.CANCELLED, "ill")
    with pytest.raises(ClinicError) as refused:
        clinic.services.reminders.remind(clinic.desk, [first, gone], ContactWay.LETTER)
    assert refused.value.code == "reminder_not_open"
    assert listed(clinic)[first].reminded is None
    with pytest.raises(NotFound):
        clinic.services.reminders.remind(clinic.desk, [99], ContactWay.LETTER)
    for days in (0, 21):
        with pytest.raises(ClinicError) as refused:
            clinic.services.reminders.rows(clinic.desk, days)
        assert refused.value.field == "days_ahead"
        assert str(refused.value)


def test_the_file_has_the_chosen_ones(clinic: OpenClinic) -> None:
    chosen, _other = book(clinic), book(clinic, datetime(2026, 3, 3, 11), "Byrne")
    rows = list(csv.DictReader(StringIO(clinic.services.reminders.csv(clinic.desk, [chosen]))))
    assert [(row["name"], row["appointment"]) for row in rows] == [("Ada Okafor", "2026-03-03T10:00:00")]


def test_a_long_list_takes_as_many_statements_as_a_short_one(clinic: OpenClinic) -> None:
    sent = []
    for number in range(4):
        book(clinic, datetime(2026, 3, 3, 9 + number // 2, 30 * (number % 2)), f"Okafor {number}")
        sent.append(statements(clinic, lambda: clinic.services.reminders.rows(clinic.desk)))
    assert sent[0] == sent[-1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 20), st.integers(1, 20))
def test_the_list_covers_exactly_as_many_working_days_as_asked(clinic: OpenClinic, passed: int, ahead: int) -> None:
    start = clinic.clock.moment
    clinic.clock.forward(days=passed)
    days = clinic.services.recall.next_working_days(clinic.desk, ahead)
    assert len(days) == ahead
    assert days[0] > clinic.clock.moment.date()
    assert all(day.weekday() < 5 for day in days)
    assert list(days) == sorted({*days})
    clinic.clock.moment = start
