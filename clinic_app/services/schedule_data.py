"""What the schedule shows: plain data in the clinic's wall-clock time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from clinic_app.terms import AppointmentState, DeviceKind

NOT_THERE = (AppointmentState.CANCELLED, AppointmentState.NO_SHOW)
"""The states of those who do not come; their place is free."""
LONGEST = timedelta(minutes=480)
"""No appointment is longer."""


@dataclass(frozen=True, slots=True)
class Injector:
    """A physician who has columns in the schedule."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device for guidance."""

    id: int
    name: str
    kind: DeviceKind


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A kind of appointment with its usual length in minutes, its colour, and what it needs."""

    id: int
    name: str
    minutes: int
    is_injection: bool
    colour: str = ""
    needs_room: bool = False
    needs: tuple[DeviceKind, ...] = ()


class AppointmentRow(NamedTuple):
    """One appointment as the grid shows it.

    A tuple: a week holds a thousand, and to make that many frozen dataclasses takes as long as to read them.
    ``since`` is when whoever waits came or was taken to the room, with its zone; None for all others.
    """

    id: int
    version: int
    patient_id: int
    patient_name: str
    record_number: str
    birth_date: date
    injector_id: int
    room_id: int | None
    type_id: int
    type_name: str
    starts_at: datetime
    minutes: int
    state: AppointmentState
    reason: str
    note: str
    since: datetime | None
    visit_id: int | None
    similar_name: bool = False
    device_ids: tuple[int, ...] = ()
    series_id: int | None = None
    overbooked_by: str = ""
    overbook_reason: str = ""

    @property
    def ends_at(self) -> datetime:
        """Start plus length."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours of an injector on a day."""

    injector_id: int
    day: date
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which the clinic (injector None) or one injector does not work."""

    day: date
    injector_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the grid needs for a span of days."""

    first_day: date
    days: int
    appointments: tuple[AppointmentRow, ...]
    hours: tuple[Hours, ...]
    closed: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True)
class ScheduleChoices:
    """What a booking chooses from."""

    injectors: tuple[Injector, ...]
    rooms: tuple[RoomRow, ...]
    types: tuple[TypeRow, ...]
    devices: tuple[DeviceRow, ...] = ()
    grid_minutes: int = 15
    """The distance of the calendar's lines."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What is typed to book. ``overbook_reason`` is asked only when a permitted person books over a clash.

    ``accepted`` are checks that the person knows of and books all the same, where that needs no permission. With
    ``any_room`` or ``any_device`` one that is taken gives way to a free one: the person did not choose it.
    ``told`` are the codes of the clashes that the reason was written for; None where the reason is for whatever comes.
    """

    patient_id: int
    injector_id: int
    type_id: int
    starts_at: datetime
    minutes: int
    room_id: int | None = None
    note: str = ""
    follows_visit_id: int | None = None
    overbook_reason: str = ""
    device_ids: tuple[int, ...] = ()
    accepted: tuple[str, ...] = ()
    series_id: int | None = None
    any_room: bool = False
    any_device: bool = False
    told: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """An appointment as it was before a change of its place or state, to take that back."""

    appointment_id: int
    version: int
    state: AppointmentState
    reason: str
    booking: Booking

    @classmethod
    def of(cls, row: AppointmentRow) -> "Before":
        """What the calendar showed."""
        booking = Booking(
            patient_id=row.patient_id,
            injector_id=row.injector_id,
            type_id=row.type_id,
            starts_at=row.starts_at,
            minutes=row.minutes,
            room_id=row.room_id,
            device_ids=row.device_ids,
        )
        return cls(row.id, row.version, row.state, row.reason, booking)


@dataclass(frozen=True, slots=True)
class Slot:
    """A free place for a repeat; ``why`` says in a few words why it fits."""

    injector_id: int
    injector_name: str
    starts_at: datetime
    minutes: int
    type_id: int
    room_id: int | None
    weeks: float
    why: str
    device_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatProposal:
    """The first free slots for the next injection and what they were counted from.

    ``authorization`` says where the payer's authorization would not cover the wanted day.
    """

    patient_id: int
    visit_id: int
    interval_weeks: int
    from_what: str
    earliest: date
    wanted: date
    slots: tuple[Slot, ...]
    authorization: str = ""
    grid_minutes: int = 15
    """The distance of the lines on which the slots begin."""


@dataclass(frozen=True, slots=True)
class AppointmentChange:
    """One line of an appointment's history."""

    at: datetime
    by: str
    what: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
