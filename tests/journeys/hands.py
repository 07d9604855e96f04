"""Hands for the journeys: find what a person sees by its label, and press or type there."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

Editor = QLineEdit | QPlainTextEdit | QTextEdit | QComboBox


def seen(root: QWidget) -> Iterator[QWidget]:
    """Every visible widget below ``root``."""
    return (widget for widget in root.findChildren(QWidget) if widget.isVisible())


def button(root: QWidget, label: str) -> QAbstractButton:
    """The visible button that says ``label``, or whose accessible name it is."""
    found = [
        each
        for each in seen(root)
        if isinstance(each, QAbstractButton) and label in (each.text(), each.accessibleName())
    ]
    assert found, (
        f"no button {label!r} among {sorted({b.text() for b in seen(root) if isinstance(b, QAbstractButton)})}"
    )
    return found[0]


def press(root: QWidget, label: str) -> None:
    """Press the button that says ``label``."""
    pressed = button(root, label)
    assert pressed.isEnabled(), f"{label!r} cannot be pressed"
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)


def editor(root: QWidget, label: str) -> Editor:
    """The visible editor whose accessible name is its visible label."""
    for each in seen(root):
        if isinstance(each, QLineEdit | QPlainTextEdit | QTextEdit | QComboBox) and each.accessibleName() == label:
            return each
    names = sorted({e.accessibleName() for e in seen(root) if isinstance(e, QLineEdit | QPlainTextEdit | QComboBox)})
    raise AssertionError(f"no field {label!r} among {names}")


def write(root: QWidget, label: str, text: str) -> None:
    """Put the cursor into the field, type, and leave it. Any script: the text comes as from an input method."""
    field = editor(root, label)
    line = field.lineEdit() if isinstance(field, QComboBox) else field
    assert line is not None
    line.setFocus(Qt.FocusReason.MouseFocusReason)
    line.selectAll()
    commit(line, text)
    leave(line)


def commit(line: QWidget, text: str) -> None:
    """Type text as an input method does, since the test library aborts on letters beyond ASCII."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(line, event)


def leave(line: QWidget) -> None:
    """Leave a field with Tab, which is when it is checked."""
    QTest.keyClick(line, Qt.Key.Key_Tab)


def choose(root: QWidget, label: str, wanted: str) -> None:
    """Choose the entry of a list that begins with ``wanted``."""
    field = editor(root, label)
    assert isinstance(field, QComboBox)
    texts = [field.itemText(number) for number in range(field.count())]
    number = next((n for n, text in enumerate(texts) if text.startswith(wanted)), None)
    assert number is not None, f"{wanted!r} is not among {texts}"
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.setCurrentIndex(number)
    field.activated.emit(number)
