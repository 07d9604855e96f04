"""The plate with its sidebar: which plate and layer are in front, and what the chart puts on them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import hypot
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyle, QWidget

from clinic_app.atlas.atlas import Atlas
from clinic_app.atlas.plates import Layer, Plate, PlateSummary
from clinic_app.errors import NotFound
from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import ChartContent, Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import accessible
from clinic_app.ui.muscle_map.map_reading import legend, limits_on, map_state
from clinic_app.ui.muscle_map.map_state import NOTHING, MapState, Place
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.pictures import ReadPicture, read_picture
from clinic_app.ui.muscle_map.plate_choice import plate_of_region, stepped, where_charted, where_shown
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.muscle_map.plate_view import PlateView
from clinic_app.ui.muscle_map.sidebar import Sidebar
from clinic_app.ui.naming import brand_of
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.sections import Hairline

_ALONG = (0.0, 0.14, -0.14, 0.28, -0.28, 0.42, -0.42)
_ACROSS = (0.0, 0.2, -0.2, 0.4, -0.4)
"""Where along and across the fibres further points are put beside the anchor, until somebody moves them."""
_APART_MM = 2.5
_SAY_MS = 700
"""A pause in typing, after which a changed dose is said to assistive technology."""


class MapArea(QWidget):
    """Left and middle of the view."""

    missed = Signal()
    muscle_pressed = Signal(str, object, object)
    muscle_looked_at = Signal(str, object)
    muscle_removed = Signal(str, object)
    units_wanted = Signal(str, object)
    point_wanted = Signal(str, object, object)
    point_moved = Signal(str, int, object)
    point_removed = Signal(str, int)
    point_focused = Signal(object)
    """The line and number of the point that the keys move, or None."""
    mirror_wanted = Signal(str, object)
    limits_wanted = Signal()

    def __init__(
        self,
        atlas: Atlas,
        reference: Reference,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        may_limit: bool = False,
    ) -> None:
        super().__init__(parent)
        self._may_limit = may_limit
        self._atlas = atlas
        self._reference = reference
        self._tasks = tasks
        self._chart: OpenChart | None = None
        self._with_ghosts = True
        self._summaries = {summary.id: summary for summary in atlas.summaries()}
        self.sidebar = Sidebar(reference, atlas.summaries(), atlas.figure(), self)
        self.scene = PlateScene(reference, self)
        accessible.make_maps_known()
        self.view = PlateView(self.scene, self)
        self.buttons = accessible.MuscleButtons(self.view)
        self._saying = QTimer(self)
        self._saying.setSingleShot(True)
        self._saying.setInterval(_SAY_MS)
        self._saying.timeout.connect(self._say_selected)
        self._missing = EmptyState("person-standing", "", self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._missing)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sidebar)
        layout.addWidget(Hairline(self, vertical=True))
        layout.addWidget(self._pages, 1)
        self._connect()
        if self._summaries:
            self.show_plate(next(iter(self._summaries)))
        else:
            self._tell_missing("No plates are installed. Every muscle can be chosen from the list on the left.")

    @property
    def selected(self) -> Place | None:
        """The chosen muscle."""
        return self.scene.selected

    @property
    def plate_id(self) -> str:
        """The plate in front."""
        return self.scene.plate.id if self.scene.plate is not None else ""

    @property
    def summary(self) -> PlateSummary | None:
        """What the index says of the plate in front."""
        return self._summaries.get(self.plate_id)

    @Slot(str)
    def show_plate(self, plate_id: str, layer_id: str = "", state: MapState | None = None) -> None:
        """Bring a plate to the front, with its outermost layer unless another is named, and with it another state."""
        summary = self._summaries.get(plate_id)
        if summary is not None:
            self.sidebar.show_plate(summary, summary.layers)
        try:
            plate = self._atlas.plate(plate_id)
        except NotFound as missing:
            self._tell_missing(str(missing))
            return
        another = plate is not self.scene.plate
        layer = next((each for each in plate.layers if each.id == layer_id), plate.layers[0])
        self._show_layer(plate, layer, state)
        self.sidebar.sites.setVisible(bool(plate.sites))
        if another:
            self.view.fit()
        self.sidebar.show_layer(plate.layers.index(layer))

    @Slot(int)
    def show_layer(self, number: int) -> None:
        """Bring a layer of the plate to the front."""
        plate = self.scene.plate
        if plate is not None and 0 <= number < len(plate.layers):
            self._show_layer(plate, plate.layers[number])
            self.sidebar.show_layer(number)

    @Slot(str, str, str)
    def show_region(self, region: str, side: str, seen_from: str) -> None:
        """Bring a region of the body to the front."""
        plate = plate_of_region(self._atlas.summaries(), region, side, seen_from)
        if plate is not None:
            self.show_plate(plate)

    def select(self, place: Place | None) -> None:
        """Outline a muscle."""
        self.view.select(place)
        self.buttons.refresh()

    def go_to(self, place: Place) -> None:
        """Show the muscle, on another layer or plate when it is not in front, and choose it."""
        if place not in self.scene.muscles:
            lines = self._chart.content.lines if self._chart is not None else ()
            pointed = [point.plate for line in lines if (line.muscle, line.side) == place for point in line.points]
            where = where_shown(self._atlas, place, self.plate_id, pointed)
            if where is not None:
                self.show_plate(*where)
        self.select(place)

    def show_where_charted(self, content: ChartContent) -> None:
        """The plate and layer where most of the chart's muscles are."""
        where = where_charted(self._atlas, content)
        if where is not None:
            self.show_plate(*where)

    def open_chart(self, chart: OpenChart) -> None:
        """Put a chart on the plate and layer where most of its muscles are; the plate before never shows it."""
        where = where_charted(self._atlas, chart.content)
        if where is not None:
            self.show_plate(*where, map_state(chart, with_ghosts=self._with_ghosts))
        self.show_chart(chart)

    def show_chart(self, chart: OpenChart | None) -> None:
        """Put the chart on the plate, or take it off."""
        self._chart = chart
        state = map_state(chart, with_ghosts=self._with_ghosts) if chart is not None else NOTHING
        focused = self.view.focused_point
        before = dict(self.scene.state.doses)
        self.view.show_state(state)
        self.view.focus_point(focused)
        doses = dict(state.doses)
        self.sidebar.tree.set_units({place: dose.text for place, dose in doses.items()})
        if self.sidebar.figure is not None:
            known = self._reference.muscles
            self.sidebar.figure.set_treated(
                (known[muscle].region, side) for muscle, side in state.charted if muscle in known
            )
        given = chart.content.product if chart is not None else ""
        if chart is not None and given:
            self.view.set_legend(legend(limits_on(chart, given)), f"U {brand_of(self._reference, given, chart.region)}")
        else:
            self.view.set_legend((), "")
        self.sidebar.show_chart(chart is not None)
        self.sidebar.usual.setVisible(bool(state.usual))
        self._count_charted()
        self.sidebar.limits.setVisible(self._may_limit and bool(given))
        self.buttons.refresh()
        if self.selected is not None and doses.get(self.selected) != before.get(self.selected):
            self._saying.start()

    def _count_charted(self) -> None:
        """On each layer of the plate, the charted muscles that show best there."""
        plate = self.scene.plate
        if plate is None:
            return
        counts = dict.fromkeys((layer.id for layer in plate.layers), 0)
        for muscle, side in self.scene.state.charted:
            best = next((where for where in self._atlas.shown_on(muscle, side.value) if where[0] == plate.id), None)
            if best is not None:
                counts[best[1]] += 1
        self.sidebar.show_charted(list(counts.values()))

    def free_spot(self, place: Place, taken: Sequence[Point]) -> Point | None:
        """A spot for one more point: the anchor of the muscle, else beside it, first along the fibres."""
        self.go_to(place)
        item = self.scene.muscles.get(place)
        if item is None:
            return None
        part = item.part_at(item.anchor.x(), item.anchor.y())
        u, t = part.locate(item.anchor.x(), item.anchor.y())
        others = [self.scene.position(point) for point in taken if point.plate == self.plate_id]
        for across, along in product(_ACROSS, _ALONG):
            x, y = part.at(min(0.95, max(0.05, u + across)), min(0.95, max(0.05, t + along)))
            near = any(hypot(other.x() - x, other.y() - y) < _APART_MM for other in others)
            if part.contains(x, y) and not near:
                return self.scene.spot(place, x, y)
        return self.scene.spot(place, item.anchor.x(), item.anchor.y())

    def mirrored(self, points: Sequence[Point]) -> tuple[Point, ...]:
        """The same places on the patient's other side."""
        return tuple(self._mirrored(point) for point in points)

    def keep_away(self, point: Point) -> str:
        """The structure that a place on the layer in front lies over and no needle should meet, or nothing."""
        return self.scene.keep_away(point.x_mm, point.y_mm) if point.plate == self.plate_id else ""

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep less while another view is in front."""
        super().hideEvent(event)
        self.scene.stage.rest()

    def tell_changed(self, place: Place) -> None:
        """Say it to assistive technology."""
        accessible.announce(self.view, place)

    def _mirrored(self, point: Point) -> Point:
        plate, part = self._atlas.other_side(point.plate, point.part)
        # Both sides of a plate mirror each other at x = 0, and so does a plate of the other side.
        return replace(point, plate=plate, part=part, x_mm=-point.x_mm, units="")

    def _show_layer(self, plate: Plate, layer: Layer, state: MapState | None = None) -> None:
        self._pages.setCurrentWidget(self.view)
        if (plate, layer) == (self.scene.plate, self.scene.layer):
            return
        selected = self.scene.selected
        self.view.focus_point(None)
        self.scene.show_layer(plate, layer, state, fade=self.view.isVisible() and not _calm(self))
        self.scene.set_selected(selected)
        self.buttons.refresh()
        self._count_charted()
        self.view.viewport().update()
        self._read_ahead()

    def _read_ahead(self) -> None:
        """Reading a picture takes longer than a frame; another thread has it ready before it is asked for."""
        soon, size = self.scene.stage.wanted_soon(), self.view.pixels_of_box
        if soon:
            self._tasks.ask(
                "muscle_map.pictures",
                lambda: [read_picture(path, size) for path in soon],
                self._keep_pictures,
                lane=Lane.PAPER,
            )

    @Slot(object)
    def _read_now(self, path: Path) -> None:
        size = self.view.pixels_of_box
        self._tasks.ask("muscle_map.picture", lambda: [read_picture(path, size)], self._keep_pictures, lane=Lane.PAPER)

    def _keep_pictures(self, read: list[ReadPicture]) -> None:
        for picture in reversed(read):
            self.scene.stage.take(picture)

    def _tell_missing(self, sentence: str) -> None:
        self._missing.set_sentence(sentence)
        self._pages.setCurrentWidget(self._missing)

    def _connect(self) -> None:
        sidebar, view = self.sidebar, self.view
        sidebar.plate_chosen.connect(self.show_plate)
        sidebar.region_picked.connect(self.show_region)
        sidebar.layer_chosen.connect(self.show_layer)
        sidebar.place_chosen.connect(self._listed)
        sidebar.colours_toggled.connect(self._toggle_colours)
        sidebar.ghosts_toggled.connect(self._toggle_ghosts)
        sidebar.sites_toggled.connect(self.scene.set_sites)
        sidebar.usual_toggled.connect(self._toggle_usual)
        self.scene.set_usual(sidebar.usual.value())
        sidebar.limits_wanted.connect(self.limits_wanted)
        self.scene.stage.picture_wanted.connect(self._read_now)
        view.missed.connect(self.missed)
        view.muscle_pressed.connect(self.muscle_pressed)
        view.muscle_selected.connect(self.muscle_looked_at)
        view.muscle_removed.connect(self.muscle_removed)
        view.units_wanted.connect(self.units_wanted)
        view.point_wanted.connect(self.point_wanted)
        view.point_moved.connect(self.point_moved)
        view.point_removed.connect(self.point_removed)
        view.point_focused.connect(self.point_focused)
        view.mirror_wanted.connect(self.mirror_wanted)
        view.layer_wanted.connect(self.show_layer)
        view.plate_stepped.connect(self._step_plate)
        view.other_side_wanted.connect(self._other_side)
        view.deeper_wanted.connect(self._deeper)

    @Slot(str, object)
    def _listed(self, muscle: str, side: Side) -> None:
        self.go_to((muscle, side))
        self.units_wanted.emit(muscle, side)

    @Slot(int)
    def _step_plate(self, way: int) -> None:
        plate = stepped(self._atlas.summaries(), self.plate_id, way)
        if plate is not None:
            self.show_plate(plate)

    @Slot()
    def _other_side(self) -> None:
        layer = self.scene.layer
        plate, _ = self._atlas.other_side(self.plate_id, "")
        if plate != self.plate_id and layer is not None:
            self.show_plate(plate, layer.id)

    @Slot(str, object, str)
    def _deeper(self, muscle: str, side: Side, layer_id: str) -> None:
        if layer_id and self.scene.plate is not None:
            self.show_plate(self.scene.plate.id, layer_id)
        self.units_wanted.emit(muscle, side)

    @Slot(bool)
    def _toggle_colours(self, shown: bool) -> None:
        self.scene.set_colours(shown)
        self.view.viewport().update()

    @Slot(bool)
    def _toggle_usual(self, shown: bool) -> None:
        self.scene.set_usual(shown)
        self.view.viewport().update()

    @Slot(bool)
    def _toggle_ghosts(self, shown: bool) -> None:
        self._with_ghosts = shown
        self.show_chart(self._chart)

    @Slot()
    def _say_selected(self) -> None:
        if self.selected is not None:
            self.tell_changed(self.selected)


def _calm(widget: QWidget) -> bool:
    """Whether the system asks for less motion."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    preference = getattr(accessibility(), "motionPreference", None) if accessibility is not None else None
    if preference is not None and "Reduced" in str(preference()):
        return True
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
