"""Dates as people remember them: a day, a month, or only a year."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day, a month or a year of the calendar; ``month`` and ``day`` are 0 where nobody knows them.

    Sorted by the first day it can mean, the less exact first. Raises ValueError for what the calendar does not have.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError("a day needs its month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """A day that is known exactly."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def read(cls, written: str) -> "PartialDate":
        """From "2019", "2019-04" or "2019-04-02". Raises ValueError for anything else."""
        parts = _WRITTEN.fullmatch(written)
        if parts is None:
            raise ValueError("not a year, month or day")
        if "00" in parts.groups():
            raise ValueError("a month or day is left out, never written as zero")
        return cls(*(int(part or 0) for part in parts.groups()))

    def __str__(self) -> str:
        """As ``read`` reads it, and as it is stored; such texts sort as the dates do."""
        written = f"{self.year:04d}"
        if self.month:
            written += f"-{self.month:02d}"
        return f"{written}-{self.day:02d}" if self.day else written

    @property
    def earliest(self) -> date:
        """The first day that it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])
