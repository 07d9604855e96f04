"""Units that look like another product's: shown, and to be confirmed. Nothing is converted or corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import place_name, product_name
from clinic_app.terms import Side

FAR = 2
"""How many times a published figure is far from it. Doses beside a range are common; units of another product differ by
about this much or more, whatever ratio somebody may have used."""


@dataclass(frozen=True, slots=True)
class GivenDose:
    """What a row says was given of a product into a muscle and side."""

    row: int
    product: str
    muscle: str
    side: Side
    units: Decimal


@dataclass(frozen=True, slots=True)
class Unusual:
    """A dose that somebody must confirm: the row, and the sentence of the words file with its parameters."""

    row: int
    code: str
    parameters: dict[str, object]


def unusual_doses(reference: Reference, region: str, given: Sequence[GivenDose]) -> Iterator[Unusual]:
    """What is unusual in the doses of one visit.

    Of a muscle and side: more than the product's highest total of a visit, or far from every figure that the reference
    has for this muscle and product. Of the visit: more than that total in all.
    """
    totals: dict[str, Decimal] = {}
    for dose in given:
        totals[dose.product] = totals.get(dose.product, Decimal(0)) + dose.units
        found = _of_muscle(reference, region, dose)
        if found is not None:
            yield found
    for product, units in totals.items():
        cap = reference.product(product).session_cap.adult_units
        if units > cap:
            largest = max((dose for dose in given if dose.product == product), key=lambda dose: dose.units)
            if largest.units <= cap:
                named = product_name(reference, product, region)
                yield Unusual(largest.row, "visit_high", {"units": plain(units), "product": named, "cap": plain(cap)})


def _of_muscle(reference: Reference, region: str, dose: GivenDose) -> Unusual | None:
    cap = reference.product(dose.product).session_cap.adult_units
    figures = [row for row in reference.muscle(dose.muscle).doses if row.product == dose.product]
    highest = max((row.high for row in figures), default=None)
    lowest = min((row.low for row in figures if row.low), default=None)
    said: dict[str, object] = {
        "units": plain(dose.units),
        "place": place_name(reference, dose.muscle, dose.side),
        "product": product_name(reference, dose.product, region),
    }
    if dose.units > cap:
        return Unusual(dose.row, "dose_over_cap", said | {"cap": plain(cap)})
    if highest is not None and dose.units > FAR * highest:
        return Unusual(dose.row, "dose_high", said | {"high": plain(highest)})
    if lowest is not None and FAR * dose.units < lowest:
        return Unusual(dose.row, "dose_low", said | {"low": plain(lowest)})
    return None


def plain(units: Decimal) -> str:
    """A number as a person writes it."""
    return f"{units.normalize():f}"
