"""Small labels of state: colour and shape together, never colour alone."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_app.terms import Severity
from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import Level

_HEIGHT = 22
_MARK = 14
_PAD = 8


class Pill(QWidget):
    """A rounded label. Without a level it is neutral and has no mark."""

    def __init__(
        self, text: str = "", level: Level | None = None, parent: QWidget | None = None, *, icon: str = ""
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._level = level
        self._icon_name = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._spoken())

    def set_state(self, text: str, level: Level | None = None) -> None:
        """Show another text and level."""
        self._text = text
        self._level = level
        self.setAccessibleName(self._spoken())
        self.updateGeometry()
        self.update()

    def set_icon(self, name: str) -> None:
        """Show another mark, or with "" that of the level."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What it says."""
        return self._text

    def sizeHint(self) -> QSize:
        """Wide enough for the whole text."""
        width = self.fontMetrics().horizontalAdvance(self._text) + 2 * _PAD
        return QSize(width + (_MARK + 4 if self._has_mark() else 0), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """A pill is never clipped."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark and text."""
        color, soft = self._colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(QRectF(self.rect()), _HEIGHT / 2, _HEIGHT / 2)
        left = _PAD
        if self._has_mark():
            self._paint_mark(painter, QRectF(left, (self.height() - _MARK) / 2, _MARK, _MARK), color, soft)
            left += _MARK + 4
        painter.setPen(QColor(color))
        painter.drawText(
            self.rect().adjusted(left, 0, -_PAD + 2, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._text,
        )

    def _spoken(self) -> str:
        return self._text

    def _has_mark(self) -> bool:
        return self._level is not None or bool(self._icon_name)

    def _colors(self) -> tuple[str, str]:
        theme = current_theme()
        if self._level is None:
            return theme.text, theme.info_soft
        color, _, soft = theme.level(self._level)
        return color, soft

    def _paint_mark(self, painter: QPainter, place: QRectF, color: str, soft: str) -> None:
        name = self._icon_name or LEVEL_ICONS[self._level or Level.INFO]
        picture = pixmap(name, color, _MARK, self.devicePixelRatioF(), ink=soft)
        painter.drawPixmap(place.topLeft(), picture)


class SeverityPill(Pill):
    """Mild, moderate, severe and worse: the word, the colour, and as many bars as it is bad."""

    def __init__(self, severity: Severity, parent: QWidget | None = None) -> None:
        self._severity = severity
        super().__init__(severity.value.replace("_", "-").capitalize(), parent=parent)

    def set_severity(self, severity: Severity) -> None:
        """Show another severity."""
        self._severity = severity
        self.set_state(severity.value.replace("_", "-").capitalize())

    def _has_mark(self) -> bool:
        return True

    def _colors(self) -> tuple[str, str]:
        return current_theme().severity(self._severity)

    def _paint_mark(self, painter: QPainter, place: QRectF, color: str, soft: str) -> None:
        bars = {Severity.MILD: 1, Severity.MODERATE: 2}.get(self._severity, 3)
        for bar in range(3):
            height = 4 + 3.5 * bar
            corner = QPointF(place.left() + bar * 4.5, place.bottom() - 1 - height)
            shade = QColor(color)
            if bar >= bars:
                shade.setAlphaF(0.28)
            painter.setBrush(shade)
            painter.drawRoundedRect(QRectF(corner.x(), corner.y(), 3, height), 1, 1)
