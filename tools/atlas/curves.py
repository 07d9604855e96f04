"""Smooth curves through given points, and their resampling by arc length (millimetres)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Points as an (n, 2) array, or a grid of points as (rows, columns, 2)."""

DEFAULT_STEP = 1.2
"""Distance of neighbouring curve points, mm; looks smooth up to 9 px/mm."""

_LEAST_PIECES = 5
"""Small curves (eyelids, larynx) stay smooth too."""


def as_points(points: Sequence[Sequence[float]] | Array) -> Array:
    """The points as an (n, 2) array."""
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError("points must be pairs of numbers")
    return array


def length(curve: Array) -> float:
    """Length of a polyline, mm."""
    return float(np.linalg.norm(np.diff(curve, axis=0), axis=1).sum())


def catmull_rom(points: Sequence[Sequence[float]] | Array, closed: bool = False, step: float = DEFAULT_STEP) -> Array:
    """Centripetal Catmull-Rom curve through ``points``, a point about every ``step`` mm.

    A closed curve does not repeat its first point at the end.
    """
    given = as_points(points)
    if len(given) == 1:
        return given
    if closed:
        support = np.concatenate([given[-1:], given, given[:2]])
    else:
        first = 2 * given[0] - given[1]
        last = 2 * given[-1] - given[-2]
        support = np.concatenate([first[None], given, last[None]])
    pieces = [_segment(support[index : index + 4], step) for index in range(len(support) - 3)]
    if not closed:
        pieces.append(given[-1:])
    return np.concatenate(pieces)


def _segment(support: Array, step: float) -> Array:
    """The piece between the second and third of four support points (Barry-Goldman), end point excluded."""
    before, start, end, after = support
    chord = np.sqrt(np.maximum(1e-6, np.linalg.norm(np.diff(support, axis=0), axis=1)))
    knot0, knot1, knot2, knot3 = 0.0, float(chord[0]), float(chord[:2].sum()), float(chord.sum())
    count = max(_LEAST_PIECES, int(np.linalg.norm(end - start) / step))
    knot = (knot1 + (knot2 - knot1) * np.arange(count) / count)[:, None]
    line1 = ((knot1 - knot) * before + (knot - knot0) * start) / (knot1 - knot0)
    line2 = ((knot2 - knot) * start + (knot - knot1) * end) / (knot2 - knot1)
    line3 = ((knot3 - knot) * end + (knot - knot2) * after) / (knot3 - knot2)
    bend1 = ((knot2 - knot) * line1 + (knot - knot0) * line2) / (knot2 - knot0)
    bend2 = ((knot3 - knot) * line2 + (knot - knot1) * line3) / (knot3 - knot1)
    return np.asarray(((knot2 - knot) * bend1 + (knot - knot1) * bend2) / (knot2 - knot1), dtype=np.float64)


def resample(curve: Array, count: int) -> Array:
    """``count`` points at equal arc length along a polyline."""
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, travelled[-1] or 1.0, count)
    return np.stack([np.interp(wanted, travelled, curve[:, axis]) for axis in (0, 1)], axis=1)


def tangents(curve: Array) -> Array:
    """Unit directions along a polyline."""
    direction = np.gradient(curve, axis=0)
    return np.asarray(direction / (np.linalg.norm(direction, axis=1)[:, None] + 1e-9), dtype=np.float64)


def normals(curve: Array) -> Array:
    """Unit vectors across a polyline: towards +x for a curve that runs down the picture."""
    direction = tangents(curve)
    return np.stack([direction[:, 1], -direction[:, 0]], axis=1)


def mirror(points: Array, sign: float = -1.0) -> Array:
    """The points with x multiplied by ``sign``."""
    return np.asarray(points * np.array([sign, 1.0]), dtype=np.float64)


def shaken(curve: Array, reach: float, random: np.random.Generator) -> Array:
    """The curve with every point moved across itself by up to about ``reach`` mm (sutures, gland edges)."""
    moves = random.uniform(-reach, reach, len(curve))
    return np.asarray(curve + normals(curve) * moves[:, None], dtype=np.float64)


def slivers(fibres: Sequence[Array], width: float) -> list[Array]:
    """Tapered thin polygons along each fibre, ``width`` mm in their middle."""
    result: list[Array] = []
    for fibre in fibres:
        position = np.linspace(0.02, 0.98, len(fibre))
        half = (0.5 * width * np.sin(np.pi * position) ** 0.4)[:, None]
        across = normals(fibre)
        result.append(np.concatenate([fibre + across * half, (fibre - across * half)[::-1]]))
    return result
