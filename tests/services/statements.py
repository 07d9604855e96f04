"""Counts the statements that a use case sends, so that none grows with the record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from clinic_app.models.database import Database
from tests.services.conftest import OpenClinic

_OF_EVERY_TRANSACTION = ("BEGIN", "SELECT pg_advisory_xact_lock", "INSERT INTO commit_mark", "SELECT pg_notify")
"""How a transaction begins, and what a server is told with the commit: the turn to write, the mark and the call. They
are no part of the use case, and the same for both kinds of store without them."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent inside the block, in their order."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(_OF_EVERY_TRANSACTION):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def statements(clinic: OpenClinic, act: Callable[[], object], *, about: str = "") -> int:
    """How many statements the act sends, of those that name a table ``about``."""
    with counted(clinic.store.database) as sent:
        act()
    return sum(about in statement for statement in sent)


def gone_through(clinic: OpenClinic, act: Callable[[], object]) -> set[str]:
    """The tables that a file's database reads from end to end for the act's questions, or the index it reads whole."""
    steps = [step.split() for step in plan(clinic, act)]
    return {step[1] for step in steps if step[0] == "SCAN"}


def plan(clinic: OpenClinic, act: Callable[[], object]) -> list[str]:
    """The steps by which a file's database answers the act's questions, as it tells them itself."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    engine = clinic.store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with clinic.store.database.reading() as session:
        plans = [session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values) for text, values in asked]
        return [step.detail for steps in plans for step in steps]
