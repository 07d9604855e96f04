"""A sentence that stands beside what it is about, with the shape and ground of its level."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.theme import INSIDE, RADIUS, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.palette import on_palette_change


class Note(QWidget):
    """A sentence with the shape and the soft ground of its level. Without a sentence it takes no room."""

    def __init__(self, level: Level, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = level
        self._picture = QLabel(self)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(INSIDE + 2, INSIDE, INSIDE + 2, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 1)
        on_palette_change(self, self._tint)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, or nothing with ""."""
        self.label.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What it says."""
        return self.label.text()

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
