"""Days as people type them into spreadsheets, in whichever order of day, month and year."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from clinic_app.errors import ClinicError
from clinic_app.partial_dates import PartialDate
from clinic_app.typed_text import clean, fold


class DateOrder(StrEnum):
    """How a column writes its days; a serial is the number of days that Excel counts from the end of 1899."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    SERIAL = "serial"


_Reading = tuple[str, int, int]
"""The year as it is written, the month and the day."""

_ORDERS = (DateOrder.DMY, DateOrder.MDY, DateOrder.YMD)
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "sv")
_MORE_NAMES = {"sept": 9, "maerz": 3, "mrz": 3, "janner": 1, "feber": 2}
_FILLERS = frozenset("de del di of the den le el il st nd rd th er".split())
_TIME = re.compile(r"(?:T|,?\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s*[ap]\.?m\.?)?", re.ASCII | re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,4})\s*([-./ ])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})\s*[-./ ]\s*(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?:\s*[-./ ]\s*(\d{1,2}))?", re.ASCII)
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|[^\s.,/'’-]")
_BEFORE_SERIALS = date(1899, 12, 30)
# From 10 January 1906 to the end of 2100: smaller numbers may be years, and nobody alive was treated before.
_SERIALS = range(2201, 73_416)
_SERIAL = re.compile(r"(\d{4,5})(?:[.,]\d+)?", re.ASCII)
_LONGEST = 60


def date_orders(cells: Iterable[str]) -> frozenset[DateOrder]:
    """In which orders the days of a column can be read.

    One: it is that. Two or three: somebody must say, since every day reads in each (04/05/2021). None: there is no
    day, or the days contradict each other (13/02/2021 and 02/13/2021), and somebody must say as well. What is no day
    in any order is passed over; what reads alike in every order (2021-05-04, 4 May 2021) does not decide, and a column
    of nothing else is YMD.
    """
    filled = [text for cell in cells if (text := cell.strip())]
    if filled and all(_serial(text) is not None for text in filled):
        return frozenset({DateOrder.SERIAL})
    orders, found, decided = set(_ORDERS), False, False
    for text in filled:
        readings = _readings(text)
        found = found or bool(readings) or _partial(text) is not None
        if readings and (len(readings) < len(_ORDERS) or len(set(readings.values())) > 1):
            orders &= readings.keys()
            decided = True
    if decided:
        return frozenset(orders)
    return frozenset({DateOrder.YMD}) if found else frozenset()


def read_day(text: str, order: DateOrder, *, pivot: int | None = None) -> date:
    """The day that ``text`` means in a column of this order; a time of day behind it is passed over.

    ``pivot`` is the last year that two digits can mean: 2026 makes 26 of 2026 and 27 of 1927. Without it they are
    refused. Raises ClinicError ``day_unreadable`` or ``day_year_short``.
    """
    if order is DateOrder.SERIAL:
        day = _serial(text.strip())
    else:
        reading = _readings(text).get(order)
        day = None if reading is None else _day(reading, pivot, text)
    if day is None:
        raise ClinicError("day_unreadable", field="day", typed=text.strip()[:40])
    return day


def read_partial_day(text: str, order: DateOrder, *, pivot: int | None = None) -> PartialDate:
    """A day as ``read_day`` reads it, a month ("05/2019", "May 2019") or a year of four digits.

    Raises ClinicError as ``read_day`` does.
    """
    partial = None if order is DateOrder.SERIAL else _partial(text)
    return partial or PartialDate.of(read_day(text, order, pivot=pivot))


def _readings(text: str) -> Mapping[DateOrder, _Reading]:
    """What the text means in each order in which it is a day of the calendar."""
    typed = _TIME.sub("", clean(text)) if len(text) < _LONGEST else ""
    compact = _COMPACT.fullmatch(typed)
    numeric = _NUMERIC.fullmatch(typed)
    if compact is not None:
        return _alike((compact[1], int(compact[2]), int(compact[3])))
    if numeric is None:
        named = _with_named_month(typed)
        return {} if named is None or not named[2] else _alike(named)
    first, second, third = numeric[1], int(numeric[3]), numeric[4]
    if len(first) == 4:
        return _alike((first, second, int(third)))
    possible: dict[DateOrder, _Reading] = {}
    if len(third) in (2, 4) and len(first) <= 2:
        possible[DateOrder.DMY] = third, second, int(first)
        possible[DateOrder.MDY] = third, int(first), second
    if len(third) <= 2 and len(first) == 2:
        possible[DateOrder.YMD] = first, second, int(third)
    valid = {order: reading for order, reading in possible.items() if _exists(reading)}
    if len(valid) == len(possible) > 1 and len(set(valid.values())) == 1:
        return _alike(next(iter(valid.values())))  # 05/05/2021
    return valid


def _alike(reading: _Reading) -> Mapping[DateOrder, _Reading]:
    return dict.fromkeys(_ORDERS, reading) if _exists(reading) else {}


def _exists(reading: _Reading) -> bool:
    year, month, day = reading
    # 2000 is a leap year: whether a short year was one is seen when it is known.
    return _date(2000 + int(year) if len(year) == 2 else int(year), month, day) is not None


def _day(reading: _Reading, pivot: int | None, text: str) -> date | None:
    year, month, day = reading
    if len(year) != 2:
        return _date(int(year), month, day)
    if pivot is None:
        raise ClinicError("day_year_short", field="day", typed=text.strip()[:40])
    return _date(pivot - (pivot - int(year)) % 100, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _serial(text: str) -> date | None:
    found = _SERIAL.fullmatch(text)
    if found is None or int(found[1]) not in _SERIALS:
        return None
    return _BEFORE_SERIALS + timedelta(days=int(found[1]))


def _partial(text: str) -> PartialDate | None:
    """A month or a year; None for anything else."""
    typed = clean(text) if len(text) < _LONGEST else ""
    month_first, year_first = _MONTH_FIRST.fullmatch(typed), _YEAR_FIRST.fullmatch(typed)
    if month_first is not None:
        year, month = int(month_first[2]), int(month_first[1])
    elif year_first is not None:
        year, month = int(year_first[1]), int(year_first[2] or 0)
    else:
        named = _with_named_month(typed)
        if named is None or named[2]:
            return None
        year, month = int(named[0]), named[1]
    whole_year = year_first is not None and year_first[2] is None
    return PartialDate(year, month) if _date(year, month or 1, 1) is not None and (month or whole_year) else None


def _with_named_month(typed: str) -> _Reading | None:
    """3 May 2021, May 3rd, 2021, 3-May-21, 2021 May 3; or with the day 0, May 2021."""
    tokens = _TOKEN.findall(typed)
    words = [word for token in tokens if token.isalpha() and (word := fold(token)) not in _FILLERS]
    numbers = [token for token in tokens if not token.isalpha()]
    months = [_months()[word] for word in words if word in _months()]
    if len(months) != 1 or len(words) != 1 or not all(re.fullmatch("[0-9]{1,4}", number) for number in numbers):
        return None
    match numbers:
        case [year] if len(year) == 4:
            return year, months[0], 0
        case [year, day] if len(year) == 4 and len(day) <= 2:
            return year, months[0], int(day) or 99
        case [day, year] if len(day) <= 2 and len(year) in (2, 4):
            return year, months[0], int(day) or 99
        case _:
            return None


@lru_cache(maxsize=1)
def _months() -> Mapping[str, int]:
    """The names of months in all languages, and what they begin with, where that means one month only."""
    from babel import Locale

    names: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for form in Locale.parse(language).months.values():
            for month, name in [*form["wide"].items(), *form["abbreviated"].items()]:
                for short in (name, name[:3]):
                    names.setdefault(fold(short), set()).add(month)
    one = {name: next(iter(months)) for name, months in names.items() if len(months) == 1}
    return MappingProxyType(one | _MORE_NAMES)
