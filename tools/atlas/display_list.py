"""A flat list of paint operations: fill, stroke, dash, clip and unclip with flat colours and alpha.

The same list serves every back end. Points are NumPy arrays in millimetres.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tools.atlas.curves import Array
from tools.atlas.palette import Colour

Polygons = tuple[Array, ...]


@dataclass(frozen=True)
class Fill:
    """Fill polygons as one shape."""

    polygons: Polygons
    colour: Colour
    alpha: float
    odd_even: bool = False


@dataclass(frozen=True)
class Stroke:
    """Draw lines of a width in mm, moved by an offset."""

    lines: Polygons
    closed: bool
    colour: Colour
    width: float
    alpha: float
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Dash:
    """Draw dashed lines; the pattern is dash and gap in mm."""

    lines: Polygons
    closed: bool
    colour: Colour
    width: float
    alpha: float
    pattern: tuple[float, float]


@dataclass(frozen=True)
class Clip:
    """Restrict what follows to the polygons, until the matching :class:`Unclip`."""

    polygons: Polygons
    odd_even: bool = False


@dataclass(frozen=True)
class Unclip:
    """Undo the latest :class:`Clip`."""


Operation = Fill | Stroke | Dash | Clip | Unclip


@dataclass
class DisplayList:
    """Paint operations in painting order; ``scale`` is drawing units per mm."""

    scale: float = 1.0
    operations: list[Operation] = field(default_factory=list)

    def fill(self, polygons: Sequence[Array], colour: Colour, alpha: float = 1.0, odd_even: bool = False) -> None:
        """Add a fill."""
        if alpha > 0 and polygons:
            self.operations.append(Fill(tuple(polygons), colour, min(1.0, alpha), odd_even))

    def stroke(
        self,
        lines: Sequence[Array],
        colour: Colour,
        width: float,
        alpha: float = 1.0,
        closed: bool = True,
        offset: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Add lines."""
        if alpha > 0 and width > 0 and lines:
            self.operations.append(Stroke(tuple(lines), closed, colour, width, min(1.0, alpha), offset))

    def dash(
        self,
        lines: Sequence[Array],
        colour: Colour,
        width: float,
        alpha: float,
        pattern: tuple[float, float],
        closed: bool = True,
    ) -> None:
        """Add dashed lines."""
        self.operations.append(Dash(tuple(lines), closed, colour, width, alpha, pattern))

    def clip(self, polygons: Sequence[Array], odd_even: bool = False) -> None:
        """Restrict what follows."""
        self.operations.append(Clip(tuple(polygons), odd_even))

    def unclip(self) -> None:
        """End the latest restriction."""
        self.operations.append(Unclip())

    def digest(self) -> str:
        """SHA-256 of the whole list, coordinates rounded to a micrometre."""
        total = hashlib.sha256(f"scale={self.scale:.4f};".encode())
        for operation in self.operations:
            total.update(type(operation).__name__.encode())
            for name, value in vars(operation).items():
                if name in {"polygons", "lines"}:
                    for polygon in value:
                        total.update(np.round(polygon, 3).astype(np.float32).tobytes())
                else:
                    total.update(f"{name}={_rounded(value)};".encode())
        return total.hexdigest()


def _rounded(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_rounded(item) for item in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):.4f}"
    return str(value)
