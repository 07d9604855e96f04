"""What goes wrong around the program: a folder that is read-only, a clock set back, a key file that is gone."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models import AuditEntry, Patient
from clinic_app.reference import Reference
from clinic_app.services.accounts import AccountForm, Accounts
from clinic_app.services.identity import Confirmed
from clinic_app.services.stores import recover, unlock
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, Role
from tests.clinics import CHEAP, PASSPHRASE, SealedClinic, StandingClock
from tests.faults.scripted import OTHER_PASSPHRASE
from tests.faults.workplace import TEN, broken, enter
from tests.services.booking import wanted
from tests.services.conftest import OpenClinic


def accounts_of(clinic: OpenClinic) -> Accounts:
    store = clinic.store
    return Accounts(store.database, clinic.clock, clinic.settings.key_file, store.key, cost=CHEAP)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written, by the system's administrator neither, where the system lets us say so."""
    bound = subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False).returncode == 0
    if bound:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (*folder.rglob("*"), folder)}
    if not bound:
        for path, mode in modes.items():
            path.chmod(mode & 0o555)
    try:
        yield
    finally:
        if bound:
            subprocess.run(["umount", "--lazy", folder], check=True)
        else:
            for path, mode in modes.items():
                path.chmod(mode)


def test_a_read_only_folder_is_told_and_nothing_in_it_changes(
    port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> None:
    settings = port_alder.copy(tmp_path / "clinic")
    clinic = enter(settings, reference)
    patient = clinic.patient()
    clinic.store.database.close()
    before = {file.name: file.read_bytes() for file in settings.data.iterdir() if file.is_file()}
    with read_only(settings.data):
        told = set()
        for act in (
            lambda: enter(settings, reference).patient(family_name="Late"),
            lambda: recover(
                settings, port_alder.recovery_code, "ellison", OTHER_PASSPHRASE, StandingClock(TEN), cost=CHEAP
            ),
        ):
            with pytest.raises(StoreProblem) as refused:
                act()
            assert str(refused.value)
            told.add(refused.value.code)
        assert told <= {"store_read_only", "store_unreachable", "folder_unusable"}
    assert {file.name: file.read_bytes() for file in settings.data.iterdir() if file.is_file()} == before
    clinic = enter(settings, reference)
    assert [row.id for row in clinic.services.patients.search(clinic.desk, "")] == [patient]
    assert broken(clinic) == ()
    clinic.store.database.close()


def test_a_folder_that_becomes_read_only_while_the_clinic_is_open(
    port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> None:
    clinic = enter(port_alder.copy(tmp_path / "clinic"), reference)
    clinic.patient()
    keys = clinic.settings.key_file.read_bytes()
    with read_only(clinic.settings.data):
        with pytest.raises(StoreProblem) as refused:
            accounts_of(clinic).change_passphrase(clinic.physician, PASSPHRASE, OTHER_PASSPHRASE)
        assert str(refused.value)
        assert clinic.services.backup_plan is not None
        with pytest.raises(StoreProblem) as refused:
            clinic.services.backup_plan.run()
        assert str(refused.value)
        assert clinic.services.patients.search(clinic.desk, "Okafor"), "what is there can be read"
    assert clinic.settings.key_file.read_bytes() == keys
    assert broken(clinic) == ()
    clinic.store.database.close()
    unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock).database.close()


def test_a_clock_set_back_loses_nothing(port_alder: SealedClinic, reference: Reference, tmp_path: Path) -> None:
    """By an hour, a day and ten years, before work, during it and after it."""
    clinic = enter(port_alder.copy(tmp_path / "clinic"), reference)
    services, plan = clinic.services, clinic.services.backup_plan
    assert plan is not None
    lot = clinic.lot()
    patient = clinic.patient()
    first = clinic.signed(patient, clinic.content(lot))
    plan.run()
    entries = 0
    for back in (timedelta(hours=1), timedelta(days=1), timedelta(days=3650)):
        later = clinic.clock.moment
        clinic.clock.moment = later - back
        assert plan.due() or back < timedelta(hours=4)
        made = plan.run()
        assert made.file.exists(), "the rotation takes away no backup that was just made"
        assert plan.made()
        draft = services.charts.start(clinic.physician, patient)
        services.charts.keep(clinic.physician, draft.id, draft.version, clinic.content(lot))
        assert services.presence.beat(clinic.nurse, draft.id) == ()
        clinic.clock.moment = later
        assert services.presence.beat(clinic.physician, draft.id) == ()
        assert services.charts.open(clinic.physician, draft.id).content.plan == "Repeat in 12 weeks."
        services.charts.discard(clinic.physician, draft.id, draft.version + 1)
        with clinic.store.database.reading() as session:
            count = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
            last = session.scalar(select(func.max(AuditEntry.id)))
        assert count > entries
        assert last == count, "the trail is in the order of what happened, whatever the clock said"
        entries = count
    assert [row.id for row in services.visits.of_patient(clinic.physician, patient)] == [first]
    assert broken(clinic) == ()
    clinic.store.database.close()


def test_who_typed_wrong_passphrases_waits_no_longer_when_the_clock_is_set_back(
    port_alder: SealedClinic, tmp_path: Path
) -> None:
    settings, clock = port_alder.copy(tmp_path / "clinic"), StandingClock(TEN)
    for _ in range(7):
        with pytest.raises(ClinicError):
            unlock(settings, "ellison", "not this one", clock)
        clock.forward(minutes=5)
    clock.moment -= timedelta(days=400)
    with pytest.raises(ClinicError) as waits:
        unlock(settings, "ellison", PASSPHRASE, clock)
    assert waits.value.code == "unlock_paused"
    seconds = waits.value.parameters["seconds"]
    assert isinstance(seconds, int)
    assert seconds <= 300
    clock.forward(seconds=seconds)
    unlock(settings, "ellison", PASSPHRASE, clock).database.close()


def test_a_signature_after_the_clock_went_back_asks_again(
    port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> None:
    clinic = enter(port_alder.copy(tmp_path / "clinic"), reference)
    draft = clinic.services.charts.start(clinic.physician, clinic.patient())
    confirmed = Confirmed(clinic.physician.account_id, clinic.clock())
    clinic.clock.moment -= timedelta(hours=2)
    with pytest.raises(ClinicError) as refused:
        clinic.services.charts.sign(clinic.physician, draft.id, draft.version, clinic.content(), confirmed)
    assert refused.value.code == "not_confirmed"
    assert clinic.services.charts.open(clinic.physician, draft.id).version == draft.version
    clinic.store.database.close()


def test_a_key_file_lost_while_the_clinic_is_open(
    port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> None:
    """Work goes on, each act that needs the file says that it is gone, and a backup brings it back."""
    clinic = enter(port_alder.copy(tmp_path / "clinic"), reference)
    plan = clinic.services.backup_plan
    assert plan is not None
    earlier = plan.run()
    clinic.settings.key_file.unlink()
    patient = clinic.patient()
    visit = clinic.signed(patient)
    assert visit
    accounts = accounts_of(clinic)
    for act in (
        lambda: accounts.change_passphrase(clinic.physician, PASSPHRASE, OTHER_PASSPHRASE),
        lambda: accounts.reset_passphrase(clinic.physician, clinic.nurse.account_id, OTHER_PASSPHRASE),
        lambda: accounts.add(
            clinic.physician, AccountForm("holm", "Dr. Ida Holm", frozenset({Role.PHYSICIAN})), OTHER_PASSPHRASE
        ),
        lambda: clinic.services.identity.confirm(clinic.physician, PASSPHRASE),
        plan.run,
    ):
        with pytest.raises(StoreProblem) as refused:
            act()
        assert "clinic.keys" in str(refused.value)
        assert not clinic.settings.key_file.exists(), "a key file with one slot would hide that the others are lost"
    assert [each.what for each in broken(clinic)] == ["keys"]
    assert earlier.file.exists()
    clinic.store.database.close()
    with pytest.raises(StoreProblem) as refused:
        unlock(clinic.settings, "ellison", PASSPHRASE, clinic.clock)
    assert "clinic.keys" in str(refused.value)
    _keys_from(earlier.file, clinic.settings)
    again = enter(clinic.settings, reference)
    assert [row.id for row in again.services.visits.of_patient(again.physician, patient)] == [visit]
    assert broken(again) == ()
    again.store.database.close()


def _keys_from(backup: Path, settings: Settings) -> None:
    """As the sentence says: put back from a backup, which is an archive."""
    shutil.unpack_archive(backup, settings.data.parent / "unpacked", "zip")
    shutil.copy(settings.data.parent / "unpacked" / "clinic.keys", settings.key_file)


def test_the_manager_is_told_of_accounts_when_the_key_file_is_gone(
    port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> None:
    clinic = enter(port_alder.copy(tmp_path / "clinic"), reference)
    appointment = clinic.services.schedule.book(clinic.desk, wanted(clinic, clinic.patient()))
    clinic.settings.key_file.unlink()
    with pytest.raises(StoreProblem, match=r"clinic\.keys"):
        accounts_of(clinic).entries(clinic.physician)
    state = clinic.services.schedule.set_state(clinic.desk, appointment, 1, AppointmentState.CONFIRMED)
    assert state == 2
    with clinic.store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == 1
    clinic.store.database.close()
