"""Tables as text that spreadsheets open: comma-separated, and no cell of which runs as a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

#: What begins a formula in one of the spreadsheets in use.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A line of names and one line per row, as ``csv_lines`` writes them."""
    return csv_lines([header]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """One line per row. Days and moments as ISO 8601, numbers with a point; text never starts a formula."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def without_apostrophe(cell: str) -> str:
    """The text that ``csv_lines`` wrote as ``cell``: what it put before a formula goes again."""
    bare = cell.removeprefix("'")
    return bare if bare.lstrip(" ").startswith(_FORMULA) else cell


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case int():
            return str(value)
        case _:
            words = str(value).replace("\x00", "")
            # An apostrophe makes a spreadsheet show the cell as text; people read past it.
            return f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words
