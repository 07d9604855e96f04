"""What a clinic chooses about its calendar, as plain data: kinds of appointment, rooms, devices, hours, closed days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from clinic_app.services.openings import Span
from clinic_app.terms import DeviceKind

GRID_MINUTES = "grid_minutes"
"""The name of the calendar's line distance among the clinic's choices."""
GRID_DISTANCES = (5, 10, 15, 20, 30, 60)
"""The line distances of the calendar that a clinic can choose, in minutes."""
USUAL_GRID = 15
"""The line distance, in minutes, of a clinic that chose none."""
SHORTEST, LONGEST = 5, 480
"""The length of an appointment, in minutes."""
LONGEST_NAME, LONGEST_REASON = 100, 200
MOST_DAYS = 366
"""How many days can be given their own hours at once."""


@dataclass(frozen=True, slots=True)
class TypeForm:
    """What is typed about a kind of appointment: its length in minutes, its colour by name, and what it needs."""

    name: str
    minutes: int
    is_injection: bool = True
    colour: str = ""
    needs_room: bool = False
    needs: tuple[DeviceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """A kind of appointment; one that is not ``active`` is retired: readable where it was used, and not offered."""

    id: int
    form: TypeForm
    active: bool


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A room, or a device of a kind. ``booked`` counts the appointments from now on that have it."""

    id: int
    name: str
    active: bool
    kind: DeviceKind | None = None
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Furniture:
    """Everything that is set up for booking, retired or not, and the calendar's line distance in minutes."""

    types: tuple[TypeEntry, ...]
    rooms: tuple[PlaceEntry, ...]
    devices: tuple[PlaceEntry, ...]
    grid_minutes: int


@dataclass(frozen=True, slots=True)
class SingleDay:
    """An injector's hours on one day instead of the weekday's; without ``spans`` the injector is away."""

    day: date
    spans: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """An injector's spans by weekday (0 is Monday), and the single days from today on, in their order."""

    injector_id: int
    name: str
    weekly: Mapping[int, tuple[Span, ...]]
    single: tuple[SingleDay, ...]


@dataclass(frozen=True, slots=True)
class DayRun:
    """Single days that follow each other and say the same, as one line of a list."""

    days: tuple[date, ...]
    spans: tuple[Span, ...]
    reason: str

    @property
    def first_day(self) -> date:
        """The first of its days."""
        return self.days[0]

    @property
    def last_day(self) -> date:
        """The last of its days."""
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """Days, both ends included, on which the clinic (``injector_id`` None) or one injector does not work."""

    id: int
    first_day: date
    last_day: date
    reason: str
    injector_id: int | None = None
    injector: str = ""


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A public holiday, and whether the clinic works that day all the same."""

    day: date
    name: str
    worked: bool


def grid_minutes(choices: Mapping[str, object]) -> int:
    """The calendar's line distance in minutes; what cannot be read counts as not chosen."""
    chosen = choices.get(GRID_MINUTES)
    return chosen if isinstance(chosen, int) and chosen in GRID_DISTANCES else USUAL_GRID


def each_day(
    first_day: date, last_day: date, spans: tuple[Span, ...], reason: str, weekdays: Iterable[int] = range(7)
) -> tuple[SingleDay, ...]:
    """The same hours, or being away, on every day from the first to the last that is one of the weekdays."""
    wanted = frozenset(weekdays)
    days = [first_day + timedelta(days=n) for n in range(min((last_day - first_day).days + 1, MOST_DAYS + 1))]
    return tuple(SingleDay(day, spans, reason) for day in days if day.weekday() in wanted)


def day_runs(week: WorkingWeek) -> tuple[DayRun, ...]:
    """The single days of an injector in lines. A weekend without hours does not part what goes on after it."""
    runs: list[DayRun] = []
    for each in week.single:
        last = runs[-1] if runs else None
        if last is not None and (last.spans, last.reason) == (each.spans, each.reason):
            gap = range(1, (each.day - last.last_day).days)
            if not any(week.weekly.get((last.last_day + timedelta(days=n)).weekday()) for n in gap):
                runs[-1] = DayRun((*last.days, each.day), each.spans, each.reason)
                continue
        runs.append(DayRun((each.day,), each.spans, each.reason))
    return tuple(runs)


def spans_clash(spans: Iterable[tuple[time, time]]) -> bool:
    """Whether two spans of a day share time; one may begin when another ends."""
    ordered = sorted(spans)
    return any(later[0] < earlier[1] for earlier, later in pairwise(ordered))
