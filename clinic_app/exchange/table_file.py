"""A spreadsheet that somebody brings: bytes of CSV or XLSX in, a header and rows of text out."""

from dataclasses import dataclass
from enum import StrEnum

from clinic_app.errors import ClinicError
from clinic_app.exchange import table_text, table_workbook
from clinic_app.exchange.table_encoding import ENCODINGS as ENCODINGS
from clinic_app.exchange.table_encoding import decoded
from clinic_app.exchange.table_kinds import is_workbook
from clinic_app.exchange.table_rows import TableRow as TableRow
from clinic_app.exchange.table_rows import shaped
from clinic_app.exchange.table_text import SEPARATORS as SEPARATORS

LARGEST_FILE = 100_000_000
"""Bytes."""


class TableKind(StrEnum):
    """The kinds of file that hold a table, or out of which one is made."""

    CSV = "CSV"
    XLSX = "XLSX"
    FHIR = "FHIR"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table and how it was read.

    ``encoding`` and ``separator`` are those of CSV, ``sheets`` (hidden ones last) and ``sheet`` those of a workbook;
    the others are empty. Each may be handed to ``read_table`` again. No two names of ``header`` are the same.
    """

    name: str
    kind: TableKind
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    encoding: str = ""
    separator: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def read_table(name: str, data: bytes, *, sheet: str = "", encoding: str = "", separator: str = "") -> TableFile:
    """The table in the file ``name``; what is not told of sheet, encoding and separator is found.

    Cells are text: days and moments as ISO 8601, numbers with a point, "true" and "false". Raises ClinicError for
    every file that holds no table, only a part of one, or one that is too large.
    """
    if len(data) > LARGEST_FILE:
        raise ClinicError("table_file_too_large", field="file", most=LARGEST_FILE // 1_000_000)
    if is_workbook(data):
        chosen = table_workbook.opened(data, sheet)
        header, rows = shaped(chosen.rows, named_only=False)
        return TableFile(name, TableKind.XLSX, header, rows, sheets=chosen.names, sheet=chosen.name)
    text, encoding = decoded(data, encoding)
    separator, raw = table_text.separated(text, separator)
    header, rows = shaped(raw, named_only=True)
    return TableFile(name, TableKind.CSV, header, rows, encoding, separator)
