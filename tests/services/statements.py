"""Counts what a use case asks of the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from tests.services.conftest import OpenClinic


def statements(clinic: OpenClinic, act: Callable[[], object], *, about: str = "") -> int:
    """How many statements the act runs, of those that name a table ``about``."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].startswith("BEGIN"):
            seen.append(arguments[2])

    engine = clinic.store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(about in statement for statement in seen)
