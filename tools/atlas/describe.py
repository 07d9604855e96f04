"""A plate as plain data for the program: parts, visible regions, structures to keep away from, usual sites.

Coordinates are whole tenths of a millimetre in flat lists, so that all plates together stay small.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from tools.atlas.curves import Array
from tools.atlas.plate import PlacedBody, scene
from tools.atlas.regions import Region, clipped_outlines, visible_regions
from tools.atlas.sources import Layer, Plate, Site

GRID_ROWS, GRID_COLUMNS = 13, 19
"""Nodes of a part's grid: over u across the fibres, over t along them."""


def describe(plate: Plate) -> dict[str, Any]:
    """Everything but the pictures. A flipped plate says only what differs: the rest is its original at -x."""
    own = {
        "id": plate.id,
        "title": plate.title,
        "region": plate.region,
        "sides": list(plate.sides),
        "marks": [list(mark) for mark in plate.marks],
    }
    if plate.flip_of:
        return {**own, "flip_of": plate.flip_of}
    numbers: dict[str, int] = {}
    parts: list[dict[str, Any]] = []
    layers = []
    for layer in plate.layers:
        regions = []
        for region in visible_regions(plate, layer.id):
            if not region.part.muscle.muscle:
                continue
            if region.part.id not in numbers:
                numbers[region.part.id] = len(parts)
                parts.append(_part(region))
            regions.append(_region(region, numbers[region.part.id]))
        layers.append({"id": layer.id, "title": layer.title, "regions": regions, "keep_away": _keep_away(plate, layer)})
    return {
        **own,
        "box": list(plate.box),
        "pixels_per_mm": plate.pixels_per_mm,
        "silhouette": [tenths(outline) for outline in clipped_outlines(list(plate.silhouette), plate.box)],
        "sites": [_site(site) for site in plate.sites],
        "areas": [
            _area for area in plate.areas for _area in _areas(area.region, area.layer, area.outline, area.mirror)
        ],
        "parts": parts,
        "layers": layers,
    }


def tenths(points: Array) -> list[int]:
    """Points as x, y, x, y … in tenths of a millimetre."""
    return [int(value) for value in np.rint(np.asarray(points) * 10).reshape(-1)]


def _part(region: Region) -> dict[str, Any]:
    u = np.linspace(0, 1, GRID_ROWS)[:, None]
    t = np.linspace(0, 1, GRID_COLUMNS)[None, :]
    part = region.part
    return {
        "id": part.id,
        "muscle": part.muscle.muscle,
        "side": part.side,
        "grid": tenths(part.patch.point(u, t)),
    }


def _region(region: Region, number: int) -> dict[str, Any]:
    return {
        "part": number,
        "outline": [tenths(np.array(piece)) for piece in region.outline],
        "anchor": tenths(np.array([region.anchor])),
        "area": region.area,
        "fibre_angle": region.fibre_angle,
    }


def _keep_away(plate: Plate, layer: Layer) -> list[dict[str, Any]]:
    """Named structures of a layer that no needle should meet."""
    return [
        {"name": item.body.keep_away, "outline": [tenths(outline) for outline in _inside(plate, item.outlines())]}
        for item in scene(plate, layer.id)
        if isinstance(item, PlacedBody) and item.body.keep_away
    ]


def _inside(plate: Plate, outlines: Iterable[Array]) -> list[Array]:
    return clipped_outlines(list(outlines), plate.box)


def _site(site: Site) -> dict[str, Any]:
    return {
        "number": site.number,
        "name": site.name,
        "part": site.part,
        "at": tenths(np.array([site.at])),
        "optional": site.optional,
    }


def _areas(region: str, layer: str, outline: Array, mirror: bool) -> list[dict[str, Any]]:
    """The area, and at -x too. On a front view the patient's right is drawn at -x, on a back view at +x."""
    result = [{"region": region, "layer": layer, "outline": tenths(outline)}]
    if mirror:
        result.append({"region": region, "layer": layer, "outline": tenths(outline * np.array([-1.0, 1.0]))})
    return result
