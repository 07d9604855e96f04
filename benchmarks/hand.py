"""Rows by hand-written SQL, on the driver's own connection of an open clinic: what the program is measured against."""

from collections.abc import Sequence
from typing import Any, ClassVar

from psycopg.types.json import Json

from benchmarks.large_clinic import LargeClinic


def rows_by_hand(clinic: LargeClinic, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows as the driver gives them. Values stand as ``?``."""
    with clinic.store.database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if clinic.on_server:
            query = query.replace("%", "%%").replace("?", "%s")
        rows: list[tuple[Any, ...]] = driver.execute(query, tuple(values)).fetchall()
        return rows


class SameRows:
    """The rows that a piece of work wrote, inserted again as they are, in one durable transaction that asks nothing.

    New numbers lie far behind those that the program gives. A visit is inserted unsealed: its seal would refuse the
    rows that belong to it.
    """

    _FAR = 10_000_000
    _TABLES = (
        "visit", "vial", "injection", "injection_point", "override", "stock_movement", "appointment",
        "appointment_device", "appointment_event", "report_touch", "audit_entry",
    )  # fmt: skip
    _REFERS: ClassVar = {
        "visit_id": "visit",
        "vial_id": "vial",
        "injection_id": "injection",
        "appointment_id": "appointment",
    }

    def __init__(self, clinic: LargeClinic) -> None:
        self._clinic = clinic
        self._before = {table: self._last(table) for table in self._TABLES}
        self._rows: dict[str, tuple[str, list[tuple[Any, ...]]]] = {}
        self._names: dict[str, list[str]] = {}
        self._often = 0

    def remember(self) -> None:
        """The rows of the work that was just done."""
        for table in self._TABLES:
            query = f'SELECT * FROM "{table}" WHERE {_key(table)} > {self._before[table]}'
            with self._clinic.store.database.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                cursor = driver.execute(query)
                self._names[table] = [column[0] for column in cursor.description]
                found = cursor.fetchall()
            hole = "%s" if self._clinic.on_server else "?"
            insert = f'INSERT INTO "{table}" VALUES ({", ".join([hole] * len(self._names[table]))})'
            self._rows[table] = insert, found

    def insert(self) -> None:
        """Insert them with new numbers."""
        self._often += 1
        with self._clinic.store.database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if not self._clinic.on_server:
                driver.execute("BEGIN IMMEDIATE")
            for table, (insert, rows) in self._rows.items():
                for row in rows:
                    driver.execute(insert, self._renumbered(table, row))
            driver.execute("COMMIT")

    def _renumbered(self, table: str, row: tuple[Any, ...]) -> list[Any]:
        far = self._FAR * self._often
        values = list(row)
        for place, name in enumerate(self._names[table]):
            of = table if name == "id" else self._REFERS.get(name)
            if of is not None and values[place] is not None and values[place] > self._before[of]:
                values[place] += far
            if name == "digest":
                values[place] = ""
            if isinstance(values[place], list | dict):
                values[place] = Json(values[place])  # a file has its text
        return values

    def _last(self, table: str) -> int:
        return int(rows_by_hand(self._clinic, f'SELECT coalesce(max({_key(table)}), 0) FROM "{table}"')[0][0])


def _key(table: str) -> str:
    return "appointment_id" if table == "appointment_device" else "id"
