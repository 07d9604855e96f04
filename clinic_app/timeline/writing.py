"""How the picture writes: dates and numbers of the reader's locale, and how wide a text becomes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic_app.partial_dates import PartialDate

_LONGEST = 44
"""Letters of a label."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Given by whoever paints. ``width`` measures a text, bold or not, in the picture's units."""

    day: Callable[[date], str]
    month: Callable[[date], str]
    number: Callable[[Decimal], str]
    width: Callable[[str, bool], float]

    def units(self, units: Decimal) -> str:
        """An amount as bars are labelled: "100 U"."""
        return f"{self.number(units)} U"

    def when(self, known: PartialDate) -> str:
        """A day, month or year as exactly as it is known."""
        if known.day:
            return self.day(known.earliest)
        return self.month(known.earliest) if known.month else str(known.year)

    def longest(self, choices: Iterable[str], room: float, *, bold: bool = False) -> str:
        """The first of the texts, from the longest down, that has room; "" when none has."""
        return next((text for text in choices if self.width(text, bold) <= room), "")

    def shortened(self, text: str, room: float, *, bold: bool = False) -> str:
        """The text, cut with an ellipsis where it is wider than the room."""
        if self.width(text, bold) <= room:
            return text
        kept, cut = 0, len(text)
        while cut - kept > 1:
            half = (kept + cut) // 2
            kept, cut = (half, cut) if self.width(f"{text[:half].rstrip()}…", bold) <= room else (kept, half)
        return f"{text[:kept].rstrip()}…"


def brief(text: str) -> str:
    """Somebody's own words, short enough for a label; the whole of them is told where it is asked about."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def weeks(days: int) -> str:
    """A number of days in weeks and days: "11 w 5 d", "12 w", "3 d"."""
    whole, rest = divmod(days, 7)
    return " ".join(part for part in (f"{whole} w" if whole else "", f"{rest} d" if rest or not whole else "") if part)
