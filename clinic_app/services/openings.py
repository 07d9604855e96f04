"""When the clinic and each injector work on a day: the week's hours, single days, closures and public holidays."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from clinic_app.models import Clinic, Closure, DayHours, WorkedHoliday, WorkingHours
from clinic_app.services.public_holidays import holiday_choice, public_holidays
from clinic_app.services.schedule_data import ClosedDay, Hours

Span = tuple[time, time]
"""Opens and closes, in the clinic's wall-clock time."""


@dataclass(frozen=True, slots=True)
class Openings:
    """The hours of every injector over a span of days, read at once.

    ``closed`` are days on which nobody works, with the reason; ``away`` days on which one injector does not.
    """

    first_day: date
    last_day: date
    weekly: Mapping[int, Mapping[int, tuple[Span, ...]]]
    single: Mapping[tuple[int, date], tuple[Span, ...]]
    closed: Mapping[date, str]
    away: Mapping[tuple[int, date], str]

    def hours(self, injector_id: int, day: date) -> tuple[Span, ...]:
        """When the injector works that day: the day's own hours, else the weekday's; nothing on a closure."""
        if day in self.closed or (injector_id, day) in self.away:
            return ()
        return self.usual_hours(injector_id, day)

    def usual_hours(self, injector_id: int, day: date) -> tuple[Span, ...]:
        """The hours as if there were no closure."""
        own = self.single.get((injector_id, day))
        return self.weekly.get(injector_id, {}).get(day.weekday(), ()) if own is None else own

    def holds(self, injector_id: int, starts_at: datetime, minutes: int) -> bool:
        """Whether an appointment lies within the hours of its day, whatever is closed."""
        day, ends_at = starts_at.date(), starts_at + timedelta(minutes=minutes)
        return any(
            datetime.combine(day, opens) <= starts_at and ends_at <= datetime.combine(day, closes)
            for opens, closes in self.usual_hours(injector_id, day)
        )

    def rows(self) -> tuple[tuple[Hours, ...], tuple[ClosedDay, ...]]:
        """What the calendar draws: hours as if nothing were closed, and the closed days beside them."""
        days = [self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1)]
        injectors = sorted({*self.weekly, *(injector for injector, _ in self.single)})
        hours = tuple(
            Hours(injector, day, opens, closes)
            for day in days
            for injector in injectors
            for opens, closes in self.usual_hours(injector, day)
        )
        closed = [ClosedDay(day, None, self.closed[day]) for day in days if day in self.closed]
        closed += [ClosedDay(day, injector, reason) for (injector, day), reason in sorted(self.away.items())]
        return hours, tuple(closed)


def openings(session: Session, first_day: date, last_day: date) -> Openings:
    """Read the hours of a span of days, both ends included, in as many statements for a year as for a day."""
    connection = session.connection()
    weekly: dict[int, dict[int, tuple[Span, ...]]] = defaultdict(dict)
    for injector_id, weekday, *span in connection.execute(_WEEKLY).all():
        spans = weekly[injector_id].get(weekday, ())
        weekly[injector_id][weekday] = (*spans, (span[0], span[1]))
    single: dict[tuple[int, date], tuple[Span, ...]] = {}
    away: dict[tuple[int, date], str] = {}
    between = {"first": first_day, "last": last_day}
    for injector_id, day, opens, closes, reason in connection.execute(_SINGLE, between).all():
        key = injector_id, day
        single.setdefault(key, ())
        if opens is None or closes is None:
            away[key] = reason
        else:
            single[key] = (*single[key], (opens, closes))
    closed = _holidays(session, first_day, last_day)
    for whose, first, last, reason in connection.execute(_CLOSED, between).all():
        for day in _days(max(first, first_day), min(last, last_day)):
            if whose is None:
                closed[day] = reason
            else:
                away[whose, day] = reason
    return Openings(first_day, last_day, weekly, single, closed, away)


_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_WEEKLY = select(WorkingHours.injector_id, WorkingHours.weekday, WorkingHours.opens, WorkingHours.closes).order_by(
    WorkingHours.injector_id, WorkingHours.opens
)
_SINGLE = (
    select(DayHours.injector_id, DayHours.day, DayHours.opens, DayHours.closes, DayHours.reason)
    .where(DayHours.day.between(_FIRST, _LAST))
    .order_by(DayHours.opens)
)
_CLOSED = (
    select(Closure.injector_id, Closure.first_day, Closure.last_day, Closure.reason)
    .where(Closure.first_day <= _LAST, Closure.last_day >= _FIRST)
    .order_by(Closure.id)
)
_CLINIC = select(Clinic.choices, Clinic.country, Clinic.language)


def _holidays(session: Session, first_day: date, last_day: date) -> dict[date, str]:
    """The public holidays of the span on which the clinic does not work, by name."""
    choices, country, language = session.connection().execute(_CLINIC).one()
    choice = holiday_choice(choices)
    if not choice.kept:
        return {}
    worked = set(session.scalars(select(WorkedHoliday.day).where(WorkedHoliday.day.between(first_day, last_day))))
    found = public_holidays(country, choice.subdivision, language, first_day.year, last_day.year)
    return {day: name for day, name in found.items() if first_day <= day <= last_day and day not in worked}


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
