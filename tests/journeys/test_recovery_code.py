"""A clinic is set up by hand and its code tried from paper; later the manager makes another one in the settings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_app.errors import WrongPassphrase
from clinic_app.models.keys import KeyFile
from clinic_app.models.server import ServerAddress, server_engine
from clinic_app.models.small_files import SmallFiles
from clinic_app.settings import Settings
from clinic_app.ui.first_run import FirstRunPage
from clinic_app.ui.program import Program
from clinic_app.ui.recovery_code import RecoveryCode
from clinic_app.ui.settings.view import SettingsView
from tests.journeys.hands import button, press, write

PASSPHRASE = "seven quiet herons landing"


def kept(settings: Settings) -> KeyFile:
    """The clinic's keys, wherever they are."""
    if not settings.database_url:
        return KeyFile.read(settings.key_file)
    return KeyFile.read(SmallFiles.on_server(server_engine(ServerAddress.read(settings.database_url))).keys)


def opens(settings: Settings, code: str) -> bool:
    try:
        return bool(kept(settings).open_with_recovery(code))
    except WrongPassphrase:
        return False


def shown_code(recovery: RecoveryCode) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in recovery.code_label.text()).split())


def type_groups(root: QWidget, recovery: RecoveryCode, code: str, *, wrong: bool = False) -> None:
    for field in recovery.fields:
        group = code.split("-")[int(field.label.text().removeprefix("Group ")) - 1]
        write(root, field.label.text(), group[::-1] if wrong and group != group[::-1] else group)


@pytest.mark.about_files
def test_the_first_code_is_tried_from_paper_before_the_program_opens(
    tmp_path: Path, open_program: Callable[..., Program]
) -> None:
    settings = Settings(data=tmp_path / "new clinic")
    program = open_program(settings)
    page = program.opening.widget(0)
    assert isinstance(page, FirstRunPage)
    for label, text in (
        ("Clinic name", "Hillside Movement Clinic"),
        ("Your name", "Mei Chen"),
        ("User name", "chen"),
        ("Passphrase", PASSPHRASE),
        ("Passphrase again", PASSPHRASE),
    ):
        write(page, label, text)
    press(page, "Set up clinic")
    assert program.tasks.wait_idle(60)
    code = shown_code(page.recovery)
    assert opens(settings, code)
    press(page, "Save PDF…")
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "code.pdf"))
    assert program.tasks.wait_idle(60)
    assert code.split("-")[5] in "".join(p.get_textpage().get_text_range() for p in PdfDocument(tmp_path / "code.pdf"))
    press(page, "I have it on paper")
    assert not button(page, "Finish").isEnabled()
    type_groups(page, page.recovery, code, wrong=True)
    press(page, "Finish")
    assert program.tasks.wait_idle(60)
    assert program.clinic_window is None
    assert "This is not group" in "".join(field.error() for field in page.recovery.fields)
    type_groups(page, page.recovery, code)
    press(page, "Finish")
    assert program.tasks.wait_idle(60)
    assert program.clinic_window is not None


def test_the_manager_makes_another_code_and_the_old_one_counts_until_it_was_typed(
    settings: Settings, open_program: Callable[..., Program]
) -> None:
    program = open_program(settings)
    clinic = program.clinic_window
    assert clinic is not None
    clinic.window.show_view("settings")
    view = clinic.window.view("settings")
    assert isinstance(view, SettingsView)
    assert view.accounts is not None
    view.show_page(view.accounts)
    assert program.tasks.wait_idle(60)
    before = kept(settings)
    press(view, "New recovery code…")
    assert program.tasks.wait_idle(60)
    recovery = view.accounts.recovery.recovery
    code = shown_code(recovery)
    press(view, "I have it on paper")
    press(view, "Cancel")
    assert kept(settings) == before
    press(view, "New recovery code…")
    assert program.tasks.wait_idle(60)
    assert shown_code(recovery) != code
    code = shown_code(recovery)
    press(view, "I have it on paper")
    type_groups(view, recovery, code)
    assert not opens(settings, code)
    press(view, "Finish")
    assert program.tasks.wait_idle(60)
    assert opens(settings, code)
    assert not recovery.isVisible()
    assert recovery.code_label.text() == ""
