"""What can be booked: kinds of appointment, rooms, devices, and how far the calendar's lines lie apart."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Appointment, AppointmentDevice, AppointmentType, Clinic, Device, Room, WaitingWish
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.calendar_data import (
    GRID_DISTANCES,
    GRID_MINUTES,
    LONGEST,
    LONGEST_NAME,
    SHORTEST,
    Furniture,
    PlaceEntry,
    TypeEntry,
    TypeForm,
    grid_minutes,
)
from clinic_app.services.clock import Clock, local_now
from clinic_app.terms import AppointmentState, DeviceKind
from clinic_app.typed_text import clean

_AHEAD = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)
_LONGEST_COLOUR = 16
_Named = TypeVar("_Named", AppointmentType, Room, Device)


class CalendarRules:
    """The manager's use cases around what the calendar offers. Nothing is deleted: what is not wanted is retired."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def furniture(self, actor: Actor) -> Furniture:
        """All kinds of appointment, rooms and devices, retired ones last, and the calendar's line distance."""
        require(actor, Act.READ_SUMMARY)
        now = local_now(self._clock, self._time_zone)
        with self._database.reading() as session:
            rooms, devices = _booked_rooms(session, now), _booked_devices(session, now)
            return Furniture(
                tuple(TypeEntry(each.id, _form(each), each.active) for each in _all(session, AppointmentType)),
                tuple(PlaceEntry(r.id, r.name, r.active, None, rooms.get(r.id, 0)) for r in _all(session, Room)),
                tuple(PlaceEntry(d.id, d.name, d.active, d.kind, devices.get(d.id, 0)) for d in _all(session, Device)),
                grid_minutes(session.scalars(select(Clinic)).one().choices),
            )

    def set_grid_minutes(self, actor: Actor, minutes: int) -> None:
        """How many minutes lie between two lines of the calendar. Raises ClinicError for one that is not offered."""
        require(actor, Act.SETTINGS)
        if minutes not in GRID_DISTANCES:
            raise ClinicError("grid_impossible", field="grid_minutes")
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            clinic.choices = {**clinic.choices, GRID_MINUTES: minutes}

    def add_type(self, actor: Actor, form: TypeForm) -> int:
        """A new kind of appointment; returns its id. Raises ClinicError with the field that is wrong."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            kind = AppointmentType(active=True)
            _fill(session, kind, form)
            session.add(kind)
            session.flush()
            return kind.id

    def change_type(self, actor: Actor, type_id: int, form: TypeForm) -> None:
        """Change a kind of appointment. What is booked keeps its length. Raises ClinicError with the wrong field."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            kind = _get(session, AppointmentType, type_id)
            if not form.is_injection:
                _keep_one(session, kind)
            _fill(session, kind, form)

    def offer_type(self, actor: Actor, type_id: int, offered: bool) -> None:
        """Retire a kind of appointment, or bring it back.

        Raises ClinicError for the last kind that is an injection: repeats are booked as one.
        """
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            kind = _get(session, AppointmentType, type_id)
            if not offered:
                _keep_one(session, kind)
            kind.active = offered

    def withdraw_type(self, actor: Actor, type_id: int) -> None:
        """Take back a kind that was added: it goes, or is retired where something was booked as it meanwhile."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _withdraw(session, _get(session, AppointmentType, type_id), Appointment.type_id, WaitingWish.type_id)

    def add_room(self, actor: Actor, name: str) -> int:
        """A new room; returns its id. Raises ClinicError for a name that is missing or taken."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            room = Room(name=_free_name(session, Room, name, None))
            session.add(room)
            session.flush()
            return room.id

    def rename_room(self, actor: Actor, room_id: int, name: str) -> None:
        """Call a room something else. Raises ClinicError for a name that is missing or taken."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _get(session, Room, room_id).name = _free_name(session, Room, name, room_id)

    def offer_room(self, actor: Actor, room_id: int, offered: bool) -> None:
        """Retire a room, or bring it back. Appointments keep their room."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _get(session, Room, room_id).active = offered

    def withdraw_room(self, actor: Actor, room_id: int) -> None:
        """Take back a room that was added: it goes, or is retired where something was booked in it meanwhile."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _withdraw(session, _get(session, Room, room_id), Appointment.room_id)

    def add_device(self, actor: Actor, name: str, kind: DeviceKind) -> int:
        """A new device; returns its id. Raises ClinicError for a name that is missing or taken."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            device = Device(name=_free_name(session, Device, name, None), kind=kind)
            session.add(device)
            session.flush()
            return device.id

    def rename_device(self, actor: Actor, device_id: int, name: str) -> None:
        """Call a device something else. Its kind stays: another kind is another device."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _get(session, Device, device_id).name = _free_name(session, Device, name, device_id)

    def offer_device(self, actor: Actor, device_id: int, offered: bool) -> None:
        """Retire a device, or bring it back. Appointments keep their devices."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _get(session, Device, device_id).active = offered

    def withdraw_device(self, actor: Actor, device_id: int) -> None:
        """Take back a device that was added: it goes, or is retired where something was booked with it meanwhile."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _withdraw(session, _get(session, Device, device_id), AppointmentDevice.device_id)


def _withdraw(
    session: Session,
    record: AppointmentType | Room | Device,
    *uses: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> None:
    if any(session.scalar(select(exists().where(use == record.id))) for use in uses):
        record.active = False
    else:
        session.delete(record)


def _all(session: Session, record: type[_Named]) -> Sequence[_Named]:
    return session.scalars(select(record).order_by(record.active.desc(), record.id)).all()


def _get(session: Session, record: type[_Named], record_id: int) -> _Named:
    found = session.get(record, record_id)
    if found is None:
        raise NotFound("calendar_entry_not_found")
    return found


def _free_name(session: Session, record: type[_Named], typed: str, itself: int | None) -> str:
    """The name as it is kept. Raises ClinicError when it is missing, too long, or another's in any case of letters."""
    name = " ".join(clean(typed).split())
    if not name:
        raise ClinicError("calendar_name_missing", field="name")
    if len(name) > LONGEST_NAME:
        raise ClinicError("text_too_long", field="name", limit=LONGEST_NAME)
    # In Python: the database folds the case of ASCII letters alone.
    for other_id, other in session.execute(select(record.id, record.name)):
        if other_id != itself and other.casefold() == name.casefold():
            raise ClinicError("calendar_name_taken", field="name", name=other)
    return name


def _fill(session: Session, kind: AppointmentType, form: TypeForm) -> None:
    if not SHORTEST <= form.minutes <= LONGEST:
        raise ClinicError("booking_minutes", field="minutes")
    with session.no_autoflush:
        kind.name = _free_name(session, AppointmentType, form.name, kind.id)
    kind.minutes, kind.is_injection = form.minutes, form.is_injection
    kind.colour, kind.needs_room = clean(form.colour)[:_LONGEST_COLOUR], form.needs_room
    needs = sorted({need.value for need in form.needs})
    if needs != sorted(kind.needs or ()):
        kind.needs = needs


def _keep_one(session: Session, kind: AppointmentType) -> None:
    """Raise ClinicError when the kind is the only injection that can be booked."""
    others = select(func.count()).where(
        AppointmentType.is_injection, AppointmentType.active, AppointmentType.id != kind.id
    )
    if kind.is_injection and kind.active and not session.scalar(others):
        raise ClinicError("type_last_injection", field="is_injection", name=kind.name)


def _form(kind: AppointmentType) -> TypeForm:
    return TypeForm(
        kind.name,
        kind.minutes,
        kind.is_injection,
        kind.colour,
        kind.needs_room,
        tuple(device for device in DeviceKind if device.value in kind.needs),
    )


def _booked_rooms(session: Session, now: datetime) -> dict[int, int]:
    ahead = (Appointment.starts_at >= now, Appointment.state.in_(_AHEAD), Appointment.room_id.is_not(None))
    counts = session.execute(select(Appointment.room_id, func.count()).where(*ahead).group_by(Appointment.room_id))
    return {room_id: number for room_id, number in counts if room_id is not None}


def _booked_devices(session: Session, now: datetime) -> dict[int, int]:
    # What lies ahead is little beside all that ever had a device: it is looked up first.
    ahead = select(Appointment.id).where(Appointment.starts_at >= now, Appointment.state.in_(_AHEAD))
    counts = (
        select(AppointmentDevice.device_id, func.count())
        .where(AppointmentDevice.appointment_id.in_(ahead))
        .group_by(AppointmentDevice.device_id)
    )
    return dict(session.execute(counts).all())
