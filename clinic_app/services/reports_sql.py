"""What the reports' questions to the database have in common: periods, filters, months, days between, local days."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Select, String, case, cast, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import FunctionElement

from clinic_app.models import Injection, Vial, Visit
from clinic_app.reference.catalogue import Reference
from clinic_app.services.reports_data import ReportFilters, Steps

VISITS_A_STEP = 50_000
"""So many visits are read between two looks at whether somebody still waits."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the record for a report: the transaction, whose visits count, and what days and words mean."""

    session: Session
    filters: ReportFilters
    reference: Reference
    today: date
    zone: str
    steps: Steps

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        """The rows of one statement, past the session: nothing here is a record that could change."""
        return self.session.connection().execute(query).all()

    def over_visits(self, query_of: Callable[[Condition], Select[Any]], step: int = 0) -> Iterator[Any]:
        """The rows of a question that is asked of some visits after the other; the answers are to be added up.

        By number of the visit and not by its day: visits lie on the disk in the order of their numbers, so that each
        page is read once.
        """
        parts = self._parts(step or VISITS_A_STEP)
        for number, (first, last) in enumerate(parts):
            self.steps(number, len(parts))
            yield from self.rows(query_of(Visit.id.between(first, last)))
        self.steps(len(parts), len(parts))

    def _parts(self, step: int) -> list[tuple[int, int]]:
        # Each end by itself: asked for both at once, the database reads every visit.
        ends = (select(end(Visit.id)).where(*self.period(Visit.visited_on)) for end in (func.min, func.max))
        first, last = (self.session.scalar(query) for query in ends)
        if first is None or last is None:
            return []
        return [(low, min(low + step - 1, last)) for low in range(first, last + 1, step)]

    def period(self, day: Any) -> list[Condition]:
        """What keeps a column of days inside the period."""
        first, last = self.filters.first_day, self.filters.last_day
        return [*([day >= first] if first is not None else []), *([day <= last] if last is not None else [])]

    def visits(self) -> list[Condition]:
        """What keeps visits to the period and the filters."""
        filters, conditions = self.filters, self.period(Visit.visited_on)
        if filters.injector_id is not None:
            conditions.append(Visit.injector_id == filters.injector_id)
        if filters.product:
            given = select(Vial.id).where(Vial.visit_id == Visit.id, Vial.product == filters.product)
            conditions.append(given.correlate(Visit).exists())
        if filters.indication:
            other = select(Injection.id).where(
                Injection.visit_id == Visit.id, Injection.indication == filters.indication
            )
            conditions.append(or_(Visit.indication == filters.indication, other.correlate(Visit).exists()))
        return conditions

    def of_product(self, vials: type[Vial] = Vial) -> list[Condition]:
        """What keeps vials to the product of the filter, where visits with other products beside it count too."""
        return [vials.product == self.filters.product] if self.filters.product else []


def injected(visit: Any) -> Condition:
    """Whether anything was injected at a visit."""
    return select(Injection.id).where(Injection.visit_id == visit.id).correlate(visit).exists()


def month_of(day: Any) -> ColumnElement[str]:
    """The month of a day or a wall-clock moment: "2026-03"."""
    return func.substr(cast(day, String), 1, 7)


def first_of(month: str) -> date:
    """The first day of "2026-03"."""
    return date(int(month[:4]), int(month[5:7]), 1)


def band_of(units: Any, limits: Sequence[Decimal]) -> ColumnElement[int]:
    """The number of the band that a dose falls into; a dose on a limit belongs to the band below it."""
    return case(*((units <= limit, number) for number, limit in enumerate(limits)), else_=len(limits))


def band_words(number: int, limits: Sequence[Decimal]) -> str:
    """A band in units: "≤ 10", "10–25", "> 100"."""
    if number == 0:
        return f"≤ {limits[0].normalize():f}"
    if number == len(limits):
        return f"> {limits[-1].normalize():f}"
    return f"{limits[number - 1].normalize():f}–{limits[number].normalize():f}"


class days_between(FunctionElement[int]):  # noqa: N801 - reads as the function of the database that it is
    """How many days lie between an earlier day and a later one."""

    type = Integer()
    name = "days_between"
    inherit_cache = True


@compiles(days_between)
def _on_server(element: Any, compiler: Any, **words: Any) -> str:
    earlier, later = element.clauses
    return f"(({compiler.process(later, **words)}) - ({compiler.process(earlier, **words)}))"


@compiles(days_between, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    earlier, later = element.clauses
    whole = f"julianday({compiler.process(later, **words)}) - julianday({compiler.process(earlier, **words)})"
    return f"CAST({whole} AS INTEGER)"


class minutes_later(FunctionElement[str]):  # noqa: N801
    """A moment and a number of minutes after it, as text that sorts and whose first ten letters are its day."""

    type = String()
    name = "minutes_later"
    inherit_cache = True


@compiles(minutes_later)
def _later_on_server(element: Any, compiler: Any, **words: Any) -> str:
    moment, minutes = (compiler.process(each, **words) for each in element.clauses)
    return f"CAST({moment} + ({minutes}) * INTERVAL '1 minute' AS VARCHAR)"


@compiles(minutes_later, "sqlite")
def _later_on_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    moment, minutes = (compiler.process(each, **words) for each in element.clauses)
    return f"datetime({moment}, ({minutes}) || ' minutes')"


def local_day(moment: Any, zone: str, until: date) -> ColumnElement[str]:
    """The day of the clinic's zone on which a stored moment (UTC) falls: "2026-03-02"."""
    first, *changes = _offsets(zone, until.year + 1)
    offset: ColumnElement[int] = literal(first[1])
    if changes:
        later = [(moment >= at, literal(minutes)) for at, minutes in reversed(changes)]
        offset = case(*later, else_=literal(first[1]))
    return func.substr(minutes_later(moment, offset), 1, 10)


@lru_cache(maxsize=4)
def _offsets(zone: str, until_year: int) -> tuple[tuple[datetime, int], ...]:
    """From when on (UTC) the zone is so many minutes ahead of UTC, since 2000."""
    place, day, minute = ZoneInfo(zone), timedelta(days=1), timedelta(minutes=1)

    def offset(at: datetime) -> int:
        ahead = at.astimezone(place).utcoffset()
        assert ahead is not None  # the zone is one of the database of zones
        return round(ahead / minute)

    at = datetime(2000, 1, 1, tzinfo=UTC)
    found = [(at, offset(at))]
    while at.year <= until_year:
        if offset(at + day) != found[-1][1]:
            change = next(at + n * minute for n in range(1, 24 * 60 + 1) if offset(at + n * minute) != found[-1][1])
            found.append((change, offset(change)))
        at += day
    return tuple(found)


def as_day(day: date) -> ColumnElement[date]:
    """A day as the database compares days."""
    return literal(day, Date)
