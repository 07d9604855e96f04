"""The line over the preview's buttons: what became of printing or saving, with one way on."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from clinic_app.ui.theme import INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.notes import Note


class NoticeLine(Note):
    """A sentence that stays until it is dismissed, answered or followed by another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Level.INFO, parent)
        self._way: Callable[[], object] | None = None
        self.way_button = LinkButton("", self)
        self.way_button.clicked.connect(self._take)
        close = IconButton("x", "Dismiss", self)
        close.setFixedSize(24, 24)
        close.clicked.connect(self.hide)
        for button in (self.way_button, close):
            self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.row.setAlignment(self._picture, Qt.AlignmentFlag.AlignVCenter)
        self.row.setContentsMargins(INSIDE + 2, 2, 4, 2)

    def offer(self, text: str, level: Level, words: str = "", way: Callable[[], object] | None = None) -> None:
        """Show a sentence, with the way on that ``words`` name."""
        self._way = way
        self.way_button.setText(words)
        self.way_button.setVisible(way is not None)
        super().say(text, level)
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def say(self, text: str, level: Level | None = None) -> None:
        """Show a sentence alone, or nothing with ""."""
        self.offer(text, Level.INFO if level is None else level)

    @Slot()
    def _take(self) -> None:
        way = self._way
        self.hide()
        if way is not None:
            way()
