"""What the patient views show and send back: plain data, frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic_app.partial_dates import PartialDate
from clinic_app.terms import Cause, EntryKind, PatientStatus, Sex, Side


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One line of the result list. ``alike`` says that what was typed fits only with a letter more, less or other."""

    id: int
    record_number: str
    family_name: str
    given_name: str
    birth_date: date
    status: PatientStatus
    alike: bool = False

    @property
    def name(self) -> str:
        """As a clinic says it: given name first."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated line of the record.

    ``code`` is an id of the reference (a class of medicine, a condition that matters), the kind of test, therapy or
    operation of ``terms``, or empty; ``detail`` the reaction, the dose or the result. A test has its day in ``since``;
    a medicine without ``until`` is still taken.
    """

    kind: EntryKind
    text: str
    code: str = ""
    detail: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is still true on a day, or may be, as exactly as its end is known."""
        return self.until is None or self.until.latest >= day


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
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HistoryForm:
    """How the dystonia began and what it is.

    ``region_first`` and the tuples hold ids of ``terms`` or the person's own words. ``cause`` says which one,
    ``task_specific`` which task, ``family`` who; None for the two questions means that nobody asked.
    """

    indication: str = ""
    icd10cm: str = ""
    onset: PartialDate | None = None
    region_first: str = ""
    distribution: str = ""
    cause_group: Cause | None = None
    cause: str = ""
    is_task_specific: bool | None = None
    task_specific: str = ""
    better_with: tuple[str, ...] = ()
    worse_with: tuple[str, ...] = ()
    pain: int | None = None
    daily_tasks: tuple[str, ...] = ()
    complications: tuple[str, ...] = ()
    runs_in_family: bool | None = None
    family: str = ""


@dataclass(frozen=True, slots=True)
class DiagnosisForm:
    """A further diagnosis beside the one of the history."""

    indication: str = ""
    icd10cm: str = ""
    since: PartialDate | None = None


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
    pregnancy_asked_on: date | None = None
    note: str = ""
    usual_interval_weeks: int | None = None
    entries: tuple[Entry, ...] = ()
    history: HistoryForm = HistoryForm()
    diagnoses: tuple[DiagnosisForm, ...] = ()
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
    """Who this is, on every view of the patient. ``days_since_last`` counts toxin given elsewhere too.

    Where ``opens`` is False the record is restricted, and nothing of it is told.
    """

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
    opens: bool = True
