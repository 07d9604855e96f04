"""Where things stand on the schedule's grid. Plain arithmetic, no Qt.

Time runs down, columns run across. A column is one injector on one day. Lengths are in pixels, times in minutes of
the day.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

QUARTER = 15
"""Minutes of one line of the grid."""
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Box:
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
    quarter_height: float

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
        return (minute - self.first) / QUARTER * self.quarter_height

    def minute_at(self, y: float) -> int:
        """The quarter hour that a place lies in, never outside the span."""
        quarter = int(y // self.quarter_height)
        minute = self.first + quarter * QUARTER
        return max(self.first, min(self.last - QUARTER, minute))

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
    columns: int, span: tuple[int, int], width: float, height: float, *, gutter: float, narrowest: float
) -> GridScale:
    """The scale that fills the room there is; what does not fit is scrolled to."""
    first, last = span
    count = max(1, columns)
    quarter = max(18.0, min(30.0, height / ((last - first) / QUARTER)))
    return GridScale(count, first, last, gutter, max(narrowest, (width - gutter) / count), quarter)


def shown_span(times: Sequence[tuple[int, int]], usual: tuple[int, int] = (8 * 60, 17 * 60)) -> tuple[int, int]:
    """The span of whole hours that holds every time given, or the usual one when there is none."""
    first = min((start for start, _ in times), default=usual[0])
    last = max((end for _, end in times), default=usual[1])
    first = max(0, first // 60 * 60)
    return first, max(first + 60, min(DAY_MINUTES, -(-last // 60) * 60))


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each span of time its lane and the number of lanes, so that those that overlap stand side by side."""
    placed = [(0, 1)] * len(spans)
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


def chosen_span(pressed: int, now_at: int) -> tuple[int, int]:
    """Start and length of the free time marked by dragging from one quarter hour to another, in either direction."""
    start = min(pressed, now_at)
    return start, abs(now_at - pressed) + QUARTER


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
