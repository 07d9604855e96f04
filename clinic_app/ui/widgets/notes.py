"""Sentences that stand beside what they are about, with the shape and ground of their level."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.theme import INSIDE, RADIUS, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.wording import breakable


class Note(QWidget):
    """A sentence with the shape and the soft ground of its level. Without a sentence it takes no room."""

    def __init__(self, level: Level, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = level
        self._picture = QLabel(self)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setMinimumWidth(40)
        self.words = QVBoxLayout()
        self.words.setSpacing(TIGHT)
        self.words.addWidget(self.label)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(INSIDE + 2, INSIDE, INSIDE + 2, INSIDE)
        self.row.setSpacing(INSIDE)
        self.row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self.row.addLayout(self.words, 1)
        on_palette_change(self, self._tint)
        self.hide()

    def say(self, text: str, level: Level | None = None) -> None:
        """Show a sentence, of another level if one is given, or nothing with ""."""
        if level is not None:
            self._level = level
        self.label.setText(breakable(text))
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._tint()

    def text(self) -> str:
        """The sentence shown, or ""."""
        return "" if self.isHidden() else self.accessibleName()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_theme().level(self._level)[2]))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)

    def _tint(self) -> None:
        color, _, soft = current_theme().level(self._level)
        self._picture.setPixmap(pixmap(LEVEL_ICONS[self._level], color, 16, self.devicePixelRatioF(), ink=soft))
        self.update()


class Notice(Note):
    """A sentence that is dismissed, or answered by one of at most two ways on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Level.INFO, parent)
        self._ways: tuple[tuple[str, Callable[[], object]], ...] = ()
        self.first = LinkButton("", self)
        self.second = LinkButton("", self)
        self.first.clicked.connect(self._first)
        self.second.clicked.connect(self._second)
        self._close = IconButton("x", "Dismiss", self)
        self._close.setFixedSize(22, 22)
        self._close.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.first)
        buttons.addWidget(self.second)
        buttons.addStretch(1)
        self.words.addLayout(buttons)
        self.row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def offer(self, text: str, level: Level, *ways: tuple[str, Callable[[], object]]) -> None:
        """Show a sentence with ways on; it stays until one was taken."""
        self._ways = ways
        for number, button in enumerate((self.first, self.second)):
            button.setVisible(number < len(ways))
            if number < len(ways):
                button.setText(ways[number][0])
        self._close.setVisible(not ways)
        super().say(text, level)

    def say(self, text: str, level: Level | None = None) -> None:
        """Show a sentence that can be dismissed, or nothing with ""."""
        self.offer(text, self._level if level is None else level)

    @property
    def waits(self) -> bool:
        """Whether it waits for one of its ways to be taken."""
        return bool(self._ways) and not self.isHidden()

    @Slot()
    def _first(self) -> None:
        self._take(0)

    @Slot()
    def _second(self) -> None:
        self._take(1)

    def _take(self, number: int) -> None:
        ways = self._ways
        self.hide()
        if number < len(ways):
            ways[number][1]()
