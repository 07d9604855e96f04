"""Coons patches: a muscle part as a grid of points, its fibres being the lines u = constant (millimetres)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from tools.atlas.curves import Array, as_points, catmull_rom, length, mirror, normals, resample, tangents

ROWS = 41
"""Grid lines across the fibres (u)."""
COLUMNS = 61
"""Grid points along a fibre (t)."""
SCALLOPED_ROWS = 121
"""Finer grid across the fibres where an end is cut into slips."""


@dataclass(frozen=True)
class Patch:
    """A quadrilateral of fibres: ``grid[u, t]``; ``closed`` marks a ring (t runs round)."""

    grid: Array
    closed: bool = False
    fade: float = 0.0

    def point(self, u: ArrayLike, t: ArrayLike) -> Array:
        """Points at u (0 = border a, 1 = border b) and t (0 = origin end, 1 = insertion end), bilinear."""
        rows, columns = self.grid.shape[:2]
        row = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0) * (rows - 1)
        column = np.clip(np.asarray(t, dtype=np.float64), 0.0, 1.0) * (columns - 1)
        row, column = np.broadcast_arrays(row, column)
        i = np.minimum(row.astype(np.intp), rows - 2)
        j = np.minimum(column.astype(np.intp), columns - 2)
        a = (row - i)[..., None]
        b = (column - j)[..., None]
        grid = self.grid
        lower = (1 - b) * grid[i, j] + b * grid[i, j + 1]
        upper = (1 - b) * grid[i + 1, j] + b * grid[i + 1, j + 1]
        return np.asarray((1 - a) * lower + a * upper, dtype=np.float64)

    def strip(self, u_from: float, u_to: float, t_from: float, t_to: float, along: int = 40) -> Array:
        """Polygon around a rectangle of the patch."""
        t = np.linspace(t_from, t_to, along)
        first = self.point(np.full(along, u_from), t)
        last = self.point(np.full(along, u_to), t[::-1])
        if self.closed:
            return np.concatenate([first, last])
        across = max(14, self.grid.shape[0])
        u = np.linspace(u_from, u_to, across)
        return np.concatenate(
            [first, self.point(u, np.full(across, t_to)), last, self.point(u[::-1], np.full(across, t_from))]
        )

    def part_to(self, end: Array, along: int = 60) -> Array:
        """Polygon from the origin end to a ragged end: ``end`` holds t for equal steps of u."""
        t = np.linspace(0.0, 1.0, along)
        u = np.linspace(0.0, 1.0, len(end))
        first = self.point(np.zeros(along), t * end[0])
        last = self.point(np.ones(along), (t * end[-1])[::-1])
        return np.concatenate([first, self.point(u, end), last, self.point(u[::-1], np.zeros(len(end)))])

    def outlines(self) -> tuple[Array, ...]:
        """Closed outline; a ring has two (odd-even)."""
        if self.closed:
            return (self.grid[0], self.grid[-1])
        return (np.concatenate([self.grid[0], self.grid[1:-1, -1], self.grid[-1, ::-1], self.grid[-2:0:-1, 0]]),)

    def mean_width(self) -> float:
        """Mean distance of the two borders, mm."""
        return float(np.linalg.norm(self.grid[-1] - self.grid[0], axis=1).mean())

    def mean_length(self) -> float:
        """Length of the middle fibre, mm."""
        return length(self.grid[self.grid.shape[0] // 2])

    def mirrored(self, sign: float = -1.0) -> "Patch":
        """The patch of the other side."""
        return self if sign > 0 else replace(self, grid=mirror(self.grid, sign))

    def scaled(self, factor: float) -> "Patch":
        """The patch in drawing units."""
        return self if factor == 1 else replace(self, grid=self.grid * factor)

    def piece(self, t_from: float, t_to: float, u_from: float = 0.0, u_to: float = 1.0) -> "Patch":
        """A part of the patch, for a cut muscle."""
        u = np.linspace(u_from, u_to, ROWS)[:, None]
        return replace(self, grid=self.point(u, np.linspace(t_from, t_to, COLUMNS)[None, :]))

    def waved(self, reach: float, random: np.random.Generator) -> "Patch":
        """A ring whose outer border swings by about ``reach`` mm: a perfect one reads as goggles."""
        columns = self.grid.shape[1]
        turn = np.linspace(0, math.tau, columns)
        swing = sum(
            random.uniform(0.3, 1) * np.sin(waves * turn + random.uniform(0, math.tau)) for waves in (2, 3, 5, 7)
        )
        across = self.grid[-1] - self.grid[0]
        size = np.linalg.norm(across, axis=1)
        moves = 0.6 * reach * np.asarray(swing) * np.minimum(1, size / 8)
        share = (np.linspace(0, 1, self.grid.shape[0]) ** 2)[:, None, None]
        return replace(self, grid=self.grid + share * (across / (size[:, None] + 1e-9) * moves[:, None])[None])

    def scalloped(self, at_insertion: bool, count: int, depth: float) -> "Patch":
        """One end cut into ``count`` slips; ``depth`` is the notch, in parts of the length."""
        u = np.linspace(0.0, 1.0, SCALLOPED_ROWS)
        t = np.linspace(0.0, 1.0, COLUMNS)
        shortened = depth * (1 - np.abs(np.sin(math.pi * count * u)) ** 0.7)
        # The notches leave the far part of the belly as it is; the power keeps t growing along every fibre.
        power = min(4.0, 0.8 / depth)
        along = t[None, :] - shortened[:, None] * t[None, :] ** power
        if not at_insertion:
            along = t[None, :] + shortened[:, None] * (1 - t[None, :]) ** power
        return replace(self, grid=self.point(u[:, None], along))

    def folded_cells(self) -> float:
        """Share of grid cells that are turned over (0 = sound), by the sign of the Jacobian."""
        along = self.grid[:-1, 1:] - self.grid[:-1, :-1]
        across = self.grid[1:, :-1] - self.grid[:-1, :-1]
        jacobian = along[..., 0] * across[..., 1] - along[..., 1] * across[..., 0]
        total = float(np.abs(jacobian).sum()) or 1.0
        negative = float(-jacobian[jacobian < 0].sum()) / total
        return min(negative, 1.0 - negative)

    def direction(self, u: float, t: float) -> tuple[float, float]:
        """Unit vector along the fibre, from origin towards insertion."""
        ends = self.point(np.array([u, u]), np.array([max(0.0, t - 0.04), min(1.0, t + 0.04)]))
        along = ends[1] - ends[0]
        size = float(np.linalg.norm(along)) or 1.0
        return float(along[0]) / size, float(along[1]) / size


def coons(
    border_a: Sequence[Sequence[float]] | Array,
    border_b: Sequence[Sequence[float]] | Array,
    origin_edge: Sequence[Sequence[float]] | Array = (),
    insertion_edge: Sequence[Sequence[float]] | Array = (),
    smooth: bool = True,
) -> Patch:
    """Patch between two borders, both from origin to insertion; the edges list inner points from a to b."""
    a = resample(catmull_rom(border_a) if smooth else as_points(border_a), COLUMNS)
    b = resample(catmull_rom(border_b) if smooth else as_points(border_b), COLUMNS)
    origin = resample(catmull_rom(_edge(a[0], origin_edge, b[0])), ROWS)
    insertion = resample(catmull_rom(_edge(a[-1], insertion_edge, b[-1])), ROWS)
    u = np.linspace(0.0, 1.0, ROWS)[:, None, None]
    t = np.linspace(0.0, 1.0, COLUMNS)[None, :, None]
    corners = (1 - u) * (1 - t) * a[0] + (1 - u) * t * a[-1] + u * (1 - t) * b[0] + u * t * b[-1]
    grid = (1 - u) * a[None] + u * b[None] + (1 - t) * origin[:, None] + t * insertion[:, None] - corners
    patch = Patch(np.asarray(grid, dtype=np.float64))
    return replace(patch, grid=unfolded(patch.grid)) if patch.folded_cells() > 0 else patch


def unfolded(grid: Array, rounds: int = 400) -> Array:
    """The grid with its inner points evened out (Winslow's equations), borders kept, until no cell is folded."""
    result = grid.copy()
    for index in range(rounds):
        along = (result[1:-1, 2:] - result[1:-1, :-2]) / 2
        across = (result[2:, 1:-1] - result[:-2, 1:-1]) / 2
        long_part = (along * along).sum(axis=2)[..., None]
        cross_part = (across * across).sum(axis=2)[..., None]
        mixed_part = (along * across).sum(axis=2)[..., None]
        mixed = result[2:, 2:] - result[2:, :-2] - result[:-2, 2:] + result[:-2, :-2]
        even = (
            long_part * (result[2:, 1:-1] + result[:-2, 1:-1])
            + cross_part * (result[1:-1, 2:] + result[1:-1, :-2])
            - mixed_part * mixed / 2
        ) / (2 * (long_part + cross_part) + 1e-9)
        result[1:-1, 1:-1] += 0.7 * (even - result[1:-1, 1:-1])
        if index % 10 == 9 and Patch(result).folded_cells() == 0:
            break
    return result


def _edge(start: Array, between: Sequence[Sequence[float]] | Array, end: Array) -> Array:
    if len(between) == 0:
        return np.stack([start, end])
    return np.concatenate([start[None], as_points(between), end[None]])


def strap(
    centre: Sequence[Sequence[float]] | Array,
    widths: Sequence[Sequence[float]],
    caps: tuple[float, float] = (0.5, 0.5),
    origin_edge: Sequence[Sequence[float]] | Array = (),
    insertion_edge: Sequence[Sequence[float]] | Array = (),
) -> Patch:
    """Patch around a centre line; ``widths`` are (t, half) or (t, half towards a, half towards b), mm."""
    line = resample(catmull_rom(centre), COLUMNS)
    position = np.linspace(0.0, 1.0, COLUMNS)
    at = np.array([row[0] for row in widths], dtype=np.float64)
    half_a = _smoothed(np.interp(position, at, [row[1] for row in widths]))
    half_b = _smoothed(np.interp(position, at, [row[-1] for row in widths]))
    across = normals(line)
    along = tangents(line)
    start = line[:1] - along[:1] * caps[0] * (half_a[0] + half_b[0]) / 2
    end = line[-1:] + along[-1:] * caps[1] * (half_a[-1] + half_b[-1]) / 2
    return coons(
        line + across * half_a[:, None],
        line - across * half_b[:, None],
        origin_edge if len(origin_edge) else start,
        insertion_edge if len(insertion_edge) else end,
        smooth=False,
    )


def _smoothed(profile: Array) -> Array:
    window = np.hanning(11)
    window /= window.sum()
    return np.convolve(np.pad(profile, 5, mode="edge"), window, "valid")


def fusiform(
    centre: Sequence[Sequence[float]] | Array, half_width: float, tendon_half_width: float = 1.2, peak: float = 0.5
) -> Patch:
    """Spindle-shaped strap; widths are half-widths in mm, ``peak`` is where it is thickest."""
    tip = tendon_half_width
    shoulder = max(0.55 * half_width, tip)
    widths = [
        (0.0, tip),
        (0.12, shoulder),
        (peak - 0.15, half_width * 0.97),
        (peak, half_width),
        (peak + 0.15, half_width * 0.97),
        (0.88, shoulder),
        (1.0, tip),
    ]
    return strap(centre, widths)


def organ(outline: Sequence[Sequence[float]] | Array) -> Patch:
    """A closed shape as a patch: its first point is the origin end, the point half way round the insertion end."""
    curve = resample(catmull_rom(_closed(as_points(outline))), 2 * COLUMNS - 1)
    return coons(curve[:COLUMNS], curve[::-1][:COLUMNS], smooth=False)


def _closed(points: Array) -> Array:
    return np.concatenate([points, points[:1]])


def ring(inner: Sequence[Sequence[float]] | Array, outer: Sequence[Sequence[float]] | Array) -> Patch:
    """Sphincter between two closed curves that start at matching points and run the same way."""
    curves = [catmull_rom(points, closed=True) for points in (inner, outer)]
    first, last = (resample(np.concatenate([curve, curve[:1]]), COLUMNS) for curve in curves)
    u = np.linspace(0.0, 1.0, ROWS)[:, None, None]
    return Patch(np.asarray((1 - u) * first[None] + u * last[None], dtype=np.float64), closed=True)
