"""A clinic on a server is backed up, checked and brought back: by the program's own commands and by the server's."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url

from clinic_app import cli
from clinic_app.reference import Reference
from clinic_app.services.backups import make_backup
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from tests.clinics import PASSPHRASE, SealedClinic
from tests.faults.workplace import broken, enter
from tests.postgres import OWNER, PostgresServer
from tests.services.conftest import TEN, OpenClinic, seal_port_alder


@pytest.fixture(scope="module")
def sealed(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    return seal_port_alder(tmp_path_factory.mktemp("server") / "sealed", own_server)


def _used(clinic: OpenClinic) -> None:
    """Three patients, of whom two were injected, and a research export's pseudonyms."""
    lot = clinic.lot()
    for number in range(2):
        clinic.signed(clinic.patient(family_name=f"Name{number}"), clinic.content(lot))
    clinic.patient(family_name="Nobody")
    clinic.store.research_key.disguises([(1, TEN)])


def test_a_clinic_on_a_server_is_backed_up_verified_and_brought_back_anywhere(
    sealed: SealedClinic, own_server: PostgresServer, tmp_path: Path, reference: Reference,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    settings = sealed.copy(tmp_path / "workstation")
    clinic = enter(settings, reference)
    _used(clinic)
    disguise = clinic.store.research_key.disguises([(1, TEN)])
    clinic.store.close()
    file, there = tmp_path / "monday.backup", tmp_path / "new machine"
    common = ["--data", str(settings.data), "--user", "ellison"]
    at = ["--database", settings.database_url]
    assert cli.run([*common, *at, "backup", str(file)]) == 0
    assert "3 patients, 2 visits" in capsys.readouterr().out
    assert cli.run([*common, *at, "verify"]) == 0
    # Into a folder: a laptop, on the day on which the server is gone.
    assert cli.run(["--data", str(there), "--user", "ellison", "restore", str(file)]) == 0
    folder = enter(Settings(data=there), reference)
    assert broken(folder) == ()
    assert folder.store.research_key.disguises([(1, TEN)]) == disguise
    folder.signed(folder.patient(family_name="Later"))
    folder.store.close()
    # Onto a server.
    empty = own_server.new_database()
    assert cli.run([*common, "--database", own_server.url(empty, OWNER), "restore", str(file)]) == 0
    again = enter(Settings(data=settings.data, database_url=own_server.url(empty)), reference)
    assert broken(again) == ()
    assert len(again.services.patients.search(again.physician, "Name")) == 2
    again.signed(again.patient(family_name="Later"))
    again.store.close()
    own_server.drop_copies()


def test_what_is_saved_while_a_backup_is_made_is_in_it_whole_or_not_at_all(
    sealed: SealedClinic, own_server: PostgresServer, tmp_path: Path, reference: Reference
) -> None:
    settings = sealed.copy(tmp_path / "workstation")
    clinic = enter(settings, reference)
    _used(clinic)
    lot = clinic.lot()
    file = tmp_path / "monday.backup"
    steps = 0

    def work(_done: int, _of: int) -> None:
        nonlocal steps
        steps += 1
        if steps % 8 == 0:
            clinic.signed(clinic.patient(family_name=f"Meanwhile{steps}"), clinic.content(lot))

    manifest = make_backup(settings, clinic.store.data_key, file, TEN, work)
    assert steps >= 8
    assert manifest.rows["visit"] == 2
    clinic.store.close()
    assert cli.run(["--data", str(tmp_path / "there"), "restore", str(file)]) == 0
    folder = enter(Settings(data=tmp_path / "there"), reference)
    assert broken(folder) == ()
    folder.store.close()
    own_server.drop_copies()


def test_the_servers_own_dump_brings_a_whole_clinic_back(
    sealed: SealedClinic, own_server: PostgresServer, tmp_path: Path, reference: Reference
) -> None:
    settings = sealed.copy(tmp_path / "workstation")
    clinic = enter(settings, reference)
    _used(clinic)
    clinic.store.close()
    name = make_url(settings.database_url).database
    assert name is not None
    where = ["-h", str(own_server.folder), "-p", str(own_server.port), "-U", OWNER]
    dump, empty = tmp_path / "clinic.dump", own_server.new_database()
    for command in (
        ["pg_dump", "-Fc", "-f", str(dump), *where, name],
        ["pg_restore", "--exit-on-error", "-d", empty, *where, str(dump)],
    ):
        subprocess.run([own_server.programs / command[0], *command[1:]], check=True, env=os.environ)
    again = enter(Settings(data=settings.data, database_url=own_server.url(empty)), reference)
    assert verify_clinic(again.settings, again.store.database, again.store.data_key, tmp_path) == ()
    again.signed(again.patient(family_name="Later"))
    again.store.close()
    own_server.drop_copies()
