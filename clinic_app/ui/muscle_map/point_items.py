"""Injection points and the hollow ones of last time: the same size at every zoom, visible on every colour."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from clinic_app.ui.muscle_map.map_state import ShownPoint
from clinic_app.ui.muscle_map.muscle_items import DARK_LINE, LIGHT_LINE
from clinic_app.ui.theme import base_font

DOT = 4.5
_FADED = 0.35


class PointItem(QGraphicsItem):
    """A point: white ring, dark core, the units beside it."""

    def __init__(self, shown: ShownPoint) -> None:
        super().__init__()
        self.shown = shown
        self._focused = False
        self._faded = False
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setZValue(40)

    def set_shown(self, shown: ShownPoint) -> None:
        """Other units, or another place."""
        if shown != self.shown:
            self.prepareGeometryChange()
            self.shown = shown
            self.update()

    def set_focused(self, focused: bool) -> None:
        """Whether the arrow keys move this point."""
        if focused is not self._focused:
            self._focused = focused
            self.setZValue(41 if focused else 40)
            self.update()

    def set_faded(self, faded: bool) -> None:
        """A point of a muscle that the shown layer hides."""
        self._faded = faded
        self.setOpacity(_FADED if faded else 1.0)

    def boundingRect(self) -> QRectF:
        """Dot, ring of the focus and text."""
        width = QFontMetricsF(units_font()).horizontalAdvance(self.shown.text) if self.shown.text else 0
        return QRectF(-12, -12, 26 + width, 24)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(0, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._focused:
            painter.setBrush(QColor(DARK_LINE))
            painter.drawEllipse(centre, DOT + 6, DOT + 6)
            painter.setBrush(QColor(LIGHT_LINE))
            painter.drawEllipse(centre, DOT + 4, DOT + 4)
        painter.setBrush(QColor(DARK_LINE))
        painter.drawEllipse(centre, DOT + 2, DOT + 2)
        painter.setBrush(QColor(LIGHT_LINE))
        painter.drawEllipse(centre, DOT + 1, DOT + 1)
        painter.setBrush(QColor(DARK_LINE))
        painter.drawEllipse(centre, DOT - 1, DOT - 1)
        if self.shown.text and not self._faded:
            draw_haloed(painter, QPointF(DOT + 5, 4), self.shown.text, DARK_LINE, units_font())


class GhostItem(QGraphicsItem):
    """A point of last time: a hollow grey dot. Or, without a point, the units of last time in grey."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setZValue(30)

    def boundingRect(self) -> QRectF:
        """Dot or text."""
        width = QFontMetricsF(units_font()).horizontalAdvance(self._text)
        return QRectF(-8 - width / 2, -9, 16 + width, 30)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._text:
            width = QFontMetricsF(units_font()).horizontalAdvance(self._text)
            draw_haloed(painter, QPointF(-width / 2, 17), self._text, "#57534E", units_font())
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 210), 3.2))
        painter.drawEllipse(QPointF(0, 0), DOT, DOT)
        painter.setPen(QPen(QColor("#57534E"), 1.3))
        painter.drawEllipse(QPointF(0, 0), DOT, DOT)


class UnitsItem(QGraphicsItem):
    """The units of a dosed muscle that has no point yet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setZValue(35)

    def boundingRect(self) -> QRectF:
        """The text on its plate."""
        width = QFontMetricsF(units_font()).horizontalAdvance(self._text)
        return QRectF(-width / 2 - 6, 7, width + 12, 20)  # below the anchor, where the name's leader ends

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Figures on a nearly white plate, readable on the darkest dose."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(15, 23, 32, 90), 1))
        painter.setBrush(QColor(255, 255, 255, 225))
        painter.drawRoundedRect(self.boundingRect().adjusted(1, 1, -1, -1), 5, 5)
        painter.setPen(QColor(DARK_LINE))
        painter.setFont(units_font())
        painter.drawText(self.boundingRect(), Qt.AlignmentFlag.AlignCenter, self._text)


def units_font() -> QFont:
    """The small semibold font of units on the map."""
    font = base_font()
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def draw_haloed(
    painter: QPainter, baseline: QPointF, text: str, colour: str, font: QFont, halo: str = LIGHT_LINE
) -> None:
    """Text with a pale rim, readable on any picture."""
    path = QPainterPath()
    path.addText(baseline, font, text)
    rim = QColor(halo)
    rim.setAlpha(225)
    pen = QPen(rim, 3)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.fillPath(path, QColor(colour))
