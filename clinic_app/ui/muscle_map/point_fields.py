"""The points of a line: how many, units of a single one, the same points on the other side."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from clinic_app.reference.units import show_number
from clinic_app.services.chart_data import ChartLine
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.wording import points_text
from clinic_app.ui.naming import place_name
from clinic_app.ui.theme import TIGHT
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.editors import InsetLineEdit


class PointUnits(InsetLineEdit):
    """Units of one point; Up and Down go to another one."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, unit="U")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(24)
        self.setFixedWidth(72)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Up and Down step through the points."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class PointFields(QWidget):
    """Two rows: more and fewer points and their mirror; then one point with its own units."""

    point_wanted = Signal()
    """One more, at the muscle's label."""
    mirror_wanted = Signal()
    point_chosen = Signal(str, int)
    """The line and the number of the point whose units are offered."""

    def __init__(self, chart: OpenChart, line: ChartLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._line = line
        self._number = 0
        name = place_name(chart.reference, line.muscle, line.side)
        other = {Side.LEFT: "right", Side.RIGHT: "left"}.get(line.side, "")
        self._fewer = IconButton("minus", f"{name}: one point fewer", self)
        self._more = IconButton("plus", f"{name}: one more point, at the label of the muscle (Space on the map)", self)
        self._count = QLabel("", self)
        self._count.setMinimumWidth(56)
        self._count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.mirror = LinkButton(f"To the {other}", self)
        self.mirror.setToolTip(f"The same points on the {other} side (M on the map). Units are not copied.")
        self.mirror.setVisible(bool(other))
        self._which = QLabel("", self)
        self.units = PointUnits(self)
        self.share = LinkButton("Share equally", self)
        self.share.setToolTip("Every point gets the same part of the muscle's units again.")
        self._name = name
        first = QHBoxLayout(self)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(TIGHT)
        first.addWidget(self._fewer)
        first.addWidget(self._count)
        first.addWidget(self._more)
        first.addWidget(self.mirror)
        self.single = QWidget(self)
        second = QHBoxLayout(self.single)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(TIGHT)
        second.addWidget(self._which)
        second.addWidget(self.units)
        second.addWidget(self.share)
        second.addStretch(1)
        self._fewer.clicked.connect(self._remove_last)
        self._more.clicked.connect(self.point_wanted)
        self.mirror.clicked.connect(self.mirror_wanted)
        # Not textEdited: what a screen reader or a dictation puts into the field counts as typed too.
        self.units.textChanged.connect(self._typed)
        self.units.stepped.connect(self._step)
        self.share.clicked.connect(self._share)

    def show_line(self, line: ChartLine, shares: Sequence[Decimal]) -> None:
        """Show the points as the chart has them now."""
        self._line = line
        count = len(line.points)
        self._number = min(self._number, max(0, count - 1))
        self._count.setText(points_text(count))
        self._fewer.setEnabled(bool(count))
        self.mirror.setEnabled(bool(count))
        self.single.setVisible(count > 1)
        if count < 2:
            return
        own = line.points[self._number].units
        self._which.setText(f"Point {self._number + 1} of {count}")
        self.units.setAccessibleName(f"{self._name}, units of point {self._number + 1}")
        self.units.setPlaceholderText(show_number(round(shares[self._number], 2)) if shares[self._number] else "")
        if self.units.text() != own:
            self.units.setText(own)
        self.share.setVisible(any(point.units.strip() for point in line.points))

    def show_point(self, number: int) -> None:
        """Offer the units of this point."""
        if 0 <= number < len(self._line.points) and number != self._number:
            self._number = number
            shares = dict(
                zip((line.key for line in self._chart.content.lines), self._chart.charted.point_units, strict=True)
            )
            self.show_line(self._line, shares[self._line.key])

    @Slot()
    def _remove_last(self) -> None:
        self._chart.edit(edits.remove_point(self._chart.content, self._line.key, -1))

    @Slot(str)
    def _typed(self, text: str) -> None:
        key = self._line.key
        own = [point.units for point in self._line.points]
        if self._number >= len(own) or text == own[self._number]:
            return  # the chart's own text, shown
        content = edits.set_point_units(self._chart.content, key, self._number, text)
        self._chart.edit(content, merge=f"point-units/{key}/{self._number}")

    @Slot(int)
    def _step(self, way: int) -> None:
        self._chart.model.end_step()
        count = len(self._line.points)
        if count:
            self.show_point((self._number + way) % count)
            self.point_chosen.emit(self._line.key, self._number)
            self.units.selectAll()

    @Slot()
    def _share(self) -> None:
        self._chart.edit(edits.share_equally(self._chart.content, self._line.key))
