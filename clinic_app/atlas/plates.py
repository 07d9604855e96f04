"""The baked atlas as the program reads it: plates, their layers and the parts of muscles that can be pointed at.

All lengths are millimetres of an average adult, all areas square millimetres, y grows downwards. Sides are always the
patient's own. Nothing here knows how a plate is drawn: pictures are only named by their paths.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Polygon = tuple[Point, ...]

INDEX = "index.json"
_NODES_TRIED = 4
_NEWTON_STEPS = 12
_INSIDE = 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """One drawn part of a muscle on one layer.

    ``outline`` is the visible region: closed polygons in mm, even-odd. ``anchor`` lies as deep inside it as a place
    can. ``bounds`` is left, top, right, bottom in mm, ``area`` the visible mm². ``fibre_angle`` is the direction of the
    fibres at the anchor in degrees anticlockwise from the picture's right, 0 to below 180. ``grid`` holds places in mm,
    rows over u (across the fibres), columns over t (along them, 0 at the origin end).
    """

    id: str
    muscle: str
    side: str
    outline: tuple[Polygon, ...]
    anchor: Point
    bounds: Box
    area: float
    fibre_angle: float
    grid: tuple[tuple[Point, ...], ...]

    def at(self, u: float, t: float) -> Point:
        """The place in mm at ``u`` and ``t``, both taken as lying in 0..1."""
        row, across = _cell(u, len(self.grid))
        column, along = _cell(t, len(self.grid[0]))
        return _blend(self._corners(row, column), across, along)

    def locate(self, x: float, y: float) -> tuple[float, float]:
        """The ``u`` and ``t`` (0..1) of the place of the grid nearest to ``x``, ``y`` in mm.

        ``at`` of the answer is the place itself if that lies on the grid. The place found again after a redrawing of
        the atlas is why points are kept as u and t.
        """
        best, best_distance = (0.0, 0.0), float("inf")
        for row, column in self._cells_near(x, y):
            across, along, distance = _nearest_in_cell(self._corners(row, column), (x, y))
            if distance < best_distance:
                best_distance = distance
                best = (row + across) / (len(self.grid) - 1), (column + along) / (len(self.grid[0]) - 1)
                if distance < _INSIDE:
                    break
        return best

    def contains(self, x: float, y: float) -> bool:
        """Whether the place in mm lies on the visible region."""
        left, top, right, bottom = self.bounds
        if not (left <= x <= right and top <= y <= bottom):
            return False
        inside = False
        for polygon in self.outline:
            before_x, before_y = polygon[-1]
            for here_x, here_y in polygon:
                if (here_y > y) != (before_y > y) and x < here_x + (y - here_y) * (before_x - here_x) / (
                    before_y - here_y
                ):
                    inside = not inside
                before_x, before_y = here_x, here_y
        return inside

    def _corners(self, row: int, column: int) -> tuple[Point, Point, Point, Point]:
        grid = self.grid
        return grid[row][column], grid[row + 1][column], grid[row][column + 1], grid[row + 1][column + 1]

    def _cells_near(self, x: float, y: float) -> list[tuple[int, int]]:
        """The cells around the nearest nodes. Several nodes, because the ends of a ring lie on each other."""
        nodes = sorted(
            ((node[0] - x) ** 2 + (node[1] - y) ** 2, row, column)
            for row, line in enumerate(self.grid)
            for column, node in enumerate(line)
        )
        rows, columns = len(self.grid) - 1, len(self.grid[0]) - 1
        cells: dict[tuple[int, int], None] = {}
        for _, node_row, node_column in nodes[:_NODES_TRIED]:
            for row in (node_row - 1, node_row):
                for column in (node_column - 1, node_column):
                    if 0 <= row < rows and 0 <= column < columns:
                        cells[(row, column)] = None
        return list(cells)


@dataclass(frozen=True, slots=True)
class Layer:
    """One depth of a plate with the parts that can be pointed at.

    ``natural`` and ``neutral`` are pictures of the plate's box: in muscle red, and in the grey of no dose.
    """

    id: str
    title: str
    parts: tuple[Part, ...]
    natural: Path
    neutral: Path


@dataclass(frozen=True, slots=True)
class Plate:
    """One view of a part of the body. ``box`` is left, top, right, bottom in mm and what every picture of it shows.

    ``marks`` are letters for the sides with their places in mm; ``silhouette`` are the closed outlines of the body.
    """

    id: str
    title: str
    region: str
    sides: tuple[str, ...]
    box: Box
    pixels_per_mm: float
    layers: tuple[Layer, ...]
    marks: tuple[tuple[str, float, float], ...]
    silhouette: tuple[Polygon, ...]

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id; KeyError when there is none."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)


@dataclass(frozen=True, slots=True)
class PlateSummary:
    """What is known of a plate before it is read; ``layers`` are (id, title), the outermost first."""

    id: str
    title: str
    region: str
    sides: tuple[str, ...]
    layers: tuple[tuple[str, str], ...]
    muscles: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Index:
    summaries: tuple[PlateSummary, ...]
    shown: dict[tuple[str, str], tuple[tuple[str, str], ...]]


class Atlas:
    """The plates in ``folder``. Nothing is read until asked for; a folder without an index has no plates.

    May be asked from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self._index: _Index | None = None
        self._plates: dict[str, Plate] = {}

    def summaries(self) -> tuple[PlateSummary, ...]:
        """All plates, in the order of the index."""
        return self._read_index().summaries

    def plate(self, plate_id: str) -> Plate:
        """A plate, read once and kept; KeyError when the index does not name it."""
        with self._lock:
            if plate_id not in self._plates:
                if all(summary.id != plate_id for summary in self.summaries()):
                    raise KeyError(plate_id)
                self._plates[plate_id] = _plate(_read(self._folder / f"{plate_id}.json"), self._folder)
            return self._plates[plate_id]

    def shown_on(self, muscle: str, side: str) -> tuple[tuple[str, str], ...]:
        """Where a muscle can be pointed at, as (plate id, layer id), the largest visible area first."""
        return self._read_index().shown.get((muscle, side), ())

    def _read_index(self) -> _Index:
        with self._lock:
            if self._index is None:
                path = self._folder / INDEX
                self._index = _index(_read(path) if path.is_file() else {"plates": []})
            return self._index


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _index(document: dict[str, Any]) -> _Index:
    areas: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    summaries = []
    for plate in document["plates"]:
        for muscle, side, layer, area in plate["shown"]:
            places = areas.setdefault((muscle, side), {})
            places[(plate["id"], layer)] = places.get((plate["id"], layer), 0.0) + area
        summaries.append(
            PlateSummary(
                plate["id"],
                plate["title"],
                plate["region"],
                tuple(plate["sides"]),
                tuple((layer["id"], layer["title"]) for layer in plate["layers"]),
                frozenset(muscle for muscle, _, _, _ in plate["shown"]),
            )
        )
    shown = {
        place: tuple(sorted(found, key=lambda where: -found[where]))  # stable: equal areas keep the index's order
        for place, found in areas.items()
    }
    return _Index(tuple(summaries), shown)


def _plate(document: dict[str, Any], folder: Path) -> Plate:
    return Plate(
        document["id"],
        document["title"],
        document["region"],
        tuple(document["sides"]),
        _box(document["box"]),
        float(document["pixels_per_mm"]),
        tuple(
            Layer(
                layer["id"],
                layer["title"],
                # Parts without a muscle of the reference are drawn, but cannot be pointed at.
                tuple(_part(part) for part in layer["parts"] if part["muscle"]),
                folder / layer["natural"],
                folder / layer["neutral"],
            )
            for layer in document["layers"]
        ),
        tuple((str(letter), float(x), float(y)) for letter, x, y in document["marks"]),
        tuple(_polygon(polygon) for polygon in document["silhouette"]),
    )


def _part(document: dict[str, Any]) -> Part:
    x, y = document["anchor"]
    return Part(
        document["id"],
        document["muscle"],
        document["side"],
        tuple(_polygon(polygon) for polygon in document["outline"]),
        (float(x), float(y)),
        _box(document["bounds"]),
        float(document["area"]),
        float(document["fibre_angle"]),
        tuple(_polygon(row) for row in document["grid"]),
    )


def _polygon(points: list[list[float]]) -> Polygon:
    return tuple([(float(x), float(y)) for x, y in points])


def _box(numbers: list[float]) -> Box:
    left, top, right, bottom = (float(number) for number in numbers)
    return left, top, right, bottom


def _cell(share: float, nodes: int) -> tuple[int, float]:
    """The cell of a row of nodes in which a share (0..1) of its length falls, and the share of that cell."""
    scaled = min(1.0, max(0.0, share)) * (nodes - 1)
    cell = min(int(scaled), nodes - 2)
    return cell, scaled - cell


def _blend(corners: tuple[Point, Point, Point, Point], across: float, along: float) -> Point:
    """Bilinear: corners are (0, 0), (1, 0), (0, 1) and (1, 1) in (across, along)."""
    weights = ((1 - across) * (1 - along), across * (1 - along), (1 - across) * along, across * along)
    return (
        sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
        sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
    )


def _nearest_in_cell(corners: tuple[Point, Point, Point, Point], wanted: Point) -> tuple[float, float, float]:
    """(across, along, distance²) of the place of a cell that is nearest to the wanted one."""
    inside = _inverted(corners, wanted)
    if inside is not None:
        return (*inside, 0.0)
    first, second, third, fourth = corners
    candidates = []
    for start, end, place in (
        (first, second, lambda share: (share, 0.0)),
        (third, fourth, lambda share: (share, 1.0)),
        (first, third, lambda share: (0.0, share)),
        (second, fourth, lambda share: (1.0, share)),
    ):
        share, distance = _nearest_on_line(start, end, wanted)
        across, along = place(share)
        candidates.append((distance, across, along))
    distance, across, along = min(candidates)
    return across, along, distance


def _inverted(corners: tuple[Point, Point, Point, Point], wanted: Point) -> tuple[float, float] | None:
    """Newton's method on the bilinear cell; None when the wanted place does not lie in it."""
    first, second, third, fourth = corners
    across = along = 0.5
    for _ in range(_NEWTON_STEPS):
        x, y = _blend(corners, across, along)
        error_x, error_y = wanted[0] - x, wanted[1] - y
        across_x = (second[0] - first[0]) * (1 - along) + (fourth[0] - third[0]) * along
        across_y = (second[1] - first[1]) * (1 - along) + (fourth[1] - third[1]) * along
        along_x = (third[0] - first[0]) * (1 - across) + (fourth[0] - second[0]) * across
        along_y = (third[1] - first[1]) * (1 - across) + (fourth[1] - second[1]) * across
        determinant = across_x * along_y - across_y * along_x
        if abs(determinant) < 1e-12:
            return None
        across += (error_x * along_y - error_y * along_x) / determinant
        along += (across_x * error_y - across_y * error_x) / determinant
        if abs(across) > 4 or abs(along) > 4:
            return None
    if not (-_INSIDE <= across <= 1 + _INSIDE and -_INSIDE <= along <= 1 + _INSIDE):
        return None
    x, y = _blend(corners, across, along)
    if (x - wanted[0]) ** 2 + (y - wanted[1]) ** 2 > _INSIDE:
        return None
    return min(1.0, max(0.0, across)), min(1.0, max(0.0, along))


def _nearest_on_line(start: Point, end: Point, wanted: Point) -> tuple[float, float]:
    """(share of the way, distance²) of the place between two points that is nearest to the wanted one."""
    run_x, run_y = end[0] - start[0], end[1] - start[1]
    squared = run_x * run_x + run_y * run_y
    share = 0.0
    if squared > 0:
        share = ((wanted[0] - start[0]) * run_x + (wanted[1] - start[1]) * run_y) / squared
        share = min(1.0, max(0.0, share))
    x, y = start[0] + share * run_x, start[1] + share * run_y
    return share, (x - wanted[0]) ** 2 + (y - wanted[1]) ** 2
