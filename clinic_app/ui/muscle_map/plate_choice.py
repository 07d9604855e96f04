"""Which plate and layer to bring to the front: for a region of the figure, for a chart, for the next in order."""

from collections.abc import Sequence

from clinic_app.atlas.atlas import Atlas
from clinic_app.atlas.plates import PlateSummary
from clinic_app.services.chart_data import ChartContent
from clinic_app.ui.muscle_map.map_state import Place

Where = tuple[str, str]
"""A plate and one of its layers."""


def plate_of_region(plates: Sequence[PlateSummary], region: str, side: str, seen_from: str) -> str | None:
    """The plate that looks at a region from the wanted side of the body, on the patient's wanted side.

    The first of the region where nothing fits better; None for a region without plates.
    """
    members = [plate for plate in plates if plate.region == region]
    if not members:
        return None

    def misfit(plate: PlateSummary) -> tuple[bool, bool]:
        return bool(side) and side not in plate.sides, bool(plate.seen_from) and plate.seen_from != seen_from

    return min(members, key=misfit).id  # the first of equals: the order of the index


def where_charted(atlas: Atlas, content: ChartContent) -> Where | None:
    """The plate and layer where most of the chart's muscles are; the one with their points counts more."""
    counts: dict[Where, int] = {}
    for line in content.lines:
        pointed = {point.plate for point in line.points}
        for number, where in enumerate(atlas.shown_on(line.muscle, line.side.value)):
            # The plate with the points, else the one on which the muscle shows best.
            weight = 4 if where[0] in pointed else 2 if number == 0 and not pointed else 1
            counts[where] = counts.get(where, 0) + weight
    return max(counts, key=lambda where: counts[where]) if counts else None


def where_shown(atlas: Atlas, place: Place, here: str, pointed: Sequence[str] = ()) -> Where | None:
    """Where a muscle is best seen: on the plate in front, on one that holds its points, or where it is largest."""
    shown = atlas.shown_on(place[0], place[1].value)
    for wanted in (here, *pointed):
        found = next((where for where in shown if where[0] == wanted), None)
        if found is not None:
            return found
    return shown[0] if shown else None


def stepped(plates: Sequence[PlateSummary], here: str, way: int) -> str | None:
    """The plate so many steps on in the order of the index, round about."""
    names = [plate.id for plate in plates]
    if not names:
        return None
    return names[(names.index(here) + way) % len(names)] if here in names else names[0]
