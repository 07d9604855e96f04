"""From an open chart to what the map shows of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from clinic_app.atlas.doses import RAMP, bin_titles, dose_colour
from clinic_app.reference.units import THIN_SPACE, show_number
from clinic_app.services.dose_colours import Limits, limits_of
from clinic_app.ui.muscle_map.map_state import Ghost, MapState, Place, ShownDose, ShownPoint
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.naming import brand_of


def limits_on(chart: OpenChart, product: str) -> Limits:
    """The limits of the dose colours, in units of the product: the clinic's own, else the usual ones."""
    return limits_of(chart.reference, product, chart.context.dose_limits)


def legend(limits: Limits) -> tuple[tuple[tuple[int, int, int], str], ...]:
    """Colours with what they mean."""
    return tuple(zip(RAMP, bin_titles(limits), strict=True))


def map_state(chart: OpenChart, *, with_ghosts: bool) -> MapState:
    """Doses, points, what was given last time, and where the patient's components usually lie."""
    content, charted = chart.content, chart.charted
    given: dict[Place, dict[str, Decimal]] = {}
    points: list[ShownPoint] = []
    for line, units, shares in zip(content.lines, charted.units, charted.point_units, strict=True):
        place = (line.muscle, line.side)
        if units > 0:
            of_place, product = given.setdefault(place, {}), chart.product_of_line(line.key)
            of_place[product] = of_place.get(product, Decimal(0)) + units
        points += [
            ShownPoint(line.key, number, place, point, show_number(round(share, 2)) if share > 0 else "")
            for number, (point, share) in enumerate(zip(line.points, shares, strict=True))
        ]
    limits = {product: limits_on(chart, product) for product in {next(iter(each)) for each in given.values()}}
    shown = tuple((place, _dose(chart, place, of_place, limits)) for place, of_place in given.items())
    charted_places = tuple((line.muscle, line.side) for line in content.lines)
    ghosts = _ghosts(chart, charted_places) if with_ghosts else ()
    return MapState(shown, charted_places, tuple(points), ghosts, tuple(chart.usual.items()))


def _dose(chart: OpenChart, place: Place, given: Mapping[str, Decimal], limits: Mapping[str, Limits]) -> ShownDose:
    """The dose of a muscle in the colour of its first product. Units of two products are never added."""
    (product, units), *others = given.items()
    text = " + ".join(
        f"{show_number(amount)}{THIN_SPACE}U" + (f" {brand_of(chart.reference, name, chart.region)}" if others else "")
        for name, amount in given.items()
    )
    change = "" if others else change_text(units, chart.previous_units(*place, product), bool(chart.last))
    return ShownDose(units, text, dose_colour(units, limits[product]), change)


def change_text(units: Decimal, before: Decimal | None, has_last_visit: bool) -> str:
    """The difference to last time: "+10", "−10", "new", or nothing when it is the same or there was no last time."""
    if before is None:
        return "new" if has_last_visit else ""
    if units == before:
        return ""
    return f"{'+' if units > before else '−'}{show_number(abs(units - before))}"


def _ghosts(chart: OpenChart, charted: Sequence[Place]) -> tuple[Ghost, ...]:
    last: dict[Place, list[str]] = {}
    for pattern in chart.last:
        for line in pattern.lines:
            last.setdefault((line.muscle, line.side), []).append(show_number(line.units))
    return tuple(
        Ghost(
            place,
            " + ".join(texts),
            chart.previous_points(*place),
            dropped=place not in charted and bool(chart.content.lines),
        )
        for place, texts in last.items()
    )
