from collections.abc import Iterator
from datetime import date, datetime

import pytest
from PySide6.QtCore import QPoint, QSettings, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from clinic_app.errors import ClinicError
from clinic_app.ui.closing import Closing
from clinic_app.ui.connection import LEAVE
from clinic_app.ui.find_anything import Found
from clinic_app.ui.main_window import MainWindow, ViewEntry
from clinic_app.ui.shortcuts import ShortcutList
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import SMALLEST, Appearance, Look, remembered_appearance
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.banner import BannerFacts
from tests.ui.keyboard import CTRL, press, type_text

ADA = BannerFacts("Ada Okafor", date(1961, 3, 12), 65, "MRN0004321")


class View(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.line = QLineEdit(self)

    def new_item(self) -> None:
        self.done.append("new")

    def go_back(self) -> None:
        self.done.append("back")

    def undo(self) -> None:
        self.done.append("undo")


@pytest.fixture
def window(qtbot: QtBot, tasks: Tasks, look: Look, settings: QSettings) -> Iterator[MainWindow]:
    made = MainWindow(
        "Hillside Movement Clinic", tasks, look, settings=settings, now=lambda: datetime(2026, 11, 24, 14, 21)
    )
    qtbot.addWidget(made)
    made.add_view(ViewEntry("patients", "Patients", "users", View()))
    made.add_view(ViewEntry("map", "Muscle map", "person-standing", View))
    made.add_view(
        ViewEntry("schedule", "Schedule", "calendar", View, shows_patient=False, keys=lambda: (("M", "Drop it"),))
    )
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made


def view(window: MainWindow, key: str) -> View:
    found = window.view(key)
    assert isinstance(found, View)
    return found


def test_the_views_are_named_and_fit_the_rail(window: MainWindow) -> None:
    for key, title in (("patients", "Patients"), ("map", "Muscle map"), ("schedule", "Schedule")):
        button = window.rail.button(key)
        assert button.text() == button.accessibleName() == title
        assert button.fontMetrics().horizontalAdvance(title) <= button.width() - 4
    assert window.rail.width() == 72
    assert window.rail.button("map").toolTip() == "Muscle map (Ctrl+2)"
    assert window.minimumSize() == QSize(1280, 720)


def test_ctrl_and_a_digit_shows_a_view_which_is_made_only_then(window: MainWindow, qtbot: QtBot) -> None:
    assert window.current_view() == "patients"
    assert "schedule" not in window._widgets
    with qtbot.waitSignal(window.view_changed) as changed:
        press(window, Qt.Key.Key_3, CTRL)
    assert changed.args == ["schedule"]
    assert view(window, "schedule").isVisible()
    assert window.rail.button("schedule").isChecked()


def test_assistive_technology_chooses_a_view_by_toggling_its_button(window: MainWindow) -> None:
    window.rail.button("schedule").toggle()
    assert window.current_view() == "schedule"


def test_the_rail_is_used_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    window.rail.button("patients").setFocus()
    press(window.rail.button("patients"), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is window.rail.button("map")
    press(window.rail.button("map"), Qt.Key.Key_Space)
    assert window.current_view() == "map"


def test_a_new_window_starts_at_its_first_view(window: MainWindow) -> None:
    window.set_user("Dr Mei Chen", ["Physician"])
    assert QApplication.focusWidget() is window.rail.button("patients")


def test_the_banner_stands_only_above_views_of_a_patient(window: MainWindow) -> None:
    assert not window.banner.isVisible()
    window.set_patient_banner(ADA)
    assert window.banner.isVisible()
    window.show_view("schedule")
    assert not window.banner.isVisible()
    window.show_view("map")
    assert window.banner.isVisible()
    window.set_patient_banner(None)
    assert not window.banner.isVisible()


def test_a_command_goes_to_the_view_in_front_and_to_none_that_lacks_it(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_N, CTRL)
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_F2)
    assert view(window, "patients").done == ["new", "back"]


def test_undo_takes_the_offer_on_screen_first(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[str] = []
    window.show_message("Appointment moved.", undo=lambda: undone.append("moved"))
    press(window, Qt.Key.Key_Z, CTRL)
    press(window, Qt.Key.Key_Z, CTRL)
    assert undone == ["moved"]
    assert view(window, "patients").done == ["undo"]


def test_typing_in_a_field_never_runs_a_command(window: MainWindow, qtbot: QtBot) -> None:
    line = view(window, "patients").line
    line.setFocus()
    type_text(line, "a?b")
    press(line, Qt.Key.Key_Z, CTRL)
    assert not window.findChildren(ShortcutList)
    assert view(window, "patients").done == []


def test_every_shortcut_is_listed_and_no_two_are_alike(window: MainWindow, qtbot: QtBot) -> None:
    type_text(window, "?")
    listed = {label.text() for label in window.findChildren(ShortcutList)[0].findChildren(QLabel)}
    keys = [action.shortcut().toString() for action in window.commands() if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))
    assert {QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys} <= listed
    assert {"In the view Schedule", "Drop it"} <= listed
    assert {"Ctrl+K", "Ctrl+1", "Ctrl+N", "F2", "Ctrl+P", "Ctrl+L", "Ctrl+Z"} <= set(keys)


def test_find_anything_finds_commands_and_what_the_services_know(
    window: MainWindow, tasks: Tasks, qtbot: QtBot
) -> None:
    opened: list[str] = []
    window.find_anything.add_provider(
        lambda text: [Found(f"{text.title()}, Ada", lambda: opened.append(text), "MRN0004321", "user")], slow=True
    )
    line = view(window, "patients").line
    line.setFocus()
    press(window, Qt.Key.Key_K, CTRL)
    finder = window.find_anything
    assert finder.isVisible()
    with qtbot.waitSignal(finder.search.searched):
        type_text(finder.search.editor, "ma")
    assert tasks.wait_idle()
    assert [found.title for found in finder.found()] == ["Ma, Ada", "Muscle map"]
    press(finder.search.editor, Qt.Key.Key_Return)
    assert opened == ["ma"]
    assert not finder.isVisible()
    assert QApplication.focusWidget() is line


def test_find_anything_is_driven_by_arrows_and_escape_is_its_own(window: MainWindow, qtbot: QtBot) -> None:
    window.find_anything.open()
    editor = window.find_anything.search.editor
    type_text(editor, "schedule")
    press(editor, Qt.Key.Key_Down)
    press(editor, Qt.Key.Key_Escape)
    assert not window.find_anything.isVisible()
    assert view(window, "patients").done == []
    window.find_anything.open()
    type_text(editor, "schedule")
    press(editor, Qt.Key.Key_Return)
    assert window.current_view() == "schedule"


def test_unsaved_work_keeps_the_window_open_and_says_why(window: MainWindow) -> None:
    def veto(question: Closing) -> None:
        question.veto("The visit is still being saved. Close again in a moment.")

    window.closing.connect(veto)
    assert not window.close()
    assert window.isVisible()
    assert window.messages.text() == "The visit is still being saved. Close again in a moment."
    window.closing.disconnect(veto)
    assert window.close()


def test_the_window_comes_back_as_large_as_it_was(
    window: MainWindow, qtbot: QtBot, tasks: Tasks, look: Look, settings: QSettings
) -> None:
    window.resize(1500, 950)
    window.close()
    again = MainWindow("Hillside Movement Clinic", tasks, look, settings=settings)
    qtbot.addWidget(again)
    assert settings.contains("window/geometry")
    assert again.size().width() >= 1280


def test_lock_is_asked_for_by_button_and_keys(window: MainWindow, qtbot: QtBot) -> None:
    window.set_user("Dr Mei Chen", ["Physician", "Manager"])
    assert window.rail.user_button.accessibleName() == "Dr Mei Chen, Physician, Manager"
    with qtbot.waitSignal(window.lock_requested):
        window.rail.lock_button.click()
    with qtbot.waitSignal(window.lock_requested):
        press(window, Qt.Key.Key_L, CTRL)


def test_the_lower_right_tells_store_and_time(window: MainWindow) -> None:
    window.set_status_facts("backup 07:02 ✓", "store on this computer")
    assert window._right.text() == "backup 07:02 ✓ · store on this computer · 14:21"


def test_a_refusal_that_no_view_handled_is_shown(window: MainWindow, tasks: Tasks) -> None:
    class Refused(ClinicError):
        def __str__(self) -> str:
            return "The record is open elsewhere."

    def work() -> None:
        raise Refused("elsewhere")

    tasks.run(work, print)
    assert tasks.wait_idle()
    assert window.messages.text() == "The record is open elsewhere."
    assert window.messages._level is Level.WARN


def test_light_and_dark_are_chosen_in_the_menu_and_remembered(
    window: MainWindow, look: Look, settings: QSettings
) -> None:
    dark = next(action for action in window.commands() if action.text() == "Dark")
    dark.trigger()
    assert look.appearance is Appearance.DARK
    assert remembered_appearance(settings) is Appearance.DARK
    settings.setValue("window/appearance", "purple")
    assert remembered_appearance(settings) is Appearance.SYSTEM


def test_what_is_said_of_the_line_stands_whole_above_the_status_line_until_it_is_taken_back(
    window: MainWindow,
) -> None:
    window.resize(SMALLEST)
    QApplication.processEvents()
    view, note = window.view("patients"), window.line_note
    whole = view.height()
    below = window.messages.parentWidget()
    assert below is not None
    assert view.mapTo(window, QPoint(0, whole)) == below.mapTo(window, QPoint(0, 0))
    window.say_of_line(LEAVE, Level.INFO)
    QApplication.processEvents()
    assert note.text() == LEAVE
    assert note.label.height() >= note.label.heightForWidth(note.label.width())
    assert view.height() < whole
    left, right = note.mapTo(window, QPoint(0, 0)).x(), note.mapTo(window, QPoint(note.width(), 0)).x()
    assert left > window.rail.width()
    assert right < window.width()
    window.say_of_line("")
    QApplication.processEvents()
    assert (note.text(), view.height()) == ("", whole)
