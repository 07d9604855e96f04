"""Backup and restore as a person runs them, on a clinic that is set up, lost and brought back."""

from pathlib import Path

import pytest

from clinic_app import cli
from tests.clinics import PASSPHRASE
from tests.services.conftest import OpenClinic

pytestmark = pytest.mark.about_files


def test_a_clinic_is_backed_up_lost_and_brought_back(
    clinic: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    clinic.patient()
    file, there = tmp_path / "monday.backup", tmp_path / "new machine"
    common = ["--user", "ellison"]
    assert cli.run(["--data", str(clinic.settings.data), *common, "backup", str(file)]) == 0
    assert "1 patients, 0 visits" in capsys.readouterr().out
    assert cli.run(["--data", str(there), *common, "restore", str(file)]) == 0
    assert str(there) in capsys.readouterr().out
    assert cli.run(["--data", str(there), *common, "restore", str(file)]) == 0
    assert "is kept in" in capsys.readouterr().out
    file.write_bytes(file.read_bytes()[:-100])
    assert cli.run(["--data", str(there), *common, "restore", str(file)]) == 1
    assert "damaged" in capsys.readouterr().err
    assert cli.run(["--data", str(there), "--user", "ellison", "calendar", "--out", str(tmp_path / "a.ics")]) == 0


def test_without_a_passphrase_nothing_is_backed_up(
    clinic: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLINIC_APP_PASSPHRASE", raising=False)
    assert cli.run(["--data", str(clinic.settings.data), "backup", str(tmp_path / "x")]) == 1
    assert capsys.readouterr().err
    assert not (tmp_path / "x").exists()
