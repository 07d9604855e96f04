"""What stands for booked, free, due and too many in the pictures of the clinic's capacity, and their legend.

Each differs by its texture too, so that a print in grey reads the same: solid, outlined, hatched, crossed.
"""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_app.ui.icons import pixmap
from clinic_app.ui.schedule.block_painting import block_font
from clinic_app.ui.theme import AROUND, INSIDE, current_theme
from clinic_app.ui.tokens import Theme

_HATCH = 5.0
"""Pixels between two lines of a texture."""
_MARK = 14.0
_LINE = 20.0


class Swatch(Enum):
    """One texture."""

    BOOKED = auto()
    FREE = auto()
    DUE = auto()
    TOO_MANY = auto()
    CLOSED = auto()
    WARNING = auto()
    """No texture but the mark of a warning, for the legend."""


def paint_swatch(painter: QPainter, place: QRectF, swatch: Swatch, theme: Theme) -> None:
    """Fill a place with a texture; nothing where there is no room."""
    if place.width() <= 0 or place.height() <= 0:
        return
    if swatch is Swatch.WARNING:
        scale = painter.deviceTransform().m11()
        picture = pixmap("warn-filled", theme.warn, round(place.width()), scale, theme.on_warn)
        painter.drawPixmap(place.topLeft(), picture)
        return
    painter.save()
    edge = {
        Swatch.BOOKED: theme.info,
        Swatch.FREE: theme.control_border,
        Swatch.DUE: theme.accent,
        Swatch.TOO_MANY: theme.warn,
        Swatch.CLOSED: theme.hairline,
    }[swatch]
    ground = {
        Swatch.BOOKED: theme.info,
        Swatch.FREE: theme.surface,
        Swatch.DUE: theme.accent_soft,
        Swatch.TOO_MANY: theme.warn_soft,
        Swatch.CLOSED: theme.sunken,
    }[swatch]
    painter.fillRect(place, QColor(ground))
    if swatch in (Swatch.DUE, Swatch.TOO_MANY, Swatch.CLOSED):
        hatch(painter, place, edge, crossed=swatch is Swatch.TOO_MANY)
    if swatch is not Swatch.CLOSED:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


def hatch(painter: QPainter, place: QRectF, color: str, *, crossed: bool = False) -> None:
    """Slanted lines, at every scale as far from each other as at any; a pattern brush would count device pixels."""
    painter.save()
    painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(color), 1))
    left, right, top, bottom = place.left(), place.right(), place.top(), place.bottom()
    high = bottom - top
    # Counted from the corner of the whole picture, so that the lines of neighbours meet.
    start = (left - high + bottom) // _HATCH * _HATCH - bottom
    while start < right:
        painter.drawLine(QPointF(start, bottom), QPointF(start + high, top))
        start += _HATCH
    if crossed:
        start = (left - high - top) // _HATCH * _HATCH + top
        while start < right:
            painter.drawLine(QPointF(start, top), QPointF(start + high, bottom))
            start += _HATCH
    painter.restore()


class Legend(QWidget):
    """Textures with their words, in as many lines as the width needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[tuple[Swatch, str]] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_entries(self, entries: Sequence[tuple[Swatch, str]]) -> None:
        """Explain these."""
        self._entries = tuple(entries)
        self.setAccessibleName("Legend: " + ", ".join(words for _, words in entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line, where there is room for it."""
        return QSize(240, int(_LINE))

    def heightForWidth(self, width: int) -> int:
        """As many lines as it takes."""
        return int(max((place.bottom() for place in self._places(width)), default=_LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint textures and words."""
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(block_font())
        for (swatch, words), place in zip(self._entries, self._places(self.width()), strict=True):
            mark = QRectF(place.left(), round(place.center().y() - _MARK / 2), _MARK, _MARK)
            paint_swatch(painter, mark, swatch, theme)
            painter.setPen(QColor(theme.muted))
            at = place.adjusted(_MARK + INSIDE, 0, 0, 0)
            painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _places(self, width: int) -> list[QRectF]:
        metrics = QFontMetricsF(block_font())
        left = top = 0.0
        places = []
        for _, words in self._entries:
            wide = _MARK + INSIDE + metrics.horizontalAdvance(words) + 2
            if left and left + wide > width:
                left, top = 0.0, top + _LINE
            places.append(QRectF(left, top, wide, _LINE))
            left += wide + AROUND
        return places
