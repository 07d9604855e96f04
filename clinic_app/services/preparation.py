"""The vials for a day: what each booked patient's record says is needed, met from the shelf."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import ClinicError
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentType,
    ChartDraft,
    DystoniaHistory,
    Injection,
    Lot,
    Patient,
    Vial,
    Visit,
)
from clinic_app.rules.preparation import Allotment, Need, ShelfLot, allot
from clinic_app.services.authorizations import Authorized, authorized
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.charting import quantity
from clinic_app.services.charts import content_from_json
from clinic_app.services.lots import LEFT
from clinic_app.services.stock_data import PlannedPatient, Preparation, ProductNeed, VialChoice
from clinic_app.terms import AppointmentState

#: Where nothing is to be prepared any more, or yet.
_DONE = (
    AppointmentState.CANCELLED,
    AppointmentState.NO_SHOW,
    AppointmentState.INJECTED,
    AppointmentState.CHECKED_OUT,
)

Units = Mapping[str, Decimal | None]
"""Units by product, None where the record does not say how many."""


@dataclass(frozen=True, slots=True)
class _Booked:
    """An appointment that needs vials; ``indication`` is the one to be treated, as far as the record says."""

    appointment_id: int
    patient_id: int
    name: str
    birth_date: date
    record_number: str
    starts_at: datetime
    injector: str
    indication: str


@dataclass(frozen=True, slots=True)
class _Signed:
    visit_id: int
    visited_on: date
    indication: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    booked: _Booked
    product: str
    units: Decimal | None
    from_draft: bool


def preparation(session: Session, day: date) -> Preparation:
    """What to prepare for a day. Units are those of drafts and signed patterns, never a proposal."""
    wanted = _wanted(session, _booked(session, day))
    known = [each for each in wanted if each.units is not None]
    shelf = _shelf(session, {each.product for each in known}, day)
    needs = [Need(each.booked.patient_id, each.product, each.units or Decimal(0)) for each in known]
    allotted = iter(allot(needs, list(shelf.values())))
    payers = authorized(session, {each.booked.patient_id for each in wanted}, day)
    patients = []
    for each in wanted:
        allotment = Allotment((), Decimal(0), Decimal(0)) if each.units is None else next(allotted)
        patients.append(_planned(each, allotment, shelf, payers))
    return Preparation(day, tuple(patients), _sums(patients))


def _booked(session: Session, day: date) -> list[_Booked]:
    starts = datetime.combine(day, datetime.min.time())
    followed = aliased(Visit)
    query = (
        select(
            Appointment.id,
            Appointment.patient_id,
            Appointment.starts_at,
            Patient.given_name,
            Patient.family_name,
            Patient.birth_date,
            Patient.record_number,
            Account.full_name,
            func.coalesce(followed.indication, DystoniaHistory.indication, ""),
        )
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Account, Account.id == Appointment.injector_id)
        .outerjoin(followed, followed.id == Appointment.follows_visit_id)
        .outerjoin(DystoniaHistory, DystoniaHistory.patient_id == Patient.id)
        .where(
            Appointment.starts_at >= starts,
            Appointment.starts_at < starts + timedelta(days=1),
            Appointment.state.not_in(_DONE),
            Appointment.visit_id.is_(None),
            AppointmentType.is_injection,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [
        _Booked(key, patient_id, f"{given} {family}".strip(), born, number, starts_at, injector, indication)
        for key, patient_id, starts_at, given, family, born, number, injector, indication in session.execute(query)
    ]


def _wanted(session: Session, booked: list[_Booked]) -> list[_Wanted]:
    drafts = _drafts(session, [each.appointment_id for each in booked])
    patterns = _patterns(session, [each for each in booked if each.appointment_id not in drafts])
    wanted = []
    for each in booked:
        from_draft = each.appointment_id in drafts
        units = drafts[each.appointment_id] if from_draft else patterns.get(each.appointment_id, {})
        rows = units.items() if units else [("", None)]
        wanted += [_Wanted(each, product, amount, from_draft) for product, amount in rows]
    return wanted


def _drafts(session: Session, appointment_ids: list[int]) -> dict[int, Units]:
    """By appointment, the units of the chart that was begun for it; the one kept last counts."""
    query = (
        select(ChartDraft.appointment_id, ChartDraft.content)
        .where(ChartDraft.appointment_id.in_(appointment_ids))
        .order_by(ChartDraft.saved_at, ChartDraft.id)
    )
    read = {appointment_id: content_from_json(content) for appointment_id, content in session.execute(query)}
    return {key: _units_of(content) for key, content in read.items() if key is not None and content.lines}


def _units_of(content: ChartContent) -> Units:
    """Units by product; a product with a line that cannot be read as a dose is not known."""
    products = {vial.key: vial.product for vial in content.vials}
    units: dict[str, Decimal | None] = {}
    for line in content.lines:
        product = products.get(line.vial, content.product)
        amount, before = _typed(line.units), units.get(product, Decimal(0))
        units[product] = None if amount is None or before is None else before + amount
    return units


def _typed(text: str) -> Decimal | None:
    try:
        return quantity(text) or None
    except ClinicError:
        return None


def _patterns(session: Session, booked: list[_Booked]) -> dict[int, Units]:
    """By appointment, the units of the latest signed visit of its indication, with what was given that same day."""
    latest: dict[int, list[_Signed]] = defaultdict(list)
    visits = (
        select(Visit.patient_id, Visit.id, Visit.visited_on, Visit.indication)
        .where(Visit.patient_id.in_({each.patient_id for each in booked}), Visit.injections.any())
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
    )
    for patient_id, visit_id, visited_on, indication in session.execute(visits):
        latest[patient_id].append(_Signed(visit_id, visited_on, indication))
    planned = {each.appointment_id: _planned_visits(each, latest[each.patient_id]) for each in booked}
    given = _given(session, {key for keys in planned.values() for key in keys})
    return {key: _added_up(given[visit] for visit in visits) for key, visits in planned.items() if visits}


def _planned_visits(booked: _Booked, visits: list[_Signed]) -> list[int]:
    """The latest visit of the indication, and the latest of each other indication treated on that same day."""
    if booked.indication:
        first = next((visit for visit in visits if visit.indication == booked.indication), None)
    else:
        first = next(iter(visits), None)
    if first is None:
        return []
    same_day: dict[str, int] = {}
    for visit in visits:
        if visit.visited_on == first.visited_on:
            same_day.setdefault(visit.indication, visit.visit_id)
    return list(same_day.values())


def _given(session: Session, visit_ids: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """By visit, the units given of each product."""
    given: dict[int, dict[str, Decimal]] = defaultdict(dict)
    query = (
        select(Injection.visit_id, Vial.product, func.sum(Injection.units))
        .join(Vial, Vial.id == Injection.vial_id)
        .where(Injection.visit_id.in_(visit_ids))
        .group_by(Injection.visit_id, Vial.product)
        .order_by(Vial.product)
    )
    for visit_id, product, units in session.execute(query):
        given[visit_id][product] = units
    return given


def _added_up(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal | None]:
    units: dict[str, Decimal | None] = {}
    for part in parts:
        for product, amount in part.items():
            units[product] = (units.get(product) or Decimal(0)) + amount
    return units


def _shelf(session: Session, products: set[str], day: date) -> dict[int, ShelfLot]:
    """Lots that may be used on the day: neither expired nor on hold."""
    query = (
        select(Lot, LEFT)
        .where(Lot.product.in_(products), Lot.expires_on >= day, Lot.hold.is_(None), LEFT > 0)
        .order_by(Lot.expires_on, Lot.number, Lot.id)
    )
    return {
        lot.id: ShelfLot(lot.id, lot.product, lot.size_units, lot.expires_on, int(left), lot.patient_id, lot.number)
        for lot, left in session.execute(query)
    }


def _planned(
    wanted: _Wanted, allotment: Allotment, shelf: Mapping[int, ShelfLot], payers: Authorized
) -> PlannedPatient:
    booked = wanted.booked
    lapses_on, note = payers.said_of(booked.patient_id, wanted.product, wanted.units)
    return PlannedPatient(
        appointment_id=booked.appointment_id,
        patient_id=booked.patient_id,
        name=booked.name,
        record_number=booked.record_number,
        starts_at=booked.starts_at.time(),
        injector=booked.injector,
        product=wanted.product,
        units=wanted.units,
        choices=tuple(_choice(shelf[lot], vials) for lot, vials in allotment.vials),
        spare=allotment.spare,
        short=allotment.short,
        authorization_lapses_on=lapses_on,
        authorization_note=note,
        birth_date=booked.birth_date,
        from_draft=wanted.from_draft,
    )


def _choice(lot: ShelfLot, vials: int) -> VialChoice:
    return VialChoice(lot.lot, lot.number, lot.size_units, lot.expires_on, vials, lot.patient is not None)


def _sums(patients: list[PlannedPatient]) -> tuple[ProductNeed, ...]:
    """The day's vials of each product, those of one lot together, earliest expiry first."""
    sums = []
    for product in sorted({each.product for each in patients} - {""}):
        rows = [each for each in patients if each.product == product]
        vials: dict[int, VialChoice] = {}
        for choice in (choice for row in rows for choice in row.choices):
            before = vials.get(choice.lot_id)
            count = choice.vials + (before.vials if before is not None else 0)
            vials[choice.lot_id] = VialChoice(
                choice.lot_id, choice.number, choice.size_units, choice.expires_on, count, choice.assigned
            )
        sums.append(
            ProductNeed(
                product=product,
                units=sum((row.units or Decimal(0) for row in rows), Decimal(0)),
                vials=tuple(sorted(vials.values(), key=lambda each: (each.expires_on, each.number, each.lot_id))),
                spare=sum((row.spare for row in rows), Decimal(0)),
                short=sum((row.short for row in rows), Decimal(0)),
            )
        )
    return tuple(sums)
