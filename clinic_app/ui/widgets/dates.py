"""Understands dates as people type them. No widgets here."""

import calendar
import re
import unicodedata
from datetime import date, timedelta

from PySide6.QtCore import QLocale

from clinic_app.partial_dates import PartialDate
from clinic_app.ui.locale import numeric_date_format, partial_date_text

_RELATIVE = re.compile(r"([+-])?\s*(\d{1,4})\s*([dwmy])?", re.ASCII)
_AGO = re.compile(r"-?\s*(\d{1,4})\s*(d|w|m|y)(?:ays?|eeks?|onths?|ears?)?(?:\s+ago)?", re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(\d{4})[\W年년]{1,2}(\d{1,2})[月월.]?", re.ASCII)
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})\W{1,2}(\d{4})", re.ASCII)


def parse_date(text: str, today: date, locale: QLocale | None = None, *, in_the_past: bool = False) -> date | None:
    """The date meant by ``text``; None for an empty text.

    Understood: ``t`` (today), ``+3`` and ``-3`` (days), ``12w``, ``10d``, ``3m``, ``1y`` (from today, also with a
    sign), ISO dates, the locale's numeric form with two or four digits of the year, and "3 Dec 2026" or "Dec 3, 2026".
    Without a year it is the next such day, or the last one with ``in_the_past``. Raises ValueError for anything else.
    """
    plain = _ascii_digits(" ".join(text.split()))
    if not plain:
        return None
    if plain.lower() in ("t", "today"):
        return today
    relative = _relative(plain.lower(), today)
    if relative is not None:
        return relative
    chosen = QLocale() if locale is None else locale
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain, re.ASCII)
    if iso is not None:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    named = _with_month_name(plain, chosen)
    if named is not None:
        return _complete(*named, today, in_the_past)
    return _complete(*_numeric(plain, chosen), today, in_the_past)


def parse_partial_date(text: str, today: date, locale: QLocale | None = None) -> PartialDate | None:
    """The day, month or year in the past meant by ``text``; None for an empty text.

    Understood: "2019"; "4/2019", "2019-04", "Apr 2019"; every day that ``parse_date`` understands if its year is
    given; ``t`` (today); "3y" and "3 years ago", as exact as their unit. Raises ValueError for anything else, also for
    "4/19" and "Apr 19", which can be a day or a month.
    """
    plain = _ascii_digits(" ".join(text.split()))
    if not plain:
        return None
    if plain.lower() in ("t", "today"):
        return PartialDate.of(today)
    ago = _AGO.fullmatch(plain.lower())
    if ago is not None:
        return _ago(int(ago[1]), ago[2], today)
    chosen = QLocale() if locale is None else locale
    month = _month(plain, chosen)
    if month is not None:
        return month
    numbers = re.findall(r"\d+", plain)
    has_name = re.search(r"[^\W\d_]{3,}", plain) is not None
    if not any(len(number) >= 4 for number in numbers) and len(numbers) < (2 if has_name else 3):
        raise ValueError("without its year a date can mean more than one")
    day = parse_date(plain, today, chosen, in_the_past=True)
    return None if day is None else PartialDate.of(day)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _ascii_digits(text: str) -> str:
    """Arabic, Persian and other digits as 0 to 9, without the invisible marks of writing direction."""
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )


def _relative(text: str, today: date) -> date | None:
    match = _RELATIVE.fullmatch(text)
    if match is None or not (match[1] or match[3]):
        return None
    count = int(match[2]) * (-1 if match[1] == "-" else 1)
    try:
        if match[3] == "m":
            return add_months(today, count)
        if match[3] == "y":
            return add_months(today, 12 * count)
        return today + timedelta(days=count * (7 if match[3] == "w" else 1))
    except OverflowError as error:
        raise ValueError("not a date") from error


def _ago(count: int, unit: str, today: date) -> PartialDate:
    try:
        if unit == "y":
            return PartialDate(today.year - count)
        if unit == "m":
            month = add_months(today, -count)
            return PartialDate(month.year, month.month)
        return PartialDate.of(today - timedelta(days=count * (7 if unit == "w" else 1)))
    except OverflowError as error:
        raise ValueError("not a date") from error


def _month(text: str, locale: QLocale) -> PartialDate | None:
    """A year, or a month in numbers or by name, in any order; None when it is neither."""
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return PartialDate(int(text))
    year_first, year_last = _YEAR_AND_MONTH.fullmatch(text), _MONTH_AND_YEAR.fullmatch(text)
    if year_first is not None:
        return _month_of(int(year_first[1]), int(year_first[2]))
    if year_last is not None:
        return _month_of(int(year_last[2]), int(year_last[1]))
    year = re.search(r"(?<!\d)\d{4}(?!\d)", text, re.ASCII)
    if year is None:
        return None
    for number in range(1, 13):
        month = PartialDate(int(year[0]), number)
        if _ascii_digits(partial_date_text(month, locale)).casefold() == text.casefold():
            return month
    rest = (text[: year.start()] + text[year.end() :]).strip(" .,/-")
    number = _month_number(rest, locale) if re.fullmatch(r"[^\W\d_]{3,}", rest) else 0
    return _month_of(int(year[0]), number) if number else None


def _month_of(year: int, month: int) -> PartialDate:
    if not month:
        raise ValueError("there is no month zero")
    return PartialDate(year, month)


def _numeric(text: str, locale: QLocale) -> tuple[int, int, str]:
    """Day, month and the year as typed, in the order of the locale."""
    parts = re.fullmatch(r"(\d{1,4})\D{1,2}(\d{1,2})(?:\D{1,2}(\d{1,4}))?\D?", text, re.ASCII)
    packed = re.fullmatch(r"\d{8}|\d{6}", text, re.ASCII)
    form = numeric_date_format(locale)
    order = sorted("dMy", key=form.index)
    if packed is not None:
        values = _unpack(text, order)
    elif parts is not None and parts[3] is None:
        values = dict(zip([letter for letter in order if letter != "y"], (parts[1], parts[2]), strict=True), y="")
    elif parts is not None:
        if len(parts[1]) == 4:  # a year in front is the same in every country
            order = ["y", "M", "d"]
        values = dict(zip(order, parts.groups(), strict=True))
    else:
        raise ValueError("not a date")
    return int(values["d"]), int(values["M"]), values["y"]


def _unpack(text: str, order: list[str]) -> dict[str, str]:
    values, rest = {}, text
    for letter in order:
        width = len(text) - 4 if letter == "y" else 2
        values[letter], rest = rest[:width], rest[width:]
    return values


def _with_month_name(text: str, locale: QLocale) -> tuple[int, int, str] | None:
    before, name, after = r"(?:(\d{1,2})(?:st|nd|rd|th)?[.\s]*)?", r"([^\W\d_]{3,})\.?", r"(?:\s*(\d{1,2})\b)?"
    match = re.fullmatch(before + name + after + r"(?:[\s,.]+(\d{2,4}))?", text, re.IGNORECASE)
    if match is None:
        return None
    day = match[1] or match[3]
    year = match[4] or (match[3] if match[1] else "") or ""
    if not day:
        raise ValueError("not a date")
    month = _month_number(match[2], locale)
    if not month:
        raise ValueError("not a date")
    return int(day), month, year


def _month_number(name: str, locale: QLocale) -> int:
    """The month whose name in the locale or in English begins so; 0 for none."""
    typed = name.casefold()
    for month in range(1, 13):
        for form in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat):
            for names in (locale, QLocale.c()):
                known = (names.monthName(month, form), names.standaloneMonthName(month, form))
                if any(own.casefold().startswith(typed) for own in known):
                    return month
    return 0


def _complete(day: int, month: int, year: str, today: date, in_the_past: bool) -> date:
    if not year:
        if (month, day) == (2, 29):
            raise ValueError("the day needs its year")
        this = date(today.year, month, day)
        if in_the_past:
            return this if this <= today else this.replace(year=today.year - 1)
        return this if this >= today else this.replace(year=today.year + 1)
    if len(year) == 4:
        return date(int(year), month, day)
    if len(year) != 2:
        raise ValueError("not a date")
    # Two digits: a past date is at most 99 years old; another lies at most ten years ahead.
    century = today.year // 100 * 100
    full = century + int(year)
    latest = today.year if in_the_past else today.year + 10
    if full > latest:
        full -= 100
    found = date(full, month, day)
    if in_the_past and found > today:
        found = date(full - 100, month, day)
    return found
