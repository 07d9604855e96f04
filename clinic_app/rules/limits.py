"""The clinic's own limits: which checks can have one, in which quantity, and which of several holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from clinic_app.rules.chart import ClinicLimit

_NAMES = ("product", "indication", "muscle")


class Quantity(StrEnum):
    """What the value of a limit counts."""

    #: The most units of the product that the limit names. Units without a product mean nothing.
    UNITS = "units"
    #: The fewest days.
    DAYS = "days"
    #: The most hours.
    HOURS = "hours"

    @property
    def is_minimum(self) -> bool:
        """Whether less than the limit is what the check tells."""
        return self is Quantity.DAYS

    def passed(self, value: Decimal, limit: Decimal) -> bool:
        """Whether ``value`` lies on the wrong side of ``limit``; the limit itself is still kept."""
        return value < limit if self.is_minimum else value > limit

    def strictness(self, limit: Decimal) -> Decimal:
        """A figure that is greater the less a limit allows."""
        return limit if self.is_minimum else -limit


@dataclass(frozen=True, slots=True)
class Limitable:
    """How a check can be limited: fields of ClinicLimit that a limit must name, and those that it may name."""

    quantity: Quantity
    must_name: tuple[str, ...] = ()
    may_name: tuple[str, ...] = ()


LIMITABLE: Mapping[str, Limitable] = MappingProxyType(
    {
        "interval.too_short": Limitable(Quantity.DAYS, may_name=("product", "indication")),
        "dose.visit_cap": Limitable(Quantity.UNITS, ("product",), ("indication",)),
        "dose.rolling_cap": Limitable(Quantity.UNITS, ("product",), ("indication",)),
        "dose.muscle_range": Limitable(Quantity.UNITS, ("product", "muscle")),
        "dose.scm_total": Limitable(Quantity.UNITS, ("product",)),
        "dose.point_cap": Limitable(Quantity.UNITS, ("product",), ("indication", "muscle")),
        "vial.too_old": Limitable(Quantity.HOURS, may_name=("product",)),
    }
)


def can_hold(limit: ClinicLimit) -> bool:
    """Whether the limit is one that its check can use: it names what it must, nothing else, and has a usable value.

    Whoever stores limits refuses the others; the checks leave them out.
    """
    kind = LIMITABLE.get(limit.check)
    if kind is None or not limit.value.is_finite() or limit.value < 0:
        return False
    named = {name for name in _NAMES if getattr(limit, name)}
    return set(kind.must_name) <= named <= {*kind.must_name, *kind.may_name}


def limit_for(
    limits: Sequence[ClinicLimit], check: str, *, product: str = "", indication: str = "", muscle: str = ""
) -> ClinicLimit | None:
    """The clinic's limit for a check of this product, indication and muscle, or None.

    The most specific one holds, that is the one that names most; of equals the stricter one.
    """
    if not limits:
        return None
    asked = {"product": product, "indication": indication, "muscle": muscle}
    holding = [
        limit
        for limit in limits
        if limit.check == check
        and all(getattr(limit, name) in ("", wanted) for name, wanted in asked.items())
        and can_hold(limit)
    ]
    return max(holding, key=_precedence, default=None)


def _precedence(limit: ClinicLimit) -> tuple[int, Decimal]:
    named = sum(bool(getattr(limit, name)) for name in _NAMES)
    return named, LIMITABLE[limit.check].quantity.strictness(limit.value)
