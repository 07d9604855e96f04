"""What a chart shows, as plain data."""

from dataclasses import dataclass
from datetime import date

from clinic_app.documents.style import HAIRLINE, INK, QUIET


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of the picture with the ends of its spread or interval, where it has one."""

    at: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one colour, one for each category; None leaves its place empty."""

    name: str
    values: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. Categories are months (their first days) along the bottom or, with ``lying``, words from the top down.

    ``unit`` belongs to every figure. ``spread`` says what the whiskers are, "" where there are none.
    """

    title: str
    unit: str
    categories: tuple[str | date, ...]
    series: tuple[Series, ...]
    lying: bool = False
    spread: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value is not None for series in self.series for value in series.values)


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a chart as "#RRGGBB"; a series also has a mark of its own, so that it reads in grey."""

    ink: str = INK
    quiet: str = QUIET
    hairline: str = HAIRLINE
    ground: str = "#FFFFFF"
    series: tuple[str, ...] = ("#0F766E", "#7A4A21", "#1D63C4", "#6B3FC4")
