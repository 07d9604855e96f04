"""Light and relief that every kind of tissue shares: where the light comes from, shadows, embossing (mm)."""

from collections.abc import Sequence

import numpy as np

from tools.atlas.curves import Array
from tools.atlas.display_list import DisplayList
from tools.atlas.palette import COLOURS, Colour
from tools.atlas.patches import Patch

LIGHT = (-0.55, -0.83)
"""Direction towards the light: upper left, y down."""


def facing(patch: Patch) -> float:
    """How much border b (u = 1) looks to the light, -1..1, at mid-length."""
    across = patch.point(1.0, 0.5) - patch.point(0.0, 0.5)
    across = across / (float(np.linalg.norm(across)) + 1e-9)
    return float(across @ np.array(LIGHT))


def drop_shadow(
    target: DisplayList, outlines: Sequence[Array], reach: float, strength: float, closed: bool = True
) -> None:
    """Soft dark border below a shape, moved away from the light."""
    steps = max(6, min(12, int(reach * 3)))
    offset = (-LIGHT[0] * 0.4 * reach, -LIGHT[1] * 0.4 * reach)
    for step in range(1, steps + 1):
        target.stroke(outlines, COLOURS["shadow"], 2 * reach * step / steps, strength / steps, closed, offset)


def emboss(
    target: DisplayList,
    outlines: Sequence[Array],
    dark: Colour,
    light: Colour,
    reach: float,
    dark_strength: float = 0.55,
    light_strength: float = 0.6,
) -> None:
    """Soft inner shadow away from the light and inner light towards it."""
    count = int(min(36, max(8, reach * 2)))
    shift = reach * 0.35
    glow = -reach * 0.45
    target.clip(outlines)
    for index in range(1, count + 1):
        width = 2 * reach * index / count
        target.stroke(outlines, dark, width, dark_strength / count, offset=(LIGHT[0] * shift, LIGHT[1] * shift))
    for index in range(1, count + 1):
        width = reach * index / count
        target.stroke(outlines, light, width, light_strength / count, offset=(LIGHT[0] * glow, LIGHT[1] * glow))
    target.unclip()
