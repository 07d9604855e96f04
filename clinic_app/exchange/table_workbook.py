"""The rows of one sheet of an XLSX workbook, and guards against workbooks that unpack into too much."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from clinic_app.errors import ClinicError
from clinic_app.exchange.table_rows import MOST_CELLS, RawRow
from clinic_app.reference.units import show_number

if TYPE_CHECKING:
    from openpyxl import Workbook

# Its own switch, read when it is first imported: where lxml happens to be installed, openpyxl would read XML with it
# and let a document define entities.
os.environ["OPENPYXL_LXML"] = "False"

MOST_UNPACKED = 500_000_000
"""Bytes of all that a workbook unpacks into."""
_MOST_PARTS = 10_000
_LAST_ROW = 1_048_576  # of any spreadsheet: a larger number is no row that somebody filled
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names of all sheets, hidden ones last, which of them this one is, and its rows."""

    names: tuple[str, ...]
    name: str
    rows: Iterator[RawRow]


def opened(data: bytes, name: str = "") -> Sheet:
    """The sheet of this name, else the first with more than one row, visible ones before hidden ones.

    Cells hold what the program that saved the workbook last showed or computed, never a formula. Raises ClinicError,
    also while the rows are read.
    """
    _require_harmless(data)
    workbook = _workbook(data)
    sheets = sorted(workbook.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    names = tuple(str(sheet.title) for sheet in sheets)
    if name and name not in names:
        raise ClinicError("table_sheet_unknown", field="sheet", sheet=name)
    title_only = False
    for sheet in sheets:
        if name in ("", sheet.title):
            rows = _rows(sheet)
            first = list(islice(rows, 2))
            title_only = title_only or len(first) == 1
            if len(first) > 1:
                return Sheet(names, str(sheet.title), chain(first, rows))
    raise ClinicError("table_only_header" if title_only else "table_empty", field="file")


@contextmanager
def _of_others() -> Iterator[None]:
    """Around code that reads a broken workbook and may raise whatever comes of it."""
    try:
        yield
    except ClinicError:
        raise
    except Exception as error:
        raise ClinicError("table_damaged", field="file") from error


def _require_harmless(data: bytes) -> None:
    """Unpacks every part once, for its checksum and its size. A bomb says a small size or a huge one."""
    unpacked = 0
    with _of_others(), ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise ClinicError("table_unpacks_too_much", field="file")
        for part in parts:
            if part.flag_bits & 1:
                raise ClinicError("table_is_protected", field="file")
            with archive.open(part) as opened_part:
                while chunk := opened_part.read(_CHUNK):
                    unpacked += len(chunk)
                    if unpacked > MOST_UNPACKED:
                        raise ClinicError("table_unpacks_too_much", field="file")


def _workbook(data: bytes) -> "Workbook":
    import warnings

    from openpyxl import DEFUSEDXML, LXML, load_workbook

    assert DEFUSEDXML and not LXML  # otherwise openpyxl expands what a document says of its own entities
    # It tells of what it leaves out: validation, conditional formats, pictures. None of it is a cell.
    warnings.filterwarnings("ignore", module="openpyxl")
    with _of_others():
        return load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any) -> Iterator[RawRow]:
    """The rows with anything in them. What the sheet itself says of its size is often wrong."""
    cells = 0
    for number, row in enumerate(_values(sheet), 1):
        cells += len(row)
        if number > _LAST_ROW or cells > 10 * MOST_CELLS:
            raise ClinicError("table_damaged", field="file")
        if any(value is not None for value in row):
            yield number, [_text(value) for value in row]


def _values(sheet: Any) -> Iterator[Sequence[object]]:
    with _of_others():
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="seconds")
        case timedelta():
            return str(value)
        case float():
            return _number(value)
        case _:
            return str(value)


def _number(value: float) -> str:
    """As spreadsheets show it: at most 15 digits, no exponent, whole numbers without a point."""
    exact = Decimal(f"{value:.15g}")
    return show_number(exact or Decimal(0)) if exact.is_finite() else str(value)
