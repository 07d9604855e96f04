"""Rows put into a table as the driver takes them, without the waits of one record at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table

from clinic_app.models.base import Base


class BulkInsert:
    """Inserts into an open transaction of the driver's connection."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def fill(self, record: type[Base], columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        """Insert rows; the other columns have what the record gives them by itself."""
        table = record.__table__
        assert isinstance(table, Table)
        given = {column.name: "?" for column in table.columns if column.name in columns}
        for column in table.columns:
            if column.name not in columns and column.default is not None:
                given[column.name] = _literal(getattr(column.default, "arg", None))
        names = [*columns, *(name for name in given if name not in columns)]
        values = ", ".join(given[name] for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        self.driver.executemany(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({values})', rows)

    def drop_indexes(self) -> list[str]:
        """Take every index away; returns what makes them again, which is quicker when all rows are there."""
        found = self.driver.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        indexes = found.fetchall()
        for name, _ in indexes:
            self.driver.execute(f'DROP INDEX "{name}"')
        return [sql for _, sql in indexes]


def _literal(value: object) -> str:
    """A default as SQL; the records' own callables make empty lists and objects."""
    if callable(value):
        return "'[]'" if "list" in repr(value) else "'{}'"
    if isinstance(value, bool | int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"
