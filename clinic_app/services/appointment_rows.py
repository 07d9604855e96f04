"""Appointments as calendars and lists show them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Executable, bindparam, case, func, select, type_coerce
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
from clinic_app.terms import GONE, WAITING

_since = case(
    (
        Appointment.state.in_(WAITING),  # of nobody else it is asked, and to look costs a fifth of a week
        # Its zone is given below: to call a type for each of a thousand rows takes as long as to read it.
        select(type_coerce(func.max(AppointmentEvent.at), DateTime()))
        .where(AppointmentEvent.appointment_id == Appointment.id)
        .correlate(Appointment)
        .scalar_subquery(),
    )
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


def rows_of_patient(session: Session, patient_id: int) -> list[AppointmentRow]:
    """All of a patient, in their order."""
    return _read(session, _OF_PATIENT, patient_id=patient_id)


def row_of(session: Session, appointment_id: int) -> AppointmentRow | None:
    """One of them."""
    return next(iter(_read(session, _ONE, appointment_id=appointment_id)), None)


def marked_between(session: Session, start: datetime, end: datetime) -> tuple[AppointmentRow, ...]:
    """Those that begin in a span, with people marked whose family names begin alike on the same day.

    It is the classic mix-up.
    """
    asked = {"start": start, "end": end}
    devices, rows = _asked(session, _BETWEEN, asked)
    return tuple(_rows(rows, devices, _similar(rows)))


def _similar(rows: Sequence[Sequence[Any]]) -> frozenset[int]:
    """The appointments of people whose family name begins as that of another who comes on the same day."""
    beginnings: dict[str, str] = {}
    seen: defaultdict[tuple[date, str], set[int]] = defaultdict(set)
    keys: list[tuple[int, tuple[date, str]]] = []
    for row in rows:
        name = row[4].strip() or row[3]
        begins = beginnings.get(name)
        if begins is None:
            begins = beginnings[name] = beginning_of(name.split()[-1] if name.strip() else "")
        key = row[11].date(), begins
        keys.append((row[0], key))
        if row[13] not in GONE:
            seen[key].add(row[2])
    alike = {key for key, people in seen.items() if len(people) > 1}
    return frozenset(number for number, key in keys if key in alike)


def beginning_of(family_name: str) -> str:
    """The first letters as names are compared."""
    if family_name.isascii() and family_name.isalnum():
        return family_name[:4].casefold()  # what folding comes to where nothing is to be folded
    return fold(family_name)[:4]


def _asked(
    session: Session, asked: _Questions, values: Mapping[str, object]
) -> tuple[Mapping[int, tuple[int, ...]], Sequence[Sequence[Any]]]:
    """The devices of each appointment, and the rows."""
    connection = session.connection()
    devices: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for appointment_id, device_id in connection.execute(asked.devices, values):
        devices[appointment_id] = (*devices[appointment_id], device_id)
    return devices, connection.execute(asked.rows, values).all()


def _read(session: Session, asked: _Questions, **values: object) -> list[AppointmentRow]:
    devices, rows = _asked(session, asked, values)
    return _rows(rows, devices, frozenset())


def _rows(
    rows: Sequence[Sequence[Any]], devices: Mapping[int, tuple[int, ...]], similar: frozenset[int]
) -> list[AppointmentRow]:
    return [
        AppointmentRow(
            number,
            version,
            patient_id,
            f"{given} {family}".strip(),
            record_number,
            birth_date,
            injector_id,
            room_id,
            type_id,
            type_name,
            starts_at,
            minutes,
            state,
            reason,
            note,
            None if since is None else since.replace(tzinfo=UTC),
            visit_id,
            number in similar,
            devices.get(number, ()),
            series_id,
            overbooked_by or "",
            overbook_reason,
        )
        for (
            number,
            version,
            patient_id,
            given,
            family,
            record_number,
            birth_date,
            injector_id,
            room_id,
            type_id,
            type_name,
            starts_at,
            minutes,
            state,
            reason,
            note,
            since,
            visit_id,
            series_id,
            overbooked_by,
            overbook_reason,
        ) in rows
    ]
