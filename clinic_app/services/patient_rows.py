"""From the patient's form to the rows of the database and back."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, object_session

from clinic_app.models import (
    Authorization,
    Diagnosis,
    DystoniaHistory,
    Patient,
    PatientComponent,
    PatientEntry,
    ToxinElsewhere,
)
from clinic_app.models.search_word import search_text
from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import (
    AuthorizationForm,
    Component,
    DiagnosisForm,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import EntryKind

Row = TypeVar("Row")

_CONTACT_FIELDS = (
    "record_number",
    "family_name",
    "given_name",
    "birth_date",
    "sex",
    "phone",
    "email",
    "address",
    "emergency_contact",
    "language",
    "preferred_contact",
    "referring_doctor",
    "payer",
    "status",
    "died_on",
    "note",
    "usual_interval_weeks",
)
_CLINICAL_FIELDS = ("weight_kg", "weighed_on", "pregnant", "breastfeeding", "pregnancy_asked_on")


def fill(patient: Patient, form: PatientForm, *, clinical: bool) -> None:
    """Write the form into the record; without ``clinical`` the clinical part stays as it is."""
    for name in _CONTACT_FIELDS:
        setattr(patient, name, getattr(form, name))
    patient.search_text = search_text(form.family_name, form.given_name, form.record_number)
    if not clinical:
        return
    for name in _CLINICAL_FIELDS:
        setattr(patient, name, getattr(form, name))
    _replace_list(patient.entries, (PatientEntry(**_fields(entry)) for entry in form.entries))
    for position, row in enumerate(patient.entries):
        row.position = position
    _replace_list(patient.diagnoses, (Diagnosis(**_fields(diagnosis)) for diagnosis in form.diagnoses))
    _replace_list(patient.components, (PatientComponent(**_fields(component)) for component in form.components))
    _replace_list(patient.authorizations, (Authorization(**_fields(each)) for each in form.authorizations))
    _replace_list(patient.toxin_elsewhere, (ToxinElsewhere(**_fields(given)) for given in form.toxin_elsewhere))
    if patient.history is None:
        patient.history = DystoniaHistory()
    for name, value in _fields(form.history).items():
        setattr(patient.history, name, value)


def form_of(patient: Patient, *, clinical: bool) -> PatientForm:
    """The record as a form. Without ``clinical`` only what the banner shows to everybody of the clinical part."""
    basics = PatientForm(**{name: getattr(patient, name) for name in _CONTACT_FIELDS})
    entries = tuple(entry for entry in entries_of(patient) if clinical or entry.kind is EntryKind.ALLERGY)
    if not clinical:
        return replace(basics, entries=entries)
    return replace(
        basics,
        **{name: getattr(patient, name) for name in _CLINICAL_FIELDS},
        entries=entries,
        history=_history(patient.history),
        diagnoses=tuple(DiagnosisForm(d.indication, d.icd10cm, _when(d.since)) for d in patient.diagnoses),
        components=tuple(Component(c.component, c.side) for c in patient.components),
        authorizations=tuple(
            AuthorizationForm(a.number, a.product, a.units, a.visits, a.first_day, a.last_day)
            for a in patient.authorizations
        ),
        toxin_elsewhere=tuple(
            ElsewhereForm(e.given_on, e.product, e.units, e.place, e.reason) for e in patient.toxin_elsewhere
        ),
    )


def entry_row(entry: Entry, position: int, patient_id: int) -> PatientEntry:
    """A dated line as it stands in the database."""
    return PatientEntry(patient_id=patient_id, position=position, **_fields(entry))


def diagnosis_row(diagnosis: DiagnosisForm, patient_id: int) -> Diagnosis:
    """A further diagnosis as it stands in the database."""
    return Diagnosis(patient_id=patient_id, **_fields(diagnosis))


def elsewhere_row(given: ElsewhereForm, patient_id: int) -> ToxinElsewhere:
    """Toxin given elsewhere as it stands in the database."""
    return ToxinElsewhere(patient_id=patient_id, **_fields(given))


def entries_of(patient: Patient) -> tuple[Entry, ...]:
    """Every dated line of the record, in the order in which they were put."""
    return tuple(_entry(row) for row in patient.entries)


_ENTRIES = (
    select(
        PatientEntry.kind,
        PatientEntry.text,
        PatientEntry.code,
        PatientEntry.detail,
        PatientEntry.since,
        PatientEntry.until,
    )
    .where(PatientEntry.patient_id == bindparam("patient_id"))
    .order_by(PatientEntry.position)
)


def read_entries(session: Session, patient_id: int) -> tuple[Entry, ...]:
    """The same of a record that is not loaded."""
    rows = session.connection().execute(_ENTRIES, {"patient_id": patient_id})
    return tuple(
        Entry(kind, text, code, detail, _when(since), _when(until)) for kind, text, code, detail, since, until in rows
    )


def cautions(patient: Patient, held: Iterable[Entry]) -> tuple[str, ...]:
    """What the banner warns of: pregnancy, and of the entries that hold now the conditions and classed medicines."""
    held = tuple(held)
    said = [entry.text for entry in held if entry.kind is EntryKind.CONDITION]
    said += [entry.text for entry in held if entry.kind is EntryKind.MEDICINE and entry.code]
    if patient.pregnant:
        said.insert(0, "pregnant")
    if patient.breastfeeding:
        said.insert(0, "breastfeeding")
    return tuple(said)


def _entry(row: PatientEntry) -> Entry:
    return Entry(row.kind, row.text, row.code, row.detail, _when(row.since), _when(row.until))


def _history(history: DystoniaHistory | None) -> HistoryForm:
    if history is None:
        return HistoryForm()
    values = {name: getattr(history, name) for name in _fields(HistoryForm())}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return HistoryForm(**{**values, "onset": _when(history.onset)})


def _when(written: str) -> PartialDate | None:
    return PartialDate.read(written) if written else None


def _fields(plain: object) -> dict[str, object]:
    """The fields as columns hold them: lists for tuples, written dates for partial ones."""
    return {name: _column_value(name, getattr(plain, name)) for name in plain.__slots__}  # type: ignore[attr-defined]  # slotted dataclasses


def _column_value(name: str, value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, PartialDate):
        return str(value)
    # A partial date that is not known is an empty text in the database; a whole day has no such name.
    return "" if value is None and name in ("onset", "since", "until") else value


def _replace_list(current: list[Row], wanted: Iterable[Row]) -> None:
    """Keep the rows that stay and delete the others, so that the audit trail tells what changed and nothing else."""
    before = list(current)
    unchanged = {_identity(row): row for row in before}
    current[:] = [unchanged.pop(_identity(row), row) for row in wanted]
    for row in before:
        session = object_session(row)
        if session is not None and not any(row is kept for kept in current):
            session.delete(row)  # an orphan alone would go without a word in the audit trail


def _identity(row: object) -> tuple[object, ...]:
    columns = type(row).__table__.columns.keys()  # type: ignore[attr-defined]  # every caller passes mapped rows
    return tuple(getattr(row, name) or None for name in columns if name not in ("id", "patient_id", "position"))
