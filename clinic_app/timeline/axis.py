"""The axis of time: where a day lies, and which ticks a zoom has room for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from clinic_app.timeline.course import Course
from clinic_app.timeline.writing import Writing

END_ROOM = 120.0
"""Room at the right end, for the words of what has only begun."""
_BEFORE, _AFTER, _SHORTEST = timedelta(days=28), timedelta(days=14), timedelta(days=182)
_APART = 12.0
"""Least room between the words of two ticks."""
_YEAR = 32.0
"""The width of a year's four digits, at most."""
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_SHORTEST_MONTH = {1: 28, 3: 90, 6: 181}
"""Least number of days in so many months."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Days from ``first`` to ``last``, each ``per_day`` units wide; places count from the left end."""

    first: date
    last: date
    per_day: float

    def x(self, day: date) -> float:
        """Where a day lies, also beyond the ends."""
        return (day - self.first).days * self.per_day

    def day(self, x: float) -> date:
        """The day at a place, the nearest end beyond them."""
        return self.first + timedelta(days=min(max(round(x / self.per_day), 0), (self.last - self.first).days))

    @property
    def width(self) -> float:
        """How wide the whole is, with the room at its right end."""
        return (self.last - self.first).days * self.per_day + END_ROOM


@dataclass(frozen=True, slots=True)
class Tick:
    """A day with its words; ``year`` is true where a year begins."""

    day: date
    text: str
    year: bool


def axis_of(course: Course, per_day: float) -> TimeAxis:
    """From shortly before the first injection, for half a year at least, to shortly after today."""
    days = course.injected_on
    first = (days[0] if days else course.today) - _BEFORE
    ends = [effect.ended_on or effect.started_on for effect in course.effects]
    last = max([course.today, *days[-1:], *ends]) + _AFTER
    return TimeAxis(first, max(last, first + _SHORTEST), per_day)


def fitting(course: Course, width: float) -> float:
    """How wide a day may be for the whole course to have room in a width."""
    axis = axis_of(course, 1.0)
    return max(width - END_ROOM, 1.0) / (axis.last - axis.first).days


def ticks(axis: TimeAxis, left: float, right: float, writing: Writing) -> tuple[Tick, ...]:
    """The ticks between two places: Mondays, months or years, as close as their words have room."""
    first, last = axis.day(left), axis.day(right)
    week = max(writing.width(writing.day(date(2026, month, 28)), False) for month in range(1, 13))
    if 7 * axis.per_day >= week + _APART:
        monday = first - timedelta(days=first.weekday())
        days = (monday + timedelta(weeks=number) for number in range((last - monday).days // 7 + 1))
        return tuple(Tick(day, writing.day(day), False) for day in days if first <= day)
    month = max(writing.width(writing.month(date(2026, number, 1)), False) for number in range(1, 13))
    roomy = (step for step in _MONTHS if _room(step, axis) >= (month if step < 12 else _YEAR) + _APART)
    step = next(roomy, _MONTHS[-1])
    return tuple(
        Tick(day, writing.month(day) if step < 12 else str(day.year), day.month == 1)
        for day in _firsts(first, last, step)
    )


def _room(months: int, axis: TimeAxis) -> float:
    return _SHORTEST_MONTH.get(months, months // 12 * 365) * axis.per_day


def _firsts(first: date, last: date, months: int) -> Iterator[date]:
    """The first days of every so many months, counted from the year 0, between two days."""
    number = -(-(first.year * 12 + first.month - 1) // months) * months
    if number == first.year * 12 + first.month - 1 and first.day > 1:
        number += months
    while number // 12 <= MAXYEAR and (day := date(number // 12, number % 12 + 1, 1)) <= last:
        yield day
        number += months
