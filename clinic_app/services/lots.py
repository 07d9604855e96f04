"""Lots as the services read them: what is left of each, their ledger, and who got them."""

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import NotFound
from clinic_app.models import Account, Injection, Lot, Patient, StockMovement, Vial, Visit
from clinic_app.services.stock_data import LedgerLine, LotDetails, LotRecipient, LotRow
from clinic_app.terms import PatientStatus, StockKind

#: Vials of a lot on the shelf: the sum of its ledger.
LEFT = (
    select(func.coalesce(func.sum(StockMovement.vials), 0))
    .where(StockMovement.lot_id == Lot.id)
    .correlate(Lot)
    .scalar_subquery()
)
_RECEIVED = (
    select(func.coalesce(func.sum(StockMovement.vials), 0))
    .where(StockMovement.lot_id == Lot.id, StockMovement.kind == StockKind.RECEIVED)
    .correlate(Lot)
    .scalar_subquery()
)
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


def folded(number: str) -> str:
    """A lot number as it is compared: capitals and small letters are the same."""
    return number.strip().translate(_CAPITALS)  # as the database's upper() does it


def same_number(product: str, number: str) -> ColumnElement[bool]:
    """Every row of the manufacturer's lot: on the shelf and kept for single patients, of any size."""
    return and_(Lot.product == product, func.upper(Lot.number) == folded(number))


def vials_left(session: Session, lot_ids: Iterable[int]) -> dict[int, int]:
    """The sums of the lots' ledgers."""
    left = func.sum(StockMovement.vials)
    rows = session.execute(
        select(StockMovement.lot_id, left).where(StockMovement.lot_id.in_(lot_ids)).group_by(StockMovement.lot_id)
    )
    return {lot_id: int(vials) for lot_id, vials in rows}


def get_lot(session: Session, lot_id: int) -> Lot:
    """The lot. Raises NotFound."""
    lot = session.get(Lot, lot_id)
    if lot is None:
        raise NotFound("lot_not_found")
    return lot


def lot_rows(session: Session, *where: ColumnElement[bool]) -> tuple[LotRow, ...]:
    """Lots with what is left of them, earliest expiry first."""
    query = (
        select(Lot, _RECEIVED, LEFT, Patient.given_name, Patient.family_name)
        .outerjoin(Patient, Patient.id == Lot.patient_id)
        .where(*where)
        .order_by(Lot.expires_on, Lot.product, Lot.number, Lot.id)
    )
    return tuple(
        LotRow(
            lot_id=lot.id,
            product=lot.product,
            number=lot.number,
            size_units=lot.size_units,
            expires_on=lot.expires_on,
            vials_received=int(received),
            vials_left=int(left),
            hold=lot.hold,
            hold_reason=lot.hold_reason,
            patient_id=lot.patient_id,
            patient_name=_name(given, family),
        )
        for lot, received, left, given, family in session.execute(query)
    )


def ledger(session: Session, lot_id: int) -> tuple[LedgerLine, ...]:
    """Every movement of the lot, from the first on."""
    witness = aliased(Account)
    query = (
        select(StockMovement, Account.full_name, witness.full_name, Patient.given_name, Patient.family_name)
        .join(Account, Account.id == StockMovement.account_id)
        .outerjoin(witness, witness.id == StockMovement.witness_id)
        .outerjoin(Visit, Visit.id == StockMovement.visit_id)
        .outerjoin(Patient, Patient.id == Visit.patient_id)
        .where(StockMovement.lot_id == lot_id)
        .order_by(StockMovement.id)
    )
    lines = []
    left = 0
    for movement, by, seen_by, given, family in session.execute(query):
        left += movement.vials
        lines.append(
            LedgerLine(
                at=movement.at,
                kind=movement.kind,
                vials=movement.vials,
                left_after=left,
                by=by,
                units=movement.units,
                reason=movement.reason,
                witness=seen_by or "",
                visit_id=movement.visit_id,
                patient_name=_name(given, family),
                movement_id=movement.id,
            )
        )
    return tuple(lines)


def recipients(session: Session, lot_id: int) -> tuple[LotRecipient, ...]:
    """Every patient and visit that got a vial of the manufacturer's lot, the latest first.

    By product and number as they were signed, so that vials typed by hand and vials kept for single patients are
    found as well as those chosen from the list.
    """
    given = (
        select(func.coalesce(func.sum(Injection.units), 0))
        .where(Injection.vial_id == Vial.id)
        .correlate(Vial)
        .scalar_subquery()
    )
    same = and_(Vial.product == Lot.product, func.upper(func.trim(Vial.lot_number)) == func.upper(Lot.number))
    query = (
        select(Visit, Patient, Account.full_name, func.sum(given), func.sum(Vial.wasted_units))
        .select_from(Lot)
        .join(Vial, or_(Vial.lot_id == Lot.id, same))
        .join(Visit, Visit.id == Vial.visit_id)
        .join(Patient, Patient.id == Visit.patient_id)
        .join(Account, Account.id == Visit.injector_id)
        .where(Lot.id == lot_id)
        .group_by(Visit.id, Patient.id, Account.id)
        .order_by(Visit.visited_on.desc(), Patient.family_name, Patient.given_name, Visit.id)
    )
    return tuple(
        LotRecipient(
            patient_id=patient.id,
            name=_name(patient.given_name, patient.family_name),
            birth_date=patient.birth_date,
            record_number=patient.record_number,
            phone=patient.phone,
            address=patient.address,
            language=patient.language,
            visit_id=visit.id,
            visited_on=visit.visited_on,
            injector=injector,
            units=units,
            wasted=wasted,
            died_on=patient.died_on if patient.status is PatientStatus.DIED else None,
            moved_away=patient.status is PatientStatus.MOVED_AWAY,
        )
        for visit, patient, injector, units, wasted in session.execute(query)
    )


def lot_details(session: Session, lot_id: int) -> LotDetails:
    """One lot, its ledger and everybody who got it. Raises NotFound."""
    rows = lot_rows(session, Lot.id == lot_id)
    if not rows:
        raise NotFound("lot_not_found")
    return LotDetails(rows[0], ledger(session, lot_id), recipients(session, lot_id))


def _name(given: str | None, family: str | None) -> str:
    return f"{given or ''} {family or ''}".strip()
