"""Injection points and the hollow ones of last time: the same size at every zoom, visible on every colour."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from clinic_app.atlas.plates import Site
from clinic_app.ui.muscle_map.map_state import Place, ShownPoint
from clinic_app.ui.muscle_map.muscle_items import DARK_LINE, LIGHT_LINE
from clinic_app.ui.theme import base_font

DOT = 4.5
_DOT_ROOM = 12.0
"""From the middle of a point to the edge of its picture, with the ring of the focus."""
SITE_RING = 8.0
_FADED = 0.35


class PointItem(QGraphicsItem):
    """A point: white ring, dark core, the units beside it."""

    def __init__(self, shown: ShownPoint) -> None:
        super().__init__()
        self.shown = shown
        self._width = 0.0
        self._measure()
        self._focused = False
        self._faded = False
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setZValue(40)

    def set_shown(self, shown: ShownPoint) -> None:
        """Other units, or another place."""
        if shown != self.shown:
            self.prepareGeometryChange()
            self.shown = shown
            self._measure()
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
        return QRectF(-12, -12, 26 + self._width, 24)

    def _measure(self) -> None:
        self._width = _width_of(self.shown.text)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it."""
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(QPointF(-_DOT_ROOM, -_DOT_ROOM), _dot(self._focused, ratio))
        if self.shown.text and not self._faded:
            draw_haloed(painter, QPointF(DOT + 5, 4), self.shown.text, DARK_LINE)


class GhostItem(QGraphicsItem):
    """A point of last time: a hollow grey dot. Or, without a point, the units of last time in grey."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setZValue(30)

    def boundingRect(self) -> QRectF:
        """Dot or text."""
        width = _width_of(self._text)
        return QRectF(-8 - width / 2, -9, 16 + width, 30)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._text:
            width = _width_of(self._text)
            draw_haloed(painter, QPointF(-width / 2, 17), self._text, "#57534E")
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 210), 3.2))
        painter.drawEllipse(QPointF(0, 0), DOT, DOT)
        painter.setPen(QPen(QColor("#57534E"), 1.3))
        painter.drawEllipse(QPointF(0, 0), DOT, DOT)


class SiteItem(QGraphicsItem):
    """A usual place of injection with its number: a dashed ring when it is optional. A place, never a dose."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site = site
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setPos(*site.at)
        self.setZValue(28)

    def boundingRect(self) -> QRectF:
        """The ring."""
        return QRectF(-10, -10, 20, 20)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """A pale disc with the number."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(255, 255, 255, 170))
        pen = QPen(QColor(DARK_LINE), 1.2)
        if self.site.optional:
            pen.setDashPattern([2.5, 2])
        painter.setPen(pen)
        painter.drawEllipse(QPointF(0, 0), SITE_RING, SITE_RING)
        painter.setFont(units_font())
        painter.drawText(self.boundingRect(), Qt.AlignmentFlag.AlignCenter, str(self.site.number))


class UnitsItem(QGraphicsItem):
    """The units of a dosed muscle that has no point yet."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__()
        self.place = place
        self._text = text
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setZValue(35)

    def boundingRect(self) -> QRectF:
        """The text on its plate."""
        width = _width_of(self._text)
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


@lru_cache(maxsize=1)
def units_font() -> QFont:
    """The small semibold font of units on the map."""
    font = base_font()
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold)
    return font


@lru_cache(maxsize=512)
def _width_of(text: str) -> float:
    return QFontMetricsF(units_font()).horizontalAdvance(text) if text else 0.0


@lru_cache(maxsize=4)
def _dot(focused: bool, ratio: float) -> QPixmap:
    """A point without its units as a picture: a chart can have two hundred."""
    size = round(2 * _DOT_ROOM * ratio)
    picture = QPixmap(size, size)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    centre = QPointF(_DOT_ROOM, _DOT_ROOM)
    rings = ((DARK_LINE, DOT + 2), (LIGHT_LINE, DOT + 1), (DARK_LINE, DOT - 1))
    for colour, radius in (((DARK_LINE, DOT + 6), (LIGHT_LINE, DOT + 4)) if focused else ()) + rings:
        painter.setBrush(QColor(colour))
        painter.drawEllipse(centre, radius, radius)
    painter.end()
    return picture


def draw_haloed(painter: QPainter, baseline: QPointF, text: str, colour: str) -> None:
    """Units with a pale rim, readable on any picture."""
    picture, origin = _haloed(text, colour, painter.device().devicePixelRatio())
    painter.drawPixmap(baseline - origin, picture)


@lru_cache(maxsize=512)
def _haloed(text: str, colour: str, ratio: float) -> tuple[QPixmap, QPointF]:
    """The text as a picture, with where its baseline starts: a path with a rim is too slow for two hundred points."""
    metrics = QFontMetricsF(units_font())
    room = 3.0
    size = QSize(round(metrics.horizontalAdvance(text) + 2 * room + 2), round(metrics.height() + 2 * room))
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    origin = QPointF(room, room + metrics.ascent())
    path = QPainterPath()
    path.addText(origin, units_font(), text)
    rim = QColor(LIGHT_LINE)
    rim.setAlpha(225)
    pen = QPen(rim, 3)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, pen)
    painter.fillPath(path, QColor(colour))
    painter.end()
    return picture, origin
