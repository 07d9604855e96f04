"""A whole copy of the encrypted database while it is in use, and whether a copy is sound."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from clinic_app.models.database import encrypted_engine, store_problems


def snapshot(file: Path, data_key: bytes, to: Path) -> None:
    """Write the database as it is at this moment into a new file, encrypted with the same key.

    ``VACUUM INTO`` reads in one transaction and keeps no writer waiting; the copy holds what the write-ahead log holds.
    Raises StoreProblem.
    """
    with _connection(file, data_key) as connection:
        connection.exec_driver_sql("ROLLBACK")  # VACUUM stands outside of any transaction
        connection.exec_driver_sql("VACUUM INTO ?", (str(to),))
        connection.exec_driver_sql("BEGIN")
    to.chmod(0o600)


def damage(file: Path, data_key: bytes) -> str:
    """What is wrong with a database file, by its checksums and its structure; "" where it is sound.

    A page that was changed without the key fails its HMAC.
    """
    with _connection(file, data_key) as connection:
        for check in ("cipher_integrity_check", "quick_check", "foreign_key_check"):
            found = [" ".join(map(str, row)) for row in connection.exec_driver_sql(f"PRAGMA {check}")]
            if found and found != ["ok"]:
                return found[0]
    return ""


def counted_rows(file: Path, data_key: bytes) -> dict[str, int]:
    """How many rows each table has."""
    with _connection(file, data_key) as connection:
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        ).all()
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


@contextmanager
def _connection(file: Path, data_key: bytes) -> Iterator[Connection]:
    engine = encrypted_engine(file, data_key)
    try:
        with store_problems(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
