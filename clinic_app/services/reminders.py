"""Reminders: who comes on the next working days, and whether somebody has reminded them.

A reminder is a line in the appointment's own history. An appointment that is moved afterwards wants another one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Account, Appointment, AppointmentEvent, AppointmentType, Patient, Room
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.working_days import working_days
from clinic_app.terms import AppointmentState, ContactWay

MOST_DAYS = 20
_OPEN = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)
_REMINDED, _TAKEN_BACK = "reminded", "reminder taken back"
_TELLING = (_REMINDED, _TAKEN_BACK, "moved")
"""The lines of a history of which the last says whether the patient knows the time."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Who reminded a patient of an appointment, when, and how."""

    at: datetime
    by: str
    way: ContactWay


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """An appointment of the next days. ``reminded`` is None while nobody has reminded the patient of this time."""

    appointment_id: int
    version: int
    patient_id: int
    name: str
    record_number: str
    birth_date: date
    phone: str
    email: str
    preferred_contact: str
    starts_at: datetime
    minutes: int
    type_name: str
    injector: str
    room: str
    state: AppointmentState
    reminded: Reminder | None = None


class Reminders:
    """The use cases of the list of reminders."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def rows(self, actor: Actor, days_ahead: int = 2) -> tuple[ReminderRow, ...]:
        """Everybody booked from tomorrow to the end of the next so many working days, in the order of their visits.

        On a Friday two working days end on Tuesday. Raises ClinicError for none or more than ``MOST_DAYS``.
        """
        require(actor, Act.BOOK)
        if not 1 <= days_ahead <= MOST_DAYS:
            raise ClinicError("days_ahead_impossible", field="days_ahead", most=MOST_DAYS)
        tomorrow = local_today(self._clock, self._time_zone) + timedelta(days=1)
        with self._database.reading() as session:
            days = working_days(session, tomorrow, days_ahead)
            return _rows(session, tomorrow, days[-1]) if days else ()

    def remind(self, actor: Actor, appointment_ids: Collection[int], way: ContactWay) -> None:
        """Write down that these patients were reminded. Raises ClinicError where one does not come any more."""
        self._tell(actor, appointment_ids, _REMINDED, {"way": way.value})

    def take_back(self, actor: Actor, appointment_ids: Collection[int]) -> None:
        """They were not reminded after all; the history keeps both lines."""
        self._tell(actor, appointment_ids, _TAKEN_BACK, {})

    def csv(self, actor: Actor, appointment_ids: Iterable[int], days_ahead: int = 2) -> str:
        """The chosen rows as text for a spreadsheet or a service that sends messages."""
        wanted = frozenset(appointment_ids)
        header = (
            "record number", "name", "birth date", "telephone", "e-mail", "contact by", "appointment", "minutes",
            "kind", "with", "room", "state", "reminded at",
        )  # fmt: skip
        return csv_text(
            header,
            [
                (
                    r.record_number,
                    r.name,
                    r.birth_date,
                    r.phone,
                    r.email,
                    r.preferred_contact,
                    r.starts_at,
                    r.minutes,
                    r.type_name,
                    r.injector,
                    r.room,
                    r.state.value,
                    None if r.reminded is None else r.reminded.at,
                )
                for r in self.rows(actor, days_ahead)
                if r.appointment_id in wanted
            ],
        )

    def _tell(self, actor: Actor, appointment_ids: Collection[int], what: str, after: dict[str, object]) -> None:
        require(actor, Act.BOOK)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            for number in appointment_ids:
                appointment = session.get(Appointment, number)
                if appointment is None:
                    raise NotFound("appointment_not_found")
                if appointment.state not in _OPEN:
                    raise ClinicError("reminder_not_open")
                session.add(
                    AppointmentEvent(
                        appointment_id=number,
                        at=at,
                        account_id=actor.account_id,
                        what=what,
                        before={},
                        after=dict(after),
                    )
                )


def _rows(session: Session, first: date, last: date) -> tuple[ReminderRow, ...]:
    query = (
        select(Appointment, Patient, AppointmentType.name, Account.full_name, Room.name)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(Account, Account.id == Appointment.injector_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .where(
            Appointment.starts_at >= datetime.combine(first, time()),
            Appointment.starts_at < datetime.combine(last + timedelta(days=1), time()),
            Appointment.state.in_(_OPEN),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    found = session.execute(query).all()
    reminded = _reminded(session, [appointment.id for appointment, *_ in found])
    return tuple(
        ReminderRow(
            appointment_id=a.id,
            version=a.version,
            patient_id=p.id,
            name=f"{p.given_name} {p.family_name}".strip(),
            record_number=p.record_number,
            birth_date=p.birth_date,
            phone=p.phone,
            email=p.email,
            preferred_contact=p.preferred_contact,
            starts_at=a.starts_at,
            minutes=a.minutes,
            type_name=type_name,
            injector=injector,
            room=room or "",
            state=a.state,
            reminded=reminded.get(a.id),
        )
        for a, p, type_name, injector, room in found
    )


def _reminded(session: Session, appointment_ids: Sequence[int]) -> dict[int, Reminder]:
    """Whose last telling line is a reminder."""
    query = (
        select(AppointmentEvent, Account.full_name)
        .join(Account, Account.id == AppointmentEvent.account_id)
        .where(AppointmentEvent.appointment_id.in_(appointment_ids), AppointmentEvent.what.in_(_TELLING))
        .order_by(AppointmentEvent.id)
    )
    last = {event.appointment_id: (event, by) for event, by in session.execute(query)}
    return {
        number: Reminder(event.at, by, ContactWay(str(event.after["way"])))
        for number, (event, by) in last.items()
        if event.what == _REMINDED
    }
