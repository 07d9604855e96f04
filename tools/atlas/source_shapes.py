"""Reading points, colours and shapes of plate sources (mm)."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tools.atlas.bodies import Shape, Step, ready_look
from tools.atlas.curves import Array, as_points, catmull_rom, resample, shaken
from tools.atlas.look import random_of
from tools.atlas.palette import COLOURS, Colour, mix
from tools.atlas.patches import strap

_REFERENCE = re.compile(r"@(?P<name>[a-z0-9_]+)(?:(?P<x>[+-]\d*\.?\d+),(?P<y>[+-]?\d*\.?\d+))?")


class SourceError(Exception):
    """A plate source that cannot be read, said in a sentence."""


class Resolver:
    """Turns points and landmark references into numbers."""

    def __init__(self, landmarks: Mapping[str, Sequence[float]], name: str) -> None:
        self.landmarks = {key: (float(value[0]), float(value[1])) for key, value in landmarks.items()}
        self.name = name

    def point(self, raw: object) -> tuple[float, float]:
        """One point: [x, y], "@landmark" or "@landmark+dx,dy"."""
        if isinstance(raw, str):
            match = _REFERENCE.fullmatch(raw)
            if match is None:
                raise SourceError(f"{self.name}: {raw!r} is not a landmark reference")
            if match["name"] not in self.landmarks:
                raise SourceError(f"{self.name}: landmark {match['name']!r} is not defined")
            x, y = self.landmarks[match["name"]]
            return x + float(match["x"] or 0), y + float(match["y"] or 0)
        if isinstance(raw, Sequence) and len(raw) == 2:
            return float(raw[0]), float(raw[1])
        raise SourceError(f"{self.name}: {raw!r} is not a point")

    def points(self, raw: Sequence[object]) -> Array:
        """A list of points; an empty list gives an empty array."""
        if not raw:
            return np.empty((0, 2))
        return as_points([self.point(item) for item in raw])


def colour_of(raw: Any) -> Colour:
    """[r, g, b], a palette name or {"mix": [first, second, part]}."""
    if isinstance(raw, str):
        if raw not in COLOURS:
            raise SourceError(f"colour {raw!r} is not in the palette")
        return COLOURS[raw]
    if isinstance(raw, Mapping):
        first, second, part = raw["mix"]
        return mix(colour_of(first), colour_of(second), float(part))
    return float(raw[0]), float(raw[1]), float(raw[2])


def curve_of(resolver: Resolver, raw: Mapping[str, Any]) -> tuple[Array, bool]:
    """The outline of a shape given by points, half, strap or ellipse; with whether it is closed."""
    closed = bool(raw.get("closed", True))
    if "ellipse" in raw:
        return _ellipse(resolver, raw["ellipse"]), True
    if "union" in raw:
        return _union(resolver, raw["union"]), True
    if "strap" in raw:
        item = raw["strap"]
        caps = item.get("caps", [0.5, 0.5])
        patch = strap(resolver.points(item["centre"]), item["widths"], (float(caps[0]), float(caps[1])))
        return patch.outlines()[0], True
    if "half" in raw:
        right = resolver.points(raw["half"])
        left = right[np.abs(right[:, 0]) > 0.01][::-1] * np.array([-1.0, 1.0])
        points = np.concatenate([right, left])
    elif "points" in raw:
        points = resolver.points(raw["points"])
    else:
        raise SourceError(
            f"{resolver.name}: a shape needs points, half, strap, ellipse, union, silhouette or outline_of"
        )
    if not raw.get("smooth", True):
        if closed:
            return points, True
        return resample(points, max(2, len(points) * 8)), False
    step = 2.2 if raw.get("wobble") and not closed else 1.2
    return catmull_rom(points, closed=closed, step=step), closed


def _ellipse(resolver: Resolver, raw: Mapping[str, Any]) -> Array:
    centre = np.array(resolver.point(raw["centre"]))
    wide, high = (float(value) for value in raw["radii"])
    turn = math.radians(float(raw.get("turn", 0)))
    angle = np.linspace(0, math.tau, 48, endpoint=False)
    x, y = wide * np.cos(angle), high * np.sin(angle)
    turned = [x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)]
    return np.asarray(centre + np.stack(turned, axis=1), dtype=np.float64)


def _union(resolver: Resolver, raw: Sequence[Mapping[str, Any]]) -> Array:
    """The outer border of shapes laid over each other; ``"mirror": true`` takes an item at -x too."""
    from shapely import Polygon  # type: ignore[import-untyped]
    from shapely.ops import unary_union  # type: ignore[import-untyped]

    rings: list[Array] = []
    for item in raw:
        outline, _ = curve_of(resolver, item)
        rings.append(outline)
        if item.get("mirror"):
            rings.append(outline * np.array([-1.0, 1.0]))
    joined = unary_union([Polygon(outline).buffer(0) for outline in rings])
    if joined.geom_type != "Polygon":
        raise SourceError(f"{resolver.name}: the shapes of a union must touch each other")
    return np.asarray(joined.exterior.coords[:-1], dtype=np.float64)


def read_shape(resolver: Resolver, raw: Mapping[str, Any], silhouette: Sequence[Array], seed: str) -> list[Shape]:
    """One written shape, as many times as it is repeated."""
    ghost = str(raw.get("outline_of", ""))
    if "silhouette" in raw:
        outline, closed = silhouette[int(raw["silhouette"])], True
    elif ghost:
        outline, closed = np.empty((0, 2)), True
    else:
        outline, closed = curve_of(resolver, raw)
    wobble = float(raw.get("wobble", 0))
    if wobble:
        outline = shaken(outline, wobble, random_of(seed))
    inside: list[Shape] = []
    for index, item in enumerate(raw.get("inside", [])):
        inside.extend(read_shape(resolver, item, silhouette, f"{seed}.{index}"))
    shape = Shape(outline, closed, _steps(resolver, raw), tuple(inside), ghost, seed)
    shift = np.array(raw.get("at", [0, 0]), dtype=np.float64)
    count, dx, dy = raw.get("repeat", [1, 0, 0])
    return [_moved(shape, shift + np.array([dx, dy], dtype=np.float64) * copy) for copy in range(int(count))]


def _moved(shape: Shape, shift: Array) -> Shape:
    if not shift.any():
        return shape
    return replace(shape, outline=shape.outline + shift, inside=tuple(_moved(item, shift) for item in shape.inside))


def _steps(resolver: Resolver, raw: Mapping[str, Any]) -> tuple[Step, ...]:
    steps: list[Step] = []
    if "look" in raw:
        try:
            steps.extend(
                ready_look(
                    raw["look"],
                    float(raw.get("radius", 5)),
                    float(raw.get("shadow", 0)),
                    float(raw.get("outline", 0.6)),
                )
            )
        except KeyError as problem:
            raise SourceError(f"{resolver.name}: look {raw['look']!r} is unknown") from problem
    steps.extend(_step(resolver, item) for item in raw.get("steps", []))
    return tuple(steps)


def _step(resolver: Resolver, raw: Mapping[str, Any]) -> Step:
    kind = raw["do"]
    if kind == "emboss":
        return Step(
            kind,
            colour=colour_of(raw["dark"]),
            light=colour_of(raw["light"]),
            reach=float(raw.get("radius", 5)),
            strength=float(raw.get("dark_strength", 0.55)),
            light_strength=float(raw.get("light_strength", 0.6)),
        )
    if kind == "lobules":
        size = raw.get("size", [1.4, 2.6])
        return Step(
            kind,
            colour=colour_of(raw["dark"]),
            light=colour_of(raw["light"]),
            count=int(raw.get("count", 100)),
            size=(float(size[0]), float(size[1])),
        )
    if kind == "grain":
        size = raw.get("size", [0.2, 0.55])
        return Step(
            kind,
            colour=colour_of(raw["colour"]),
            strength=float(raw.get("strength", 0.6)),
            count=int(raw.get("count", 100)),
            size=(float(size[0]), float(size[1])),
        )
    if kind not in {"fill", "stroke", "dash", "shadow", "depth", "soft", "hatch", "taper"}:
        raise SourceError(f"{resolver.name}: step {kind!r} is unknown")
    offset = raw.get("offset", [0, 0])
    pattern = raw.get("pattern", [2.4, 1.8])
    default = "depth" if kind == "depth" else "shadow"
    return Step(
        kind,
        colour=colour_of(raw.get("colour", default)),
        strength=float(raw.get("strength", 1.0)),
        width=float(raw.get("width", 0.6)),
        reach=float(raw.get("reach", 3.0)),
        offset=(float(offset[0]), float(offset[1])),
        pattern=(float(pattern[0]), float(pattern[1])),
        core=float(raw.get("core", 0.2)),
        angle=float(raw.get("angle", 45)),
        pitch=float(raw.get("pitch", 3.2)),
    )
