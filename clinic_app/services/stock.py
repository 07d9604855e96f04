"""Vials on the shelf: lots in, vials out, earliest expiry first."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Lot, StockMovement
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.chart_data import LotChoice
from clinic_app.services.clock import Clock
from clinic_app.terms import StockKind


class Stock:
    """The use cases around lots and vials."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def receive(
        self,
        actor: Actor,
        *,
        product: str,
        number: str,
        size_units: Decimal,
        expires_on: date,
        vials: int,
        patient_id: int | None = None,
    ) -> int:
        """Put ``vials`` vials of ``size_units`` units of ``product`` each on the shelf; returns the lot's id."""
        require(actor, Act.STOCK)
        if not number.strip():
            raise ClinicError("lot_number_missing", field="lot_number")
        if vials < 1:
            raise ClinicError("vials_less_than_one", field="vials")
        if size_units <= 0:
            raise ClinicError("units_negative", field="size_units")
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            lot = session.scalar(
                select(Lot).where(
                    Lot.product == product,
                    Lot.number == number.strip(),
                    Lot.size_units == size_units,
                    Lot.patient_id == patient_id,
                )
            )
            if lot is not None and lot.expires_on != expires_on:
                raise ClinicError("lot_other_expiry", field="expires_on", number=lot.number)
            if lot is None:
                lot = Lot(
                    product=product,
                    number=number.strip(),
                    size_units=size_units,
                    expires_on=expires_on,
                    patient_id=patient_id,
                )
                session.add(lot)
            lot.movements.append(
                StockMovement(kind=StockKind.RECEIVED, vials=vials, at=at, account_id=actor.account_id)
            )
            session.flush()
            return lot.id

    def choices(self, actor: Actor, product: str, patient_id: int, on: date) -> tuple[LotChoice, ...]:
        """Lots of the product with vials left that have not expired on that day, earliest expiry first.

        Lots supplied for another patient are not offered.
        """
        require(actor, Act.DRAFT_CHART)
        left = func.coalesce(func.sum(StockMovement.vials), 0)
        query = (
            select(Lot, left)
            .outerjoin(StockMovement)
            .where(Lot.product == product, Lot.expires_on >= on, Lot.hold.is_(None))
            .group_by(Lot.id)
            .having(left > 0)
            .order_by(Lot.expires_on, Lot.number, Lot.id)
        )
        with self._database.reading() as session:
            return tuple(
                LotChoice(
                    lot_id=lot.id,
                    product=lot.product,
                    number=lot.number,
                    size_units=lot.size_units,
                    expires_on=lot.expires_on,
                    vials_left=int(vials),
                    assigned_to_this=lot.patient_id == patient_id,
                )
                for lot, vials in session.execute(query)
                if lot.patient_id in (None, patient_id)
            )

    def vials_left(self, actor: Actor, lot_id: int) -> int:
        """How many vials the ledger says are on the shelf."""
        require(actor, Act.STOCK)
        with self._database.reading() as session:
            return vials_left(session, lot_id)


def vials_left(session: Session, lot_id: int) -> int:
    """The sum of the lot's ledger."""
    if session.get(Lot, lot_id) is None:
        raise NotFound("lot_not_found")
    total = session.scalar(select(func.sum(StockMovement.vials)).where(StockMovement.lot_id == lot_id))
    return int(total or 0)
