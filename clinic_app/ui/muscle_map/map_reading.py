"""From an open chart to what the map shows of it."""

from collections.abc import Sequence
from decimal import Decimal

from clinic_app.atlas.doses import DEFAULT_LIMITS, RAMP, bin_titles, dose_colour
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import THIN_SPACE, show_number
from clinic_app.services.chart_data import Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import Ghost, MapState, Place, ShownDose, ShownPoint
from clinic_app.ui.muscle_map.open_chart import OpenChart

_USUAL_CAP = Decimal(400)
"""The cap of a visit for which the atlas' own limits of the dose colours were chosen."""


def colour_limits(reference: Reference, product: str) -> tuple[float, ...]:
    """The upper limits of the dose colours, in units of the product.

    Units of different products cannot be compared, so each product has its own scale, as wide as its own cap; the
    legend names the figures. Nothing is computed with them.
    """
    known = reference.products.get(product)
    if known is None:
        return DEFAULT_LIMITS
    factor = known.session_cap.adult_units / _USUAL_CAP
    return tuple(_rounded(Decimal(str(limit)) * factor) for limit in DEFAULT_LIMITS)


def legend(reference: Reference, product: str) -> tuple[tuple[tuple[int, int, int], str], ...]:
    """Colours with what they mean."""
    return tuple(zip(RAMP, bin_titles(colour_limits(reference, product)), strict=True))


def map_state(chart: OpenChart, *, with_ghosts: bool) -> MapState:
    """Doses, points and what was given last time."""
    content, charted = chart.content, chart.charted
    doses: dict[Place, Decimal] = {}
    products: dict[Place, str] = {}
    points: list[ShownPoint] = []
    for line, units in zip(content.lines, charted.units, strict=True):
        place = (line.muscle, line.side)
        if units > 0:
            doses[place] = doses.get(place, Decimal(0)) + units
            products[place] = chart.product_of_line(line.key)
        each = units / len(line.points) if line.points and units > 0 else None
        text = show_number(round(each, 2)) if each is not None else ""
        points += [ShownPoint(line.key, n, place, point, text) for n, point in enumerate(line.points)]
    shown = tuple(
        (
            place,
            ShownDose(
                units,
                f"{show_number(units)}{THIN_SPACE}U",
                dose_colour(units, colour_limits(chart.reference, products[place])),
            ),
        )
        for place, units in doses.items()
    )
    charted_places = tuple((line.muscle, line.side) for line in content.lines)
    ghosts = _ghosts(chart, charted_places) if with_ghosts else ()
    return MapState(shown, charted_places, tuple(points), ghosts)


def _ghosts(chart: OpenChart, charted: Sequence[Place]) -> tuple[Ghost, ...]:
    last: dict[Place, tuple[str, tuple[Point, ...]]] = {}
    for muscle, side, units, _ in chart.context.previous:
        last[muscle, Side(side)] = (show_number(units), chart.previous_points(muscle, Side(side)))
    return tuple(
        Ghost(place, text, points, dropped=place not in charted and bool(chart.content.lines))
        for place, (text, points) in last.items()
    )


def _rounded(limit: Decimal) -> float:
    """Two figures are enough for a legend."""
    digits = 1 - limit.adjusted()
    return float(round(limit, max(0, digits)) if digits >= 0 else round(limit, digits))
