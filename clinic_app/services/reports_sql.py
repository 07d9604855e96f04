"""What the reports' questions to the database have in common: periods, filters, months, days between, local days."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import FunctionElement

from clinic_app.models import Injection, Vial, Visit
from clinic_app.reference.catalogue import Reference
from clinic_app.services.reports_data import ReportFilters, Steps

Condition = ColumnElement[bool]
CountedBy = Select[Any] | CompoundSelect[Any]
"""A question that counts."""
Rows = Sequence[Sequence[Any]]
"""What was counted of the visits of a month: injector, indications, products, then what the question counts by."""


@dataclass(frozen=True, slots=True)
class Month:
    """Days of one month, both ends included; ``whole`` when they are all of it."""

    first: date
    last: date
    whole: bool

    @property
    def name(self) -> str:
        """Such as "2026-03"."""
        return f"{self.first:%Y-%m}"

    def holds(self, day: Any) -> Condition:
        """Whether a column of days lies in it."""
        found: Condition = day.between(self.first, self.last)
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the record for a report: the transaction, whose visits count, and what days and words mean."""

    session: Session
    filters: ReportFilters
    reference: Reference
    today: date
    zone: str
    steps: Steps
    kept: Mapping[str, Rows] = field(default_factory=dict)
    """What was counted before of whole months, as far as it still holds."""

    def rows(self, query: CountedBy) -> Sequence[Any]:
        """The rows of one statement, past the session: nothing here is a record that could change."""
        return self.session.connection().execute(query).all()

    def counted(self, query_of: Callable[[Condition], CountedBy]) -> Iterator[tuple[Any, ...]]:
        """The rows of a question that is asked of one month after the other, each with its month before it.

        The question counts by ``whose`` first, and knows no filter: they are put here. The answers are to be added up.
        """
        months = self.months()
        for number, month in enumerate(months):
            rows = self.kept.get(month.name) if month.whole else None
            if rows is None:
                self.steps(number, len(months))
                rows = self.rows(query_of(month.holds(Visit.visited_on)))
            for injector, indications, products, *row in rows:
                if self._keeps(injector, indications, products):
                    yield month.name, *row
        self.steps(len(months), len(months))

    def months(self) -> "list[Month]":
        """The months of the period in which there may be visits."""
        # Each end by itself: asked for both at once, the database reads every visit.
        ends = (select(end(Visit.visited_on)).where(*self.period(Visit.visited_on)) for end in (func.min, func.max))
        first, last = (self.session.scalar(query) for query in ends)
        if first is None or last is None:
            return []
        found, day = [], first.replace(day=1)
        while day <= last:
            end = day.replace(day=monthrange(day.year, day.month)[1])
            wanted = max(day, self.filters.first_day or day), min(end, self.filters.last_day or end)
            found.append(Month(*wanted, whole=wanted == (day, end)))
            day = end + timedelta(days=1)
        return found

    def _keeps(self, injector: int, indications: str | None, products: str | None) -> bool:
        filters = self.filters
        return (
            filters.injector_id in (None, injector)
            and (not filters.product or filters.product in (products or "").split(SEPARATOR))
            and (not filters.indication or filters.indication in (indications or "").split(SEPARATOR))
        )

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


SEPARATOR = "|"
"""Between the ids of a visit's indications or products."""
_FACTS: tuple[Any, ...] = (
    Visit.id,
    Visit.patient_id,
    Visit.injector_id,
    Visit.visited_on,
    Visit.indication,
    Visit.interval_weeks,
    Visit.signed_at,
    Visit.consent,
    Visit.import_id,
    (func.trim(Visit.assessment) == "").label("unsaid"),
)
_OWN_INDICATIONS = (
    select(func.aggregate_strings(Injection.indication, SEPARATOR))
    .where(Injection.visit_id == Visit.id, Injection.indication.is_not(None))
    .correlate(Visit)
    .scalar_subquery()
)
_PRODUCTS = (
    select(func.aggregate_strings(Vial.product, SEPARATOR))
    .where(Vial.visit_id == Visit.id)
    .correlate(Visit)
    .scalar_subquery()
)


def chosen(*conditions: Condition) -> CTE:
    """The visits of some conditions, with the facts that reports ask of them."""
    # Kept once: merged into the question around it, each fact would be looked up for each mention.
    return select(*_FACTS).where(*conditions).cte("chosen").prefix_with("MATERIALIZED")


def all_of(some: Condition) -> CTE:
    """The same with what filters ask of them; see ``whose``."""
    indications = Visit.indication + func.coalesce(SEPARATOR + _OWN_INDICATIONS, "")
    whose = (indications.label("indications"), _PRODUCTS.label("products"))
    return select(*_FACTS, *whose).where(some).cte("chosen").prefix_with("MATERIALIZED")


def whose(visits: CTE) -> tuple[ColumnElement[Any], ...]:
    """What every question counts by first, so that filters can be put later: injector, indications, products."""
    return visits.c.injector_id, visits.c.indications, visits.c.products


def injected(visit: Any) -> Condition:
    """Whether anything was injected at a visit."""
    number = visit.c.id if isinstance(visit, CTE) else visit.id
    return select(Injection.id).where(Injection.visit_id == number).correlate(visit).exists()


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


def thousandths(units: Any) -> ColumnElement[int]:
    """The sum of a column of units, as the whole thousandths that it is stored in."""
    return type_coerce(func.sum(units), Integer)


def in_units(amount: int) -> Decimal:
    """Thousandths as units."""
    return Decimal(amount).scaleb(-3)


def days_later(day: Any, days: Any) -> ColumnElement[str]:
    """The day a number of days after another, as text: "2026-03-02"."""
    return func.substr(minutes_later(day, days * (24 * 60)), 1, 10)
