"""A record that cannot be opened is told from a wrong passphrase, and the newest whole backup is found without it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models.keys import KeyFile
from clinic_app.services.backup_plan import BackupChoice, BackupPlan
from clinic_app.services.backups import make_backup, restore_backup
from clinic_app.services.best_backup import RESTORABLE, best_backup, usual_folders
from clinic_app.services.stores import unlock
from tests.clinics import PASSPHRASE
from tests.services.conftest import TEN, OpenClinic

pytestmark = pytest.mark.about_files


@pytest.fixture
def plan(clinic: OpenClinic) -> BackupPlan:
    return BackupPlan(clinic.settings, clinic.store.key, clinic.store.database, clinic.clock, "America/New_York")


def refusal(clinic: OpenClinic) -> str:
    """Why the clinic does not open; "" where it does."""
    try:
        unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock).database.close()
    except ClinicError as error:
        return error.code
    return ""


def cut(length: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:length]


@pytest.mark.parametrize(
    "spoil",
    [cut(0), cut(1), cut(100), cut(4096), cut(100_000), lambda content: bytes(len(content)), lambda _: b"x" * 9000],
)
@pytest.mark.parametrize("name", ["clinic.db", "clinic.keys"])
def test_a_spoiled_file_is_no_wrong_passphrase(clinic: OpenClinic, name: str, spoil: Callable[[bytes], bytes]) -> None:
    clinic.store.database.close()
    file = clinic.settings.data / name
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))
    assert refusal(clinic) in (RESTORABLE if spoil(whole) != whole else {""})


def test_a_lost_file_is_told(clinic: OpenClinic) -> None:
    clinic.store.database.close()
    clinic.settings.key_file.rename(clinic.settings.data / "elsewhere")
    assert refusal(clinic) == "keys_lost"
    (clinic.settings.data / "elsewhere").rename(clinic.settings.key_file)
    clinic.settings.database_file.unlink()
    assert refusal(clinic) == "database_missing"
    assert not clinic.settings.database_file.exists(), "no empty record takes its place"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_in_the_key_file_is_no_wrong_passphrase(
    clinic: OpenClinic, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(clinic.settings.key_file.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1), "place")] ^= 1 << data.draw(st.integers(0, 7), "bit")
    spoiled = tmp_path / "spoiled.keys"
    spoiled.write_bytes(content)
    try:
        keys = KeyFile.read(spoiled)
    except StoreProblem as problem:
        assert problem.code in {"keys_damaged", "store_newer"}
        return
    try:
        assert keys.open("ellison", PASSPHRASE) == clinic.store.data_key
    except StoreProblem as problem:
        assert problem.code == "key_slot_damaged"


def test_the_newest_whole_one_is_found_past_those_that_are_damaged(clinic: OpenClinic, plan: BackupPlan) -> None:
    folders = usual_folders(clinic.settings)
    assert best_backup(folders) is None
    made = []
    for _ in range(3):
        made.append(plan.run().file)
        clinic.clock.forward(days=1)
    best = best_backup(folders)
    assert best is not None and (best.file, best.damaged) == (made[2], 0)
    assert best.made_at == TEN + timedelta(days=2)
    content = bytearray(made[2].read_bytes())
    content[len(content) // 2] ^= 1
    made[2].write_bytes(content)
    (made[2].parent / "clinic-20990101-000000.backup").write_bytes(b"")
    best = best_backup(folders)
    assert best is not None and (best.file, best.damaged) == (made[1], 2)


def test_the_chosen_folder_is_known_without_the_record(clinic: OpenClinic, plan: BackupPlan, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    older = plan.run().file
    plan.choose(clinic.physician, BackupChoice(drive, 4))
    assert usual_folders(clinic.settings) == (drive, older.parent)
    best = best_backup(usual_folders(clinic.settings))
    assert best is not None and best.file == older, "before the first one is made there"
    clinic.clock.forward(hours=1)
    newer = plan.run().file
    best = best_backup(usual_folders(clinic.settings))
    assert best is not None and best.file == newer
    for spoiled in (b"", b"{}", b"[]", b'{"folder": 5}', b"\xff"):
        clinic.settings.backups_hint_file.write_bytes(spoiled)
        assert usual_folders(clinic.settings)[-1] == older.parent
        assert best_backup(usual_folders(clinic.settings)) is not None


def test_one_that_a_person_named_is_found_in_a_chosen_folder(clinic: OpenClinic, tmp_path: Path) -> None:
    file = tmp_path / "stick" / "before the holidays.backup"
    file.parent.mkdir()
    make_backup(clinic.settings, clinic.store.data_key, file, TEN)
    best = best_backup((tmp_path / "stick", tmp_path / "nowhere"))
    assert best is not None and best.file == file


def test_older_backups_stay_with_a_clinic_that_was_restored(clinic: OpenClinic, plan: BackupPlan) -> None:
    made = []
    for _ in range(3):
        made.append(plan.run().file.name)
        clinic.clock.forward(days=1)
    clinic.store.database.close()
    folder = clinic.settings.usual_backups
    aside = restore_backup(folder / made[1], clinic.settings.data, clinic.clock())
    assert aside is not None
    assert sorted(file.name for file in folder.iterdir()) == made[:2]
    assert [file.name for file in (aside / "backups").iterdir()] == made[2:], "it tells of what was taken back"
