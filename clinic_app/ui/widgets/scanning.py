"""What a scanner types: tells a code from words, and keeps the separators that a line editor would drop."""

import re

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

SEPARATOR = "\x1d"
"""The group separator between the parts of a GS1 code; a scanner sends it as Ctrl+]."""

_SCAN = re.compile(r"\](d2|C1|Q3|e0)|\(01\)\s*\d|01\d{14}(1[017]|21|\x1d)", re.ASCII)


def looks_like_scan(text: str) -> bool:
    """Whether the text begins as a GS1 code does, with its symbology mark, in brackets or bare."""
    return _SCAN.match(text.strip(" \t")) is not None


class SeparatorKeeper(QObject):
    """Puts the separator that a scanner sends into the line, where a line editor would take it for a shortcut."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the separator; leave every other key to the line."""
        pressed = event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if pressed and isinstance(event, QKeyEvent) and event.text() == SEPARATOR:
            if event.type() == QEvent.Type.KeyPress:
                self._line.insert(SEPARATOR)
            event.accept()
            return True
        return False
