"""Where one colour of the map's dose scale ends and the next begins, in units of a product.

Units of different products cannot be compared, so each product has its own limits. Nothing is computed with them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from clinic_app.atlas.doses import DEFAULT_LIMITS
from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference

Limits = tuple[float, ...]
"""Five rising limits in units; the sixth colour is for what lies above."""

CHOICE = "dose_colours"
"""The name of the clinic's choice that holds its own limits by product."""

_USUAL_CAP = Decimal(400)
"""The cap of a visit for which the atlas' own limits were chosen."""
_MOST = 100_000


def usual_limits(reference: Reference, product: str) -> Limits:
    """The limits of a product for which the clinic chose none: as wide as the product's own cap of a visit."""
    known = reference.products.get(product)
    if known is None:
        return DEFAULT_LIMITS
    factor = known.session_cap.adult_units / _USUAL_CAP
    return tuple(_rounded(Decimal(str(limit)) * factor) for limit in DEFAULT_LIMITS)


def limits_of(reference: Reference, product: str, own: Mapping[str, Limits]) -> Limits:
    """The clinic's own limits of a product, else the usual ones."""
    return own.get(product) or usual_limits(reference, product)


def read_limits(choices: Mapping[str, object]) -> dict[str, Limits]:
    """The clinic's own limits from its choices; what cannot be read counts as not chosen."""
    kept = choices.get(CHOICE, {})
    found: dict[str, Limits] = {}
    for product, limits in kept.items() if isinstance(kept, dict) else ():
        try:
            found[str(product)] = check_limits(limits)
        except (ClinicError, TypeError, ValueError, OverflowError):
            continue
    return found


def check_limits(limits: Sequence[float]) -> Limits:
    """The limits as they are kept. Raises ClinicError unless they are five rising numbers above zero."""
    given = tuple(float(limit) for limit in limits)
    rising = all(lower < upper for lower, upper in pairwise(given))
    if len(given) != len(DEFAULT_LIMITS) or not rising or not given[0] > 0 or given[-1] > _MOST:
        raise ClinicError("dose_colours_not_rising")
    return given


def _rounded(limit: Decimal) -> float:
    """Two figures are enough for a legend."""
    digits = 1 - limit.adjusted()
    return float(round(limit, max(0, digits)) if digits >= 0 else round(limit, digits))
