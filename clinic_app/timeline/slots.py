"""Where the bars of a day stand, so that no two share a place and every label knows its room."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from clinic_app.timeline.axis import TimeAxis

WIDEST_BAR, WIDEST_SLOT = 14.0, 44.0
LEAST_ROOM = 10.0
"""Where there is less, no label is tried."""
_FAR = 400
"""Days: room enough for any label at any zoom that shows it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One of ``of`` places on a day that is ``room`` days away from the nearest other day."""

    day: date
    room: int
    number: int = 0
    of: int = 1

    def width(self, axis: TimeAxis) -> float:
        """The room that this place has to itself."""
        whole = self.room * axis.per_day
        return whole if self.of == 1 else min(whole / self.of, WIDEST_SLOT)

    def x(self, axis: TimeAxis) -> float:
        """The middle of the place."""
        return self.placed(axis)[0]

    def placed(self, axis: TimeAxis) -> tuple[float, float, float]:
        """The middle of the place, how wide a bar may be there, and the room that it has to itself."""
        room = self.width(axis)
        x = axis.x(self.day)
        if self.of > 1:
            x += (self.number - (self.of - 1) / 2) * room
        return x, min(max(room * 0.62, 1.0), WIDEST_BAR), room


def slots(days: Sequence[date]) -> tuple[Slot, ...]:
    """A place for each of the days, which go from the earliest to the latest and may repeat."""
    found: list[Slot] = []
    apart = sorted(set(days))
    for day, same in groupby(days):
        number, count = bisect_left(apart, day), len(list(same))
        rooms = [abs((day - apart[other]).days) for other in (number - 1, number + 1) if 0 <= other < len(apart)]
        found += [Slot(day, min([*rooms, _FAR]), place, count) for place in range(count)]
    return tuple(found)
