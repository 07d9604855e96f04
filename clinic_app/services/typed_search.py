"""What somebody typed to find a patient, taken apart: days of birth, and words of names and numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from clinic_app.errors import ClinicError
from clinic_app.exchange.typed_days import DateOrder, read_day
from clinic_app.models.search_word import words_of
from clinic_app.services import misspellings

_NUMERIC = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\.?", re.ASCII)
_HALF_A_DAY = re.compile(r"(?<!\S)\d{1,4}[./]\S*(?!\S)", re.ASCII)
_DIGITS = re.compile(r"\d{8}", re.ASCII)
_NAMED = re.compile(r"(?=.*[^\W\d_]{3})(?=.*(?<!\d)\d{1,2}(?!\d))(?=.*(?<!\d)\d{2,4}(?!\d)).+")
_LONGEST_DAY = 5
"""Words of a day: 12 de marzo de 1961."""
_MOST_SPELT = 3
_SHORTEST_PART = 3
"""Letters of what is looked for inside a word; fewer begin one."""


@dataclass(frozen=True)
class TypedSearch:
    """``days`` are all that a birth date can mean, ``words`` the rest, each once and the longest first.

    ``perhaps`` are the days that eight digits mean if they are no number.
    """

    words: tuple[str, ...]
    days: tuple[date, ...] = ()
    perhaps: tuple[date, ...] = ()
    unfinished_day: bool = False

    @classmethod
    def read(cls, text: str, today: date) -> "TypedSearch":
        """Take a text apart; ``today`` says which century two digits of a year mean."""
        typed = text.split()
        days: tuple[date, ...] = ()
        for size in range(min(_LONGEST_DAY, len(typed)), 0, -1):
            for first in range(len(typed) - size + 1):
                days = days_meant(" ".join(typed[first : first + size]), today)
                if days:
                    del typed[first : first + size]
                    break
            if days:
                break
        rest = " ".join(typed)
        words = sorted(dict.fromkeys(words_of(rest)), key=lambda word: (-len(word), word))
        perhaps = _compact_days(rest, today) if _DIGITS.fullmatch(rest) and not days else ()
        return cls(tuple(words), days, perhaps, _HALF_A_DAY.search(rest) is not None)

    @cached_property
    def part(self) -> str:
        """The longest word that may stand inside a name; "" for none."""
        return next((word for word in self.words if len(word) >= _SHORTEST_PART and not has_digit(word)), "")

    @cached_property
    def has_number(self) -> bool:
        """Whether a word may stand inside a number."""
        return not self.unfinished_day and any(len(word) >= _SHORTEST_PART and has_digit(word) for word in self.words)

    @cached_property
    def spelt(self) -> tuple[str, ...]:
        """The longest words, in one of which a letter may be wrong."""
        spelt = (word for word in self.words if len(word) >= misspellings.SHORTEST and not has_digit(word))
        return tuple(islice(spelt, _MOST_SPELT))


def has_digit(word: str) -> bool:
    """Whether a word is a number, or may be one."""
    return any(letter.isdigit() for letter in word)


def begins_with(words: str) -> str:
    """The pattern of texts that begin so."""
    return f" {words}%"


def begins(word: str) -> str:
    """The pattern of texts in which a word begins so."""
    return f"% {word}%"


def fits(word: str) -> str:
    """The pattern of texts which a word fits: a short one begins a word, a longer one may stand within one."""
    return f"%{word}%" if len(word) >= _SHORTEST_PART else begins(word)


def fits_in(word: str, parts: Sequence[str]) -> bool:
    """What ``fits`` says, of a text that was taken apart."""
    if len(word) >= _SHORTEST_PART:
        return any(word in part for part in parts)
    return any(part.startswith(word) for part in parts)


def days_meant(typed: str, today: date) -> tuple[date, ...]:
    """The days that a typed birth date can mean: year first, day first or month first, or with the month's name."""
    if _NUMERIC.fullmatch(typed) is None and _NAMED.fullmatch(typed) is None:
        return ()
    return _read(typed, today, tuple(DateOrder)[:3])


def _compact_days(typed: str, today: date) -> tuple[date, ...]:
    ordered = (typed, f"{typed[:2]}.{typed[2:4]}.{typed[4:]}")
    return tuple(dict.fromkeys(day for each in ordered for day in days_meant(each, today) or _read(each, today)))


def _read(typed: str, today: date, orders: tuple[DateOrder, ...] = (DateOrder.YMD,)) -> tuple[date, ...]:
    found = []
    for order in orders:
        try:
            found.append(read_day(typed, order, pivot=today.year))
        except ClinicError:
            continue
    return tuple(dict.fromkeys(found))
