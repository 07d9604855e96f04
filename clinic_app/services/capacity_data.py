"""How full the clinic is, as plain data: a span of days injector by injector, and the weeks ahead."""

from dataclasses import dataclass
from datetime import date, timedelta

from clinic_app.services.schedule_data import Injector


@dataclass(frozen=True, slots=True)
class InjectorDay:
    """One injector's day. Minutes and places that are free lie ahead: what has passed is not free.

    ``booked_minutes`` are those within the hours, taken twice counted once; ``booked`` are the appointments that begin
    that day, ``overbooked`` those of them that somebody booked over a clash on purpose. ``free_places`` are whole
    places of the usual injection's length; that a room or a device is free too is seen only when booking. ``away`` is
    why the injector does not work that day, None when that is not said.
    """

    injector_id: int
    open_minutes: int
    booked_minutes: int
    booked: int
    overbooked: int
    free_minutes: int
    free_places: int
    away: str | None = None


@dataclass(frozen=True, slots=True)
class DayCapacity:
    """A day of the clinic, injector by injector; ``closed`` is why nobody works, None on any other day."""

    day: date
    injectors: tuple[InjectorDay, ...]
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class MonthCapacity:
    """A span of days, with the people in it and the length (minutes) of the places counted; 0 without any."""

    days: tuple[DayCapacity, ...]
    injectors: tuple[Injector, ...]
    place_minutes: int


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """A week from its Monday on: injections booked in it, free places for injections, and who must still get one.

    ``demand`` are patients whose next injection comes due that week and is not booked; in the current week it holds
    the ``overdue`` ones too.
    """

    first_day: date
    booked: int
    free_places: int
    demand: int
    overdue: int = 0

    @property
    def last_day(self) -> date:
        """The Sunday."""
        return self.first_day + timedelta(days=6)

    @property
    def lacking(self) -> int:
        """How many of those who come due find no place that week."""
        return max(0, self.demand - self.free_places)

    @property
    def overfull(self) -> bool:
        """Whether more come due than there are free places."""
        return self.lacking > 0


@dataclass(frozen=True, slots=True)
class CapacityAhead:
    """The weeks from the current one on, and the length (minutes) of the places counted; 0 without any."""

    weeks: tuple[WeekAhead, ...]
    place_minutes: int
