"""The newest backup is really restored on trial: what does not come back is told, and nothing stays behind."""

import errno
import io
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from clinic_app import cli
from clinic_app.errors import ClinicError, WorkStopped
from clinic_app.models import sealing, snapshot
from clinic_app.services.backup_plan import BackupChoice, BackupPlan
from clinic_app.services.rehearsal import Rehearsals
from tests.clinics import PASSPHRASE
from tests.services.conftest import OpenClinic

pytestmark = pytest.mark.about_files


@pytest.fixture
def plan(clinic: OpenClinic) -> BackupPlan:
    return BackupPlan(clinic.settings, clinic.store.key, clinic.store.database, clinic.clock, "America/New_York")


@pytest.fixture
def rehearsals(clinic: OpenClinic, plan: BackupPlan) -> Rehearsals:
    clinic.signed(clinic.patient())
    return Rehearsals(clinic.settings, clinic.store.key, clinic.store.database, clinic.clock, "America/New_York", plan)


def left(clinic: OpenClinic) -> list[Path]:
    return [*clinic.settings.data.glob(".backup-*"), *clinic.settings.data.parent.glob("*before-restore*")]


def test_the_newest_backup_comes_back_and_what_came_of_it_is_kept(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals
) -> None:
    with pytest.raises(ClinicError, match="no backup"):
        rehearsals.run()
    plan.run()
    clinic.clock.forward(days=1)
    clinic.patient(family_name="Second")
    newest = plan.run()
    heard: list[int] = []
    came = rehearsals.run(lambda done, of: heard.append(done))
    assert (came.backup, came.patients, came.visits, came.wrong) == (newest.file.name, 2, 1, "")
    assert came.at == datetime(2026, 3, 3, 10)  # in New York
    assert rehearsals.last() == rehearsals.last_good() == came
    assert sorted(heard) == heard and set(heard) == {0, 1, 2}
    assert left(clinic) == []


def test_it_is_due_weekly_and_sooner_after_one_that_failed(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals
) -> None:
    assert not rehearsals.due() and not rehearsals.late()  # there is nothing to rehearse
    plan.run()
    assert rehearsals.due()
    rehearsals.run()
    assert not rehearsals.due()
    clinic.clock.forward(days=6, hours=23)
    assert not rehearsals.due()
    clinic.clock.forward(hours=1)
    assert rehearsals.due() and not rehearsals.late()
    clinic.clock.forward(days=8)
    assert rehearsals.late()
    plan.made()[0].file.write_bytes(b"no backup any more")
    assert rehearsals.run().wrong
    assert not rehearsals.due() and rehearsals.late()
    clinic.clock.forward(days=1)
    assert rehearsals.due()
    clinic.clock.moment -= timedelta(days=300)  # a clock set back does not put the next one off
    assert rehearsals.due()


def test_a_clinic_that_was_never_rehearsed_is_late_by_its_oldest_backup(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals
) -> None:
    plan.choose(clinic.physician, BackupChoice(plan.choice().folder, 4, rehearse_days=2))
    plan.run()
    clinic.clock.forward(days=4, hours=1)
    plan.run()
    assert rehearsals.late()
    with pytest.raises(ClinicError) as refused:
        plan.choose(clinic.physician, BackupChoice(plan.choice().folder, 4, rehearse_days=0))
    assert refused.value.field == "rehearse_days"


def test_a_damaged_newest_backup_is_told_and_the_last_good_one_stands(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals
) -> None:
    plan.run()
    good = rehearsals.run()
    clinic.clock.forward(days=1)
    newest = plan.run().file
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    came = rehearsals.run()
    assert "damaged" in came.wrong and newest.name in came.wrong
    assert rehearsals.last() == came
    assert rehearsals.last_good() == good
    assert left(clinic) == []


def test_what_was_changed_behind_the_programs_back_is_found_in_what_came_back(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals
) -> None:
    with clinic.store.database.engine.begin() as connection:
        sealing.remove(connection)
        connection.execute(text("UPDATE visit SET plan = 'another plan'"))
        sealing.install(connection)
    plan.run()
    assert "signatures" in rehearsals.run().wrong


def test_a_full_disk_is_told_and_nothing_stays(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.run()
    usual: Callable[..., Any] = io.open

    def full(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if mode == "wb" and str(file).endswith("restored/clinic.db"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return usual(file, mode, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(io, "open", full)
        came = rehearsals.run()
    assert "full" in came.wrong
    assert left(clinic) == []
    assert rehearsals.run().wrong == ""


def test_it_is_given_up_at_any_of_its_parts_and_leaves_nothing(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.run()
    monkeypatch.setattr(snapshot, "_INSTRUCTIONS", 100)  # a small clinic is read before the first usual pulse
    for part, after in ((0, 0), (0, 2), (1, 0), (1, 3), (2, 0), (2, 40)):
        calls = 0

        def stop(done: int, of: int, part: int = part, after: int = after) -> None:
            nonlocal calls
            calls += done == part
            if calls > after:
                raise WorkStopped("work_stopped")

        with pytest.raises(WorkStopped):
            rehearsals.run(stop)
        assert left(clinic) == []
        assert rehearsals.last() is None


def test_what_a_killed_one_left_behind_goes_with_the_next(
    clinic: OpenClinic, plan: BackupPlan, rehearsals: Rehearsals
) -> None:
    plan.run()
    killed = clinic.settings.data / ".backup-killed"
    (killed / "clinic").mkdir(parents=True)
    (killed / "clinic" / "clinic.db").write_bytes(b"half restored")
    days_ago = time.time() - 2 * 24 * 3600
    os.utime(killed, (days_ago, days_ago))
    rehearsals.run()
    assert left(clinic) == []


def test_the_command_says_what_came_back_and_exits_with_two_where_it_did_not(
    clinic: OpenClinic,
    plan: BackupPlan,
    rehearsals: Rehearsals,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    newest = plan.run().file
    arguments = ["--data", str(clinic.settings.data), "--user", "ellison", "rehearse"]
    assert cli.run(arguments) == 0
    assert f"{newest.name} came back whole: 1 patients, 1 visits" in capsys.readouterr().out
    newest.write_bytes(newest.read_bytes()[:-1000])
    assert cli.run(arguments) == 2
    assert "damaged" in capsys.readouterr().out
