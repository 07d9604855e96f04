"""From an open chart to what the map shows of it."""

from collections.abc import Sequence
from decimal import Decimal

from clinic_app.atlas.doses import RAMP, bin_titles, dose_colour
from clinic_app.reference.units import THIN_SPACE, show_number
from clinic_app.services.chart_data import Point
from clinic_app.services.dose_colours import Limits, limits_of
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import Ghost, MapState, Place, ShownDose, ShownPoint
from clinic_app.ui.muscle_map.open_chart import OpenChart


def limits_on(chart: OpenChart, product: str) -> Limits:
    """The limits of the dose colours, in units of the product: the clinic's own, else the usual ones."""
    return limits_of(chart.reference, product, chart.context.dose_limits)


def legend(limits: Limits) -> tuple[tuple[tuple[int, int, int], str], ...]:
    """Colours with what they mean."""
    return tuple(zip(RAMP, bin_titles(limits), strict=True))


def map_state(chart: OpenChart, *, with_ghosts: bool) -> MapState:
    """Doses, points and what was given last time."""
    content, charted = chart.content, chart.charted
    doses: dict[Place, Decimal] = {}
    products: dict[Place, str] = {}
    points: list[ShownPoint] = []
    for line, units, shares in zip(content.lines, charted.units, charted.point_units, strict=True):
        place = (line.muscle, line.side)
        if units > 0:
            doses[place] = doses.get(place, Decimal(0)) + units
            products[place] = chart.product_of_line(line.key)
        points += [
            ShownPoint(line.key, number, place, point, show_number(round(share, 2)) if share > 0 else "")
            for number, (point, share) in enumerate(zip(line.points, shares, strict=True))
        ]
    shown = tuple(
        (
            place,
            ShownDose(
                units,
                f"{show_number(units)}{THIN_SPACE}U",
                dose_colour(units, limits_on(chart, products[place])),
                change_text(units, chart.previous_units(*place, products[place]), bool(chart.context.previous)),
            ),
        )
        for place, units in doses.items()
    )
    charted_places = tuple((line.muscle, line.side) for line in content.lines)
    ghosts = _ghosts(chart, charted_places) if with_ghosts else ()
    return MapState(shown, charted_places, tuple(points), ghosts)


def change_text(units: Decimal, before: Decimal | None, has_last_visit: bool) -> str:
    """The difference to last time: "+10", "−10", "new", or nothing when it is the same or there was no last time."""
    if before is None:
        return "new" if has_last_visit else ""
    if units == before:
        return ""
    return f"{'+' if units > before else '−'}{show_number(abs(units - before))}"


def _ghosts(chart: OpenChart, charted: Sequence[Place]) -> tuple[Ghost, ...]:
    last: dict[Place, tuple[str, tuple[Point, ...]]] = {}
    for muscle, side, units, _ in chart.context.previous:
        last[muscle, Side(side)] = (show_number(units), chart.previous_points(muscle, Side(side)))
    return tuple(
        Ghost(place, text, points, dropped=place not in charted and bool(chart.content.lines))
        for place, (text, points) in last.items()
    )
