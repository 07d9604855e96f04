"""Closures and public holidays."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.calendar_data import ClosureRow, HolidayRow
from clinic_app.services.public_holidays import HolidayChoice, region_names
from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.settings.closure_form import ClosureForm, WantedClosure
from clinic_app.ui.settings.holiday_section import HolidaySection
from clinic_app.ui.settings.page import Change, SettingsPage, table_height
from clinic_app.ui.settings.rebook_note import RebookNote
from clinic_app.ui.settings.wording import days_text, lying_in
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Everything that the page shows."""

    closures: tuple[ClosureRow, ...]
    choice: HolidayChoice
    holidays: tuple[HolidayRow, ...]
    regions: tuple[tuple[str, str], ...]
    injectors: tuple[tuple[int, str], ...]
    to_rebook: int


class ClosuresPage(SettingsPage[ClosedDays]):
    """Days on which nobody, or one injector, can be booked."""

    rebook_requested = Signal()
    title = "Closures and holidays"
    kinds = frozenset({"closure", "worked_holiday", "clinic", "working_hours", "day_hours", "appointment", "account"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace,
            "Days on which nobody can be booked. Appointments that stand there already stay, and go on a list to book "
            "them again.",
            parent,
        )
        self._times = workplace.services.working_times
        self._choice = HolidayChoice()
        self.rebook = RebookNote(self)
        self.rebook.rebook_requested.connect(self.rebook_requested)
        self.closures = ClosureSection(workplace, self.manager, self)
        self.closures.form.wanted.connect(self._close)
        self.closures.end_wanted.connect(self._end)
        self.holidays = HolidaySection(self.manager, self)
        self.holidays.choice_wanted.connect(self._choose)
        self.holidays.work_wanted.connect(self._work)
        for part in (self.rebook, self.closures, self.holidays):
            self.add(part)

    def read(self) -> ClosedDays:
        """Closures, holidays, whom they can be of, and how many appointments must be booked again."""
        services, actor = self.workplace.services, self.workplace.actor
        choice, holidays = services.working_times.holidays(actor)
        return ClosedDays(
            services.working_times.closures(actor),
            choice,
            holidays,
            region_names(services.clinic.country),
            tuple((each.id, each.name) for each in services.schedule.choices(actor).injectors),
            len(services.rebooking.rows(actor)),
        )

    def show_read(self, read: ClosedDays) -> None:
        """Show them."""
        self._choice = read.choice
        self.rebook.show_count(read.to_rebook)
        self.closures.form.set_injectors(read.injectors)
        self.closures.show_closures(read.closures)
        self.holidays.show_holidays(read.choice, read.holidays, read.regions)

    @Slot(object)
    def _close(self, wanted: WantedClosure) -> None:
        times, rebooking, actor = self._times, self.workplace.services.rebooking, self.workplace.actor
        first_day, last_day, injector_id = wanted.first_day, wanted.last_day, wanted.injector_id
        who = f"{wanted.injector}: closed" if wanted.injector else "Closed"
        self.change(
            Change(
                lambda result: f"{who} {days_text(first_day, last_day)}.{result[1]}",
                lambda: (
                    times.close(actor, first_day, last_day, wanted.reason, injector_id),
                    lying_in(rebooking.rows(actor), first_day, last_day, injector_id),
                ),
                lambda result: times.end_closure(actor, result[0]),
                self.closures.was_set,
                self.closures.form.show_error,
            )
        )

    @Slot(object)
    def _end(self, row: ClosureRow) -> None:
        times, actor = self._times, self.workplace.actor
        self.change(
            Change(
                f"The closure {days_text(row.first_day, row.last_day)} is taken away.",
                lambda: times.end_closure(actor, row.id),
                lambda _: times.renew_closure(actor, row),
            )
        )

    @Slot(object)
    def _choose(self, wanted: HolidayChoice) -> None:
        times, actor, before = self._times, self.workplace.actor, self._choice
        if wanted.kept != before.kept:
            said = "Closed on public holidays." if wanted.kept else "Public holidays are worked."
        else:
            said = "The holidays of another region count."
        self.change(
            Change(said, lambda: times.set_holidays(actor, wanted), lambda _: times.set_holidays(actor, before))
        )

    @Slot(object, bool)
    def _work(self, row: HolidayRow, worked: bool) -> None:
        times, actor = self._times, self.workplace.actor
        self.change(
            Change(
                f"{row.name}, {weekday_date_text(row.day)}: {'worked' if worked else 'closed'}.",
                lambda: times.work_holiday(actor, row.day, worked),
                lambda _: times.work_holiday(actor, row.day, not worked),
            )
        )


class ClosureSection(Section):
    """The closures that are not over, and the form for one more."""

    end_wanted = Signal(object)
    """Carries ``ClosureRow``."""

    def __init__(self, workplace: Workplace, manager: bool, parent: QWidget | None = None) -> None:
        super().__init__("Closures", parent)
        self._manager = manager
        self._today = workplace.today
        self.new_button = PlainButton("Close days", self, icon="plus")
        self.new_button.setVisible(manager)
        self.new_button.clicked.connect(self._begin)
        self.add_action(self.new_button)
        self.form = ClosureForm(workplace.today, self)
        self.form.hide()
        self.form.closed.connect(self.was_set)
        self.add(self.form)
        columns: list[Column[ClosureRow]] = [
            Column("Days", lambda row: days_text(row.first_day, row.last_day), lambda row: row.first_day, width=230),
            Column("Who", lambda row: row.injector or "The whole clinic", width=230),
            Column("Reason", lambda row: row.reason, stretch=True, tooltip=lambda row: row.reason),
        ]
        self.table: RowTable[ClosureRow] = RowTable(
            columns,
            self,
            name="closures",
            label="Closures",
            key=lambda row: row.id,
            empty=EmptyState("calendar", "No closures to come. Close days for a holiday or a training.", self),
        )
        self.table.selected_row.connect(self._selected)
        self.add(self.table)
        self.end_button = LinkButton("", self)
        self.end_button.clicked.connect(self._end)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.end_button)
        self.add(row)
        self._selected()

    def show_closures(self, rows: tuple[ClosureRow, ...]) -> None:
        """Show them."""
        self.table.set_rows(rows)
        self.table.setFixedHeight(table_height(len(rows)))

    @Slot()
    def was_set(self, _result: object = None) -> None:
        """The form is done with."""
        self.form.hide()
        self.new_button.setEnabled(True)

    @Slot()
    def _begin(self) -> None:
        self.new_button.setEnabled(False)
        self.form.begin()
        self.form.show()
        self.form.first_day.setFocus()

    @Slot()
    def _selected(self) -> None:
        row = self.table.selected()
        self.end_button.setVisible(self._manager and row is not None)
        if row is not None:
            begun = row.first_day < self._today()
            self.end_button.setText("Open again from today" if begun else "Take this closure away")

    @Slot()
    def _end(self) -> None:
        row = self.table.selected()
        if row is not None:
            self.end_wanted.emit(row)
