import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from clinic_app.errors import ClinicError, NotAllowed, StoreProblem, WrongPassphrase
from clinic_app.models.keys import KeyFile
from clinic_app.models.server import ServerAddress
from clinic_app.models.snapshot import counted_rows
from clinic_app.models.upgrade import downgrade
from clinic_app.services.stores import NewClinic, add_person, recover, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role
from tests.clinics import CHEAP, PASSPHRASE, StandingClock
from tests.postgres import OWNER
from tests.services.conftest import TEN, OpenClinic

ANSWERS = NewClinic(
    "Clinic",
    "US",
    "America/New_York",
    "en-US",
    PaperSize.LETTER,
    LabelRegion.US,
    "Dr. A",
    "a",
    frozenset({Role.PHYSICIAN}),
    PASSPHRASE,
)


def test_nothing_of_the_record_can_be_read_without_the_key(clinic: OpenClinic) -> None:
    clinic.patient(family_name="Unmistakable")
    clinic.store.database.close()
    for file in clinic.settings.data.iterdir():
        content = file.read_bytes()
        assert b"Unmistakable" not in content
        assert not content.startswith(b"SQLite format 3")


@pytest.mark.about_files
def test_files_are_for_their_owner_only(clinic: OpenClinic) -> None:
    assert stat.S_IMODE(clinic.settings.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(clinic.settings.database_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(clinic.settings.key_file.stat().st_mode) == 0o600


def test_a_wrong_passphrase_and_an_unknown_name_say_the_same(clinic: OpenClinic) -> None:
    said = set()
    for name, passphrase in (("ellison", "wrong"), ("nobody", PASSPHRASE), ("", "")):
        with pytest.raises(WrongPassphrase) as refused:
            unlock(clinic.settings, name, passphrase, clinic.clock)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_name_opens_in_any_case(clinic: OpenClinic) -> None:
    store = unlock(clinic.settings, "  ELLISON ", PASSPHRASE, clinic.clock)
    assert store.actor == clinic.physician
    store.database.close()


def test_the_recovery_code_gives_a_new_passphrase_however_it_is_typed(clinic: OpenClinic) -> None:
    typed = clinic.recovery_code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    recover(clinic.settings, typed, "Nurse", "another four unrelated words", clinic.clock, cost=CHEAP)
    store = unlock(clinic.settings, "nurse", "another four unrelated words", clinic.clock)
    assert store.actor.roles == {Role.NURSE}
    store.database.close()
    with pytest.raises(WrongPassphrase):
        unlock(clinic.settings, "nurse", PASSPHRASE, clinic.clock)
    with pytest.raises(WrongPassphrase):
        recover(clinic.settings, "AAAA", "nurse", "another four unrelated words", clinic.clock, cost=CHEAP)
    with pytest.raises(ClinicError) as refused:
        recover(
            clinic.settings, clinic.recovery_code, "nobody", "another four unrelated words", clinic.clock, cost=CHEAP
        )
    assert refused.value.field == "user_name"


def test_people_are_added_by_the_manager_only(clinic: OpenClinic) -> None:
    person = {"full_name": "X", "roles": frozenset({Role.NURSE}), "passphrase": PASSPHRASE, "cost": CHEAP}
    desk = replace(clinic.store, actor=clinic.desk)
    with pytest.raises(NotAllowed):
        add_person(clinic.settings, desk, clinic.clock, user_name="x", **person)  # type: ignore[arg-type]
    with pytest.raises(ClinicError) as refused:
        add_person(clinic.settings, clinic.store, clinic.clock, user_name="NURSE", **person)  # type: ignore[arg-type]
    assert refused.value.code == "account_exists"
    with pytest.raises(ClinicError):
        add_person(clinic.settings, clinic.store, clinic.clock, user_name=" ", **person)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"full_name": ""}, "full_name"),
        ({"user_name": ""}, "user_name"),
        ({"name": "a" * 301}, "name"),
        ({"time_zone": "Moon/Base"}, "time_zone"),
        ({"time_zone": "../etc"}, "time_zone"),
        ({"passphrase": "short"}, "passphrase"),
        ({"passphrase": "aaaaaaaaaaaa"}, "passphrase"),
    ],
)
def test_a_clinic_that_cannot_be_is_refused_and_leaves_nothing(
    tmp_path: Path, changes: dict[str, str], field: str
) -> None:
    settings = Settings(data=tmp_path / "new")
    with pytest.raises(ClinicError) as refused:
        set_up(settings, replace(ANSWERS, **changes), StandingClock(TEN), cost=CHEAP)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert str(refused.value)
    assert not settings.exists


def test_a_clinic_is_never_set_up_over_another(clinic: OpenClinic) -> None:
    settings, code = clinic.settings, "store_exists"
    if clinic.on_server:
        owner = ServerAddress.read(settings.database_url).with_account(OWNER)
        settings, code = replace(settings, database_url=str(owner)), "server_has_clinic"
    with pytest.raises(StoreProblem) as refused:
        set_up(settings, ANSWERS, clinic.clock, cost=CHEAP)
    assert refused.value.code == code


def test_a_folder_without_a_clinic_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem) as refused:
        unlock(Settings(data=tmp_path), "a", PASSPHRASE, StandingClock(TEN))
    assert refused.value.code == "keys_missing"
    assert str(tmp_path) in str(refused.value)


@pytest.mark.about_files
def test_a_database_that_is_not_ours_says_so(clinic: OpenClinic) -> None:
    clinic.store.database.close()
    clinic.settings.database_file.write_bytes(os.urandom(8192))
    for leftover in clinic.settings.data.glob("clinic.db-*"):
        leftover.unlink()
    with pytest.raises(StoreProblem) as refused:
        unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock)
    assert str(refused.value)


@pytest.mark.about_files
def test_a_missing_database_beside_its_keys_says_so(clinic: OpenClinic) -> None:
    clinic.store.database.close()
    clinic.settings.database_file.unlink()
    with pytest.raises(StoreProblem) as refused:
        unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock)
    assert refused.value.code == "database_missing"


@pytest.mark.parametrize("content", ["", "{}", '{"format": 1, "slots": [{"holder": 1}]}', "\x00\x01"])
def test_damaged_keys_say_so(clinic: OpenClinic, content: str) -> None:
    clinic.store.files.keys.write(content.encode())
    with pytest.raises(StoreProblem) as refused:
        KeyFile.read(clinic.store.files.keys)
    assert refused.value.code == ("server_keys_damaged" if clinic.on_server else "keys_damaged")


def test_files_of_a_newer_release_are_refused(clinic: OpenClinic) -> None:
    with clinic.behind_the_program() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreProblem) as refused:
        unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock)
    assert refused.value.code == "store_newer"
    clinic.store.files.keys.write(b'{"format": 3, "slots": []}')
    with pytest.raises(StoreProblem) as refused:
        KeyFile.read(clinic.store.files.keys)
    assert refused.value.code == "store_newer"


def test_an_account_taken_out_of_use_opens_nothing(clinic: OpenClinic) -> None:
    with clinic.store.database.writing(None, clinic.clock()) as session:
        session.execute(text("UPDATE account SET active = false WHERE user_name = 'nurse'"))
    with pytest.raises(WrongPassphrase):
        unlock(clinic.settings, "nurse", PASSPHRASE, clinic.clock)
    assert KeyFile.read(clinic.store.files.keys).without("nurse").holders() == ("ellison", "desk")


def test_a_slot_moved_to_another_name_opens_nothing(clinic: OpenClinic) -> None:
    keys = KeyFile.read(clinic.store.files.keys)
    nurse = next(slot for slot in keys.slots if slot.holder == "nurse")
    moved = replace(nurse, holder="ellison")
    with pytest.raises(StoreProblem, match="damaged"):
        KeyFile((moved,)).open("ellison", PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        KeyFile((replace(moved, check=moved.sum()),)).open("ellison", PASSPHRASE)


@pytest.mark.about_files
def test_before_an_upgrade_the_record_is_kept_with_what_the_log_still_holds(clinic: OpenClinic) -> None:
    clinic.patient()
    downgrade(clinic.store.database.engine, "0007")  # while the store stays open, its log is not folded in
    for _ in range(2):  # the second time after an upgrade that was broken off
        store = unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock)
        store.database.close()
        copy = clinic.settings.data / "clinic.db.before-0007"
        assert counted_rows(copy, clinic.store.data_key)["patient"] == 1
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        downgrade(clinic.store.database.engine, "0007")
