"""Small choices that can be on together, drawn as pills."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinic_app.ui.icons import pixmap
from clinic_app.ui.theme import current_theme

_HEIGHT = 26
_MARK = 12


class Chip(QAbstractButton):
    """On or off; a check mark says it besides the colour."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the text; the mark takes the padding's place."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 22, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked, focused = self.isChecked(), self.hasFocus()
        width = 2.0 if focused else 1.0
        rect = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(QColor(theme.accent if checked or focused else theme.control_border), width))
        painter.setBrush(QColor(theme.accent if checked else theme.hover if self.underMouse() else theme.surface))
        painter.drawRoundedRect(rect, _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(QColor(theme.on_accent if checked else theme.text))
        text = self.rect()
        if checked:
            mark = pixmap("check", theme.on_accent, _MARK, self.devicePixelRatioF())
            painter.drawPixmap(5, (self.height() - _MARK) // 2, mark)
            text = text.adjusted(11, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self.text())


class AnswerChip(Chip):
    """A chip with room for the check mark before its words."""

    def sizeHint(self) -> QSize:
        """Wide enough for mark and words."""
        size = super().sizeHint()
        return QSize(size.width() + 8, size.height())
