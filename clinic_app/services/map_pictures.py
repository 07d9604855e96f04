"""Which plates of the atlas show what a visit gave, for its note."""

from decimal import Decimal
from typing import TYPE_CHECKING

from clinic_app.atlas.atlas import Atlas
from clinic_app.errors import NotFound
from clinic_app.reference.units import show_number
from clinic_app.services.chart_data import Point
from clinic_app.services.visit_data import GivenInjection

if TYPE_CHECKING:
    from clinic_app.documents.map_picture import MapPicture


def map_pictures(atlas: Atlas, injections: tuple[GivenInjection, ...]) -> "tuple[MapPicture, ...]":
    """As few pictures as show every muscle well, in the order of the injections."""
    from clinic_app.documents.map_picture import MapDose, MapPicture, MapPoint

    units: dict[tuple[str, str, str], Decimal] = {}
    points: dict[tuple[str, str, str], list[tuple[Point, str]]] = {}
    for given in injections:
        for point, units_there in zip(given.points, given.point_units, strict=True):
            charted = point.plate, given.muscle, given.side.value
            points.setdefault(charted, []).append((point, show_number(round(units_there, 1))))
        for name in dict.fromkeys(point.plate for point in given.points):
            charted = name, given.muscle, given.side.value
            units[charted] = units.get(charted, Decimal(0)) + given.units
    pictures = []
    for plate_id, layer, shown in _layers_for(atlas, list(units)):
        try:
            plate = atlas.plate(plate_id)
        except NotFound:
            continue  # a plate missing from the installation; the table of the note says it all
        doses = tuple(MapDose(muscle, side, units[plate_id, muscle, side]) for muscle, side in shown)
        places = tuple(
            MapPoint(*plate.position(point.part, point.u, point.t, point.x_mm, point.y_mm), share, muscle, side)
            for muscle, side in shown
            for point, share in points[plate_id, muscle, side]
        )
        pictures.append(MapPicture(plate, doses, places, layer))
    return tuple(pictures)


def _layers_for(atlas: Atlas, charted: list[tuple[str, str, str]]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Plate, layer and the muscles that it is to show, the layer with most of them first.

    A muscle is shown in one of the two layers that show most of it; one that the plate no longer has is left out.
    """
    waiting = {
        place: [layer for plate, layer in atlas.shown_on(*place[1:]) if plate == place[0]][:2] for place in charted
    }
    waiting = {place: layers for place, layers in waiting.items() if layers}
    chosen = []
    while waiting:
        shown: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for (plate, muscle, side), layers in waiting.items():
            for layer in layers:
                shown.setdefault((plate, layer), []).append((muscle, side))
        (plate, layer), places = max(shown.items(), key=lambda found: len(found[1]))
        chosen.append((plate, layer, places))
        waiting = {
            place: layers
            for place, layers in waiting.items()
            if (place[0], place[1:]) not in {(plate, each) for each in places}
        }
    return chosen
