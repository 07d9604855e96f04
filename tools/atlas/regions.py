"""Visible regions of the muscle parts of a layer: outline minus everything above (mm). Needs Shapely."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely  # type: ignore[import-untyped]
from shapely.geometry import LineString, MultiPolygon, Polygon, box  # type: ignore[import-untyped]
from shapely.ops import polylabel, split, unary_union  # type: ignore[import-untyped]

from tools.atlas.curves import Array
from tools.atlas.look import random_of
from tools.atlas.plate import Part, PlacedBody, scene
from tools.atlas.sources import Plate

SMALLEST_PIECE = 3.0
"""Visible crumbs below this area (mm2) are no target for a pointer."""
TOLERANCE = 0.3
"""Outlines are simplified by this much, mm."""
FADED = 0.38
"""The outer part of a dissolving edge, as a share of its reach, in which less than a third of the picture is left."""
REMNANT = 25.0
"""Of a muscle that mostly dissolves with the edge, this much (mm2) is no target."""


@dataclass(frozen=True)
class Region:
    """The visible part of a muscle part, without holes."""

    part: Part
    outline: list[list[list[float]]]
    anchor: tuple[float, float]
    bounds: tuple[float, float, float, float]
    area: float
    fibre_angle: float


def visible_regions(plate: Plate, layer_id: str, *, dissolving: bool = True) -> list[Region]:
    """Regions of a layer's parts, topmost last; parts that are nowhere visible are left out.

    With ``dissolving`` those are left out as well of which next to nothing comes out of the picture's soft edges.
    """
    left, top, right, bottom = plate.box
    skin = _polygon([plate.silhouette[0]])
    whole = box(left, top, right, bottom).intersection(skin)
    fade = plate.fade
    # Where less than a third of the picture is left, nobody sees a muscle to click or to name.
    gone = [FADED * edge for edge in (fade.left, fade.top, fade.right, fade.bottom)]
    frame = box(left + gone[0], top + gone[1], right - gone[2], bottom - gone[3]).intersection(skin)
    clear = box(left + fade.left, top + fade.top, right - fade.right, bottom - fade.bottom)
    above = Polygon()
    found: list[Region] = []
    for item in reversed(scene(plate, layer_id)):
        if isinstance(item, PlacedBody):
            outlines = item.covering_outlines()
            if outlines:
                above = above.union(unary_union([_polygon([outline]) for outline in outlines]))
            continue
        shape = part_shape(item)
        seen = shape.intersection(whole).difference(above)
        region = _region(item, seen, (clear, frame))
        remnant = dissolving and float(seen.intersection(frame).area) < min(REMNANT, float(seen.area) / 2)
        if region is not None and not remnant:
            found.append(region)
        if item.muscle.covers:
            above = above.union(shape)
    return found[::-1]


def part_shape(part: Part) -> Polygon | MultiPolygon:
    """The whole outline of a part; a dissolving end counts about half, with a ragged border as its fibres have."""
    patch = part.patch
    if patch.closed:
        return _polygon(list(patch.outlines()))
    if patch.fade:
        # Without the side in its name, so that left and right mirror each other.
        random = random_of(f"{part.muscle.id} border")
        teeth = max(6, int(patch.mean_width() / 2.5))
        return _polygon([patch.part_to(1 - patch.fade * random.uniform(0.3, 0.75, teeth))])
    return _polygon(list(patch.outlines()))


def _polygon(rings: list[Array]) -> Polygon | MultiPolygon:
    """A valid shape; two rings are an outer and an inner one."""
    shapes = [shapely.make_valid(Polygon(ring), method="structure") for ring in rings]
    if len(shapes) == 2:
        small, large = sorted(shapes, key=lambda shape: float(shape.area))
        return large.difference(small)
    return shapes[0].buffer(0)


def _pieces(shape: object) -> list[Polygon]:
    """Polygons without holes that are large enough."""
    parts = [item for item in shapely.get_parts(shape) if isinstance(item, Polygon)]
    result: list[Polygon] = []
    for part in parts:
        if part.area < SMALLEST_PIECE:
            continue
        holes = [hole for hole in part.interiors if Polygon(hole).area > 0.5]
        part = Polygon(part.exterior, [list(hole.coords) for hole in holes])
        if not holes:
            result.append(part)
            continue
        x = Polygon(holes[0]).centroid.x
        _, low, _, high = part.bounds
        result.extend(_pieces(MultiPolygon(list(split(part, LineString([(x, low - 1), (x, high + 1)])).geoms))))
    return result


def _region(part: Part, visible: object, clear: Sequence[Polygon]) -> Region | None:
    # Opening by 0.2 mm removes hair-thin seams between neighbours.
    opened = shapely.buffer(shapely.buffer(visible, -0.2), 0.2)
    pieces = [piece for piece in _pieces(shapely.simplify(opened, TOLERANCE)) if piece.is_valid]
    if not pieces:
        return None
    pieces.sort(key=lambda piece: -float(piece.area))
    # The label's anchor keeps off the dissolving edges of the picture where it can.
    bright = next(filter(None, (_pieces(pieces[0].intersection(area)) for area in clear)), pieces)
    anchor = polylabel(max(bright, key=lambda piece: float(piece.area)), tolerance=0.5)
    union = unary_union(pieces)
    return Region(
        part=part,
        outline=[[[round(x, 1), round(y, 1)] for x, y in piece.exterior.coords[:-1]] for piece in pieces],
        anchor=(round(anchor.x, 1), round(anchor.y, 1)),
        bounds=_rounded_bounds(union.bounds),
        area=round(float(union.area), 1),
        fibre_angle=fibre_angle(part, (anchor.x, anchor.y)),
    )


def _rounded_bounds(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(float(value), 1) for value in bounds)
    return left, top, right, bottom


def fibre_angle(part: Part, at: tuple[float, float]) -> float:
    """Direction of the fibres near a point, degrees in [0, 180): 0 along +x, 90 upright, 45 up to the right."""
    grid = part.patch.grid
    distance = np.linalg.norm(grid - np.array(at), axis=2)
    row, column = np.unravel_index(int(distance.argmin()), distance.shape)
    x, y = part.patch.direction(float(row) / (grid.shape[0] - 1), float(column) / (grid.shape[1] - 1))
    return round(math.degrees(math.atan2(-y, x)) % 180, 1) % 180


def clipped_outlines(outlines: list[Array], frame: tuple[float, float, float, float]) -> list[Array]:
    """Outlines cut to a box and simplified."""
    result: list[Array] = []
    for outline in outlines:
        shape = _polygon([outline]).intersection(box(*frame))
        for piece in shapely.get_parts(shapely.simplify(shape, TOLERANCE)):
            if isinstance(piece, Polygon) and piece.area > 1:
                result.append(np.asarray(piece.exterior.coords[:-1], dtype=np.float64))
    return result
