"""Typing on widgets in tests, with types, and without the letters that abort the interpreter."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

_NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def press(widget: QWidget | None, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
    """Press and release one key."""
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def type_text(widget: QWidget, text: str) -> None:
    """Type ASCII text key by key; other text must be inserted, because Qt's test library aborts on it."""
    assert text.isascii()
    QTest.keyClicks(widget, text)
