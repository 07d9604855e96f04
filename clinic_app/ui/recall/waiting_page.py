"""The waiting list: who would come earlier, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.schedule_data import ScheduleChoices
from clinic_app.services.waiting import WishForm, WishRow
from clinic_app.terms import WishEnd
from clinic_app.ui.differences import with_parts
from clinic_app.ui.locale import date_text, day_month_text, time_text, weekday_date_text
from clinic_app.ui.recall.list_page import ListPage
from clinic_app.ui.recall.wish_form import WishFields
from clinic_app.ui.recall.wish_merging import LAYOUT, parts_of_wish
from clinic_app.ui.recall.wish_panel import WishPanel
from clinic_app.ui.recall.wording import notice_text, wish_text
from clinic_app.ui.together import Outcome, save_together, together_text
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class _Loaded:
    rows: tuple[WishRow, ...]
    choices: ScheduleChoices


class WaitingPage(ListPage[WishRow, _Loaded]):
    """The table of wishes; at the right the chosen one, or the form."""

    question = "waiting.rows"
    list_requested = Signal()
    """Print the waiting list."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        table: RowTable[WishRow] = RowTable(
            _columns(ZoneInfo(workplace.services.clinic.time_zone)),
            name="waiting",
            label="Patients who would come earlier",
            key=lambda row: row.id,
            empty=EmptyState(
                "clock",
                "Nobody waits. Add who would come earlier: when an appointment is cancelled, "
                "the schedule offers the place to those who fit.",
                action="Add to waiting list",
            ),
        )
        super().__init__(workplace, TablePage(table, "Filter the waiting list"), parent)
        self._wanted: int | None = None
        self.list_button: PlainButton = self.list.add_tool("Print list", "printer", "Print the waiting list (Ctrl+P)")
        self.add_button: PlainButton = self.list.add_tool(
            "Add to waiting list", "plus", "Add a patient who would come earlier (Ctrl+N)"
        )
        self.start = EmptyState("clock", "Choose an entry at the left to see when the patient could come.", self)
        self.panel = WishPanel(workplace, self)
        self.form = WishFields(workplace, self)
        self.side = QStackedWidget(self)
        for page in (self.start, self.panel, self.form):
            self.side.addWidget(page)
        self.lay_out(side=self.side)
        self._connect()

    def reading(self) -> Callable[[], _Loaded]:
        """Everybody who waits, and what a wish chooses from."""
        services, actor = self._workplace.services, self._workplace.actor
        return lambda: _Loaded(services.waiting.rows(actor), services.schedule.choices(actor))

    @Slot()
    def print_list(self) -> None:
        """Ctrl+P: the list on paper."""
        if self.list_button.isEnabled():
            self.list_requested.emit()

    @Slot()
    def begin(self) -> None:
        """Ctrl+N: open the form."""
        self.side.setCurrentWidget(self.form)
        self.form.begin()

    def edit_item(self) -> None:
        """F2: change the chosen wish."""
        if self.side.currentWidget() is self.panel:
            self.panel.change()

    def save_item(self) -> None:
        """Ctrl+S."""
        if self.side.currentWidget() is self.form:
            self.form.submit()

    @Slot()
    def go_back(self) -> None:
        """Esc: from the form or the panel to the list."""
        self._show_side()
        self.list.table.setFocus()

    def unsaved(self) -> str:
        """Why the window should stay open, or ""."""
        if self.form.unsaved():
            return "A wish is typed under Recall but not on the waiting list. Add it or empty the form first."
        return ""

    def _connect(self) -> None:
        table = self.list.table
        table.selected_row.connect(self._chosen)
        table.activated_row.connect(self._entered)
        table.empty.action_requested.connect(self.begin)
        self.list_button.clicked.connect(self.print_list)
        self.add_button.clicked.connect(self.begin)
        self.panel.change_asked.connect(self._change)
        self.panel.end_asked.connect(self._end)
        self.panel.patient_requested.connect(self.patient_requested)
        self.form.wished.connect(self._save)
        self.form.closed.connect(self.go_back)

    def show_read(self, read: _Loaded, *, first: bool) -> None:
        """Show the list; what was saved last, else the first, is chosen."""
        self.form.set_choices(read.choices)
        self.list.set_rows(list(read.rows))
        self.list_button.setEnabled(bool(read.rows))
        wanted, self._wanted = self._wanted, None
        row = next((each for each in read.rows if each.id == wanted), None)
        if row is None and first and read.rows:
            row = read.rows[0]
        if row is not None:
            self.list.table.select(row)

    @Slot(object)
    def _chosen(self, row: WishRow | None) -> None:
        if row is not None:
            self.panel.show_row(row)
        # What is being typed stays in front while the list moves under it.
        if self.side.currentWidget() is not self.form or self.list.table.hasFocus():
            self._show_side()

    def _show_side(self) -> None:
        self.side.setCurrentWidget(self.start if self.list.table.selected() is None else self.panel)

    @Slot(object)
    def _entered(self, row: WishRow) -> None:
        self._show_side()
        self.panel.change_button.setFocus()

    @Slot(object)
    def _change(self, row: WishRow) -> None:
        self.side.setCurrentWidget(self.form)
        self.form.change(row)

    @Slot(object, object)
    def _save(self, form: WishForm, row: WishRow | None) -> None:
        waiting, actor = self._workplace.services.waiting, self._workplace.actor
        patient = self.form.patient_choice.patient()
        name = "" if patient is None else patient.name

        def listed(wish_id: int, text: str) -> None:
            self._wanted = wish_id
            self.form.done()
            self.message_offered.emit(text, None)
            self.go_back()
            self.refresh()

        def added(wish_id: int) -> None:
            listed(wish_id, f"{name} is on the waiting list.")

        def changed(outcome: Outcome[WishRow]) -> None:
            if not outcome.saved:
                self.form.meet(outcome)
            elif outcome.nothing_left:
                listed(outcome.known.id, f"Somebody else saved the same for {name}.")
            else:
                listed(outcome.known.id, f"The wish of {name} is changed{together_text(outcome.theirs)}.")

        def ended() -> None:
            self.form.set_busy(False)

        self.form.set_busy(True)
        tasks, refused = self._workplace.tasks, self.form.show_error
        if row is None:
            tasks.run(lambda: waiting.add(actor, form), added, refused, owner=self, ended=ended)
        else:
            tasks.run(partial(self._change_wish, row, form), changed, refused, owner=self, ended=ended)

    def _change_wish(self, row: WishRow, form: WishForm) -> Outcome[WishRow]:
        """Asks the services; the window is not touched."""
        waiting, actor = self._workplace.services.waiting, self._workplace.actor

        def read() -> WishRow:
            for each in waiting.rows(actor):
                if each.id == row.id:
                    return each
            raise NotFound("wish_not_found")

        return save_together(
            row,
            parts_of_wish(form),
            parts=lambda seen: parts_of_wish(seen.form),
            read=read,
            save=lambda seen, parts: waiting.change(actor, seen.id, seen.version, with_parts(form, parts, LAYOUT)),
        )

    @Slot(object, object)
    def _end(self, row: WishRow, end: WishEnd) -> None:
        waiting, actor = self._workplace.services.waiting, self._workplace.actor

        def ended(version: int) -> None:
            word = "is off the waiting list: booked" if end is WishEnd.BOOKED else "does not wait any more"
            self.message_offered.emit(f"{row.name} {word}.", lambda: self._take_back(row, version))
            self.list.table.setFocus()
            self.refresh()

        self._workplace.tasks.run(
            lambda: waiting.end(actor, row.id, row.version, end), ended, self._tell_and_look, owner=self
        )

    def _take_back(self, row: WishRow, version: int) -> None:
        waiting, actor = self._workplace.services.waiting, self._workplace.actor

        def back(_version: int) -> None:
            self._wanted = row.id
            self.message_offered.emit(f"{row.name} waits again.", None)
            self.refresh()

        self._workplace.tasks.run(
            lambda: waiting.take_back(actor, row.id, version), back, self._tell_and_look, owner=self
        )

    def _tell_and_look(self, error: ClinicError) -> None:
        self.tell(error)
        self.refresh()


def _booked(row: WishRow) -> str:
    if row.booked_at is None:
        return "nothing"
    return f"{day_month_text(row.booked_at.date())}, {time_text(row.booked_at)}"


def _booked_tip(row: WishRow) -> str:
    return "" if row.booked_at is None else weekday_date_text(row.booked_at.date())


def _due(row: WishRow) -> str:
    return "" if row.due_on is None else day_month_text(row.due_on)


def _due_tip(row: WishRow) -> str:
    return "" if row.due_on is None else f"No injection before {weekday_date_text(row.due_on)}"


def _columns(zone: ZoneInfo) -> tuple[Column[WishRow], ...]:
    return (
        Column("Name", lambda row: row.name, tooltip=lambda row: f"{row.name}, {row.record_number}", width=104,
               fit=Fit.CONTENT),
        Column("For", lambda row: row.type_name, tooltip=lambda row: row.type_name, width=84, fit=Fit.WHOLE),
        Column("With", lambda row: row.injector or "any", width=72, fit=Fit.CONTENT),
        Column("Could come", lambda row: wish_text(row.form), tooltip=lambda row: wish_text(row.form), width=120,
               stretch=True, fit=Fit.CONTENT),
        Column("Notice", lambda row: notice_text(row.form.notice_days), lambda row: row.form.notice_days, width=60,
               fit=Fit.CONTENT),
        Column("Telephone", lambda row: row.phone, width=92, fit=Fit.CONTENT),
        Column("Waits since", lambda row: date_text(row.wished_at.astimezone(zone).date()),
               lambda row: row.wished_at, width=80, fit=Fit.CONTENT, spared=True,
               saved=lambda row: row.wished_at.astimezone(zone).date()),
        Column("Booked now", _booked, lambda row: row.booked_at, tooltip=_booked_tip, width=100, fit=Fit.WHOLE,
               saved=lambda row: row.booked_at),
        Column("Due from", _due, lambda row: row.due_on, tooltip=_due_tip, width=72, fit=Fit.WHOLE,
               saved=lambda row: row.due_on),
    )  # fmt: skip
