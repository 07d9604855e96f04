"""Tendons, ligaments and tubes: parts that have fibres or a bore but no red belly (mm)."""

import numpy as np

from tools.atlas.curves import Array, slivers
from tools.atlas.display_list import DisplayList
from tools.atlas.look import Look, random_of
from tools.atlas.palette import COLOURS, mix, sinew_tones
from tools.atlas.patches import Patch
from tools.atlas.relief import drop_shadow, emboss, facing

_NODES = np.linspace(0, 1, 50)


def shade_tendon(target: DisplayList, patch: Patch, look: Look, part: str) -> None:
    """A round cord, or a flat sheet with ``look.flat``: cream, lit from the side, with fine long lines."""
    random = random_of(part)
    base, dark, light, outline = sinew_tones(look.tint or mix(COLOURS["tendon"], COLOURS["tendon_dark"], 0.05))
    width, outlines = patch.mean_width(), patch.outlines()
    if look.shadow > 0:
        drop_shadow(target, outlines, min(look.shadow, 1.4), 0.36)
    target.fill(outlines, base, look.opacity)
    target.clip(outlines)
    lean = facing(patch)
    roundness = (0.45 if look.flat else 1.0) * look.bulge
    for step in range(1, 7):
        reach = 0.45 * step / 6
        target.fill([patch.strip(0, reach, 0, 1)], dark, 0.085 * roundness * (1 + 0.8 * lean))
        target.fill([patch.strip(1 - reach, 1, 0, 1)], dark, 0.085 * roundness * (1 - 0.8 * lean))
    for step in range(4):
        half = 0.2 * (1 - step / 4) + 0.03
        centre = 0.5 + 0.2 * lean
        target.fill([patch.strip(centre - half, centre + half, 0, 1)], light, 0.16)
    count = int(np.clip(width / 0.8 * look.fibres, 2, 90))
    lines: tuple[list[Array], list[Array]] = ([], [])
    for index in range(count):
        start = random.uniform(0, 0.4)
        t = np.linspace(start, min(1.0, start + random.uniform(0.35, 0.6)), 18)
        lines[index % 2].append(patch.point((index + random.uniform()) / count, t))
    target.fill(slivers(lines[0], 0.24), dark, 0.5)
    target.fill(slivers(lines[1], 0.3), dark, 0.3)
    target.unclip()
    sides = [patch.point(0.0, _NODES), patch.point(1.0, _NODES)]
    target.stroke(sides, outline, min(look.outline, 0.4), 0.85 * look.side_outline, closed=False)


def shade_band(target: DisplayList, patch: Patch, look: Look, part: str) -> None:
    """A ligament, retinaculum or pulley: flat, translucent when ``look.opacity`` says so, fibres along t."""
    random = random_of(part)
    base, dark, light, outline = sinew_tones(look.tint or COLOURS["fascia"])
    outlines, opacity = patch.outlines(), look.opacity
    if look.shadow > 0:
        drop_shadow(target, outlines, min(look.shadow, 1.5), 0.3 * opacity)
    target.fill(outlines, base, opacity)
    relief = 0.4 * opacity * look.bulge
    emboss(target, outlines, dark, light, min(4.0, patch.mean_width() * 0.4), relief, relief)
    target.clip(outlines)
    dark_lines: list[Array] = []
    light_lines: list[Array] = []
    for index in range(int(patch.mean_width() / 0.6 * look.fibres)):
        start = random.uniform(0, 0.45)
        t = np.linspace(start, min(1.0, start + random.uniform(0.3, 0.7)), 14)
        (light_lines if index % 3 == 0 else dark_lines).append(patch.point(random.uniform(0, 1), t))
    target.fill(slivers(dark_lines, 0.26), dark, 0.4 * opacity)
    target.fill(slivers(light_lines, 0.4), light, 0.6 * opacity)
    target.unclip()
    sides = [patch.point(0.0, _NODES), patch.point(1.0, _NODES)]
    target.stroke(sides, outline, min(look.outline, 0.36), 0.8 * look.side_outline, closed=False)


def shade_tube(target: DisplayList, patch: Patch, look: Look) -> None:
    """A vessel, nerve or duct of ``look.tint``: darker towards both sides, a light line along its middle."""
    base = look.tint or COLOURS["nerve"]
    dark, light = mix(base, (40, 20, 26), 0.6), mix(base, (255, 255, 255), 0.6)
    outlines = patch.outlines()
    if look.shadow > 0:
        drop_shadow(target, outlines, min(look.shadow, 1.5), 0.28)
    target.fill(outlines, base, look.opacity)
    target.clip(outlines)
    for step in range(1, 6):
        reach = 0.42 * step / 5
        target.fill([patch.strip(0, reach, 0, 1)], dark, 0.075 * look.bulge)
        target.fill([patch.strip(1 - reach, 1, 0, 1)], dark, 0.075 * look.bulge)
    for step in range(4):
        half = 0.16 * (1 - step / 4)
        target.fill([patch.strip(0.45 - half, 0.45 + half, 0.01, 0.99)], light, 0.14)
    target.unclip()
    target.stroke(outlines, dark, min(look.outline, 0.4), 0.7 * look.side_outline)
