"""An appointment's history: every change with who, when, before and after, and what was booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Appointment, AppointmentEvent
from clinic_app.services.access import Actor
from clinic_app.services.schedule_data import Before, Booking
from clinic_app.typed_text import clean

_COMPARED = (
    "starts_at", "minutes", "injector_id", "room_id", "state", "overbooked_by_id", "overbook_reason", "overbooked_over",
)  # fmt: skip


def facts(appointment: Appointment) -> dict[str, object]:
    """What of an appointment its history compares."""
    return facts_of({name: getattr(appointment, name) for name in _COMPARED}, devices_of(appointment))


def facts_of(row: Mapping[str, Any], device_ids: Sequence[int]) -> dict[str, object]:
    """The same of an appointment's columns."""
    return {
        "starts_at": row["starts_at"].isoformat(timespec="minutes"),
        "minutes": row["minutes"],
        "injector_id": row["injector_id"],
        "room_id": row["room_id"],
        "device_ids": list(device_ids),
        "state": row["state"].value,
        "overbooked_by_id": row["overbooked_by_id"],
        "overbook_reason": row["overbook_reason"] or None,
        "overbooked_over": row["overbooked_over"] or None,
    }


def devices_of(appointment: Appointment) -> tuple[int, ...]:
    """The devices that the appointment has to itself."""
    return tuple(sorted(each.device_id for each in appointment.devices))


@dataclass(frozen=True, slots=True)
class Overbooked:
    """Who booked over a clash on purpose, why, and over what: the codes of the clashes."""

    by_id: int | None
    reason: str = ""
    over: tuple[str, ...] = ()


NOT_OVERBOOKED = Overbooked(None)


def overbooked(appointment: Appointment) -> Overbooked:
    """What is marked on an appointment."""
    return Overbooked(appointment.overbooked_by_id, appointment.overbook_reason, tuple(appointment.overbooked_over))


def mark(appointment: Appointment, allowed: Overbooked) -> None:
    """Keep who allowed a clash, or that there is none."""
    appointment.overbooked_by_id, appointment.overbook_reason = allowed.by_id, allowed.reason
    appointment.overbooked_over = list(allowed.over)


def passed_over(actor: Actor, passed: Sequence[ClinicError], reason: str) -> Overbooked:
    """Who booked over clashes on purpose and why; a reason without a clash is none."""
    kept = clean(reason)[:300] if passed else ""
    return Overbooked(actor.account_id, kept, tuple(problem.code for problem in passed)) if kept else NOT_OVERBOOKED


def tell(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    at: datetime,
    what: str,
    before: dict[str, object],
    reason: str,
) -> None:
    """Add a line to the appointment's history: what differs from before, and the reason if there is one."""
    line = line_of(actor, at, what, before, facts(appointment), reason)
    session.add(AppointmentEvent(appointment_id=appointment.id, **line))


def line_of(
    actor: Actor, at: datetime, what: str, before: Mapping[str, object], after: Mapping[str, object], reason: str
) -> dict[str, Any]:
    """The columns of a line of history, but for its appointment: what differs, and the reason if there is one."""
    now = {**after, "reason": reason} if reason else after
    return {
        "at": at,
        "account_id": actor.account_id,
        "what": what,
        "before": {key: value for key, value in before.items() if now.get(key) != value},
        "after": {key: value for key, value in now.items() if before.get(key) != value},
    }


def as_booking(appointment: Appointment) -> Booking:
    """The appointment as what was asked for, to be checked again."""
    return Booking(
        patient_id=appointment.patient_id,
        injector_id=appointment.injector_id,
        type_id=appointment.type_id,
        starts_at=appointment.starts_at,
        minutes=appointment.minutes,
        room_id=appointment.room_id,
        device_ids=devices_of(appointment),
    )


def as_before(appointment: Appointment) -> Before:
    """The appointment as it is, ahead of a change."""
    return Before(appointment.id, appointment.version, appointment.state, appointment.reason, as_booking(appointment))
