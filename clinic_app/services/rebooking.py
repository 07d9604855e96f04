"""What must be booked again: appointments that a closure, an absence or changed hours left without an open clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.models import Account, Appointment, AppointmentType, Patient, Room
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.openings import Openings, openings
from clinic_app.terms import AppointmentState

_AHEAD = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)
_AT_ONCE = 1000
"""How many appointments one statement names; a database allows only so many."""


class RebookCause(StrEnum):
    """What stands in the way of an appointment."""

    CLOSED = "closed"
    AWAY = "away"
    OUTSIDE_HOURS = "outside_hours"
    INJECTOR_LEFT = "injector_left"


@dataclass(frozen=True, slots=True)
class ToRebook:
    """An appointment that cannot stand where it is. ``reason`` is that of the closure or absence, or ""."""

    appointment_id: int
    version: int
    patient_id: int
    patient_name: str
    record_number: str
    birth_date: date
    phone: str
    injector_id: int
    injector_name: str
    room_id: int | None
    room_name: str
    type_id: int
    type_name: str
    starts_at: datetime
    minutes: int
    state: AppointmentState
    cause: RebookCause
    reason: str = ""

    @property
    def ends_at(self) -> datetime:
        """Start plus length."""
        return self.starts_at + timedelta(minutes=self.minutes)


_HOURS = frozenset({"booking_closed", "booking_away", "booking_outside_hours"})
"""The clashes that a reason to book all the same may have been for."""


class Rebooking:
    """The list of appointments to book again. It is computed, never kept: what was mended is gone from it."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def rows(self, actor: Actor) -> tuple[ToRebook, ...]:
        """Booked or confirmed from now on, on no open hour of the injector, and not so on purpose. The next first.

        Who was booked over a clash of another kind stands here too when the day is closed afterwards. One narrow read
        of the appointments and one of the hours over all their days; names are read for those alone that stand on the
        list.
        """
        require(actor, Act.READ_SUMMARY)
        now = local_now(self._clock, self._time_zone)
        query = (
            select(
                Appointment.id,
                Appointment.injector_id,
                Account.active,
                Appointment.starts_at,
                Appointment.minutes,
                Appointment.overbooked_by_id,
                Appointment.overbooked_over,
            )
            .join(Account, Account.id == Appointment.injector_id)
            .where(Appointment.starts_at >= now, Appointment.state.in_(_AHEAD))
            .order_by(Appointment.starts_at, Appointment.id)
        )
        with self._database.reading() as session:
            ahead = session.execute(query).all()
            if not ahead:
                return ()
            open_then = openings(session, ahead[0].starts_at.date(), ahead[-1].starts_at.date())
            problems: dict[int, tuple[RebookCause, str]] = {}
            for appointment_id, injector_id, works_here, starts_at, minutes, by_id, over in ahead:
                # What was allowed before the clashes were kept counts as allowed for the hour too.
                if by_id is not None and (not over or _HOURS.intersection(over)):
                    continue
                problem = _problem(open_then, injector_id, works_here, starts_at, minutes)
                if problem is not None:
                    problems[appointment_id] = problem
            return _rows(session, problems)


def _problem(
    open_then: Openings, injector_id: int, works_here: bool, starts_at: datetime, minutes: int
) -> tuple[RebookCause, str] | None:
    day = starts_at.date()
    if not works_here:
        return RebookCause.INJECTOR_LEFT, ""
    if day in open_then.closed:
        return RebookCause.CLOSED, open_then.closed[day]
    if (injector_id, day) in open_then.away:
        return RebookCause.AWAY, open_then.away[injector_id, day]
    if not open_then.holds(injector_id, starts_at, minutes):
        return RebookCause.OUTSIDE_HOURS, ""
    return None


def _rows(session: Session, problems: Mapping[int, tuple[RebookCause, str]]) -> tuple[ToRebook, ...]:
    query = (
        select(Appointment, Patient, AppointmentType.name, Account.full_name, Room.name)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(Account, Account.id == Appointment.injector_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
    )
    wanted, rows = list(problems), []
    for start in range(0, len(wanted), _AT_ONCE):
        some = query.where(Appointment.id.in_(wanted[start : start + _AT_ONCE]))
        for appointment, patient, type_name, injector_name, room_name in session.execute(some):
            cause, reason = problems[appointment.id]
            rows.append(
                ToRebook(
                    appointment_id=appointment.id,
                    version=appointment.version,
                    patient_id=patient.id,
                    patient_name=f"{patient.given_name} {patient.family_name}".strip(),
                    record_number=patient.record_number,
                    birth_date=patient.birth_date,
                    phone=patient.phone,
                    injector_id=appointment.injector_id,
                    injector_name=injector_name,
                    room_id=appointment.room_id,
                    room_name=room_name or "",
                    type_id=appointment.type_id,
                    type_name=type_name,
                    starts_at=appointment.starts_at,
                    minutes=appointment.minutes,
                    state=appointment.state,
                    cause=cause,
                    reason=reason,
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.starts_at, row.appointment_id)))
