"""Tables as CSV from which every value comes back exactly as it was.

The cells read as those of ``csv_text``: ISO 8601, points, true and false, and no text that a spreadsheet would run. An
apostrophe stands before such a text, and before one that itself begins with an apostrophe; on the way back one is taken
away. Where a column may hold nothing, an empty cell is nothing, and an apostrophe alone the empty text.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from io import StringIO
from typing import Any, TextIO

from clinic_app.errors import ClinicError
from clinic_app.exchange.csv_text import FORMULA

FILES = "files"
"""The folder beside the tables with the contents of cells that are files."""
_FILE = re.compile(rf"{FILES}/[0-9a-f]{{64}}\.[a-z]+")
_DECIMAL = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,3})?")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_LARGEST = 2**63
"""What no database keeps as a number; with its sign it still does."""
_LONGEST_CELL = 2**31 - 1
"""Characters. The csv module gives up at 131,072 unless it is told otherwise, and a chart may have more."""


class Kind(StrEnum):
    """The types of columns, as the dictionary calls them."""

    TEXT = "text"
    WORD = "word"
    """One of a closed list."""
    JSON = "json"
    INTEGER = "integer"
    DECIMAL = "decimal"
    """Exact, with at most three places; kept as whole thousandths."""
    NUMBER = "number"
    """A floating-point number of 64 bits."""
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    """A day and a time in UTC; kept without a zone."""
    WALL_CLOCK = "wall clock"
    """A day and a time of the clinic's zone, without a zone."""
    FILE = "file"
    """The path of a file, whose name is the SHA-256 of its content."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``words`` are what a WORD can be."""

    name: str
    kind: Kind
    nullable: bool = False
    words: frozenset[str] = frozenset()


def lines(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> str:
    """One line per row; the values stand in the order of the columns, as the database keeps them."""
    writers = [_writer(column) for column in columns]
    return _csv([write(value) for write, value in zip(writers, row, strict=True)] for row in rows)


def header(columns: Sequence[Column]) -> str:
    """The line of names."""
    return _csv([[column.name for column in columns]])


def read_rows(file: TextIO, name: str, columns: Sequence[Column]) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a file, each with the line on which it begins. The file was opened with ``newline=""``.

    Raises ClinicError with file and line for what is no line of this table.
    """
    readers = [_reader(column) for column in columns]
    found = csv.reader(file, strict=True)
    line = 1
    try:
        with _long_cells():
            names = next(found, None)
        if names != [column.name for column in columns]:
            raise ClinicError("tables_header", file=name)
        while True:
            line = found.line_num + 1
            with _long_cells():
                cells = next(found, None)
            if cells is None:
                return
            if len(cells) != len(columns):
                raise ClinicError("tables_cells", file=name, line=line, cells=len(cells), columns=len(columns))
            yield line, [_value(*each, name, line) for each in zip(cells, readers, columns, strict=True)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise ClinicError("tables_line_unreadable", file=name, line=line) from error


def _value(cell: str, read: Callable[[str], Any], column: Column, name: str, line: int) -> Any:
    try:
        return read(cell)
    except (ValueError, KeyError, OverflowError, RecursionError) as error:
        # How a cell looks is said by the dictionary beside it; what stands in it may name a patient.
        raise ClinicError("tables_cell", file=name, line=line, column=column.name, kind=column.kind.value) from error


@contextmanager
def _long_cells() -> Iterator[None]:
    """The module has one limit for everybody, who get theirs back."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _writer(column: Column) -> Callable[[Any], str]:
    write = _WRITERS.get(column.kind, _text)
    if not column.nullable:
        return write
    if write is _text:
        return lambda value: "" if value is None else _text(value) or "'"
    return lambda value: "" if value is None else write(value)


def _reader(column: Column) -> Callable[[str], Any]:
    read = _READERS[column.kind]
    if column.kind is Kind.WORD:
        read = _one_of(column.words)
    if not column.nullable:
        return read
    return lambda cell: None if cell == "" else read(cell)


def _text(value: str) -> str:
    # Spaces and characters of code zero before a formula do not keep a spreadsheet from running it.
    return f"'{value}" if value.startswith("'") or value.lstrip(" \x00").startswith(FORMULA) else value


def _plain(cell: str) -> str:
    return cell.removeprefix("'")


def _decimal(value: int) -> str:
    whole, part = divmod(abs(value), 1000)
    return f"{'-' if value < 0 else ''}{whole}{f'.{part:03}'.rstrip('0') if part else ''}"


def _thousandths(cell: str) -> int:
    if _DECIMAL.fullmatch(cell) is None:
        raise ValueError(cell)
    whole, _, part = cell.removeprefix("-").partition(".")
    value = int(whole) * 1000 + int(part.ljust(3, "0"))
    return _kept(-value if cell.startswith("-") else value)


def _integer(cell: str) -> int:
    if _INTEGER.fullmatch(cell) is None:
        raise ValueError(cell)
    return _kept(int(cell))


def _kept(value: int) -> int:
    if not -_LARGEST <= value < _LARGEST:
        raise OverflowError(value)
    return value


def _moment(value: datetime) -> str:
    return value.replace(tzinfo=UTC).isoformat()


def _utc(cell: str) -> datetime:
    moment = datetime.fromisoformat(cell)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo is not None else _refuse(cell)


def _wall_clock(cell: str) -> datetime:
    read = datetime.fromisoformat(cell)
    return read if read.tzinfo is None else _refuse(cell)


def _time(cell: str) -> time:
    read = time.fromisoformat(cell)
    return read if read.tzinfo is None else _refuse(cell)


def _json(cell: str) -> str:
    text = _plain(cell)
    return text if isinstance(json.loads(text), dict | list) else _refuse(cell)


def _file(cell: str) -> str:
    return cell if _FILE.fullmatch(cell) is not None else _refuse(cell)


def _one_of(words: frozenset[str]) -> Callable[[str], str]:
    return lambda cell: _plain(cell) if _plain(cell) in words else _refuse(cell)


def _refuse(cell: str) -> Any:
    raise ValueError(cell)


_WRITERS: dict[Kind, Callable[[Any], str]] = {
    Kind.INTEGER: str,
    Kind.DECIMAL: _decimal,
    Kind.NUMBER: repr,
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.DATE: date.isoformat,
    Kind.TIME: time.isoformat,
    Kind.MOMENT: _moment,
    Kind.WALL_CLOCK: datetime.isoformat,
}
_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: _plain,
    Kind.WORD: _plain,
    Kind.JSON: _json,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _thousandths,
    Kind.NUMBER: float,
    Kind.BOOLEAN: {"true": True, "false": False}.__getitem__,
    Kind.DATE: date.fromisoformat,
    Kind.TIME: _time,
    Kind.MOMENT: _utc,
    Kind.WALL_CLOCK: _wall_clock,
    Kind.FILE: _file,
}
