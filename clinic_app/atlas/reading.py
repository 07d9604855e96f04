"""From the baked files to plates. Coordinates there are whole tenths of a millimetre in flat lists x, y, x, y …"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clinic_app.atlas.grids import Grid
from clinic_app.atlas.plates import (
    BodyArea,
    BodyFigure,
    BodyView,
    Box,
    KeepAway,
    Layer,
    Part,
    Plate,
    Polygon,
    Site,
)

GRID_COLUMNS = 19
"""Places along the fibres in a row of a grid, as the compiler writes them."""

Document = dict[str, Any]


def read_plate(own: Document, shape: Document, folder: Path) -> Plate:
    """A plate from its own document and the one that holds its shapes: itself, or the plate it is the mirror of."""
    hand = _Hand(own, shape)
    left, top, right, bottom = hand.box(shape["box"])
    grids = [hand.grid(part["grid"]) for part in shape["parts"]]
    return Plate(
        own["id"],
        own["title"],
        own["region"],
        tuple(own["sides"]),
        (left, top, right, bottom),
        float(shape["pixels_per_mm"]),
        tuple(_layer(own["id"], layer, shape["parts"], grids, hand, folder) for layer in shape["layers"]),
        tuple((str(words), float(x), float(y)) for words, x, y in own["marks"]),
        tuple(hand.polygon(polygon) for polygon in shape["silhouette"]),
        tuple(
            Site(site["number"], site["name"], site["part"], hand.polygon(site["at"])[0], site["optional"])
            for site in shape["sites"]
        ),
    )


def read_figure(document: Document, folder: Path) -> BodyFigure:
    """The body figure. Seen from the front the patient's right is at -x, from behind at +x."""
    hand = _Hand(document, document)
    views = []
    for layer in document["layers"]:
        areas = [area for area in document["areas"] if area["layer"] == layer["id"]]
        picture = folder / f"{document['id']}.{layer['id']}.natural.webp"
        shown = tuple(_area(hand.polygon(area["outline"]), area["region"], layer["id"]) for area in areas)
        views.append(BodyView(layer["id"], layer["title"], picture, shown))
    return BodyFigure(hand.box(document["box"]), tuple(views))


class _Hand:
    """Coordinates and sides as they are written, or of the other side."""

    def __init__(self, own: Document, shape: Document) -> None:
        self.turned = own is not shape
        self._sign = -1.0 if self.turned else 1.0
        self._side = str(own["sides"][0]) if self.turned else ""

    def polygon(self, numbers: Sequence[int]) -> Polygon:
        across = self._sign / 10
        return tuple([(x * across, y / 10) for x, y in zip(numbers[::2], numbers[1::2], strict=True)])

    def grid(self, numbers: Sequence[int]) -> Grid:
        places = self.polygon(numbers)
        return tuple([places[start : start + GRID_COLUMNS] for start in range(0, len(places), GRID_COLUMNS)])

    def box(self, numbers: Sequence[float]) -> Box:
        left, top, right, bottom = (float(number) for number in numbers)
        return (-right, top, -left, bottom) if self.turned else (left, top, right, bottom)

    def side(self, side: str) -> str:
        return self._side if self.turned and side in {"left", "right"} else side

    def angle(self, degrees: float) -> float:
        return (180.0 - degrees) % 180.0 if self.turned else float(degrees)

    def part_id(self, part: Document) -> str:
        stem = str(part["id"]).rsplit(".", 1)[0]
        return f"{stem}.{self.side(part['side'])}"


def _layer(
    plate: str, layer: Document, parts: Sequence[Document], grids: Sequence[Grid], hand: _Hand, folder: Path
) -> Layer:
    return Layer(
        layer["id"],
        layer["title"],
        tuple(_part(region, parts[region["part"]], grids[region["part"]], hand) for region in layer["regions"]),
        folder / f"{plate}.{layer['id']}.natural.webp",
        folder / f"{plate}.{layer['id']}.neutral.webp",
        tuple(
            KeepAway(item["name"], tuple(hand.polygon(polygon) for polygon in item["outline"]))
            for item in layer["keep_away"]
        ),
    )


def _part(region: Document, part: Document, grid: Grid, hand: _Hand) -> Part:
    outline = tuple(hand.polygon(polygon) for polygon in region["outline"])
    return Part(
        hand.part_id(part),
        part["muscle"],
        hand.side(part["side"]),
        outline,
        hand.polygon(region["anchor"])[0],
        bounds_of([place for polygon in outline for place in polygon]),
        float(region["area"]),
        hand.angle(region["fibre_angle"]),
        grid,
    )


def _area(outline: Polygon, region: str, view: str) -> BodyArea:
    bounds = bounds_of(outline)
    left, _, right, _ = bounds
    side = ""
    if not left < 0 < right:
        at_left = right <= 0
        side = "right" if at_left == (view == "front") else "left"
    return BodyArea(region, side, outline, bounds)


def bounds_of(places: Sequence[tuple[float, float]]) -> Box:
    """Left, top, right, bottom of places."""
    across, down = [x for x, _ in places], [y for _, y in places]
    return min(across), min(down), max(across), max(down)
