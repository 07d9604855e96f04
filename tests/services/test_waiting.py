"""The waiting list offers who fits a place that became free, and books nobody."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import AppointmentType, Device
from clinic_app.services.patient_data import ElsewhereForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.waiting import FreePlace, WishForm
from clinic_app.terms import AppointmentState, DeviceKind, WishEnd
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

TUESDAY = datetime(2026, 6, 2, 10)


def place(clinic: OpenClinic, at: datetime = TUESDAY, minutes: int = 60) -> FreePlace:
    return FreePlace(clinic.physician.account_id, at, minutes)


def wish(clinic: OpenClinic, name: str = "Okafor", **changes: Any) -> WishForm:
    return replace(WishForm(clinic.patient(family_name=name), 1), **changes)


def offered(clinic: OpenClinic, wanted: FreePlace) -> list[str]:
    return [row.name.removeprefix("Ada ") for row in clinic.services.waiting.offers(clinic.desk, wanted)]


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"weekdays": (1,)}, True),
        ({"weekdays": (0, 2)}, False),
        ({"not_before": time(10), "not_after": time(10, 30)}, True),
        ({"not_before": time(10, 1)}, False),
        ({"not_after": time(10, 29)}, False),
        ({"first_day": date(2026, 6, 2), "last_day": date(2026, 6, 2)}, True),
        ({"first_day": date(2026, 6, 3)}, False),
        ({"last_day": date(2026, 6, 1)}, False),
        ({"notice_days": 60}, True),
    ],
)
def test_a_wish_fits_a_place_or_it_does_not(clinic: OpenClinic, changes: dict[str, Any], fits: bool) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic, **changes))
    assert bool(offered(clinic, place(clinic))) is fits


def test_a_visit_must_fit_in_the_minutes_and_be_with_the_wished_injector(clinic: OpenClinic) -> None:
    waiting = clinic.services.waiting
    waiting.add(clinic.desk, wish(clinic, injector_id=clinic.nurse.account_id))
    assert offered(clinic, place(clinic)) == []
    waiting.add(clinic.desk, wish(clinic, "Byrne"))
    (row,) = waiting.offers(clinic.desk, place(clinic))
    assert offered(clinic, place(clinic, minutes=row.minutes)) == ["Byrne"]
    assert offered(clinic, place(clinic, minutes=row.minutes - 1)) == []


def test_short_notice_is_counted_in_days_to_the_visit(clinic: OpenClinic) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic, notice_days=3))
    clinic.clock.forward(days=89)  # Saturday, three days before
    assert offered(clinic, place(clinic)) == ["Okafor"]
    clinic.clock.forward(days=1)
    assert offered(clinic, place(clinic)) == []


def test_a_place_that_has_passed_is_offered_to_nobody(clinic: OpenClinic) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic))
    assert offered(clinic, place(clinic, datetime(2026, 3, 2, 9, 30))) == []


def test_nobody_is_offered_before_the_minimum_interval_over_every_toxin(clinic: OpenClinic) -> None:
    every_day = dict.fromkeys(range(7), ((time(8), time(17)),))
    clinic.services.working_times.set_hours(clinic.physician, clinic.physician.account_id, every_day)
    here = clinic.patient(family_name="Here")
    clinic.signed(here)
    elsewhere = clinic.patient(family_name="Elsewhere", toxin_elsewhere=(ElsewhereForm(date(2026, 3, 1)),))
    for patient_id in (here, elsewhere):
        clinic.services.waiting.add(clinic.desk, WishForm(patient_id, 1))
    assert offered(clinic, place(clinic, datetime(2026, 5, 22, 10))) == []
    assert offered(clinic, place(clinic, datetime(2026, 5, 24, 10))) == ["Elsewhere"]
    assert offered(clinic, place(clinic)) == ["Elsewhere", "Here"], "who is due longest comes first"


def test_who_is_booked_later_could_come_earlier_and_the_furthest_comes_first(clinic: OpenClinic) -> None:
    for name, day in (("Soon", 8), ("Late", 22), ("Before", 1)):
        form = wish(clinic, name)
        clinic.services.waiting.add(clinic.desk, form)
        at = datetime(2026, 6, day, 14)
        clinic.services.schedule.book(clinic.desk, Booking(form.patient_id, clinic.physician.account_id, 1, at, 30))
    clinic.services.waiting.add(clinic.desk, wish(clinic, "Unbooked"))
    assert offered(clinic, place(clinic)) == ["Unbooked", "Late", "Soon"]


def test_an_offer_books_nobody_and_a_wish_ends_when_somebody_says_so(clinic: OpenClinic) -> None:
    waiting = clinic.services.waiting
    number = waiting.add(clinic.desk, wish(clinic, note=" mornings "))
    (row,) = waiting.offers(clinic.desk, place(clinic))
    assert clinic.services.schedule.of_patient(clinic.desk, row.form.patient_id) == ()
    version = waiting.change(clinic.desk, number, row.version, replace(row.form, weekdays=(4, 1, 1)))
    assert waiting.rows(clinic.desk)[0].form.weekdays == (1, 4)
    assert waiting.rows(clinic.desk)[0].form.note == "mornings"
    with pytest.raises(RecordChanged):
        waiting.change(clinic.desk, number, row.version, row.form)
    waiting.end(clinic.desk, number, version, WishEnd.WITHDRAWN)
    assert waiting.rows(clinic.desk) == ()
    with pytest.raises(NotFound):
        waiting.end(clinic.desk, number, version + 1, WishEnd.WITHDRAWN)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type_id": 99}, "type"),
        ({"not_before": time(12), "not_after": time(12)}, "not_after"),
        ({"first_day": date(2026, 6, 2), "last_day": date(2026, 6, 1)}, "last_day"),
        ({"notice_days": 61}, "notice_days"),
        ({"notice_days": -1}, "notice_days"),
    ],
)
def test_what_cannot_be_wished_is_a_sentence(clinic: OpenClinic, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.waiting.add(clinic.desk, wish(clinic, **changes))
    assert (refused.value.field, bool(str(refused.value))) == (field, True)


def test_a_long_list_takes_as_many_statements_as_a_short_one(clinic: OpenClinic) -> None:
    sent = []
    for number in range(4):
        patient_id = clinic.patient(family_name=f"Okafor {number}")
        clinic.signed(patient_id)
        clinic.services.waiting.add(clinic.desk, WishForm(patient_id, 1))
        sent.append(statements(clinic, lambda: clinic.services.waiting.offers(clinic.desk, place(clinic))))
    assert sent[0] == sent[-1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 120), st.integers(0, 23), st.integers(15, 120))
def test_whoever_is_offered_a_place_wished_for_it(clinic: OpenClinic, days: int, hour: int, minutes: int) -> None:
    if not clinic.services.waiting.rows(clinic.desk):
        wishes: tuple[dict[str, Any], ...] = (
            {"weekdays": (0, 3)},
            {"not_before": time(12)},
            {"notice_days": 7},
            {"last_day": date(2026, 4, 1)},
        )
        for number, changes in enumerate(wishes):
            clinic.services.waiting.add(clinic.desk, wish(clinic, f"W{number}", **changes))
    at = datetime(2026, 3, 2, hour) + timedelta(days=days)
    for row in clinic.services.waiting.offers(clinic.desk, place(clinic, at, minutes)):
        form = row.form
        assert row.minutes <= minutes
        assert not form.weekdays or at.weekday() in form.weekdays
        assert form.not_before is None or form.not_before <= at.time()
        assert form.last_day is None or at.date() <= form.last_day
        assert days >= form.notice_days


def test_an_end_is_taken_back_and_the_patient_waits_as_long_as_before(clinic: OpenClinic) -> None:
    waiting = clinic.services.waiting
    number = waiting.add(clinic.desk, wish(clinic))
    since = waiting.rows(clinic.desk)[0].wished_at
    clinic.clock.forward(days=3)
    version = waiting.end(clinic.desk, number, 1, WishEnd.WITHDRAWN)
    with pytest.raises(RecordChanged):
        waiting.take_back(clinic.desk, number, version - 1)
    version = waiting.take_back(clinic.desk, number, version)
    (row,) = waiting.rows(clinic.desk)
    assert (row.wished_at, row.version) == (since, version)
    with pytest.raises(NotFound):
        waiting.take_back(clinic.desk, number, version)


def test_who_takes_a_place_is_booked_there_and_waits_no_longer(clinic: OpenClinic) -> None:
    waiting = clinic.services.waiting
    form = wish(clinic)
    number = waiting.add(clinic.desk, form)
    booked = waiting.fulfil(clinic.desk, number, 1, place(clinic, minutes=90))
    row = clinic.services.schedule.appointment(clinic.desk, booked)
    usual = next(t.minutes for t in clinic.services.schedule.choices(clinic.desk).types if t.id == form.type_id)
    assert (row.patient_id, row.starts_at, row.minutes) == (form.patient_id, TUESDAY, usual)
    assert row.room_id == clinic.services.schedule.choices(clinic.desk).rooms[0].id
    assert waiting.rows(clinic.desk) == ()
    assert [line.what for line in clinic.services.schedule.history(clinic.desk, booked)] == ["booked"]


def test_who_has_a_later_appointment_is_moved_and_booked_once(clinic: OpenClinic) -> None:
    waiting, schedule = clinic.services.waiting, clinic.services.schedule
    form = wish(clinic)
    later = schedule.book(
        clinic.desk, Booking(form.patient_id, clinic.physician.account_id, 1, datetime(2026, 6, 22, 14), 30)
    )
    number = waiting.add(clinic.desk, form)
    (row,) = waiting.offers(clinic.desk, place(clinic))
    assert row.replaces is not None
    assert waiting.fulfil(clinic.desk, number, 1, place(clinic), replaces=row.replaces) == later
    (only,) = schedule.of_patient(clinic.desk, form.patient_id)
    assert (only.id, only.starts_at, only.version) == (later, TUESDAY, 2)
    assert waiting.rows(clinic.desk) == ()


def test_only_an_appointment_of_the_wished_kind_would_come_earlier(clinic: OpenClinic) -> None:
    review = next(t.id for t in clinic.services.schedule.choices(clinic.desk).types if not t.is_injection)
    form = wish(clinic)
    at = datetime(2026, 6, 22, 14)
    clinic.services.schedule.book(clinic.desk, Booking(form.patient_id, clinic.physician.account_id, review, at, 20))
    clinic.services.waiting.add(clinic.desk, form)
    (row,) = clinic.services.waiting.offers(clinic.desk, place(clinic))
    assert (row.booked_at, row.replaces) == (at, None)


def test_a_place_taken_meanwhile_books_nobody_and_the_wish_stays(clinic: OpenClinic) -> None:
    waiting, schedule = clinic.services.waiting, clinic.services.schedule
    form = wish(clinic)
    number = waiting.add(clinic.desk, form)
    other = clinic.patient(family_name="Byrne")
    schedule.book(clinic.desk, Booking(other, clinic.physician.account_id, 1, TUESDAY, 30))
    with pytest.raises(ClinicError) as refused:
        waiting.fulfil(clinic.desk, number, 1, place(clinic))
    assert refused.value.code == "booking_overlap_injector"
    assert schedule.of_patient(clinic.desk, form.patient_id) == ()
    assert [row.id for row in waiting.rows(clinic.desk)] == [number]
    with pytest.raises(RecordChanged):
        waiting.fulfil(clinic.desk, number, 7, place(clinic))


def test_the_later_appointment_must_be_as_it_was_shown(clinic: OpenClinic) -> None:
    waiting, schedule = clinic.services.waiting, clinic.services.schedule
    form = wish(clinic)
    at = datetime(2026, 6, 22, 14)
    later = schedule.book(clinic.desk, Booking(form.patient_id, clinic.physician.account_id, 1, at, 30))
    number = waiting.add(clinic.desk, form)
    (row,) = waiting.offers(clinic.desk, place(clinic))
    assert row.replaces is not None
    schedule.set_state(clinic.desk, later, 1, AppointmentState.CANCELLED, "ill")
    with pytest.raises(RecordChanged):
        waiting.fulfil(clinic.desk, number, 1, place(clinic), replaces=row.replaces)
    with pytest.raises(ClinicError) as refused:
        waiting.fulfil(clinic.desk, number, 1, place(clinic), replaces=replace(row.replaces, version=2))
    assert refused.value.code == "appointment_not_movable"
    stranger = waiting.add(clinic.desk, wish(clinic, "Byrne"))
    with pytest.raises(NotFound):
        waiting.fulfil(clinic.desk, stranger, 1, place(clinic), replaces=row.replaces)


def test_a_place_takes_the_room_that_was_left_and_a_device_that_is_free(clinic: OpenClinic) -> None:
    services = clinic.services
    second = services.calendar_rules.add_room(clinic.physician, "Second")
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        devices = [Device(name=name, kind=DeviceKind.EMG) for name in ("EMG 1", "EMG 2")]
        session.add_all(devices)
        session.flush()
        numbers = [each.id for each in devices]
        session.get_one(AppointmentType, 1).needs = [DeviceKind.EMG.value]
    other = clinic.patient(family_name="Byrne")
    elsewhere = Booking(other, clinic.nurse.account_id, 1, TUESDAY, 30, overbook_reason="x", device_ids=(numbers[0],))
    services.schedule.book(clinic.physician, elsewhere)
    number = services.waiting.add(clinic.desk, wish(clinic))
    booked = services.waiting.fulfil(clinic.desk, number, 1, replace(place(clinic), room_id=second))
    row = services.schedule.appointment(clinic.desk, booked)
    assert (row.room_id, row.device_ids) == (second, (numbers[1],))


def test_a_place_on_a_day_or_at_an_hour_on_which_nobody_works_is_offered_to_nobody(clinic: OpenClinic) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic))
    assert offered(clinic, place(clinic)) == ["Okafor"]
    assert offered(clinic, place(clinic, datetime(2026, 6, 2, 19))) == []
    clinic.services.working_times.close(clinic.physician, TUESDAY.date(), TUESDAY.date(), "Burst pipe")
    assert offered(clinic, place(clinic)) == []
