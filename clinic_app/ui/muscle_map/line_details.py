"""What can be changed of the chosen line beside its units: points, guidance, vial, indication."""

from decimal import Decimal

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.chart_data import ChartLine
from clinic_app.terms import Guidance
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.line_parts import IndicationChoice
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.point_fields import PointFields
from clinic_app.ui.theme import TIGHT
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.chips import Chip
from clinic_app.ui.widgets.editors import CalmComboBox

GUIDANCE = {
    Guidance.EMG: "EMG",
    Guidance.ULTRASOUND: "Ultrasound",
    Guidance.STIMULATION: "Stimulation",
    Guidance.PALPATION: "Palpation",
}


class LineDetails(QWidget):
    """Made when the line is first chosen: a visit has many lines, and few of them are opened."""

    confirmed = Signal()
    removed = Signal()

    def __init__(self, chart: OpenChart, line: ChartLine, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._key = line.key
        self.points = PointFields(chart, line, self)
        self.indication = IndicationChoice(chart, line, self)
        self.vial = CalmComboBox(self)
        self.vial.setAccessibleName(f"{name}, vial")
        self.vial.setMinimumContentsLength(6)
        self.vial.activated.connect(self._vial_chosen)
        self.confirm = PlainButton("Confirm", self)
        self.confirm.clicked.connect(self.confirmed)
        self.remove = IconButton("trash-2", f"Remove {name}", self)
        self.remove.clicked.connect(self.removed)
        self.ways = {way: Chip(text, f"{name}, guidance: {text}", self) for way, text in GUIDANCE.items()}
        for chip in self.ways.values():
            chip.toggled.connect(self._guidance_chosen)
        self._build()

    def show_line(self, line: ChartLine, shares: tuple[Decimal, ...]) -> None:
        """Show the line as the chart has it now; ``shares`` are the units of its points."""
        self.confirm.setVisible(line.carried)
        self.points.show_line(line, shares)
        for way, chip in self.ways.items():
            with QSignalBlocker(chip):
                chip.setChecked(way.value in line.guidance)
        self._show_vials(line)
        self.indication.show_line(line)

    def _show_vials(self, line: ChartLine) -> None:
        vials = self._chart.content.vials
        self.vial.setVisible(len(vials) > 1)
        if len(vials) < 2:
            return
        texts = [vial.lot_number or f"Vial {number + 1}" for number, vial in enumerate(vials)]
        if [self.vial.itemText(n) for n in range(self.vial.count())] != texts:
            self.vial.clear()
            self.vial.addItems(texts)
        keys = [vial.key for vial in vials]
        self.vial.setCurrentIndex(keys.index(line.vial) if line.vial in keys else -1)
        self.vial.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    @Slot()
    def _guidance_chosen(self) -> None:
        chosen = [way.value for way, chip in self.ways.items() if chip.isChecked()]
        self._chart.edit(edits.set_guidance(self._chart.content, self._key, chosen))

    @Slot(int)
    def _vial_chosen(self, index: int) -> None:
        vials = self._chart.content.vials
        if 0 <= index < len(vials):
            self._chart.edit(edits.set_line_vial(self._chart.content, self._key, vials[index].key))

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(TIGHT)
        first = _row(rows)
        first.setSpacing(TIGHT)
        first.addWidget(self.points)
        first.addStretch(1)
        for part in (self.vial, self.confirm, self.remove):
            first.addWidget(part)
        _row(rows).addWidget(self.points.single)
        ways = _row(rows, below=2)
        ways.setSpacing(3)  # four ways just fit into the panel
        for chip in self.ways.values():
            ways.addWidget(chip)
        ways.addStretch(1)
        last = _row(rows, below=2)
        last.addWidget(self.indication)
        last.addStretch(1)


def _row(rows: QVBoxLayout, *, below: int = 0) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(22, 0, 0, below)
    rows.addLayout(row)
    return row
