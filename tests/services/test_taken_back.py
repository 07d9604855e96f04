"""Undo in the calendar: everything stands again where it stood, or nothing moves."""

from datetime import datetime, timedelta

import pytest

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.schedule_data import AppointmentRow, Before, Booking
from clinic_app.services.series import Scope
from clinic_app.terms import AppointmentState
from tests.services.conftest import OpenClinic

TEN = datetime(2026, 3, 4, 10)


def book(clinic: OpenClinic, at: datetime = TEN, reason: str = "") -> AppointmentRow:
    booking = Booking(clinic.patient(), clinic.physician.account_id, 1, at, 30, overbook_reason=reason)
    number = clinic.services.schedule.book(clinic.physician if reason else clinic.desk, booking)
    return clinic.services.schedule.appointment(clinic.desk, number)


def move(clinic: OpenClinic, row: AppointmentRow, **by: int) -> Before:
    at = row.starts_at + timedelta(**by)
    clinic.services.schedule.move(
        clinic.desk, row.id, row.version, starts_at=at, minutes=60, injector_id=row.injector_id, room_id=None
    )
    return Before.of(row)


def test_a_moved_appointment_stands_again_where_it_was_as_long_as_it_was(clinic: OpenClinic) -> None:
    row = book(clinic)
    clinic.services.taken_back.put_back(clinic.desk, [move(clinic, row, days=1)])
    back = clinic.services.schedule.appointment(clinic.desk, row.id)
    assert back._replace(version=row.version, since=row.since) == row
    assert [change.what for change in clinic.services.schedule.history(clinic.desk, row.id)] == [
        "booked",
        "moved",
        "taken_back",
    ]


def test_a_clash_that_a_physician_allowed_stands_again_with_its_reason_whoever_takes_the_move_back(
    clinic: OpenClinic,
) -> None:
    book(clinic)
    row = book(clinic, reason="Severe pain")
    before = move(clinic, row, hours=1)
    moved = clinic.services.schedule.appointment(clinic.desk, row.id)
    assert (moved.overbooked_by, moved.overbook_reason) == ("", ""), "nothing clashes there"
    clinic.services.taken_back.put_back(clinic.desk, [before])
    back = clinic.services.schedule.appointment(clinic.desk, row.id)
    assert (back.starts_at, back.overbooked_by, back.overbook_reason) == (TEN, "Dr. Mara Ellison", "Severe pain")


def test_a_reason_for_one_clash_lets_no_other_stand_again(clinic: OpenClinic) -> None:
    evening = TEN.replace(hour=19)
    row = book(clinic, evening, reason="Comes from far away")
    before = move(clinic, row, hours=-5)
    book(clinic, evening, reason="Comes with the first one")
    with pytest.raises(ClinicError) as refused:
        clinic.services.taken_back.put_back(clinic.desk, [before])
    assert {problem.code for problem in getattr(refused.value, "problems", ())} == {
        "booking_outside_hours",
        "booking_overlap_injector",
    }
    assert clinic.services.schedule.appointment(clinic.desk, row.id).starts_at.hour == 14


def test_a_place_that_was_taken_meanwhile_is_not_taken_back_and_nothing_of_the_change_is(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    first = Booking(patient_id, clinic.physician.account_id, 1, TEN, 30)
    places = clinic.services.series.plan(clinic.desk, first, weeks=1, count=3)
    numbers = clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=1)
    changed = clinic.services.series.move(
        clinic.desk, numbers[0], 1, Scope.ALL, starts_at=TEN + timedelta(hours=1), minutes=30
    )
    book(clinic, TEN + timedelta(weeks=1))
    with pytest.raises(ClinicError) as refused:
        clinic.services.taken_back.put_back(clinic.desk, changed)
    assert refused.value.code == "booking_overlap_injector"
    hours = {row.starts_at.hour for row in clinic.services.schedule.of_patient(clinic.desk, patient_id)}
    assert hours == {11}


def test_a_cancelled_series_comes_back_as_it_was(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    first = Booking(patient_id, clinic.physician.account_id, 1, TEN, 30)
    places = clinic.services.series.plan(clinic.desk, first, weeks=2, count=3)
    numbers = clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=2)
    clinic.services.schedule.set_state(clinic.desk, numbers[1], 1, AppointmentState.CONFIRMED)
    gone = clinic.services.series.cancel(clinic.desk, numbers[0], 1, Scope.ALL, "moves house")
    clinic.services.taken_back.put_back(clinic.desk, gone)
    rows = clinic.services.schedule.of_patient(clinic.desk, patient_id)
    assert sorted((row.starts_at, row.state.value, row.reason) for row in rows) == [
        (TEN, "booked", ""),
        (TEN + timedelta(weeks=2), "confirmed", ""),
        (TEN + timedelta(weeks=4), "booked", ""),
    ]


def test_what_somebody_changed_since_is_not_taken_back(clinic: OpenClinic) -> None:
    row = book(clinic)
    before = move(clinic, row, days=1)
    clinic.services.schedule.set_state(clinic.desk, row.id, row.version + 1, AppointmentState.CONFIRMED)
    with pytest.raises(RecordChanged):
        clinic.services.taken_back.put_back(clinic.desk, [before])
