"""A chart as a form: plain data that grows while a physician types, kept as a draft exactly as typed.

Quantities stand here as they were typed, so that a draft never refuses anything; ``charting.read`` turns them into
numbers or says what is wrong.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from clinic_app.terms import Side


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map: plate and drawn part, patch coordinates (0 to 1), and millimetres on the plate.

    ``units`` as typed for this point alone; empty while the points of the line share its units equally.
    """

    plate: str
    part: str
    u: float
    t: float
    x_mm: float
    y_mm: float
    units: str = ""


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One muscle and side. ``units`` as typed, in units of the vial's product.

    ``carried`` is true for a line copied from the last or a saved pattern until somebody touched or confirmed it;
    ``previous_units`` is what the line had last time, in the same product. ``indication`` where the line treats
    another than the visit's; "" means the visit's.
    """

    key: str
    muscle: str
    side: Side
    units: str = ""
    points: tuple[Point, ...] = ()
    guidance: tuple[str, ...] = ()
    vial: str = ""
    carried: bool = False
    previous_units: Decimal | None = None
    note: str = ""
    indication: str = ""


@dataclass(frozen=True, slots=True)
class ChartVial:
    """A vial opened for the visit. Sizes and waste in units of its product, diluent in mL as typed.

    ``witness_id`` is the account of who saw the waste; ``gtin`` and ``serial`` come from a scan of the package.
    """

    key: str
    product: str
    lot_id: int | None = None
    lot_number: str = ""
    expires_on: date | None = None
    size_units: Decimal | None = None
    diluent: str = ""
    diluent_ml: str = ""
    reconstituted_at: datetime | None = None
    wasted: str = ""
    waste_reason: str = ""
    witness_id: int | None = None
    gtin: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said to a finding: an acknowledged warning, or a stop overridden with a reason.

    ``by`` is that person's full name and ``account_id`` the account, as the services vouch for them (``answers``).
    ``said`` is the sentence that was answered: an answer does not outlive the figure it was given to. Drafts of older
    releases have none of these.
    """

    check: str
    subject: str = ""
    reason: str = ""
    by: str = ""
    account_id: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """A total or subscale, as typed."""

    scale: str
    subscale: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class ChartContent:
    """Everything on the visit form. ``codes`` are None until somebody edits them: then the suggestion counts."""

    visited_on: date
    injector_id: int
    indication: str = ""
    icd10cm: str = ""
    product: str = ""
    assessment: str = ""
    consent: bool = False
    complications: str = ""
    codes: tuple[str, ...] | None = None
    plan: str = ""
    interval_weeks: int | None = None
    vials: tuple[ChartVial, ...] = ()
    lines: tuple[ChartLine, ...] = ()
    scores: tuple[ScaleScore, ...] = ()
    answers: tuple[Answer, ...] = ()
    repeated_from: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as opened; ``version`` goes back with each save."""

    id: int
    version: int
    patient_id: int
    appointment_id: int | None
    saved_at: datetime
    saved_by: str
    content: ChartContent


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A chart in progress on a list. ``saved_by`` kept it last.

    ``injector`` is the physician it waits for, or empty while nobody who signs is chosen; ``mine`` whether it waits
    for the person who asked.
    """

    id: int
    patient_id: int
    patient_name: str
    birth_date: date
    record_number: str
    visited_on: date
    saved_at: datetime
    saved_by: str
    lines: int
    injector: str
    mine: bool


@dataclass(frozen=True, slots=True)
class PatternLine:
    """One line of a signed pattern. ``units`` of ``product``; ``indication`` is what the line treated."""

    muscle: str
    side: Side
    units: Decimal
    product: str
    points: tuple[Point, ...]
    guidance: tuple[str, ...]
    indication: str = ""


@dataclass(frozen=True, slots=True)
class Mixing:
    """How a vial of a product was reconstituted: its size in units of the product, the diluent in mL."""

    product: str
    size_units: Decimal
    diluent_ml: Decimal


@dataclass(frozen=True, slots=True)
class Pattern:
    """The latest signed pattern of an indication, how its vials were mixed, and what was written of it."""

    visit_id: int
    visited_on: date
    indication: str
    products: tuple[str, ...]
    lines: tuple[PatternLine, ...]
    interval_weeks: int | None
    icd10cm: str = ""
    mixings: tuple[Mixing, ...] = ()
    assessment: str = ""


@dataclass(frozen=True, slots=True)
class LotChoice:
    """A lot on the shelf: earliest expiry first, with the vials that are left."""

    lot_id: int
    product: str
    number: str
    size_units: Decimal
    expires_on: date
    vials_left: int
    assigned_to_other: bool = False
    assigned_to_this: bool = False

    @property
    def units_left(self) -> Decimal:
        """Units of the product in the vials that are left."""
        return self.vials_left * self.size_units
