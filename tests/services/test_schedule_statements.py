"""Booking costs as many statements in a full schedule as in an empty one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from clinic_app.models import Appointment, Device
from clinic_app.services.schedule_data import Booking
from clinic_app.services.series import Scope
from clinic_app.terms import AppointmentState, DeviceKind
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

FIRST = datetime(2026, 6, 3, 9)


@pytest.fixture
def device_id(clinic: OpenClinic) -> int:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        device = Device(name="EMG 1", kind=DeviceKind.EMG)
        session.add(device)
        session.flush()
        return device.id


def fill(clinic: OpenClinic, patient_id: int, count: int) -> None:
    """So many appointments of others and of the patient, close to the places that are booked here and far from them."""
    other = clinic.patient(family_name="Byrne")
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add_all(
            Appointment(
                patient_id=(patient_id, other)[number % 2],
                injector_id=clinic.physician.account_id,
                type_id=1,
                room_id=1,
                starts_at=datetime(2026, 6, 1, 13, 30) + timedelta(days=number // 10, minutes=15 * (number % 10)),
                minutes=15,
            )
            for number in range(count)
        )


def sent(clinic: OpenClinic, patient_id: int, device_id: int, hour: int) -> dict[str, int]:
    """How many statements every act sends, for a series of three and for one of six."""
    schedule, series = clinic.services.schedule, clinic.services.series
    at = FIRST.replace(hour=hour)
    booking = Booking(patient_id, clinic.physician.account_id, 1, at, 30, 1, "", None, "", (device_id,))
    numbers: list[tuple[int, ...]] = []
    counts: dict[str, int] = {}

    def count(name: str, act: Callable[[], object]) -> None:
        counts[name] = statements(clinic, act)

    count("book", lambda: numbers.append((schedule.book(clinic.desk, booking),)))
    number = numbers[-1][0]
    later = {"injector_id": clinic.physician.account_id, "room_id": 1}
    count(
        "move",
        lambda: schedule.move(clinic.desk, number, 1, starts_at=at + timedelta(minutes=30), minutes=45, **later),  # type: ignore[arg-type]
    )
    count("confirm", lambda: schedule.set_state(clinic.desk, number, 2, AppointmentState.CONFIRMED))
    count("cancel", lambda: schedule.set_state(clinic.desk, number, 3, AppointmentState.CANCELLED, "ill"))
    count("take back", lambda: schedule.set_state(clinic.desk, number, 4, AppointmentState.BOOKED))
    schedule.set_state(clinic.desk, number, 5, AppointmentState.CANCELLED, "ill")
    for length in (3, 6):
        places = [
            Booking(patient_id, booking.injector_id, 1, at + timedelta(weeks=2 * each), 30, 1, device_ids=(device_id,))
            for each in range(length)
        ]
        count(f"plan {length}", partial(series.plan, clinic.desk, places[0], weeks=2, count=length))
        count(f"book {length}", lambda: numbers.append(series.book(clinic.desk, places, weeks=2)))  # noqa: B023 - called at once
        first = numbers[-1][0]
        on = at + timedelta(minutes=30)
        count(f"move {length}", partial(series.move, clinic.desk, first, 1, Scope.ALL, starts_at=on, minutes=30))
        count(f"cancel {length}", partial(series.cancel, clinic.desk, first, 2, Scope.ALL, "ill"))
    return counts


def test_every_act_takes_as_many_statements_among_thousands_of_appointments_as_among_none(
    clinic: OpenClinic, device_id: int
) -> None:
    patient_id = clinic.patient()
    empty = sent(clinic, patient_id, device_id, 9)
    fill(clinic, patient_id, 3000)
    assert sent(clinic, patient_id, device_id, 11) == empty
    # What one more appointment of a series costs is no more than what booking or moving it alone does.
    for act in ("book", "move", "cancel"):
        assert empty[f"{act} 6"] - empty[f"{act} 3"] <= 3 * empty[act], empty
