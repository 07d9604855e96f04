"""What a closure, an absence or other hours left without an open clinic is listed until it is booked again."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.models import Account
from clinic_app.services.access import Actor
from clinic_app.services.calendar_data import each_day
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.services.rebooking import RebookCause, ToRebook
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

S = AppointmentState
MONDAY = date(2026, 6, 1)


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute))


def book(clinic: OpenClinic, starts_at: datetime, minutes: int = 30, reason: str = "") -> int:
    booking = Booking(
        clinic.patient(), clinic.physician.account_id, 3, starts_at, minutes, room_id=1, overbook_reason=reason
    )
    return clinic.services.schedule.book(clinic.physician, booking)


def listed(clinic: OpenClinic, actor: Actor | None = None) -> list[ToRebook]:
    return list(clinic.services.rebooking.rows(actor or clinic.desk))


def set_state(clinic: OpenClinic, appointment_id: int, state: AppointmentState, reason: str = "") -> None:
    row = clinic.services.schedule.appointment(clinic.desk, appointment_id)
    clinic.services.schedule.set_state(clinic.desk, appointment_id, row.version, state, reason)


def test_nothing_is_listed_while_everything_lies_in_open_hours(clinic: OpenClinic) -> None:
    assert listed(clinic) == []
    book(clinic, at(9))
    assert listed(clinic) == []


def test_a_closure_laid_over_appointments_lists_them_with_all_that_a_call_needs(clinic: OpenClinic) -> None:
    first, second = book(clinic, at(9)), book(clinic, at(15, day=1), 45)
    outside = book(clinic, at(9, day=3))
    set_state(clinic, second, S.CONFIRMED)
    clinic.services.working_times.close(clinic.physician, MONDAY, MONDAY + timedelta(days=1), "Renovation")
    rows = listed(clinic)
    assert [row.appointment_id for row in rows] == [first, second]
    assert {(row.cause, row.reason) for row in rows} == {(RebookCause.CLOSED, "Renovation")}
    row = rows[1]
    assert (row.patient_name, row.injector_name, row.room_name, row.type_name, row.state) == (
        "Ada Okafor", "Dr. Mara Ellison", "Room 1", "Review", S.CONFIRMED,
    )  # fmt: skip
    assert (row.starts_at, row.ends_at) == (at(15, day=1), at(15, 45, day=1))
    board = clinic.services.schedule.board(clinic.desk, MONDAY, 7)
    assert [each.id for each in board.appointments] == [first, second, outside], "nothing vanishes from the calendar"


def test_every_cause_has_its_name(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    closed, away, cut, holiday = (
        book(clinic, at(9)), book(clinic, at(9, day=1)), book(clinic, at(16, 30, day=2)), book(clinic, at(9, day=32)),
    )  # fmt: skip
    times.close(me, MONDAY, MONDAY, "Flood", me.account_id)
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    times.set_days(me, me.account_id, tuesday, tuesday, each_day(tuesday, tuesday, (), "Congress"))
    shorter = each_day(wednesday, wednesday, ((time(9), time(16, 45)),), "")
    times.set_days(me, me.account_id, wednesday, wednesday, shorter)
    times.set_holidays(me, HolidayChoice(kept=True))
    assert [(row.appointment_id, row.cause, row.reason) for row in listed(clinic)] == [
        (closed, RebookCause.AWAY, "Flood"),
        (away, RebookCause.AWAY, "Congress"),
        (cut, RebookCause.OUTSIDE_HOURS, ""),
        (holiday, RebookCause.CLOSED, "Independence Day (observed)"),
    ]
    times.work_holiday(me, date(2026, 7, 3), True)
    assert holiday not in {row.appointment_id for row in listed(clinic)}


def test_the_appointments_of_an_injector_who_left_are_listed(clinic: OpenClinic) -> None:
    booked = book(clinic, at(9))
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(Account, clinic.physician.account_id).active = False
    assert [(row.appointment_id, row.cause) for row in listed(clinic)] == [(booked, RebookCause.INJECTOR_LEFT)]


def test_moving_one_takes_it_off_the_list_and_taking_the_closure_back_takes_all(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    first, second = book(clinic, at(9)), book(clinic, at(10))
    closure = times.close(me, MONDAY, MONDAY, "Renovation")
    row = listed(clinic)[0]
    clinic.services.schedule.move(
        clinic.desk, first, row.version, starts_at=at(9, day=1), minutes=30, injector_id=row.injector_id, room_id=1
    )
    assert [each.appointment_id for each in listed(clinic)] == [second]
    times.end_closure(me, closure)
    assert listed(clinic) == []


def test_one_that_was_overbooked_on_purpose_is_not_listed(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    on_purpose = book(clinic, at(18), reason="cannot come earlier")
    assert clinic.services.schedule.appointment(me, on_purpose).overbook_reason
    times.close(me, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), "Renovation")
    book(clinic, at(9, day=1), reason="opens for one patient")
    assert listed(clinic) == []


@pytest.mark.parametrize(("state", "stays"), [(S.CONFIRMED, True), (S.CANCELLED, False), (S.NO_SHOW, False)])
def test_only_what_is_still_to_come_is_listed(clinic: OpenClinic, state: AppointmentState, stays: bool) -> None:
    today = clinic.today
    booked = book(clinic, datetime.combine(today, time(15)))
    clinic.services.working_times.close(clinic.physician, today, today, "Water damage")
    set_state(clinic, booked, state, "ill")
    assert bool(listed(clinic)) is stays
    clinic.clock.forward(hours=5, minutes=1)
    assert listed(clinic) == [], "its hour has begun"


def test_the_list_sends_few_statements_however_many_appointments_there_are(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    sent = []
    for day in range(0, 35, 7):
        for hour in (9, 10, 11):
            book(clinic, at(hour, day=day))
        times.close(me, MONDAY + timedelta(days=day), MONDAY + timedelta(days=day), "x")
        sent.append(statements(clinic, lambda: listed(clinic)))
    assert len(listed(clinic)) == 15
    assert sent == [sent[0]] * 5
    assert sent[0] <= 7


hours = st.lists(st.integers(0, 47), min_size=2, max_size=4, unique=True).map(
    lambda cuts: tuple(
        (time(*divmod(a * 30, 60)), time(*divmod(b * 30, 60)))
        for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    )
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_appointment_is_listed_exactly_when_it_could_not_be_booked_there_now(
    clinic: OpenClinic, data: st.DataObject
) -> None:
    times, schedule, me = clinic.services.working_times, clinic.services.schedule, clinic.physician
    mine, sunday = me.account_id, MONDAY + timedelta(days=6)
    times.set_hours(me, mine, dict.fromkeys(range(7), ((time(0), time(23, 59)),)))
    times.set_days(me, mine, MONDAY, sunday, ())
    for closure in times.closures(me):
        times.end_closure(me, closure.id)
    for row in schedule.board(me, MONDAY, 7).appointments:
        if row.state is S.BOOKED:
            schedule.set_state(me, row.id, row.version, S.CANCELLED, "next example")
    places = data.draw(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 44)), min_size=1, max_size=5, unique=True), "places"
    )
    booked = {book(clinic, at(*divmod(half * 30, 60), day=day)): (day, half) for day, half in places}
    times.set_hours(me, mine, {day: data.draw(hours) for day in data.draw(st.sets(st.integers(0, 6)), "weekdays")})
    if data.draw(st.booleans(), "closed"):
        first = MONDAY + timedelta(days=data.draw(st.integers(0, 6)))
        times.close(me, first, first, "x", data.draw(st.sampled_from([None, mine])))
    found = {row.appointment_id for row in listed(clinic)}
    board = schedule.board(me, MONDAY, 7)
    assert {row.id for row in board.appointments if row.state is S.BOOKED} == set(booked), "nothing vanishes"
    closed = {each.day for each in board.closed}
    for appointment, (day, half) in booked.items():
        starts, ends = at(*divmod(half * 30, 60), day=day), at(*divmod(half * 30, 60), day=day) + timedelta(minutes=30)
        fits = starts.date() not in closed and any(
            datetime.combine(h.day, h.opens) <= starts and ends <= datetime.combine(h.day, h.closes)
            for h in board.hours
            if h.day == starts.date()
        )
        assert (appointment in found) is not fits
