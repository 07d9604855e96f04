"""What the reports call products, muscles and indications."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from clinic_app.atlas.doses import DEFAULT_LIMITS
from clinic_app.reference.catalogue import Reference
from clinic_app.services.dose_colours import Limits, limits_of

_PARTS_OF_A_CAP = 4


def product_word(reference: Reference, product: str) -> str:
    """The generic name; one that this release does not know stays as it is written."""
    known = reference.products.get(product)
    return product if known is None else known.generic_name


def muscle_word(reference: Reference, muscle: str) -> str:
    """The English name with a capital."""
    known = reference.muscles.get(muscle)
    name = muscle.replace("_", " ") if known is None else known.name
    return name[:1].upper() + name[1:]


def indication_word(reference: Reference, indication: str) -> str:
    """The indication's name."""
    known = reference.indications.get(indication)
    name = indication.replace("_", " ").capitalize() if known is None else known.name
    return name or "Not recorded"


def muscle_bands(reference: Reference, product: str, own: Mapping[str, Limits]) -> tuple[Decimal, ...]:
    """Where one band of a muscle's dose ends and the next begins: the limits of the map's colours, in its units."""
    return tuple(Decimal(str(limit)) for limit in limits_of(reference, product, own))


def visit_bands(reference: Reference, product: str) -> tuple[Decimal, ...]:
    """The limits of the bands of a whole visit's dose: quarters of the product's cap of a visit, in its units.

    Only to sort visits into groups; whether the cap is verified does not matter for that.
    """
    known = reference.products.get(product)
    cap = Decimal(str(4 * DEFAULT_LIMITS[-1])) if known is None else known.session_cap.adult_units
    return tuple(cap * part / _PARTS_OF_A_CAP for part in range(1, _PARTS_OF_A_CAP + 1))


def by_name(names: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Values with their names, in the order of the names."""
    return sorted(names.items(), key=lambda pair: pair[1].casefold())
