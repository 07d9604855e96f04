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

_WHO = ("record_number", "family_name", "given_name", "birth_date", "sex", "died_on")
_CONTACT = ("phone", "email", "address", "emergency_contact", "language", "referring_doctor")
"""The fields of a patient that a bundle tells, as those of a table of patients are called."""
_LISTS = ("Diagnoses", "Allergies", "Conditions", "Medicines", "Toxin elsewhere")
"""What no table of patients has; its own name is that of its field."""
_TITLES = {name: field_of(ImportKind.PATIENTS, name).title for name in (*_WHO, *_CONTACT)}
_FIELDS = {"Entry": "", **{_TITLES[name]: name for name in _WHO}, **{name: name for name in _LISTS}} | {
    _TITLES[name]: name for name in _CONTACT
}
"""The field that each column shows, in their order."""


def table_of(name: str, bundle: ReadBundle, reference: Reference) -> TableFile:
    """The table, in the order of the bundle; columns of which it tells nothing are left out."""
    rows = [TableRow(patient.number, _cells(patient, reference)) for patient in bundle.patients]
    rows += [TableRow(each.number, (each.kind, *[""] * (len(_FIELDS) - 1))) for each in left_out(bundle)]
    told = [place for place in range(len(_FIELDS)) if any(row.cells[place] for row in rows)]
    header = tuple(_FIELDS)
    return TableFile(
        name,
        TableKind.FHIR,
        tuple(header[place] for place in told),
        tuple(
            TableRow(row.number, tuple(row.cells[place] for place in told))
            for row in sorted(rows, key=lambda row: row.number)
        ),
    )


def columns_of(table: TableFile) -> tuple[MatchedColumn, ...]:
    """What each column of such a table shows."""
    return tuple(MatchedColumn(header, _FIELDS[header], ()) for header in table.header)


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
    return (
        "Patient",
        *(_cell(getattr(patient, name)) for name in _WHO),
        "; ".join(diagnosis_text(each, reference) for each in patient.diagnoses),
        *(_lines(patient.entries, kind) for kind in (EntryKind.ALLERGY, EntryKind.CONDITION, EntryKind.MEDICINE)),
        "; ".join(elsewhere_text(each, reference) for each in patient.elsewhere),
        *(_cell(getattr(patient, name)) for name in _CONTACT),
    )


def _cell(value: object) -> str:
    return "" if value in (None, Sex.UNKNOWN) else str(value)


def _lines(entries: Iterable[ReadEntry], kind: EntryKind) -> str:
    of_kind = (each for each in entries if each.kind is kind)
    return "; ".join(each.text if each.until is None else f"{each.text} (until {each.until})" for each in of_kind)
