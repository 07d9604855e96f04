"""Units and mL: reading what a person types, exact volumes, and how figures are shown."""

import re
from decimal import Decimal

from clinic_app.errors import ClinicError

#: NARROW NO-BREAK SPACE: a thin space that never leaves a figure at the end of a line without its unit.
THIN_SPACE = "\u202f"

# One group of three after a single separator ("1,250") is a thousand to one reader and one and a quarter to the
# next: a thousandfold dose. It is refused instead of guessed.
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_NUMBER = re.compile(r"\d+(?:[.,]\d{0,3})?|[.,]\d{1,3}", re.ASCII)


def parse_units(text: str, *, field: str = "") -> Decimal:
    """The units that ``text`` means, with point or comma as the decimal sign and at most three decimals.

    Raises ClinicError ``units_not_a_number`` or ``units_negative`` with what was ``typed``.
    """
    typed = text.strip().replace("\N{MINUS SIGN}", "-")
    bare = typed.removeprefix("-").lstrip()
    if _NUMBER.fullmatch(bare) is None or _AMBIGUOUS.fullmatch(bare) is not None:
        raise ClinicError("units_not_a_number", field=field, typed=text.strip())
    number = Decimal(bare.replace(",", "."))
    if typed.startswith("-") and number:
        raise ClinicError("units_negative", field=field, typed=text.strip())
    return number


def parse_ml(text: str, *, field: str = "") -> Decimal:
    """The mL that ``text`` means; read and refused exactly as units are."""
    return parse_units(text, field=field)


def volume_ml(units: Decimal, vial_units: Decimal, diluent_ml: Decimal) -> Decimal:
    """The mL that hold ``units`` of a vial of ``vial_units`` in ``diluent_ml``: units / (vial units / mL)."""
    return units * diluent_ml / vial_units  # multiplied first: one rounding at most, at 28 digits


def show_number(number: Decimal) -> str:
    """The figure without trailing zeros and never with an exponent: 2.50 → "2.5", 100 → "100"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_units(units: Decimal) -> str:
    """Units as people read them, "2.5 U" with a thin space that does not break."""
    return f"{show_number(units)}{THIN_SPACE}U"


def show_ml(volume: Decimal) -> str:
    """A volume as people read it, rounded to 0.001 mL, "0.25 mL" with a thin space that does not break."""
    return f"{show_number(round(volume, 3))}{THIN_SPACE}mL"
