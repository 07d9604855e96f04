"""A sentence inside the visit that must be answered or dismissed, with at most two ways on."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.theme import INSIDE, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.palette import on_palette_change


class Notice(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.INFO
        self._ways: tuple[tuple[str, Callable[[], object]], ...] = ()
        self._picture = QLabel(self)
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
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
        words = QVBoxLayout()
        words.setSpacing(TIGHT)
        words.addWidget(self._sentence)
        words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, INSIDE, INSIDE, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        on_palette_change(self, self._tint)
        self.hide()

    def say(self, text: str, level: Level, *ways: tuple[str, Callable[[], object]]) -> None:
        """Show a sentence; what has ways on stays until one was taken."""
        self._level, self._ways = level, ways
        self._sentence.setText(text)
        self.setAccessibleName(text)
        for number, button in enumerate((self.first, self.second)):
            button.setVisible(number < len(ways))
            if number < len(ways):
                button.setText(ways[number][0])
        self._close.setVisible(not ways)
        self._tint()
        self.show()

    @property
    def waits(self) -> bool:
        """Whether it waits for one of its ways to be taken."""
        return bool(self._ways) and not self.isHidden()

    def text(self) -> str:
        """What it says, or ""."""
        return "" if self.isHidden() else self._sentence.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the soft ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_theme().level(self._level)[2]))
        painter.drawRoundedRect(self.rect().toRectF(), 6, 6)

    def _tint(self) -> None:
        color, _, soft = current_theme().level(self._level)
        self._picture.setPixmap(pixmap(LEVEL_ICONS[self._level], color, 16, self.devicePixelRatioF(), ink=soft))
        self.update()

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
