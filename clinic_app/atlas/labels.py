"""Where the names beside a figure stand: two columns, in such an order that no two leaders cross.

Pure arithmetic in any one unit: pixels on the screen, points on paper, millimetres of the plate. y grows downwards.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
_FLAT = 1e-9
Side = Literal["left", "right"]
"""A column's side of the picture; has nothing to do with the patient's sides."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name and the place it belongs to."""

    text: str
    anchor: Point


@dataclass(frozen=True, slots=True)
class Columns:
    """Room for the names.

    ``left`` and ``right`` are the x at which the names of the left column end and those of the right one begin;
    ``centre`` the x that divides the anchors; ``top`` and ``bottom`` the middles of the first and last possible line;
    ``pitch`` the distance of lines; ``stub`` how far a leader runs level before it turns to its anchor.
    """

    left: float
    right: float
    centre: float
    top: float
    bottom: float
    pitch: float
    stub: float = 0.0

    @property
    def capacity(self) -> int:
        """How many names one column holds."""
        return max(0, math.floor((self.bottom - self.top) / self.pitch + 1e-9) + 1)


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A name in its column: its line's middle at ``y``, its leader from the column over ``elbow`` to ``anchor``."""

    text: str
    column: Side
    y: float
    anchor: Point
    elbow: Point


def place_labels(labels: Sequence[Label], columns: Columns) -> tuple[PlacedLabel, ...]:
    """Place every label, the left column first, both from top to bottom.

    A column given more than its capacity keeps order and pitch and grows over the top: the caller shows fewer.
    """
    return (*_column(labels, columns, "left"), *_column(labels, columns, "right"))


def _column(labels: Sequence[Label], columns: Columns, side: Side) -> list[PlacedLabel]:
    chosen = [label for label in labels if (label.anchor[0] < columns.centre) is (side == "left")]
    chosen.sort(key=lambda label: label.anchor[1])
    elbow_x = columns.left + columns.stub if side == "left" else columns.right - columns.stub
    lines = _spread([label.anchor[1] for label in chosen], columns)
    _uncross(chosen, [(elbow_x, y) for y in lines])
    return [
        PlacedLabel(label.text, side, y, label.anchor, (elbow_x, y)) for label, y in zip(chosen, lines, strict=True)
    ]


def _uncross(labels: list[Label], elbows: Sequence[Point]) -> None:
    """Swap names whose leaders cross. Every swap makes the leaders shorter together, so that it ends."""
    for _ in range(len(labels) ** 2):
        crossed = False
        for first in range(len(labels)):
            for then in range(first + 1, len(labels)):
                ends = labels[first].anchor, labels[then].anchor
                if cross(elbows[first], ends[0], elbows[then], ends[1]):
                    labels[first], labels[then] = labels[then], labels[first]
                    crossed = True
        if not crossed:
            return


def cross(start: Point, end: Point, other_start: Point, other_end: Point) -> bool:
    """Whether two straight pieces cross inside both of them."""
    return (
        _turn(start, end, other_start) * _turn(start, end, other_end) < -_FLAT
        and _turn(other_start, other_end, start) * _turn(other_start, other_end, end) < -_FLAT
    )


def _turn(start: Point, end: Point, other: Point) -> float:
    return (end[0] - start[0]) * (other[1] - start[1]) - (end[1] - start[1]) * (other[0] - start[0])


def _spread(wanted: list[float], columns: Columns) -> list[float]:
    """Push down to the pitch, clamp at the bottom, push back up: the order never changes."""
    lines: list[float] = []
    least = columns.top
    for y in wanted:
        lines.append(max(y, least))
        least = lines[-1] + columns.pitch
    most = columns.bottom
    for number in reversed(range(len(lines))):
        lines[number] = min(lines[number], most)
        most = lines[number] - columns.pitch
    return lines
