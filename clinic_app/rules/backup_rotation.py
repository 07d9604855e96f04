"""Which backups are kept: the newest of each of the last days, weeks and months."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keep:
    """Of how many days, ISO weeks and months that have a backup the newest one is kept."""

    days: int = 7
    weeks: int = 5
    months: int = 12


def superfluous(made: Iterable[datetime], keep: Keep = Keep()) -> frozenset[datetime]:
    """The moments of the backups that can go; the newest of all never does.

    Nothing depends on today: a clock set forward by mistake costs one place, and not every older backup.
    """
    newest_first = sorted(set(made), reverse=True)
    kept = set(newest_first[:1])
    spans: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    )
    for most, span in spans:
        first_of: dict[Hashable, datetime] = {}
        for at in newest_first:
            first_of.setdefault(span(at), at)
        kept.update(list(first_of.values())[:most])
    return frozenset(newest_first) - kept
