"""Two people changed one appointment: what they can differ in, and how a person reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clinic_app.services.access import Actor
from clinic_app.services.schedule import Schedule
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.differences import Parts, Together
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.schedule.place_fields import Place
from clinic_app.ui.schedule.states import WORDS
from clinic_app.ui.schedule.wording import Names
from clinic_app.ui.together import Outcome

WHERE = "When and where"
"""Day, hour, length, injector and room, which are only sensible together."""
STATE = "State"
WHOLE = "Appointment"
"""Where it is and its state: whoever lets an appointment go means the one at that place."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An appointment as it was read, and who changed it last."""

    row: AppointmentRow
    by: str = ""


Met = Callable[[Outcome[Seen]], object]
"""What is done where a save was not made because of another one."""


def read(schedule: Schedule, actor: Actor, appointment_id: int) -> Seen:
    """The appointment as it is on record now."""
    changes = schedule.history(actor, appointment_id)
    return Seen(schedule.appointment(actor, appointment_id), changes[-1].by if changes else "Somebody else")


def place_and_state(seen: Seen) -> Parts:
    """What a move and a step along the day change, each its own."""
    return {WHERE: _place(seen.row), STATE: seen.row.state}


def whole(seen: Seen) -> Parts:
    """What somebody looked at who lets the appointment go."""
    return {WHOLE: Together((*_place(seen.row).values, seen.row.state))}


def moved_to(row: AppointmentRow, place: Place) -> Parts:
    """The parts of an appointment that is to be moved; a room that nobody chose is the one it had."""
    room_id = row.room_id if place.any_room else place.room_id
    return {WHERE: Together((place.starts_at, place.minutes, place.injector_id, room_id)), STATE: row.state}


def brought_to(row: AppointmentRow, state: AppointmentState) -> Parts:
    """The parts of an appointment that is to have another state."""
    if state in GONE:
        return {WHOLE: Together((*_place(row).values, state))}
    return {WHERE: _place(row), STATE: state}


def place_text(names: Names, value: Together) -> str:
    """A place as a person reads it."""
    starts_at, minutes, injector_id, room_id = value.values
    when = f"{weekday_date_text(starts_at.date())}, {time_text(starts_at)}"
    return f"{when} · {minutes} min\n{names.injector(injector_id)} · {names.room(room_id)}"


def shown(names: Names, reason: str, title: str, value: Any) -> str:
    """A part as a person reads it; ``reason`` is why it is to be cancelled."""
    if title == WHERE:
        return place_text(names, value)
    *place, state = value.values
    if state is AppointmentState.CANCELLED:
        return f"cancelled ({reason})"
    return f"{place_text(names, Together(tuple(place)))} · {WORDS[state]}"


def _place(row: AppointmentRow) -> Together:
    return Together((row.starts_at, row.minutes, row.injector_id, row.room_id))
