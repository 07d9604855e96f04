"""What can be wrong with a booking, looked at inside the transaction that books."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    DateTime,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentDevice,
    AppointmentType,
    Clinic,
    Device,
    Patient,
    Room,
    SideEffect,
)
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, may
from clinic_app.services.appointment_history import NOT_OVERBOOKED, Overbooked, mark
from clinic_app.services.clinic_rules import limits_for_checks, own_limits
from clinic_app.services.earlier_toxin import authorization_problem, earlier_injections, earliest_of
from clinic_app.services.needs import lacking
from clinic_app.services.openings import openings
from clinic_app.services.schedule_data import LONGEST, NOT_THERE, Booking
from clinic_app.terms import PatientStatus
from clinic_app.typed_text import clean

LAST_YEAR = 2199
"""The last year in which something can be booked: a later one is a slip of the keyboard."""
PASSABLE = frozenset(
    {
        "booking_closed",
        "booking_outside_hours",
        "booking_overlap_injector",
        "booking_overlap_room",
        "booking_overlap_device",
        "booking_no_room",
        "booking_no_device",
        "booking_away",
        "booking_interval",
        "booking_unreviewed_red_flag",
    }
)
"""Clashes that a permitted person may book over with a reason."""
AUTHORIZATION = "booking.authorization"
"""The check that whoever books may accept: the visit is booked, and the payer is asked meanwhile."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the checks know of kind, injector and patient; None where one of them does not exist."""

    kind: str | None
    is_injection: bool | None
    needs_room: bool | None
    needs: list[str] | None
    injector: str | None
    active: bool | None
    status: PatientStatus | None
    given_name: str
    family_name: str
    birth_date: date
    room_active: bool | None
    red_flag: bool
    devices_there: int
    """How many of those wanted there are, and in use."""


@dataclass(frozen=True, slots=True)
class _Other:
    """An appointment at the same time; ``device_id`` is one of those wanted."""

    id: int
    patient_id: int
    injector_id: int
    room_id: int | None
    starts_at: datetime
    minutes: int
    device_id: int | None


class Clash(ClinicError):
    """What speaks against a booking, all of it: a reason counts only for what the person was told."""

    def __init__(self, problems: Sequence[ClinicError]) -> None:
        first = problems[0]
        super().__init__(first.code, field=first.field, **first.parameters)
        self.problems = tuple(problems)


def refuse_clashes(
    session: Session,
    actor: Actor,
    booking: Booking,
    itself: int | None,
    *,
    now: datetime,
    time_zone: str,
    reference: Reference,
    taking_back: bool = False,
) -> tuple[ClinicError, ...]:
    """Raise ClinicError for what is wrong. ``itself`` is the appointment being moved.

    ``now`` is the clinic's wall clock. With a reason to overbook, a permitted person passes what can be passed: a clash
    of injector, room or device, hours, closures, the interval and a side effect to review; never a patient in two
    places, and no hour that the clock skips or repeats. A reason passes only what its writer was ``told`` of. What was
    passed so comes back.
    """
    if not 5 <= booking.minutes <= 480:
        raise ClinicError("booking_minutes", field="minutes")
    refuse_too_far(booking.starts_at)
    row: tuple[Any, ...] = tuple(session.connection().execute(_FACTS, _asked(booking)).one())
    facts = _Facts(*row)
    if facts.is_injection is None:
        raise ClinicError("booking_type_missing", field="type")
    if facts.injector is None:
        raise ClinicError("booking_injector_missing", field="injector")
    if not facts.active and not taking_back:
        raise ClinicError("booking_injector_left", field="injector", name=facts.injector)
    if facts.status is None:
        raise NotFound("patient_not_found")
    if not taking_back:
        _refuse_room_or_devices_gone(booking, facts)
    _refuse_impossible_hour(booking, time_zone)
    if booking.starts_at < now and not taking_back:
        raise ClinicError("booking_past", field="starts_at")
    if facts.status is PatientStatus.DIED:
        raise ClinicError("booking_patient_died", name=f"{facts.given_name} {facts.family_name}".strip())
    clashes = _overlapping(session, booking, itself)
    clash = next((each for each in clashes if each.patient_id == booking.patient_id), None)
    if clash is not None:
        raise ClinicError("booking_overlap_patient", time=_time(clash.starts_at), day=clash.starts_at.date())
    problems = tuple(_passable(session, booking, facts, clashes, time_zone, reference))
    if not problems:
        return ()
    told = booking.told is None or {problem.code for problem in problems} <= booking.told
    if clean(booking.overbook_reason) and may(actor, Act.OVERBOOK) and told:
        return problems
    raise Clash(problems)


_FACTS = (
    select(
        AppointmentType.name.label("kind"),
        AppointmentType.is_injection,
        AppointmentType.needs_room,
        AppointmentType.needs,
        Account.full_name.label("injector"),
        Account.active,
        Patient.status,
        Patient.given_name,
        Patient.family_name,
        Patient.birth_date,
        Room.active.label("room_active"),
        exists()
        .where(SideEffect.patient_id == bindparam("patient"), SideEffect.red_flag, SideEffect.resolved_note == "")
        .label("red_flag"),
        select(func.count())
        .select_from(Device)
        .where(Device.id.in_(bindparam("devices", expanding=True, type_=Integer)), Device.active)
        .scalar_subquery()
        .label("devices_there"),
    )
    .select_from(Clinic)  # always one row, so that what is missing is None
    .outerjoin(AppointmentType, AppointmentType.id == bindparam("type"))
    .outerjoin(Account, Account.id == bindparam("injector"))
    .outerjoin(Patient, Patient.id == bindparam("patient"))
    .outerjoin(Room, Room.id == bindparam("room", type_=Integer))
)


def stand_again(
    session: Session,
    actor: Actor,
    row: Appointment,
    booking: Booking,
    allowed: Overbooked,
    *,
    now: datetime,
    time_zone: str,
    reference: Reference,
) -> str:
    """Let an appointment stand again where it stood; returns the reason of a clash there, "" without one.

    Raises the clash when the place was taken meanwhile. One of the kinds that were ``allowed`` there before stands
    again, whoever takes the change back. What the payer agreed to did not change by it.
    """
    known = replace(booking, accepted=(AUTHORIZATION,))
    mark(row, NOT_OVERBOOKED)
    try:
        refuse_clashes(
            session, actor, known, row.id, now=now, time_zone=time_zone, reference=reference, taking_back=True
        )
    except Clash as clash:
        codes = {problem.code for problem in clash.problems}
        # What was allowed before the clashes were kept counts for whatever stands there.
        if allowed.by_id is None or (allowed.over and not codes.issubset(allowed.over)):
            raise
        mark(row, allowed)
    return row.overbook_reason


def refuse_too_far(starts_at: datetime) -> None:
    """Raise ClinicError for a year so far ahead that it can only be mistyped."""
    if starts_at.year > LAST_YEAR:
        raise ClinicError("booking_too_far", field="starts_at", year=LAST_YEAR + 1)


def _refuse_room_or_devices_gone(booking: Booking, facts: _Facts) -> None:
    if booking.room_id is not None and not facts.room_active:
        raise ClinicError("booking_room_missing", field="room")
    if facts.devices_there != len(set(booking.device_ids)):
        raise ClinicError("booking_device_missing", field="devices")


def _asked(booking: Booking) -> dict[str, object]:
    return {
        "type": booking.type_id,
        "injector": booking.injector_id,
        "patient": booking.patient_id,
        "room": booking.room_id,
        "devices": list(set(booking.device_ids)),
    }


def _refuse_impossible_hour(booking: Booking, time_zone: str) -> None:
    """An hour that the clocks skip does not exist, and of one that they repeat nobody could say which is meant."""
    zone = ZoneInfo(time_zone)
    ends_at = booking.starts_at + timedelta(minutes=booking.minutes)
    for moment in (booking.starts_at, ends_at):
        first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
        if first.utcoffset() == second.utcoffset():
            continue
        there_and_back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        code = "booking_hour_twice" if there_and_back == moment else "booking_hour_missing"
        raise ClinicError(code, field="starts_at", time=_time(moment), day=moment.date())


def _passable(
    session: Session,
    booking: Booking,
    facts: _Facts,
    clashes: Sequence[_Other],
    time_zone: str,
    reference: Reference,
) -> Iterator[ClinicError]:
    """What a permitted person may book over with a reason, the reasons that hold for a whole day first."""
    day = booking.starts_at.date()
    open_then = openings(session, day, day)
    if day in open_then.closed:
        yield ClinicError("booking_closed", day=day, reason=open_then.closed[day])
    elif (booking.injector_id, day) in open_then.away:
        reason = open_then.away[booking.injector_id, day]
        yield ClinicError("booking_away", name=facts.injector, reason=reason)
    elif not open_then.holds(booking.injector_id, booking.starts_at, booking.minutes):
        yield ClinicError("booking_outside_hours", name=facts.injector)
    clash = next((each for each in clashes if each.injector_id == booking.injector_id), None)
    if clash is not None:
        yield ClinicError(
            "booking_overlap_injector",
            name=facts.injector,
            patient=_patient_name(session, clash.patient_id),
            time=_time(clash.starts_at),
        )
    if booking.room_id is not None:
        clash = next((each for each in clashes if each.room_id == booking.room_id), None)
        if clash is not None:
            room = session.get_one(Room, booking.room_id)
            yield ClinicError("booking_overlap_room", room=room.name, time=_time(clash.starts_at))
    for device_id in booking.device_ids:
        clash = next((each for each in clashes if each.device_id == device_id), None)
        if clash is not None:
            device = session.get_one(Device, device_id)
            yield ClinicError("booking_overlap_device", device=device.name, time=_time(clash.starts_at))
    yield from lacking(session, booking, facts.kind or "", bool(facts.needs_room), facts.needs or ())
    if not facts.is_injection:
        return
    earlier = earlier_injections(session, booking.patient_id)
    if earlier:
        limits = limits_for_checks(own_limits(session), time_zone)
        earliest = earliest_of(earlier, facts.birth_date, limits, reference)
        if earliest is not None and day < earliest:
            yield ClinicError("booking_interval", earliest=earliest)
    if facts.red_flag:
        yield ClinicError("booking_unreviewed_red_flag")
    if AUTHORIZATION not in booking.accepted:
        said = authorization_problem(session, booking.patient_id, day, earlier)
        if said is not None:
            yield said


_AT_THE_TIME = (
    select(
        Appointment.id,
        Appointment.patient_id,
        Appointment.injector_id,
        Appointment.room_id,
        Appointment.starts_at,
        Appointment.minutes,
        AppointmentDevice.device_id,
    )
    .outerjoin(
        AppointmentDevice,
        and_(
            AppointmentDevice.appointment_id == Appointment.id,
            AppointmentDevice.device_id.in_(bindparam("devices", expanding=True)),
        ),
    )
    .where(
        Appointment.starts_at < bindparam("ends_at", type_=DateTime),
        Appointment.starts_at > bindparam("earliest", type_=DateTime),
        Appointment.state.not_in(NOT_THERE),
        or_(
            Appointment.patient_id == bindparam("patient"),
            Appointment.injector_id == bindparam("injector"),
            Appointment.room_id == bindparam("room", type_=Integer),
            AppointmentDevice.device_id.is_not(None),
        ),
    )
    .order_by(Appointment.starts_at, Appointment.id)
)


def _overlapping(session: Session, booking: Booking, itself: int | None) -> list[_Other]:
    """Appointments of the same patient, injector, room or a device whose time overlaps, by start and end."""
    asked = {
        "ends_at": booking.starts_at + timedelta(minutes=booking.minutes),
        "earliest": booking.starts_at - LONGEST,
        "patient": booking.patient_id,
        "injector": booking.injector_id,
        "room": booking.room_id,
        "devices": list(booking.device_ids),
    }
    others = (_Other(*row) for row in session.connection().execute(_AT_THE_TIME, asked).all())
    return [
        other
        for other in others
        if other.id != itself and other.starts_at + timedelta(minutes=other.minutes) > booking.starts_at
    ]


def _patient_name(session: Session, patient_id: int) -> str:
    patient = session.get(Patient, patient_id)
    return "" if patient is None else f"{patient.given_name} {patient.family_name}".strip()


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}"
