"""What a visit note holds: plain data, without anything that draws."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from clinic_app.atlas.doses import DEFAULT_LIMITS
from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.map_picture import MapPicture
from clinic_app.documents.page import Edition


@dataclass(frozen=True)
class NoteVial:
    """A vial opened in the visit. Moments carry the clinic's wall clock."""

    product: str
    lot: str
    expires_on: date | None = None
    size_units: Decimal | None = None
    diluent: str = ""
    diluent_ml: Decimal | None = None
    units_per_tenth_ml: Decimal | None = None
    reconstituted_at: datetime | None = None
    given_units: Decimal | None = None
    wasted_units: Decimal | None = None
    waste_reason: str = ""
    witness: str = ""
    serial: str = ""


@dataclass(frozen=True)
class NoteInjection:
    """One muscle and side; a draft may not have its units yet.

    ``vial_lot`` is printed when the visit used more than one vial.
    """

    muscle: str
    side: str
    units: Decimal | None
    volume_ml: Decimal | None = None
    points: int = 0
    guidance: tuple[str, ...] = ()
    vial_lot: str = ""
    remark: str = ""


@dataclass(frozen=True)
class NoteTotal:
    """What was given of one product; products are never added up."""

    product: str
    units: Decimal
    volume_ml: Decimal | None = None


@dataclass(frozen=True)
class NoteCheck:
    """A check that spoke: what was done about it ("Overridden", "Acknowledged"), what it said, the reason, by whom."""

    action: str
    said: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class NoteAddendum:
    """A signed correction that stands beside the original; ``digest`` is the SHA-256 of both.

    Those of older releases have neither reason nor digest.
    """

    author: str
    signed_at: datetime
    text: str
    reason: str = ""
    digest: str = ""


@dataclass(frozen=True)
class NoteSignature:
    """Who signed and when; ``digest`` is the SHA-256 of the signed content."""

    name: str
    signed_at: datetime
    digest: str


@dataclass(frozen=True)
class NoteOrigin:
    """The file of before that a visit was brought in from, when and by whom: nobody signed it in this program."""

    file_name: str
    at: datetime
    by: str


@dataclass(frozen=True)
class NoteResponse:
    """What the injections before this visit, of ``injected_on``, did, as it was told today.

    The impressions are steps of the global impression of change in words, ``pain`` is 0 to 10.
    """

    best_percent: int | None = None
    first_day: int | None = None
    wore_off_week: int | None = None
    side_effects: tuple[str, ...] = ()
    side_effects_asked: bool = True
    remark: str = ""
    injected_on: date | None = None
    patient_impression: str = ""
    clinician_impression: str = ""
    pain: int | None = None


@dataclass(frozen=True)
class VisitNote:
    """Everything that the note prints. Without a signature every page says DRAFT.

    With ``brought_in`` the signature is of whoever brought the visit in, and is told as that and nothing more. What
    is None of its vials is then not known.

    ``dose_limits`` are those by which the screen colours the product's doses.
    """

    clinic: Clinic
    patient: PatientIdentity
    visited_on: date
    injector: str
    indication: str
    icd10cm: str = ""
    response: NoteResponse | None = None
    history: str = ""
    assessment: str = ""
    scale_totals: tuple[tuple[str, str], ...] = ()
    consent: str = ""
    vials: tuple[NoteVial, ...] = ()
    injections: tuple[NoteInjection, ...] = ()
    totals: tuple[NoteTotal, ...] = ()
    pictures: tuple[MapPicture, ...] = ()
    dose_limits: tuple[float, ...] = DEFAULT_LIMITS
    checks: tuple[NoteCheck, ...] = ()
    complications: str = ""
    codes: tuple[str, ...] = ()
    plan: str = ""
    next_interval: str = ""
    next_visit: datetime | None = None
    signature: NoteSignature | None = None
    brought_in: NoteOrigin | None = None
    addenda: tuple[NoteAddendum, ...] = ()
    edition: Edition = field(default_factory=Edition)
