"""The check of units per muscle and side against label ranges, and which ranges are only shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, total
from clinic_app.rules.findings import Finding, Level, finding
from clinic_app.rules.names import place_name, product_name

if TYPE_CHECKING:
    from clinic_app.reference.muscles import Muscle, MuscleDose


@dataclass(frozen=True, slots=True)
class ShownRange:
    """A published figure beside a muscle. ``compared`` tells a range that the check uses from mere information."""

    dose: "MuscleDose"
    compared: bool


def ranges_shown(
    reference: Reference, muscle: str, product: str, indication: str, *, child: bool = False
) -> tuple[ShownRange, ...]:
    """Every figure for the muscle in this product or of an unstated brand, those that are compared first."""
    shown = [
        ShownRange(row, _is_compared(row, product, indication, child))
        for row in reference.muscle(muscle).doses
        if row.product == product or row.product not in reference.products
    ]
    return tuple(sorted(shown, key=lambda each: not each.compared))


def muscle_range(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.muscle_range``: only the label's rows of the visit's own indication and upper limits are compared.

    A figure that counts several muscles together is compared with their sum, once per side.
    """
    told: set[tuple[str, frozenset[str], str]] = set()
    for carrier, row in _compared_rows(reference, chart.products, chart.indication, chart.is_child):
        together = carrier.counted_with(row)
        for side in ("left", "right", "midline", ""):
            if (row.basis, together, side) in told:
                continue
            injections = [
                each
                for each in chart.injections
                if each.muscle in together
                and each.side == side
                and each.units is not None
                and chart.product_of(each) == row.product
            ]
            outside = _outside(row, injections)
            if outside is not None:
                told.add((row.basis, together, side))
                yield _finding(chart, reference, row, injections, outside)


@lru_cache(maxsize=32)
def _compared_rows(
    reference: Reference, products: tuple[str, ...], indication: str, child: bool
) -> "tuple[tuple[Muscle, MuscleDose], ...]":
    """The rows that count for a visit: the same at every key of it."""
    return tuple(
        (muscle, row)
        for muscle in reference.muscles.values()
        for row in muscle.doses
        if row.product in products and _is_compared(row, row.product, indication, child)
    )


def _is_compared(row: "MuscleDose", product: str, indication: str, child: bool) -> bool:
    if row.product != product:
        return False
    if row.is_upper_limit:
        return True
    # Half of a trial group lies above its median: that is no range, and a warning at every other dose would be noise.
    if row.is_trial_median or (child and row.basis.endswith("_adult")):
        return False
    return indication in row.label_indications


def _outside(row: "MuscleDose", injections: list[ChartedInjection]) -> Decimal | None:
    """The amount that lies outside the row's range, or None."""
    if not injections:
        return None
    amounts = [total(injections)]
    if row.scope == "per_muscle":  # one interosseus of several, each of which gets one point
        amounts = [units for each in injections for units in each.units_of_points] or amounts
    low = row.low if row.low is not None else Decimal(0)
    return next((amount for amount in sorted(amounts, reverse=True) if not low <= amount <= row.high), None)


def _finding(
    chart: Chart, reference: Reference, row: "MuscleDose", injections: list[ChartedInjection], given: Decimal
) -> Finding:
    places = sorted({(each.place, each.muscle, each.side) for each in injections})
    parameters = {
        "places": " + ".join(place_name(reference, muscle, side) for _, muscle, side in places),
        "product": product_name(reference, row.product, chart.region),
    }
    variant = "limit" if row.low is None else "figure" if row.low == row.high else ""
    return finding(
        "dose.muscle_range",
        Level.WARN,
        places[0][0],
        source=row.source,
        verified=row.fully_verified,
        variant=variant,
        given=given,
        low=row.low if row.low is not None else Decimal(0),
        high=row.high,
        **parameters,
    )
