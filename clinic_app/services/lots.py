"""Lots as the services read them: what is left of each, their ledger, and who got them."""

from collections.abc import Iterable
from itertools import product as each_of
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, String, and_, bindparam, func, select, text, union
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import NotFound
from clinic_app.models import Account, Injection, Lot, Patient, StockMovement, Vial, Visit
from clinic_app.models.stock import MOVED
from clinic_app.services.stock_data import LedgerLine, LotDetails, LotRecipient, LotRow
from clinic_app.terms import PatientStatus, StockKind

#: Vials of a lot on the shelf: the sum of its ledger.
LEFT = (
    select(func.coalesce(func.sum(StockMovement.vials), 0))
    .where(StockMovement.lot_id == Lot.id, text(MOVED))
    .correlate(Lot)
    .scalar_subquery()
)
_RECEIVED = (
    select(func.coalesce(func.sum(StockMovement.vials), 0))
    .where(StockMovement.lot_id == Lot.id, text(MOVED), StockMovement.kind == StockKind.RECEIVED)
    .correlate(Lot)
    .scalar_subquery()
)
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
_MOST_LETTERS = 8
"""In a lot number of which every spelling is asked for, 256 at most: the index of the signed numbers answers that. Any
other is compared with every vial."""


# Built once: to put these questions together takes longer than the answers.
_LOT: BindParameter[int] = bindparam("lot")
_witness = aliased(Account)
_MOVEMENTS = (
    select(
        StockMovement.at,
        StockMovement.kind,
        StockMovement.vials,
        Account.full_name,
        StockMovement.units,
        StockMovement.reason,
        _witness.full_name,
        StockMovement.visit_id,
        Patient.given_name,
        Patient.family_name,
        StockMovement.id,
    )
    .join(Account, Account.id == StockMovement.account_id)
    .outerjoin(_witness, _witness.id == StockMovement.witness_id)
    .outerjoin(Visit, Visit.id == StockMovement.visit_id)
    .outerjoin(Patient, Patient.id == Visit.patient_id)
    .where(StockMovement.lot_id == _LOT)
    .order_by(StockMovement.id)
)


def _given_of(same_number: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Who got vials of the lot, or of its product that were signed with the ``same_number``."""
    given = (
        select(func.coalesce(func.sum(Injection.units), 0))
        .where(Injection.vial_id == Vial.id)
        .correlate(Vial)
        .scalar_subquery()
    )
    # Two questions, each of which an index answers: asked as one with OR, every vial ever used is read.
    vials = union(
        select(Vial.id).where(Vial.lot_id == _LOT),
        select(Vial.id).where(Vial.product == bindparam("product"), same_number),
    )
    return (
        select(
            Patient.id,
            Patient.given_name,
            Patient.family_name,
            Patient.birth_date,
            Patient.record_number,
            Patient.phone,
            Patient.address,
            Patient.language,
            Patient.status,
            Patient.died_on,
            Visit.id,
            Visit.visited_on,
            Account.full_name,
            func.sum(given),
            func.sum(Vial.wasted_units),
        )
        .select_from(Vial)
        .join(Visit, Visit.id == Vial.visit_id)
        .join(Patient, Patient.id == Visit.patient_id)
        .join(Account, Account.id == Visit.injector_id)
        .where(Vial.id.in_(vials))
        .group_by(Visit.id, Patient.id, Account.id)
        .order_by(Visit.visited_on.desc(), Patient.family_name, Patient.given_name, Visit.id)
    )


_SPELT = _given_of(Vial.lot_number.in_(bindparam("number", expanding=True)))
_COMPARED = _given_of(func.upper(func.trim(Vial.lot_number)) == func.upper(bindparam("number", type_=String)))


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
    lines = []
    left = 0
    rows = session.connection().execute(_MOVEMENTS, {"lot": lot_id}).all()
    for at, kind, vials, by, units, reason, seen_by, visit_id, given, family, number in rows:
        left += vials
        lines.append(
            LedgerLine(
                at=at,
                kind=kind,
                vials=vials,
                left_after=left,
                by=by,
                units=units,
                reason=reason,
                witness=seen_by or "",
                visit_id=visit_id,
                patient_name=_name(given, family),
                movement_id=number,
            )
        )
    return tuple(lines)


def recipients(session: Session, lot: LotRow) -> tuple[LotRecipient, ...]:
    """Every patient and visit that got a vial of the manufacturer's lot, the latest first.

    By product and number as they were signed, so that vials typed by hand and vials kept for single patients are
    found as well as those chosen from the list.
    """
    spellings = _spellings(lot.number)
    query, number = (_SPELT, spellings) if spellings else (_COMPARED, lot.number)
    asked = {"lot": lot.lot_id, "product": lot.product, "number": number}
    return tuple(
        LotRecipient(
            patient_id=row[0],
            name=_name(row[1], row[2]),
            birth_date=row[3],
            record_number=row[4],
            phone=row[5],
            address=row[6],
            language=row[7],
            visit_id=row[10],
            visited_on=row[11],
            injector=row[12],
            units=row[13],
            wasted=row[14],
            died_on=row[9] if row[8] is PatientStatus.DIED else None,
            moved_away=row[8] is PatientStatus.MOVED_AWAY,
        )
        for row in session.connection().execute(query, asked).all()
    )


def lot_details(session: Session, lot_id: int) -> LotDetails:
    """One lot, its ledger and everybody who got it. Raises NotFound."""
    rows = lot_rows(session, Lot.id == lot_id)
    if not rows:
        raise NotFound("lot_not_found")
    return LotDetails(rows[0], ledger(session, lot_id), recipients(session, rows[0]))


def _spellings(number: str) -> list[str]:
    """The number in whatever capitals and small letters; none where they are too many, or only the database knows."""
    letters = sum(letter in ascii_letters for letter in number)
    if not number.isascii() or letters > _MOST_LETTERS:
        return []
    return ["".join(spelling) for spelling in each_of(*(sorted({sign.lower(), sign.upper()}) for sign in number))]


def _name(given: str | None, family: str | None) -> str:
    return f"{given or ''} {family or ''}".strip()
