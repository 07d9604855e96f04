"""Which vials a chart may take: those on the shelf for this patient, and the one that was scanned."""

from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Lot, Patient, Vial, Visit
from clinic_app.services.chart_data import LotChoice
from clinic_app.services.lots import LEFT, same_number
from clinic_app.services.stock_data import ScannedVial
from clinic_app.services.vial_booking import held, lot_of_other_patient


def offered(session: Session, product: str, patient_id: int, on: date) -> tuple[LotChoice, ...]:
    """Lots of the product with vials left: those kept for the patient first, then the earliest expiry."""
    own = Lot.patient_id == patient_id
    query = (
        select(Lot, LEFT)
        .where(Lot.product == product, Lot.expires_on >= on, Lot.hold.is_(None), LEFT > 0)
        .where(Lot.patient_id.is_(None) | own)
        .order_by(case((own, 0), else_=1), Lot.expires_on, Lot.number, Lot.id)
    )
    return tuple(_choice(lot, int(left), patient_id) for lot, left in session.execute(query))


def scanned_choice(session: Session, scanned: ScannedVial, patient_id: int, on: date) -> LotChoice:
    """The lot of a scanned vial whose product is known. Raises ClinicError with what speaks against it."""
    query = (
        select(Lot, LEFT, Patient)
        .outerjoin(Patient, Patient.id == Lot.patient_id)
        .where(same_number(scanned.product, scanned.lot), Lot.size_units == scanned.size_units)
        .order_by(case((Lot.patient_id == patient_id, 0), else_=1), Lot.patient_id.nulls_first(), Lot.id)
    )
    rows = [(lot, int(left), patient) for lot, left, patient in session.execute(query)]
    _refuse_lot(scanned, [lot for lot, _, _ in rows], on)
    _refuse_used(session, scanned)
    full = [(lot, left, patient) for lot, left, patient in rows if left > 0]
    for lot, left, _ in full:
        if lot.patient_id in (None, patient_id):
            return _choice(lot, left, patient_id)
    for lot, _, patient in full:
        if patient is not None:
            raise lot_of_other_patient(lot, patient)
    raise ClinicError("lot_empty", field="scan", number=scanned.lot)


def _refuse_lot(scanned: ScannedVial, lots: list[Lot], on: date) -> None:
    for lot in lots:
        if lot.hold is not None:
            raise held(lot)
    expires_on = lots[0].expires_on if lots else scanned.expires_on
    if expires_on is not None and expires_on < on:
        raise ClinicError("vial_expired", field="scan", number=scanned.lot, expires_on=expires_on)
    if not lots:
        raise ClinicError("lot_not_on_shelf", field="scan", number=scanned.lot)
    if scanned.expires_on not in (None, expires_on):
        raise ClinicError("lot_other_expiry", field="scan", number=scanned.lot)


def _refuse_used(session: Session, scanned: ScannedVial) -> None:
    """Each vial is for one patient: a serial number that a signed visit holds is not used again."""
    if not scanned.serial:
        return
    used_on = session.scalar(
        select(Visit.visited_on)
        .join(Vial, Vial.visit_id == Visit.id)
        .where(Vial.serial == scanned.serial, Vial.gtin == scanned.gtin)
        .limit(1)
    )
    if used_on is not None:
        raise ClinicError("vial_used", field="scan", serial=scanned.serial, used_on=used_on)


def _choice(lot: Lot, left: int, patient_id: int) -> LotChoice:
    return LotChoice(
        lot_id=lot.id,
        product=lot.product,
        number=lot.number,
        size_units=lot.size_units,
        expires_on=lot.expires_on,
        vials_left=left,
        assigned_to_this=lot.patient_id == patient_id,
    )
