"""Rekey: everything is the same under another key, and a crash at any moment leaves the old record or the new one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic_app import cli
from clinic_app.errors import NotAllowed, StoreProblem, WrongPassphrase
from clinic_app.models import Patient, Visit
from clinic_app.models.keys import KeyFile
from clinic_app.models.rekeying import digests_of
from clinic_app.services.accounts import Accounts
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.backups import backup_key, restore_backup
from clinic_app.services.rekeying import encrypt_record_anew
from clinic_app.services.stores import OpenStore, finish_rekey, recover, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from tests.clinics import CHEAP, PASSPHRASE
from tests.services.conftest import OpenClinic

pytestmark = pytest.mark.about_files

OTHER = "seven quiet herons landing"


class Killed(BaseException):
    """The power goes."""


@pytest.fixture
def closed(clinic: OpenClinic) -> OpenClinic:
    """A clinic with a signed visit and a research key, whose every window is closed."""
    patient = clinic.patient(family_name="Unmistakable")
    clinic.signed(patient)
    clinic.store.research_key.disguises([(patient, clinic.clock())])
    (clinic.settings.data / "clinic.db.before-0001").write_bytes(b"encrypted with the old key")
    clinic.store.database.close()
    return clinic


def rekey(clinic: OpenClinic, stage: Callable[[str], object] = lambda _: None) -> str:
    return encrypt_record_anew(
        clinic.settings, clinic.physician, clinic.store.data_key, PASSPHRASE, clinic.clock, cost=CHEAP, stage=stage
    )


def opened(clinic: OpenClinic, user: str = "ellison", passphrase: str = PASSPHRASE) -> OpenStore:
    return unlock(clinic.settings, user, passphrase, clinic.clock)


def whole(clinic: OpenClinic) -> bytes:
    """That the clinic opens, is what it was, and can be written; returns the data key."""
    store = opened(clinic)
    try:
        assert verify_clinic(clinic.settings, store.database, store.data_key, clinic.settings.data / "backups") == ()
        with store.database.reading() as session:
            assert session.scalars(select(Patient.family_name)).all() == ["Unmistakable"]
            assert session.scalars(select(Visit)).one().digest
        kept = store.research_key.disguises([(1, clinic.clock())])
        assert kept == store.research_key.disguises([(1, clinic.clock())])
        with store.database.writing(store.actor.account_id, clinic.clock()) as session:
            session.scalars(select(Patient)).one().given_name = "Written"
        return store.data_key
    finally:
        store.database.close()


def test_everything_is_the_same_under_another_key(closed: OpenClinic) -> None:
    old, settings = closed.store.data_key, closed.settings
    before = digests_of(settings.database_file, old)
    pseudonym = closed.store.research_key.disguises([(1, closed.clock())])
    old_bytes = {path.name: path.read_bytes() for path in settings.data.iterdir() if path.is_file()}
    code = rekey(closed)
    finish_rekey(settings)
    new = KeyFile.read(settings.key_file).open("ellison", PASSPHRASE)
    assert new != old
    after = digests_of(settings.database_file, new)
    assert {name for name in before if before[name] != after[name]} == {"audit_entry", "clinic"}
    assert whole(closed) == new
    store = opened(closed)
    assert store.research_key.disguises([(1, closed.clock())]) == pseudonym
    store.database.close()
    with pytest.raises(StoreProblem):
        digests_of(settings.database_file, old)
    assert KeyFile.read(settings.key_file).open_with_recovery(code) == new
    with pytest.raises(WrongPassphrase):
        KeyFile.read(settings.key_file).open_with_recovery(closed.recovery_code)
    for path in settings.data.iterdir():
        assert not path.is_file() or path.read_bytes() != old_bytes.get(path.name)
    assert not list(settings.data.glob("*before*")) and not settings.rekeyed_folder.exists()


def test_the_others_get_a_new_passphrase_from_the_manager_or_by_the_code(closed: OpenClinic) -> None:
    code = rekey(closed)
    with pytest.raises(WrongPassphrase):
        opened(closed, "nurse")
    store = opened(closed)
    accounts = Accounts(store.database, closed.clock, closed.settings.key_file, store.key, cost=CHEAP)
    assert {each.user_name for each in accounts.entries(store.actor) if not each.opens} == {"nurse", "desk"}
    accounts.reset_passphrase(store.actor, closed.nurse.account_id, OTHER)
    store.database.close()
    opened(closed, "nurse", OTHER).database.close()
    recover(closed.settings, code, "desk", OTHER, closed.clock, cost=CHEAP)
    opened(closed, "desk", OTHER).database.close()


def test_it_is_refused_while_a_window_is_open(clinic: OpenClinic) -> None:
    before = clinic.settings.key_file.read_bytes()
    with pytest.raises(StoreProblem) as refused:
        rekey(clinic)
    assert refused.value.code == "store_in_use"
    clinic.patient(family_name="Work goes on")
    assert clinic.settings.key_file.read_bytes() == before
    assert not list(clinic.settings.data.glob(".backup-*"))


def test_nobody_opens_a_window_while_it_is_under_way(closed: OpenClinic) -> None:
    refused: list[str] = []

    def knock(stage: str) -> None:
        if stage in ("compare", "count"):
            with pytest.raises(StoreProblem) as problem:
                opened(closed)
            refused.append(problem.value.code)

    rekey(closed, knock)
    assert refused == ["store_busy", "store_busy"]
    whole(closed)


def test_only_the_manager_may(closed: OpenClinic) -> None:
    with pytest.raises(NotAllowed):
        encrypt_record_anew(closed.settings, closed.nurse, closed.store.data_key, PASSPHRASE, closed.clock, cost=CHEAP)


STAGES = ("copy", "compare", "record", "keys", "research key", "flush", "count")


@pytest.mark.parametrize("at", STAGES)
def test_a_crash_before_it_counts_leaves_the_old_record(closed: OpenClinic, at: str) -> None:
    heard: list[str] = []

    def crash(stage: str) -> None:
        heard.append(stage)
        if stage == at:
            raise Killed

    with pytest.raises(Killed):
        rekey(closed, crash)
    assert tuple(heard) == STAGES[: len(heard)]
    assert whole(closed) == closed.store.data_key
    opened(closed, "nurse").database.close()
    assert (closed.settings.data / "clinic.db.before-0001").exists()
    assert rekey(closed)  # and it can be done again
    assert whole(closed) != closed.store.data_key


@pytest.mark.parametrize("moved", range(4))
def test_a_crash_after_it_counts_leaves_the_new_record(
    closed: OpenClinic, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, replace = rekey(closed), Path.replace
    left = moved

    def crash(self: Path, target: Path) -> Path:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        if moved < 3:
            with pytest.raises(Killed):
                finish_rekey(closed.settings)
        else:
            patch.setattr(Path, "rmdir", _killed)
            with pytest.raises(Killed):
                finish_rekey(closed.settings)
    assert closed.settings.rekeyed_folder.exists()
    again = closed.settings.data.parent / "again"
    shutil.copytree(closed.settings.data, again)
    assert whole(closed) != closed.store.data_key
    assert not closed.settings.rekeyed_folder.exists()
    # Whoever has only the new code is led through as well.
    recover(Settings(data=again), code, "desk", OTHER, closed.clock, cost=CHEAP)
    unlock(Settings(data=again), "desk", OTHER, closed.clock).database.close()


def test_a_copy_that_is_not_the_same_is_refused(closed: OpenClinic) -> None:
    def spoil(stage: str) -> None:
        if stage == "compare":
            (copy,) = closed.settings.data.glob(".backup-*/*/clinic.db")
            content = bytearray(copy.read_bytes())
            content[len(content) // 2] ^= 1
            copy.write_bytes(content)

    with pytest.raises(StoreProblem):
        rekey(closed, spoil)
    assert whole(closed) == closed.store.data_key


def test_the_command_backs_up_under_the_new_key_and_older_backups_open_as_before(
    closed: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(closed)
    plan = BackupPlan(closed.settings, store.key, store.database, closed.clock, "America/New_York")
    older = plan.run().file
    store.database.close()
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    arguments = ["--data", str(closed.settings.data), "--user", "ellison"]
    assert cli.run([*arguments, "rekey"]) == 0
    said = capsys.readouterr().out
    code = next(line for line in said.splitlines() if line.count("-") == 7)
    newer = next(file for file in closed.settings.data.glob("backups/*.backup") if file != older)
    assert str(newer) in said
    assert backup_key(newer, recovery_code=code) == KeyFile.read(closed.settings.key_file).open_with_recovery(code)
    assert backup_key(older, recovery_code=closed.recovery_code) == closed.store.data_key
    assert cli.run([*arguments, "verify"]) == 0, "a backup from before is no damage"
    assert cli.run([*arguments, "rehearse"]) == 0
    there = Settings(data=tmp_path / "there")
    restore_backup(older, there.data, closed.clock())
    unlock(there, "nurse", PASSPHRASE, closed.clock).database.close()
    older.write_bytes(older.read_bytes()[:-1000])
    assert cli.run([*arguments, "verify"]) == 2


def test_a_full_disk_is_told_and_leaves_the_old_record(closed: OpenClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "chmod", _full)
    with pytest.raises(StoreProblem) as refused:
        rekey(closed)
    assert refused.value.code == "disk_full"
    monkeypatch.undo()
    assert whole(closed) == closed.store.data_key


def _killed(_path: Path) -> None:
    raise Killed


def _full(_path: Path, _mode: int) -> None:
    raise OSError(28, "No space left on device")
