"""An injector's appointments as a calendar file, for the calendars that people carry."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.exchange.calendar_file import CalendarEvent, calendar_file
from clinic_app.exchange.calendar_server import BusyTime, moments
from clinic_app.models import Account, Appointment, AppointmentEvent, AppointmentType, Clinic, Patient, Room
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.schedule_data import NOT_THERE

NAMES = "calendar_names"
"""Among the clinic's choices: whether calendar files, which leave the clinic, name the patients."""
KEPT_DAYS = 90
"""How far back a file goes, so that calendars do not forget last month's visits."""


_Found = Row[Appointment, str, str, str, str, str, datetime]
"""Appointment, its kind, the injector, the patient's names, the room, and when it was changed last."""


class Calendars:
    """Calendar files of injectors and of single appointments."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def names_patients(self, actor: Actor) -> bool:
        """Whether calendar files name the patients."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return _named(session)

    def set_names(self, actor: Actor, named: bool) -> None:
        """Whether calendar files name the patients."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            clinic.choices = {**clinic.choices, NAMES: named}

    def of_injector(self, actor: Actor, injector: str = "") -> bytes:
        """Every appointment of an injector, by full name, or of all: from ninety days ago on, cancelled ones as such.

        Raises ClinicError for an injector whom the clinic does not have.
        """
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            account = None
            if injector:
                same = func.lower(Account.full_name) == injector.strip().lower()
                account = session.scalar(select(Account).where(same))
                if account is None:
                    raise ClinicError("injector_unknown", field="injector", name=injector.strip())
            return self._of_account(session, account)

    def of_account(self, actor: Actor, injector_id: int) -> bytes:
        """The same for the injector of an account. Raises ClinicError for one who is not there."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            account = session.get(Account, injector_id)
            if account is None:
                raise NotFound("injector_missing")
            return self._of_account(session, account)

    def busy_times(self, actor: Actor, injector_id: int | None, *, weeks: int) -> tuple[str, tuple[BusyTime, ...]]:
        """When an injector, or anybody (None), is busy from today on, and how the names of these times begin.

        Without kind, room and person. Cancelled and missed appointments are none.
        """
        require(actor, Act.READ_SUMMARY)
        today = local_now(self._clock, self._time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
        query = (
            select(Appointment.id, Appointment.version, Appointment.starts_at, Appointment.minutes)
            .where(
                Appointment.starts_at >= today,
                Appointment.starts_at < today + timedelta(weeks=weeks),
                Appointment.state.not_in(NOT_THERE),
            )
            .order_by(Appointment.starts_at, Appointment.id)
        )
        if injector_id is not None:
            query = query.where(Appointment.injector_id == injector_id)
        zone = ZoneInfo(self._time_zone)
        with self._database.reading() as session:
            space = _name_space(session)
            prefix = f"busy-{uuid.uuid5(space, f'busy {injector_id or 0}').hex[:12]}-"
            return prefix, tuple(
                BusyTime(prefix + uuid.uuid5(space, f"busy {number}").hex, version - 1, *moments(at, minutes, zone))
                for number, version, at, minutes in session.execute(query)
            )

    def of_appointment(self, actor: Actor, appointment_id: int) -> bytes:
        """One appointment. Raises ClinicError for one that is not there."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            rows = session.execute(_appointments().where(Appointment.id == appointment_id)).all()
            if not rows:
                raise ClinicError("appointment_not_found")
            return self._file(session, "", rows)

    def _of_account(self, session: Session, account: Account | None) -> bytes:
        since = local_now(self._clock, self._time_zone) - timedelta(days=KEPT_DAYS)
        query = _appointments().where(Appointment.starts_at >= since).order_by(Appointment.starts_at, Appointment.id)
        if account is not None:
            query = query.where(Appointment.injector_id == account.id)
        return self._file(session, "" if account is None else account.full_name, session.execute(query).all())

    def _file(self, session: Session, injector: str, rows: Sequence[_Found]) -> bytes:
        clinic = session.scalars(select(Clinic)).one()
        named, space = _named(session), _name_space(session)
        events = [
            CalendarEvent(
                uid=f"appointment-{appointment.id}@{space}",
                sequence=appointment.version - 1,
                title=f"{kind}: {given} {family}".strip() if named else kind,
                starts_at=appointment.starts_at,
                minutes=appointment.minutes,
                changed_at=changed_at or self._clock(),
                organizer=who,
                location=room or "",
                cancelled=appointment.state in NOT_THERE,
                overbooked=appointment.overbooked_by_id is not None,
            )
            for appointment, kind, who, given, family, room, changed_at in rows
        ]
        return calendar_file(f"{injector}, {clinic.name}" if injector else clinic.name, self._time_zone, events)


def _named(session: Session) -> bool:
    return session.scalars(select(Clinic)).one().choices.get(NAMES) is True


def _appointments() -> Select[Appointment, str, str, str, str, str, datetime]:
    changed_at = (
        select(func.max(AppointmentEvent.at))
        .where(AppointmentEvent.appointment_id == Appointment.id)
        .correlate(Appointment)
        .scalar_subquery()
    )
    return (
        select(
            Appointment,
            AppointmentType.name,
            Account.full_name,
            Patient.given_name,
            Patient.family_name,
            Room.name,
            changed_at,
        )
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(Account, Account.id == Appointment.injector_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
    )


def _name_space(session: Session) -> uuid.UUID:
    """What tells this clinic's events from every other's, for ever: when its first account was made."""
    first = session.execute(select(func.min(Account.created_at))).scalar_one()
    return uuid.uuid5(uuid.NAMESPACE_OID, f"clinic {first}")
