"""The small whole-body figure: leads to each region and shows where the patient is treated."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from clinic_app.atlas.plates import BodyArea, BodyFigure
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.wording import region_name
from clinic_app.ui.theme import base_font, current_theme

_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
_GAP = 4

Treated = tuple[str, Side]
"""A region and the side of it that is treated."""


class AreaButton(QAbstractButton):
    """One piece of the figure. The figure paints it; the button brings pointer, keys, name and press."""

    def __init__(self, figure: "BodyFigureView", area: BodyArea, view: str) -> None:
        super().__init__(figure)
        self.area = area
        self.view = view
        self._figure = figure
        side = f"{area.side.capitalize()} " if area.side else ""
        name = region_name(area.region)
        words = f"{side}{name.lower() if side else name}, {view}"
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The figure paints all of its areas, so that none is clipped to its own rectangle."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show where a click would lead."""
        super().enterEvent(event)
        self._figure.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No more."""
        super().leaveEvent(event)
        self._figure.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab comes back to the area that had the focus last."""
        super().focusInEvent(event)
        self._figure.keep_tab_stop(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._figure.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go to the next area in their direction; Enter is a press, as Space is."""
        key = event.key()
        if key in _ARROWS:
            self._figure.step(self, *_ARROWS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class BodyFigureView(QWidget):
    """Front and back side by side."""

    region_picked = Signal(str, str, str)
    """The region, the patient's side ("right", "left" or "" for both), and "front" or "back"."""

    def __init__(self, figure: BodyFigure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = figure
        self._pictures = [QImage(str(view.picture)) for view in figure.views]
        self._scaled: list[QPixmap] = []
        self._treated: frozenset[Treated] = frozenset()
        self._shown: tuple[str, frozenset[str]] = ("", frozenset())
        self.setAccessibleName("Body figure")
        self.buttons = [AreaButton(self, area, view.id) for view in figure.views for area in view.areas]
        for button in self.buttons:
            button.clicked.connect(self._picked)
        if self.buttons:
            self.keep_tab_stop(self.buttons[0])

    def sizeHint(self) -> QSize:
        """As wide as the sidebar lets it be, as high as that makes the figures."""
        return QSize(176, self.heightForWidth(176))

    def hasHeightForWidth(self) -> bool:
        """The pictures keep their shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of figures that stand side by side in the width."""
        left, top, right, bottom = self._figure.box
        each = (width - _GAP * (len(self._figure.views) - 1)) / max(1, len(self._figure.views))
        return round(each * (bottom - top) / (right - left)) + 14

    def set_treated(self, treated: Iterable[Treated]) -> None:
        """Mark where the patient is treated."""
        found = frozenset(treated)
        if found != self._treated:
            self._treated = found
            self.update()

    def set_shown(self, region: str, sides: Iterable[str]) -> None:
        """Mark the region of the plate in front."""
        shown = region, frozenset(sides)
        if shown != self._shown:
            self._shown = shown
            self.update()

    def keep_tab_stop(self, button: AreaButton) -> None:
        """Only one area is a stop of the Tab key: the arrows do the rest."""
        for each in self.buttons:
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is button else Qt.FocusPolicy.ClickFocus)
        self.update()

    def step(self, start: AreaButton, dx: float, dy: float) -> None:
        """Give the focus to the nearest area in a direction."""
        origin = QPointF(start.geometry().center())
        best, best_cost = None, math.inf
        for button in self.buttons:
            way = QPointF(button.geometry().center()) - origin
            distance = math.hypot(way.x(), way.y())
            if button is start or distance < 1 or way.x() * dx + way.y() * dy <= 0:
                continue
            sine = (way.x() * dy - way.y() * dx) / distance
            cost = distance * (1 + 3 * sine * sine)
            if cost < best_cost:
                best, best_cost = button, cost
        if best is not None:
            best.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The areas follow."""
        super().resizeEvent(event)
        self._scaled = []
        number = 0
        for place, view in enumerate(self._figure.views):
            for area in view.areas:
                polygon = self._polygon(area, place).toPolygon()
                bounds = polygon.boundingRect()
                self.buttons[number].setGeometry(bounds)
                self.buttons[number].setMask(QRegion(polygon.translated(-bounds.topLeft())))
                number += 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, what is treated, what is in front, what the pointer is over."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._scaled:
            self._scaled = [self._scale(picture) for picture in self._pictures]
        font = base_font()
        font.setPixelSize(10)
        painter.setFont(font)
        number = 0
        for place, view in enumerate(self._figure.views):
            target = self._target(place)
            painter.drawPixmap(target.topLeft(), self._scaled[place])
            painter.setPen(QColor(theme.muted))
            label = QRectF(target.left(), target.bottom(), target.width(), 14)
            painter.drawText(label, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, view.title)
            for area in view.areas:
                self._paint_area(painter, self.buttons[number], self._polygon(area, place))
                number += 1

    def _paint_area(self, painter: QPainter, button: AreaButton, polygon: QPolygonF) -> None:
        theme, area = current_theme(), button.area
        accent = QColor(theme.accent)
        region, sides = self._shown
        treated = any(name == area.region and _same_side(area.side, side.value) for name, side in self._treated)
        shown = area.region == region and any(_same_side(area.side, side) for side in sides)
        fill = QColor(accent)
        fill.setAlpha(110 if treated else 56 if button.underMouse() else 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(polygon)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if button.hasFocus():
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.drawPolygon(polygon)
        elif shown:
            painter.setPen(QPen(accent, 1.5))
            painter.drawPolygon(polygon)

    def _target(self, place: int) -> QRectF:
        left, top, right, bottom = self._figure.box
        views = max(1, len(self._figure.views))
        width = (self.width() - _GAP * (views - 1)) / views
        height = self.height() - 14
        scale = min(width / (right - left), height / (bottom - top))
        size = ((right - left) * scale, (bottom - top) * scale)
        return QRectF(place * (width + _GAP) + (width - size[0]) / 2, 0, *size)

    def _polygon(self, area: BodyArea, place: int) -> QPolygonF:
        target = self._target(place)
        left, top, right, _ = self._figure.box
        scale = target.width() / (right - left)
        return QPolygonF(
            [QPointF(target.left() + (x - left) * scale, target.top() + (y - top) * scale) for x, y in area.outline]
        )

    def _scale(self, picture: QImage) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self._target(0).size() * ratio
        if picture.isNull() or size.isEmpty():
            return QPixmap()
        scaled = QPixmap.fromImage(
            picture.scaled(
                size.toSize(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
        scaled.setDevicePixelRatio(ratio)
        return scaled

    @Slot()
    def _picked(self) -> None:
        button = self.sender()
        if isinstance(button, AreaButton):
            self.region_picked.emit(button.area.region, button.area.side, button.view)


def _same_side(area: str, side: str) -> bool:
    """An area over the midline belongs to both sides, and what has no side to every area."""
    return not area or side not in {"left", "right"} or area == side
