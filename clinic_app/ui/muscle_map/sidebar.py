"""Left of the plate: find a muscle, choose a plate and its layer, what the map shows."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.atlas.plates import PlateSummary
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.muscle_tree import MuscleTree
from clinic_app.ui.muscle_map.wording import region_name
from clinic_app.ui.theme import BETWEEN, INSIDE, ROW_PX, TIGHT, current_theme
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.search import SearchField
from clinic_app.ui.widgets.sections import Scroll

WIDTH = 200
_ROOM = WIDTH - 2 * BETWEEN - 24


class Sidebar(QWidget):
    """Tells what was chosen; is told what is shown."""

    plate_chosen = Signal(str)
    layer_chosen = Signal(int)
    """The layer, counted from 0."""
    place_chosen = Signal(str, object)
    """A muscle from the list."""
    colours_toggled = Signal(bool)
    ghosts_toggled = Signal(bool)
    fit_wanted = Signal()

    def __init__(self, reference: Reference, plates: Sequence[PlateSummary], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.search = SearchField("Find a muscle", self, pause_ms=60)
        self.tree = MuscleTree(reference, self)
        self.search.searched.connect(self._search)
        self.search.submitted.connect(self._submitted)
        self.search.moved_down.connect(self._into_list)
        self.tree.place_chosen.connect(self._chosen)
        self._plate_buttons: dict[str, QPushButton] = {}
        self._layer_buttons: list[ChoiceRow] = []
        self._plates = QButtonGroup(self)
        self._layers = QButtonGroup(self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._plate_page(plates))
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
        self.colours.changed.connect(self._colours_changed)
        self.ghosts.changed.connect(self._ghosts_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.search)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.all_muscles)
        layout.addSpacing(TIGHT)
        layout.addWidget(self._layers_title)
        layout.addLayout(self._layer_column)
        layout.addSpacing(TIGHT)
        layout.addWidget(self.colours)
        layout.addWidget(self.ghosts)

    def show_plate(self, plate_id: str, layers: Sequence[tuple[str, str]]) -> None:
        """Mark the plate in front and offer its layers."""
        button = self._plate_buttons.get(plate_id)
        if button is not None:
            button.setChecked(True)
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
            new.clicked.connect(self._layer_clicked)
            self._layers.addButton(new)
            self._layer_column.addWidget(new)
            self._layer_buttons.append(new)
        self._layers_title.setVisible(len(layers) > 1)
        for new in self._layer_buttons:
            new.setVisible(len(layers) > 1)

    def show_layer(self, number: int) -> None:
        """Mark the layer in front."""
        if 0 <= number < len(self._layer_buttons):
            self._layer_buttons[number].setChecked(True)

    def focus_search(self) -> None:
        """Type a muscle."""
        self.search.setFocus()
        self.search.editor.selectAll()

    def leave_list(self) -> None:
        """Back to the plates."""
        self.search.set_text("")
        self._show_list(False)

    def _plate_page(self, plates: Sequence[PlateSummary]) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        regions: dict[str, list[PlateSummary]] = {}
        for plate in plates:
            regions.setdefault(plate.region, []).append(plate)
        for region, members in regions.items():
            column.addSpacing(TIGHT)
            column.addWidget(Strong(region_name(region), page))
            for plate in members:
                button = ChoiceRow(plate.title, page)
                button.setProperty("plate", plate.id)
                button.clicked.connect(self._plate_clicked)
                self._plates.addButton(button)
                self._plate_buttons[plate.id] = button
                column.addWidget(button)
        if not plates:
            column.addWidget(
                Muted("No plates are installed. Every muscle can be chosen from the list.", page, wrap=True)
            )
        column.addStretch(1)
        return Scroll(page, self)

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

    @Slot()
    def _plate_clicked(self) -> None:
        self.plate_chosen.emit(str(self.sender().property("plate")))

    @Slot()
    def _layer_clicked(self) -> None:
        self.layer_chosen.emit(int(self.sender().property("layer")))

    @Slot()
    def _colours_changed(self) -> None:
        self.colours_toggled.emit(self.colours.value())

    @Slot()
    def _ghosts_changed(self) -> None:
        self.ghosts_toggled.emit(self.ghosts.value())


class ChoiceRow(QPushButton):
    """One of several, as a row that stays marked."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """As high as a row of a table, or two lines; the width is the column's."""
        lines = 2 if self.fontMetrics().horizontalAdvance(self.text()) > _ROOM else 1
        return QSize(60, ROW_PX if lines == 1 else 2 * self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Nothing is clipped."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground when chosen, a faint one under the pointer, a ring for the keyboard."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(theme.accent_soft))
        else:
            painter.setBrush(QColor(theme.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 5, 5)
        painter.setPen(QColor(theme.text))
        room = self.rect().adjusted(10, 0, -6, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, self.text())
