"""Rows of text as a spreadsheet holds them, brought into the shape of a table: one header, rows of its width."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clinic_app.errors import ClinicError
from clinic_app.exchange.csv_text import without_apostrophe
from clinic_app.typed_text import clean

MOST_COLUMNS = 300
MOST_ROWS = 200_000
MOST_CELLS = 10_000_000
"""Filled cells of the whole table: what stays in memory while somebody looks at it."""
LONGEST_CELL = 32_767
"""Characters; what Excel puts into one cell."""

RawRow = tuple[int, Sequence[str]]
"""The number of a row as a person sees it, and what its cells hold."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its ``number`` as a spreadsheet shows it, and as many cells as the header has.

    ``extra`` is how many cells more than the header the row has in the file: its cells may have slipped.
    """

    number: int
    cells: tuple[str, ...]
    extra: int = 0


def shaped(raw: Iterable[RawRow], *, named_only: bool) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
    """The header, which is the first row that is not empty, and the other rows that are not empty.

    A column without a name is called as spreadsheets call it ("Column D") and left out where it is empty. With
    ``named_only`` what stands to the right of the last name is no column but makes its row too long. Raises
    ClinicError for a table that is empty or too large.
    """
    filled = _filled(raw)
    _, names = next(filled, (0, None))
    if names is None:
        raise ClinicError("table_empty", field="file")
    rows: list[tuple[int, list[str]]] = []
    cells = 0
    for row in filled:
        cells += len(row[1])
        if len(rows) == MOST_ROWS or cells > MOST_CELLS:
            raise ClinicError("table_too_many_rows", field="file", most=f"{MOST_ROWS:,}")
        rows.append(row)
    if not rows:
        raise ClinicError("table_only_header", field="file")
    width = len(names) if named_only else max(len(names), *(len(row) for _, row in rows))
    names += [""] * (width - len(names))
    used = [
        place for place, name in enumerate(names) if name or any(len(row) > place and row[place] for _, row in rows)
    ]
    header = _distinct(" ".join(names[place].split()) or f"Column {column_letters(place)}" for place in used)
    return header, tuple(_row(number, row, width, used) for number, row in rows)


def column_letters(place: int) -> str:
    """What spreadsheets call the column at ``place``, counted from 0: A, B, … Z, AA, …"""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _filled(raw: Iterable[RawRow]) -> Iterator[tuple[int, list[str]]]:
    """The rows with anything in them, cleaned and without empty cells at their end."""
    for number, cells in raw:
        row = [without_apostrophe(clean(cell)) if cell else "" for cell in cells]
        while row and not row[-1]:
            row.pop()
        if len(row) > MOST_COLUMNS:
            raise ClinicError("table_too_many_columns", field="file", row=number, most=MOST_COLUMNS)
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise ClinicError("table_cell_too_long", field="file", row=number, most=f"{LONGEST_CELL:,}")
        if row:
            yield number, row


def _row(number: int, row: list[str], width: int, used: list[int]) -> TableRow:
    cells = tuple(row[place] if place < len(row) else "" for place in used)
    return TableRow(number, cells, max(0, len(row) - width))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, a later one that is there already with a number: Date, Date (2)."""
    names = list(names)
    own = {name.casefold() for name in names}
    taken: set[str] = set()
    distinct = []
    for name in names:
        free, number = name, 1
        # A number that another column bears as its own name is passed over.
        while free.casefold() in taken or (number > 1 and free.casefold() in own):
            number += 1
            free = f"{name} ({number})"
        taken.add(free.casefold())
        distinct.append(free)
    return tuple(distinct)
