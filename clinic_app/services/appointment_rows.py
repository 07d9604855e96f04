"""Appointments as calendars and lists show them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Executable, bindparam, func, select
from sqlalchemy.orm import Session

from clinic_app.models import (
    Account,
    Appointment,
    AppointmentDevice,
    AppointmentEvent,
    AppointmentType,
    Patient,
)
from clinic_app.services.patients import fold
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import GONE

_since = (
    select(func.max(AppointmentEvent.at))
    .where(AppointmentEvent.appointment_id == Appointment.id)
    .correlate(Appointment)
    .scalar_subquery()
)
_ROWS = (
    select(
        Appointment.id,
        Appointment.version,
        Appointment.patient_id,
        Patient.given_name,
        Patient.family_name,
        Patient.record_number,
        Patient.birth_date,
        Appointment.injector_id,
        Appointment.room_id,
        Appointment.type_id,
        AppointmentType.name,
        Appointment.starts_at,
        Appointment.minutes,
        Appointment.state,
        Appointment.reason,
        Appointment.note,
        _since,
        Appointment.visit_id,
        Appointment.series_id,
        Account.full_name,
        Appointment.overbook_reason,
    )
    .outerjoin(Account, Account.id == Appointment.overbooked_by_id)
    .join(Patient, Patient.id == Appointment.patient_id)
    .join(AppointmentType, AppointmentType.id == Appointment.type_id)
    .order_by(Appointment.starts_at, Appointment.id)
)
_DEVICES = (
    select(AppointmentDevice.appointment_id, AppointmentDevice.device_id)
    .join(Appointment)
    .order_by(AppointmentDevice.device_id)
)


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked for the appointments of some conditions."""

    rows: Executable
    devices: Executable

    @classmethod
    def of(cls, *where: ColumnElement[bool]) -> "_Questions":
        return cls(_ROWS.where(*where), _DEVICES.where(*where))


# Built once: to put a question together and find its text again takes several times as long as to ask it.
_OF_PATIENT = _Questions.of(Appointment.patient_id == bindparam("patient_id"))
_ONE = _Questions.of(Appointment.id == bindparam("appointment_id"))
_BETWEEN = _Questions.of(Appointment.starts_at >= bindparam("start"), Appointment.starts_at < bindparam("end"))


def rows_between(session: Session, start: datetime, end: datetime) -> list[AppointmentRow]:
    """Those that begin in a span of the clinic's wall clock, its end left out, in their order."""
    return _read(session, _BETWEEN, start=start, end=end)


def rows_of_patient(session: Session, patient_id: int) -> list[AppointmentRow]:
    """All of a patient, in their order."""
    return _read(session, _OF_PATIENT, patient_id=patient_id)


def row_of(session: Session, appointment_id: int) -> AppointmentRow | None:
    """One of them."""
    return next(iter(_read(session, _ONE, appointment_id=appointment_id)), None)


def mark_similar(rows: Sequence[AppointmentRow]) -> tuple[AppointmentRow, ...]:
    """Mark people whose family names begin alike on the same day: the classic mix-up."""
    seen: defaultdict[tuple[date, str], set[int]] = defaultdict(set)
    keys = {}
    for row in rows:
        keys[row.id] = (row.starts_at.date(), fold(row.patient_name.split()[-1] if row.patient_name else "")[:4])
        if row.state not in GONE:
            seen[keys[row.id]].add(row.patient_id)
    return tuple(replace(row, similar_name=True) if len(seen[keys[row.id]]) > 1 else row for row in rows)


def _read(session: Session, asked: _Questions, **values: object) -> list[AppointmentRow]:
    connection = session.connection()
    devices: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for appointment_id, device_id in connection.execute(asked.devices, values):
        devices[appointment_id] = (*devices[appointment_id], device_id)
    return [
        AppointmentRow(
            id=row[0],
            version=row[1],
            patient_id=row[2],
            patient_name=f"{row[3]} {row[4]}".strip(),
            record_number=row[5],
            birth_date=row[6],
            injector_id=row[7],
            room_id=row[8],
            type_id=row[9],
            type_name=row[10],
            starts_at=row[11],
            minutes=row[12],
            state=row[13],
            reason=row[14],
            note=row[15],
            since=row[16],
            visit_id=row[17],
            device_ids=devices.get(row[0], ()),
            series_id=row[18],
            overbooked_by=row[19] or "",
            overbook_reason=row[20],
        )
        for row in connection.execute(asked.rows, values).all()
    ]
