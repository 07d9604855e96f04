"""A move to a place that has no room, or that takes no more in the middle: one sentence, and it goes on from there.

The clinic that is moved is as it was each time, and half of it is nowhere that anybody would look.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from clinic_app.errors import StoreProblem
from clinic_app.reference import Reference
from tests.both_kinds import SERVER
from tests.faults.full_disks import FullDisk, files_that_cannot_grow, small_disk
from tests.services.test_moving import Mover, contents, opened, whole
from tests.services.test_moving import mover as mover

PAGES_MORE = 90
Disk = Callable[[Path], AbstractContextManager[FullDisk]]
TOLD: dict[Disk, set[str]] = {
    small_disk: {"move_disk_full"},
    # What the system says of a limit is less clear than of a full disk; the sentences ask to look for room, too.
    files_that_cannot_grow: {"move_disk_full", "store_unreachable", "folder_unusable"},
}
FULL_AT = ("account", "visit", "clinic_file")
"""Tables at which the server's disk is full, from the first to the keys, which come last."""


@contextmanager
def full_server(mover: Mover, table: str) -> Iterator[None]:
    """A server that says, whenever something is written to this table, that its disk is full."""
    but = "WHEN (NEW.name <> 'moving')" if table == "clinic_file" else ""  # it is written at the beginning, too
    with mover.target() as connection:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
            )
        )
        connection.execute(
            text(f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW {but} EXECUTE FUNCTION no_room()")
        )
    yield
    with mover.target() as connection:
        connection.execute(text(f"DROP TRIGGER no_room ON {table}"))


def begin(mover: Mover) -> None:
    """Until the tables are there."""

    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mover.move(stop)


@pytest.mark.about_files
def test_a_server_whose_disk_is_full_in_the_middle(mover: Mover, reference: Reference) -> None:
    begin(mover)
    before = contents(mover.clinic.settings, mover.clinic.store.data_key)
    starts: list[int] = []
    for table in FULL_AT:
        done: list[int] = []
        with full_server(mover, table), pytest.raises(StoreProblem) as refused:
            mover.move(lambda much, _, done=done: done.append(much))  # type: ignore[misc]  # the list of this round
        assert refused.value.code == "move_disk_full"
        assert mover.database in str(refused.value)
        starts.append(done[0] if done else 0)
        with pytest.raises(StoreProblem):
            opened(mover.there, mover)
        mover.folder.rmdir()
        assert contents(mover.clinic.settings, mover.clinic.store.data_key) == before
    assert starts == sorted(starts)
    assert starts[-1] > starts[1], "it went on where it stopped"
    mover.move()
    whole(mover, reference)


@pytest.mark.parametrize("disk", TOLD, ids=["disk", "limit"])
@pytest.mark.parametrize("store_kind", [SERVER], scope="session", indirect=True)
def test_a_folder_on_a_full_disk(mover: Mover, reference: Reference, tmp_path: Path, disk: Disk) -> None:
    before = contents(mover.clinic.settings, mover.clinic.store.data_key)
    told: list[str] = []
    with disk(tmp_path / "disk") as full:
        mover.folder = tmp_path / "disk" / "there"
        full.fill()
        while True:
            try:
                mover.move()
            except StoreProblem as problem:
                told.append(problem.code)
                assert str(problem)
                assert not mover.folder.exists()
                assert contents(mover.clinic.settings, mover.clinic.store.data_key) == before
                full.make_room(PAGES_MORE)
            else:
                break
        full.empty()
        whole(mover, reference)
    assert len(told) > 2
    assert set(told) <= TOLD[disk]
