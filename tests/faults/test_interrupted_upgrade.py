"""An upgrade that ends at any of its statements leaves the store as it was, and the next one succeeds."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, event, text

from clinic_app.models.database import encrypted_engine
from clinic_app.models.snapshot import damage
from clinic_app.models.upgrade import HEAD, current_revision, upgrade
from tests.migrations.older_store import OlderStore

KEY = b"k" * 32
OLDEST = "0001"
UPGRADED_AGAIN = 8
"""Of how many of the disks on which it ended the upgrade is done to its end."""
Disk = tuple[bytes, bytes]
"""What stands in the database and in its write-ahead log."""


class Killed(BaseException):
    """The program ends here."""


def _disk(file: Path) -> Disk:
    log = file.with_name(f"{file.name}-wal")
    return file.read_bytes(), log.read_bytes() if log.exists() else b""


def _lay_out(disk: Disk, file: Path) -> None:
    file.write_bytes(disk[0])
    file.with_name(f"{file.name}-wal").write_bytes(disk[1])
    file.with_name(f"{file.name}-shm").unlink(missing_ok=True)


def _content(connection: Connection) -> list[tuple[object, ...]]:
    """What somebody entered, in words that stay the same in each release."""
    questions = (
        "SELECT user_name FROM account",
        "SELECT birth_date FROM patient",
        "SELECT visited_on, indication FROM visit",
        "SELECT lot_number, size_units FROM vial",
        "SELECT muscle, side, units FROM injection",
        "SELECT plate, x_mm, y_mm FROM injection_point ORDER BY position",
    )
    return [tuple(row) for question in questions for row in connection.execute(text(question))]


def _look(file: Path) -> tuple[str | None, list[tuple[object, ...]]]:
    engine = encrypted_engine(file, KEY)
    try:
        with engine.connect() as connection:
            return current_revision(connection), _content(connection)
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Disk], list[tuple[object, ...]], Disk]]:
    """The disks as they were before each statement, what was on the first of them, and the one after the commit."""
    file = tmp_path_factory.mktemp("older") / "clinic.db"
    engine = encrypted_engine(file, KEY)
    older = OlderStore(engine, OLDEST)
    with engine.begin() as connection:
        older.signed_visit(connection, points=3)
        content = _content(connection)
    engine.dispose()  # closes the connections: the log is folded in
    disks: dict[str, Disk] = {}

    @event.listens_for(engine, "before_cursor_execute")
    def keep(_connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            cursor.execute("PRAGMA cache_size = 8")  # type: ignore[attr-defined]  # so that much is written before the commit
        disk = _disk(file)
        disks.setdefault(hashlib.sha256(disk[0] + disk[1]).hexdigest(), disk)

    upgrade(engine)
    after = _disk(file)
    engine.dispose()
    yield list(disks.values()), content, after


def test_at_every_statement_the_store_is_as_it_was(
    upgraded: tuple[list[Disk], list[tuple[object, ...]], Disk], tmp_path: Path
) -> None:
    disks, content, _ = upgraded
    file = tmp_path / "clinic.db"
    assert len(disks) > 50, "the statements wrote to the disk before the commit"
    for number, disk in enumerate(disks):
        _lay_out(disk, file)
        assert _look(file) == (OLDEST, content)
        if number % (len(disks) // UPGRADED_AGAIN) == 0:
            engine = encrypted_engine(file, KEY)
            upgrade(engine)
            engine.dispose()
            assert _look(file) == (HEAD, content)
            assert damage(file, KEY) == ""


def test_at_any_byte_of_the_commit_it_is_the_old_release_or_the_new(
    upgraded: tuple[list[Disk], list[tuple[object, ...]], Disk], tmp_path: Path
) -> None:
    _, content, (database, log) = upgraded
    file, chance = tmp_path / "clinic.db", Random(8)
    _lay_out((database, log), file)
    assert _look(file) == (HEAD, content)
    seen = set()
    for written in [*(chance.randrange(len(log)) for _ in range(60)), len(log) - 1]:
        _lay_out((database, log[:written]), file)
        revision, there = _look(file)
        seen.add(revision)
        assert there == content
        assert revision in {OLDEST, HEAD}
    assert OLDEST in seen


def test_a_statement_that_fails_takes_the_others_back(
    upgraded: tuple[list[Disk], list[tuple[object, ...]], Disk], tmp_path: Path
) -> None:
    (first, *_), content, _ = upgraded
    file, chance = tmp_path / "clinic.db", Random(8)
    _lay_out(first, file)
    for number in sorted(chance.sample(range(3, 780), 8)):
        engine, run = encrypted_engine(file, KEY), 0

        def fail(*_: object, number: int = number) -> None:
            nonlocal run
            run += 1
            if run == number:
                raise Killed

        event.listen(engine, "before_cursor_execute", fail)
        with pytest.raises(Killed):
            upgrade(engine)
        engine.dispose()
        assert _look(file) == (OLDEST, content)
    engine = encrypted_engine(file, KEY)
    upgrade(engine)
    engine.dispose()
    assert _look(file) == (HEAD, content)
