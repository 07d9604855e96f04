"""Bones, skin, ears, glands and other shapes: fill, emboss, stroke, shadow, depth and the final roundness (mm)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.atlas.curves import Array, mirror
from tools.atlas.display_list import DisplayList
from tools.atlas.palette import COLOURS, Colour
from tools.atlas.shading import LIGHT, drop_shadow, seed_of


@dataclass(frozen=True)
class Step:
    """One painting step on a shape's outline; which fields count depends on ``kind``."""

    kind: str
    colour: Colour = (0.0, 0.0, 0.0)
    light: Colour = (255.0, 255.0, 255.0)
    strength: float = 1.0
    light_strength: float = 0.6
    width: float = 0.6
    reach: float = 3.0
    offset: tuple[float, float] = (0.0, 0.0)
    pattern: tuple[float, float] = (2.4, 1.8)
    count: int = 100
    size: tuple[float, float] = (1.4, 2.6)


@dataclass(frozen=True)
class Shape:
    """An outline with its painting steps and the shapes drawn inside it."""

    outline: Array
    closed: bool
    steps: tuple[Step, ...]
    inside: tuple["Shape", ...] = ()
    outline_of: str = ""
    seed: str = ""

    def hides(self) -> bool:
        """Whether what lies below is hidden: a closed shape with an opaque fill."""
        return self.closed and any(step.kind == "fill" and step.strength >= 0.75 for step in self.steps)


@dataclass(frozen=True)
class Body:
    """Shapes drawn one after another under one id."""

    id: str
    shapes: tuple[Shape, ...]
    mirror: bool = False
    clip: bool = True
    covers: bool = True


_LOOKS: Mapping[str, tuple[str, str, str, float, float]] = {
    "bone": ("bone", "bone_dark", "bone_light", 0.55, 0.6),
    "skin": ("skin", "skin_dark", "skin_light", 0.5, 0.6),
    "cartilage": ("cartilage", "cartilage_dark", "white", 0.5, 0.6),
    "mucosa": ("mucosa", "mucosa_dark", "mucosa_light", 0.55, 0.55),
    "fascia": ("fascia", "tendon_dark", "white", 0.35, 0.4),
}


def ready_look(name: str, radius: float, shadow: float, outline: float) -> tuple[Step, ...]:
    """The steps of a named look; raises KeyError for an unknown name."""
    base, dark, light, dark_strength, light_strength = _LOOKS[name]
    steps: list[Step] = []
    if shadow > 0:
        steps.append(Step("shadow", reach=shadow, strength=0.3))
    steps.append(Step("fill", colour=COLOURS[base]))
    steps.append(
        Step(
            "emboss",
            colour=COLOURS[dark],
            light=COLOURS[light],
            reach=radius,
            strength=dark_strength,
            light_strength=light_strength,
        )
    )
    steps.append(Step("stroke", colour=COLOURS[dark], width=outline, strength=0.85))
    return tuple(steps)


def paint_body(target: DisplayList, body: Body, sign: float, outlines: Mapping[str, Sequence[Array]]) -> None:
    """Paint a body; ``sign`` -1 mirrors it before shading. ``outlines`` are muscle outlines for ghosts."""
    for shape in body.shapes:
        paint_shape(target, shape, sign, outlines)
        if body.mirror:
            paint_shape(target, shape, -sign, outlines)


def paint_shape(target: DisplayList, shape: Shape, sign: float, outlines: Mapping[str, Sequence[Array]]) -> None:
    """Paint one shape and what lies inside it."""
    lines: tuple[Array, ...] = (mirror(shape.outline, sign),)
    if shape.outline_of:
        lines = tuple(outlines.get(shape.outline_of, ()))
    if not lines:
        return
    for step in shape.steps:
        _paint_step(target, lines, shape, step)
    if shape.inside:
        target.clip(lines)
        for inner in shape.inside:
            paint_shape(target, inner, sign, outlines)
        target.unclip()


def _paint_step(target: DisplayList, lines: tuple[Array, ...], shape: Shape, step: Step) -> None:
    if step.kind == "fill":
        target.fill(lines, step.colour, step.strength)
    elif step.kind == "stroke":
        target.stroke(lines, step.colour, step.width, step.strength, shape.closed, step.offset)
    elif step.kind == "dash":
        target.dash(lines, step.colour, step.width, step.strength, step.pattern, shape.closed)
    elif step.kind == "shadow":
        drop_shadow(target, lines, step.reach, step.strength, shape.closed)
    elif step.kind == "emboss":
        emboss(target, lines, step)
    elif step.kind == "depth":
        depth(target, lines, step)
    elif step.kind == "lobules":
        lobules(target, lines[0], step, shape.seed)
    else:
        raise ValueError(f"unknown step {step.kind!r}")


def emboss(target: DisplayList, lines: tuple[Array, ...], step: Step) -> None:
    """Soft inner shadow away from the light and inner light towards it."""
    count = int(min(36, max(8, step.reach * 2)))
    shift = step.reach * 0.35
    glow = -step.reach * 0.45
    target.clip(lines)
    for index in range(1, count + 1):
        width = 2 * step.reach * index / count
        target.stroke(lines, step.colour, width, step.strength / count, offset=(LIGHT[0] * shift, LIGHT[1] * shift))
    for index in range(1, count + 1):
        width = step.reach * index / count
        target.stroke(lines, step.light, width, step.light_strength / count, offset=(LIGHT[0] * glow, LIGHT[1] * glow))
    target.unclip()


def depth(target: DisplayList, lines: tuple[Array, ...], step: Step) -> None:
    """Dark underlay with a soft border, so that gaps between muscles read as depth."""
    count = 16
    per_step = 1 - (1 - min(step.strength, 0.99)) ** (1 / count)
    target.fill(lines, step.colour, step.strength * 0.55)
    for index in range(1, count + 1):
        target.stroke(lines, step.colour, step.reach * index / count, per_step * 0.45)
    target.clip(lines)
    target.fill(lines, step.colour, step.strength * 0.45)
    target.unclip()


def lobules(target: DisplayList, outline: Array, step: Step, seed: str) -> None:
    """Glandular texture: short random arcs, dark below and light above."""
    random = np.random.Generator(np.random.PCG64(seed_of(seed)))
    low, high = outline.min(axis=0), outline.max(axis=0)
    dark: list[Array] = []
    light: list[Array] = []
    for _ in range(step.count):
        centre = random.uniform(low, high)
        radius = random.uniform(*step.size)
        start = random.uniform(-0.5, 0.8)
        for arcs, begin, span in ((dark, start, 1.9), (light, start + math.pi, 1.5)):
            angle = np.linspace(begin, begin + span, 7)
            arcs.append(centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    target.clip([outline])
    target.stroke(dark, step.colour, 0.35, 0.34, closed=False)
    target.stroke(light, step.light, 0.45, 0.45, closed=False)
    target.unclip()


def roundness(target: DisplayList, silhouette: Array, reach: float, strength: float) -> None:
    """Form shading laid over the whole figure."""
    count = 28
    shift = reach * 0.30
    target.clip([silhouette])
    for index in range(1, count + 1):
        target.stroke(
            [silhouette],
            COLOURS["roundness"],
            2 * reach * index / count,
            strength / count,
            offset=(LIGHT[0] * shift, LIGHT[1] * shift),
        )
    target.unclip()
