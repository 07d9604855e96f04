"""The clinic's capacity: a month day by day, and the weeks ahead with who comes due against what is free."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import ClinicError
from clinic_app.models import (
    Account,
    AccountRole,
    Appointment,
    AppointmentType,
    ContactAttempt,
    TreatmentCycle,
)
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.capacity_data import CapacityAhead, DayCapacity, InjectorDay, MonthCapacity, WeekAhead
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.free_time import Stretch, free_within, joined, minutes_in, places_in, taken_within
from clinic_app.services.openings import Openings, openings
from clinic_app.services.schedule_data import LONGEST, NOT_THERE, Injector
from clinic_app.terms import ContactOutcome, Role

MOST_DAYS = 400
MOST_WEEKS = 104
_ENDING = (ContactOutcome.DECLINED, ContactOutcome.MOVED_AWAY)


class Capacity:
    """How full the clinic is, and will be."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def month(self, actor: Actor, first_day: date, days: int) -> MonthCapacity:
        """Every day of a span, injector by injector: hours, what is booked of them, and what is free.

        Raises ClinicError for a span of no days or of more than 400.
        """
        require(actor, Act.READ_SUMMARY)
        if not 1 <= days <= MOST_DAYS:
            raise ClinicError("number_out_of_range", field="days", lowest=1, highest=MOST_DAYS)
        now = local_now(self._clock, self._time_zone)
        with self._database.reading() as session:
            booked = _booked(session, first_day, days)
            hours = openings(session, first_day, first_day + timedelta(days=days - 1))
            people, length = _people(session, {injector_id for injector_id, _ in booked}), _place_minutes(session)
        found = []
        for number in range(days):
            day = first_day + timedelta(days=number)
            each = tuple(_injector_day(hours, booked, person.id, day, now, length) for person in people)
            found.append(DayCapacity(day, each, hours.closed.get(day)))
        return MonthCapacity(tuple(found), people, length)

    def ahead(self, actor: Actor, weeks: int = 26) -> CapacityAhead:
        """The weeks from the current one on: injections booked, free places, and cycles that come due unbooked.

        A cycle comes due at the last injection plus the interval: the visit's plan, else the patient's usual, else
        twelve weeks. Only the next cycle of each patient is looked at, none after it; whoever has the next injection
        booked counts in the week of that appointment and not as due. Who is overdue is due in the current week. Who
        declined or moved away since the last injection is due on the day agreed to ask again, or never. Raises
        ClinicError for no weeks or more than 104.
        """
        require(actor, Act.READ_SUMMARY)
        if not 1 <= weeks <= MOST_WEEKS:
            raise ClinicError("number_out_of_range", field="weeks", lowest=1, highest=MOST_WEEKS)
        now = local_now(self._clock, self._time_zone)
        first = now.date() - timedelta(days=now.weekday())
        with self._database.reading() as session:
            booked = _booked(session, first, 7 * weeks)
            hours = openings(session, first, first + timedelta(days=7 * weeks - 1))
            people, length = _people(session), _place_minutes(session)
            due = _due(session, now.date(), first + timedelta(days=7 * weeks - 1))
        return CapacityAhead(
            tuple(
                _week(first + timedelta(weeks=number), hours, booked, people, now, length, due)
                for number in range(weeks)
            ),
            length,
        )


@dataclass(slots=True)
class _Booked:
    """What an injector has on one day: the time taken, also by what began the evening before, and how much begins."""

    taken: list[Stretch] = field(default_factory=list)
    appointments: int = 0
    injections: int = 0
    overbooked: int = 0


_ByDay = dict[tuple[int, date], _Booked]
"""By injector and day."""


def _booked(session: Session, first_day: date, days: int) -> _ByDay:
    """Every appointment of the span that is to take place, or took place."""
    start = datetime.combine(first_day, time())
    end = start + timedelta(days=days)
    rows = session.execute(
        select(
            Appointment.injector_id,
            Appointment.starts_at,
            Appointment.minutes,
            Appointment.overbooked_by_id,
            AppointmentType.is_injection,
        )
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .where(
            Appointment.starts_at > start - LONGEST, Appointment.starts_at < end, Appointment.state.not_in(NOT_THERE)
        )
    )
    found: _ByDay = defaultdict(_Booked)
    for injector_id, starts_at, minutes, overbooked_by, is_injection in rows:
        ends_at = starts_at + timedelta(minutes=minutes)
        for day in {starts_at.date(), ends_at.date()}:
            found[injector_id, day].taken.append((starts_at, ends_at))
        begun = found[injector_id, starts_at.date()]
        begun.appointments += 1
        begun.injections += is_injection
        begun.overbooked += overbooked_by is not None
    return found


def _people(session: Session, others: set[int] | None = None) -> tuple[Injector, ...]:
    """The injectors that work here, by name, and ``others`` who no longer do but have appointments."""
    injects = select(AccountRole.role).where(AccountRole.account_id == Account.id, AccountRole.role == Role.PHYSICIAN)
    works = Account.active & injects.exists()
    people = select(Account.id, Account.full_name).where(works | Account.id.in_(others or ()))
    query = people.order_by(Account.full_name, Account.id)
    return tuple(Injector(number, name) for number, name in session.execute(query))


def _place_minutes(session: Session) -> int:
    """The length of the usual injection; 0 where the clinic books none."""
    query = select(AppointmentType.minutes).where(AppointmentType.is_injection, AppointmentType.active)
    return session.scalar(query.order_by(AppointmentType.id).limit(1)) or 0


def _hours(hours: Openings, injector_id: int, day: date) -> tuple[Stretch, ...]:
    spans = hours.hours(injector_id, day)
    return joined((datetime.combine(day, opens), datetime.combine(day, closes)) for opens, closes in spans)


def _gaps(spans: Sequence[Stretch], taken: Sequence[Stretch], now: datetime) -> tuple[Stretch, ...]:
    """What is still free: what has passed is as good as taken."""
    return free_within(spans, [*taken, (datetime.min, now)])


def _injector_day(
    hours: Openings, booked: _ByDay, injector_id: int, day: date, now: datetime, length: int
) -> InjectorDay:
    spans, there = _hours(hours, injector_id, day), booked.get((injector_id, day), _Booked())
    gaps = _gaps(spans, there.taken, now)
    return InjectorDay(
        injector_id,
        open_minutes=minutes_in(spans),
        booked_minutes=minutes_in(taken_within(spans, there.taken)),
        booked=there.appointments,
        overbooked=there.overbooked,
        free_minutes=minutes_in(gaps),
        free_places=places_in(gaps, length),
        away=hours.away.get((injector_id, day)),
    )


def _week(
    first: date,
    hours: Openings,
    booked: _ByDay,
    people: Sequence[Injector],
    now: datetime,
    length: int,
    due: Sequence[date],
) -> WeekAhead:
    days = [first + timedelta(days=number) for number in range(7)]
    current = first <= now.date() <= days[-1]
    free = 0
    for day in days:
        for person in people:
            taken = booked.get((person.id, day), _Booked()).taken
            free += places_in(_gaps(_hours(hours, person.id, day), taken, now), length)
    return WeekAhead(
        first,
        booked=sum(each.injections for (_, day), each in booked.items() if first <= day <= days[-1]),
        free_places=free,
        demand=sum(on <= days[-1] and (current or on >= first) for on in due),
        overdue=sum(on < now.date() for on in due) if current else 0,
    )


def _due(session: Session, today: date, until: date) -> list[date]:
    """The day, up to ``until``, on which the next injection of each patient is due who has none booked."""
    cycles = select(TreatmentCycle.patient_id, TreatmentCycle.injected_on, TreatmentCycle.due_on).where(
        TreatmentCycle.due_on <= until
    )
    coming, ended = _coming(session, today), _ended(session)
    found = []
    for patient_id, injected_on, due_on in session.connection().execute(cycles).all():
        if patient_id in coming and coming[patient_id] > injected_on:
            continue
        if patient_id in ended and ended[patient_id][0] >= injected_on:
            again = ended[patient_id][1]
            if again is None:
                continue
            due_on = max(due_on, again)
        found.append(due_on)
    return found


def _coming(session: Session, today: date) -> dict[int, date]:
    """The day of the last injection that is booked from today on, by patient. One of today may be given already."""
    query = (
        select(Appointment.patient_id, func.max(Appointment.starts_at))
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .where(
            Appointment.starts_at >= datetime.combine(today, time()),
            Appointment.state.not_in(NOT_THERE),
            AppointmentType.is_injection,
        )
        .group_by(Appointment.patient_id)
    )
    return {patient_id: starts_at.date() for patient_id, starts_at in session.execute(query)}


def _ended(session: Session) -> dict[int, tuple[date, date | None]]:
    """Whose latest contact ended the calls: on which day, and when to ask again, if ever."""
    asked = aliased(ContactAttempt)
    query = (
        select(ContactAttempt)
        .where(ContactAttempt.patient_id.in_(select(asked.patient_id).where(asked.outcome.in_(_ENDING))))
        .order_by(ContactAttempt.at, ContactAttempt.id)
    )
    latest = {attempt.patient_id: attempt for attempt in session.scalars(query)}
    return {
        patient_id: (attempt.at.date(), attempt.next_try_on)
        for patient_id, attempt in latest.items()
        if attempt.outcome in _ENDING
    }
