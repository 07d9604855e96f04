"""How dates, times and numbers are written, and the words of papers by language."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from clinic_app.resources import resource_path

SIDES = {"left": "Left", "right": "Right", "midline": "Midline"}


def known_locale(name: str) -> str:
    """The locale of a system as documents know it: its language alone, or English, where they do not ("C")."""
    from babel.core import Locale, UnknownLocaleError

    for each in (name, name.partition("_")[0]):
        try:
            return str(Locale.parse(each))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"


@lru_cache(maxsize=64)
def locale_in(language: str, country: str) -> str:
    """How a language is written in a country: "es_US"; by itself where that is not known, or no country is given."""
    return known_locale(f"{language}_{country}" if country else language)


def long_date(day: date | None, locale: str) -> str:
    """For example "24 November 2026", as the locale writes it; nothing for None."""
    return _format("date", day, "long", locale) if day is not None else ""


def short_date(day: date | None, locale: str) -> str:
    """For example "24 Nov 2026", as the locale writes it; never with the month as a number."""
    return _format("date", day, "medium", locale) if day is not None else ""


def month_and_year(day: date, locale: str) -> str:
    """For example "Nov 2026", as the locale writes it."""
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMM", day, locale=locale))


def weekday_date(day: date, locale: str) -> str:
    """The long date with its weekday."""
    return _format("date", day, "full", locale)


def weekday_name(weekday: int, locale: str) -> str:
    """The short name of a weekday (0 is Monday), such as "Mon"."""
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", locale=locale)[weekday])


def opening(words: str) -> str:
    """``words`` as they stand at the beginning of a line: many languages write weekdays small within one."""
    return words[:1].upper() + words[1:]


def time_of_day(moment: datetime | None, locale: str) -> str:
    """Hours and minutes, on the wall clock that the moment carries."""
    return _format("time", moment, "short", locale) if moment is not None else ""


def date_and_time(moment: datetime | None, locale: str) -> str:
    """Short date and time of day."""
    return f"{short_date(moment, locale)}, {time_of_day(moment, locale)}" if moment is not None else ""


def number(value: Decimal | float | None, locale: str) -> str:
    """A number without trailing zeros and without grouping that could be read as a decimal sign."""
    if value is None:
        return ""
    from babel.numbers import format_decimal

    return str(format_decimal(value, format="0.###", locale=locale))


def figure(value: Decimal | float | None, locale: str) -> str:
    """A number with one decimal place, so that those of a column can be compared at a look."""
    if value is None:
        return ""
    from babel.numbers import format_decimal

    return str(format_decimal(value, format="0.0", locale=locale))


def units(value: Decimal | None, locale: str) -> str:
    """A dose: "12.5 U", never parted at a line's end."""
    return f"{number(value, locale)}\u00a0U" if value is not None else ""


def millilitres(value: Decimal | None, locale: str) -> str:
    """A volume: "0.25 mL"."""
    return f"{number(value, locale)}\u00a0mL" if value is not None else ""


@lru_cache(maxsize=64)
def patient_words(name: str, language: str) -> dict[str, Any]:
    """The texts of one kind of paper, and under "language" theirs: English where the one asked for has none yet."""
    for folder in (language, language.split("_")[0].split("-")[0], "en"):
        path = resource_path("handouts", folder, f"{name}.toml")
        if path.is_file():
            words = tomllib.loads(path.read_text(encoding="utf-8"))
            words["language"] = folder
            return words
    raise FileNotFoundError(f"handouts/en/{name}.toml")


@lru_cache(maxsize=2048)
def _format(kind: str, value: date | datetime, width: str, locale: str) -> str:
    from babel import dates

    if kind == "time":
        assert isinstance(value, datetime)
        # The tzinfo is dropped because Babel would turn an aware moment into UTC.
        return str(dates.format_time(value.replace(tzinfo=None), width, locale=locale))
    return str(dates.format_date(value, width, locale=locale))
