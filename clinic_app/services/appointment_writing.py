"""Writes an appointment that was checked, inside the transaction of the use case, with its line of history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Appointment, AppointmentDevice, AppointmentEvent
from clinic_app.models.base import table_of
from clinic_app.models.database import RowChange, tell_changes
from clinic_app.models.report_cells import touch
from clinic_app.services.access import Actor
from clinic_app.services.appointment_history import devices_of, facts, facts_of, line_of, mark, passed_over, tell
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState
from clinic_app.typed_text import clean

_APPOINTMENT, _DEVICE, _LINE = (table_of(kind) for kind in (Appointment, AppointmentDevice, AppointmentEvent))
_WRITE = insert(_APPOINTMENT).returning(_APPOINTMENT.c.id)
_WRITE_DEVICE = insert(_DEVICE).inline()
_WRITE_LINE = insert(_LINE).returning(_LINE.c.id)
_READ = select(_APPOINTMENT).where(_APPOINTMENT.c.id == bindparam("appointment"))
_MOVE_ON = (
    update(_APPOINTMENT)
    .where(_APPOINTMENT.c.id == bindparam("appointment"))
    .values({name: bindparam(f"new_{name}") for name in ("visit_id", "state", "version")})
)


def write_booking(
    session: Session,
    actor: Actor,
    booking: Booking,
    passed: Sequence[ClinicError],
    now: datetime,
    state: AppointmentState = AppointmentState.BOOKED,
) -> int:
    """A new appointment; returns its id. ``passed`` are the clashes that were booked over on purpose.

    Written as rows: as records it would take as long as all checks together.
    """
    session.flush()
    over = passed_over(actor, passed, booking.overbook_reason)
    row = {
        "version": 1,
        "patient_id": booking.patient_id,
        "injector_id": booking.injector_id,
        "room_id": booking.room_id,
        "type_id": booking.type_id,
        "starts_at": booking.starts_at,
        "minutes": booking.minutes,
        "state": state,
        "reason": "",
        "note": clean(booking.note)[:1000],
        "follows_visit_id": booking.follows_visit_id,
        "visit_id": None,
        "series_id": booking.series_id,
        "overbooked_by_id": over.by_id,
        "overbook_reason": over.reason,
        "overbooked_over": list(over.over),
    }
    device_ids = tuple(sorted(set(booking.device_ids)))  # each once, whatever was handed in
    line = line_of(actor, now, "booked", {}, facts_of(row, device_ids), over.reason)
    connection = session.connection()
    number: int = connection.execute(_WRITE, row).scalar_one()
    devices = [{"appointment_id": number, "device_id": device_id} for device_id in device_ids]
    if devices:
        connection.execute(_WRITE_DEVICE, devices)
    line["appointment_id"] = number
    line["id"] = connection.execute(_WRITE_LINE, line).scalar_one()
    if booking.follows_visit_id is not None:  # the reports count whether the next visit was booked when it was signed
        touch(connection, [booking.follows_visit_id])
    tell_changes(
        session,
        [
            RowChange(_APPOINTMENT, None, {**row, "id": number}),
            *(RowChange(_DEVICE, None, device) for device in devices),
            RowChange(_LINE, None, line),
        ],
    )
    return number


def move_appointment_on(
    session: Session, appointment_id: int, visit_id: int, actor: Actor, at: datetime
) -> tuple[RowChange, ...]:
    """The draft's appointment is injected now and knows its visit. Returns what the audit trail has to be told."""
    connection = session.connection()
    asked = {"appointment": appointment_id}
    before = connection.execute(_READ, asked).mappings().one()
    now = {"visit_id": visit_id, "state": AppointmentState.INJECTED, "version": before["version"] + 1}
    connection.execute(_MOVE_ON, asked | {f"new_{name}": value for name, value in now.items()})
    event = {
        "appointment_id": appointment_id,
        "at": at,
        "account_id": actor.account_id,
        "what": "injected",
        "before": {"state": before["state"].value},
        "after": {"state": AppointmentState.INJECTED.value},
    }
    number = connection.scalar(_WRITE_LINE, event)
    return (
        RowChange(_LINE, None, {**event, "id": number}),
        RowChange(_APPOINTMENT, before, {**before, **now}),
    )


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
    over = passed_over(actor, passed, booking.overbook_reason)
    mark(appointment, over)
    appointment.version += 1
    tell(session, appointment, actor, now, "moved", before, over.reason)


def put(appointment: Appointment, booking: Booking) -> None:
    """Give the appointment the place that was asked for."""
    appointment.starts_at, appointment.minutes = booking.starts_at, booking.minutes
    appointment.injector_id, appointment.room_id = booking.injector_id, booking.room_id
    if set(booking.device_ids) != set(devices_of(appointment)):
        device_ids = sorted(set(booking.device_ids))
        appointment.devices = [AppointmentDevice(device_id=device_id) for device_id in device_ids]
