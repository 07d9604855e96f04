"""A person changes the passphrase in the real window, locks, and unlocks with the new one."""

from collections.abc import Callable

from clinic_app.settings import Settings
from clinic_app.ui.passphrase_sheet import PassphraseSheet
from clinic_app.ui.program import Program
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import USER

OTHER = "seven quiet herons landing"


def test_a_changed_passphrase_unlocks_and_the_old_one_does_not(
    settings: Settings, open_program: Callable[..., Program]
) -> None:
    program = open_program(settings)
    assert program.clinic_window is not None
    window = program.clinic_window.window
    command = next(each for each in window.commands() if each.text() == "Change passphrase…")
    command.trigger()
    (sheet,) = window.findChildren(PassphraseSheet)
    sheet.old.set_value(PASSPHRASE)
    sheet.new.set_value(OTHER)
    sheet.again.set_value(OTHER)
    sheet.save.click()
    assert program.tasks.wait_idle(60)
    program.clinic_window.lock_requested.emit()
    assert program.tasks.wait_idle(60)
    page = program.opening.widget(0)
    assert isinstance(page, UnlockPage)
    page.unlock_requested.emit(USER, PASSPHRASE)
    assert program.tasks.wait_idle(60)
    assert "not right" in page.passphrase.error()
    opened = list[object]()
    program.opened.connect(opened.append)
    page.unlock_requested.emit(USER, OTHER)
    assert program.tasks.wait_idle(60)
    assert opened == [program.clinic_window]
