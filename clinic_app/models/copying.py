"""Copies the rows of a clinic from one store to another, batch by batch, and tells whether they are the same there.

Values are carried as the database keeps them: numbers as whole thousandths, moments without a zone, JSON as its text.
So a row has one canonical form, and a table one digest, whichever engine it lies in. Design: docs/decisions/0019.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Enum,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    cast,
    collate,
    delete,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.types import TypeDecorator, TypeEngine

from clinic_app.errors import StoreProblem
from clinic_app.models.base import Base
from clinic_app.models.commit_mark import CommitMark
from clinic_app.models.report_cells import ReportState, ReportTouch
from clinic_app.models.search_word import NamePart, SearchWord
from clinic_app.models.small_files import ClinicFile

AT_ONCE = 2000
"""Rows of a batch."""
_FILES_AT_ONCE = 20
"""Of a table with files in it, which may be some hundred kilobytes each."""
_STAYS = frozenset({ClinicFile.__tablename__, CommitMark.__tablename__})
"""Tables that are about the store and not about the clinic: a folder has files, a server has saves under way."""
_BY_TRIGGERS = frozenset({SearchWord.__tablename__, NamePart.__tablename__})
"""Tables that fill by themselves in the target."""

Pulse = Callable[[int], object]
"""Hears after each batch how many rows it had; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and the SHA-256 over all of them in the order of their primary key."""

    rows: int
    digest: str


class _JsonText(TypeDecorator[str]):
    """JSON on a server as the text that it is there, not read and written anew."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:
        """As it is written."""
        return cast(bindparam, JSON)

    def column_expression(self, column: Any) -> ColumnElement[Any]:
        """As it is read."""
        return cast(column, Text)


def tables() -> tuple[Table, ...]:
    """All tables with what belongs to the clinic, each behind those that it refers to."""
    return tuple(table for table in Base.metadata.sorted_tables if table.name not in _STAYS | _BY_TRIGGERS)


def count(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}


def copy(source: Connection, target: Connection, table: Table, pulse: Pulse, at_once: int = AT_ONCE) -> None:
    """Copy the rows behind the last one that the target has, each batch in a transaction of its own.

    The target's triggers are off. Raises StoreProblem for a row that the target's engine cannot keep.
    """
    there = untyped(table, target)
    with target.begin():
        last = target.execute(_in_order(there, target, backwards=True).limit(1)).mappings().first()
    for rows in batches(source, table, at_once, last):
        batch = [dict(row) for row in rows]
        try:
            with target.begin():
                target.execute(insert(there), batch)
        except (DataError, IntegrityError) as error:
            raise StoreProblem("move_row_refused", table=table.name, row=_refused(target, there, batch)) from error
        pulse(len(batch))


def content(connection: Connection, table: Table, pulse: Pulse, at_once: int = AT_ONCE) -> Content:
    """What a table holds, the same for the same rows in every engine."""
    digest, number = hashlib.sha256(), 0
    for rows in batches(connection, table, at_once):
        for row in rows:
            digest.update(canonical(tuple(row.values())))
        number += len(rows)
        pulse(len(rows))
    return Content(number, digest.hexdigest())


def canonical(row: Sequence[Any]) -> bytes:
    """A row as bytes that no other row has.

    MessagePack says where each value ends; a zero has no sign, since SQLite keeps none.
    """
    return msgspec.msgpack.encode([value + 0.0 if isinstance(value, float) else value for value in row])


def empty(connection: Connection) -> None:
    """Take away all rows that a move brought; the triggers are off."""
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        names = [*(table.name for table in tables()), *_BY_TRIGGERS]  # to truncate calls no trigger of a row
        connection.exec_driver_sql("TRUNCATE " + ", ".join(map(quote, names)))
        return
    for table in reversed(tables()):
        connection.execute(delete(table))


def go_on_numbering(connection: Connection) -> None:
    """The next number of each table comes behind the largest that there is, and of touches that there ever was."""
    touched = connection.scalar(select(func.max(ReportState.touched_up_to))) or 0
    if connection.dialect.name != "postgresql":
        # SQLite counts by itself, but for the one table that never gives a number twice.
        name = {"name": ReportTouch.__tablename__}
        newest = connection.scalar(select(func.max(ReportTouch.id))) or 0
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = :name", name)
        connection.exec_driver_sql(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)", name | {"seq": max(touched, newest)}
        )
        return
    for table in tables():
        for column in table.primary_key:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence is None:
                continue
            newest = connection.scalar(select(func.max(column))) or 0
            if table.name == ReportTouch.__tablename__:
                newest = max(newest, touched)
            connection.execute(select(func.setval(sequence, max(newest, 1), newest > 0)))


def batches(
    connection: Connection, table: Table, at_once: int, behind: Mapping[Any, Any] | None = None
) -> Iterator[Sequence[Mapping[Any, Any]]]:
    """The rows in the order of their primary key, from the one behind a row on."""
    plain = untyped(table, connection)
    if any(isinstance(column.type, LargeBinary) for column in plain.columns):
        at_once = min(at_once, _FILES_AT_ONCE)
    key = tuple(plain.primary_key)
    first = _in_order(plain, connection).limit(at_once)
    # Asked again for each batch, and not read from one long answer: a line that drops leaves nothing open.
    while True:
        query = first
        if behind is not None:
            last = tuple_(*(behind[column.name] for column in key), types=[column.type for column in key])
            query = first.where(tuple_(*_key(plain, connection)) > last)
        rows = connection.execute(query).mappings().all()
        if rows:
            yield rows
            behind = rows[-1]
        if len(rows) < at_once:
            return


def _in_order(plain: Table, connection: Connection, *, backwards: bool = False) -> Select[Any]:
    key = _key(plain, connection)
    return select(plain).order_by(*((column.desc() for column in key) if backwards else key))


def _key(plain: Table, connection: Connection) -> list[ColumnElement[Any]]:
    """The primary key, text in the order of its bytes as SQLite has it, whatever the server's language is."""
    if connection.dialect.name != "postgresql":
        return list(plain.primary_key)
    return [collate(column, "C") if isinstance(column.type, String) else column for column in plain.primary_key]


def untyped(table: Table, connection: Connection) -> Table:
    """The same table with the types under those of the program, and JSON as its text."""
    server = connection.dialect.name == "postgresql"
    columns = (
        Column(column.name, _under(column.type, server), primary_key=column.primary_key) for column in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _under(kind: TypeEngine[Any], server: bool) -> TypeEngine[Any]:
    if isinstance(kind, TypeDecorator):
        return kind.impl_instance
    if isinstance(kind, Enum):
        return String()
    if isinstance(kind, JSON):
        return _JsonText() if server else Text()
    return kind


def _refused(target: Connection, there: Table, batch: list[dict[Any, Any]]) -> str:
    """The primary key of the first row that the target does not take."""
    trial = target.begin()
    try:
        for row in batch:
            try:
                with target.begin_nested():
                    target.execute(insert(there), [row])
            except (DataError, IntegrityError):
                return ", ".join(str(row[column.name]) for column in there.primary_key)
    finally:
        trial.rollback()
    return ""
