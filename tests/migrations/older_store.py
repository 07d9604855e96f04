"""Stores as older releases left them: rows written into the tables of a revision, not by today's records."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer, Time

from clinic_app.models.upgrade import upgrade

_PLAIN: tuple[tuple[type, object], ...] = (
    (Boolean, False),
    (Integer, 1),
    (Float, 0.5),
    (JSON, {}),
)


class OlderStore:
    """The tables of a revision, filled row by row; what a row does not name gets a plain value."""

    def __init__(self, engine: Engine, revision: str) -> None:
        upgrade(engine, to=revision)
        self.engine = engine
        self._metadata = MetaData()
        self._metadata.reflect(engine)

    def add(self, connection: Connection, table: str, **values: Any) -> int:
        """Add a row; returns its id."""
        row = {column.name: _plain(column) for column in self._table(table).columns if not column.nullable}
        row.pop("id", None)
        result = connection.execute(self._table(table).insert().values(**{**row, **values}))
        key = result.inserted_primary_key
        return int(key[0]) if key is not None else 0

    def signed_visit(self, connection: Connection, points: int = 1) -> int:
        """A patient with a signed visit of one injection; returns the injection's id."""
        day, moment = date(2026, 3, 2), datetime(2026, 3, 2, 15)
        account = self.add(connection, "account", user_name="ellison", created_at=moment)
        patient = self.add(connection, "patient", birth_date=date(1961, 3, 12), created_at=moment)
        visit = self.add(
            connection, "visit", patient_id=patient, injector_id=account, visited_on=day,
            signed_at=moment, signed_by_id=account, digest="",
        )  # fmt: skip
        vial = self.add(connection, "vial", visit_id=visit, expires_on=date(2027, 5, 31), size_units=100_000)
        injection = self.add(connection, "injection", visit_id=visit, vial_id=vial, side="right", units=60_000)
        for number in range(points):
            self.add(
                connection, "injection_point", injection_id=injection, position=number, plate="head_neck_posterior",
                part="splenius_capitis.right", u=0.25, t=0.5, x_mm=3.5, y_mm=4.5 + number,
            )  # fmt: skip
        return injection

    def _table(self, name: str) -> Table:
        return self._metadata.tables[name]


def _plain(column: Any) -> object:
    if isinstance(column.type, Date | DateTime | Time):
        return None  # a day says something: the test names it
    for kind, value in _PLAIN:
        if isinstance(column.type, kind):
            return value
    return "x"
