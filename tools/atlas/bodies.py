"""Bones, skin, ears, glands and other shapes: fill, emboss, stroke, shadow, depth and the final roundness (mm)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.atlas.curves import Array, mirror, slivers
from tools.atlas.display_list import DisplayList
from tools.atlas.look import random_of
from tools.atlas.palette import COLOURS, Colour, greyed
from tools.atlas.relief import LIGHT, drop_shadow, emboss


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
    core: float = 0.2
    angle: float = 45.0
    pitch: float = 3.2

    def grey(self) -> "Step":
        """The step without its hue, for shade that lies over undosed muscles."""
        return replace(self, colour=greyed(self.colour), light=greyed(self.light))


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

    def scaled(self, factor: float) -> "Shape":
        """The shape in drawing units; widths and reaches of its steps are drawing units already."""
        inside = tuple(item.scaled(factor) for item in self.inside)
        return replace(self, outline=self.outline * factor, inside=inside)

    def grey(self) -> "Shape":
        """The shape without hues."""
        return replace(
            self, steps=tuple(step.grey() for step in self.steps), inside=tuple(item.grey() for item in self.inside)
        )


@dataclass(frozen=True)
class Body:
    """Shapes drawn one after another under one id; ``keep_away`` names a structure that no needle should meet."""

    id: str
    shapes: tuple[Shape, ...]
    mirror: bool = False
    clip: bool = True
    covers: bool = True
    shade: bool = False
    keep_away: str = ""

    def scaled(self, factor: float) -> "Body":
        """The body in drawing units."""
        return replace(self, shapes=tuple(shape.scaled(factor) for shape in self.shapes))

    def grey(self) -> "Body":
        """The body for the neutral picture: shade over muscles loses its hue, all else stays."""
        return replace(self, shapes=tuple(shape.grey() for shape in self.shapes)) if self.shade else self


_LOOKS: Mapping[str, tuple[str, str, str, float, float]] = {
    "bone": ("bone", "bone_dark", "bone_light", 0.55, 0.6),
    "skin": ("skin", "skin_dark", "skin_light", 0.5, 0.6),
    "cartilage": ("cartilage", "cartilage_dark", "white", 0.5, 0.6),
    "mucosa": ("mucosa", "mucosa_dark", "mucosa_light", 0.55, 0.55),
    "fascia": ("fascia", "tendon_dark", "white", 0.35, 0.4),
    "fat": ("fat", "tendon_dark", "white", 0.35, 0.5),
}

_KEEP_AWAY = (
    Step("fill", colour=COLOURS["keep_away"], strength=0.24),
    Step("hatch", colour=COLOURS["keep_away_dark"], width=0.28, strength=0.45),
    Step("dash", colour=COLOURS["keep_away_dark"], width=0.6, strength=0.85),
)


def ready_look(name: str, radius: float, shadow: float, outline: float) -> tuple[Step, ...]:
    """The steps of a named look; raises KeyError for an unknown name."""
    if name == "keep_away":
        return _KEEP_AWAY
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
        emboss(target, lines, step.colour, step.light, step.reach, step.strength, step.light_strength)
    elif step.kind == "depth":
        depth(target, lines, step)
    elif step.kind == "soft":
        soft(target, lines[0], step)
    elif step.kind == "hatch":
        hatch(target, lines, step)
    elif step.kind == "grain":
        grain(target, lines[0], step, shape.seed)
    elif step.kind == "taper":
        target.fill(slivers(lines, step.width), step.colour, step.strength)
    elif step.kind == "lobules":
        lobules(target, lines[0], step, shape.seed)
    else:
        raise ValueError(f"unknown step {step.kind!r}")


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


def soft(target: DisplayList, outline: Array, step: Step) -> None:
    """A spot without a border: nested copies shrunk towards the middle, down to ``step.core`` of its size."""
    count = int(max(4, min(40, -math.log(1 - min(step.strength, 0.99)) / 0.011)))
    alpha = 1 - (1 - min(step.strength, 0.99)) ** (1 / count)
    middle = outline.mean(axis=0)
    for index in range(count):
        target.fill([middle + (outline - middle) * (1 - (1 - step.core) * index / count)], step.colour, alpha)


def hatch(target: DisplayList, lines: tuple[Array, ...], step: Step) -> None:
    """Thin parallel lines ``step.pitch`` apart, at ``step.angle`` degrees, inside the outline."""
    points = np.concatenate(lines)
    centre = points.mean(axis=0)
    reach = float(np.linalg.norm(points - centre, axis=1).max()) + step.pitch
    turn = math.radians(step.angle)
    along = np.array([math.cos(turn), math.sin(turn)])
    across = np.array([-along[1], along[0]])
    strokes = [
        np.stack([centre + across * offset - along * reach, centre + across * offset + along * reach])
        for offset in np.arange(-reach, reach, step.pitch)
    ]
    target.clip(lines)
    target.stroke(strokes, step.colour, step.width, step.strength, closed=False)
    target.unclip()


def grain(target: DisplayList, outline: Array, step: Step, seed: str) -> None:
    """Small irregular dots, ``step.count`` of them: spongy bone, goblets, speckles."""
    random = random_of(seed)
    low, high = outline.min(axis=0), outline.max(axis=0)
    angle = np.linspace(0, math.tau, 9)[:-1]
    dots = []
    for _ in range(step.count):
        radius = random.uniform(*step.size)
        squeeze = random.uniform(0.7, 1.2)
        dots.append(random.uniform(low, high) + radius * np.stack([np.cos(angle) * squeeze, np.sin(angle)], axis=1))
    target.clip([outline])
    target.fill(dots, step.colour, step.strength)
    target.unclip()


def lobules(target: DisplayList, outline: Array, step: Step, seed: str) -> None:
    """Glandular texture: short random arcs, dark below and light above."""
    random = random_of(seed)
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
