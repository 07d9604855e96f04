"""Backups that make themselves: due by the clock, rotated, and told when they fail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clinic_app.errors import ClinicError, NotAllowed, StoreProblem
from clinic_app.services.backup_plan import BackupChoice, BackupPlan
from clinic_app.services.backups import verify_backup
from tests.services.conftest import OpenClinic

pytestmark = pytest.mark.about_files


@pytest.fixture
def plan(clinic: OpenClinic) -> BackupPlan:
    return BackupPlan(clinic.settings, clinic.store.key, clinic.store.database, clinic.clock, "America/New_York")


def test_the_first_is_due_at_once_and_the_next_after_the_chosen_hours(clinic: OpenClinic, plan: BackupPlan) -> None:
    assert plan.due() and plan.late()
    made = plan.run()
    assert made.made_at == datetime(2026, 3, 2, 10)  # in New York
    verify_backup(made.file, clinic.store.data_key)
    assert not plan.due() and not plan.late()
    clinic.clock.forward(hours=3, minutes=59)
    assert not plan.due()
    clinic.clock.forward(minutes=1)
    assert plan.due()
    clinic.clock.forward(days=4)
    assert plan.late()


def test_a_clock_set_back_does_not_put_the_next_one_off(clinic: OpenClinic, plan: BackupPlan) -> None:
    plan.run()
    clinic.clock.moment -= timedelta(days=30)
    assert plan.due()
    plan.run()
    assert not plan.due()
    assert len(plan.made()) == 2


def test_older_ones_go_and_what_others_put_there_stays(clinic: OpenClinic, plan: BackupPlan, tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    plan.choose(clinic.physician, BackupChoice(folder, 1))
    for name in ("clinic-20261399-000000.backup", "notes.txt", "clinic-20200101-000000.backup.old"):
        (folder / name).write_text("not ours")
    for _ in range(4):
        newest = plan.run()
        clinic.clock.forward(hours=2)
    assert [made.file for made in plan.made()] == [newest.file], "of one day the newest"
    clinic.clock.forward(days=1)
    plan.run()
    assert len(plan.made()) == 2
    assert {path.name for path in folder.iterdir() if path.read_bytes() == b"not ours"} == {
        "clinic-20261399-000000.backup", "notes.txt", "clinic-20200101-000000.backup.old",
    }  # fmt: skip


def test_the_choice_is_kept_and_only_the_managers(clinic: OpenClinic, plan: BackupPlan, tmp_path: Path) -> None:
    usual = plan.choice()
    assert usual == BackupChoice(clinic.settings.data / "backups", 4)
    with pytest.raises(NotAllowed):
        plan.choose(clinic.nurse, usual)
    assert plan.choose(clinic.physician, BackupChoice(tmp_path / "drive", 12)) == usual
    assert plan.choice() == BackupChoice(tmp_path / "drive", 12)
    for wrong, field in ((replace(usual, hours=0), "hours"), (replace(usual, folder=Path("here")), "folder")):
        with pytest.raises(ClinicError) as refused:
            plan.choose(clinic.physician, wrong)
        assert refused.value.field == field


def test_a_drive_that_was_taken_away_is_told_and_the_next_try_is_due(
    clinic: OpenClinic, plan: BackupPlan, tmp_path: Path
) -> None:
    plan.choose(clinic.physician, BackupChoice(tmp_path / "drive", 4))
    (tmp_path / "drive").rmdir()
    (tmp_path / "drive").write_text("a file where the folder was")
    with pytest.raises(StoreProblem):
        plan.run()
    (tmp_path / "drive").unlink()
    assert plan.due()
    assert plan.run().file.parent == tmp_path / "drive"
    assert clinic.clock().tzinfo is UTC
