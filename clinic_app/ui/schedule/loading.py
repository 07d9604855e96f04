"""What the schedule asks the services for at once: one answer, so that nothing on screen contradicts itself."""

from dataclasses import dataclass
from datetime import date, datetime

from clinic_app.services.access import Actor
from clinic_app.services.schedule import Schedule
from clinic_app.services.schedule_data import Board, ScheduleChoices
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.overview import Unbooked
from clinic_app.ui.schedule.states import MOVABLE

_TREATED = (AppointmentState.INJECTED, AppointmentState.CHECKED_OUT)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A span of days, today, and who needs a next visit."""

    board: Board
    today: Board
    choices: ScheduleChoices
    unbooked: tuple[Unbooked, ...]


def load(schedule: Schedule, actor: Actor, first_day: date, days: int, now: datetime) -> Loaded:
    """Ask for everything the view shows. Runs away from the window's thread."""
    today = schedule.board(actor, now.date(), 1)
    inside = first_day == now.date() and days == 1
    choices = schedule.choices(actor)
    injections = frozenset(kind.id for kind in choices.types if kind.is_injection)
    return Loaded(
        board=today if inside else schedule.board(actor, first_day, days),
        today=today,
        choices=choices,
        unbooked=_unbooked(schedule, actor, today, now, injections),
    )


def _unbooked(
    schedule: Schedule, actor: Actor, today: Board, now: datetime, injections: frozenset[int]
) -> tuple[Unbooked, ...]:
    """A review next week is no next injection: only those count."""
    found = []
    for row in today.appointments:
        if row.visit_id is None or row.state not in _TREATED:
            continue
        coming = schedule.of_patient(actor, row.patient_id)
        if not any(o.starts_at > now and o.state in MOVABLE and o.type_id in injections for o in coming):
            found.append(Unbooked(row.visit_id, row))
    return tuple(found)
