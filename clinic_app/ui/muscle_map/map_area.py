"""The plate with its sidebar: which plate and layer are in front, and what the chart puts on them."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyle, QWidget

from clinic_app.atlas.plates import Atlas, Layer, Plate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import ChartContent, Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import accessible
from clinic_app.ui.muscle_map.map_reading import legend, map_state
from clinic_app.ui.muscle_map.map_state import NOTHING, Place
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.pictures import read_image
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.muscle_map.plate_view import PlateView
from clinic_app.ui.muscle_map.sidebar import Sidebar
from clinic_app.ui.muscle_map.wording import brand_of
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.sections import Hairline

_STEPS = (0.0, 0.14, -0.14, 0.28, -0.28)
"""Where along the fibres further points are put beside the anchor, until somebody moves them."""


class MapArea(QWidget):
    """Left and middle of the view."""

    muscle_pressed = Signal(str, object, object)
    muscle_looked_at = Signal(str, object)
    units_wanted = Signal(str, object)
    point_wanted = Signal(str, object, object)
    point_moved = Signal(str, int, object)
    point_removed = Signal(str, int)

    def __init__(self, atlas: Atlas, reference: Reference, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._atlas = atlas
        self._reference = reference
        self._tasks = tasks
        self._chart: OpenChart | None = None
        self._with_ghosts = True
        self._summaries = {summary.id: summary for summary in atlas.summaries()}
        self.sidebar = Sidebar(reference, atlas.summaries(), self)
        self.scene = PlateScene(reference, self)
        self.view = PlateView(self.scene, self)
        accessible.make_accessible(self.view)
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

    @Slot(str)
    def show_plate(self, plate_id: str, layer_id: str = "") -> None:
        """Bring a plate to the front, with its outermost layer unless another is named."""
        try:
            plate = self._atlas.plate(plate_id)
        except (KeyError, OSError, ValueError):
            self._tell_missing(
                "This plate is missing from the installation. Its muscles can be chosen from the list on the left."
            )
            return
        another = plate is not self.scene.plate
        layer = next((each for each in plate.layers if each.id == layer_id), plate.layers[0])
        self._show_layer(plate, layer)
        if another:
            self.sidebar.show_plate(plate.id, [(each.id, each.title) for each in plate.layers])
            self.view.fit()
        self.sidebar.show_layer(plate.layers.index(layer))

    @Slot(int)
    def show_layer(self, number: int) -> None:
        """Bring a layer of the plate to the front."""
        plate = self.scene.plate
        if plate is not None and 0 <= number < len(plate.layers):
            self._show_layer(plate, plate.layers[number])
            self.sidebar.show_layer(number)

    def select(self, place: Place | None) -> None:
        """Outline a muscle."""
        self.view.select(place)

    def go_to(self, place: Place) -> None:
        """Show the muscle, on another layer or plate when it is not in front, and choose it."""
        if place not in self.scene.muscles:
            shown = self._atlas.shown_on(place[0], place[1].value)
            here = self.scene.plate.id if self.scene.plate is not None else ""
            best = next((where for where in shown if where[0] == here), shown[0] if shown else None)
            if best is not None:
                self.show_plate(*best)
        self.select(place)

    def show_where_charted(self, content: ChartContent) -> None:
        """The plate and layer where most of the chart's muscles are."""
        counts: dict[tuple[str, str], int] = {}
        for line in content.lines:
            pointed = {point.plate for point in line.points}
            for number, where in enumerate(self._atlas.shown_on(line.muscle, line.side.value)):
                # The plate with the points, else the one on which the muscle shows best.
                weight = 4 if where[0] in pointed else 2 if number == 0 and not pointed else 1
                counts[where] = counts.get(where, 0) + weight
        if counts:
            self.show_plate(*max(counts, key=lambda where: counts[where]))

    def show_chart(self, chart: OpenChart | None) -> None:
        """Put the chart on the plate, or take it off."""
        self._chart = chart
        state = map_state(chart, with_ghosts=self._with_ghosts) if chart is not None else NOTHING
        focused = self.view.focused_point
        self.scene.set_state(state)
        self.view.focus_point(focused)
        self.sidebar.tree.set_units({place: dose.text for place, dose in state.doses})
        product = chart.content.product if chart is not None else ""
        if chart is not None and product:
            self.view.set_legend(
                legend(self._reference, product), f"U {brand_of(self._reference, product, chart.region)}"
            )
        else:
            self.view.set_legend((), "")

    def free_spot(self, place: Place, taken: int) -> Point | None:
        """A spot for one more point: the anchor of the muscle, then beside it along the fibres."""
        self.go_to(place)
        item = self.scene.muscles.get(place)
        if item is None:
            return None
        part = item.part_at(item.anchor.x(), item.anchor.y())
        u, t = part.locate(item.anchor.x(), item.anchor.y())
        for step in _STEPS[taken % len(_STEPS) :]:
            x, y = part.at(u, min(0.95, max(0.05, t + step)))
            if part.contains(x, y):
                return self.scene.spot(place, x, y)
        return self.scene.spot(place, item.anchor.x(), item.anchor.y())

    def tell_changed(self, place: Place) -> None:
        """Say it to assistive technology."""
        accessible.announce(self.view, place)

    def _show_layer(self, plate: Plate, layer: Layer) -> None:
        self._pages.setCurrentWidget(self.view)
        if (plate, layer) == (self.scene.plate, self.scene.layer):
            return
        selected = self.scene.selected
        self.view.focus_point(None)
        self.scene.show_layer(plate, layer, fade=self.view.isVisible() and not _calm(self))
        self.scene.set_selected(selected)
        self.view.viewport().update()
        # Reading a picture takes longer than a frame; another thread has it ready before it is asked for.
        soon = self.scene.wanted_soon()
        if soon:
            self._tasks.ask(
                "muscle_map.pictures",
                lambda: [(path, read_image(path)) for path in soon],
                self._keep_pictures,
                lane=Lane.PAPER,
            )

    def _keep_pictures(self, read: list[tuple[Path, QImage]]) -> None:
        for path, image in reversed(read):
            self.scene.take_picture(path, image)

    def _tell_missing(self, sentence: str) -> None:
        self._missing.set_sentence(sentence)
        self._pages.setCurrentWidget(self._missing)

    def _connect(self) -> None:
        self.sidebar.plate_chosen.connect(self.show_plate)
        self.sidebar.layer_chosen.connect(self.show_layer)
        self.sidebar.place_chosen.connect(self._listed)
        self.sidebar.colours_toggled.connect(self._toggle_colours)
        self.sidebar.ghosts_toggled.connect(self._toggle_ghosts)
        view = self.view
        view.muscle_pressed.connect(self.muscle_pressed)
        view.muscle_selected.connect(self.muscle_looked_at)
        view.units_wanted.connect(self.units_wanted)
        view.point_wanted.connect(self.point_wanted)
        view.point_moved.connect(self.point_moved)
        view.point_removed.connect(self.point_removed)
        view.layer_wanted.connect(self.show_layer)
        view.deeper_wanted.connect(self._deeper)

    @Slot(str, object)
    def _listed(self, muscle: str, side: Side) -> None:
        self.go_to((muscle, side))
        self.units_wanted.emit(muscle, side)

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
    def _toggle_ghosts(self, shown: bool) -> None:
        self._with_ghosts = shown
        self.show_chart(self._chart)


def _calm(widget: QWidget) -> bool:
    """Whether the system asks for less motion."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    preference = getattr(accessibility(), "motionPreference", None) if accessibility is not None else None
    if preference is not None and "Reduced" in str(preference()):
        return True
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
