"""What the list of lots asks the services for at once. Runs away from the window's thread."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.stock_data import LotRow, ProductSize, ScannedVial
from clinic_app.ui.stock.wording import HOLDS, Products


@dataclass(frozen=True, slots=True)
class ShelvedLot:
    """A lot and everything it may be searched by."""

    row: LotRow
    searched: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The lots in the order they are shown, the packages that exist, and who may witness."""

    lots: tuple[ShelvedLot, ...]
    sizes: tuple[ProductSize, ...]
    witnesses: tuple[tuple[int, str], ...]


def load_shelf(services: Services, actor: Actor, products: Products, *, used_up: bool) -> Shelf:
    """All lots with vials left, or all there ever were."""
    lots = services.stock.lots(actor, all=used_up)
    colleagues = services.clinics.accounts(actor)
    return Shelf(
        lots=shelved(lots, products),
        sizes=services.stock.sizes(actor),
        witnesses=tuple((a.id, a.full_name) for a in colleagues if a.active and a.id != actor.account_id),
    )


def shelved(lots: tuple[LotRow, ...], products: Products) -> tuple[ShelvedLot, ...]:
    """The lots by their expiry, earliest first; those without a vial left come after all others."""
    return tuple(ShelvedLot(row, searchable(_words(row, products))) for row in sorted(lots, key=_order))


def searchable(text: str) -> str:
    """Without regard to case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _order(row: LotRow) -> tuple[bool, date, str, str, int]:
    return row.vials_left < 1, row.expires_on, row.product, row.number, row.lot_id


def _words(row: LotRow, products: Products) -> str:
    held = "" if row.hold is None else HOLDS[row.hold]
    return f"{products.brand(row.product)} {row.product} {row.size_units} {row.number} {row.patient_name} {held}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan says, and the lot in stock that it means, or None."""

    vial: ScannedVial
    row: LotRow | None


def find_scanned(services: Services, actor: Actor, text: str) -> Found:
    """Read a code and look for its lot, also among those that are used up. Raises ClinicError for no code."""
    vial = services.stock.scan(actor, text)
    same = services.stock.lots(actor, number=vial.lot, product=vial.product, all=True) if vial.lot else ()
    meant = [row for row in same if vial.size_units in (None, row.size_units)]
    return Found(vial, min(meant, key=_order, default=None))
