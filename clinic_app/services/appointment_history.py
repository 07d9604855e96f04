"""An appointment's history: every change with who, when, before and after, and what was booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Appointment, AppointmentEvent
from clinic_app.services.access import Actor
from clinic_app.services.schedule_data import Before, Booking
from clinic_app.typed_text import clean


def facts(appointment: Appointment) -> dict[str, object]:
    """What of an appointment its history compares."""
    return {
        "starts_at": appointment.starts_at.isoformat(timespec="minutes"),
        "minutes": appointment.minutes,
        "injector_id": appointment.injector_id,
        "room_id": appointment.room_id,
        "device_ids": list(devices_of(appointment)),
        "state": appointment.state.value,
        "overbooked_by_id": appointment.overbooked_by_id,
        "overbook_reason": appointment.overbook_reason or None,
        "overbooked_over": appointment.overbooked_over or None,
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


def mark_passed(appointment: Appointment, actor: Actor, passed: Sequence[ClinicError], reason: str) -> str:
    """Keep who booked over clashes on purpose and why; a reason without a clash is none. Returns what is kept."""
    kept = clean(reason)[:300] if passed else ""
    over = tuple(problem.code for problem in passed)
    mark(appointment, Overbooked(actor.account_id, kept, over) if kept else NOT_OVERBOOKED)
    return kept


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
    event = event_of(appointment, actor, at, what, before, reason)
    event.appointment_id = appointment.id
    session.add(event)


def event_of(
    appointment: Appointment, actor: Actor, at: datetime, what: str, before: dict[str, object], reason: str
) -> AppointmentEvent:
    """The line, for an appointment that is not saved yet to be saved with it."""
    after = facts(appointment) | ({"reason": reason} if reason else {})
    return AppointmentEvent(
        at=at,
        account_id=actor.account_id,
        what=what,
        before={key: value for key, value in before.items() if after.get(key) != value},
        after={key: value for key, value in after.items() if before.get(key) != value},
    )


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
