"""The plate with what a chart puts on it: names with their doses, side letters and legend, in screen pixels."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterStateGuard, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from clinic_app.atlas.doses import Colour
from clinic_app.reference.catalogue import Reference
from clinic_app.ui.muscle_map import overlay
from clinic_app.ui.muscle_map.map_state import MapState
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.muscle_map.zoom_view import ZoomView
from clinic_app.ui.naming import muscle_name
from clinic_app.ui.theme import current_theme

_RIM_PX = 4
"""How far the outline of the muscle that is worked on reaches beyond it."""


class StateView(ZoomView):
    """Shows; what a person does there is the heir's business. A dose that changes is painted alone, and at once."""

    state_shown = Signal()
    """What the chart puts on the plate was painted."""

    def __init__(self, scene: PlateScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._reference = scene.reference
        self._names = {muscle: muscle_name(self._reference, muscle) for muscle in self._reference.muscles}
        self._legend: tuple[tuple[Colour, str], ...] = ()
        self._unit = ""
        self._placed: tuple[object, overlay.Placed] | None = None
        self._stills: dict[str, tuple[object, QPixmap]] = {}
        self._exposed = QRegion()

    @property
    def plate_scene(self) -> PlateScene:
        """What is shown."""
        return self._scene

    @property
    def reference(self) -> Reference:
        """Where the names come from."""
        return self._reference

    def set_legend(self, legend: tuple[tuple[Colour, str], ...], unit: str) -> None:
        """Colours with their texts, and whose units they are."""
        if (legend, unit) != (self._legend, self._unit):
            self._legend, self._unit = legend, unit
            self.viewport().update()

    def show_state(self, state: MapState) -> None:
        """Show what a chart puts on the plate; what changed is painted before anything else happens."""
        before, names = self._scene.state, self._placed[1] if self._placed is not None else None
        self._scene.set_state(state)
        if state == before or self._scene.plate is None or not self.isVisible():
            return
        after = self._place_names()
        if names is None or names.leaders != after.leaders or before.charted != state.charted:
            self.viewport().update()
            return
        changed = {place for place, _ in set(before.doses) ^ set(state.doses)}
        dirty = QRegion()
        for number, (old, new) in enumerate(zip(names.labels, after.labels, strict=True)):
            if old != new:
                dirty += after.row(number, self.viewport().width()).toAlignedRect()
        for place in changed & self._scene.muscles.keys():
            muscle = self.mapFromScene(self._scene.muscles[place].shape_rect).boundingRect()
            dirty += muscle.adjusted(-_RIM_PX, -_RIM_PX, _RIM_PX, _RIM_PX)
        points = [item for item in self._scene.points.values() if item.shown.place in changed]
        plates = [item for item in self._scene.unit_plates() if item.place in changed]
        for figure in (*points, *plates):
            dirty += figure.boundingRect().translated(self._view_of(figure.pos())).toAlignedRect()
        if changed:
            self.viewport().repaint(dirty)
            self.state_shown.emit()

    def paint_now(self) -> None:
        """Paint all of it before anything else happens, in the room that is left by what was just shown or hidden."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        if self.isVisible():
            self.viewport().repaint()
            self.state_shown.emit()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Names, side letters and legend, in screen pixels."""
        if self._scene.plate is None:
            return
        size = (float(self.viewport().width()), float(self.viewport().height()))
        with QPainterStateGuard(painter):
            painter.resetTransform()
            plate = self._plate_on_screen()
            placed = self._place_names()
            exposed = self._exposed
            painter.drawPixmap(0, 0, self._still("leaders", placed.leaders, lambda p: overlay.draw_leaders(p, placed)))
            marks = [(words, self._view_of(QPointF(x, y))) for words, x, y in self._scene.plate.marks]
            rooms = overlay.mark_rooms(marks, placed, size)
            overlay.draw_marks(painter, [each for each in rooms if exposed.intersects(each[1].toAlignedRect())])
            overlay.draw_names(painter, size, plate, placed, exposed)
            # A leader of another muscle must never cross out a figure.
            for units in self._scene.unit_plates():
                at = self._view_of(units.pos())
                if exposed.intersects(units.boundingRect().translated(at).toAlignedRect()):
                    with QPainterStateGuard(painter):
                        painter.translate(at)
                        units.paint(painter, QStyleOptionGraphicsItem())
            foot = (self._legend, self._unit, self._scene.usual_shown)
            if exposed.boundingRect().bottom() >= size[1] - overlay.FOOT:
                painter.drawPixmap(0, 0, self._still("foot", foot, lambda p: overlay.draw_foot(p, size, *foot)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scene, and a line of focus for the keyboard."""
        self._exposed = event.region()
        super().paintEvent(event)
        if self.hasFocus() and self._scene.selected is None:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(current_theme().accent))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
            painter.end()

    def _still(self, name: str, content: object, draw: Callable[[QPainter], None]) -> QPixmap:
        """What stands over the plate as a picture, drawn again only when it changes: most frames change little."""
        ratio = self.devicePixelRatioF()
        key = (content, self.viewport().size().toTuple(), ratio, current_theme())
        known = self._stills.get(name)
        if known is None or known[0] != key:
            picture = QPixmap(self.viewport().size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            draw(painter)
            painter.end()
            self._stills[name] = known = (key, picture)
        return known[1]

    def _place_names(self) -> overlay.Placed:
        """The names with their places, found again when the state, what is pointed at, or the view is another."""
        scene = self._scene
        size = (float(self.viewport().width()), float(self.viewport().height()))
        key = (scene.state, scene.layer, scene.selected, scene.hovered, size, self.viewportTransform())
        if self._placed is None or self._placed[0] != key:
            self._placed = key, overlay.place(size, self._plate_on_screen(), self._labels(size))
        return self._placed[1]

    def _plate_on_screen(self) -> QRectF:
        return QRectF(self._view_of(self._scene.box.topLeft()), self._view_of(self._scene.box.bottomRight()))

    def _labels(self, size: tuple[float, float]) -> list[overlay.Label]:
        doses = dict(self._scene.state.doses)
        charted = set(self._scene.state.charted)
        dropped = {ghost.place: ghost.text for ghost in self._scene.state.ghosts if ghost.dropped}
        labels = []
        for place, item in self._scene.muscles.items():
            anchor = self._view_of(item.anchor)
            if not (0 <= anchor.x() <= size[0] and 0 <= anchor.y() <= size[1] - overlay.FOOT):
                continue
            dose = doses.get(place)
            labels.append(
                overlay.Label(
                    text=self._names[place[0]],
                    units=dose.text if dose is not None else "",
                    change=dose.change
                    if dose is not None
                    else f"{dropped[place]} U dropped"
                    if place in dropped
                    else "",
                    anchor=(anchor.x(), anchor.y()),
                    important=place in charted or place in dropped or place == self._scene.selected,
                    hovered=place == self._scene.hovered,
                    speaks_for_both=self._scene.speaks_for_both(place),
                )
            )
        return labels
