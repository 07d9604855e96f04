"""What the stock view shows: lots, their ledger, who got them, and what a day needs."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from clinic_app.terms import LotHold, StockKind


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot on the shelf. ``size_units`` are units of ``product`` in each vial, ``vials_left`` whole vials.

    ``patient_name`` is set for vials that a specialty pharmacy supplied for one patient.
    """

    lot_id: int
    product: str
    number: str
    size_units: Decimal
    expires_on: date
    vials_received: int
    vials_left: int
    hold: LotHold | None = None
    hold_reason: str = ""
    patient_id: int | None = None
    patient_name: str = ""

    @property
    def units_left(self) -> Decimal:
        """Units of the product in the vials that are left."""
        return self.vials_left * self.size_units


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One movement, with the vials that the lot had left after it.

    ``units`` of the lot's product follow one opened vial: positive when opened, negative when drawn or wasted.
    """

    at: datetime
    kind: StockKind
    vials: int
    left_after: int
    by: str
    units: Decimal | None = None
    reason: str = ""
    witness: str = ""
    visit_id: int | None = None
    patient_name: str = ""
    movement_id: int = 0


@dataclass(frozen=True, slots=True)
class LotRecipient:
    """A patient and visit that got a vial of the lot. ``units`` of the lot's product were given."""

    patient_id: int
    name: str
    birth_date: date
    record_number: str
    phone: str
    address: str
    language: str
    visit_id: int
    visited_on: date
    injector: str
    units: Decimal
    wasted: Decimal | None
    """None where a visit that was brought in does not tell it."""
    died_on: date | None = None
    moved_away: bool = False


@dataclass(frozen=True, slots=True)
class LotDetails:
    """The chosen lot: its row, its ledger from the first line on, and who got it, the latest first."""

    lot: LotRow
    ledger: tuple[LedgerLine, ...]
    recipients: tuple[LotRecipient, ...]


@dataclass(frozen=True, slots=True)
class ProductSize:
    """A package that exists: units of ``product`` in a vial, and whether it wants a diluent."""

    product: str
    name: str
    size_units: Decimal
    reconstituted: bool


@dataclass(frozen=True, slots=True)
class ScannedVial:
    """What a scan or a typed code says of a package; ``product`` and ``size_units`` once its GTIN is known.

    ``doubtful`` when the scanner left out the sign between lot and serial number, so that both can be read in
    several ways: a person compares the lot with the print.
    """

    gtin: str
    lot: str
    expires_on: date | None
    serial: str = ""
    product: str = ""
    size_units: Decimal | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class VialChoice:
    """Vials to take from one lot; ``assigned`` when they were supplied for the patient."""

    lot_id: int
    number: str
    size_units: Decimal
    expires_on: date
    vials: int
    assigned: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPatient:
    """One appointment of the day with what its planned pattern needs of one product.

    ``units`` are None where no signed pattern says how many. ``spare`` are the units that would be wasted, ``short``
    those that the shelf lacks. ``authorization_lapses_on`` is set where the payer's authorization ends before the
    visit; ``authorization_note`` says so for used-up visits or units. ``from_draft`` when the units stand in a chart
    that was begun for this appointment, and not in the last signed pattern.
    """

    appointment_id: int
    patient_id: int
    name: str
    record_number: str
    starts_at: time
    injector: str
    product: str
    units: Decimal | None
    choices: tuple[VialChoice, ...] = ()
    spare: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    authorization_lapses_on: date | None = None
    authorization_note: str = ""
    birth_date: date | None = None
    from_draft: bool = False


@dataclass(frozen=True, slots=True)
class ProductNeed:
    """All of a day's need of one product. ``short`` is what the shelf lacks, in units of the product."""

    product: str
    units: Decimal
    vials: tuple[VialChoice, ...]
    spare: Decimal
    short: Decimal


@dataclass(frozen=True, slots=True)
class Preparation:
    """What to prepare for a day: patients in the order of their appointments, and the sums per product."""

    day: date
    patients: tuple[PlannedPatient, ...]
    products: tuple[ProductNeed, ...]
