"""The muscles of the map for assistive technology: Qt shows it a graphics view as one anonymous thing."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from clinic_app.ui.muscle_map.map_state import Place
from clinic_app.ui.muscle_map.plate_view import PlateView
from clinic_app.ui.muscle_map.wording import place_name, points_text

# Qt keeps bare pointers: what Python does not hold would vanish under it.
_views: dict[int, MapInterface] = {}
_installed = False


class MuscleInterface(QAccessibleInterface):
    """One muscle: name, what it has got, where it is on the screen."""

    def __init__(self, view: PlateView, parent: MapInterface, place: Place) -> None:
        super().__init__()
        self._view = view
        self._parent = parent
        self._place = place

    def isValid(self) -> bool:
        """Whether the muscle is still in front."""
        return shiboken6.isValid(self._view) and self._place in self._view.plate_scene.muscles

    def object(self) -> QObject | None:  # type: ignore[override]  # Qt takes none here
        """A muscle is no QObject."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # Qt takes none here
        """The map's window."""
        return self._parent.window()

    def parent(self) -> QAccessibleInterface:
        """The map."""
        return self._parent

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes none here
        """None."""
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes none here
        """The muscle there."""
        return None

    def childCount(self) -> int:
        """How many."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Its place in the order."""
        return -1

    def role(self) -> QAccessible.Role:
        """It can be pressed and chosen."""
        return QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        """Whether it is chosen."""
        state = QAccessible.State()
        scene = self._view.plate_scene
        state.focusable = state.selectable = True
        state.selected = state.focused = scene.selected == self._place
        return state

    def rect(self) -> QRect:
        """Where it is on the screen."""
        item = self._view.plate_scene.muscles.get(self._place)
        if item is None:
            return QRect()
        inside = self._view.mapFromScene(item.shape_rect).boundingRect()
        return QRect(self._view.viewport().mapToGlobal(inside.topLeft()), inside.size())

    def text(self, kind: QAccessible.Text) -> str:
        """Name and description."""
        if kind == QAccessible.Text.Name:
            return place_name(self._view.reference, *self._place)
        if kind == QAccessible.Text.Description:
            return description(self._view, self._place)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names are the reference's."""

    def backgroundColor(self) -> QColor:
        """Of no use here."""
        return QColor()

    def foregroundColor(self) -> QColor:
        """Of no use here."""
        return QColor()


class MapInterface(QAccessibleWidget):
    """The map with the muscles of the layer in front as its children, in the order of the catalogue."""

    def __init__(self, view: PlateView) -> None:
        super().__init__(view, QAccessible.Role.Canvas, "Muscle map")
        self._view = view
        self._children: dict[Place, MuscleInterface] = {}

    def childCount(self) -> int:
        """How many."""
        return len(self._view.plate_scene.muscles) if shiboken6.isValid(self._view) else 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes none here
        """None."""
        order = self._view.plate_scene.in_order
        return self._interface(order[index].place) if 0 <= index < len(order) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Its place in the order."""
        places = [item.place for item in self._view.plate_scene.in_order]
        found = next((place for place, own in self._children.items() if own is child), None)
        return places.index(found) if found in places else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes none here
        """The muscle there."""
        where = self._view.mapToScene(self._view.viewport().mapFromGlobal(QPoint(x, y)))
        found = self._view.plate_scene.hits(where.x(), where.y(), 0)
        return self._interface(found[0].place) if found else None

    def _interface(self, place: Place) -> MuscleInterface:
        if place not in self._children:
            self._children[place] = MuscleInterface(self._view, self, place)
        return self._children[place]


def make_accessible(view: PlateView) -> None:
    """Let assistive technology see the view's muscles."""
    global _installed  # the factory belongs to the process, as Qt's own do
    if not _installed:
        _installed = True
        QAccessible.installFactory(_factory)
    key = id(view)
    view.destroyed.connect(lambda: _views.pop(key, None))


def announce(view: PlateView, place: Place) -> None:
    """Say what a muscle has got now."""
    if QAccessible.isActive():
        name, words = place_name(view.reference, *place), description(view, place)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, f"{name}, {words}"))


def description(view: PlateView, place: Place) -> str:
    """Layer, units and points: "intermediate layer, 40 U, 2 points"."""
    scene = view.plate_scene
    words = [f"{scene.layer.title.lower()} layer"] if scene.layer is not None else []
    dose = dict(scene.state.doses).get(place)
    if dose is not None:
        words.append(dose.text)
    points = sum(point.place == place for point in scene.state.points)
    if points:
        words.append(points_text(points))
    return ", ".join(words)


def _factory(key: str, widget: Any) -> QAccessibleInterface | None:
    if not isinstance(widget, PlateView):
        return None
    if id(widget) not in _views:
        _views[id(widget)] = MapInterface(widget)
    return _views[id(widget)]
