"""Truncated, bit-flipped, zeroed: each damaged file is told in one sentence, and nothing wrong passes for right."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from clinic_app import cli
from clinic_app.errors import ClinicError, StoreProblem, WrongPassphrase
from clinic_app.models.snapshot import damage
from clinic_app.reference import Reference
from clinic_app.services.backups import backup_key, make_backup, read_manifest, restore_backup, verify_backup
from clinic_app.services.stores import recover, unlock
from clinic_app.settings import Settings
from tests.clinics import CHEAP, PASSPHRASE, SealedClinic, StandingClock
from tests.faults.workplace import TEN, broken, enter
from tests.services.conftest import OpenClinic

SECTOR = 512
Damage = Callable[[bytes, Random], bytes]


def truncated(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def flipped(content: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def zeroed(content: bytes, chance: Random) -> bytes:
    """A sector of the disk that was never written."""
    start = chance.randrange(len(content)) // SECTOR * SECTOR
    return content[:start] + bytes(len(content[start : start + SECTOR])) + content[start + SECTOR :]


def all_zero(content: bytes, _chance: Random) -> bytes:
    return bytes(len(content))


def emptied(_content: bytes, _chance: Random) -> bytes:
    return b""


DAMAGES = [(truncated, 60), (flipped, 120), (zeroed, 60), (all_zero, 1), (emptied, 1)]
"""Each with how many times."""
damaged = pytest.mark.parametrize(("harm", "times"), DAMAGES, ids=[harm.__name__ for harm, _ in DAMAGES])


@pytest.fixture(scope="module")
def worked_in(port_alder: SealedClinic, reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> OpenClinic:
    """A clinic with two signed visits, closed."""
    clinic = enter(port_alder.copy(tmp_path_factory.mktemp("clinics") / "worked in"), reference)
    lot = clinic.lot()
    for name in ("Okafor", "Byrne"):
        clinic.signed(clinic.patient(family_name=name), clinic.content(lot))
    clinic.store.database.close()
    return clinic


@pytest.fixture
def used(worked_in: OpenClinic, tmp_path: Path) -> OpenClinic:
    """A copy of it to be damaged."""
    shutil.copytree(worked_in.settings.data, tmp_path / "clinic")
    return replace(worked_in, settings=Settings(data=tmp_path / "clinic"))


@damaged
def test_a_damaged_database_is_told_at_opening_or_by_verify(
    used: OpenClinic, reference: Reference, harm: Damage, times: int
) -> None:
    file, chance = used.settings.database_file, Random(8)
    whole = file.read_bytes()
    told = []
    for _ in range(times):
        content = harm(whole, chance)
        file.write_bytes(content)
        try:
            clinic = enter(used.settings, reference)
        except StoreProblem as problem:
            assert str(problem)
            told.append(problem.code)
        else:
            try:
                found = broken(clinic)
                told.append("found" if found else "")
            except StoreProblem as problem:
                told.append(problem.code)
            clinic.store.database.close()
        for log in used.settings.data.glob("clinic.db-*"):
            log.unlink()
    assert "" not in told, "damage that nobody told of"
    assert set(told) <= {"found", "store_not_ours", "store_damaged", "store_unreachable", "database_missing"}


@damaged
def test_a_damaged_log_of_a_killed_program_loses_nothing_but_its_end(
    used: OpenClinic, reference: Reference, harm: Damage, times: int
) -> None:
    """SQLite takes what of the log is whole, and from the first frame on that is not, nothing."""
    clinic = enter(used.settings, reference)
    names = [f"Late{number}" for number in range(5)]
    for name in names:
        clinic.patient(family_name=name)
    log = used.settings.data / "clinic.db-wal"
    database, written = used.settings.database_file.read_bytes(), log.read_bytes()
    clinic.store.database.close()
    chance = Random(8)
    for _ in range(times // 4 + 1):
        used.settings.database_file.write_bytes(database)
        log.write_bytes(harm(written, chance))
        again = enter(used.settings, reference)
        there = [row.family_name for row in reversed(again.services.patients.search(again.physician, ""))]
        assert there == ["Okafor", "Byrne", *names][: len(there)]
        assert len(there) >= 2
        assert broken(again) == ()
        again.store.database.close()


@damaged
def test_a_damaged_key_file_is_not_told_as_a_wrong_passphrase(
    used: OpenClinic, port_alder: SealedClinic, harm: Damage, times: int
) -> None:
    file, chance, clock = used.settings.key_file, Random(8), StandingClock(TEN)
    whole = file.read_bytes()
    told = []
    for _ in range(times):
        content = harm(whole, chance)
        file.write_bytes(content)
        attempts: tuple[Callable[[], object], ...] = (
            lambda: unlock(used.settings, "ellison", PASSPHRASE, clock).database.close(),
            lambda: recover(used.settings, port_alder.recovery_code, "ellison", PASSPHRASE, clock, cost=CHEAP),
        )
        for open_it in attempts:
            used.settings.tries_file.unlink(missing_ok=True)
            try:
                open_it()  # what is damaged is another's
            except StoreProblem as problem:
                assert str(problem)
                told.append(problem.code)
    assert set(told) <= {"keys_damaged", "key_slot_damaged", "store_newer"}
    assert "keys_damaged" in told


def test_verify_tells_whose_keys_are_damaged(used: OpenClinic, reference: Reference) -> None:
    content = json.loads(used.settings.key_file.read_text())
    (nurse,) = (slot for slot in content["slots"] if slot["holder"] == "nurse")
    nurse["passes"] += 1
    used.settings.key_file.write_text(json.dumps(content))
    clinic = enter(used.settings, reference)
    assert [(each.what, each.where) for each in broken(clinic)] == [("keys", "what opens the clinic for nurse")]
    clinic.store.database.close()
    with pytest.raises(StoreProblem, match="key file is damaged"):
        unlock(used.settings, "nurse", PASSPHRASE, StandingClock(TEN))


def test_a_key_file_of_an_earlier_release_opens(used: OpenClinic, reference: Reference) -> None:
    content = json.loads(used.settings.key_file.read_text())
    for slot in content["slots"]:
        del slot["check"]
    used.settings.key_file.write_text(json.dumps({**content, "format": 1}))
    clinic = enter(used.settings, reference)
    assert broken(clinic) == ()
    clinic.store.database.close()
    with pytest.raises(WrongPassphrase):
        unlock(used.settings, "ellison", "not this one", StandingClock(TEN))


@damaged
def test_a_damaged_file_of_tries_locks_nobody_out(used: OpenClinic, harm: Damage, times: int) -> None:
    file, chance, clock = used.settings.tries_file, Random(8), StandingClock(TEN)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            unlock(used.settings, "ellison", "not this one", clock)
    whole = file.read_bytes()
    for _ in range(times):
        file.write_bytes(harm(whole, chance))
        try:
            unlock(used.settings, "ellison", PASSPHRASE, clock).database.close()
        except ClinicError as error:
            assert error.code == "unlock_paused"
            assert isinstance(error.parameters["seconds"], int)
            assert error.parameters["seconds"] <= 300


@damaged
def test_a_damaged_backup_is_never_restored(used: OpenClinic, tmp_path: Path, harm: Damage, times: int) -> None:
    good, bad, chance = tmp_path / "good.backup", tmp_path / "bad.backup", Random(8)
    key = used.store.data_key
    made = make_backup(used.settings, key, good, TEN)
    whole = good.read_bytes()
    for number in range(times // 2 + 1):
        bad.write_bytes(harm(whole, chance))
        try:
            assert read_manifest(bad) == made
            assert backup_key(bad, "ellison", PASSPHRASE) == key
            assert verify_backup(bad, key) == made
            restored = Settings(data=tmp_path / f"restored{number}")
            restore_backup(bad, restored.data, TEN)
        except StoreProblem as problem:
            assert problem.code in {"backup_damaged", "backup_newer", "keys_damaged", "key_slot_damaged"}
        else:  # a bit of the archive that means nothing, such as a file's date
            assert damage(restored.database_file, key) == ""
            assert restored.key_file.read_bytes() == used.settings.key_file.read_bytes()


def test_the_commands_say_a_sentence_and_no_traceback(
    used: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    opened = ["--data", str(used.settings.data), "--user", "ellison"]
    for file in (used.settings.database_file, used.settings.key_file):
        whole = file.read_bytes()
        for content in (b"", bytes(len(whole)), whole[: len(whole) // 2], None):
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content)
            for command in (["verify"], ["backup", str(tmp_path / "x.backup")]):
                assert cli.run([*opened, *command]) != 0
                said = capsys.readouterr()
                assert "Traceback" not in said.out + said.err
                assert said.out + said.err
                used.settings.tries_file.unlink(missing_ok=True)
        file.write_bytes(whole)
        for log in used.settings.data.glob("clinic.db-*"):
            log.unlink()
