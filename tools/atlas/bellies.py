"""What some bellies need beyond the plain recipe: pennate fibres, a cut face, the lobules of a gland (mm)."""

import math

import numpy as np

from tools.atlas.curves import Array, length, slivers
from tools.atlas.display_list import DisplayList
from tools.atlas.look import Look, Pennate, random_of
from tools.atlas.palette import COLOURS, Tones, mix
from tools.atlas.patches import Patch
from tools.atlas.relief import drop_shadow, emboss


def pennate_fibres(target: DisplayList, patch: Patch, pennate: Pennate, tones: Tones, part: str) -> None:
    """Slanting fibres over an already shaded belly; beyond ``pale_from`` their ends turn to tendon.

    A fibre of border e runs u = e..raphe while t grows by ``slope`` (shrinks where it is negative).
    """
    random = random_of(f"{part} pennate")
    size = patch.mean_length()
    first, reach_of_all = min(0.0, -pennate.slope), 1 + abs(pennate.slope)
    dark: tuple[list[Array], ...] = ([], [], [])
    light: tuple[list[Array], ...] = ([], [])
    pale: tuple[list[Array], ...] = ([], [], [])

    def piece(border: float, begin: float, start: float, stop: float, nodes: int, last: float) -> Array | None:
        share = np.linspace(start, stop, nodes)
        t = begin + pennate.slope * share**pennate.curve
        kept = (t >= 0) & (t <= last)
        if kept.sum() < 4:
            return None
        return patch.point(border + (pennate.raphe - border) * share[kept], t[kept])

    def add(family: list[Array], fibre: Array | None) -> None:
        if fibre is not None:
            family.append(fibre)

    for border in pennate.borders:
        count = int(size * reach_of_all / 1.15 * pennate.density)
        for index in range(count):
            begin = first + reach_of_all * (index + random.uniform()) / count
            reach = (random.uniform(0, 0.05), random.uniform(0.95, 1))
            add(dark[index % 3], piece(border, begin, *reach, 16, pennate.end))
            if random.uniform() < 0.85:
                start = random.uniform(0, 0.7)
                family = light if random.uniform() < 0.6 else dark
                stop = start + random.uniform(0.15, 0.3)
                add(family[int(random.integers(2))], piece(border, begin, start, stop, 8, pennate.end))
            ends_at = begin + pennate.slope
            if pennate.pale and ends_at > pennate.raphe_from * random.uniform(0.6, 1.3):
                grown = max(0.0, (ends_at - pennate.pale_from) / (1 - pennate.pale_from + 1e-6))
                tip = 0.10 * random.uniform(0.6, 1.4) + 0.75 * min(1.0, grown) ** 1.3 * random.uniform(0.8, 1.15)
                far = ends_at >= max(pennate.pale_from * 0.9, pennate.raphe_from + 0.15)
                add(pale[index % 2 if far else 2], piece(border, begin, max(0.0, 1 - tip), 1.0, 9, 1.0))
    target.clip(patch.outlines())
    fine = pennate.fine
    for fibres, width, alpha in zip(dark, (0.30, 0.42, 0.55), (0.50, 0.36, 0.26), strict=True):
        target.fill(slivers(fibres, width * fine), tones.dark, alpha)
    for fibres, width, alpha in zip(light, (0.34, 0.60), (0.42, 0.26), strict=True):
        target.fill(slivers(fibres, width * fine), tones.light, alpha)
    target.fill(slivers([*pale[0], *pale[1]], 2.4 * fine), tones.tendon, 0.30 * pennate.pale)
    target.fill(slivers([*pale[0], *pale[1]], 1.3 * fine), tones.tendon, 0.55 * pennate.pale)
    target.fill(slivers(pale[1], 0.3 * fine), tones.tendon_dark, 0.5 * pennate.pale)
    target.fill(slivers(pale[2], 0.55 * fine), tones.tendon, 0.6 * pennate.pale)
    for begin, width in ((0.0, 0.9), (0.08, 1.3), (0.16, 1.8)):
        start = min(0.95, pennate.raphe_from + begin)
        raphe = [patch.point(pennate.raphe, np.linspace(start, 1, 40))]
        target.fill(slivers(raphe, width * fine), tones.tendon, 0.42 * pennate.pale)
    target.unclip()


def cut_face(target: DisplayList, patch: Patch, at_insertion: bool, thickness: float, tones: Tones, part: str) -> None:
    """The cross-section of a cut muscle: a dark lens along one end, dotted with pale fascicles."""
    random = random_of(f"{part} cut {at_insertion}")
    u = np.linspace(0, 1, 40)
    edge = patch.point(u, 1.0 if at_insertion else 0.0)
    outwards = edge - patch.point(u, 0.96 if at_insertion else 0.04)
    outwards /= np.linalg.norm(outwards, axis=1)[:, None] + 1e-9
    half = (thickness * np.sin(np.pi * u) ** 0.45)[:, None]
    lens = np.concatenate([edge - outwards * half * 0.45, (edge + outwards * half * 0.55)[::-1]])
    target.fill([lens], mix(tones.base, tones.dark, 0.6))
    target.clip([lens])
    dots: tuple[list[Array], list[Array]] = ([], [])
    angle = np.linspace(0, math.tau, 8)
    for index in range(int(length(edge) * thickness / 0.55)):
        column = int(random.integers(40))
        centre = edge[column] + outwards[column] * random.uniform(-0.45, 0.55) * thickness
        radius = random.uniform(0.18, 0.42)
        dots[index % 2].append(centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    target.fill(dots[0], mix(tones.base, tones.light, 0.5), 0.8)
    target.fill(dots[1], tones.base, 0.8)
    target.unclip()
    target.stroke([lens], tones.outline, 0.35, 0.8)


def shade_gland(target: DisplayList, patch: Patch, look: Look, neutral: bool, part: str) -> None:
    """A gland: lobules of about ``look.lobules`` mm under a rounded surface."""
    random = random_of(part)
    base = COLOURS["undosed"] if neutral else look.tint or COLOURS["gland"]
    dark, light = mix(base, (84, 44, 24), 0.55), mix(base, (255, 250, 236), 0.65)
    outline = patch.outlines()[0]
    if look.shadow > 0:
        drop_shadow(target, (outline,), look.shadow, 0.35)
    target.fill([outline], base, look.opacity)
    target.clip([outline])
    low, high = outline.min(axis=0), outline.max(axis=0)
    arcs: tuple[list[Array], list[Array]] = ([], [])
    for _ in range(int(np.prod(high - low) / (3.2 * look.lobules**2) * look.fibres * 4)):
        centre = random.uniform(low, high)
        radius = random.uniform(0.6, 1.3) * look.lobules
        start = random.uniform(-0.5, 0.8)
        for family, begin, span in ((arcs[0], start, 1.9), (arcs[1], start + math.pi, 1.5)):
            angle = np.linspace(begin, begin + span, 7)
            family.append(centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    target.stroke(arcs[0], dark, 0.35, 0.34, closed=False)
    target.stroke(arcs[1], light, 0.45, 0.42, closed=False)
    target.unclip()
    emboss(
        target, [outline], dark, light, min(7.0, float((high - low).min()) * 0.3), 0.5 * look.bulge, 0.5 * look.bulge
    )
    target.stroke([outline], dark, look.outline, 0.85 * look.side_outline)
