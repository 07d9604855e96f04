"""A scanner types like a keyboard, into whatever has the focus: catch what it types, wherever that is.

A scan begins with a digit, "(" or "]", its keys follow each other faster than any person types, and Enter or Tab ends
it. What it typed into a field is taken out again; elsewhere its keys do nothing. The code of a shampoo and a code that
broke off are caught as well: whoever listens says what was wrong, and no field keeps their digits as a dose.
"""

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

_FASTEST_HAND = 60
"""Milliseconds between two keys, below which no person types on for the length of a code."""
_BEGINNINGS = frozenset("0123456789(]")
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_CODE = re.compile(r"\][A-Za-z0-9]{2}.{4,}|\(?01\)?\s*\d{6,}.*|\d{8,}.*", re.DOTALL)
"""With its mark in front, beginning with a product number (GTIN), or with a row of digits longer than any dose."""


class ScanCatcher(QObject):
    """Watches whatever inside ``place`` has the focus.

    ``remember`` is asked at the first key, before it does anything: what stood there comes back with the scan.
    """

    scanned = Signal(str, object)
    """What the scanner typed, and what was remembered."""

    def __init__(self, place: QWidget, remember: Callable[[], object] = lambda: None) -> None:
        super().__init__(place)
        self._place = place
        self._remember = remember
        self._remembered: object = None
        self._typed = ""
        self._before = ""
        self._last = 0
        self._caught: int | None = None
        self._widget: QWidget | None = None
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
        fast = bool(self._typed) and moment - self._last <= _FASTEST_HAND and widget is self._widget
        self._last, self._widget = moment, widget
        caught, self._caught = self._caught, None
        if key in _ENDS:
            if caught is not None and 0 < moment - caught <= _FASTEST_HAND:
                return True  # some scanners end a code twice; nobody pressed the second Enter
            typed, self._typed = (self._typed if fast else ""), ""
            if _CODE.fullmatch(typed) is None:
                return False
            self._caught = moment
            _put_back(widget, self._before)
            remembered, self._remembered = self._remembered, None
            self.scanned.emit(typed, remembered)
            return True
        if not text:
            return False  # Shift and its like come between the letters
        if fast:
            self._typed += text
            return not isinstance(widget, QPlainTextEdit) and _line_of(widget) is None
        self._typed = text if text in _BEGINNINGS else ""
        if self._typed:
            self._before, self._remembered = _text_of(widget), self._remember()
        return False

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not now.property("scan_watched") and self._place.isAncestorOf(now):
            now.setProperty("scan_watched", True)
            now.installEventFilter(self)


def _line_of(widget: QWidget) -> QLineEdit | None:
    """The line that the widget types into, if it has one."""
    if isinstance(widget, QComboBox):
        return widget.lineEdit()
    if isinstance(widget, QAbstractSpinBox):
        return widget.findChild(QLineEdit)
    return widget if isinstance(widget, QLineEdit) else None


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    line = _line_of(widget)
    return "" if line is None else line.text()


def _put_back(widget: QWidget, text: str) -> None:
    if isinstance(widget, QPlainTextEdit):
        widget.setPlainText(text)
        return
    line = _line_of(widget)
    if line is not None:
        line.setText(text)
