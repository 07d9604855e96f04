"""Accounts at the window: added, changed, ended and brought back, each with its way back; one's own passphrase."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_app.errors import WrongPassphrase
from clinic_app.models.keys import KeyFile
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import Role
from clinic_app.ui.changes import Changes
from clinic_app.ui.passphrase_sheet import PassphraseSheet
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock
from tests.ui.clinic import NINE
from tests.ui.desk import Desk
from tests.ui.keyboard import press
from tests.ui.settings.conftest import SettingsDesk

OTHER = "seven quiet herons landing"


class Office:
    """A clinic as one person unlocked it, with its settings on screen."""

    def __init__(self, settings: Settings, tasks: Tasks, user: str = "ellison") -> None:
        self.settings, self.clock, changes = settings, StandingClock(NINE), Changes()
        self.store = unlock(settings, user, PASSPHRASE, self.clock, changes.announce)
        services = Services(
            self.store.database,
            self.clock,
            load_reference(),
            key_file=settings.key_file,
            data_key=self.store.key,
        )
        self.workplace = Workplace(services, self.store.actor, tasks, changes, services.atlas)
        self.desk: SettingsDesk = Desk(SettingsView(self.workplace), self.workplace)
        self.desk.view.undo_offered.connect(lambda said, undo: self.desk.messages.append((said, undo)))

    def choose(self, user_name: str) -> None:
        page = self.desk.view.accounts
        assert page is not None
        page.table.select(next(each for each in page.read() if each.user_name == user_name))

    def opens(self, user_name: str, passphrase: str) -> bool:
        try:
            KeyFile.read(self.settings.key_file).open(user_name, passphrase)
        except WrongPassphrase:
            return False
        return True


@pytest.fixture
def office(
    sealed_clinic: SealedClinic, tmp_path: Path, tasks: Tasks, put_on_screen: Callable[[SettingsDesk], None]
) -> Iterator[Office]:
    made = Office(sealed_clinic.copy(tmp_path / "clinic"), tasks)
    put_on_screen(made.desk)
    page = made.desk.view.accounts
    assert page is not None
    made.desk.view.show_page(page)
    made.desk.settle()
    yield made
    made.store.database.close()


def click(button: QWidget) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def listed(office: Office) -> list[tuple[str, ...]]:
    model = office.desk.view.accounts.table.model()  # type: ignore[union-attr]
    return [tuple(str(model.index(row, column).data()) for column in (0, 2, 3)) for row in range(model.rowCount())]


BEFORE = [("Dr. Mara Ellison", "Manager", "You"), ("Dr. Tomas Reyes", "Physician", "")]


def test_a_role_that_was_ticked_and_not_saved_keeps_the_window_open(office: Office) -> None:
    page = office.desk.view.accounts
    assert page is not None
    office.choose("reyes")
    click(page.change_button)
    assert office.desk.view.unsaved() == ""
    page.form.roles.ticks[Role.NURSE].editor.click()
    assert "Accounts" in office.desk.view.unsaved()
    page.form.roles.ticks[Role.NURSE].editor.click()
    assert office.desk.view.unsaved() == ""


def test_an_account_is_added_told_and_taken_back(office: Office) -> None:
    page, desk = office.desk.view.accounts, office.desk
    assert page is not None
    assert listed(office) == BEFORE
    click(page.new_button)
    click(page.form.save)
    assert page.form.full_name.error() == "Type the full name, as it stands on visit notes."
    assert page.form.roles.error() == "Choose at least one role."
    page.form.full_name.editor.insert("Noor Haddad")
    page.form.full_name.left.emit()
    assert page.form.user_name.value() == "haddad"
    page.form.user_name.set_value("Reyes")
    page.form.roles.ticks[Role.NURSE].editor.click()
    page.form.passphrase.first.editor.insert("Noor Haddad 1")
    page.form.passphrase.again.editor.insert("Noor Haddad 1")
    click(page.form.save)
    assert "names" in page.form.passphrase.first.error()
    for field in (page.form.passphrase.first, page.form.passphrase.again):
        field.set_value(OTHER)
    click(page.form.save)
    desk.settle()
    assert page.form.user_name.error() == "An account called reyes exists already. Choose another user name."
    page.form.user_name.set_value("haddad")
    click(page.form.save)
    desk.settle()
    assert listed(office) == [*BEFORE, ("Noor Haddad", "Nurse", "")]
    assert page.form.isHidden()
    assert page.form.passphrase.first.value() == page.form.passphrase.again.value() == ""
    assert desk.messages[-1][0] == "Noor Haddad can unlock the clinic as haddad."
    assert office.opens("haddad", OTHER)
    desk.undo()
    assert listed(office) == BEFORE
    assert not office.opens("haddad", OTHER)


def test_name_and_roles_change_and_the_user_name_stays(office: Office) -> None:
    page, desk = office.desk.view.accounts, office.desk
    assert page is not None
    office.choose("reyes")
    click(page.change_button)
    assert page.form.user_name.editor.isReadOnly()
    assert not page.form.passphrase.isVisible()
    page.form.roles.ticks[Role.MANAGER].editor.click()
    press(page.form.full_name.editor, Qt.Key.Key_Return)
    desk.settle()
    assert listed(office) == [BEFORE[0], ("Dr. Tomas Reyes", "Physician, Manager", "")]
    assert desk.messages[-1][0] == "Dr. Tomas Reyes changed: Physician, Manager."
    desk.undo()
    assert listed(office) == BEFORE


def test_the_last_manager_is_kept_and_the_reason_stands_where_it_was_tried(office: Office) -> None:
    page, desk = office.desk.view.accounts, office.desk
    assert page is not None
    said = "The clinic needs a manager who can unlock it. Make somebody else manager first."
    office.choose("ellison")
    assert not page.reset_button.isVisible()
    click(page.change_button)
    page.form.roles.ticks[Role.MANAGER].editor.click()
    page.form.roles.ticks[Role.NURSE].editor.click()
    click(page.form.save)
    desk.settle()
    assert page.form.roles.error() == said
    press(page.form, Qt.Key.Key_Escape)
    click(page.active_button)
    desk.settle()
    assert page.notice.isVisible()
    assert listed(office) == BEFORE


def test_a_deactivated_account_comes_back_by_undo_or_with_a_new_passphrase(office: Office) -> None:
    page, desk = office.desk.view.accounts, office.desk
    assert page is not None
    for _ in range(2):
        office.choose("reyes")
        click(page.active_button)
        desk.settle()
        assert listed(office)[1] == ("Dr. Tomas Reyes", "Physician", "Deactivated")
        assert not office.opens("reyes", PASSPHRASE)
        desk.undo()
        assert office.opens("reyes", PASSPHRASE)
    click(page.active_button)
    desk.settle()
    click(page.active_button)
    for field in (page.passphrase.passphrase.first, page.passphrase.passphrase.again):
        field.editor.insert(OTHER)
    click(page.passphrase.save)
    desk.settle()
    assert desk.messages[-1][0] == "Dr. Tomas Reyes can unlock the clinic again."
    assert listed(office) == BEFORE
    assert office.opens("reyes", OTHER)
    assert page.passphrase.passphrase.first.value() == ""


def test_a_passphrase_is_reset_and_put_back(office: Office) -> None:
    page, desk = office.desk.view.accounts, office.desk
    assert page is not None
    office.choose("reyes")
    click(page.reset_button)
    page.passphrase.passphrase.first.editor.insert(OTHER)
    click(page.passphrase.save)
    assert page.passphrase.passphrase.again.error() == "Type the passphrase a second time."
    page.passphrase.passphrase.again.editor.insert(OTHER)
    click(page.passphrase.save)
    desk.settle()
    assert office.opens("reyes", OTHER)
    desk.undo()
    assert office.opens("reyes", PASSPHRASE)
    assert not office.opens("reyes", OTHER)


def test_who_is_no_manager_does_not_see_the_page(
    sealed_clinic: SealedClinic, tmp_path: Path, tasks: Tasks, put_on_screen: Callable[[SettingsDesk], None]
) -> None:
    office = Office(sealed_clinic.copy(tmp_path / "clinic"), tasks, "reyes")
    put_on_screen(office.desk)
    assert office.desk.view.accounts is None
    office.store.database.close()


def test_everybody_changes_their_own_passphrase(
    sealed_clinic: SealedClinic, tmp_path: Path, tasks: Tasks, put_on_screen: Callable[[SettingsDesk], None]
) -> None:
    office = Office(sealed_clinic.copy(tmp_path / "clinic"), tasks, "reyes")
    put_on_screen(office.desk)
    accounts = office.workplace.services.accounts
    assert accounts is not None
    sheet, said = PassphraseSheet(office.workplace, accounts, office.desk.view), list[str]()
    sheet.said.connect(said.append)
    sheet.open_beside(office.desk.view.list)
    for old, new, field, words in (
        ("wrong", OTHER, sheet.old, "The passphrase is not right. Type it again."),
        (PASSPHRASE, "tomas reyes 1", sheet.new, "names"),
        (PASSPHRASE, PASSPHRASE, sheet.new, "This is the passphrase that you have."),
    ):
        sheet.old.set_value(old)
        sheet.new.set_value(new)
        sheet.again.set_value(new)
        press(sheet.again.editor, Qt.Key.Key_Return)
        office.desk.settle()
        assert words in field.error()
    sheet.new.set_value(OTHER)
    sheet.again.set_value(OTHER)
    click(sheet.save)
    office.desk.settle()
    assert said == ["Passphrase changed. It unlocks the clinic from now on."]
    assert office.opens("reyes", OTHER)
    assert not office.opens("reyes", PASSPHRASE)
    office.store.database.close()
