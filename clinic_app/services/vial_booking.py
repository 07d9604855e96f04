"""The ledger's side of a signature: each vial of the visit leaves its lot, and its units are accounted for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Clinic, Lot, Override, Patient, StockMovement, Vial
from clinic_app.models.base import table_of
from clinic_app.models.database import RowChange
from clinic_app.services.access import Actor
from clinic_app.services.clock import local_now
from clinic_app.services.lots import LEFT, folded
from clinic_app.services.signing import Signed
from clinic_app.terms import LotHold, StockKind

#: The check whose written reason lets a vial that is kept for one patient be used for another.
ASSIGNED = "vial.assigned"
AT_THE_VISIT = "recorded at the visit"

# Built once: to put a question together takes several times as long as to ask it.
_LEDGER = table_of(StockMovement)
_SHELF = table_of(Lot)
_MOVE = insert(_LEDGER).inline()
_RECEIVE = insert(_SHELF).returning(Lot.id)
_NUMBERS = (
    select(StockMovement.id)
    .where(StockMovement.vial_id.in_(bindparam("vials", expanding=True)))
    .order_by(StockMovement.id)
)
_LOTS = (
    select(_SHELF, LEFT.label("left"))
    .where(
        or_(
            Lot.id.in_(bindparam("chosen", expanding=True)),
            and_(
                Lot.product.in_(bindparam("products", expanding=True)),
                func.upper(Lot.number).in_(bindparam("numbers", expanding=True)),
            ),
        )
    )
    .order_by(Lot.id)
)
"""The lots that were chosen, and every row of a manufacturer's lot whose number was typed."""


def book_vials(session: Session, visit: Signed, actor: Actor, at: datetime) -> Sequence[RowChange]:
    """Book each vial of a visit: opened with its contents, drawn what was given, wasted what was thrown away.

    A vial whose lot is not on the shelf is received at the same moment, so that a recall of the lot finds the patient.
    Returns what the audit trail has to be told of it.
    Raises ClinicError for a lot that is empty, on hold, kept for another patient, or not the vial's.
    """
    shelf = _Shelf(session, visit)
    ledger = _Ledger(session, visit, actor, at)
    for vial in visit.vials:
        if not vial.size_units:
            continue  # a card of the chart that was never filled in: nothing was opened
        lot = shelf.lot_of(vial)
        if vial.lot_id is None and shelf.left(lot) < 1:
            ledger.note(vial, lot, StockKind.RECEIVED, vials=1, reason=AT_THE_VISIT)
        elif shelf.left(lot) < 1:
            raise ClinicError("lot_empty", number=lot.number)
        else:
            shelf.take(lot)
        ledger.note(vial, lot, StockKind.OPENED, vials=-1, units=vial.size_units)
        drawn = visit.given.get(vial.id, Decimal(0))
        if drawn:
            ledger.note(vial, lot, StockKind.DRAWN, units=-drawn)
        if vial.wasted_units:
            ledger.note(
                vial,
                lot,
                StockKind.WASTED,
                units=-vial.wasted_units,
                reason=vial.waste_reason,
                witness_id=vial.witness_id,
            )
    return (*shelf.changes, *ledger.write())


class _Ledger:
    """The movements of one visit's vials, written together."""

    def __init__(self, session: Session, visit: Signed, actor: Actor, at: datetime) -> None:
        self._session = session
        self._visit = visit
        self._actor = actor
        self._at = at
        self._movements: list[dict[str, Any]] = []

    def note(
        self,
        vial: Vial,
        lot: Lot,
        kind: StockKind,
        *,
        vials: int = 0,
        units: Decimal | None = None,
        reason: str = "",
        witness_id: int | None = None,
    ) -> None:
        """One line."""
        self._movements.append(
            {
                "lot_id": lot.id,
                "kind": kind,
                "vials": vials,
                "at": self._at,
                "account_id": self._actor.account_id,
                "visit_id": self._visit.id,
                "vial_id": vial.id,
                "units": units,
                "witness_id": witness_id,
                "reason": reason,
            }
        )

    def write(self) -> Sequence[RowChange]:
        """Write all of them, in their order."""
        if not self._movements:
            return ()
        connection = self._session.connection()
        connection.execute(_MOVE, self._movements)
        numbers = connection.scalars(_NUMBERS, {"vials": [vial.id for vial in self._visit.vials]}).all()
        return [
            RowChange(_LEDGER, None, {**row, "id": number})
            for row, number in zip(self._movements, numbers, strict=True)
        ]


class _Shelf:
    """The lots that the vials of one visit can come from, with what is left of each as the vials are taken."""

    def __init__(self, session: Session, visit: Signed) -> None:
        self._session = session
        self._visit = visit
        self.changes: list[RowChange] = []
        self._lots: list[Lot] = []
        self._left: dict[int, int] = {}
        if visit.vials:
            asked = {
                "chosen": [vial.lot_id for vial in visit.vials if vial.lot_id is not None],
                "products": [vial.product for vial in visit.vials],
                "numbers": [folded(vial.lot_number) for vial in visit.vials],
            }
            for row in session.connection().execute(_LOTS, asked).mappings():
                columns = dict(row)
                self._left[row["id"]] = int(columns.pop("left"))
                self._lots.append(Lot(**columns))

    def left(self, lot: Lot) -> int:
        """Vials still on the shelf."""
        return self._left.get(lot.id, 0)

    def take(self, lot: Lot) -> None:
        """One vial less."""
        self._left[lot.id] -= 1

    def lot_of(self, vial: Vial) -> Lot:
        """The lot that the vial was chosen from, or the one whose number was typed; made where there is none yet."""
        same = [lot for lot in self._lots if (lot.product, folded(lot.number)) == _key(vial)]
        if vial.lot_id is None:
            lot = self._typed(vial, [lot for lot in same if lot.size_units == vial.size_units])
        else:
            lot = next(each for each in self._lots if each.id == vial.lot_id)  # the foreign key holds it there
            if lot not in same or lot.size_units != vial.size_units:
                raise ClinicError("vial_not_of_lot", number=lot.number)
            if lot.expires_on != vial.expires_on:
                raise ClinicError("lot_other_expiry", number=lot.number)
            self._refuse_kept_for_another(lot)
        self._refuse_held(vial, [lot, *(each for each in same if each.hold is LotHold.RECALLED)])
        return lot

    def _typed(self, vial: Vial, same: list[Lot]) -> Lot:
        """The lot for a vial whose number was typed: the patient's own vials, then everybody's, then a new lot."""
        if any(lot.expires_on != vial.expires_on for lot in same):
            raise ClinicError("lot_other_expiry", number=vial.lot_number)
        mine = sorted(
            (lot for lot in same if lot.patient_id in (None, self._visit.patient_id)),
            key=lambda lot: (self.left(lot) < 1, lot.patient_id is None, lot.id),
        )
        if mine and self.left(mine[0]):
            return mine[0]
        others = [lot for lot in same if lot not in mine and self.left(lot)]
        if others:
            self._refuse_kept_for_another(others[0])
            return others[0]
        return mine[0] if mine else self._new_lot(vial)

    def _new_lot(self, vial: Vial) -> Lot:
        row: dict[str, Any] = {
            "product": vial.product,
            "number": vial.lot_number,
            "size_units": vial.size_units,
            "expires_on": vial.expires_on,
            "patient_id": None,
            "hold": None,
            "hold_reason": "",
            "gtin": vial.gtin,
        }
        row["id"] = self._session.connection().scalar(_RECEIVE, row)
        self.changes.append(RowChange(_SHELF, None, row))
        lot = Lot(**row)
        self._lots.append(lot)
        return lot

    def _refuse_kept_for_another(self, lot: Lot) -> None:
        if lot.patient_id in (None, self._visit.patient_id):
            return
        answered = select(Override.id).where(Override.visit_id == self._visit.id, Override.check == ASSIGNED).limit(1)
        if self._session.scalar(answered) is None:
            patient = self._session.get_one(Patient, lot.patient_id)
            raise lot_of_other_patient(lot, patient)

    def _refuse_held(self, vial: Vial, lots: Iterable[Lot]) -> None:
        for lot in lots:
            if lot.hold is not None and not self._used_before_hold(vial, lot):
                raise held(lot)

    def _used_before_hold(self, vial: Vial, lot: Lot) -> bool:
        """Whether the vial was in use before anybody knew: what was given must be recorded as it was."""
        since = self._session.scalar(
            select(func.max(StockMovement.at)).where(
                StockMovement.lot_id == lot.id,
                StockMovement.kind.in_((StockKind.QUARANTINED, StockKind.RECALLED)),
            )
        )
        if since is None:
            return False
        zone = self._session.scalars(select(Clinic.time_zone)).one()
        held_at = local_now(lambda: since, zone)
        if self._visit.visited_on != held_at.date():
            return self._visit.visited_on < held_at.date()
        return vial.reconstituted_at is not None and vial.reconstituted_at < held_at


def held(lot: Lot) -> ClinicError:
    """The sentence for a vial of a lot on hold."""
    if lot.hold is LotHold.RECALLED:
        return ClinicError("lot_recalled", number=lot.number, reason=lot.hold_reason)
    return ClinicError("lot_quarantined", number=lot.number, reason=lot.hold_reason)


def lot_of_other_patient(lot: Lot, patient: Patient) -> ClinicError:
    """The sentence for a vial that is kept for somebody else."""
    name = f"{patient.given_name} {patient.family_name}".strip()
    return ClinicError("lot_of_other_patient", number=lot.number, patient=name)


def _key(vial: Vial) -> tuple[str, str]:
    return vial.product, folded(vial.lot_number)
