"""What can be wrong with a booking, looked at inside the transaction that books."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentDevice,
    AppointmentType,
    Clinic,
    Device,
    Injection,
    Patient,
    Room,
    SideEffect,
    ToxinElsewhere,
    Vial,
    Visit,
)
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.booking import earliest_date
from clinic_app.rules.chart import EarlierInjection
from clinic_app.services.access import Act, Actor, may
from clinic_app.services.appointment_history import NOT_OVERBOOKED, Overbooked, mark
from clinic_app.services.authorizations import authorized
from clinic_app.services.clinic_rules import for_checks, rule_choices
from clinic_app.services.needs import lacking
from clinic_app.services.openings import openings
from clinic_app.services.schedule_data import LONGEST, NOT_THERE, Booking
from clinic_app.services.typed_text import clean
from clinic_app.terms import PatientStatus
from clinic_app.words import sentence

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
    patient = session.get(Patient, booking.patient_id)
    if patient is None:
        raise NotFound("patient_not_found")
    kind = session.get(AppointmentType, booking.type_id)
    if kind is None:
        raise ClinicError("booking_type_missing", field="type")
    injector = session.get(Account, booking.injector_id)
    if injector is None:
        raise ClinicError("booking_injector_missing", field="injector")
    if not injector.active and not taking_back:
        raise ClinicError("booking_injector_left", field="injector", name=injector.full_name)
    if not taking_back:
        _refuse_room_or_devices_gone(session, booking)
    _refuse_impossible_hour(booking, time_zone)
    if booking.starts_at < now and not taking_back:
        raise ClinicError("booking_past", field="starts_at")
    if patient.status is PatientStatus.DIED:
        raise ClinicError("booking_patient_died", name=_patient_name(session, patient.id))
    clash = _overlap(session, booking, itself, Appointment.patient_id == booking.patient_id)
    if clash is not None:
        raise ClinicError("booking_overlap_patient", time=_time(clash.starts_at), day=clash.starts_at.date())
    problems = tuple(_passable(session, booking, itself, kind, reference))
    if not problems:
        return ()
    told = booking.told is None or {problem.code for problem in problems} <= booking.told
    if clean(booking.overbook_reason) and may(actor, Act.OVERBOOK) and told:
        return problems
    raise Clash(problems)


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

    Raises the clash when the place was taken meanwhile. One that was ``allowed`` there before stands again whoever
    takes the change back. What the payer agreed to did not change by it.
    """
    known = replace(booking, accepted=(AUTHORIZATION,))
    mark(row, NOT_OVERBOOKED)
    try:
        refuse_clashes(
            session, actor, known, row.id, now=now, time_zone=time_zone, reference=reference, taking_back=True
        )
    except Clash:
        if allowed.by_id is None:
            raise
        mark(row, allowed)
    return row.overbook_reason


def refuse_too_far(starts_at: datetime) -> None:
    """Raise ClinicError for a year so far ahead that it can only be mistyped."""
    if starts_at.year > LAST_YEAR:
        raise ClinicError("booking_too_far", field="starts_at", year=LAST_YEAR + 1)


def _refuse_room_or_devices_gone(session: Session, booking: Booking) -> None:
    room = None if booking.room_id is None else session.get(Room, booking.room_id)
    if booking.room_id is not None and (room is None or not room.active):
        raise ClinicError("booking_room_missing", field="room")
    for device_id in booking.device_ids:
        device = session.get(Device, device_id)
        if device is None or not device.active:
            raise ClinicError("booking_device_missing", field="devices")


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


def earliest_injection_day(session: Session, patient_id: int, reference: Reference) -> date | None:
    """The first day on which the minimum interval of the product last given has passed over every toxin.

    Toxin given elsewhere counts; an unknown product counts with the shortest minimum. None before any toxin.
    """
    return earliest_injection_days(session, [patient_id], reference).get(patient_id)


def earliest_injection_days(session: Session, patient_ids: Collection[int], reference: Reference) -> dict[int, date]:
    """The same for many patients, in as many statements as for one; who never had toxin is not in it."""
    given = _earlier(session, patient_ids)
    if not given:
        return {}
    birth_dates = dict(session.execute(select(Patient.id, Patient.birth_date).where(Patient.id.in_(given))).all())
    clinic = session.scalars(select(Clinic)).one()
    limits = for_checks(rule_choices(session), clinic.time_zone).limits
    found = {}
    for patient_id, earlier in given.items():
        ours = [each for each in earlier if not each.elsewhere]
        product, indication = (ours[-1].product, ours[-1].indication) if ours else (earlier[-1].product, "")
        day = earliest_date(earlier, reference, product, indication, birth_dates[patient_id], limits)
        if day is not None:
            found[patient_id] = day
    return found


def earlier_injections(session: Session, patient_id: int) -> tuple[EarlierInjection, ...]:
    """All toxin of the patient by visit and product: here, and elsewhere as far as known."""
    return _earlier(session, [patient_id]).get(patient_id, ())


def _earlier(session: Session, patient_ids: Collection[int]) -> dict[int, tuple[EarlierInjection, ...]]:
    """All toxin by patient, the earliest first."""
    found: dict[int, list[EarlierInjection]] = defaultdict(list)
    here = session.execute(
        select(Visit.patient_id, Visit.visited_on, Visit.indication, Vial.product, func.sum(Injection.units))
        .join(Injection, Injection.visit_id == Visit.id)
        .join(Vial, Vial.id == Injection.vial_id)
        .where(Visit.patient_id.in_(patient_ids))
        .group_by(Visit.id, Vial.product)
        .order_by(Visit.visited_on, Visit.id, Vial.product)
    )
    for patient_id, on, indication, product, units in here:
        found[patient_id].append(
            EarlierInjection(on=on, product=product, units=units, elsewhere=False, indication=indication)
        )
    for given in session.scalars(select(ToxinElsewhere).where(ToxinElsewhere.patient_id.in_(patient_ids))):
        found[given.patient_id].append(
            EarlierInjection(on=given.given_on, product=given.product, units=given.units, elsewhere=True, indication="")
        )
    return {patient_id: tuple(sorted(rows, key=lambda row: row.on)) for patient_id, rows in found.items()}


def _passable(
    session: Session, booking: Booking, itself: int | None, kind: AppointmentType, reference: Reference
) -> Iterator[ClinicError]:
    """What a permitted person may book over with a reason, the reasons that hold for a whole day first."""
    day = booking.starts_at.date()
    open_then = openings(session, day, day)
    if day in open_then.closed:
        yield ClinicError("booking_closed", day=day, reason=open_then.closed[day])
    elif (booking.injector_id, day) in open_then.away:
        reason = open_then.away[booking.injector_id, day]
        yield ClinicError("booking_away", name=_name(session, booking.injector_id), reason=reason)
    elif not open_then.holds(booking.injector_id, booking.starts_at, booking.minutes):
        yield ClinicError("booking_outside_hours", name=_name(session, booking.injector_id))
    clash = _overlap(session, booking, itself, Appointment.injector_id == booking.injector_id)
    if clash is not None:
        yield ClinicError(
            "booking_overlap_injector",
            name=_name(session, booking.injector_id),
            patient=_patient_name(session, clash.patient_id),
            time=_time(clash.starts_at),
        )
    if booking.room_id is not None:
        clash = _overlap(session, booking, itself, Appointment.room_id == booking.room_id)
        if clash is not None:
            room = session.get_one(Room, booking.room_id)
            yield ClinicError("booking_overlap_room", room=room.name, time=_time(clash.starts_at))
    for device_id in booking.device_ids:
        has_it = Appointment.devices.any(AppointmentDevice.device_id == device_id)
        clash = _overlap(session, booking, itself, has_it)
        if clash is not None:
            device = session.get_one(Device, device_id)
            yield ClinicError("booking_overlap_device", device=device.name, time=_time(clash.starts_at))
    yield from lacking(session, booking, kind)
    if not kind.is_injection:
        return
    earliest = earliest_injection_day(session, booking.patient_id, reference)
    if earliest is not None and day < earliest:
        yield ClinicError("booking_interval", earliest=earliest)
    if session.scalar(
        select(
            exists().where(
                SideEffect.patient_id == booking.patient_id,
                SideEffect.red_flag,
                SideEffect.resolved_note == "",
            )
        )
    ):
        yield ClinicError("booking_unreviewed_red_flag")
    if AUTHORIZATION not in booking.accepted:
        said = authorization_problem(session, booking.patient_id, day)
        if said is not None:
            yield said


def authorization_problem(session: Session, patient_id: int, day: date) -> ClinicError | None:
    """What speaks against the payer's authorization for the product last given, on that day."""
    earlier = [given for given in earlier_injections(session, patient_id) if not given.elsewhere]
    product = earlier[-1].product if earlier else ""
    units = sum((given.units or Decimal(0) for given in earlier if given.on == earlier[-1].on), Decimal(0))
    lapses, said = authorized(session, [patient_id], day).said_of(patient_id, product, units or None)
    if lapses is not None:
        return ClinicError("booking_authorization", said=sentence("authorization.lapses", last_day=lapses))
    return ClinicError("booking_authorization", said=said) if said else None


def _overlap(session: Session, booking: Booking, itself: int | None, same: ColumnElement[bool]) -> Appointment | None:
    """An appointment of the same injector, room or patient whose time overlaps, computed from start and end."""
    ends_at = booking.starts_at + timedelta(minutes=booking.minutes)
    candidates = session.scalars(
        select(Appointment)
        .where(
            same,
            Appointment.starts_at < ends_at,
            Appointment.starts_at > booking.starts_at - LONGEST,
            Appointment.state.not_in(NOT_THERE),
        )
        .order_by(Appointment.starts_at)
    )
    for other in candidates:
        if other.id != itself and other.starts_at + timedelta(minutes=other.minutes) > booking.starts_at:
            return other
    return None


def _name(session: Session, account_id: int) -> str:
    account = session.get(Account, account_id)
    return "" if account is None else account.full_name


def _patient_name(session: Session, patient_id: int) -> str:
    patient = session.get(Patient, patient_id)
    return "" if patient is None else f"{patient.given_name} {patient.family_name}".strip()


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}"
