"""A FHIR bundle as a table to look at: what each of its patients says, and every entry that is left out."""

from collections.abc import Iterable

from clinic_app.exchange.fhir.read_facts import (
    LeftOut,
    ReadBundle,
    ReadDiagnosis,
    ReadElsewhere,
    ReadEntry,
    ReadPatient,
)
from clinic_app.exchange.table_file import TableFile, TableKind
from clinic_app.exchange.table_rows import TableRow
from clinic_app.reference.catalogue import Reference
from clinic_app.services.importing.fields import field_of
from clinic_app.services.importing.preview import MatchedColumn
from clinic_app.terms import EntryKind, ImportKind, Sex

_OF_FORM = (
    "record_number", "family_name", "given_name", "birth_date", "sex", "phone", "email", "address",
    "emergency_contact", "language", "referring_doctor", "died_on",
)  # fmt: skip
"""The fields of a patient that a bundle tells, as the columns of a table of patients are called."""
ALLERGIES, CONDITIONS, MEDICINES = "Allergies", "Conditions", "Medicines"
DIAGNOSES, ELSEWHERE, RESOURCE = "Diagnoses", "Toxin elsewhere", "Entry"
_LISTS = (DIAGNOSES, ALLERGIES, CONDITIONS, MEDICINES, ELSEWHERE)
_HEADER = (RESOURCE, *(field_of(ImportKind.PATIENTS, name).title for name in _OF_FORM), *_LISTS)
COLUMNS = tuple(MatchedColumn(header, name, ()) for header, name in zip(_HEADER, ("", *_OF_FORM, *_LISTS), strict=True))
"""The columns, each with the field that it shows; the lists, which no table has, by their own names."""


def table_of(name: str, bundle: ReadBundle, reference: Reference) -> TableFile:
    """The table, in the order of the bundle."""
    people = {patient.number for patient in bundle.patients}
    rows = [TableRow(patient.number, _cells(patient, reference)) for patient in bundle.patients]
    rows += [
        TableRow(each.number, (each.kind, *[""] * (len(_HEADER) - 1)))
        for each in bundle.left_out
        if each.number not in people
    ]
    return TableFile(name, TableKind.FHIR, _HEADER, tuple(sorted(rows, key=lambda row: row.number)))


def left_out(bundle: ReadBundle) -> Iterable[LeftOut]:
    """The entries that are left out and are not themselves patients of the table."""
    people = {patient.number for patient in bundle.patients}
    return (each for each in bundle.left_out if each.number not in people)


def diagnosis_text(diagnosis: ReadDiagnosis, reference: Reference) -> str:
    """The name of what is treated, or its code where the reference does not know it."""
    known = reference.indications.get(diagnosis.indication)
    return " ".join(part for part in (known.name if known else "", diagnosis.icd10cm) if part)


def elsewhere_text(given: ReadElsewhere, reference: Reference) -> str:
    """For example "2024-05-12 onabotulinumtoxinA 120 U"."""
    known = reference.products.get(given.product)
    units = "" if given.units is None else f"{given.units:f} U"
    name = known.generic_name if known else given.product
    return " ".join(part for part in (given.given_on.isoformat(), name, units, given.place) if part)


def _cells(patient: ReadPatient, reference: Reference) -> tuple[str, ...]:
    values = (getattr(patient, name) for name in _OF_FORM)
    return (
        "Patient",
        *("" if value in (None, Sex.UNKNOWN) else str(value) for value in values),
        "; ".join(diagnosis_text(each, reference) for each in patient.diagnoses),
        *(_lines(patient.entries, kind) for kind in (EntryKind.ALLERGY, EntryKind.CONDITION, EntryKind.MEDICINE)),
        "; ".join(elsewhere_text(each, reference) for each in patient.elsewhere),
    )


def _lines(entries: Iterable[ReadEntry], kind: EntryKind) -> str:
    of_kind = (each for each in entries if each.kind is kind)
    return "; ".join(each.text if each.until is None else f"{each.text} (until {each.until})" for each in of_kind)
