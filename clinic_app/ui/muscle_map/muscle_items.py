"""Muscles as shapes over the picture: outlines for the pointer and the selection, and the colours of their doses."""

from collections.abc import Sequence
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from clinic_app.atlas.doses import Colour, tint
from clinic_app.atlas.plates import Part
from clinic_app.ui.muscle_map.map_state import Place

_OUTLINE_ROOM_MM = 12.0
_DARK = 360
_SLIT_MM = 1.3
DARK_LINE = "#0F1720"
LIGHT_LINE = "#FFFFFF"


class MuscleItem(QGraphicsItem):
    """All parts of one muscle and side on a layer. It paints nothing until hovered, selected or dropped."""

    def __init__(self, place: Place, parts: Sequence[Part], layer: str) -> None:
        super().__init__()
        self.place = place
        self.parts = tuple(parts)
        self.layer = layer
        self.area = sum(part.area for part in parts)
        largest = max(parts, key=lambda part: part.area)
        self.anchor = QPointF(*largest.anchor)
        self.path = path_of(parts)
        self._rect = self.path.boundingRect()
        self._hovered = self._selected = self._dropped = False
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, True)
        self.setZValue(20)

    def boundingRect(self) -> QRectF:
        """The shape with room for its outline."""
        room = _OUTLINE_ROOM_MM
        return self._rect.adjusted(-room, -room, room, room)

    @property
    def shape_rect(self) -> QRectF:
        """The bounds of the muscle itself."""
        return self._rect

    @cached_property
    def outline(self) -> QPainterPath:
        """The shape a little wider: the slits between tendons close, where two lines would make a black blot."""
        return self.path.united(_rim(self.path)).simplified()

    @cached_property
    def whole(self) -> QPainterPath:
        """The shape in its own size, with the slits between tendons closed."""
        return self.outline.subtracted(_rim(self.outline))

    def shape(self) -> QPainterPath:
        """The visible region."""
        return self.path

    def touches(self, x: float, y: float) -> bool:
        """Whether the place lies on the muscle."""
        return self._rect.contains(x, y) and self.path.contains(QPointF(x, y))

    def near(self, square: QRectF) -> bool:
        """Whether the muscle comes into the square; slender muscles are hard to hit."""
        return self._rect.intersects(square) and self.path.intersects(square)

    def part_at(self, x: float, y: float) -> Part:
        """The part under the place, or the one next to it."""
        for part in self.parts:
            if part.contains(x, y):
                return part
        return min(self.parts, key=lambda part: _distance(part, x, y))

    def mark(self, *, hovered: bool, selected: bool, dropped: bool) -> None:
        """Show what the muscle is at the moment."""
        if (hovered, selected, dropped) == (self._hovered, self._selected, self._dropped):
            return
        self._hovered, self._selected, self._dropped = hovered, selected, dropped
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, not (hovered or selected or dropped))
        self.setZValue(22 if selected else 21 if hovered else 20)
        # The line around the muscle that is worked on is stroked once, not with every key in its units.
        cached = QGraphicsItem.CacheMode.DeviceCoordinateCache
        self.setCacheMode(cached if selected else QGraphicsItem.CacheMode.NoCache)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Two pixels of dark and two of light, which show on every colour; hover is thinner."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._dropped and not self._selected:
            painter.setPen(_pen(LIGHT_LINE, 2.4))
            painter.drawPath(self.path)
            dashed = _pen("#57534E", 1.4)
            dashed.setDashPattern([4, 3])
            painter.setPen(dashed)
            painter.drawPath(self.path)
        if self._selected:
            painter.setPen(_pen(LIGHT_LINE, 6))
            painter.drawPath(self.outline)
            painter.setPen(_pen(DARK_LINE, 2))
            painter.drawPath(self.outline)
        elif self._hovered:
            painter.setPen(_pen(LIGHT_LINE, 3.4))
            painter.drawPath(self.outline)
            painter.setPen(_pen(DARK_LINE, 1.2))
            painter.drawPath(self.outline)


def path_of(parts: Sequence[Part]) -> QPainterPath:
    """The parts as one shape; inner polygons are holes."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for part in parts:
        own = QPainterPath()
        own.setFillRule(Qt.FillRule.OddEvenFill)
        for polygon in part.outline:
            own.addPolygon(QPolygonF([QPointF(x, y) for x, y in polygon]))
            own.closeSubpath()
        path = own if path.isEmpty() else path.united(own)
    return path


def _rim(path: QPainterPath) -> QPainterPath:
    """A band along the edge of a shape, a slit's width to each side."""
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * _SLIT_MM)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path)


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def dose_tint(colour: Colour) -> QColor:
    """The colour of a dose as it is multiplied over the neutral picture."""
    # In the darkest colours the fibres get faint; a tenth lighter they stay.
    lift = 1.1 if sum(colour) < _DARK else 1.0
    return QColor(*(min(255, round(channel * lift)) for channel in tint(colour)))


def _distance(part: Part, x: float, y: float) -> float:
    return min(((px - x) ** 2 + (py - y) ** 2 for polygon in part.outline for px, py in polygon), default=1e9)
