"""What the patient views show and send back: plain data, frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic_app.terms import EntryKind, PatientStatus, Sex, Side


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One line of the result list."""

    id: int
    record_number: str
    family_name: str
    given_name: str
    birth_date: date
    status: PatientStatus

    @property
    def name(self) -> str:
        """As a clinic says it: given name first."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a plain list; ``code`` is an id of the reference or empty."""

    kind: EntryKind
    text: str
    code: str = ""
    result: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the dystonia with its side."""

    component: str
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationForm:
    """What the payer agreed to; ``units`` are of ``product``."""

    number: str
    product: str = ""
    units: Decimal | None = None
    visits: int | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ElsewhereForm:
    """Toxin given by somebody else; product and units only if known."""

    given_on: date
    product: str = ""
    units: Decimal | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class HistoryForm:
    """How the dystonia began and what it is."""

    indication: str = ""
    icd10cm: str = ""
    onset: date | None = None
    region_first: str = ""
    distribution: str = ""
    cause: str = ""
    task_specific: str = ""
    better_with: str = ""
    worse_with: str = ""
    pain: int | None = None
    daily_tasks: str = ""
    complications: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class PatientForm:
    """Everything that can be typed about a patient."""

    record_number: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    weight_kg: Decimal | None = None
    weighed_on: date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    emergency_contact: str = ""
    language: str = ""
    preferred_contact: str = ""
    referring_doctor: str = ""
    payer: str = ""
    status: PatientStatus = PatientStatus.ACTIVE
    died_on: date | None = None
    pregnant: bool = False
    breastfeeding: bool = False
    note: str = ""
    usual_interval_weeks: int | None = None
    entries: tuple[Entry, ...] = ()
    history: HistoryForm = HistoryForm()
    components: tuple[Component, ...] = ()
    authorizations: tuple[AuthorizationForm, ...] = ()
    toxin_elsewhere: tuple[ElsewhereForm, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """A patient as shown; ``version`` goes back with the save."""

    id: int
    version: int
    form: PatientForm

    @property
    def name(self) -> str:
        """Given name first."""
        return f"{self.form.given_name} {self.form.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Banner:
    """Who this is, on every view of the patient. ``days_since_last`` counts toxin given elsewhere too."""

    id: int
    name: str
    birth_date: date
    age: int
    record_number: str
    allergies: tuple[str, ...]
    cautions: tuple[str, ...]
    last_injected_on: date | None
    days_since_last: int | None
    next_appointment_on: date | None
    clinical: bool = True
