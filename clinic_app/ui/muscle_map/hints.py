"""How the map marks the usual muscles of the patient's components: hatched and dashed, which no dose ever is."""

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from clinic_app.ui.muscle_map.muscle_items import LIGHT_LINE

HINT = "#0F766E"
"""The accent of the light theme: plates look the same in both."""
_HATCH_PX = 7.0
_HATCH_ALPHA = 110
_PALE_ALPHA = 60
_RIM_ALPHA = 150


def draw_hints(painter: QPainter, paths: Iterable[QPainterPath], to_pixels: QTransform) -> None:
    """Hatch and outline shapes given in mm; the marks keep their size on the screen at every zoom."""
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for path in paths:
        on_screen = to_pixels.map(path)
        painter.save()
        painter.setClipPath(on_screen, Qt.ClipOperation.IntersectClip)
        hatch(painter, on_screen.boundingRect(), _HATCH_PX)
        painter.restore()
        rim = QColor(LIGHT_LINE)
        rim.setAlpha(_RIM_ALPHA)
        painter.setPen(_pen(rim, 2.6))
        painter.drawPath(on_screen)
        dashed = _pen(QColor(HINT), 1.3)
        dashed.setDashPattern([4, 3])
        painter.setPen(dashed)
        painter.drawPath(on_screen)
    painter.restore()


def draw_hints_roughly(painter: QPainter, paths: Iterable[QPainterPath]) -> None:
    """Only the outlines, for frames while the view moves."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(QColor(HINT), 1))
    for path in paths:
        painter.drawPath(path)


def hatch(painter: QPainter, room: QRectF, apart: float) -> None:
    """Thin slanted lines across a rectangle, each on a paler one, which shows on red and on grey."""
    height = room.height()
    count = int((room.width() + height) / apart) + 1
    lines = [
        QLineF(room.left() + n * apart, room.top(), room.left() + n * apart - height, room.bottom())
        for n in range(1, count + 1)
    ]
    for shade, alpha, width in ((LIGHT_LINE, _PALE_ALPHA, 2.6), (HINT, _HATCH_ALPHA, 1.0)):
        colour = QColor(shade)
        colour.setAlpha(alpha)
        painter.setPen(QPen(colour, width))
        painter.drawLines(lines)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
