"""What an open chart starts from, and what of it is kept as a pattern: between the visit, its start page and saving."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from clinic_app.errors import ClinicError
from clinic_app.services.pattern_data import PatternSource
from clinic_app.ui.muscle_map.chart_opening import Opened
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.pattern_desk import PatternDesk
from clinic_app.ui.muscle_map.pattern_form import PatternForm
from clinic_app.ui.muscle_map.start_options import StartOption
from clinic_app.ui.muscle_map.start_page import StartPage
from clinic_app.ui.muscle_map.visit_panel import VisitPanel
from clinic_app.ui.workplace import Workplace


class VisitStart(QObject):
    """Puts the start page into the visit's column, and the chosen pattern on the chart."""

    begun = Signal()
    """The chart has the lines of a pattern now."""
    said = Signal(str, object)
    """A sentence, and what takes it back (or None)."""

    def __init__(self, workplace: Workplace, column: QStackedWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._column = column
        self._chart: OpenChart | None = None
        self._panel: VisitPanel | None = None
        self.page: StartPage | None = None
        self.patterns = PatternDesk(workplace, self)
        self.patterns.said.connect(self.said)

    def attach(self, chart: OpenChart, panel: VisitPanel, opened: Opened) -> None:
        """A chart lies open; the person chooses what it starts from when there is something to choose."""
        self._chart, self._panel = chart, panel
        self.patterns.set_saved(opened.saved)
        panel.start_wanted.connect(self.show)
        panel.pattern_named.connect(self._save)
        if opened.choose:
            self.show()
            if self.page is not None and not self.page.has_choices:
                self.leave()

    def detach(self) -> None:
        """The chart is put aside."""
        self.leave()
        self._chart = self._panel = None

    @Slot()
    def show(self) -> None:
        """Show what the visit can start from, in the place of the visit."""
        if self._chart is None or self.page is not None:
            return
        page = self.page = StartPage(self._chart, self.patterns, self._column)
        page.chosen.connect(self._begin)
        page.closed.connect(self.leave)
        self._column.addWidget(page)
        self._column.setCurrentWidget(page)
        page.focus_first()

    @Slot()
    def leave(self) -> None:
        """Back to the visit."""
        page, self.page = self.page, None
        if page is not None:
            if self._panel is not None:
                self._column.setCurrentWidget(self._panel)
            self._column.removeWidget(page)
            page.hide()
            page.deleteLater()

    @Slot(object)
    def _begin(self, option: StartOption) -> None:
        """One step, which Undo takes back."""
        chart, panel = self._chart, self._panel
        if chart is None or panel is None:
            return
        self.leave()
        begun = option.begin(chart.content)
        chart.model.end_step()
        chart.edit(begun)
        if option.clears(begun):
            panel.say_cleared(option.product, begun.product)
        self.begun.emit()
        self.said.emit(f"Started from “{option.title}”. Confirm each line, or all after a look.", self._take_back)

    def _take_back(self) -> None:
        if self._chart is not None:
            self._chart.model.undo()

    @Slot(object, str, object, bool)
    def _save(self, form: PatternForm, name: str, source: PatternSource, for_clinic: bool) -> None:
        panel = self._panel

        def kept() -> None:
            if panel is not None and panel is self._panel and panel.pattern_form is form:
                panel.close_pattern_form()

        def refused(error: ClinicError) -> None:
            if panel is not None and panel is self._panel and panel.pattern_form is form:
                form.show_error(error)

        self.patterns.save(name, source, for_clinic, kept, refused)
