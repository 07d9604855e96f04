"""The list of an injector's single days, with the form for more."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.calendar_data import DayRun, WorkingWeek, day_runs
from clinic_app.ui.settings.days_form import DaysForm
from clinic_app.ui.settings.page import table_height
from clinic_app.ui.settings.wording import days_text, spans_text
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable


class SingleDaysSection(Section):
    """Days from today on that do not go by the week."""

    remove_wanted = Signal(object)
    """Carries ``DayRun``."""

    def __init__(self, manager: bool, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("Single days", parent)
        self._manager = manager
        self._week: WorkingWeek | None = None
        self.new_button = PlainButton("Set single days", self, icon="plus")
        self.new_button.setVisible(manager)
        self.new_button.clicked.connect(self._begin)
        self.add_action(self.new_button)
        self.add(
            Muted("Days on which this injector is away, or works at other hours than in the week.", self, wrap=True)
        )
        self.form = DaysForm(today, self)
        self.form.hide()
        self.form.closed.connect(self.was_set)
        self.add(self.form)
        columns: list[Column[DayRun]] = [
            Column("Days", _days, lambda run: run.first_day, width=230),
            Column("Hours", lambda run: spans_text(run.spans), width=230),
            Column("Reason", lambda run: run.reason, stretch=True, tooltip=lambda run: run.reason),
        ]
        self.table: RowTable[DayRun] = RowTable(
            columns,
            self,
            name="single-days",
            label="Single days",
            empty=EmptyState("calendar-days", "Every day goes by the week.", self),
        )
        self.table.selected_row.connect(self._selected)
        self.add(self.table)
        self.remove_button = LinkButton("Go by the week again", self)
        self.remove_button.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.remove_button)
        self.add(row)
        self._selected()

    def show_week(self, week: WorkingWeek, *, anew: bool) -> None:
        """Show the days; ``anew`` for another injector, whose days the form is not about."""
        self._week = week
        runs = day_runs(week)
        self.table.set_rows(runs)
        self.table.setFixedHeight(table_height(len(runs)))
        if anew:
            self.was_set()

    @Slot()
    def was_set(self, _result: object = None) -> None:
        """The form is done with."""
        self.form.hide()
        self.new_button.setEnabled(True)

    @Slot()
    def _begin(self) -> None:
        if self._week is None:
            return
        self.new_button.setEnabled(False)
        self.form.begin(frozenset(day for day, spans in self._week.weekly.items() if spans))
        self.form.show()
        self.form.first_day.setFocus()

    @Slot()
    def _selected(self) -> None:
        self.remove_button.setVisible(self._manager and self.table.selected() is not None)

    @Slot()
    def _remove(self) -> None:
        run = self.table.selected()
        if run is not None:
            self.remove_wanted.emit(run)


def _days(run: DayRun) -> str:
    return days_text(run.first_day, run.last_day)
