"""The disk spoiled the record: the unlock page says so, and leads to the newest whole backup and back to the day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.backups import make_backup
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.ui.program import Program
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW, USER
from tests.journeys.hands import press, seen, write

pytestmark = pytest.mark.about_files


@pytest.fixture
def backed_up(settings: Settings) -> Settings:
    """Two backups where they usually are, a day apart; nobody's passphrase is given."""
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    for day in range(2):
        moment = NOW + timedelta(days=day)
        BackupPlan(settings, store.key, store.database, lambda at=moment: at, "America/New_York").run()  # type: ignore[misc]
    store.database.close()
    return replace(settings, user_name="", passphrase=None)


def refused_page(program: Program) -> UnlockPage:
    page = program.opening.widget(0)
    assert isinstance(page, UnlockPage)
    write(page, "User name", USER)
    write(page, "Passphrase", PASSPHRASE)
    press(page, "Unlock")
    assert program.tasks.wait_idle(60)
    assert program.opening.widget(0) is page
    return page


def unlocked(program: Program, page: UnlockPage) -> bool:
    write(page, "Passphrase", PASSPHRASE)
    press(page, "Unlock")
    assert program.tasks.wait_idle(60)
    return program.clinic_window is not None


@pytest.mark.parametrize("name", ["clinic.db", "clinic.keys"])
def test_a_damaged_file_is_told_and_the_newest_backup_restored(
    backed_up: Settings, open_program: Callable[..., Program], name: str
) -> None:
    (backed_up.data / name).write_bytes(b"\0" * 9000)
    program = open_program(backed_up)
    page = refused_page(program)
    assert not page.unlock_button.isVisible()
    assert "estore the latest backup" in page.offer.problem.text()
    assert page.offer.restore_button.isVisible()
    page.offer.restore_button.click()
    assert "not in it" in page.offer.words.text()
    press(page, "Cancel")
    page.offer.restore_button.click()
    press(page, "Restore now")
    assert program.tasks.wait_idle(60)
    assert "is restored" in page.restored.text()
    (aside,) = backed_up.data.parent.glob("clinic.before-restore-*")
    assert (aside / name).read_bytes() == b"\0" * 9000
    assert len(list(backed_up.usual_backups.iterdir())) == 2
    assert unlocked(program, page)


def test_another_folder_is_looked_in_where_no_backup_is(
    settings: Settings, open_program: Callable[..., Program], tmp_path: Path
) -> None:
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    stick = tmp_path / "stick"
    stick.mkdir()
    make_backup(settings, store.data_key, stick / "monday.backup", NOW)
    store.database.close()
    settings.database_file.unlink()
    program = open_program(replace(settings, user_name="", passphrase=None))
    page = refused_page(program)
    assert "No whole backup was found" in page.offer.words.text()
    assert not page.offer.restore_button.isVisible()
    page.offer.folder_chosen.emit(stick)
    assert program.tasks.wait_idle(60)
    assert "monday.backup" in page.offer.where.text().replace("\u200b", "")
    page.offer.restore_button.click()
    press(page, "Restore now")
    assert program.tasks.wait_idle(60)
    assert unlocked(program, page)


def test_whoever_mends_it_by_other_means_tries_again(backed_up: Settings, open_program: Callable[..., Program]) -> None:
    backed_up.key_file.rename(backed_up.data / "taken away")
    program = open_program(backed_up)
    page = refused_page(program)
    (backed_up.data / "taken away").rename(backed_up.key_file)
    press(page, "Try to unlock again")
    assert page.unlock_button in set(seen(page))
    assert unlocked(program, page)
