"""A backup holds everything, opens with every passphrase and the recovery code, and never restores what is damaged."""

import json
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from clinic_app.errors import StoreProblem, WorkStopped, WrongPassphrase
from clinic_app.models import Patient, Visit, snapshot
from clinic_app.models.keys import new_data_key
from clinic_app.services.backups import (
    MANIFEST,
    backup_key,
    check_backup,
    make_backup,
    read_manifest,
    restore_backup,
    verify_backup,
)
from clinic_app.services.stores import recover, unlock
from clinic_app.settings import Settings
from tests.clinics import CHEAP, PASSPHRASE
from tests.services.conftest import TEN, OpenClinic

pytestmark = pytest.mark.about_files


@pytest.fixture
def backup(clinic: OpenClinic, tmp_path: Path) -> Path:
    clinic.signed(clinic.patient(family_name="Unmistakable"))
    file = tmp_path / "clinic.backup"
    make_backup(clinic.settings, clinic.store.data_key, file, TEN)
    return file


def refused(work: Callable[[], object], *codes: str) -> None:
    with pytest.raises(StoreProblem) as problem:
        work()
    assert problem.value.code in codes, problem.value.code


def test_a_clinic_comes_back_whole_on_an_empty_machine(clinic: OpenClinic, backup: Path, tmp_path: Path) -> None:
    there = Settings(data=tmp_path / "new machine" / "clinic")
    there.data.parent.mkdir()
    assert restore_backup(backup, there.data, TEN) is None
    store = unlock(there, "ellison", PASSPHRASE, clinic.clock)
    try:
        with store.database.reading() as session:
            assert [p.family_name for p in session.query(Patient)] == ["Unmistakable"]
            assert session.query(Visit).one().digest != ""
    finally:
        store.database.close()


def test_the_recovery_code_alone_opens_it(clinic: OpenClinic, backup: Path, tmp_path: Path) -> None:
    key = backup_key(backup, recovery_code=clinic.recovery_code)
    assert verify_backup(backup, key) == read_manifest(backup)
    there = Settings(data=tmp_path / "there")
    restore_backup(backup, there.data, TEN)
    recover(there, clinic.recovery_code, "ellison", "another good passphrase", clinic.clock, cost=CHEAP)
    unlock(there, "ellison", "another good passphrase", clinic.clock).database.close()
    with pytest.raises(WrongPassphrase):
        backup_key(backup, "ellison", "wrong")


def test_nothing_in_it_can_be_read_without_a_key(backup: Path) -> None:
    assert b"Unmistakable" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == 0o600


def test_it_is_made_while_others_write_and_holds_whole_transactions(clinic: OpenClinic, tmp_path: Path) -> None:
    stop = threading.Event()
    registered: list[int] = []

    def register() -> None:
        while not stop.is_set():
            registered.append(clinic.patient(family_name=f"Name{len(registered)}"))

    desk = threading.Thread(target=register)
    desk.start()
    try:
        manifests = [
            make_backup(clinic.settings, clinic.store.data_key, tmp_path / f"{number}.backup", TEN)
            for number in range(3)
        ]
    finally:
        stop.set()
        desk.join()
    counts = [manifest.rows["patient"] for manifest in manifests]
    assert counts == sorted(counts)
    assert counts[-1] <= len(registered)
    for number in range(3):
        verify_backup(tmp_path / f"{number}.backup", clinic.store.data_key)


def test_the_clinic_that_was_there_is_moved_aside_and_told(clinic: OpenClinic, backup: Path) -> None:
    after = clinic.patient(family_name="Later")
    assert after
    clinic.store.database.close()
    aside = restore_backup(backup, clinic.settings.data, TEN)
    assert aside is not None and aside.parent == clinic.settings.data.parent
    old = unlock(Settings(data=aside), "ellison", PASSPHRASE, clinic.clock)
    new = unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock)
    try:
        counts = []
        for store in (old, new):
            with store.database.reading() as session:
                counts.append(session.scalar(select(func.count()).select_from(Patient)))
        assert counts == [2, 1]
    finally:
        old.database.close()
        new.database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_damaged_is_never_restored(
    clinic: OpenClinic, backup: Path, tmp_path: Path, data: st.DataObject
) -> None:
    whole = backup.read_bytes()
    content = bytearray(whole)
    if data.draw(st.booleans(), "truncated"):
        content = content[: data.draw(st.integers(0, len(content) - 1), "length")]
    else:
        place = data.draw(st.integers(0, len(content) - 1), "place")
        content[place] ^= 1 << data.draw(st.integers(0, 7), "bit")
    bad = tmp_path / "bad.backup"
    bad.write_bytes(content)
    there = tmp_path / "there"
    try:
        restore_backup(bad, there, TEN)
    except StoreProblem as problem:
        assert problem.code in {"backup_damaged", "backup_newer", "backup_missing"}
        assert not there.exists()
        return
    # The one place where a flipped bit does no harm is what the archive says beside the files, such as their dates.
    verify_backup(bad, clinic.store.data_key)
    shutil.rmtree(there)


def test_every_bit_of_what_the_archive_says_of_its_files_is_survived(backup: Path, tmp_path: Path) -> None:
    """Flags and methods among them: one bit makes a file look locked or compressed."""
    whole, bad = backup.read_bytes(), tmp_path / "bad.backup"
    with zipfile.ZipFile(backup) as archive:
        heads = [place for each in archive.infolist() for place in range(each.header_offset, each.header_offset + 30)]
        places = [*heads, *range(archive.start_dir, len(whole))]
    said = set()
    for place in places:
        for bit in range(8):
            content = bytearray(whole)
            content[place] ^= 1 << bit
            bad.write_bytes(content)
            try:
                check_backup(bad)
            except StoreProblem as problem:
                said.add(problem.code)
    assert said == {"backup_damaged"}


def test_it_is_given_up_at_any_of_its_parts_and_leaves_nothing(
    clinic: OpenClinic, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()
    clinic.patient(family_name="Later")
    heard: list[int] = []
    make_backup(clinic.settings, clinic.store.data_key, backup, TEN, lambda done, of: heard.append(done))
    assert sorted(heard) == heard
    assert set(heard) == {0, 1, 2, 3}
    backup.write_bytes(before)
    monkeypatch.setattr(snapshot, "_INSTRUCTIONS", 100)  # a small clinic is copied before the first usual pulse
    for part, after in ((0, 0), (0, 3), (1, 0), (2, 0), (3, 0), (3, 3)):
        calls = 0

        def stop(done: int, of: int, part: int = part, after: int = after) -> None:
            nonlocal calls
            calls += done == part
            if calls > after:
                raise WorkStopped("work_stopped")

        with pytest.raises(WorkStopped):
            make_backup(clinic.settings, clinic.store.data_key, backup, TEN, stop)
        assert backup.read_bytes() == before
        assert list(backup.parent.glob(".backup-*")) == list(clinic.settings.data.glob(".backup-*")) == []
    clinic.patient(family_name="Work goes on")


def test_what_a_killed_program_left_behind_goes_with_the_next_backup(clinic: OpenClinic, backup: Path) -> None:
    days_ago = time.time() - 2 * 24 * 3600
    for folder, stays in ((backup.parent, False), (clinic.settings.data, False), (backup.parent, True)):
        left = folder / f".backup-left{stays:d}"
        left.mkdir()
        (left / "clinic.db").write_bytes(b"half a copy")
        if not stays:  # one from today may be another program's, which is still at work
            os.utime(left, (days_ago, days_ago))
    make_backup(clinic.settings, clinic.store.data_key, backup, TEN)
    assert [path.name for path in backup.parent.glob(".backup-*")] == [".backup-left1"]
    assert list(clinic.settings.data.glob(".backup-*")) == []


def test_a_backup_of_another_clinic_or_put_together_by_hand_is_told(
    clinic: OpenClinic, backup: Path, tmp_path: Path
) -> None:
    refused(lambda: verify_backup(backup, new_data_key()), "backup_of_another")
    forged = tmp_path / "forged.backup"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(forged, "w") as target:
        manifest = json.loads(source.read(MANIFEST))
        manifest["rows"]["patient"] = 0
        target.writestr(MANIFEST, json.dumps(manifest))
        for name in source.namelist():
            if name != MANIFEST:
                target.writestr(name, source.read(name))
    check_backup(forged)  # whole, as far as can be told without the key
    refused(lambda: verify_backup(forged, clinic.store.data_key), "backup_of_another")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/b", "..", "", "a\\b"])
def test_nothing_is_written_outside_of_the_folder(backup: Path, tmp_path: Path, name: str) -> None:
    forged = tmp_path / "forged.backup"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(forged, "w") as target:
        manifest = json.loads(source.read(MANIFEST))
        manifest["files"][name] = manifest["files"]["clinic.db"]
        target.writestr(MANIFEST, json.dumps(manifest))
        for each in source.namelist():
            if each != MANIFEST:
                target.writestr(each, source.read(each))
    refused(lambda: restore_backup(forged, tmp_path / "there", TEN), "backup_damaged")


def test_a_newer_one_a_missing_one_and_no_backup_are_told(clinic: OpenClinic, backup: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.backup"
    with zipfile.ZipFile(newer, "w") as target:
        target.writestr(MANIFEST, json.dumps({"format": 99}))
    refused(lambda: read_manifest(newer), "backup_newer")
    refused(lambda: read_manifest(tmp_path / "nowhere"), "backup_missing")
    (tmp_path / "text").write_text("no backup")
    refused(lambda: read_manifest(tmp_path / "text"), "backup_damaged")
    refused(lambda: restore_backup(clinic.settings.database_file, tmp_path / "there", TEN), "backup_damaged")


def test_a_failed_backup_leaves_the_one_before(clinic: OpenClinic, backup: Path) -> None:
    before = backup.read_bytes()
    clinic.settings.key_file.unlink()
    refused(lambda: make_backup(clinic.settings, clinic.store.data_key, backup, TEN), "keys_lost")
    assert backup.read_bytes() == before
    assert sorted(path.name for path in backup.parent.iterdir() if path.name.startswith(".")) == []
