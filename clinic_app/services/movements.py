"""The ledger as it is written by hand: counted out, taken back, held and released. Nothing is ever edited."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Account, Lot, StockMovement
from clinic_app.services.access import Actor
from clinic_app.services.lots import get_lot, same_number, vials_left
from clinic_app.services.patients import clean
from clinic_app.terms import LotHold, StockKind
from clinic_app.words import shown

MOST_VIALS = 500
BY_HAND = (StockKind.RETURNED, StockKind.EXPIRED, StockKind.DISCARDED, StockKind.CORRECTED)
_TAKEN_BACK = (StockKind.RECEIVED, *BY_HAND)
_HOLDS = {LotHold.QUARANTINED: StockKind.QUARANTINED, LotHold.RECALLED: StockKind.RECALLED}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger inside one transaction: who writes, and when."""

    session: Session
    actor: Actor
    at: datetime

    def write(self, lot: Lot, kind: StockKind, vials: int, reason: str = "", witness_id: int | None = None) -> int:
        """Add a line and return its id. Raises ClinicError when more vials would go than are left."""
        left = vials_left(self.session, [lot.id]).get(lot.id, 0)
        if left + vials < 0:
            raise ClinicError("lot_too_few", field="vials", number=lot.number, left=left)
        movement = StockMovement(
            lot_id=lot.id,
            kind=kind,
            vials=vials,
            at=self.at,
            account_id=self.actor.account_id,
            reason=reason,
            witness_id=witness_id,
        )
        self.session.add(movement)
        self.session.flush()
        return movement.id

    def count_out(
        self, lot_id: int, kind: StockKind, vials: int, reason: str, witness_id: int | None, today: date
    ) -> int:
        """Vials that were returned, expired or discarded, or the difference of a count; returns the line's id."""
        lot = get_lot(self.session, lot_id)
        if kind is StockKind.EXPIRED and lot.expires_on >= today:
            raise ClinicError("lot_not_expired", field="kind", number=lot.number, expires_on=lot.expires_on)
        if witness_id is not None:
            self._refuse_witness(witness_id)
        return self.write(lot, kind, vials if kind is StockKind.CORRECTED else -vials, reason, witness_id)

    def account_for(self, vial_id: int, reason: str, witness_id: int | None) -> int:
        """Write where the rest of an opened vial went, as waste; returns the line's id.

        Where more was taken than it held, a correction says so. Raises ClinicError when it balances already.
        """
        of_vial = StockMovement.vial_id == vial_id
        lot_id = self.session.scalar(select(StockMovement.lot_id).where(of_vial).limit(1))
        if lot_id is None:
            raise NotFound("vial_not_found")
        lot = get_lot(self.session, lot_id)
        lines = self.session.scalars(select(StockMovement).where(of_vial)).all()
        left = sum((line.units or Decimal(0) for line in lines), Decimal(0))
        if not left:
            raise ClinicError("vial_balances", number=lot.number)
        if witness_id is not None:
            self._refuse_witness(witness_id)
        movement = StockMovement(
            lot_id=lot.id,
            kind=StockKind.WASTED if left > 0 else StockKind.CORRECTED,
            vials=0,
            units=-left,
            at=self.at,
            account_id=self.actor.account_id,
            visit_id=lines[0].visit_id,
            vial_id=vial_id,
            reason=reason,
            witness_id=witness_id,
        )
        self.session.add(movement)
        self.session.flush()
        return movement.id

    def take_back(self, movement_id: int) -> int:
        """Counter the latest line of a lot; returns the new line's id."""
        movement = self.session.get(StockMovement, movement_id)
        if movement is None:
            raise NotFound("movement_not_found")
        if movement.kind not in _TAKEN_BACK or movement.visit_id is not None or not movement.vials:
            raise ClinicError("movement_stays")
        lot = get_lot(self.session, movement.lot_id)
        latest = select(StockMovement.id).where(StockMovement.lot_id == lot.id).order_by(StockMovement.id.desc())
        if self.session.scalar(latest.limit(1)) != movement_id:
            raise ClinicError("movement_not_latest", number=lot.number)
        return self.write(lot, StockKind.CORRECTED, -movement.vials, f"taken back: {movement.kind.value}")

    def hold(self, lot_id: int, hold: LotHold, reason: str) -> None:
        """Put the lot on hold; a recall is the manufacturer's and holds every row of the lot."""
        lot = get_lot(self.session, lot_id)
        if lot.hold in (hold, LotHold.RECALLED):
            raise ClinicError("lot_on_hold_already", number=lot.number)
        for each in self._together(lot) if hold is LotHold.RECALLED else (lot,):
            if each.hold is not hold:
                each.hold, each.hold_reason = hold, reason
                self.write(each, _HOLDS[hold], 0, reason)

    def release(self, lot_id: int, reason: str) -> None:
        """Take the lot off its hold; the end of a recall releases every row that it held."""
        lot = get_lot(self.session, lot_id)
        was = lot.hold
        if was is None:
            raise ClinicError("lot_not_on_hold", number=lot.number)
        for each in self._together(lot) if was is LotHold.RECALLED else (lot,):
            if each.hold is was:
                each.hold, each.hold_reason = None, ""
                self.write(each, StockKind.RELEASED, 0, reason)

    def correct_expiry(self, lot_id: int, expires_on: date, reason: str) -> None:
        """Write down that a lot's expiry was read wrongly; every row of this number and size gets the right one."""
        lot = get_lot(self.session, lot_id)
        for each in self._together(lot):
            if each.size_units == lot.size_units and each.expires_on != expires_on:
                said = f"expiry {shown(each.expires_on)} was wrong, it is {shown(expires_on)}: {reason}"
                each.expires_on = expires_on
                self.write(each, StockKind.CORRECTED, 0, said[:300])

    def _together(self, lot: Lot) -> tuple[Lot, ...]:
        """Every row of the manufacturer's lot."""
        query = select(Lot).where(same_number(lot.product, lot.number)).order_by(Lot.id)
        return tuple(self.session.scalars(query))

    def _refuse_witness(self, witness_id: int) -> None:
        witness = self.session.get(Account, witness_id)
        if witness is None or not witness.active:
            raise ClinicError("witness_unknown", field="witness")
        if witness_id == self.actor.account_id:
            raise ClinicError("witness_is_oneself", field="witness")


def checked_count(kind: StockKind, vials: int) -> None:
    """Raise ClinicError for a count that cannot be written by hand, ValueError for what is not written by hand."""
    if kind not in BY_HAND:
        raise ValueError(f"not recorded by hand: {kind}")
    if vials == 0 or (vials < 0 and kind is not StockKind.CORRECTED):
        raise ClinicError("vials_not_counted", field="vials")
    if abs(vials) > MOST_VIALS:
        raise ClinicError("vials_too_many", field="vials", most=MOST_VIALS)


def checked_reason(typed: str) -> str:
    """The reason without what no paper can show. Raises ClinicError without one."""
    reason = clean(typed)
    if not reason:
        raise ClinicError("stock_reason_missing", field="reason")
    if len(reason) > 300:
        raise ClinicError("text_too_long", field="reason", limit=300)
    return reason
