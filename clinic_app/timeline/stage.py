"""What a lane draws on: the names at its left, the picture beside them, and what can be asked about each place."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from clinic_app.timeline.axis import TimeAxis
from clinic_app.timeline.shapes import Anchor, Drawing, Ink, Line, Text
from clinic_app.timeline.writing import Writing

NAMES = 188.0
"""The width of the column of names."""
_PAD = 12.0
_BEYOND = 400.0
"""How far a label may reach from what it belongs to: what begins so far outside is drawn too."""

Item = TypeVar("Item")


class Spot(NamedTuple):
    """A place that can be asked about. ``visit_id`` is the visit that opens from there, None without one."""

    x: float
    y: float
    width: float
    height: float
    tell: Callable[[], tuple[str, ...]]
    visit_id: int | None = None

    def holds(self, x: float, y: float) -> bool:
        """Whether a place lies inside."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


@dataclass(slots=True)
class Stage:
    """The part of the axis between ``left`` and ``right``, and the drawings that the lanes fill.

    ``spots`` are about the picture, ``name_spots`` about the column of names, whose places count from its own left.
    """

    axis: TimeAxis
    left: float
    right: float
    writing: Writing
    picture: Drawing = field(default_factory=Drawing)
    names: Drawing = field(default_factory=Drawing)
    spots: list[Spot] = field(default_factory=list)
    name_spots: list[Spot] = field(default_factory=list)

    def seen(
        self, items: Sequence[Item], day: Callable[[Item], date], until: Callable[[Item], date] | None = None
    ) -> Sequence[Item]:
        """Those of the items that may be seen; they go from the earliest to the latest ``day``, and ``until`` too."""
        end = until or day
        first = bisect_left(items, self.left - _BEYOND, key=lambda item: self.axis.x(end(item)))
        last = bisect_left(items, self.right + _BEYOND, key=lambda item: self.axis.x(day(item)))
        return items[first:last]

    def name(self, title: str, detail: str, top: float, height: float, *, full: str = "") -> None:
        """Name a lane, with a quiet second line where there is one; ``full`` is told where the name is cut."""
        room = NAMES - _PAD - 8
        middle = top + height / 2
        shown = self.writing.shortened(title, room, bold=True)
        up = 8 if detail else 0
        self.names.texts.append(Text(_PAD, middle - up, shown, Ink.TEXT, Anchor.START, True))
        if detail:
            cut = self.writing.shortened(detail, room)
            self.names.texts.append(Text(_PAD, middle + 8, cut, Ink.QUIET))
        told = tuple(part for part in (full or title, detail) if part)
        self.name_spots.append(Spot(0, top, NAMES, height, lambda: told))

    def rule(self, y: float, *, ink: Ink = Ink.HAIRLINE) -> None:
        """A thin line across the seen part."""
        self.picture.lines.append(Line(((self.left, y), (self.right, y)), ink))


class Lane(Protocol):
    """One strip of the picture. Its height does not depend on the zoom, so that nothing jumps."""

    @property
    def height(self) -> float:
        """How high it is."""

    def draw(self, stage: Stage, top: float) -> None:
        """Draw what is seen of it."""
