"""Stretches of wall-clock time: what of the hours is taken, what is free, how many places of a length fit in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]
"""From and to, in the clinic's wall-clock time; what ends at ten leaves ten o'clock free."""


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same time in its order and without overlaps.

    Stretches that only touch stay two: nobody is booked across the end of a working span, even if another follows.
    """
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return tuple(found)


def taken_within(hours: Sequence[Stretch], taken: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """What is taken of the hours; what lies outside them, or is taken twice, counts no more than once."""
    clipped = (
        (max(start, opens), min(end, closes)) for start, end in taken for opens, closes in hours if start < closes
    )
    return joined(each for each in clipped if each[0] < each[1])


def free_within(hours: Sequence[Stretch], taken: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The gaps that are left of the hours."""
    busy, found = joined(taken), []
    for opens, closes in hours:
        start = opens
        for begins, ends in busy:
            if ends > start and begins < closes:
                found.append((start, begins))
                start = ends
        found.append((start, closes))
    return tuple((start, end) for start, end in found if start < end)


def minutes_in(stretches: Iterable[Stretch]) -> int:
    """How long they are together, in whole minutes."""
    return int(sum((end - start for start, end in stretches), timedelta()).total_seconds()) // 60


def places_in(gaps: Iterable[Stretch], minutes: int) -> int:
    """How many appointments of a length (minutes) fit one after the other; none of a length of nothing."""
    return sum((end - start) // timedelta(minutes=minutes) for start, end in gaps) if minutes else 0
