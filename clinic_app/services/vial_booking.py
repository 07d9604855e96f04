"""The ledger's side of a signature: each vial of the visit leaves its lot, and its units are accounted for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Clinic, Injection, Lot, Override, Patient, StockMovement, Vial, Visit
from clinic_app.services.access import Actor
from clinic_app.services.clock import local_now
from clinic_app.services.lots import folded, same_number, vials_left
from clinic_app.terms import LotHold, StockKind

#: The check whose written reason lets a vial that is kept for one patient be used for another.
ASSIGNED = "vial.assigned"
AT_THE_VISIT = "recorded at the visit"


def book_vials(session: Session, visit: Visit, actor: Actor, at: datetime) -> None:
    """Book each vial of a visit: opened with its contents, drawn what was given, wasted what was thrown away.

    A vial whose lot is not on the shelf is received at the same moment, so that a recall of the lot finds the patient.
    Raises ClinicError for a lot that is empty, on hold, kept for another patient, or not the vial's.
    """
    vials = session.scalars(select(Vial).where(Vial.visit_id == visit.id).order_by(Vial.position)).all()
    given = _given(session, visit)
    shelf = _Shelf(session, visit, vials, actor, at)
    movements = []
    for vial in vials:
        if not vial.size_units:
            continue  # a card of the chart that was never filled in: nothing was opened
        lot = shelf.lot_of(vial)
        if vial.lot_id is None and shelf.left(lot) < 1:
            movements.append(_movement(vial, lot, StockKind.RECEIVED, actor, at, vials=1, reason=AT_THE_VISIT))
        elif shelf.left(lot) < 1:
            raise ClinicError("lot_empty", number=lot.number)
        else:
            shelf.take(lot)
        movements.append(_movement(vial, lot, StockKind.OPENED, actor, at, vials=-1, units=vial.size_units))
        drawn = given.get(vial.id, Decimal(0))
        if drawn:
            movements.append(_movement(vial, lot, StockKind.DRAWN, actor, at, units=-drawn))
        if vial.wasted_units:
            wasted = _movement(vial, lot, StockKind.WASTED, actor, at, units=-vial.wasted_units)
            wasted.reason, wasted.witness_id = vial.waste_reason, vial.witness_id
            movements.append(wasted)
    session.add_all(movements)


class _Shelf:
    """The lots that the vials of one visit can come from, locked, with what is left of each as the vials are taken."""

    def __init__(self, session: Session, visit: Visit, vials: Sequence[Vial], actor: Actor, at: datetime) -> None:
        self._session = session
        self._visit = visit
        self._actor = actor
        self._at = at
        self._lots = _lots_of(session, vials)
        self._left = vials_left(session, [lot.id for lot in self._lots])

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
        lot = Lot(
            product=vial.product,
            number=vial.lot_number,
            size_units=vial.size_units,
            expires_on=vial.expires_on,
            gtin=vial.gtin,
        )
        self._session.add(lot)
        self._session.flush()
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


def _lots_of(session: Session, vials: Sequence[Vial]) -> list[Lot]:
    if not vials:
        return []
    chosen = [vial.lot_id for vial in vials if vial.lot_id is not None]
    typed = {_key(vial): same_number(vial.product, vial.lot_number) for vial in vials}
    query = select(Lot).where(or_(Lot.id.in_(chosen), *typed.values())).order_by(Lot.id)
    return list(session.scalars(query))


def _key(vial: Vial) -> tuple[str, str]:
    return vial.product, folded(vial.lot_number)


def _given(session: Session, visit: Visit) -> dict[int, Decimal]:
    """Units given from each vial."""
    query = (
        select(Injection.vial_id, func.sum(Injection.units))
        .where(Injection.visit_id == visit.id)
        .group_by(Injection.vial_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _movement(
    vial: Vial,
    lot: Lot,
    kind: StockKind,
    actor: Actor,
    at: datetime,
    *,
    vials: int = 0,
    units: Decimal | None = None,
    reason: str = "",
) -> StockMovement:
    return StockMovement(
        lot_id=lot.id,
        kind=kind,
        vials=vials,
        units=units,
        reason=reason,
        at=at,
        account_id=actor.account_id,
        visit_id=vial.visit_id,
        vial_id=vial.id,
    )
