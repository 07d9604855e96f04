"""Countries, time zones and what follows from them, for the first-run page and the settings."""

import zoneinfo
from functools import lru_cache
from importlib import resources

from babel import Locale
from PySide6.QtCore import QLocale, QTimeZone

from clinic_app.resources import resource_path
from clinic_app.terms import LabelRegion, PaperSize

# Unicode CLDR, supplemental/measurementData, paperSize US-Letter.
_LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
# Territories of CLDR that are groups, tests or parts of a country.
_NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
_US_LABELS = frozenset(["US", "PR", "GU", "VI", "AS", "MP", "UM"])


def countries(language: str = "en") -> list[tuple[str, str]]:
    """Code and name of every country, by name."""
    names = Locale.parse(language).territories
    listed = [(code, name) for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRY]
    return sorted(listed, key=lambda country: country[1].casefold())


def languages() -> list[tuple[str, str]]:
    """Code and own name of every language that the program has words for."""
    codes = sorted(path.stem for path in resource_path("words").glob("*.toml") if path.stem.isalpha())
    return [(code, (Locale.parse(code).get_display_name(code) or code).capitalize()) for code in codes]


def system_country() -> str:
    """The country of this computer."""
    code = QLocale.territoryToCode(QLocale.system().territory())
    return code if len(code) == 2 else "US"


def system_time_zone() -> str:
    """The time zone of this computer."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return name if name in zoneinfo.available_timezones() else "UTC"


def time_zones(country: str = "") -> list[tuple[str, str]]:
    """Name and text of every time zone, those of the country first."""
    near = _zones_of(country)
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    names = [name for name in zoneinfo.available_timezones() if name.split("/")[0] in areas] + ["UTC"]
    others = sorted(set(names) - set(near))
    return [(name, name.replace("_", " ")) for name in (*near, *others)]


def usual_time_zone(country: str) -> str:
    """The zone to propose: the computer's, unless the country has others."""
    here = system_time_zone()
    near = _zones_of(country)
    return here if here in near or not near else near[0]


@lru_cache(maxsize=256)
def _zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the most important first, as the zone database lists them."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(parts[2].strip() for parts in lines if parts[0] == country)


def usual_paper(country: str) -> PaperSize:
    """The paper of the country's printers."""
    return PaperSize.LETTER if country in _LETTER else PaperSize.A4


def usual_label_region(country: str) -> LabelRegion:
    """Whose product labels the country's clinics most likely work by."""
    return LabelRegion.US if country in _US_LABELS else LabelRegion.UK_EU
