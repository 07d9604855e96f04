"""Which tables of the record leave the program with everything of a clinic, and what their columns are.

What is not told to leave is left out with a reason here. The meanings are in ``resources/words/record_en.toml``.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
)
from sqlalchemy import Column as TableColumn

from clinic_app.exchange.exact_csv import Column, Kind
from clinic_app.models import Base
from clinic_app.models.base import Instant, Thousandths
from clinic_app.resources import resource_path

FORMAT = 1
"""Of the manifest and of how values are written; one more with every change that an older release would misread."""
MANIFEST, DICTIONARY = "manifest.json", "dictionary.csv"
DICTIONARY_HEADER = ("file", "column", "type", "may be missing", "refers to", "unit", "meaning")

NOT_EXPORTED = {
    "clinic_file": "keys, wrapped for the accounts of the store that it is in, and the key of the pseudonyms",
    "commit_mark": "saves of a server that are under way",
    "draft_presence": "who has a draft on the screen at this moment",
    "report_month": "counted from visits, and counted anew",
    "report_touch": "tells which months are to be counted anew",
    "report_state": "tells which months were counted anew",
    "search_word": "made from the names and numbers of the patients",
    "name_part": "made from the names of the patients",
    "treatment_cycle": "computed from visits and patients",
}
"""Tables that stay behind, and why."""
LEFT_OUT: dict[str, dict[str, object]] = {"account": {"pin_verifier": None, "pin_failures": 0}}
"""Columns that stay behind, and what they hold where the table is read again: a PIN could be found from its digest."""

_KINDS: tuple[tuple[type, Kind], ...] = (
    (Thousandths, Kind.DECIMAL),
    (Instant, Kind.MOMENT),
    (Enum, Kind.WORD),
    (JSON, Kind.JSON),
    (LargeBinary, Kind.FILE),
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.NUMBER),
    (Date, Kind.DATE),
    (Time, Kind.TIME),
    (DateTime, Kind.WALL_CLOCK),
    (String, Kind.TEXT),
)
"""The first that fits: a closed list is a text as well."""


def exported_tables() -> tuple[Table, ...]:
    """Every table with what only it tells, each behind those that it refers to."""
    return tuple(table for table in Base.metadata.sorted_tables if table.name not in NOT_EXPORTED)


def file_of(table: Table) -> str:
    """The name of a table's file."""
    return f"{table.name}.csv"


@cache
def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns of a table's file, in the order in which the table has them."""
    return tuple(_column(column) for column in _exported(table))


def dictionary_lines(tables: Iterable[Table] | None = None) -> Iterator[tuple[str, ...]]:
    """What each column of each file holds, of all of them or of some."""
    for table in exported_tables() if tables is None else tables:
        for of_table, column in zip(_exported(table), columns_of(table), strict=True):
            unit, meaning = _meaning(table.name, column.name)
            kind = f"{column.kind}: {', '.join(sorted(column.words))}" if column.words else column.kind
            key = next(iter(of_table.foreign_keys), None)
            refers = "" if key is None else f"{file_of(key.column.table)}, {key.column.name}"
            yield file_of(table), column.name, kind, "yes" if column.nullable else "no", refers, unit, meaning


@cache
def meanings() -> dict[str, dict[str, str | list[str]]]:
    """What the columns mean, by table; those under "every" count for each table that says nothing else."""
    return tomllib.loads(resource_path("words", "record_en.toml").read_text(encoding="utf-8"))


def _exported(table: Table) -> list[TableColumn[object]]:
    return [column for column in table.columns if column.name not in LEFT_OUT.get(table.name, ())]


def _column(column: TableColumn[object]) -> Column:
    kind = next(kind for of, kind in _KINDS if isinstance(column.type, of))
    words = frozenset(column.type.enums) if isinstance(column.type, Enum) else frozenset[str]()
    return Column(column.name, kind, bool(column.nullable), words)


def _meaning(table: str, column: str) -> tuple[str, str]:
    """Unit and meaning. Raises KeyError for a column of which nobody has said what it means."""
    said = meanings().get(table, {}).get(column) or meanings()["every"][column]
    return ("", said) if isinstance(said, str) else (said[0], said[1])
