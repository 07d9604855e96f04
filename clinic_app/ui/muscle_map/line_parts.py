"""Parts of a line that most lines do not show: what it treats besides the visit, and what it is suspected of."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.chart_data import ChartLine
from clinic_app.services.starting import indication_of
from clinic_app.terms import Severity
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.after_last import effects_told
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.wording import effect_text, indication_name
from clinic_app.ui.naming import place_name
from clinic_app.ui.theme import TIGHT
from clinic_app.ui.widgets.editors import CalmComboBox
from clinic_app.ui.widgets.headings import ElidedLabel, Muted
from clinic_app.ui.widgets.pills import SeverityPill
from clinic_app.ui.widgets.sections import show_if


class IndicationChoice(QWidget):
    """What the line is for; only where the patient has, or the visit treats, more than one thing."""

    def __init__(self, chart: OpenChart, line: ChartLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._key = line.key
        self._offered: tuple[str, ...] = ()
        self.editor = CalmComboBox(self)
        self.editor.setAccessibleName(f"{place_name(chart.reference, line.muscle, line.side)}, treats")
        self.editor.setToolTip("What this muscle is injected for, when the visit treats more than one thing")
        self.editor.activated.connect(self._chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(TIGHT)
        row.addWidget(Muted("For", self))
        row.addWidget(self.editor, 1)
        self.hide()

    def show_line(self, line: ChartLine) -> None:
        """Show what the line is for."""
        offered = self._chart.offered_indications
        show_if(self, len(offered) > 1)
        if len(offered) < 2:
            return
        if offered != self._offered:
            self._offered = offered
            self.editor.clear()
            self.editor.addItems([indication_name(self._chart.reference, each) for each in offered])
        treated = indication_of(self._chart.content, line)
        self.editor.setCurrentIndex(offered.index(treated) if treated in offered else -1)

    @Slot(int)
    def _chosen(self, number: int) -> None:
        if 0 <= number < len(self._offered):
            self._chart.edit(edits.set_line_indication(self._chart.content, self._key, self._offered[number]))


class SuspectMark(QWidget):
    """A side effect of last time for which the muscle is under suspicion: how severe, and what it was."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._pill: SeverityPill | None = None
        self._words = ElidedLabel("", self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(22, 0, 0, 0)
        self._row.setSpacing(TIGHT)
        self._row.addWidget(self._words, 1)
        self.hide()

    def text(self) -> str:
        """What it says, or ""."""
        return "" if self.isHidden() else self._words.accessibleName()

    def show_line(self, line: ChartLine) -> None:
        """Show what the line's muscle is suspected of."""
        effects = self._chart.suspected(line.muscle, line.side)
        show_if(self, bool(effects))
        if not effects:
            return
        worst = max(effects, key=lambda effect: tuple(Severity).index(effect.severity))
        if self._pill is None:
            self._pill = SeverityPill(worst.severity, self)
            self._row.insertWidget(0, self._pill, 0, Qt.AlignmentFlag.AlignTop)
        self._pill.set_severity(worst.severity)
        self._words.set_text(effects_told(self._chart, effects))
        whole = "\n".join(effect_text(self._chart.reference, effect) for effect in effects)
        self.setToolTip(f"Suspected after last time:\n{whole}")
        self.setAccessibleName(f"Suspected after last time: {self._words.accessibleName()}")
