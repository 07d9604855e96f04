"""What a bundle is made from: plain facts of one clinic, its people and its patients.

Numbers named ``id`` are those of the record. Remembered dates ("2019", "2019-04", "2019-04-02") are texts, empty where
nobody knows them. Units are always units of the product beside them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from clinic_app.terms import AppointmentState, EntryKind, PatientStatus, Severity, Sex, Side


@dataclass(frozen=True, slots=True)
class ClinicFact:
    """Whose record it is. Every id of a bundle is worked out from ``identity``, which never changes."""

    identity: str
    name: str
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Somebody who works in the clinic, or did."""

    id: int
    full_name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class EntryFact:
    """A line of the record: an allergy, a condition, a medicine, a treatment, an operation or a test."""

    id: int
    kind: EntryKind
    text: str
    code: str = ""
    detail: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class DiagnosisFact:
    """What is treated, or another diagnosis; the one of the history is ``main``."""

    id: int
    main: bool
    indication: str = ""
    icd10cm: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class ElsewhereFact:
    """Toxin that somebody else gave."""

    id: int
    given_on: date
    product: str = ""
    units: Decimal | None = None
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PatientFact:
    """A person, and what stays true between visits."""

    id: int
    record_number: str
    family_name: str
    given_name: str
    birth_date: date
    sex: Sex = Sex.UNKNOWN
    phone: str = ""
    email: str = ""
    address: str = ""
    emergency_contact: str = ""
    language: str = ""
    referring_doctor: str = ""
    status: PatientStatus = PatientStatus.ACTIVE
    died_on: date | None = None
    entries: tuple[EntryFact, ...] = ()
    diagnoses: tuple[DiagnosisFact, ...] = ()
    elsewhere: tuple[ElsewhereFact, ...] = ()


@dataclass(frozen=True, slots=True)
class VialFact:
    """The vial that an injection came from, as far as it is known."""

    product: str
    lot_number: str = ""
    expires_on: date | None = None
    gtin: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class InjectionFact:
    """One muscle and side. ``indication`` where it is another than the visit's."""

    id: int
    muscle: str
    side: Side
    units: Decimal
    vial: VialFact
    guidance: tuple[str, ...] = ()
    note: str = ""
    indication: str = ""


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """A total (``subscale`` empty) or subscale of a rating scale: ``scored`` at the visit, or measured after it.

    ``visit_id`` is None for one that was measured apart from any.
    """

    id: int
    scale: str
    subscale: str
    value: Decimal
    measured_on: date
    visit_id: int | None
    scored: bool


@dataclass(frozen=True, slots=True)
class ResponseFact:
    """What a visit did. Days and weeks count from the injection, the benefit is in percent."""

    recorded_at: datetime
    first_day: int | None = None
    best_percent: int | None = None
    wore_off_week: int | None = None
    patient_impression: int | None = None
    clinician_impression: int | None = None
    pain: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddendumFact:
    """A signed correction."""

    id: int
    by_id: int
    signed_at: datetime
    reason: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class NoteFact:
    """The visit note as it went out; ``content`` is the PDF file."""

    id: int
    at: datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit. One that was ``brought_in`` from an older record was never signed here and has no ``digest``."""

    id: int
    injector_id: int
    visited_on: date
    indication: str
    icd10cm: str
    signed_by_id: int
    signed_at: datetime
    digest: str
    assessment: str = ""
    plan: str = ""
    complications: str = ""
    codes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    """What the checks said and why somebody went on."""
    injections: tuple[InjectionFact, ...] = ()
    addenda: tuple[AddendumFact, ...] = ()
    response: ResponseFact | None = None
    note: NoteFact | None = None
    brought_in: bool = False


@dataclass(frozen=True, slots=True)
class SideEffectFact:
    """A side effect; ``kind`` is empty where it stands in ``other`` words. ``muscles`` may have caused it."""

    id: int
    visit_id: int
    kind: str
    severity: Severity
    started_on: date
    recorded_at: datetime
    recorded_by_id: int
    other: str = ""
    ended_on: date | None = None
    action: str = ""
    serious: bool | None = None
    serious_criteria: tuple[str, ...] = ()
    muscles: tuple[tuple[str, Side], ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentFact:
    """An appointment; ``starts_at`` knows its zone."""

    id: int
    injector_id: int
    starts_at: datetime
    minutes: int
    state: AppointmentState
    type_name: str
    reason: str = ""
    note: str = ""

    @property
    def ends_at(self) -> datetime:
        """By the time that passes, also in a night when the clocks change."""
        return (self.starts_at.astimezone(UTC) + timedelta(minutes=self.minutes)).astimezone(self.starts_at.tzinfo)


@dataclass(frozen=True, slots=True)
class RecordFact:
    """Everything of one patient that a bundle tells."""

    patient: PatientFact
    visits: tuple[VisitFact, ...] = ()
    scores: tuple[ScoreFact, ...] = ()
    side_effects: tuple[SideEffectFact, ...] = ()
    appointments: tuple[AppointmentFact, ...] = ()
