"""The words of the stock: products, vials, holds and movements as a person says them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import THIN_SPACE
from clinic_app.services.stock_data import LedgerLine, LotRow, PlannedPatient, VialChoice
from clinic_app.terms import LabelRegion, LotHold, StockKind
from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.naming import brand_of, product_text
from clinic_app.ui.stock.expiry import expiry_of
from clinic_app.ui.tokens import Level
from clinic_app.ui.workplace import Workplace

HOLDS = {LotHold.QUARANTINED: "Quarantined", LotHold.RECALLED: "Recalled"}
HOLD_LEVELS = {LotHold.QUARANTINED: Level.WARN, LotHold.RECALLED: Level.STOP}
KINDS = {
    StockKind.RECEIVED: "Received",
    StockKind.OPENED: "Opened",
    StockKind.DRAWN: "Drawn",
    StockKind.WASTED: "Wasted",
    StockKind.RETURNED: "Returned",
    StockKind.EXPIRED: "Expired",
    StockKind.DISCARDED: "Discarded",
    StockKind.CORRECTED: "Count corrected",
    StockKind.QUARANTINED: "Quarantined",
    StockKind.RECALLED: "Recalled",
    StockKind.RELEASED: "Released",
}


@dataclass(frozen=True, slots=True)
class Products:
    """What products are called where the clinic is."""

    reference: Reference
    region: LabelRegion

    @classmethod
    def of(cls, workplace: Workplace) -> "Products":
        """Those of the clinic's reference and label region."""
        return cls(workplace.services.reference, workplace.services.clinic.label_region)

    def brand(self, product: str) -> str:
        """The short name: "Botox"."""
        return brand_of(self.reference, product, self.region)

    def both(self, product: str) -> str:
        """Brand and generic name: "Botox · onabotulinumtoxinA"."""
        return product_text(self.reference, product, self.region)

    def generic(self, product: str) -> str:
        """The generic name, or "" where the short name says it already."""
        known = self.reference.products.get(product)
        return known.generic_name if known is not None and known.generic_name != self.brand(product) else ""

    def vial(self, product: str, size_units: Decimal) -> str:
        """A package: "Botox 100 U"."""
        return f"{self.brand(product)} {units_text(size_units)}"

    def lot(self, row: LotRow) -> str:
        """A lot in a sentence: "Botox 100 U, lot C1234"."""
        return f"{self.vial(row.product, row.size_units)}, lot {row.number}"


def line_text(line: LedgerLine) -> str:
    """What a line of the ledger says was done. A correction that moves no vials is of units or of the expiry."""
    if line.kind is StockKind.CORRECTED and not line.vials:
        return "Expiry corrected" if line.units is None else "Units corrected"
    return KINDS[line.kind]


def hold_text(hold: LotHold, reason: str) -> str:
    """Why a lot is held: "Recalled: the maker's notice of 3 May"."""
    return f"{HOLDS[hold]}: {reason}" if reason else HOLDS[hold]


def units_text(units: Decimal) -> str:
    """Units of a product: "2.5 U"."""
    return f"{number_text(units)}{THIN_SPACE}U"


def vials_text(count: int) -> str:
    """A number of vials: "1 vial", "8 vials"."""
    return "1 vial" if count == 1 else f"{count} vials"


def whole_vials(typed: Decimal | None) -> int | None:
    """The number of vials that a button may name; None for what is no such number."""
    if typed is None or typed != typed.to_integral_value() or not 0 < typed < 10_000:
        return None
    return int(typed)


def change_text(number: int | Decimal) -> str:
    """A change with its sign: "+10", "−1"."""
    return f"+{number_text(number)}" if number > 0 else number_text(number)


def moment_text(at: datetime, time_zone: str) -> str:
    """A moment on the clinic's wall: "4 Aug 2026, 09:12"."""
    wall = on_the_wall(at, time_zone)
    return f"{date_text(wall.date())}, {time_text(wall)}"


def on_the_wall(at: datetime, time_zone: str) -> datetime:
    """A moment as the clinic's clock shows it, without a zone."""
    return at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None) if at.tzinfo is not None else at


def lot_spoken(row: LotRow, products: Products, today: date) -> str:
    """A lot for those who listen, and for the tooltip."""
    parts = [
        products.both(row.product),
        f"{units_text(row.size_units)}, lot {row.number}",
        expiry_of(row.expires_on, today).words,
        f"{vials_text(row.vials_left)} left" if row.vials_left else "used up",
    ]
    if row.patient_name:
        parts.append(f"supplied for {row.patient_name}")
    if row.hold is not None:
        parts.append(hold_text(row.hold, row.hold_reason))
    return ", ".join(parts)


def choice_text(choice: VialChoice) -> str:
    """Vials to take from one lot: "2 × 100 U, C1234"."""
    return f"{choice.vials} × {units_text(choice.size_units)}, {choice.number}"


def authorization_text(patient: PlannedPatient) -> str:
    """What is wrong with the payer's authorization, or ""."""
    if patient.authorization_note:
        return patient.authorization_note
    if patient.authorization_lapses_on is not None:
        return f"authorization ends {date_text(patient.authorization_lapses_on)}"
    return ""


def remarks(patient: PlannedPatient) -> str:
    """What somebody must look at before the patient comes, the weightiest first."""
    found = []
    if patient.short > 0:
        found.append(f"{units_text(patient.short)} short")
    if patient.units is None:
        found.append("no pattern yet")
    if told := authorization_text(patient):
        found.append(told)
    text = " · ".join(found)
    return text[:1].upper() + text[1:]


def remark_level(patient: PlannedPatient) -> Level | None:
    """How loudly the remarks speak."""
    if patient.short > 0:
        return Level.STOP
    if authorization_text(patient):
        return Level.WARN
    return Level.INFO if patient.units is None else None
