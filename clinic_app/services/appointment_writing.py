"""Writes an appointment that was checked, inside the transaction of the use case, with its line of history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Appointment, AppointmentDevice
from clinic_app.services.access import Actor
from clinic_app.services.appointment_history import devices_of, event_of, facts, mark_passed, tell
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState
from clinic_app.typed_text import clean


def write_booking(
    session: Session,
    actor: Actor,
    booking: Booking,
    passed: Sequence[ClinicError],
    now: datetime,
    state: AppointmentState = AppointmentState.BOOKED,
) -> Appointment:
    """A new appointment. ``passed`` are the clashes that were booked over on purpose."""
    appointment = Appointment(
        patient_id=booking.patient_id,
        injector_id=booking.injector_id,
        room_id=booking.room_id,
        type_id=booking.type_id,
        starts_at=booking.starts_at,
        minutes=booking.minutes,
        state=state,
        note=clean(booking.note)[:1000],
        follows_visit_id=booking.follows_visit_id,
        series_id=booking.series_id,
        devices=_devices(booking),
    )
    reason = mark_passed(appointment, actor, passed, booking.overbook_reason)
    # One flush for both: booking waits for the disk as seldom as it can.
    appointment.events.append(event_of(appointment, actor, now, "booked", {}, reason))
    session.add(appointment)
    session.flush()
    return appointment


def write_move(
    session: Session,
    actor: Actor,
    appointment: Appointment,
    booking: Booking,
    passed: Sequence[ClinicError],
    now: datetime,
) -> None:
    """The appointment in the place of ``booking``, one version on."""
    before = facts(appointment)
    put(appointment, booking)
    reason = mark_passed(appointment, actor, passed, booking.overbook_reason)
    appointment.version += 1
    tell(session, appointment, actor, now, "moved", before, reason)


def put(appointment: Appointment, booking: Booking) -> None:
    """Give the appointment the place that was asked for."""
    appointment.starts_at, appointment.minutes = booking.starts_at, booking.minutes
    appointment.injector_id, appointment.room_id = booking.injector_id, booking.room_id
    if set(booking.device_ids) != set(devices_of(appointment)):
        appointment.devices = _devices(booking)


def _devices(booking: Booking) -> list[AppointmentDevice]:
    """Each once, whatever was handed in."""
    return [AppointmentDevice(device_id=device_id) for device_id in sorted(set(booking.device_ids))]
