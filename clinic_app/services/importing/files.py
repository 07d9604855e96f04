"""A file that somebody wants to bring in, and the file of what could not come."""

import hashlib
from dataclasses import dataclass
from datetime import date

from clinic_app.exchange.csv_text import csv_text
from clinic_app.exchange.fhir.read_facts import ReadBundle
from clinic_app.exchange.fhir.reading import read_bundle
from clinic_app.exchange.table_file import TableFile, read_table
from clinic_app.reference.catalogue import Reference
from clinic_app.services.importing.bundle_table import table_of
from clinic_app.services.importing.preview import Preview, Verdict

_REASON = "Reason"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The table of a file; ``digest`` is the SHA-256 of its bytes.

    Of a FHIR ``bundle`` the table is how it is shown: a row for each patient and for each entry that is left out.
    """

    table: TableFile
    digest: str
    bundle: ReadBundle | None = None


def read_file(name: str, data: bytes, *, sheet: str = "", encoding: str = "", separator: str = "") -> ImportFile:
    """Read CSV or XLSX. Raises ClinicError for a file that holds no table."""
    table = read_table(name, data, sheet=sheet, encoding=encoding, separator=separator)
    return ImportFile(table, hashlib.sha256(data).hexdigest())


def read_bundle_file(name: str, data: bytes, reference: Reference, today: date) -> ImportFile:
    """Read a FHIR bundle. Raises ClinicError for a file that is none."""
    bundle = read_bundle(data, reference, today)
    return ImportFile(table_of(name, bundle, reference), hashlib.sha256(data).hexdigest(), bundle)


def is_bundle(name: str, data: bytes) -> bool:
    """Whether a file is read as a FHIR bundle: by its name, or since it begins as JSON does and no table."""
    return (
        name.casefold().endswith((".json", ".ndjson", ".xml")) or data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    )


def rejected_csv(file: ImportFile, preview: Preview) -> str:
    """The rows that do not come in, as they stand in the file, with the reason in a last column."""
    cells = {row.number: row.cells for row in file.table.rows}
    last = _REASON
    while last in file.table.header:
        last += " "
    rows = ((*cells[verdict.number], why(verdict)) for verdict in preview.left_out)
    return csv_text((*file.table.header, last), rows)


def why(verdict: Verdict) -> str:
    """Every reason, warning and remark of a row in one text."""
    return " ".join(str(reason) for reason in (*verdict.warnings, *verdict.reasons, *verdict.remarks))
