"""Rooms and devices that a kind of appointment needs, and what gives way to what is free."""

from datetime import datetime, time, timedelta

import pytest

from clinic_app.errors import ClinicError
from clinic_app.models import AppointmentType, Device
from clinic_app.services.clinics import new_account
from clinic_app.services.schedule_data import AppointmentRow, Booking
from clinic_app.terms import DeviceKind, Role
from tests.services.conftest import OpenClinic

TEN = datetime(2026, 3, 4, 10)


def furnish(clinic: OpenClinic, *kinds: DeviceKind, room: bool = True, devices: int = 2) -> list[int]:
    """The first kind needs a room and these devices; there are so many of each."""
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        kind = session.get_one(AppointmentType, 1)
        kind.needs_room, kind.needs = room, [each.value for each in kinds]
        made = [Device(name=f"{each} {number}", kind=each) for each in kinds for number in range(devices)]
        session.add_all(made)
        session.flush()
        return [each.id for each in made]


def another_injector(clinic: OpenClinic) -> int:
    """Somebody else who works on Wednesdays."""
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        injector = new_account(session, "lind", "Dr. Rosa Lind", frozenset({Role.PHYSICIAN}), clinic.clock).id
    clinic.services.working_times.set_hours(clinic.physician, injector, {2: ((time(8), time(17)),)})
    return injector


def book(
    clinic: OpenClinic, at: datetime = TEN, injector_id: int | None = None, room_id: int | None = None
) -> AppointmentRow:
    booking = Booking(clinic.patient(), injector_id or clinic.physician.account_id, 1, at, 30, room_id)
    return clinic.services.schedule.appointment(clinic.desk, clinic.services.schedule.book(clinic.desk, booking))


def test_a_booking_gets_a_free_room_and_a_device_of_each_kind_needed(clinic: OpenClinic) -> None:
    second = clinic.services.calendar_rules.add_room(clinic.physician, "Room 2")
    emg = furnish(clinic, DeviceKind.EMG)
    first = book(clinic)
    beside = book(clinic, TEN + timedelta(minutes=15), another_injector(clinic))
    later = book(clinic, TEN + timedelta(minutes=30, hours=1))
    assert (first.room_id, first.device_ids) == (1, (emg[0],))
    assert (beside.room_id, beside.device_ids) == (second, (emg[1],))
    assert (later.room_id, later.device_ids) == (1, (emg[0],)), "free again"


def test_what_is_taken_gives_way_to_what_is_free_only_where_the_person_did_not_choose_it(
    clinic: OpenClinic,
) -> None:
    second = clinic.services.calendar_rules.add_room(clinic.physician, "Room 2")
    emg = furnish(clinic, DeviceKind.EMG)
    other = another_injector(clinic)
    book(clinic, room_id=1)
    patient_id = clinic.patient()
    asked = Booking(patient_id, other, 1, TEN, 30, room_id=1, device_ids=(emg[0],))
    with pytest.raises(ClinicError) as refused:
        clinic.services.schedule.book(clinic.desk, asked)
    assert refused.value.code == "booking_overlap_room"
    any_of_them = Booking(
        patient_id, other, 1, TEN, 30, room_id=1, device_ids=(emg[0],), any_room=True, any_device=True
    )
    number = clinic.services.schedule.book(clinic.desk, any_of_them)
    row = clinic.services.schedule.appointment(clinic.desk, number)
    assert (row.room_id, row.device_ids) == (second, (emg[1],))


@pytest.mark.parametrize(
    ("room", "kinds", "code"), [(True, (), "booking_no_room"), (False, (DeviceKind.EMG,), "booking_no_device")]
)
def test_without_a_free_room_or_device_it_is_said_and_a_permitted_person_may_book_all_the_same(
    clinic: OpenClinic, room: bool, kinds: tuple[DeviceKind, ...], code: str
) -> None:
    furnish(clinic, *kinds, room=room, devices=1)
    other = another_injector(clinic)
    book(clinic)
    asked = Booking(clinic.patient(), other, 1, TEN, 30)
    with pytest.raises(ClinicError) as refused:
        clinic.services.schedule.book(clinic.desk, asked)
    assert refused.value.code == code
    on_purpose = Booking(clinic.patient(), other, 1, TEN, 30, overbook_reason="Palpation will do")
    row = clinic.services.schedule.appointment(clinic.desk, clinic.services.schedule.book(clinic.physician, on_purpose))
    assert row.overbook_reason == "Palpation will do"


def test_what_the_clinic_never_listed_is_not_asked_for(clinic: OpenClinic) -> None:
    furnish(clinic, DeviceKind.ULTRASOUND, room=False, devices=0)
    assert book(clinic).device_ids == ()


def test_a_move_takes_a_free_device_where_its_own_is_taken(clinic: OpenClinic) -> None:
    emg = furnish(clinic, DeviceKind.EMG, room=False)
    other = another_injector(clinic)
    book(clinic)
    patient_id = clinic.patient()
    number = clinic.services.schedule.book(
        clinic.desk, Booking(patient_id, other, 1, TEN + timedelta(hours=2), 30, device_ids=(emg[0],))
    )
    clinic.services.schedule.move(clinic.desk, number, 1, starts_at=TEN, minutes=30, injector_id=other)
    assert clinic.services.schedule.appointment(clinic.desk, number).device_ids == (emg[1],)
