"""Dates, times and numbers as the person in front of the screen writes them."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from PySide6.QtCore import QDate, QLocale, QTime

from clinic_app.partial_dates import PartialDate

_WEEKDAY = re.compile(r"[\s,،]*d{3,4}[\s,،.]*")


def date_text(day: date, locale: QLocale | None = None) -> str:
    """A date nobody can misread: "12 Mar 1961", "Mar 12, 1961"."""
    return _locale(locale).toString(_qt_date(day), _medium_format(_locale(locale)))


def long_date_text(day: date, locale: QLocale | None = None) -> str:
    """A date with the whole name of its month: "12 March 1961", "March 12, 1961"."""
    chosen = _locale(locale)
    return chosen.toString(_qt_date(day), re.sub(r"(?<!M)MMM(?!M)", "MMMM", _medium_format(chosen)))


def partial_date_text(when: PartialDate, locale: QLocale | None = None) -> str:
    """A date as exactly as it is known: "2 Apr 2019", "Apr 2019", "2019"."""
    chosen = _locale(locale)
    if when.day:
        return date_text(when.earliest, chosen)
    without_day = re.sub(r"[\s,/-]*d+[\s,./日일-]*", " ", _medium_format(chosen)).strip().removesuffix(" .")
    return chosen.toString(_qt_date(when.earliest), without_day if when.month else "yyyy")


def weekday_date_text(day: date, locale: QLocale | None = None) -> str:
    """A date with its weekday: "Thu 3 Dec 2026"."""
    chosen = _locale(locale)
    return f"{chosen.dayName(day.isoweekday(), QLocale.FormatType.ShortFormat)} {date_text(day, chosen)}"


def weekday_text(day: date, locale: QLocale | None = None) -> str:
    """The short weekday: "Thu"."""
    return _locale(locale).toString(_qt_date(day), "ddd")


def day_month_text(day: date, locale: QLocale | None = None) -> str:
    """A date of this year in a tight place: "3 Dec"."""
    chosen = _locale(locale)
    return chosen.toString(_qt_date(day), _without_year(_medium_format(chosen)))


def numeric_date_text(day: date, locale: QLocale | None = None) -> str:
    """A date in digits with the full year, as date fields show it: "03/12/2026"."""
    chosen = _locale(locale)
    return chosen.toString(_qt_date(day), numeric_date_format(chosen))


def numeric_date_format(locale: QLocale | None = None) -> str:
    """Qt's format of ``numeric_date_text``: the locale's short one, with four digits for the year."""
    form = _locale(locale).dateFormat(QLocale.FormatType.ShortFormat)
    return form if "yyyy" in form else re.sub("y+", "yyyy", form)


def time_text(moment: time | datetime, locale: QLocale | None = None) -> str:
    """A time of day: "14:21", "2:21 PM"."""
    clock = QTime(moment.hour, moment.minute)
    # Qt writes a narrow no-break space before PM, which a person does not type and some fonts lack.
    return _locale(locale).toString(clock, QLocale.FormatType.ShortFormat).replace("\u202f", " ")


def number_text(number: Decimal | int | float, decimals: int | None = None, locale: QLocale | None = None) -> str:
    """A number with the locale's decimal mark: exact without ``decimals``, rounded half to even with it."""
    value = number if isinstance(number, Decimal) else Decimal(str(number))
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals))
    plain = f"{value:f}"
    if decimals is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace("-", "−").replace(".", _locale(locale).decimalPoint())


def age(birth: date, today: date) -> int:
    """Full years. Somebody born on 29 February turns a year older on 1 March."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def weeks_text(days: int) -> str:
    """A number of days in weeks and days: "11 w 5 d", "12 w", "3 d"."""
    weeks, rest = divmod(abs(days), 7)
    sign = "−" if days < 0 else ""
    if not weeks:
        return f"{sign}{rest} d"
    return f"{sign}{weeks} w {rest} d" if rest else f"{sign}{weeks} w"


def language_name(language: str) -> str:
    """A language by its own name, as its readers look for it: "Español" for "es"."""
    from babel import Locale  # only lists of languages need it

    locale = Locale.parse(language)
    return (locale.get_display_name(locale) or language).capitalize()


def parse_number(text: str) -> Decimal | None:
    """What was typed as a number; comma and point are both the decimal mark. None for an empty text.

    Raises ValueError for anything else, also for a grouped number such as "1,000.5": a guess would be a dose.
    """
    plain = re.sub(r"\s", "", text).replace("−", "-")
    if not plain:
        return None
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", plain, re.ASCII):
        raise ValueError("not a number")
    return Decimal(plain.replace(",", "."))


def parse_time(text: str) -> time | None:
    """What was typed as a time of day: "14:21", "14.21", "1421", "9", "2:21 pm". None for an empty text.

    Raises ValueError for anything else.
    """
    plain = re.sub(r"\s", "", text).lower().replace(".m.", "m")
    if not plain:
        return None
    match = re.fullmatch(r"(\d{1,2})[:.h]?(\d{2})?([ap]m?)?", plain, re.ASCII)
    if match is None:
        raise ValueError("not a time")
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("not a time")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute)


def _medium_format(locale: QLocale) -> str:
    return _without_weekday(locale.dateFormat(QLocale.FormatType.LongFormat))


@lru_cache(maxsize=64)
def _without_weekday(long_format: str) -> str:
    form = _WEEKDAY.sub(" ", long_format).strip()
    # "3 de dic de 2026" is longer than "3 dic 2026" and says no more.
    return re.sub("M{4}", "MMM", re.sub(r"\s*'\w+'\s*", " ", form))


@lru_cache(maxsize=64)
def _without_year(form: str) -> str:
    return re.sub(r"[\s,./-]*y+[\s,.년年]*", "", form).strip()


def _qt_date(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _locale(locale: QLocale | None) -> QLocale:
    return QLocale() if locale is None else locale
