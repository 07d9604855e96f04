"""A whole copy of the encrypted database while it is in use, and whether a copy is sound."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from clinic_app.models import trail
from clinic_app.models.database import encrypted_engine, store_problems

Pulse = Callable[[], object]
_INSTRUCTIONS = 20_000
"""Of SQLite's machine between two pulses: some 30 ms of copying."""


def steady() -> None:
    """The pulse of work that nobody wants to stop."""


def snapshot(file: Path, data_key: bytes, to: Path, pulse: Pulse = steady) -> None:
    """Write the database as it is at this moment into a new file, encrypted with the same key.

    ``VACUUM INTO`` reads in one transaction and keeps no writer waiting; the copy holds what the write-ahead log holds.
    ``pulse`` is called again and again, and what it raises ends the work. Raises StoreProblem.
    """
    pulse()
    with _connection(file, data_key, pulse) as connection:
        connection.exec_driver_sql("ROLLBACK")  # VACUUM stands outside of any transaction
        connection.exec_driver_sql("VACUUM INTO ?", (str(to),))
        connection.exec_driver_sql("BEGIN")
    to.chmod(0o600)


def damage(file: Path, data_key: bytes, pulse: Pulse = steady) -> str:
    """What is wrong with a database file, by its checksums and its structure; "" where it is sound.

    A page that was changed without the key fails its HMAC.
    """
    with _connection(file, data_key, pulse) as connection:
        for check in ("cipher_integrity_check", "quick_check", "foreign_key_check"):
            found = [" ".join(map(str, row)) for row in connection.exec_driver_sql(f"PRAGMA {check}")]
            if found and found != ["ok"]:
                return found[0]
    return ""


def counted_rows(file: Path, data_key: bytes, pulse: Pulse = steady) -> dict[str, int]:
    """How many rows each table has."""
    with _connection(file, data_key, pulse) as connection:
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        ).all()
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


def end_of_trail(file: Path, data_key: bytes) -> tuple[int, str]:
    """Number and digest of the last entry of the audit trail."""
    with _connection(file, data_key, steady) as connection:
        end = trail.head(connection)
        return end.last_id, end.chain


@contextmanager
def watched(engine: Engine, pulse: Pulse) -> Iterator[None]:
    """Call ``pulse`` again and again while a new connection of the engine works; what it raises ends the work."""
    wanted_stop: list[BaseException] = []

    def look() -> int:
        if wanted_stop:
            return 0  # what was begun is still rolled back
        try:
            pulse()
        except BaseException as stop:  # SQLite's own code is called from: it is told by a number, and raised below
            wanted_stop.append(stop)
            return 1
        return 0

    def watch(driver: Any, _record: object) -> None:
        driver.set_progress_handler(look, _INSTRUCTIONS)

    event.listen(engine, "connect", watch)
    try:
        yield
    except OperationalError:
        if wanted_stop:
            raise wanted_stop[0] from None
        raise
    finally:
        event.remove(engine, "connect", watch)


@contextmanager
def _connection(file: Path, data_key: bytes, pulse: Pulse) -> Iterator[Connection]:
    engine = encrypted_engine(file, data_key)
    try:
        with store_problems(), watched(engine, pulse), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
