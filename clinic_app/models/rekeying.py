"""A record encrypted anew with another data key, and how the new files take the place of the old ones.

The new files are made whole in a folder of their own. One renaming of that folder is the moment that counts: before it
the old files are the record, after it the new ones are, wherever they stand. ``finish`` puts them in place and may be
broken off and begun again. Design: docs/decisions/0015.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2

from clinic_app.errors import StoreProblem
from clinic_app.models.private_files import usable


@contextmanager
def only_connection(file: Path, data_key: bytes) -> Iterator[Any]:
    """The one connection to the database; whoever wants another waits and is refused.

    The write-ahead log can only be folded into the file by the last connection, so a window that is open anywhere is
    found. Raises StoreProblem "store_in_use".
    """
    connection = _connected(file, data_key)
    try:
        with _told(file.parent):
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # the lock stays
        yield connection
    finally:
        connection.close()


def encrypt_anew(connection: Any, data_key: bytes, to: Path, new_key: bytes) -> None:
    """Write the database of a connection into a new file, encrypted with another key. Raises StoreProblem."""
    with _told(to.parent):
        connection.execute("VACUUM INTO ?", (str(to),))
        to.chmod(0o600)
        copy = _connected(to, data_key)
        try:
            # In place, but of a copy that is thrown away unless it is whole.
            copy.execute(f"PRAGMA rekey = \"x'{new_key.hex()}'\"")
        finally:
            copy.close()


def digests_of(file: Path, data_key: bytes) -> dict[str, str]:
    """What ``content_digests`` says of a database that nobody else uses. Raises StoreProblem."""
    connection = _connected(file, data_key)
    try:
        with _told(file.parent):
            return content_digests(connection)
    finally:
        connection.close()


def content_digests(connection: Any) -> dict[str, str]:
    """A SHA-256 over all rows of each table, in the order in which they are stored."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    digests = {}
    for (name,) in tables:
        digest = hashlib.sha256()
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            digest.update(repr(row).encode())
        digests[name] = digest.hexdigest()
    return digests


def finish(made: Path, files: Iterable[Path], unreadable: Iterable[Path]) -> None:
    """Put the files in the folder ``made`` of a rekey that counts into their places; without one nothing happens.

    The last of ``files`` are the old keys. They are overwritten before they go, so that what a disk still holds of the
    old record stays unreadable. So do ``unreadable`` files, which no key opens any more. Raises StoreProblem.
    """
    if not made.is_dir():
        return
    *others, keys = files
    with usable(keys.parent):
        for file in (*others, keys):
            # Another program that starts at the same time may be faster.
            with suppress(FileNotFoundError):
                if file == keys and (made / keys.name).exists():
                    _overwrite(keys)
                (made / file.name).replace(file)
        for file in unreadable:
            file.unlink(missing_ok=True)
        flush(keys.parent)
        with suppress(FileNotFoundError):
            made.rmdir()


def flush(path: Path) -> None:
    """Have the disk keep what was written to a file, or to the names in a folder where the system can."""
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        return
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _overwrite(file: Path) -> None:
    with suppress(FileNotFoundError), file.open("rb+") as content:
        content.write(bytes(file.stat().st_size))
        content.flush()
        os.fsync(content.fileno())


def _connected(file: Path, data_key: bytes) -> Any:
    """A plain connection: it neither turns the write-ahead log on nor waits for others."""
    connection = sqlcipher3.dbapi2.connect(file, isolation_level=None, timeout=0)
    connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
    return connection


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlcipher3.dbapi2.OperationalError as error:
        said = str(error)
        code = "store_in_use" if "locked" in said else "disk_full" if "full" in said else "store_unreachable"
        raise StoreProblem(code, folder=folder) from error
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise StoreProblem("store_damaged") from error
