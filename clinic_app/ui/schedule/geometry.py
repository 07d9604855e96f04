"""Where things stand on the schedule's grid. Plain arithmetic, no Qt.

Time runs down, columns run across. A column is one injector, or one room, on one day. Lengths are in pixels, times in
minutes of the day. The clinic chose how many minutes lie between two lines: a step.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from clinic_app.services.calendar_data import LONGEST

DAY_MINUTES = 24 * 60
_HOUR = 72.0, 120.0
"""The lowest and the usual greatest height of an hour."""
_STEP = 14.0
"""The lowest height of a step: what is dragged must be hit."""
_EDGE = 5.0
"""How far from the edge of a block the pointer still takes hold of it."""


class Edge(Enum):
    """What of a block is dragged."""

    START = "start"
    END = "end"


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def moved(self, across: float, down: float) -> "Box":
        """The same elsewhere."""
        return Box(self.left + across, self.top + down, self.width, self.height)

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside; the left and upper edges belong to it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class GridScale:
    """The measures of a grid of ``columns`` equal columns showing the minutes from ``first`` to ``last``."""

    columns: int
    first: int
    last: int
    gutter: float
    """Left of the first column, where the hours stand."""
    column_width: float
    step_height: float
    step: int = 15

    @property
    def height(self) -> float:
        """Of the whole span of time."""
        return self.y(self.last)

    @property
    def width(self) -> float:
        """Of the gutter and all columns."""
        return self.gutter + self.columns * self.column_width

    def y(self, minute: float) -> float:
        """Where a minute of the day lies."""
        return (minute - self.first) / self.step * self.step_height

    def minute_at(self, y: float) -> int:
        """The line above a place, never outside the span."""
        minute = self.first + int(y // self.step_height) * self.step
        return max(self.first, min(self.last - self.step, minute))

    def x(self, column: float) -> float:
        """The left edge of a column."""
        return self.gutter + column * self.column_width

    def column_at(self, x: float) -> int | None:
        """The column that a place lies in, or None beside them all."""
        if x < self.gutter:
            return None
        column = int((x - self.gutter) // self.column_width)
        return column if column < self.columns else None

    def block(self, column: int, start: int, minutes: int, lane: int = 0, lanes: int = 1) -> Box:
        """The place of an appointment; those at the same time share the column's width in lanes."""
        width = self.column_width / lanes
        top = self.y(start)
        return Box(self.x(column) + lane * width, top, width, self.y(start + minutes) - top)


def scale_for(
    columns: int, span: tuple[int, int], width: float, height: float, *, gutter: float, narrowest: float, step: int = 15
) -> GridScale:
    """The scale that fills the room there is; what does not fit is scrolled to."""
    first, last = span
    count = max(1, columns)
    lowest = max(_HOUR[0], 60 / step * _STEP)
    hour = max(lowest, min(_HOUR[1], height / ((last - first) / 60)))
    return GridScale(count, first, last, gutter, max(narrowest, (width - gutter) / count), hour / 60 * step, step)


def shown_span(times: Sequence[tuple[int, int]], usual: tuple[int, int] = (8 * 60, 17 * 60)) -> tuple[int, int]:
    """The span of whole hours that holds every time given, or the usual one when there is none."""
    first = min((start for start, _ in times), default=usual[0])
    last = max((end for _, end in times), default=usual[1])
    first = max(0, first // 60 * 60)
    return first, max(first + 60, min(DAY_MINUTES, -(-last // 60) * 60))


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each span of time its lane and the number of lanes, so that those that overlap stand side by side."""
    placed = [(0, 1)] * len(spans)
    if all(until <= start for (_, until), (start, _) in pairwise(sorted(spans))):
        return placed  # as nearly always: nobody shares a time with anybody
    group: list[int] = []
    ends: list[int] = []
    for number in sorted(range(len(spans)), key=lambda n: (spans[n][0], -spans[n][1], n)):
        start, end = spans[number]
        if group and start >= max(ends):
            _close(group, len(ends), placed)
            group, ends = [], []
        lane = next((free for free, until in enumerate(ends) if until <= start), len(ends))
        ends[lane : lane + 1] = [end]
        placed[number] = (lane, 1)
        group.append(number)
    _close(group, len(ends), placed)
    return placed


def _close(group: list[int], count: int, placed: list[tuple[int, int]]) -> None:
    for number in group:
        placed[number] = (placed[number][0], count)


def chosen_span(pressed: int, now_at: int, step: int = 15) -> tuple[int, int]:
    """Start and length of the free time marked by dragging from one line to another, in either direction."""
    start = min(pressed, now_at)
    return start, min(LONGEST, abs(now_at - pressed) + step)


def edge_at(box: Box, y: float) -> Edge | None:
    """The edge of a block that the pointer takes hold of. A low block has only its end: it must be moved somewhere."""
    if box.bottom - y <= _EDGE:
        return Edge.END
    return Edge.START if y - box.top <= _EDGE and box.height >= 4 * _EDGE else None


def moved_span(start: int, minutes: int, by: int, scale: GridScale) -> tuple[int, int]:
    """Start and length after moving by so many minutes, inside the span that is shown."""
    latest = max(scale.first, scale.last - minutes)
    return max(scale.first, min(latest, start + by)), minutes


def stretched_span(start: int, minutes: int, edge: Edge, at: int, step: int) -> tuple[int, int]:
    """Start and length after an edge was dragged to the line ``at``; the other edge stays."""
    end = start + minutes
    if edge is Edge.END:
        return start, max(min(step, minutes), min(LONGEST, at + step - start))
    begin = max(end - LONGEST, min(at, end - min(step, minutes)))
    return begin, end - begin


def neighbour(places: Sequence[tuple[int, int]], current: int | None, across: int, down: int) -> int | None:
    """The appointment that an arrow key leads to. ``places`` are (column, start); the answer is an index.

    Down and up walk through a column and on into the next; right and left go to the nearest in time of the next
    column that has any. Without a current one it is the first of all.
    """
    if not places:
        return None
    order = sorted(range(len(places)), key=lambda n: places[n])
    if current is None:
        return order[0]
    if down:
        wanted = order.index(current) + down
        return order[wanted] if 0 <= wanted < len(order) else current
    columns = sorted({column for column, _ in places})
    column, start = places[current]
    number = bisect_right(columns, column) - 1 + across
    if not 0 <= number < len(columns):
        return current
    inside = [n for n in order if places[n][0] == columns[number]]
    return min(inside, key=lambda n: abs(places[n][1] - start))
