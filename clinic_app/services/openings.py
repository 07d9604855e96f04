"""When the clinic and each injector work on a day: the week's hours, single days, closures and public holidays."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
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
    weekly: dict[int, dict[int, tuple[Span, ...]]] = defaultdict(dict)
    for row in session.scalars(select(WorkingHours).order_by(WorkingHours.injector_id, WorkingHours.opens)):
        spans = weekly[row.injector_id].get(row.weekday, ())
        weekly[row.injector_id][row.weekday] = (*spans, (row.opens, row.closes))
    single: dict[tuple[int, date], tuple[Span, ...]] = {}
    away: dict[tuple[int, date], str] = {}
    between = DayHours.day.between(first_day, last_day)
    for own in session.scalars(select(DayHours).where(between).order_by(DayHours.opens)):
        key = own.injector_id, own.day
        single.setdefault(key, ())
        if own.opens is None or own.closes is None:
            away[key] = own.reason
        else:
            single[key] = (*single[key], (own.opens, own.closes))
    closed = _holidays(session, first_day, last_day)
    over = select(Closure).where(Closure.first_day <= last_day, Closure.last_day >= first_day).order_by(Closure.id)
    for closure in session.scalars(over):
        for day in _days(max(closure.first_day, first_day), min(closure.last_day, last_day)):
            if closure.injector_id is None:
                closed[day] = closure.reason
            else:
                away[closure.injector_id, day] = closure.reason
    return Openings(first_day, last_day, weekly, single, closed, away)


def _holidays(session: Session, first_day: date, last_day: date) -> dict[date, str]:
    """The public holidays of the span on which the clinic does not work, by name."""
    clinic = session.scalars(select(Clinic)).one()
    choice = holiday_choice(clinic.choices)
    if not choice.kept:
        return {}
    worked = set(session.scalars(select(WorkedHoliday.day).where(WorkedHoliday.day.between(first_day, last_day))))
    found = public_holidays(clinic.country, choice.subdivision, clinic.language, first_day.year, last_day.year)
    return {day: name for day, name in found.items() if first_day <= day <= last_day and day not in worked}


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
