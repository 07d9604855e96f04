"""The sums that stand beside the chart: per product, per muscle and per vial."""

from dataclasses import dataclass
from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import volume_ml
from clinic_app.rules.chart import Chart, ChartedInjection, ChartedVial, total


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """All units of one product in the visit."""

    product: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class MuscleTotal:
    """Units of one product in one muscle and side, with their volume in mL; None while the dilution is not known."""

    muscle: str
    side: str
    product: str
    units: Decimal
    volume_ml: Decimal | None
    points: int


@dataclass(frozen=True, slots=True)
class VialTotal:
    """Where the units of one vial went. ``left`` is negative when more was drawn and wasted than it holds."""

    key: str
    product: str
    contents: Decimal
    given: Decimal
    wasted: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Every sum of a chart, each in a fixed order."""

    products: tuple[ProductTotal, ...]
    muscles: tuple[MuscleTotal, ...]
    vials: tuple[VialTotal, ...]


def totals_of(chart: Chart, reference: Reference) -> Totals:
    """The sums of a chart. Units of different products are never added; a line without a product has product ""."""
    return Totals(
        tuple(
            ProductTotal(product, total(each for each in chart.injections if chart.product_of(each) == product))
            for product in chart.products
        ),
        _muscle_totals(chart, reference),
        tuple(vial_total(chart, vial) for vial in chart.vials),
    )


def volume_of(chart: Chart, reference: Reference, injection: ChartedInjection, units: Decimal) -> Decimal | None:
    """The mL that hold ``units`` of the injection's vial; None while vial, contents or dilution are not known."""
    vial = chart.vial(injection.vial)
    product = reference.products.get(vial.product) if vial is not None else None
    if vial is None or product is None or vial.vial_units <= 0:
        return None
    contents = product.contents_ml(vial.vial_units, vial.diluent_ml)
    return None if contents is None else volume_ml(units, vial.vial_units, contents)


def _muscle_totals(chart: Chart, reference: Reference) -> tuple[MuscleTotal, ...]:
    groups: dict[tuple[str, str, str], list[ChartedInjection]] = {}
    for each in chart.injections:
        groups.setdefault((each.muscle, each.side, chart.product_of(each)), []).append(each)
    return tuple(
        MuscleTotal(*key, total(group), _volume(chart, reference, group), sum(each.points for each in group))
        for key, group in sorted(groups.items())
    )


def _volume(chart: Chart, reference: Reference, injections: list[ChartedInjection]) -> Decimal | None:
    volumes = [volume_of(chart, reference, each, each.given) for each in injections]
    known = [volume for volume in volumes if volume is not None]
    return sum(known, Decimal(0)) if len(known) == len(volumes) else None


def vial_total(chart: Chart, vial: ChartedVial) -> VialTotal:
    """Where the units of ``vial`` went; given, wasted and left always add up to the contents."""
    given = chart.given_from(vial.key)
    left = vial.vial_units - given - vial.wasted_units
    return VialTotal(vial.key, vial.product, vial.vial_units, given, vial.wasted_units, left)
