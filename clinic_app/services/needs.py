"""What an appointment needs besides an injector: a room and devices that nobody else has at that time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import DateTime, bindparam, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Appointment, AppointmentDevice, AppointmentType, Device, Room
from clinic_app.services.schedule_data import LONGEST, NOT_THERE, Booking

# Built once: to put a question together takes several times as long as to ask it.
_KIND = select(AppointmentType.needs_room, AppointmentType.needs).where(AppointmentType.id == bindparam("type"))
_ROOMS = select(Room.id).where(Room.active).order_by(Room.id)
_DEVICES = select(Device.id, Device.kind, Device.active).order_by(Device.id)
_AT_THE_TIME = (
    select(
        Appointment.id,
        Appointment.starts_at,
        Appointment.minutes,
        Appointment.room_id,
        AppointmentDevice.device_id,
    )
    .outerjoin(AppointmentDevice, AppointmentDevice.appointment_id == Appointment.id)
    .where(
        Appointment.starts_at < bindparam("ends_at", type_=DateTime),
        Appointment.starts_at > bindparam("earliest", type_=DateTime),
        Appointment.state.not_in(NOT_THERE),
    )
)


@dataclass(frozen=True, slots=True)
class _Device:
    """A device as far as it is chosen from."""

    id: int
    kind: str
    active: bool


@dataclass(frozen=True, slots=True)
class _Taken:
    """The rooms and devices that others have at a time."""

    rooms: frozenset[int]
    devices: frozenset[int]


def furnished(session: Session, booking: Booking, itself: int | None = None) -> Booking:
    """The booking with a free room and a free device of each kind that its own kind needs, the first of each.

    A room or device that the person chose stays, taken or not: the checks name the clash. One that was not chosen
    (``any_room``, ``any_device``) gives way to a free one. Where nothing is free the booking stays as it was.
    """
    kind = session.connection().execute(_KIND, {"type": booking.type_id}).first()
    if kind is None:
        return booking  # the checks say so
    wanted = kind.needs
    needs_room = booking.any_room or (kind.needs_room and booking.room_id is None)
    if not (needs_room or wanted or (booking.any_device and booking.device_ids)):
        return booking
    taken = _taken(session, booking, itself)
    room_id = booking.room_id
    if needs_room and (room_id is None or room_id in taken.rooms):
        rooms = session.connection().scalars(_ROOMS)
        room_id = _first_free(rooms, taken.rooms) or room_id
    return replace(booking, room_id=room_id, device_ids=_devices(session, booking, wanted, taken.devices))


def lacking(
    session: Session, booking: Booking, kind: str, needs_room: bool, needs: Collection[str]
) -> Iterator[ClinicError]:
    """What the kind needs and the booking has not, since all of it is taken.

    What the clinic never listed is not asked for.
    """
    if needs_room and booking.room_id is None and session.connection().scalars(_ROOMS).first() is not None:
        yield ClinicError("booking_no_room", kind=kind)
    if not needs:
        return
    devices = _all_devices(session)
    there = {each.kind for each in devices if each.id in booking.device_ids}
    listed = {each.kind for each in devices if each.active}
    for wanted in needs:
        if wanted in listed - there:
            yield ClinicError("booking_no_device", kind=kind, device=wanted)


def _devices(session: Session, booking: Booking, needs: Collection[str], taken: Collection[int]) -> tuple[int, ...]:
    if not needs and not booking.device_ids:
        return ()
    devices = _all_devices(session)
    kinds = {device.id: device.kind for device in devices}
    chosen: list[int] = []
    for device_id in booking.device_ids:
        swap = booking.any_device and device_id in taken
        chosen.append(
            _of_kind(devices, kinds.get(device_id, ""), {*taken, *chosen}) or device_id if swap else device_id
        )
    for wanted in needs:
        if wanted not in {kinds.get(device_id) for device_id in chosen}:
            found = _of_kind(devices, wanted, {*taken, *chosen})
            chosen += [] if found is None else [found]
    return tuple(sorted(chosen))


def _all_devices(session: Session) -> list[_Device]:
    rows = session.connection().execute(_DEVICES).all()
    return [_Device(device_id, kind.value, active) for device_id, kind, active in rows]


def _of_kind(devices: Iterable[_Device], kind: str, taken: Collection[int]) -> int | None:
    return _first_free((each.id for each in devices if each.active and each.kind == kind), taken)


def _first_free(choices: Iterable[int], taken: Collection[int]) -> int | None:
    return next((each for each in choices if each not in taken), None)


def _taken(session: Session, booking: Booking, itself: int | None) -> _Taken:
    asked = {
        "ends_at": booking.starts_at + timedelta(minutes=booking.minutes),
        "earliest": booking.starts_at - LONGEST,
    }
    rows = [
        (room_id, device_id)
        for number, starts_at, minutes, room_id, device_id in session.execute(
            _AT_THE_TIME, asked
        )  # after what this transaction booked before
        if number != itself and starts_at + timedelta(minutes=minutes) > booking.starts_at
    ]
    return _Taken(
        frozenset(room_id for room_id, _ in rows if room_id is not None),
        frozenset(device_id for _, device_id in rows if device_id is not None),
    )
