"""Old records brought in from the command line."""

from pathlib import Path

import pytest

from clinic_app import cli
from tests.clinics import PASSPHRASE
from tests.exchange.fhir.resources import anna, bundle, of_anna
from tests.services.conftest import OpenClinic

PATIENTS = "MRN;Surname;First name;DOB\nN1;Lee;Bo;02.03.1960\nN2;Ray;Jo;13.03.1961\nN3;Roe;Al;soon\n"
INJECTIONS = (
    "MRN;Datum;Muskel;Seite;Dosis;Mittel;Indikation\n"
    "N1;24.11.2025;Splenius;li;60;BTX-A;zervikale Dystonie\n"
    "N1;24.11.2025;levator scapulae;bds;40;BTX-A;zervikale Dystonie\n"
)


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)


def test_patients_and_injections_come_in_and_go_again(
    clinic: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    patients, injections, rejected = (tmp_path / name for name in ("p.csv", "i.csv", "rejected.csv"))
    patients.write_text(PATIENTS)
    injections.write_text(INJECTIONS)
    run = [*clinic.address, "--user", "ellison", "import"]
    assert cli.run([*run, str(patients), "--kind", "patients"]) == 1
    told = capsys.readouterr()
    assert "Row 4: DOB: " in told.out
    assert "Nothing was brought in" in told.err
    assert cli.run([*run, str(patients), "--kind", "patients", "--rejected", str(rejected)]) == 0
    assert "2 rows came in as import 1." in capsys.readouterr().out
    assert rejected.read_text(encoding="utf-8-sig").splitlines()[1].startswith('N3,Roe,Al,soon,"DOB: ')
    asked = [*run, str(injections), "--kind", "injections", "--column", "Mittel=product"]
    assert cli.run([*asked, "--dry-run"]) == 1
    told = capsys.readouterr()
    assert "product “BTX-A” (2 rows): " in told.out
    answers = ["--is", "BTX-A=onabotulinumtoxinA", "--is", "Splenius=splenius capitis", "--is", "=each"]
    assert cli.run([*asked, *answers]) == 0
    assert "2 rows came in as import 2." in capsys.readouterr().out
    assert cli.run([*run, "--list"]) == 0
    assert "2: injections from i.csv, 2 rows in, 0 out" in capsys.readouterr().out
    assert cli.run([*run, "--undo", "1"]) == 1
    assert "Bo Lee: there is a visit of 24 Nov 2025" in capsys.readouterr().err
    assert cli.run([*run, "--undo", "2"]) == cli.run([*run, "--undo", "1"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", "--kind", "patients"], "nowhere.csv cannot be read"),
        (["nowhere.csv"], "nowhere.csv cannot be read"),
        ([__file__], "--kind"),
        ([], "--kind"),
        (["--undo", "7"], "not on record"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    clinic: OpenClinic, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert cli.run([*clinic.address, "--user", "ellison", "import", *arguments]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("wrong", [["--column", "Datum=colour"], ["--is", "nothing"]])
def test_a_meaning_that_is_none_is_refused(
    clinic: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    file = tmp_path / "p.csv"
    file.write_text(PATIENTS)
    assert cli.run([*clinic.address, "--user", "ellison", "import", str(file), "--kind", "patients", *wrong]) == 1
    assert wrong[1].rpartition("=")[2] in capsys.readouterr().err


def test_a_bundle_of_another_program_comes_in(
    clinic: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "others.json"
    allergy = of_anna("AllergyIntolerance", code={"text": "Penicillin"})
    file.write_bytes(bundle(anna(photo=[{"url": "x"}]), allergy, of_anna("Observation", status="final")))
    run = [*clinic.address, "--user", "ellison", "import", str(file)]
    assert cli.run([*run, "--kind", "injections"]) == 1
    assert "Leave --kind out" in capsys.readouterr().err
    assert cli.run([*run, "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "Never brought in: Observation (1)." in told
    assert (
        "Row 1 comes in. Only the first of identifier was taken over; left out: INS-9. Not taken over: photo." in told
    )
    assert "1 row can come in" in told
    assert cli.run(run) == 0
    assert "1 row came in as import 1." in capsys.readouterr().out
    assert [row.name for row in clinic.services.patients.search(clinic.physician, "")] == ["Anna Maria Larsen"]
