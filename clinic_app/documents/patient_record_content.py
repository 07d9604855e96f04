"""What everything of one patient holds on paper: plain data, without anything that draws."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.page import Edition
from clinic_app.documents.visit_content import NoteAddendum, NoteCheck, NoteOrigin, NoteSignature
from clinic_app.partial_dates import PartialDate
from clinic_app.terms import AppointmentState, EntryKind, PatientStatus, Severity, Sex, Side


@dataclass(frozen=True)
class Named:
    """Something of a closed list: its ``code``, and what it is called where the paper's language has no word for it.

    What somebody typed in its place has no code.
    """

    name: str
    code: str = ""


@dataclass(frozen=True)
class RecordPerson:
    """How to reach the patient, and what else is on the first page of a record."""

    sex: Sex = Sex.UNKNOWN
    address: str = ""
    phone: str = ""
    email: str = ""
    emergency_contact: str = ""
    language: str = ""
    preferred_contact: str = ""
    referring_doctor: str = ""
    payer: str = ""
    status: PatientStatus = PatientStatus.ACTIVE
    died_on: date | None = None
    weight_kg: Decimal | None = None
    weighed_on: date | None = None
    pregnant: bool = False
    breastfeeding: bool = False
    pregnancy_asked_on: date | None = None
    usual_interval_weeks: int | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordEntry:
    """A dated line: an allergy, a medicine and the like. ``of`` is its kind; ``past`` when it holds no more."""

    kind: EntryKind
    text: str
    of: Named | None = None
    detail: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    past: bool = False


@dataclass(frozen=True)
class RecordDiagnosis:
    """A diagnosis; the first of a record is the one that is treated."""

    indication: Named
    icd10cm: str = ""
    since: PartialDate | None = None


@dataclass(frozen=True)
class RecordHistory:
    """How the dystonia began and what it is, in words of closed lists and the person's own; None: nobody asked."""

    region_first: Named | None = None
    distribution: Named | None = None
    cause_group: Named | None = None
    cause: str = ""
    components: tuple[tuple[Named, Side | None], ...] = ()
    is_task_specific: bool | None = None
    task_specific: str = ""
    better_with: tuple[Named, ...] = ()
    worse_with: tuple[Named, ...] = ()
    pain: int | None = None
    daily_tasks: tuple[Named, ...] = ()
    complications: tuple[Named, ...] = ()
    runs_in_family: bool | None = None
    family: str = ""


@dataclass(frozen=True)
class RecordInjection:
    """One muscle and side, and units of the product of its vial; ``treats`` where it is another than the visit's."""

    muscle: str
    side: Side
    units: Decimal
    guidance: tuple[Named, ...] = ()
    treats: Named | None = None
    remark: str = ""


@dataclass(frozen=True)
class RecordVial:
    """What was given from one product and lot. What nobody knows of a visit of before is None."""

    product: str
    lot: str
    expires_on: date | None
    injections: tuple[RecordInjection, ...]


@dataclass(frozen=True)
class RecordResponse:
    """What a visit did. Days and weeks count from it; the impressions are steps of the global impression of change."""

    best_percent: int | None = None
    first_day: int | None = None
    wore_off_week: int | None = None
    patient_impression: Named | None = None
    clinician_impression: Named | None = None
    pain: int | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordVisit:
    """A signed visit, or one of before that was ``brought_in`` and that nobody signed here."""

    visited_on: date
    injector: str
    indication: Named
    signature: NoteSignature
    icd10cm: str = ""
    brought_in: NoteOrigin | None = None
    vials: tuple[RecordVial, ...] = ()
    consent: bool = False
    assessment: str = ""
    complications: str = ""
    plan: str = ""
    interval_weeks: int | None = None
    codes: tuple[str, ...] = ()
    checks: tuple[NoteCheck, ...] = ()
    addenda: tuple[NoteAddendum, ...] = ()
    response: RecordResponse | None = None
    asked_none: bool = False


@dataclass(frozen=True)
class RecordEffect:
    """A side effect and the day of the visit before it. ``muscles`` are those that may have caused it."""

    name: Named
    other: str
    visited_on: date
    severity: Severity
    started_on: date
    ended_on: date | None = None
    muscles: tuple[tuple[str, Side], ...] = ()
    action: str = ""
    serious: bool | None = None
    review: str = ""
    """What a physician noted about it."""


@dataclass(frozen=True)
class RecordScore:
    """A total or subscale."""

    on: date
    scale: str
    value: Decimal


@dataclass(frozen=True)
class RecordWeek:
    """A week of a diary, with its first and last day."""

    week: int
    first: date
    last: date
    benefit_percent: int | None
    pain: int | None
    remark: str


@dataclass(frozen=True)
class RecordDiary:
    """What the patient wrote down after a visit."""

    visited_on: date
    weeks: tuple[RecordWeek, ...]


@dataclass(frozen=True)
class RecordAppointment:
    """An appointment, on the clinic's wall clock."""

    starts_at: datetime
    minutes: int
    kind: str
    injector: str
    state: AppointmentState
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class RecordElsewhere:
    """Toxin that somebody else gave; product and units only if known."""

    given_on: date
    product: str = ""
    units: Decimal | None = None
    place: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RecordAuthorization:
    """What the payer agreed to; ``units`` are of ``product``."""

    number: str
    product: str = ""
    units: Decimal | None = None
    visits: int | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class PatientRecord:
    """Everything on record, the latest first wherever it has a day. ``made_at`` is the clinic's wall clock."""

    clinic: Clinic
    patient: PatientIdentity
    made_at: datetime
    made_by: str
    person: RecordPerson = RecordPerson()
    diagnoses: tuple[RecordDiagnosis, ...] = ()
    history: RecordHistory = RecordHistory()
    entries: tuple[RecordEntry, ...] = ()
    visits: tuple[RecordVisit, ...] = ()
    effects: tuple[RecordEffect, ...] = ()
    scores: tuple[RecordScore, ...] = ()
    diaries: tuple[RecordDiary, ...] = ()
    appointments: tuple[RecordAppointment, ...] = ()
    elsewhere: tuple[RecordElsewhere, ...] = ()
    authorizations: tuple[RecordAuthorization, ...] = ()
    kept_papers: int = 0
    """How many files that went out lie beside the paper."""
    edition: Edition = field(default_factory=Edition)
