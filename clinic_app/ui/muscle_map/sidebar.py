"""Left of the plate: find a muscle, choose a plate and its layer, what the map shows."""

from collections.abc import Sequence

from PySide6.QtCore import QSettings, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.atlas.plates import BodyFigure, PlateSummary
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.body_figure import BodyFigureView
from clinic_app.ui.muscle_map.muscle_tree import MuscleTree
from clinic_app.ui.muscle_map.plate_list import ChoiceRow, PlateList
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.search import SearchField
from clinic_app.ui.widgets.sections import Scroll

WIDTH = 200
_USUAL = "muscle_map/usual_muscles"
"""Whether the usual muscles are marked, remembered on this workstation."""


class Sidebar(QWidget):
    """Tells what was chosen; is told what is shown."""

    plate_chosen = Signal(str)
    layer_chosen = Signal(int)
    """The layer, counted from 0."""
    region_picked = Signal(str, str, str)
    """A region of the figure, the patient's side or "", and "front" or "back"."""
    place_chosen = Signal(str, object)
    """A muscle from the list."""
    limits_wanted = Signal()
    """Choose where the dose colours begin and end."""
    colours_toggled = Signal(bool)
    ghosts_toggled = Signal(bool)
    sites_toggled = Signal(bool)
    usual_toggled = Signal(bool)
    fit_wanted = Signal()

    def __init__(
        self,
        reference: Reference,
        plates: Sequence[PlateSummary],
        figure: BodyFigure | None,
        parent: QWidget | None = None,
        *,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = QSettings() if settings is None else settings
        self.setFixedWidth(WIDTH)
        self.search = SearchField("Find a muscle", self, pause_ms=60)
        self.tree = MuscleTree(reference, self)
        self.search.searched.connect(self._search)
        self.search.submitted.connect(self._submitted)
        self.search.moved_down.connect(self._into_list)
        self.tree.place_chosen.connect(self._chosen)
        self.figure = None if figure is None else BodyFigureView(figure, self)
        self.plates = PlateList(plates, self)
        self.plates.plate_chosen.connect(self.plate_chosen)
        self._layer_buttons: list[ChoiceRow] = []
        self._shown: PlateSummary | None = None
        self._layers = QButtonGroup(self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(Scroll(self.plates, self))
        self._pages.addWidget(self.tree)
        self.all_muscles = LinkButton("All muscles", self)
        self.all_muscles.clicked.connect(self._toggle_list)
        self._layers_title = Strong("Layers", self)
        self._layer_column = QVBoxLayout()
        self._layer_column.setSpacing(2)
        self.colours = CheckField("Dose colours", self)
        self.colours.set_value(True)
        self.ghosts = CheckField("Last visit", self)
        self.ghosts.set_value(True)
        self.limits = IconButton("pencil", "Choose where the dose colours begin and end", self)
        self.limits.clicked.connect(self.limits_wanted)
        self.limits.hide()
        self.colours.changed.connect(self._colours_changed)
        self.ghosts.changed.connect(self._ghosts_changed)
        self.sites = CheckField("Usual points", self)
        self.sites.setToolTip("Usual places of injection on this plate. Places, not doses.")
        self.sites.set_value(True)
        self.sites.changed.connect(self._sites_changed)
        self.sites.hide()
        self.usual = CheckField("Usual muscles", self)
        self.usual.setToolTip(
            "Hatched: the usual muscles and sides of this patient's components. A hint where to look, never a dose."
        )
        self.usual.set_value(bool(self._settings.value(_USUAL, True, bool)))
        self.usual.changed.connect(self._usual_changed)
        self.usual.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.search)
        if self.figure is not None:
            self.figure.region_picked.connect(self.region_picked)
            layout.addWidget(self.figure)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.all_muscles)
        layout.addSpacing(TIGHT)
        layout.addWidget(self._layers_title)
        layout.addLayout(self._layer_column)
        layout.addSpacing(TIGHT)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.colours, 1)
        line.addWidget(self.limits)
        layout.addLayout(line)
        layout.addWidget(self.ghosts)
        layout.addWidget(self.usual)
        layout.addWidget(self.sites)
        self.show_chart(False)

    def show_plate(self, plate: PlateSummary, layers: Sequence[tuple[str, str]]) -> None:
        """Mark the plate in front and offer its layers."""
        self.plates.show_plate(plate.id)
        if self.figure is not None:
            self.figure.set_shown(plate.region, plate.sides)
        if plate == self._shown:
            return
        self._shown = plate
        for old in self._layer_buttons:
            self._layers.removeButton(old)
            self._layer_column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._layer_buttons = []
        for number, (_, title) in enumerate(layers):
            new = ChoiceRow(f"{number + 1}   {title}", self)
            new.setToolTip(f"{title} layer ({number + 1})")
            new.setAccessibleName(f"{title} layer")
            new.setProperty("layer", number)
            # Toggled, not clicked: assistive technology toggles a button that stays down.
            new.toggled.connect(self._layer_toggled)
            self._layers.addButton(new)
            self._layer_column.addWidget(new)
            self._layer_buttons.append(new)
        self._layers_title.setVisible(len(layers) > 1)
        for new in self._layer_buttons:
            new.setVisible(len(layers) > 1)

    def show_charted(self, counts: Sequence[int]) -> None:
        """How many charted muscles show best on each layer: what is charted deeper must not be overlooked."""
        for button, count in zip(self._layer_buttons, counts, strict=False):
            button.set_count(count)

    def show_chart(self, charting: bool) -> None:
        """Whether a chart lies open: without one there are no doses and no last visit to show."""
        self.colours.setVisible(charting)
        self.ghosts.setVisible(charting)

    def show_layer(self, number: int) -> None:
        """Mark the layer in front."""
        if 0 <= number < len(self._layer_buttons):
            with QSignalBlocker(self._layer_buttons[number]):
                self._layer_buttons[number].setChecked(True)

    def focus_search(self) -> None:
        """Type a muscle."""
        self.search.setFocus()
        self.search.editor.selectAll()

    def leave_list(self) -> None:
        """Back to the plates."""
        self.search.set_text("")
        self._show_list(False)

    def _show_list(self, shown: bool) -> None:
        if shown:
            self.tree.search(self.search.text())
        self._pages.setCurrentIndex(1 if shown else 0)
        self.all_muscles.setText("Back to the plates" if shown else "All muscles")

    @Slot(str)
    def _search(self, text: str) -> None:
        self.tree.search(text)
        self._show_list(bool(text))

    @Slot(str)
    def _submitted(self, text: str) -> None:
        if text:
            self.tree.search(text)
            self.tree.choose_first()

    @Slot()
    def _into_list(self) -> None:
        self._show_list(True)
        self.tree.setFocus()

    @Slot()
    def _toggle_list(self) -> None:
        if self._pages.currentIndex() == 1:
            self.leave_list()
        else:
            self._show_list(True)

    @Slot(str, object)
    def _chosen(self, muscle: str, side: Side) -> None:
        self.place_chosen.emit(muscle, side)

    @Slot(bool)
    def _layer_toggled(self, on: bool) -> None:
        if on:
            self.layer_chosen.emit(int(self.sender().property("layer")))

    @Slot()
    def _colours_changed(self) -> None:
        self.colours_toggled.emit(self.colours.value())

    @Slot()
    def _sites_changed(self) -> None:
        self.sites_toggled.emit(self.sites.value())

    @Slot()
    def _usual_changed(self) -> None:
        self._settings.setValue(_USUAL, self.usual.value())
        self.usual_toggled.emit(self.usual.value())

    @Slot()
    def _ghosts_changed(self) -> None:
        self.ghosts_toggled.emit(self.ghosts.value())
