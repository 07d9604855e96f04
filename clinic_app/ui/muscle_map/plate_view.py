"""The map under mouse and keyboard: pan, zoom, choose a muscle, place and move points."""

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import Place
from clinic_app.ui.muscle_map.muscle_items import MuscleItem
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.muscle_map.point_items import SITE_RING
from clinic_app.ui.muscle_map.state_view import StateView
from clinic_app.ui.naming import place_name

_DRAG_PX = 5
_SLACK_PX = 4
_POINT_REACH_PX = 9
_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}

KEYS = (
    ("Tab", "Next muscle of the layer"),
    ("Arrows", "The muscle beside it; moves a chosen point"),
    ("Shift+Arrows", "Move the point by 5 mm instead of 1"),
    ("Enter", "Type the units of the muscle"),
    ("Space", "Set a point at the label of the muscle"),
    ("M", "The same points on the other side"),
    ("Delete", "Remove the point, else the muscle"),
    ("1 to 9", "Layer"),
    ("X", "The plate of the other side"),
    ("Page Up, Page Down", "The next plate, the one before"),
    ("+, −", "Zoom"),
    ("0", "Fit the plate"),
    ("Menu", "Muscles here, deeper ones too"),
)
"""What the keys do while the map has the focus."""


class PlateView(StateView):
    """Tells what a person wants; whoever listens decides what that means for the chart."""

    muscle_pressed = Signal(str, object, object)
    """Muscle and side were clicked; the last argument is the Point under the pointer."""
    missed = Signal()
    """A click, or the end of a drag, where no point can be: beside every muscle, or outside the dragged point's own."""
    muscle_selected = Signal(str, object)
    """The keys went to this muscle; nothing is charted by that."""
    units_wanted = Signal(str, object)
    """Enter: the units of this muscle."""
    point_wanted = Signal(str, object, object)
    """Space: a point of this muscle, here."""
    point_moved = Signal(str, int, object)
    """The line's key, the number of its point, the new Point."""
    point_removed = Signal(str, int)
    layer_wanted = Signal(int)
    """A number key: the layer, counted from 0."""
    point_focused = Signal(object)
    """The line and number of the point that the keys move, or None."""
    muscle_removed = Signal(str, object)
    """Delete, with no point in focus: take this muscle off the chart."""
    mirror_wanted = Signal(str, object)
    """M: the points of this muscle on its other side too."""
    plate_stepped = Signal(int)
    """Page down or up: the next plate or the one before."""
    other_side_wanted = Signal()
    """X: the same plate of the patient's other side."""
    deeper_wanted = Signal(str, object, str)
    """From the context menu: a muscle of another layer."""
    hovered = Signal(object)
    """The Place under the pointer, or None."""

    def __init__(self, scene: PlateScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._pressed: QPoint | None = None
        self._panning = False
        self._dragged: tuple[str, int, Place] | None = None
        self._focused_point: tuple[str, int] | None = None
        self.setAccessibleName("Muscle map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    @property
    def focused_point(self) -> tuple[str, int] | None:
        """The point that the keys move: its line and number."""
        return self._focused_point

    def zoom_to_muscle(self, place: Place) -> None:
        """The muscle large in the middle."""
        item = self._scene.muscles.get(place)
        if item is not None:
            self.zoom_to(item.shape_rect)

    def focus_point(self, key: tuple[str, int] | None) -> None:
        """Let the keys move this point."""
        before, self._focused_point = self._focused_point, key if key in self._scene.points else None
        self._scene.set_focused_point(self._focused_point)
        if before != self._focused_point:
            self.point_focused.emit(self._focused_point)

    def select(self, place: Place | None) -> None:
        """Outline the muscle and bring it into view."""
        self._scene.set_selected(place)
        item = self._scene.muscles.get(place) if place is not None else None
        if item is not None:
            self.show_place(item.anchor)
        self.viewport().update()

    def anchor_in_view(self, place: Place) -> QPoint:
        """Where the muscle's anchor is in the viewport."""
        return self.mapFromScene(self._scene.muscles[place].anchor)

    def press(self, place: Place) -> None:
        """What a click on the muscle does, without a place on it."""
        self.focus_point(None)
        self.muscle_pressed.emit(*place, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a pan, or the move of a point."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = event.position().toPoint()
        self._panning = False
        where = self._to_scene(event.position())
        point = self._scene.point_near(where.x(), where.y(), _POINT_REACH_PX / self.transform().m11())
        self._dragged = None
        if point is not None:
            shown = point.shown
            self._dragged = (shown.line, shown.number, shown.place)
            self.focus_point((shown.line, shown.number))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, move a point, or hover."""
        here = event.position().toPoint()
        if self._pressed is None:
            self._hover(event.position())
            return
        if not self._panning and (here - self._pressed).manhattanLength() < _DRAG_PX:
            return
        if self._dragged is not None:
            self._panning = True
            line, number, _ = self._dragged
            item = self._scene.points.get((line, number))
            if item is not None:
                item.setPos(self._to_scene(event.position()))
            return
        moved = here - self._pressed
        self._panning = True
        self._pressed = here
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.pan_by(QPointF(moved))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        where = self._to_scene(event.position())
        dragged, panned = self._dragged, self._panning
        self._dragged, self._panning = None, False
        self.viewport().unsetCursor()
        if dragged is not None:
            if panned:
                self._drop(dragged, where)
            return
        if panned:
            return
        self.focus_point(None)
        found = self._hit(where)
        if found is None:
            self.missed.emit()
        else:
            self.muscle_pressed.emit(*found.place, self._scene.spot(found.place, *self._snapped(where)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom to the muscle, or fit when there is none."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = self._hit(self._to_scene(event.position()))
        if found is None:
            self.fit()
        else:
            self.zoom_to_muscle(found.place)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        if self._scene.set_hovered(None):
            self.hovered.emit(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What lies here, and what lies deeper."""
        where, on_screen = self._to_scene(QPointF(event.pos())), event.globalPos()
        chosen = self._scene.muscles.get(self._scene.selected) if self._scene.selected is not None else None
        if event.reason() == QContextMenuEvent.Reason.Keyboard and chosen is not None:
            where = chosen.anchor
            on_screen = self.viewport().mapToGlobal(self.mapFromScene(where))
        menu = self.menu_at(where)
        if not menu.isEmpty():
            menu.popup(on_screen)

    def menu_at(self, where: QPointF) -> QMenu:
        """The menu of a place on the plate."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for item in self._scene.hits(where.x(), where.y(), 0):
            action = menu.addAction(place_name(self._reference, *item.place))
            action.setData((item.place, ""))
        for place, layer in self._scene.deeper(where.x(), where.y()):
            action = menu.addAction(f"Deeper here: {place_name(self._reference, *place)} ({layer.title.lower()})")
            action.setData((place, layer.id))
        menu.triggered.connect(self._menu_chosen)
        return menu

    def event(self, event: QEvent) -> bool:
        """Tab goes through the muscles and leaves the map at either end."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            back = event.key() == Qt.Key.Key_Backtab
            if (back or event.key() == Qt.Key.Key_Tab) and self._step(-1 if back else 1):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter, Space, Delete, M, X, page up and down, 0 to 9, plus and minus."""
        key = event.key()
        if key in _ARROWS:
            self._arrow(Qt.Key(key), 5.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._scene.selected is not None:
            self.units_wanted.emit(*self._scene.selected)
        elif key == Qt.Key.Key_Space and self._scene.selected is not None:
            self._point_at_anchor(self._scene.selected)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._focused_point is not None:
            line, number = self._focused_point
            self.focus_point(None)
            self.point_removed.emit(line, number)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._scene.selected is not None:
            self.muscle_removed.emit(*self._scene.selected)
        elif key == Qt.Key.Key_M and self._scene.selected is not None:
            self.mirror_wanted.emit(*self._scene.selected)
        elif key == Qt.Key.Key_X:
            self.other_side_wanted.emit()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.plate_stepped.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.layer_wanted.emit(key - Qt.Key.Key_1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(0.8)
        else:
            super().keyPressEvent(event)

    def _hover(self, where: QPointF) -> None:
        at = self._to_scene(where)
        found = self._hit(at)
        place = found.place if found is not None else None
        changed = self._scene.set_hovered(place)
        words = self._tooltip(place, at)
        if words != self.viewport().toolTip():
            self.viewport().setToolTip(words)
        if changed:
            self.hovered.emit(place)
            self.viewport().update()
        over_point = self._scene.point_near(at.x(), at.y(), _POINT_REACH_PX / self.transform().m11()) is not None
        shape = Qt.CursorShape.SizeAllCursor if over_point else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape if over_point or place is not None else Qt.CursorShape.ArrowCursor)

    def _tooltip(self, place: Place | None, at: QPointF) -> str:
        lines = []
        if place is not None:
            dose = dict(self._scene.state.doses).get(place)
            units = f" · {dose.text}" if dose is not None else ""
            lines += [f"{place_name(self._reference, *place)}{units}", self._reference.muscles[place[0]].latin]
            usual = self._scene.usual_for(place)
            if usual:
                lines.append(f"Usual for {', '.join(usual)}")
        zone = self._scene.keep_away(at.x(), at.y())
        if zone:
            lines.append(f"Keep away: {zone}")
        site = self._scene.site_near(at.x(), at.y(), SITE_RING / self.transform().m11())
        if site is not None:
            lines.append(f"Usual point {site.number}: {site.name}{' (optional)' if site.optional else ''}")
        return "\n".join(lines)

    def _snapped(self, where: QPointF) -> tuple[float, float]:
        """A click inside the ring of a usual place means that place."""
        site = self._scene.site_near(where.x(), where.y(), SITE_RING / self.transform().m11())
        return site.at if site is not None else (where.x(), where.y())

    def _hit(self, where: QPointF) -> MuscleItem | None:
        found = self._scene.hits(where.x(), where.y(), _SLACK_PX / self.transform().m11())
        return found[0] if found else None

    def _drop(self, dragged: tuple[str, int, Place], where: QPointF) -> None:
        line, number, place = dragged
        item = self._scene.muscles.get(place)
        if item is not None and any(part.contains(where.x(), where.y()) for part in item.parts):
            spot = self._scene.spot(place, where.x(), where.y())
            if spot is not None:
                self.point_moved.emit(line, number, spot)
                return
        # Outside its muscle a point means nothing: it goes back.
        back = self._scene.points.get((line, number))
        if back is not None:
            back.setPos(self._scene.position(back.shown.point))
        self.missed.emit()

    def _point_at_anchor(self, place: Place) -> None:
        item = self._scene.muscles.get(place)
        if item is not None:
            spot = self._scene.spot(place, item.anchor.x(), item.anchor.y())
            if spot is not None:
                self.point_wanted.emit(*place, spot)

    def _arrow(self, key: Qt.Key, mm: float) -> None:
        dx, dy = _ARROWS[key]
        if self._focused_point is not None:
            self._nudge(dx * mm, dy * mm)
            return
        start = self._scene.muscles.get(self._scene.selected) if self._scene.selected is not None else None
        origin = start.anchor if start is not None else self._scene.box.center()
        best, best_cost = None, math.inf
        for item in self._scene.muscles.values():
            way = item.anchor - origin
            distance = math.hypot(way.x(), way.y())
            if item is start or distance < 1e-6 or way.x() * dx + way.y() * dy <= 0:
                continue
            sine = (way.x() * dy - way.y() * dx) / distance
            cost = distance * (1 + 2 * sine * sine)
            if cost < best_cost:
                best, best_cost = item, cost
        if best is not None:
            self.choose(best.place)

    def _nudge(self, dx: float, dy: float) -> None:
        if self._focused_point is None:
            return
        item = self._scene.points.get(self._focused_point)
        if item is None:
            return
        where = item.pos() + QPointF(dx, dy)
        muscle = self._scene.muscles.get(item.shown.place)
        if muscle is None or not muscle.touches(where.x(), where.y()):
            return
        spot = self._scene.spot(item.shown.place, where.x(), where.y())
        if spot is not None:
            self.point_moved.emit(*self._focused_point, spot)

    def _step(self, way: int) -> bool:
        order = [item.place for item in self._scene.in_order]
        if not order:
            return False
        if self._scene.selected not in order:
            self.choose(order[0] if way > 0 else order[-1])
            return True
        number = order.index(self._scene.selected) + way
        if not 0 <= number < len(order):
            return False
        self.choose(order[number])
        return True

    def choose(self, place: Place) -> None:
        """Let the keys go to this muscle, without charting anything."""
        self.focus_point(None)
        self.select(place)
        self.muscle_selected.emit(*place)

    @Slot(object)
    def _menu_chosen(self, action: object) -> None:
        data = action.data() if action is not None else None  # type: ignore[attr-defined]
        if data:
            (muscle, side), layer = data
            self.deeper_wanted.emit(muscle, Side(side), layer)
