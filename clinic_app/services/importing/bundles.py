"""The people of a FHIR bundle: who is new, and what of those on record the record lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from clinic_app.exchange.fhir.read_facts import ReadBundle, ReadPatient
from clinic_app.reference.catalogue import Reference
from clinic_app.services.fhir_import import patient_form
from clinic_app.services.importing.bundle_table import left_out
from clinic_app.services.importing.choices import ImportChoices
from clinic_app.services.importing.considered import Considered
from clinic_app.services.importing.lines_on_record import LinesOnRecord
from clinic_app.services.importing.on_record import KnownPatient, OnRecord
from clinic_app.services.importing.patients import NewPatient, checked_form, judge_people, likely_the_same, verdict
from clinic_app.services.importing.preview import Outcome, Reason, Verdict
from clinic_app.services.importing.whom import same_name
from clinic_app.services.patient_data import DiagnosisForm, ElsewhereForm, Entry, PatientForm
from clinic_app.terms import EntryKind
from clinic_app.typed_text import fold


@dataclass(frozen=True, slots=True)
class NewLines:
    """What a bundle says of a patient on record and the record lacks; the entries go after its ``held`` ones."""

    number: int
    patient_id: int
    entries: tuple[Entry, ...]
    diagnoses: tuple[DiagnosisForm, ...]
    elsewhere: tuple[ElsewhereForm, ...]
    held: int


def judge_bundle(
    bundle: ReadBundle, record: OnRecord, choices: ImportChoices, reference: Reference, today: date
) -> tuple[list[Verdict], list[NewPatient], list[NewLines]]:
    """The verdict on every patient and on every entry that is left out; what would be registered, and added."""
    people = [(_considered(each), patient_form(each)) for each in bundle.patients]
    known = (_known(form, record) for _, form in people)
    joining = _Joining(record, {each.row.id for each in known if each is not None}, reference, today)
    verdicts, patients = judge_people(people, record, choices, today, joining.join)
    verdicts += [
        Verdict(each.number, Outcome.REFUSED, each.kind, (Reason("", str(each.reason), each.reason.code),))
        for each in left_out(bundle)
    ]
    return sorted(verdicts, key=lambda each: each.number), patients, joining.plan


def _considered(patient: ReadPatient) -> Considered:
    row = Considered(patient.number)
    row.reasons += [Reason("", str(each), each.code) for each in patient.refused]
    row.remarks += [Reason("", str(each), each.code) for each in patient.remarks]
    return row


def _known(form: PatientForm, record: OnRecord) -> KnownPatient | None:
    numbered = record.numbered(form.record_number) if form.record_number else None
    return numbered or likely_the_same(form, record)


class _Joining:
    """Adds to people on record what their record lacks; nothing that stands there is changed."""

    def __init__(self, record: OnRecord, known: set[int], reference: Reference, today: date) -> None:
        self.plan: list[NewLines] = []
        self._lines = record.lines_of(known - record.closed)
        self._closed = record.closed
        self._reference = reference
        self._today = today
        self._joined: dict[int, int] = {}

    def join(self, row: Considered, form: PatientForm, known: KnownPatient) -> Verdict:
        """The verdict on a patient of the bundle who is, by number or by decision, this one on record."""
        if form.record_number.casefold() == known.row.record_number.casefold():
            self._compare(row, form, known)
        if known.row.id in self._closed:
            row.refuse("", "record_closed", name=known.row.name)
        if known.row.id in self._joined:
            row.refuse("", "likely_in_file", row=self._joined[known.row.id])
        if not row.refused:
            form = checked_form(row, form, self._today)
        if row.refused:
            return verdict(row, form, Outcome.REFUSED, known)
        self._joined[known.row.id] = row.number
        new = self._lacking(row.number, form, known)
        if not (new.entries or new.diagnoses or new.elsewhere):
            row.refuse("", "nothing_new", name=known.row.name)
            return verdict(row, form, Outcome.DUPLICATE, known)
        self.plan.append(new)
        row.remark("", "is_added", what=self._told(new))
        return verdict(row, form, Outcome.JOINS, known)

    def _compare(self, row: Considered, form: PatientForm, known: KnownPatient) -> None:
        """Numbers of two programs can be the same by chance: name and birth date must fit as well."""
        number = known.row.record_number
        if form.birth_date is not None and form.birth_date != known.row.birth_date:
            row.refuse("", "patient_other_birth_date", number=number, birth_date=known.row.birth_date)
        if not same_name(fold(form.family_name), fold(form.given_name), known):
            row.refuse("", "patient_other_name", number=number)

    def _lacking(self, number: int, form: PatientForm, known: KnownPatient) -> NewLines:
        on_record = self._lines.get(known.row.id, LinesOnRecord())
        history = form.history
        first = (DiagnosisForm(history.indication, history.icd10cm, history.onset),)
        diagnoses = (*(first if history.indication or history.icd10cm else ()), *form.diagnoses)
        return NewLines(
            number,
            known.row.id,
            tuple(dict.fromkeys(each for each in form.entries if not on_record.has_entry(each))),
            tuple(dict.fromkeys(each for each in diagnoses if not on_record.has_diagnosis(each))),
            tuple(dict.fromkeys(each for each in form.toxin_elsewhere if not on_record.has_elsewhere(each))),
            len(on_record.entries),
        )

    def _told(self, new: NewLines) -> str:
        """For example "allergy Penicillin, diagnosis Cervical dystonia"."""
        return ", ".join(
            (
                *(f"{_NAMES[each.kind]} {each.text}" for each in _by_kind(new.entries)),
                *(f"diagnosis {_named(each, self._reference)}" for each in new.diagnoses),
                *(f"toxin elsewhere on {each.given_on.isoformat()}" for each in new.elsewhere),
            )
        )


_NAMES = {EntryKind.ALLERGY: "allergy", EntryKind.CONDITION: "condition", EntryKind.MEDICINE: "medicine"}


def _by_kind(entries: Sequence[Entry]) -> Iterable[Entry]:
    order = list(_NAMES)
    return sorted(entries, key=lambda each: order.index(each.kind))


def _named(diagnosis: DiagnosisForm, reference: Reference) -> str:
    known = reference.indications.get(diagnosis.indication)
    return diagnosis.icd10cm if known is None else known.name
