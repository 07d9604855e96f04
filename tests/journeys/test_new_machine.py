"""A computer is lost. On a new one there are the program, a backup and the recovery code on paper: nothing else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from clinic_app import cli
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.ui.program import Program
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE, PORT_ALDER, SealedClinic, StandingClock, seal
from tests.journeys.conftest import NOW
from tests.journeys.hands import press, write

pytestmark = pytest.mark.about_files

OTHER = "seven quiet herons landing"


@pytest.fixture
def lost(tmp_path: Path) -> SealedClinic:
    """A clinic with one patient."""
    clinic = seal(tmp_path / "lost machine", PORT_ALDER, NOW, {})
    store = unlock(clinic.settings, "ellison", PASSPHRASE, StandingClock(NOW))
    services = Services(store.database, StandingClock(NOW), load_reference())
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12))
    services.patients.register(store.actor, form)
    store.database.close()
    return clinic


def test_backup_and_recovery_code_alone_bring_the_clinic_back(
    lost: SealedClinic,
    tmp_path: Path,
    open_program: Callable[..., Program],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, there = tmp_path / "clinic.backup", tmp_path / "new machine" / "clinic"
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    assert cli.run(["--data", str(lost.settings.data), "--user", "ellison", "backup", str(file)]) == 0
    monkeypatch.delenv("CLINIC_APP_PASSPHRASE")
    assert cli.run(["--data", str(there), "restore", str(file)]) == 0
    assert "recovery code" in capsys.readouterr().out

    program = open_program(Settings(data=there))
    page = program.opening.widget(0)
    assert isinstance(page, UnlockPage)
    press(page, "Use the recovery code")
    write(page, "User name", "forgotten")
    write(page, "Recovery code", lost.recovery_code.replace("-", " ").lower())
    write(page, "New passphrase", OTHER)
    write(page, "New passphrase again", OTHER)
    press(page, "Set new passphrase")
    assert program.tasks.wait_idle(60)
    assert program.opening.widget(0) is page
    assert "ellison" in page.recovery.user_name.error(), "who has the code may know who has an account"
    write(page, "User name", "ellison")
    press(page, "Set new passphrase")
    assert program.tasks.wait_idle(60)
    assert program.clinic_window is not None
    workplace = program.clinic_window.workplace
    (found,) = workplace.services.patients.search(workplace.actor, "okafor", limit=8)
    assert found.name
