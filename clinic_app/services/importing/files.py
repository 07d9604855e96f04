"""A file that somebody wants to bring in, and the file of what could not come."""

import hashlib
from dataclasses import dataclass

from clinic_app.exchange.csv_text import csv_text
from clinic_app.exchange.table_file import TableFile, read_table
from clinic_app.services.importing.preview import Preview, Verdict

_REASON = "Reason"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The table of a file; ``digest`` is the SHA-256 of its bytes."""

    table: TableFile
    digest: str


def read_file(name: str, data: bytes, *, sheet: str = "", encoding: str = "", separator: str = "") -> ImportFile:
    """Read CSV or XLSX. Raises ClinicError for a file that holds no table."""
    table = read_table(name, data, sheet=sheet, encoding=encoding, separator=separator)
    return ImportFile(table, hashlib.sha256(data).hexdigest())


def rejected_csv(file: ImportFile, preview: Preview) -> str:
    """The rows that do not come in, as they stand in the file, with the reason in a last column."""
    cells = {row.number: row.cells for row in file.table.rows}
    last = _REASON
    while last in file.table.header:
        last += " "
    rows = ((*cells[verdict.number], why(verdict)) for verdict in preview.left_out)
    return csv_text((*file.table.header, last), rows)


def why(verdict: Verdict) -> str:
    """Every reason and warning of a row in one text."""
    return " ".join(str(reason) for reason in (*verdict.warnings, *verdict.reasons))
