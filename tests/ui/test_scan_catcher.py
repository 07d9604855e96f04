"""What a scanner types is told apart from what a person types, whatever has the focus."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from clinic_app.ui.theme import Look
from clinic_app.ui.widgets.scan_catcher import ScanCatcher

CODE = "]d2010036000103215917280131" + "10C4512"


class Place:
    """A page with a field, a text and a button, and a keyboard whose speed is known."""

    def __init__(self) -> None:
        self.widget = QWidget()
        self.field, self.text, self.button = QLineEdit("40"), QPlainTextEdit("seen"), QPushButton("Point")
        layout = QVBoxLayout(self.widget)
        for part in (self.field, self.text, self.button):
            layout.addWidget(part)
        self.catcher = ScanCatcher(self.widget, lambda: self.field.text())
        self.heard: list[str] = []
        self.remembered: list[object] = []
        self.catcher.scanned.connect(self._hear)
        self.pressed = 0
        self.entered = 0
        self.button.clicked.connect(self._press)
        self.field.returnPressed.connect(self._enter)
        self.moment = 1000
        self.widget.show()
        self.widget.activateWindow()
        QApplication.processEvents()

    def _hear(self, text: str, remembered: object) -> None:
        self.heard.append(text)
        self.remembered.append(remembered)

    def _press(self) -> None:
        self.pressed += 1

    def _enter(self) -> None:
        self.entered += 1

    def types(self, widget: QWidget, text: str, gap: int, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
        widget.setFocus()
        for letter in text:
            self._key(widget, 0, letter, gap)
        if end is not None:
            self._key(widget, end, "\r", gap)

    def _key(self, widget: QWidget, key: int, text: str, gap: int) -> None:
        self.moment += gap
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(self.moment)
        QApplication.sendEvent(widget, event)


@pytest.fixture
def place(look: Look) -> Iterator[Place]:
    shown = Place()
    yield shown
    shown.widget.deleteLater()


def test_a_scan_into_a_field_leaves_the_field_as_it_was(place: Place) -> None:
    place.types(place.field, CODE, gap=5)
    assert (place.heard, place.field.text(), place.entered) == ([CODE], "40", 0)
    assert place.remembered == ["40"]
    place.types(place.text, CODE, gap=5)
    assert (place.heard, place.text.toPlainText()) == ([CODE, CODE], "seen")


def test_a_scan_with_a_button_in_focus_presses_nothing(place: Place) -> None:
    place.types(place.button, CODE.removeprefix("]d2").replace("C", " "), gap=5)
    assert (len(place.heard), place.pressed) == (1, 0)


def test_a_person_typing_a_code_is_left_alone(place: Place) -> None:
    place.types(place.field, CODE, gap=120)
    assert (place.heard, place.field.text(), place.entered) == ([], "40" + CODE, 1)


@pytest.mark.parametrize("text", ["0", "0.5", "05", "012345", "(left)", "40", "1000000", "2026-11-25"])
def test_fast_figures_that_are_no_package_stay_typed(place: Place, text: str) -> None:
    place.types(place.field, text, gap=5)
    assert (place.heard, place.field.text()) == ([], "40" + text)


def test_a_scan_that_pauses_in_the_middle_is_a_person(place: Place) -> None:
    place.types(place.field, CODE[:12], gap=5, end=None)
    place.types(place.field, CODE[12:], gap=500)
    assert place.heard == []


@pytest.mark.parametrize("text", ["5012345678900", "40063813", "010036000103", "(01)00360001032159", "]d2010036"])
def test_other_goods_and_codes_cut_in_half_are_heard_too_and_leave_the_field_as_it_was(place: Place, text: str) -> None:
    place.types(place.field, text, gap=5)
    assert (place.heard, place.field.text(), place.entered) == ([text], "40", 0)


def test_a_key_elsewhere_is_none_of_the_scanners(place: Place) -> None:
    place.types(place.field, "60", gap=5, end=None)
    place.button.setFocus()
    place._key(place.button, Qt.Key.Key_Space, " ", gap=5)
    release = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
    QApplication.sendEvent(place.button, release)
    assert (place.heard, place.pressed) == ([], 1)


def test_a_scanner_that_ends_its_code_twice_presses_nothing_with_the_second_key(place: Place) -> None:
    place.types(place.field, CODE, gap=5)
    place._key(place.field, Qt.Key.Key_Return, "\r", gap=5)
    place._key(place.field, Qt.Key.Key_Tab, "\t", gap=400)  # a hand, later
    assert (place.heard, place.entered) == ([CODE], 0)
    place.types(place.field, "", gap=400)
    assert place.entered == 1
