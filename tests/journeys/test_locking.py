"""Locked and back: everything as it was left, the key gone meanwhile; by the same person, by somebody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from clinic_app.models import Account
from clinic_app.models.keys import Cost
from clinic_app.services.audit import AuditFilter
from clinic_app.services.stores import add_person, unlock
from clinic_app.settings import Settings
from clinic_app.terms import Role
from clinic_app.ui.clinic_window import PATIENTS, ClinicWindow
from clinic_app.ui.closing import Closing
from clinic_app.ui.idle import IdleWatch
from clinic_app.ui.program import Program
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE, StandingClock
from tests.journeys.conftest import NOW, USER

PIN = "2580"
OTHER = "seven quiet herons landing"


class Person:
    """Somebody in front of the program."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @property
    def clinic(self) -> ClinicWindow:
        assert self.program.clinic_window is not None
        return self.program.clinic_window

    @property
    def page(self) -> UnlockPage:
        page = self.program.opening.widget(0)
        assert isinstance(page, UnlockPage)
        return page

    def wait(self) -> None:
        assert self.program.tasks.wait_idle(60)

    def set_pin(self) -> None:
        services, actor = self.clinic.workplace.services, self.clinic.workplace.actor
        services.identity.set_pin(actor, PASSPHRASE, PIN)

    def lock(self) -> None:
        self.clinic.lock_requested.emit()
        self.wait()

    def type_pin(self, pin: str) -> None:
        self.page.back.pin.set_value(pin)
        self.page.back.button.click()
        self.wait()

    def unlock(self, user_name: str, passphrase: str) -> None:
        self.page.unlock_requested.emit(user_name, passphrase)
        self.wait()

    def half_typed(self) -> None:
        self.clinic.patients.new_patient()
        form = self.clinic.patients.form()
        assert form is not None
        form.fields.plain["family_name"].editor.setText("Half a na")

    def family_name(self) -> str:
        form = self.clinic.patients.form()
        assert form is not None
        return str(form.fields.plain["family_name"].editor.text())


@pytest.fixture
def person(settings: Settings, open_program: Callable[..., Program]) -> Person:
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    add_person(
        settings, store, lambda: NOW, full_name="Noor Haddad", user_name="noor", roles=frozenset({Role.NURSE}),
        passphrase=OTHER, cost=Cost(1, 8, 1),
    )  # fmt: skip
    store.database.close()
    return Person(open_program(settings))


def visible() -> list[str]:
    return [each.windowTitle() for each in QApplication.topLevelWidgets() if each.isVisible()]


def test_the_pin_brings_back_everything_as_it_was(person: Person) -> None:
    person.set_pin()
    person.half_typed()
    window = person.clinic
    dialog = QDialog(window.window)
    dialog.setWindowTitle("A question")
    dialog.open()
    person.lock()
    assert visible() == [person.program.opening.windowTitle()], "nothing of a patient is left on screen"
    assert person.program.clinic_window is None
    assert person.page.back.isVisible()
    assert "Dr. Mara Ellison" in person.page.back.name.text()
    person.type_pin("9999")
    assert "4 tries are left" in person.page.back.pin.error()
    person.type_pin(PIN)
    assert person.clinic is window
    assert person.family_name() == "Half a na"
    assert dialog.isVisible()
    assert dialog.isModal()
    assert not person.program.opening.isVisible()
    rows = window.workplace.services.audit.rows(window.workplace.actor, AuditFilter(kinds=frozenset({"account"})))
    assert [row.act for row in rows][:3] == ["unlocked", "refused", "locked"]
    dialog.close()


@pytest.fixture
def own_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a desktop answers after a copy; without a display the platform never says that it owns what lies there."""
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _: True)


@pytest.mark.parametrize("leave", [Person.lock, lambda person: person.program.finish()], ids=["lock", "close"])
def test_what_was_copied_is_gone_at_the_lock_and_at_the_end(
    own_clipboard: None, person: Person, leave: Callable[[Person], None]
) -> None:
    person.half_typed()
    form = person.clinic.patients.form()
    assert form is not None
    editor = form.fields.plain["family_name"].editor
    editor.selectAll()
    editor.copy()
    assert QGuiApplication.clipboard().text() == "Half a na"
    leave(person)
    assert QGuiApplication.clipboard().text() == ""


def test_while_locked_the_key_is_gone_and_what_asks_meanwhile_is_quiet(person: Person) -> None:
    window = person.clinic
    person.lock()
    services, actor = window.workplace.services, window.workplace.actor
    window.waiting.look()
    window.patients.refresh()
    person.wait()
    told = list[object]()
    person.program.tasks.run(
        lambda: services.patients.search(actor, ""), told.append, told.append, owner=person.program.opening
    )
    person.wait()
    assert told == []
    assert not person.page.back.isVisible(), "without a PIN the passphrase is asked for"
    assert person.page.user_name.value() == USER
    person.unlock(USER, PASSPHRASE)
    assert person.clinic is window
    services.patients.search(actor, "")


def test_after_five_wrong_pins_only_the_passphrase_opens(person: Person) -> None:
    person.set_pin()
    window = person.clinic
    person.lock()
    for _ in range(5):
        person.type_pin("9999")
    assert not person.page.back.isVisible()
    assert "Type the passphrase" in person.page.passphrase.error()
    person.unlock(USER, PASSPHRASE)
    assert person.clinic is window


def test_somebody_else_works_meanwhile_and_each_comes_back_to_their_own(person: Person) -> None:
    person.half_typed()
    first = person.clinic
    first.switch_requested.emit()
    person.wait()
    assert person.page.user_name.value() == ""
    person.unlock("noor", OTHER)
    second = person.clinic
    assert second is not first
    assert second.workplace.actor.user_name == "noor"
    assert not first.window.isVisible()
    person.lock()
    person.unlock(USER, PASSPHRASE)
    assert person.clinic is first
    assert person.family_name() == "Half a na"


def test_other_rights_build_the_window_anew(person: Person) -> None:
    first = person.clinic
    first.switch_requested.emit()
    person.wait()
    person.unlock("noor", OTHER)
    nurse = person.clinic
    person.lock()
    person.unlock(USER, PASSPHRASE)
    services, actor = person.clinic.workplace.services, person.clinic.workplace.actor
    assert services.accounts is not None
    entry = next(each for each in services.accounts.entries(actor) if each.user_name == "noor")
    services.accounts.change(actor, entry.id, entry.full_name, frozenset({Role.NURSE, Role.PHYSICIAN}))
    person.lock()
    person.unlock("noor", OTHER)
    assert person.clinic is not nurse
    assert person.clinic.workplace.actor.roles == {Role.NURSE, Role.PHYSICIAN}


def test_who_was_deactivated_meanwhile_does_not_come_back(person: Person) -> None:
    person.set_pin()
    store = person.clinic.workplace
    with person.clinic.workplace.services.clinics._database.writing(None, NOW) as session:
        session.get_one(Account, store.actor.account_id).active = False
    person.lock()
    person.type_pin(PIN)
    assert person.program.clinic_window is None
    assert "closed" in person.page.passphrase.error()


def test_closing_while_somebody_is_locked_tells_once_what_is_lost(person: Person) -> None:
    person.half_typed()
    person.lock()
    opening = person.program.opening
    assert not opening.close()
    assert "Dr. Mara Ellison is locked" in person.page.restored.text()
    assert "Close again" in person.page.restored.text()
    assert opening.close()


def test_a_window_in_front_asks_for_those_that_are_locked(person: Person) -> None:
    person.half_typed()
    person.clinic.switch_requested.emit()
    person.wait()
    person.unlock("noor", OTHER)
    question = Closing()
    person.clinic.window.closing.emit(question)
    assert len(question.reasons) == 1
    assert "Dr. Mara Ellison" in question.reasons[0]


@pytest.mark.about_files
def test_a_backup_that_is_due_is_made_before_the_key_goes(person: Person, settings: Settings) -> None:
    assert not list((settings.data / "backups").glob("*.backup"))
    person.lock()
    assert len(list((settings.data / "backups").glob("*.backup"))) == 1


def test_nobody_there_is_warned_of_and_locked_and_any_movement_counts(qtbot: QtBot) -> None:
    clock = StandingClock(NOW)
    watch = IdleWatch(clock)
    heard: list[str] = []
    watch.warned.connect(lambda: heard.append("warned"))
    watch.alive.connect(lambda: heard.append("alive"))
    watch.idle.connect(lambda: heard.append("idle"))
    first, later = QLineEdit(), QLineEdit()
    shown(qtbot, first)

    def wait(seconds: int) -> None:
        clock.moment += timedelta(seconds=seconds)
        watch.look()

    watch.begin(2)
    wait(89)
    assert heard == []
    wait(1)
    wait(10)
    assert heard == ["warned"]
    QTest.mouseMove(first.windowHandle(), QPoint(5, 5))
    assert heard == ["warned", "alive"]
    wait(89)
    shown(qtbot, later)  # a window that opens while it watches
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_A)
    assert later.text() == "a"
    wait(89)
    composed = QInputMethodEvent()
    composed.setCommitString("好")
    QCoreApplication.sendEvent(later, composed)  # as the platform does: past the window
    assert later.text() == "a好"
    wait(89)
    assert heard == ["warned", "alive"]
    clock.moment -= timedelta(hours=1)  # set back: the time begins anew
    wait(0)
    wait(89)
    assert heard == ["warned", "alive"]
    clock.moment += timedelta(hours=8)  # the computer slept, and the first key does not hide it
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_B)
    assert heard == ["warned", "alive", "idle"]
    wait(500)
    watch.begin(0)
    wait(5000)
    assert heard == ["warned", "alive", "idle"]


def shown(qtbot: QtBot, field: QLineEdit) -> None:
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()


def test_whoever_unlocks_types_a_name_at_once_and_whoever_comes_back_goes_on_where_they_were(person: Person) -> None:
    search = person.clinic.patients.finder.search.editor
    assert QApplication.focusWidget() is search
    person.half_typed()
    person.clinic.window.show_view(PATIENTS)
    form = person.clinic.patients.form()
    assert form is not None
    form.focus_first()
    typing = QApplication.focusWidget()
    assert typing is not search
    person.lock()
    person.unlock(USER, PASSPHRASE)
    assert QApplication.focusWidget() is typing
