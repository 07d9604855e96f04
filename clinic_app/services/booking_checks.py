"""What can be wrong with a booking, looked at inside the transaction that books."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentType,
    Clinic,
    Closure,
    Injection,
    Patient,
    Room,
    SideEffect,
    ToxinElsewhere,
    Vial,
    Visit,
    WorkingHours,
)
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.booking import earliest_date
from clinic_app.rules.chart import EarlierInjection
from clinic_app.services.access import Act, Actor, may
from clinic_app.services.clinic_rules import for_checks, rule_choices
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState

NOT_THERE = (AppointmentState.CANCELLED, AppointmentState.NO_SHOW)
LONGEST = timedelta(minutes=480)


def refuse_clashes(
    session: Session,
    actor: Actor,
    booking: Booking,
    itself: int | None,
    *,
    now: datetime,
    reference: Reference,
    taking_back: bool = False,
) -> None:
    """Raise ClinicError for the first thing wrong. ``itself`` is the appointment being moved.

    ``now`` is the clinic's wall clock. With a reason to overbook, a permitted person passes what can be passed:
    a clash of injector or room, hours, closures and the interval; never a patient in two places.
    """
    if not 5 <= booking.minutes <= 480:
        raise ClinicError("booking_minutes", field="minutes")
    kind = session.get(AppointmentType, booking.type_id)
    if kind is None:
        raise ClinicError("booking_type_missing", field="type")
    if session.get(Account, booking.injector_id) is None:
        raise ClinicError("booking_injector_missing", field="injector")
    if booking.starts_at < now and not taking_back:
        raise ClinicError("booking_past", field="starts_at")
    clash = _overlap(session, booking, itself, Appointment.patient_id == booking.patient_id)
    if clash is not None:
        raise ClinicError("booking_overlap_patient", time=_time(clash.starts_at), day=clash.starts_at.date())
    problem = _passable(session, booking, itself, kind, reference)
    if problem is None:
        return
    if booking.overbook_reason.strip() and may(actor, Act.OVERBOOK):
        return
    raise problem


def earliest_injection_day(session: Session, patient_id: int, reference: Reference) -> date | None:
    """The first day on which the minimum interval of the product last given has passed over every toxin.

    Toxin given elsewhere counts; an unknown product counts with the shortest minimum. None before any toxin.
    """
    earlier = earlier_injections(session, patient_id)
    if not earlier:
        return None
    ours = [given for given in earlier if not given.elsewhere]
    product, indication = (ours[-1].product, ours[-1].indication) if ours else (earlier[-1].product, "")
    patient = session.get_one(Patient, patient_id)
    clinic = session.scalars(select(Clinic)).one()
    limits = for_checks(rule_choices(session), clinic.time_zone).limits
    return earliest_date(earlier, reference, product, indication, patient.birth_date, limits)


def earlier_injections(session: Session, patient_id: int) -> tuple[EarlierInjection, ...]:
    """All toxin of the patient by visit and product: here, and elsewhere as far as known."""
    visits = session.execute(
        select(Visit.id, Visit.visited_on, Visit.indication).where(Visit.patient_id == patient_id)
    ).all()
    units = _units_by_product(session, [visit.id for visit in visits])
    here = [
        EarlierInjection(
            on=visit.visited_on, product=product, units=given, elsewhere=False, indication=visit.indication
        )
        for visit in visits
        for product, given in units.get(visit.id, {}).items()
    ]
    elsewhere = [
        EarlierInjection(on=e.given_on, product=e.product, units=e.units, elsewhere=True, indication="")
        for e in session.scalars(select(ToxinElsewhere).where(ToxinElsewhere.patient_id == patient_id))
    ]
    return tuple(sorted((*here, *elsewhere), key=lambda given: given.on))


def _units_by_product(session: Session, visit_ids: list[int]) -> dict[int, dict[str, Decimal]]:
    totals: dict[int, dict[str, Decimal]] = {}
    rows = session.execute(
        select(Injection.visit_id, Vial.product, func.sum(Injection.units))
        .join(Vial, Vial.id == Injection.vial_id)
        .where(Injection.visit_id.in_(visit_ids))
        .group_by(Injection.visit_id, Vial.product)
    )
    for visit_id, product, given in rows:
        totals.setdefault(visit_id, {})[product] = given
    return totals


def _passable(
    session: Session, booking: Booking, itself: int | None, kind: AppointmentType, reference: Reference
) -> ClinicError | None:
    """What a permitted person may book over with a reason."""
    day = booking.starts_at.date()
    closure = session.scalar(
        select(Closure).where(
            Closure.first_day <= day,
            Closure.last_day >= day,
            Closure.injector_id.is_(None) | (Closure.injector_id == booking.injector_id),
        )
    )
    if closure is not None:
        if closure.injector_id is not None:
            return ClinicError("booking_away", name=_name(session, closure.injector_id), reason=closure.reason)
        return ClinicError("booking_closed", day=day, reason=closure.reason)
    if not _within_hours(session, booking):
        return ClinicError("booking_outside_hours", name=_name(session, booking.injector_id))
    clash = _overlap(session, booking, itself, Appointment.injector_id == booking.injector_id)
    if clash is not None:
        return ClinicError(
            "booking_overlap_injector",
            name=_name(session, booking.injector_id),
            patient=_patient_name(session, clash.patient_id),
            time=_time(clash.starts_at),
        )
    if booking.room_id is not None:
        clash = _overlap(session, booking, itself, Appointment.room_id == booking.room_id)
        room = session.get(Room, booking.room_id)
        if clash is not None and room is not None:
            return ClinicError("booking_overlap_room", room=room.name, time=_time(clash.starts_at))
    if kind.is_injection:
        earliest = earliest_injection_day(session, booking.patient_id, reference)
        if earliest is not None and day < earliest:
            return ClinicError("booking_interval", earliest=earliest)
        if session.scalar(
            select(
                exists().where(
                    SideEffect.patient_id == booking.patient_id,
                    SideEffect.red_flag,
                    SideEffect.resolved_note == "",
                )
            )
        ):
            return ClinicError("booking_unreviewed_red_flag")
    return None


def _within_hours(session: Session, booking: Booking) -> bool:
    ends_at = booking.starts_at + timedelta(minutes=booking.minutes)
    hours = session.scalars(
        select(WorkingHours).where(
            WorkingHours.injector_id == booking.injector_id,
            WorkingHours.weekday == booking.starts_at.weekday(),
        )
    )
    return any(
        datetime.combine(booking.starts_at.date(), h.opens) <= booking.starts_at
        and ends_at <= datetime.combine(booking.starts_at.date(), h.closes)
        for h in hours
    )


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
