"""The rows of the visit, kept in step with the chart without building them anew at every key."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_app.services.chart_data import ChartLine
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.line_row import LineRow
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.naming import muscle_name
from clinic_app.ui.theme import INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted, Strong

_OF_A_ROW = {"units", "points"}
_SIDES = (Side.RIGHT, Side.LEFT, Side.MIDLINE)


class LineList(QWidget):
    """Heading, rows, and the one button that confirms every carried line."""

    place_chosen = Signal(str, object)
    """Muscle and side of the row that the person works on."""
    removed = Signal(str)
    """Take this line away; carries its key."""
    point_wanted = Signal(str)
    mirror_wanted = Signal(str)
    """The line's points on the other side too; carries its key."""
    point_chosen = Signal(str, int)
    """The person works on this point of a line."""
    rows_changed = Signal()
    """Rows came or went."""
    worked_on = Signal()
    """The focus went into a row."""
    last_left = Signal()
    """Enter in the last row."""
    start_wanted = Signal()
    """Start from a pattern instead of an empty map."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self.rows: dict[str, LineRow] = {}
        self._selected = ""
        self._title = Strong("Muscles", self)
        self.confirm_all = LinkButton("", self, icon="check")
        self.confirm_all.setToolTip("After a look at each (Ctrl+Shift+Enter)")
        self.confirm_all.clicked.connect(self._confirm_all)
        self.sort = LinkButton("Sort", self, icon="chevron-down")
        self.sort.setToolTip("Another order of the muscles, here and on the note")
        self._orders = QMenu(self)
        for text, order in (
            ("By muscle", self._by_muscle),
            ("By side", self._by_side),
            ("Largest dose first", self._by_dose),
        ):
            self._orders.addAction(text, partial(self._sort, order))
        self.sort.clicked.connect(self._show_orders)
        self._empty = Muted(
            "Click a muscle on the map, or find it by name on the left. Then type its units.", self, wrap=True
        )
        self.start = LinkButton("Start from a pattern", self, icon="history")
        self.start.setToolTip("The last visit's lines, your own patterns or the clinic's")
        self.start.clicked.connect(self.start_wanted)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self._title)
        top.addWidget(self.sort)
        top.addStretch(1)
        top.addWidget(self.confirm_all)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addLayout(top)
        layout.addWidget(self._empty)
        layout.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._column)

    @property
    def selected(self) -> str:
        """The key of the chosen line."""
        return self._selected

    def row_for(self, muscle: str, side: Side) -> LineRow | None:
        """The row of this muscle and side."""
        return next((row for row in self.rows.values() if row.place == (muscle, side)), None)

    def refresh(self) -> None:
        """Show the chart as it is now."""
        content, charted = self._chart.content, self._chart.charted
        keys = [line.key for line in content.lines]
        if keys != list(self.rows):
            self._match_rows(keys)
        problems = {problem.key: problem.sentence for problem in charted.problems if problem.field in _OF_A_ROW}
        for line, units, volume, shares in zip(
            content.lines, charted.units, charted.volumes_ml, charted.point_units, strict=True
        ):
            self.rows[line.key].show_line(line, units, volume, shares, problems.get(line.key, ""))
        carried = sum(line.carried for line in content.lines)
        self.confirm_all.setVisible(carried > 0)
        self.confirm_all.setText("Confirm 1 carried line" if carried == 1 else f"Confirm all {carried} carried lines")
        self._title.setText(f"Muscles · {len(keys)}" if keys else "Muscles")
        self._empty.setVisible(not keys)
        self.start.setVisible(not keys)
        self.sort.setVisible(len(keys) > 1)

    def show_point(self, key: tuple[str, int] | None) -> None:
        """Offer the units of the point that the map has in focus."""
        if key is not None and key[0] in self.rows:
            self.rows[key[0]].details.points.show_point(key[1])

    def select(self, muscle: str, side: Side, *, focus: bool) -> bool:
        """Open the row of this muscle and side, and close the others. False when there is none."""
        row = self.row_for(muscle, side)
        self._open(row.key if row is not None else "")
        if row is not None and focus:
            row.focus_units()
        return row is not None

    def _match_rows(self, keys: list[str]) -> None:
        focused = next((key for key, row in self.rows.items() if row.units.hasFocus()), "")
        for key in [key for key in self.rows if key not in keys]:
            gone = self.rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        lines = {line.key: line for line in self._chart.content.lines}
        for key in keys:
            if key not in self.rows:
                self.rows[key] = self._new_row(lines[key])
        self.rows = {key: self.rows[key] for key in keys}
        for number, row in enumerate(self.rows.values()):
            if self._column.indexOf(row) != number:
                self._column.insertWidget(number, row)
        self._order_tabs()
        if focused in self.rows:
            self.rows[focused].units.setFocus()
        if self._selected not in self.rows:
            self._selected = ""
        self.rows_changed.emit()

    @Slot()
    def _order_tabs(self) -> None:
        """Tab goes through the rows as they stand, in whatever order they were made."""
        stops = [
            field
            for row in self.rows.values()
            for field in row.findChildren(QWidget)
            # The list of a combo box is a window of its own.
            if field.focusPolicy() & Qt.FocusPolicy.TabFocus and field.window() is self.window()
        ]
        for one, then in pairwise(stops):
            self.setTabOrder(one, then)

    def _new_row(self, line: ChartLine) -> LineRow:
        row = LineRow(self._chart, line, self)
        row.chosen.connect(self._row_chosen)
        row.next_wanted.connect(self._go_on)
        row.removed.connect(self.removed)
        row.point_wanted.connect(self.point_wanted)
        row.mirror_wanted.connect(self.mirror_wanted)
        row.point_chosen.connect(self.point_chosen)
        row.grown.connect(self._order_tabs)
        return row

    def _open(self, key: str) -> None:
        if self._selected in self.rows and self._selected != key:
            self.rows[self._selected].set_selected(False)
        self._selected = key
        if key in self.rows:
            self.rows[key].set_selected(True)

    @Slot(str)
    def _row_chosen(self, key: str) -> None:
        self.worked_on.emit()
        if key != self._selected:
            self._open(key)
            self.place_chosen.emit(*self.rows[key].place)

    @Slot(str, int)
    def _go_on(self, key: str, way: int) -> None:
        keys = list(self.rows)
        number = keys.index(key) + way if key in keys else -1
        if 0 <= number < len(keys):
            self.rows[keys[number]].focus_units()
        elif number == len(keys):
            self.last_left.emit()

    def _by_muscle(self, line: ChartLine) -> tuple[object, ...]:
        return muscle_name(self._chart.reference, line.muscle), _SIDES.index(line.side)

    def _by_side(self, line: ChartLine) -> tuple[object, ...]:
        return _SIDES.index(line.side), muscle_name(self._chart.reference, line.muscle)

    def _by_dose(self, line: ChartLine) -> tuple[object, ...]:
        units = dict(zip((line.key for line in self._chart.content.lines), self._chart.charted.units, strict=True))
        return -units[line.key], *self._by_muscle(line)

    def _sort(self, order: Callable[[ChartLine], tuple[object, ...]]) -> None:
        self._chart.model.end_step()
        self._chart.edit(edits.sort_lines(self._chart.content, order))

    @Slot()
    def _show_orders(self) -> None:
        self._orders.popup(self.sort.mapToGlobal(self.sort.rect().bottomLeft()))

    @Slot()
    def focus_next(self) -> None:
        """Put the focus where the muscles go on: to confirming what is carried, else to the first without units."""
        if not self.confirm_all.isHidden():
            self.confirm_all.setFocus()
            return
        empty = next((line for line in self._chart.content.lines if not line.units.strip()), None)
        if empty is not None:
            self.rows[empty.key].focus_units()

    @Slot()
    def _confirm_all(self) -> None:
        self._chart.edit(edits.confirm_all(self._chart.content))
