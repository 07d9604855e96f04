"""Backups at the window: made when due, at once when asked for, and what failed is said."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from clinic_app.reference.catalogue import load_reference
from clinic_app.services.backup_plan import BackupChoice, BackupPlan, MadeBackup
from clinic_app.services.bundle import Services
from clinic_app.services.paper import Step
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import Role
from clinic_app.ui.backup_watch import BackupWatch, RehearsalWatch
from clinic_app.ui.changes import Changes
from clinic_app.ui.locale import date_text
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock
from tests.ui.clinic import NINE
from tests.ui.desk import Desk, settle
from tests.ui.settings.conftest import SettingsDesk


class Office:
    """A clinic with backups, its settings on screen and the watch."""

    def __init__(self, settings: Settings, tasks: Tasks, user: str = "ellison") -> None:
        self.clock, changes = StandingClock(NINE), Changes()
        self.store = unlock(settings, user, PASSPHRASE, self.clock, changes.announce)
        services = Services(self.store.database, self.clock, load_reference(), backup=(settings, self.store.key))
        assert services.backup_plan is not None
        self.plan: BackupPlan = services.backup_plan
        workplace = Workplace(services, self.store.actor, tasks, changes, services.atlas)
        self.desk: SettingsDesk = Desk(SettingsView(workplace), workplace)
        self.desk.view.undo_offered.connect(lambda said, undo: self.desk.messages.append((said, undo)))
        self.watch = BackupWatch(self.plan, tasks)
        self.failures: list[str] = []
        self.made: list[MadeBackup] = []
        self.watch.warned.connect(self.failures.append)
        self.watch.made.connect(self.made.append)
        assert services.rehearsals is not None
        self.rehearsing = RehearsalWatch(services.rehearsals, tasks)
        self.rehearsing.warned.connect(self.failures.append)
        page = self.desk.view.backup
        assert page is not None
        self.page = page
        page.watch(self.watch)
        page.rehearsal.watch(self.rehearsing)

    def day(self) -> str:
        """Today as the page writes it."""
        return date_text(self.clock.moment.astimezone(ZoneInfo("America/New_York")).date())


@pytest.fixture
def office(
    sealed_clinic: SealedClinic, tmp_path: Path, tasks: Tasks, put_on_screen: Callable[[SettingsDesk], None]
) -> Iterator[Office]:
    made = Office(sealed_clinic.copy(tmp_path / "clinic"), tasks)
    put_on_screen(made.desk)
    made.desk.view.show_page(made.page)
    made.desk.settle()
    yield made
    settle(tasks)
    made.store.database.close()


def test_what_is_due_is_made_and_listed_and_not_again_before_its_time(office: Office) -> None:
    for _ in range(2):
        office.watch.look()
        office.desk.settle()
    assert [row.file for row in office.page.table.rows_model.rows()] == [office.made[0].file]
    office.clock.moment += timedelta(hours=5)
    office.watch.look()
    office.desk.settle()
    assert len(office.made) == 2


def test_one_more_is_made_at_once(office: Office) -> None:
    office.page.now_button.click()
    assert not office.page.now_button.isEnabled()
    office.desk.settle()
    assert len(office.made) == 1
    assert office.page.now_button.isEnabled()
    assert "opened and compared" in office.page.state.text()


def test_a_long_one_shows_how_far_it_is_and_is_given_up(
    office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_plan: BackupPlan, step: Step) -> MadeBackup:
        while True:
            step(3, 4)

    monkeypatch.setattr(BackupPlan, "run", endless)
    office.page.now_button.click()
    qtbot.waitUntil(office.page.progress.isVisible)
    qtbot.waitUntil(lambda: office.page.progress.words.text() == "Opening and comparing it")
    office.page.progress.cancel_button.click()
    office.desk.settle()
    assert not office.page.progress.isVisible()
    assert office.page.now_button.isEnabled()
    assert office.made == []
    assert office.failures == []


def test_the_hours_and_the_folder_are_chosen_and_taken_back(office: Office, tmp_path: Path) -> None:
    office.page.hours.set_value(12)
    office.page.hours.changed.emit()
    office.desk.settle()
    office.page._folder_chosen(str(tmp_path / "drive"))
    office.desk.settle()
    assert office.plan.choice() == BackupChoice(tmp_path / "drive", 12)
    assert office.page.folder.value() == str(tmp_path / "drive")
    office.desk.undo()
    office.desk.settle()
    assert office.plan.choice().hours == 12
    assert office.plan.choice().folder != tmp_path / "drive"


def test_a_drive_that_is_gone_is_said_once_in_the_window_and_on_the_page(office: Office, tmp_path: Path) -> None:
    office.page._folder_chosen(str(tmp_path / "drive"))
    office.desk.settle()
    (tmp_path / "drive").rmdir()
    (tmp_path / "drive").write_text("something else")
    for _ in range(2):
        office.watch.run()
        office.desk.settle()
    (told,) = office.failures
    assert told.startswith("No backup could be made.")
    assert office.page.state.text() == told
    office.page.state.hide()
    office.page.now_button.click()
    office.desk.settle()
    assert office.page.state.isVisible(), "whoever asks for one hears each time"
    office.page.refresh()
    office.desk.settle()
    assert office.page.state.text()
    (tmp_path / "drive").unlink()
    office.watch.run()
    office.desk.settle()
    assert len(office.made) == 1


def test_the_newest_backup_is_restored_on_trial_and_what_came_back_is_shown(office: Office) -> None:
    section = office.page.rehearsal
    assert not section.now_button.isEnabled(), "there is no backup yet"
    assert "No restore was rehearsed yet" in section.last.text()
    office.watch.run()
    office.desk.settle()
    office.rehearsing.look()
    office.desk.settle()
    assert section.last.text().startswith(f"Last rehearsal: {office.day()}, 04:00. Patients: 0, visits: 0")
    assert office.failures == []
    office.clock.moment += timedelta(days=1)
    section.now_button.click()
    office.desk.settle()
    assert section.last.text().startswith(f"Last rehearsal: {office.day()}, 04:00.")


def test_a_rehearsal_that_failed_is_said_once_in_the_window_and_stays_on_the_page(office: Office) -> None:
    section = office.page.rehearsal
    office.watch.run()
    office.desk.settle()
    office.rehearsing.run()
    office.desk.settle()
    good = office.day()
    office.made[0].file.write_bytes(b"no backup any more")
    office.clock.moment += timedelta(days=1)
    for _ in range(2):
        section.now_button.click()
        office.desk.settle()
    (said,) = office.failures
    assert said.startswith("A rehearsed restore failed.") and "damaged" in said
    assert section.last.text().startswith(f"Last rehearsal: {office.day()}, 04:00. It failed:")
    assert section.good.text().startswith(f"Last good one: {good}, 04:00.")
    office.clock.moment += timedelta(days=20)
    office.rehearsing.look()
    office.desk.settle()
    assert any("too long" in each for each in office.failures)


def test_how_often_a_restore_is_rehearsed_is_chosen_and_taken_back(office: Office) -> None:
    office.page.days.set_value(30)
    office.page.days.changed.emit()
    office.desk.settle()
    assert office.plan.choice().rehearse_days == 30
    assert office.desk.messages[-1][0].endswith("a restore is rehearsed every month.")
    office.desk.undo()
    assert office.plan.choice().rehearse_days == 7


def test_a_clinic_without_its_own_backups_has_no_such_page(
    open_settings: Callable[[Role], SettingsDesk],
) -> None:
    assert open_settings(Role.MANAGER).view.backup is None
