"""The muscles of the map for assistive technology, to which Qt shows a graphics view as one anonymous thing.

Each muscle of the layer in front is an unseen button in the view. A button brings name, description, place, press and
focus in Qt's own way; an interface written in Python cannot offer actions, because the C++ side asks for them by a
pointer that the binding does not hand over (PySide6 6.11: ``interface_cast`` with an action interface crashes).
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface, QFocusEvent, QRegion
from PySide6.QtWidgets import QAccessibleWidget, QPushButton

from clinic_app.ui.muscle_map.map_state import Place
from clinic_app.ui.muscle_map.plate_view import PlateView
from clinic_app.ui.muscle_map.wording import points_text
from clinic_app.ui.naming import place_name

_NOWHERE = QRegion(QRect(-1, -1, 1, 1))

# Qt keeps bare pointers: what Python does not hold would vanish under it.
_maps: dict[int, "MapInterface"] = {}
_installed = False


class MuscleButton(QPushButton):
    """One muscle: pressed it does what a click on the muscle does, focused it is chosen."""

    def __init__(self, view: PlateView) -> None:
        super().__init__(view)
        self._view = view
        self.place: Place | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # Focusable, but no stop of the Tab key: the view itself goes through its muscles.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMask(_NOWHERE)
        self.clicked.connect(self._pressed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the muscle; the keys go to the map."""
        if self.place is not None:
            self._view.choose(self.place)
        self._view.setFocus(event.reason())

    @Slot()
    def _pressed(self) -> None:
        if self.place is not None:
            self._view.press(self.place)


class MuscleButtons(QObject):
    """Keeps the buttons in step with the view: the layer's muscles in the order of the catalogue."""

    def __init__(self, view: PlateView) -> None:
        super().__init__(view)
        self._view = view
        self._buttons: list[MuscleButton] = []
        self._shown = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._bring_in_step)
        view.installEventFilter(self)
        view.moved.connect(self.refresh)

    @property
    def shown(self) -> list[MuscleButton]:
        """The buttons of the layer in front."""
        if self._soon.isActive():
            self._soon.stop()
            self._bring_in_step()
        return self._buttons[: self._shown]

    @Slot()
    def refresh(self) -> None:
        """Muscles, doses or their places changed; a moment later the buttons follow, after the frame."""
        self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The view was shown or resized."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.refresh()
        return False

    @Slot()
    def _bring_in_step(self) -> None:
        order = self._view.plate_scene.in_order
        while len(self._buttons) < len(order):
            self._buttons.append(MuscleButton(self._view))
        for button, item in zip(self._buttons, order, strict=False):
            button.place = item.place
            button.setAccessibleName(place_name(self._view.reference, *item.place))
            button.setAccessibleDescription(description(self._view, item.place))
            button.setGeometry(self._view.mapFromScene(item.shape_rect).boundingRect())
            button.show()
        for button in self._buttons[len(order) :]:
            button.place = None
            button.hide()
        self._shown = len(order)


class MapInterface(QAccessibleWidget):
    """The map as a canvas whose children are its muscles."""

    def __init__(self, view: PlateView) -> None:
        super().__init__(view, QAccessible.Role.Canvas, "Muscle map")
        self._view = view

    def childCount(self) -> int:
        """How many."""
        return len(self._showing())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes none here
        """One muscle."""
        showing = self._showing()
        return QAccessible.queryAccessibleInterface(showing[index]) if 0 <= index < len(showing) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Its place in the order."""
        button = child.object()
        showing = self._showing()
        return showing.index(button) if button in showing else -1

    def _showing(self) -> list[MuscleButton]:
        buttons = self._view.findChild(MuscleButtons)
        return buttons.shown if isinstance(buttons, MuscleButtons) else []


def announce(view: PlateView, place: Place) -> None:
    """Say what a muscle has got now."""
    if QAccessible.isActive():
        name, words = place_name(view.reference, *place), description(view, place)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, f"{name}, {words}"))


def description(view: PlateView, place: Place) -> str:
    """Layer, units, points and whether it is chosen: "intermediate layer, 40 U, 2 points, chosen"."""
    scene = view.plate_scene
    words = [f"{scene.layer.title.lower()} layer"] if scene.layer is not None else []
    dose = dict(scene.state.doses).get(place)
    if dose is not None:
        words.append(dose.text)
    points = sum(point.place == place for point in scene.state.points)
    if points:
        words.append(points_text(points))
    usual = scene.usual_for(place)
    if usual:
        words.append(f"usual for {' and '.join(usual)}")
    if scene.selected == place:
        words.append("chosen")
    return ", ".join(words)


def make_maps_known() -> None:
    """Tell Qt how maps are read, before the first one is made: Qt keeps the interface a widget had at first."""
    global _installed  # the factory belongs to the process, as Qt's own do
    if not _installed:
        _installed = True
        QAccessible.installFactory(_factory)


def _factory(class_name: str, widget: object) -> QAccessibleInterface | None:
    if not isinstance(widget, PlateView):
        return None
    key = id(widget)
    if key not in _maps:
        _maps[key] = MapInterface(widget)
        widget.destroyed.connect(lambda: _maps.pop(key, None))
    return _maps[key]
