"""Vials that arrive: what cannot be is refused, and each finds its row of the stock."""

from datetime import date

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Lot
from clinic_app.services.lots import same_number
from clinic_app.services.movements import MOST_VIALS, Ledger
from clinic_app.terms import LotHold, StockKind

LONGEST_SHELF_LIFE = 3653  # days: an expiry more than ten years away is a slip of the pen


def refuse_receipt(number: str, expires_on: date, vials: int, today: date) -> None:
    """Raise ClinicError for the first thing typed that cannot be."""
    if not number:
        raise ClinicError("lot_number_missing", field="lot_number")
    if len(number) > 100:
        raise ClinicError("text_too_long", field="lot_number", limit=100)
    if vials < 1:
        raise ClinicError("vials_less_than_one", field="vials")
    if vials > MOST_VIALS:
        raise ClinicError("vials_too_many", field="vials", most=MOST_VIALS)
    if expires_on < today:
        raise ClinicError("received_expired", field="expires_on", expires_on=expires_on)
    refuse_far_expiry(expires_on, today)


def refuse_far_expiry(expires_on: date, today: date) -> None:
    """Raise ClinicError for an expiry that is a slip of the pen."""
    if (expires_on - today).days > LONGEST_SHELF_LIFE:
        raise ClinicError("expiry_too_far", field="expires_on", expires_on=expires_on)


def put_on_shelf(ledger: Ledger, received: Lot, vials: int) -> int:
    """Add the vials to the row they belong to, a new one if there is none; returns its id.

    Raises ClinicError when the number is in stock with another expiry. A new row of a recalled lot is on hold at once.
    """
    query = select(Lot).where(same_number(received.product, received.number)).order_by(Lot.id)
    rows = list(ledger.session.scalars(query))
    same = [lot for lot in rows if lot.size_units == received.size_units]
    if any(lot.expires_on != received.expires_on for lot in same):
        raise ClinicError("lot_other_expiry", field="expires_on", number=received.number)
    known = next((lot for lot in same if lot.patient_id == received.patient_id), None)
    if known is not None:
        known.gtin = known.gtin or received.gtin
        ledger.write(known, StockKind.RECEIVED, vials)
        return known.id
    ledger.session.add(received)
    ledger.session.flush()
    ledger.write(received, StockKind.RECEIVED, vials)
    recalled = next((lot for lot in rows if lot.hold is LotHold.RECALLED), None)
    if recalled is not None:
        received.hold, received.hold_reason = LotHold.RECALLED, recalled.hold_reason
        ledger.write(received, StockKind.RECALLED, 0, recalled.hold_reason)
    return received.id
