"""What the picture is made of: shapes as plain data, measured in units of a logical pixel, y downwards.

An ink says what a shape means; whoever paints chooses the colour. A pattern says the same in grey.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

TEXT_HEIGHT = 14.0
"""The height of a line of text, which stands in its middle."""


class Ink(StrEnum):
    """What a colour stands for."""

    TEXT = "text"
    QUIET = "quiet"
    HAIRLINE = "hairline"
    DOSE = "dose"
    SAME_DOSE = "same_dose"
    BENEFIT = "benefit"
    MARK = "mark"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Pattern(StrEnum):
    """How a shape is filled."""

    SOLID = "solid"
    STRIPES = "stripes"
    OUTLINE = "outline"


class Anchor(StrEnum):
    """Which end of a text stands at its place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Rect(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    pattern: Pattern = Pattern.SOLID


class Line(NamedTuple):
    """A straight line through two or more points."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    thick: float = 1.0
    dashed: bool = False


class Polygon(NamedTuple):
    """A closed shape, filled or hollow."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    filled: bool = True


class Text(NamedTuple):
    """One line of text; ``y`` is its middle."""

    x: float
    y: float
    text: str
    ink: Ink = Ink.TEXT
    anchor: Anchor = Anchor.START
    bold: bool = False

    def left(self, width: float) -> float:
        """Where it begins when it is so wide."""
        return self.x - {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[self.anchor]


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are painted: rectangles, lines, polygons, texts."""

    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    polygons: list[Polygon] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def triangle(x: float, y: float, size: float, *, up: bool) -> tuple[tuple[float, float], ...]:
    """The corners of a triangle around its middle."""
    half = size / 2
    tip, foot = (y - half, y + half) if up else (y + half, y - half)
    return (x - half, foot), (x + half, foot), (x, tip)


def diamond(x: float, y: float, size: float) -> tuple[tuple[float, float], ...]:
    """The corners of a square that stands on one of them."""
    half = size / 2
    return (x, y - half), (x + half, y), (x, y + half), (x - half, y)


def octagon(x: float, y: float, size: float) -> tuple[tuple[float, float], ...]:
    """The corners of a round shape."""
    half, short = size / 2, size * 0.207
    corners = ((short, half), (half, short), (half, -short), (short, -half))
    return tuple((x + a, y + b) for a, b in (*corners, *((-a, -b) for a, b in corners)))
