"""Which room and which devices an appointment takes when nobody chose them: the first that are free."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.models import Appointment, AppointmentType, Device, Room
from clinic_app.services.booking_checks import LONGEST, NOT_THERE


def fitting_room(
    session: Session, kind: AppointmentType, starts_at: datetime, minutes: int, first: int | None, itself: int | None
) -> int | None:
    """A room that is free for so many minutes, ``first`` before the others; ``itself`` is the appointment moved.

    None when every room is taken, except for a kind that needs one: that gets a taken room, and the checks of a booking
    say who has it.
    """
    taken = {each.room_id for each in _meanwhile(session, starts_at, minutes, itself)}
    rooms = list(session.scalars(select(Room.id).where(Room.active).order_by(Room.id != (first or 0), Room.id)))
    free = [room for room in rooms if room not in taken]
    return next(iter(free or (rooms if kind.needs_room else ())), None)


def fitting_devices(
    session: Session, kind: AppointmentType, starts_at: datetime, minutes: int, itself: int | None
) -> tuple[int, ...]:
    """A device of each sort that the kind needs: a free one, else a taken one, of which the checks say who has it."""
    taken = {device.device_id for each in _meanwhile(session, starts_at, minutes, itself) for device in each.devices}
    devices = list(session.scalars(select(Device).where(Device.active).order_by(Device.id)))
    found = []
    for need in kind.needs:
        fitting = [device.id for device in devices if device.kind.value == need]
        found += [number for number in fitting if number not in taken][:1] or fitting[:1]
    return tuple(sorted(found))


def _meanwhile(session: Session, starts_at: datetime, minutes: int, itself: int | None) -> Iterator[Appointment]:
    """The other appointments whose time overlaps."""
    ends_at = starts_at + timedelta(minutes=minutes)
    query = (
        select(Appointment)
        .where(
            Appointment.starts_at < ends_at,
            Appointment.starts_at > starts_at - LONGEST,
            Appointment.state.not_in(NOT_THERE),
        )
        .options(selectinload(Appointment.devices))
    )
    for other in session.scalars(query):
        if other.id != itself and other.starts_at + timedelta(minutes=other.minutes) > starts_at:
            yield other
