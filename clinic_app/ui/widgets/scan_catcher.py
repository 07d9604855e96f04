"""A scanner types like a keyboard, into whatever has the focus: catch what it types, wherever that is.

A scan begins with "0", "(" or "]", its keys follow each other faster than any person types, and Enter or Tab ends it.
What it typed into a field is taken out again; elsewhere its keys do nothing.
"""

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

_FASTEST_HAND = 60
"""Milliseconds between two keys, below which no person types on for the length of a code."""
_BEGINNINGS = frozenset("0(]")
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_CODE = re.compile(r"(?:\][A-Za-z0-9]{2})?\s*\(?01\)?\s*\d{14}.*", re.DOTALL)
"""A product number (GTIN) first, as on every prescription package."""


class ScanCatcher(QObject):
    """Watches whatever inside ``place`` has the focus."""

    scanned = Signal(str)
    """What the scanner typed."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._place = place
        self._typed = ""
        self._before = ""
        self._last = 0
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the keys of the widget in focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QWidget):
            return self._pressed(watched, event)
        return False

    def _pressed(self, widget: QWidget, event: QKeyEvent) -> bool:
        moment, key, text = event.timestamp(), event.key(), event.text()
        fast = bool(self._typed) and moment - self._last <= _FASTEST_HAND
        self._last = moment
        if key in _ENDS:
            typed, self._typed = (self._typed if fast else ""), ""
            if _CODE.fullmatch(typed) is None:
                return False
            _put_back(widget, self._before)
            self.scanned.emit(typed)
            return True
        if not text:
            return False  # Shift and its like come between the letters
        if fast:
            self._typed += text
            return not isinstance(widget, QLineEdit | QPlainTextEdit)
        self._typed = text if text in _BEGINNINGS else ""
        self._before = _text_of(widget)
        return False

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not now.property("scan_watched") and self._place.isAncestorOf(now):
            now.setProperty("scan_watched", True)
            now.installEventFilter(self)


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.text()
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit) else ""


def _put_back(widget: QWidget, text: str) -> None:
    if isinstance(widget, QLineEdit):
        widget.setText(text)
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(text)
