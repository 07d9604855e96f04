"""Numbers as people type them into spreadsheets: either decimal sign, thousands marked or not, a unit behind."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from clinic_app.errors import ClinicError
from clinic_app.reference.side_words import folded
from clinic_app.typed_text import clean


class NumberStyle(StrEnum):
    """The decimal sign of a column; the other one can mark its thousands."""

    POINT = "point"
    COMMA = "comma"


class QuantityUnit(StrEnum):
    """What stands behind a number. Units are those of whichever product was given."""

    NONE = ""
    UNITS = "U"
    ML = "mL"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit that its cell names."""

    value: Decimal
    unit: QuantityUnit = QuantityUnit.NONE


_UNIT_WORDS = {"": QuantityUnit.NONE} | {
    word: unit
    for unit, words in (
        (
            QuantityUnit.UNITS,
            "u iu ui ie e mu me unit units einheit einheiten unite unites unidad unidades unita eenheid eenheden enhet"
            " enheter",
        ),
        (QuantityUnit.ML, "ml cc ccm milliliter milliliters millilitre millilitres"),
    )
    for word in words.split()
}
_PARTS = re.compile(r"([-+\N{MINUS SIGN}]?)\s*([\d.,](?:[\d.,]|[\s'’](?=\d))*)\s*([^\d]*)", re.ASCII)
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_SPACED = re.compile(r"[1-9]\d{0,2}(?:[\s'’]\d{3})+(?:\.\d*)?", re.ASCII)
_SPACES = str.maketrans("\u00a0\u2009\u202f", "   ")
_SWAPPED = str.maketrans(",.", ".,")
_LONGEST = 60


def number_styles(cells: Iterable[str]) -> frozenset[NumberStyle]:
    """In which styles the numbers of a column can be read, as ``date_orders`` says it of days.

    One: it is that. Two: somebody must say (1,234). None: there is no number, or they contradict each other (2.5 and
    2,5). What is no number is passed over; a column of whole numbers is POINT.
    """
    styles, found, decided = set(NumberStyle), False, False
    for cell in cells:
        readings = _readings(cell)
        found = found or bool(readings)
        if len({quantity.value for quantity in readings.values()}) > 1 or len(readings) == 1:
            styles &= readings.keys()
            decided = True
    if decided:
        return frozenset(styles)
    return frozenset({NumberStyle.POINT}) if found else frozenset()


def read_quantity(text: str, style: NumberStyle | None = None) -> Quantity:
    """The number in ``text`` and its unit; in a column of no style, only where it can be read in one way.

    Raises ClinicError ``number_unreadable`` or ``number_two_ways`` (1,234 without a style).
    """
    readings = _readings(text)
    if style is not None:
        readings = {style: readings[style]} if style in readings else {}
    found = set(readings.values())
    if not found:
        raise ClinicError("number_unreadable", field="number", typed=text.strip()[:40])
    if len(found) > 1:
        raise ClinicError("number_two_ways", field="number", typed=text.strip()[:40])
    return found.pop()


def read_number(text: str, style: NumberStyle | None = None) -> Decimal:
    """The number in ``text``, whichever unit stands behind it; refused as ``read_quantity`` does."""
    return read_quantity(text, style).value


def _readings(text: str) -> Mapping[NumberStyle, Quantity]:
    parts = _PARTS.fullmatch(clean(text).translate(_SPACES)) if len(text) < _LONGEST else None
    if parts is None:
        return {}
    unit = _UNIT_WORDS.get(folded(parts[3]).replace(".", "").replace(" ", ""))
    if unit is None:
        return {}
    readings = {}
    for style in NumberStyle:
        digits = parts[2] if style is NumberStyle.POINT else parts[2].translate(_SWAPPED)
        if any(form.fullmatch(digits) is not None for form in (_PLAIN, _GROUPED, _SPACED)):
            value = Decimal(re.sub(r"[,\s'’]", "", digits))
            readings[style] = Quantity(-value if parts[1] in ("-", "\N{MINUS SIGN}") else value, unit)
    return readings
