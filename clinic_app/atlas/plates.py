"""The baked atlas as the program reads it: plates, their layers and the parts of muscles that can be pointed at.

All lengths are millimetres of an average adult, all areas square millimetres, y grows downwards. Sides are always the
patient's own. Nothing here knows how a plate is drawn: pictures are only named by their paths.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clinic_app.atlas.grids import Grid, Point, nearest_on, place_at

Box = tuple[float, float, float, float]
Polygon = tuple[Point, ...]

_SAME_PLACE_MM = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """One drawn part of a muscle on one layer.

    ``outline`` is the visible region: closed polygons in mm, even-odd. ``anchor`` lies as deep inside it as a place
    can. ``bounds`` is left, top, right, bottom in mm, ``area`` the visible mm². ``fibre_angle`` is the direction of the
    fibres at the anchor in degrees anticlockwise from the picture's right, 0 to below 180. ``grid`` is the whole part,
    hidden or not.
    """

    id: str
    muscle: str
    side: str
    outline: tuple[Polygon, ...]
    anchor: Point
    bounds: Box
    area: float
    fibre_angle: float
    grid: Grid

    def at(self, u: float, t: float) -> Point:
        """The place in mm at ``u`` and ``t``, both taken as lying in 0..1."""
        return place_at(self.grid, u, t)

    def locate(self, x: float, y: float) -> Point:
        """The ``u`` and ``t`` (0..1) of the place of the grid nearest to ``x``, ``y`` in mm.

        ``at`` of the answer is the place itself if that lies on the grid. The place found again after a redrawing of
        the atlas is why points are kept as u and t.
        """
        return nearest_on(self.grid, x, y)

    def contains(self, x: float, y: float) -> bool:
        """Whether the place in mm lies on the visible region."""
        left, top, right, bottom = self.bounds
        return left <= x <= right and top <= y <= bottom and inside(self.outline, x, y)


@dataclass(frozen=True, slots=True)
class KeepAway:
    """A structure that no needle should meet, as a layer shows it."""

    name: str
    outline: tuple[Polygon, ...]

    def contains(self, x: float, y: float) -> bool:
        """Whether the place in mm lies on it."""
        return any(inside((polygon,), x, y) for polygon in self.outline)


@dataclass(frozen=True, slots=True)
class Site:
    """A usual place of injection on a part, numbered as the plate shows it. A place, never a dose."""

    number: int
    name: str
    part: str
    at: Point
    optional: bool


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
    keep_away: tuple[KeepAway, ...] = ()


@dataclass(frozen=True, slots=True)
class Plate:
    """One view of a part of the body. ``box`` is left, top, right, bottom in mm and what every picture of it shows.

    ``marks`` are letters for the sides and words for directions with their places in mm; ``silhouette`` are the closed
    outlines of the body.
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
    sites: tuple[Site, ...] = ()

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id; KeyError when there is none."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def position(self, part_id: str, u: float, t: float, x_mm: float, y_mm: float) -> Point:
        """Where a kept point lies today: by its part, so that a redrawn plate keeps it; else by its millimetres."""
        for layer in self.layers:
            for part in layer.parts:
                if part.id == part_id:
                    x, y = part.at(u, t)
                    # Where the drawing is the same, the kept millimetres are finer than the way back through the grid.
                    same = (x - x_mm) ** 2 + (y - y_mm) ** 2 < _SAME_PLACE_MM**2
                    return (x_mm, y_mm) if same else (x, y)
        return x_mm, y_mm


@dataclass(frozen=True, slots=True)
class PlateSummary:
    """What is known of a plate before it is read; ``layers`` are (id, title), the outermost first.

    ``seen_from`` is "front", "back" or "side", when that is how the body is looked at.
    """

    id: str
    title: str
    region: str
    sides: tuple[str, ...]
    layers: tuple[tuple[str, str], ...]
    muscles: frozenset[str]
    seen_from: str = ""


@dataclass(frozen=True, slots=True)
class BodyArea:
    """A piece of the body figure: a region of the catalogue, on the patient's ``side`` or, when empty, on both."""

    region: str
    side: str
    outline: Polygon
    bounds: Box

    def contains(self, x: float, y: float) -> bool:
        """Whether the place in mm lies on it."""
        left, top, right, bottom = self.bounds
        return left <= x <= right and top <= y <= bottom and inside((self.outline,), x, y)


@dataclass(frozen=True, slots=True)
class BodyView:
    """The body figure from the front or the back."""

    id: str
    title: str
    picture: Path
    areas: tuple[BodyArea, ...]


@dataclass(frozen=True, slots=True)
class BodyFigure:
    """The small figure that leads to the regions. ``box`` in mm is what the picture of every view shows."""

    box: Box
    views: tuple[BodyView, ...]


def inside(outline: Iterable[Polygon], x: float, y: float) -> bool:
    """Whether a place lies inside closed polygons, even-odd."""
    within = False
    for polygon in outline:
        before_x, before_y = polygon[-1]
        for here_x, here_y in polygon:
            if (here_y > y) != (before_y > y) and x < here_x + (y - here_y) * (before_x - here_x) / (before_y - here_y):
                within = not within
            before_x, before_y = here_x, here_y
    return within
