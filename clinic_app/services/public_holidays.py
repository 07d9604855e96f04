"""Public holidays of the clinic's country and region, from the ``holidays`` library."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

HOLIDAYS = "holidays"
"""Their name among the clinic's choices."""


@dataclass(frozen=True, slots=True)
class HolidayChoice:
    """Whether the clinic keeps public holidays, and of which region of its country ("" for those of all regions)."""

    kept: bool = False
    subdivision: str = ""


def holiday_choice(choices: Mapping[str, object]) -> HolidayChoice:
    """What the clinic chose; no holiday closes a day until somebody says so."""
    chosen = choices.get(HOLIDAYS)
    if not isinstance(chosen, Mapping):
        return HolidayChoice()
    return HolidayChoice(bool(chosen.get("kept", False)), str(chosen.get("subdivision", "")))


def subdivisions(country: str) -> tuple[str, ...]:
    """The regions of a country whose holidays are known, by their codes (ISO 3166-2 without the country)."""
    import holidays  # reads every country's rules, which no window waits for

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False).get(country, ())))


def region_names(country: str) -> tuple[tuple[str, str], ...]:
    """The regions of a country by code, each with its name where the library has one, in the order of the names."""
    import holidays

    codes = subdivisions(country)
    known = holidays.country_holidays(country).get_subdivision_aliases() if codes else {}
    named = ((code, next(iter(known.get(code) or ()), code)) for code in codes)
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))


@lru_cache(maxsize=16)
def public_holidays(country: str, subdivision: str, language: str, first: int, last: int) -> Mapping[date, str]:
    """The holidays of whole years by day, named in the clinic's language where the library has it, else in English.

    Nothing for a country or region that the library does not know: no holiday is better than a wrong one.
    """
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known or (subdivision and subdivision not in known[country]):
        return {}
    spoken = holidays.list_localized_countries(include_aliases=False).get(country, [])
    wanted = language.replace("-", "_")
    name = next((each for each in spoken if each == wanted), None)
    name = name or next((each for each in spoken if each.split("_")[0] == wanted.split("_")[0]), None)
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=range(first, last + 1), language=name or "en_US"
    )
    return dict(sorted(found.items()))
