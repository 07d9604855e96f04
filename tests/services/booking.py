"""Short ways to book, move and be refused, for the tests of the schedule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from clinic_app.errors import ClinicError
from clinic_app.models import Account, Device, Patient, Room
from clinic_app.services.schedule_data import Booking
from tests.services.conftest import OpenClinic

WEDNESDAY = datetime(2026, 3, 4, 10)
INJECTION, REVIEW = 1, 3
UNKNOWN = 999


def wanted(clinic: OpenClinic, patient_id: int, at: datetime = WEDNESDAY, **more: object) -> Booking:
    booking = Booking(patient_id, clinic.physician.account_id, REVIEW, at, 30)
    return replace(booking, **more)  # type: ignore[arg-type]  # names are checked by replace


def book(clinic: OpenClinic, at: datetime = WEDNESDAY, patient_id: int | None = None, **more: object) -> int:
    who = clinic.patient() if patient_id is None else patient_id
    return clinic.services.schedule.book(clinic.desk, wanted(clinic, who, at, **more))


def refused(act: Callable[[], object]) -> ClinicError:
    with pytest.raises(ClinicError) as error:
        act()
    assert str(error.value), "it has a sentence"
    return error.value


def move(clinic: OpenClinic, number: int, version: int = 1, **more: object) -> int:
    to: dict[str, object] = {
        "starts_at": WEDNESDAY,
        "minutes": 30,
        "injector_id": clinic.physician.account_id,
    } | more
    return clinic.services.schedule.move(clinic.desk, number, version, **to)  # type: ignore[arg-type]  # by name


def change(clinic: OpenClinic, kind: type[Account | Patient | Room | Device], number: int, **to: object) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        record = session.get_one(kind, number)
        for name, value in to.items():
            setattr(record, name, value)
