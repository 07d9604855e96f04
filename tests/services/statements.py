"""Counts the statements that a use case sends, so that none grows with the record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from clinic_app.models.database import Database
from tests.services.conftest import OpenClinic


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent inside the block, in their order."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
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
