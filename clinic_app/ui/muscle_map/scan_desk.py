"""A scanner's keys, wherever they fall in the view, become a vial of the open chart or a sentence beside it."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.stock_data import ProductSize, ScannedVial
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.package_scans import PackageScans
from clinic_app.ui.muscle_map.visit_panel import VisitPanel
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.scan_catcher import ScanCatcher
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_NO_VISIT = "Open the patient's visit first, then scan the package again."
_NOT_NOW = "Go back to the visit, then scan the package again."


class ScanDesk(QObject):
    """Listens in the whole view; what was scanned goes to the chart that lies open."""

    said = Signal(str, object)
    """A sentence for the window, and None: there is nothing to take back."""

    def __init__(self, workplace: Workplace, view: QWidget) -> None:
        super().__init__(view)
        self._workplace = workplace
        self._chart: OpenChart | None = None
        self._panel: VisitPanel | None = None
        self._scans: PackageScans | None = None
        self.catcher = ScanCatcher(view, self._content)
        self.catcher.scanned.connect(self._scanned)

    def attach(self, chart: OpenChart, panel: VisitPanel) -> None:
        """A chart lies open."""
        self._chart, self._panel = chart, panel
        scans = self._scans = PackageScans(chart, self._workplace, panel)
        panel.vials.code_typed.connect(scans.scan)
        panel.vials.package_named.connect(scans.learn)
        scans.refused.connect(self._refused)
        scans.unknown.connect(self._ask)
        scans.taken.connect(self._taken)

    def detach(self) -> None:
        """The chart is put aside."""
        self._chart = self._panel = self._scans = None

    def _content(self) -> ChartContent | None:
        return None if self._chart is None else self._chart.content

    @Slot(str, object)
    def _scanned(self, text: str, before: ChartContent | None) -> None:
        chart, panel, scans = self._chart, self._panel, self._scans
        if chart is None or panel is None or scans is None:
            self.said.emit(_NO_VISIT, None)
            return
        if before is not None and chart.content != before:
            chart.model.undo()  # the scanner's digits went through a field: no line counts as looked at for that
            if chart.content != before:
                chart.edit(before)
        if panel.isVisible():
            scans.scan(text)
        else:
            self.said.emit(_NOT_NOW, None)

    @Slot(object)
    def _refused(self, error: ClinicError) -> None:
        panel = self._panel
        if panel is None:
            return
        if panel.vials.code.isVisible():
            panel.vials.code.set_error(told(error))
        else:
            panel.say(told(error), Level.STOP)

    @Slot(object, object)
    def _ask(self, scanned: ScannedVial, sizes: tuple[ProductSize, ...]) -> None:
        if self._panel is not None:
            self._panel.vials.package.ask(scanned, sizes)
            self._panel.show_part(self._panel.vials.package)

    @Slot(str, object)
    def _taken(self, key: str, doubt: ClinicError | None) -> None:
        panel = self._panel
        if panel is None:
            return
        panel.vials.show_taken(key)
        if key in panel.vials.cards:
            panel.show_part(panel.vials.cards[key])
        if doubt is not None:
            panel.say(told(doubt), Level.WARN)
        else:
            panel.unsay()
