"""The rows of a text table, whatever separates its cells, and where a quotation mark never closes."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

from clinic_app.errors import ClinicError
from clinic_app.exchange.table_rows import LONGEST_CELL, RawRow

SEPARATORS = (";", "\t", "|", ",")
"""What usually separates cells; the comma last, since it stands within text and numbers as well."""

_SAID = re.compile(r"\"?sep=([^\r\n])\"?(?:\r\n?|\n)", re.IGNORECASE)  # Excel's own first line
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_LOOKED_AT = 60
"""Rows that are looked at to find the separator."""


def separated(text: str, separator: str = "") -> tuple[str, Iterator[RawRow]]:
    """The separator, the given one or else the one that fits best, and the rows.

    Rows are counted as a spreadsheet counts them: empty ones too, but not the line ``sep=;``, and a row with line
    breaks in quotation marks once. Raises ClinicError, also while the rows are read.
    """
    said = _SAID.match(text)
    before = 0
    if said is not None:
        text, before = text[said.end() :], 1
        separator = separator or said[1]
    separator = separator or _best_separator(text)
    if len(separator) != 1 or separator in '"\r\n ' or separator.isalnum():
        raise ClinicError("table_separator_wrong", field="separator")
    return separator, _rows(text, separator, before)


def _lines(text: str) -> Iterator[str]:
    return (found[0] for found in _LINE.finditer(text))


def _rows(text: str, separator: str, before: int) -> Iterator[RawRow]:
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    number = lines = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refusal(text, separator, lines, before, number) from error
        yield number, row
        lines = reader.line_num


def _refusal(text: str, separator: str, lines: int, before: int, number: int) -> ClinicError:
    """What is wrong with the row that begins after so many lines: the cell that is too long, or the open quote."""
    start = sum(len(line) for line in islice(_lines(text), lines))
    mark = re.escape(separator)
    cell = re.compile(rf'("(?:[^"]++|"")*+"|(?!")[^{mark}\r\n]*+)(?:{mark}|(\r\n?|\n)|\Z)')
    place = start
    while (found := cell.match(text, place)) is not None and len(found[1]) <= LONGEST_CELL:
        place = found.end()
        if found[2] or place == len(text):
            break
    if text[place : place + 1] != '"':
        return ClinicError("table_cell_too_long", field="file", row=number, most=f"{LONGEST_CELL:,}")
    line = lines + before + sum(1 for _ in _lines(text[start : place + 1]))
    return ClinicError("table_quote_open", field="file", line=line)


def _best_separator(text: str) -> str:
    """The one by which the first rows are whole and of one width, and the widest."""
    best, best_fit = ",", (False, 0.0, 0)
    for separator in SEPARATORS:
        rows: list[list[str]] = []
        whole = True
        try:
            rows += (
                row for row in islice(csv.reader(_lines(text), delimiter=separator, strict=True), _LOOKED_AT) if row
            )
        except csv.Error:
            whole = False
        width = len(rows[0]) if rows else 0
        fit = (whole, sum(len(row) == width for row in rows) / len(rows) if rows else 0.0, width)
        if width > 1 and fit > best_fit:
            best, best_fit = separator, fit
    return best
