"""What is asked of a report and what it answers, as plain data: columns with units, rows, and the count behind each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clinic_app.documents.chart_content import Picture

Steps = Callable[[int, int], None]
"""Told between two steps of a long report: how many are done, of how many. It raises to stop the work."""

Cell = str | int | Decimal | date | None
"""A word, a count, a figure or the first day of a month; None where nothing can be said."""

SMALL = 10
"""Counts below it are called small: a single case more or less moves a share by more than ten percent."""


class Question(StrEnum):
    """What the reports answer."""

    CYCLES = "cycles"
    LATE = "late"
    DOSES = "doses"
    WASTE = "waste"
    SIDE_EFFECTS = "side_effects"
    BENEFIT = "benefit"
    NO_SHOWS = "no_shows"
    MISSING = "missing"


TITLES = {
    Question.CYCLES: "Cycle length",
    Question.LATE: "Injected late",
    Question.DOSES: "Units given",
    Question.WASTE: "Waste",
    Question.SIDE_EFFECTS: "Side effects",
    Question.BENEFIT: "Benefit and wear-off",
    Question.NO_SHOWS: "No-shows",
    Question.MISSING: "What is missing",
}


@dataclass(frozen=True, slots=True)
class ReportFilters:
    """Which visits count. Both days of the period count; None is open, "" is any."""

    first_day: date | None = None
    last_day: date | None = None
    injector_id: int | None = None
    product: str = ""
    indication: str = ""


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the filters offer, each value with its name: those that the record holds."""

    injectors: tuple[tuple[int, str], ...]
    products: tuple[tuple[str, str], ...]
    indications: tuple[tuple[str, str], ...]


class Kind(StrEnum):
    """How a column's cells are written."""

    TEXT = "text"
    MONTH = "month"
    COUNT = "count"
    FIGURE = "figure"
    """One decimal place, in the column's unit."""
    UNITS = "units"
    """Units of the product of its row, exactly."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a column. ``unit`` stands beside it: %, weeks, days, U. ``tip`` says how the figure is made."""

    title: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``count`` is what its figures rest on; ``key`` finds the visits behind it again."""

    cells: tuple[Cell, ...]
    count: int
    key: tuple[str | int, ...]

    @property
    def small(self) -> bool:
        """Whether its figures rest on so few that they must be read with care."""
        return self.count < SMALL


@dataclass(frozen=True, slots=True)
class Report:
    """An answer. ``applied`` are the filters in words; ``notes`` say what the figures leave out."""

    question: Question
    filters: ReportFilters
    applied: tuple[str, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    picture: Picture
    notes: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.question]


@dataclass(frozen=True, slots=True)
class Behind:
    """A visit behind a row, or an appointment that was not kept (``visit_id`` None then)."""

    patient_id: int
    name: str
    record_number: str
    day: date
    injector: str
    visit_id: int | None = None
    said: str = ""
