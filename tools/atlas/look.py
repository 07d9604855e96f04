"""How a drawn part looks, and the random numbers that make it reproducible (mm)."""

import hashlib
from dataclasses import dataclass

import numpy as np

from tools.atlas.palette import Colour

STYLES = ("muscle", "tendon", "band", "tube", "gland")


@dataclass(frozen=True)
class Pennate:
    """Fibres that run from the borders down to a raphe: where it lies (u), how steep they are, where tendon begins."""

    raphe: float = 0.5
    slope: float = 0.2
    pale_from: float = 0.45
    end: float = 1.0
    borders: tuple[float, ...] = (0.0, 1.0)
    pale: float = 1.0
    density: float = 1.0
    curve: float = 0.8
    raphe_from: float = 0.12
    fine: float = 1.0


@dataclass(frozen=True)
class Look:
    """How a part is shaded; see resources/atlas/sources/FORMAT.md."""

    style: str = "muscle"
    tones: str = ""
    tint: Colour | None = None
    tendon: tuple[float, float] = (0.0, 0.0)
    aponeurosis: float = 0.0
    intersections: tuple[float, ...] = ()
    pennate: Pennate | None = None
    cut: tuple[float, float] = (0.0, 0.0)
    bulge: float = 1.0
    highlight: float = 0.42
    fibres: float = 1.0
    fineness: float = 1.0
    shadow: float = 3.0
    opacity: float = 1.0
    outline: float = 0.55
    side_outline: float = 0.9
    flat: bool = False
    lobules: float = 2.0


def seed_of(name: str) -> int:
    """A random seed that depends on the name alone."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def random_of(name: str) -> np.random.Generator:
    """Random numbers that depend on the name alone."""
    return np.random.Generator(np.random.PCG64(seed_of(name)))
