"""What the schedule asks the services for at once: one answer, so that nothing on screen contradicts itself."""

from dataclasses import dataclass
from datetime import date, datetime

from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.capacity_data import CapacityAhead, MonthCapacity
from clinic_app.services.schedule import Schedule
from clinic_app.services.schedule_data import Board, ScheduleChoices
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.schedule.overview import Unbooked

_TREATED = (AppointmentState.INJECTED, AppointmentState.CHECKED_OUT)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked for: a mode, the day it was reached by, and its span of days."""

    mode: Mode
    day: date
    first_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A span of days, today, and who needs a next visit; where a month or the weeks ahead are shown, those too."""

    shown: Shown
    board: Board
    today: Board
    choices: ScheduleChoices
    unbooked: tuple[Unbooked, ...]
    month: MonthCapacity | None = None
    ahead: CapacityAhead | None = None


def load(services: Services, actor: Actor, shown: Shown, now: datetime, before: Loaded | None = None) -> Loaded:
    """Ask for everything the view shows. Runs away from the window's thread.

    Whoever only goes to other days hands in what was loaded ``before``: what does not depend on the days shown is taken
    from there as long as its today is today. To go to today itself is to look at it anew.
    """
    schedule = services.schedule
    # A month and the weeks ahead show figures; the appointments beside them are those of the one day.
    grid = shown.mode not in (Mode.MONTH, Mode.AHEAD)
    first_day, days = (shown.first_day, shown.days) if grid else (shown.day, 1)
    on_today = (first_day, days) == (now.date(), 1)
    if before is not None and before.today.first_day == now.date() and not on_today:
        today, choices, unbooked = before.today, before.choices, before.unbooked
    else:
        today = schedule.board(actor, now.date(), 1)
        choices = schedule.choices(actor)
        unbooked = _unbooked(schedule, actor, today)
    return Loaded(
        shown=shown,
        board=today if on_today else schedule.board(actor, first_day, days),
        today=today,
        choices=choices,
        unbooked=unbooked,
        month=services.capacity.month(actor, shown.first_day, shown.days) if shown.mode is Mode.MONTH else None,
        ahead=services.capacity.ahead(actor, shown.days // 7) if shown.mode is Mode.AHEAD else None,
    )


def _unbooked(schedule: Schedule, actor: Actor, today: Board) -> tuple[Unbooked, ...]:
    """A review next week is no next injection: only those count."""
    treated = {row.visit_id: row for row in today.appointments if row.visit_id is not None and row.state in _TREATED}
    booked = schedule.with_next_injection(actor, {row.patient_id for row in treated.values()})
    return tuple(Unbooked(visit, row) for visit, row in treated.items() if row.patient_id not in booked)
