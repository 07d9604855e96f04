"""Reminders: who comes on the next working days, who has been told, and who has confirmed."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.reminders import ReminderRow
from clinic_app.terms import AppointmentState, ContactWay
from clinic_app.ui.recall.list_page import ListPage
from clinic_app.ui.recall.reminders_table import reminder_columns
from clinic_app.ui.recall.wording import WAYS, counted
from clinic_app.ui.saved_file import CSV, SavedFile
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import RowTable
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.workplace import Workplace

Work = Callable[[], None]
_DAYS, _USUAL_DAYS = "reminders/days_ahead", 2
_CHOICES = tuple((n, counted(n, "working day", "working days")) for n in (1, 2, 3, 4, 5, 10))


class RemindersPage(ListPage[ReminderRow, tuple[ReminderRow, ...]]):
    """A table of appointments. R marks as reminded, C as confirmed, for every selected row at once."""

    question = "reminders.rows"
    appointment_requested = Signal(int)
    list_requested = Signal(object)
    """A tuple of ``ReminderRow``."""

    def __init__(self, workplace: Workplace, settings: QSettings, parent: QWidget | None = None) -> None:
        table: RowTable[ReminderRow] = RowTable(
            reminder_columns(ZoneInfo(workplace.services.clinic.time_zone)),
            name="reminders",
            label="Appointments to remind of",
            key=lambda row: row.appointment_id,
            empty=EmptyState("bell", ""),
            several=True,
        )
        super().__init__(workplace, TablePage(table, "Filter the appointments", own_file=True), parent)
        self._settings = settings
        self.days_field: ChoiceField[int] = ChoiceField("In the next", _CHOICES, self)
        self.days_field.set_value(_number(settings.value(_DAYS)))
        self.days_field.setFixedWidth(160)
        self.days_field.editor.setToolTip("From tomorrow on; on a Friday two working days end on Tuesday")
        self.way_field: ChoiceField[ContactWay] = ChoiceField("Reminded by", list(WAYS.items()), self)
        self.way_field.set_value(ContactWay.TELEPHONE)
        self.way_field.setFixedWidth(140)
        self.summary = Muted("", self)
        self.csv_button = self.list.add_tool("Save CSV…", "download", "Save the selected rows, or all")
        self.list_button = self.list.add_tool("Print list", "printer", "Print the selected rows, or all (Ctrl+P)")
        self.remind_button = PlainButton("Mark as reminded", self, icon="bell")
        self.remind_button.setToolTip("The selected patients were told of their appointments (R)")
        self.confirm_button = PrimaryButton("Confirm appointment", self, icon="check")
        self.confirm_button.setToolTip("The selected patients said that they will come (C)")
        self.open_button = PlainButton("Open patient", self)
        self.csv = SavedFile(CSV, workplace, self)
        self._lay_out()
        self._connect()
        self._chosen()

    def reading(self) -> Callable[[], tuple[ReminderRow, ...]]:
        """Everybody of the next working days."""
        reminders, actor, days = self._workplace.services.reminders, self._workplace.actor, self._days()
        return lambda: reminders.rows(actor, days)

    @Slot()
    def print_list(self) -> None:
        """The selected rows on paper, or all."""
        rows = self._meant()
        if rows and not self.list_button.isHidden():
            self.list_requested.emit(tuple(rows))

    @Slot()
    def remind(self) -> None:
        """Mark every selected appointment whose patient was not reminded yet."""
        rows = [row for row in self.list.table.selected_rows() if row.reminded is None]
        way = self.way_field.value()
        if not rows or way is None:
            return
        reminders, actor = self._workplace.services.reminders, self._workplace.actor
        ids = [row.appointment_id for row in rows]
        self._do(
            lambda: reminders.remind(actor, ids, way),
            f"{_names(rows)} reminded by {WAYS[way].lower()}.",
            lambda: self._do(lambda: reminders.take_back(actor, ids), f"{_names(rows)} not reminded yet.", None),
        )

    @Slot()
    def confirm(self) -> None:
        """Set every selected appointment that is booked to confirmed."""
        rows = [row for row in self.list.table.selected_rows() if row.state is AppointmentState.BOOKED]
        if not rows:
            return
        schedule, actor = self._workplace.services.schedule, self._workplace.actor
        seen = {row.appointment_id: row.version for row in rows}
        written = {appointment_id: version + 1 for appointment_id, version in seen.items()}
        self._do(
            lambda: schedule.set_states(actor, seen, AppointmentState.CONFIRMED),
            f"{_names(rows)} confirmed.",
            lambda: self._do(
                lambda: schedule.set_states(actor, written, AppointmentState.BOOKED),
                f"{_names(rows)} booked, not confirmed.",
                None,
            ),
        )

    def _do(self, work: Work, text: str, back: Work | None) -> None:
        def done(_none: None) -> None:
            self.message_offered.emit(text, back)
            self.refresh()

        self._workplace.tasks.run(work, done, self._tell, owner=self)

    def _days(self) -> int:
        return self.days_field.value() or _USUAL_DAYS

    def _meant(self) -> list[ReminderRow]:
        chosen = self.list.table.selected_rows()
        return chosen if len(chosen) > 1 else self.list.table.rows_model.rows()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, AROUND, 0)
        top.setSpacing(AROUND)
        top.addWidget(self.days_field)
        top.addStretch(1)
        top.addWidget(self.summary, 0, Qt.AlignmentFlag.AlignBottom)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, 0, AROUND, AROUND)
        foot.setSpacing(INSIDE)
        foot.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addStretch(1)
        foot.addWidget(self.way_field)
        foot.addWidget(self.remind_button, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addSpacing(BETWEEN)
        foot.addWidget(self.confirm_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.lay_out(top=top, foot=foot)

    def _connect(self) -> None:
        table = self.list.table
        table.selected_row.connect(self._chosen)
        table.activated_row.connect(self._entered)
        self.days_field.changed.connect(self._days_chosen)
        self.csv_button.clicked.connect(self._save)
        self.list_button.clicked.connect(self.print_list)
        self.remind_button.clicked.connect(self.remind)
        self.confirm_button.clicked.connect(self.confirm)
        self.open_button.clicked.connect(self._open)
        self.csv.message_offered.connect(self.message_offered)
        for key, act in (("R", self.remind), ("C", self.confirm)):
            shortcut = QShortcut(QKeySequence(key), table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def show_read(self, read: tuple[ReminderRow, ...], *, first: bool) -> None:
        """Show the list; the first who is to be reminded is chosen."""
        days = counted(self._days(), "working day", "working days")
        self.list.table.empty.set_sentence(
            f"Nobody is booked in the next {days}. Choose more days above, or book under Schedule."
        )
        self.list.set_rows(list(read))
        for button in (self.csv_button, self.list_button):
            button.setEnabled(bool(read))
        left = sum(1 for row in read if row.reminded is None)
        self.summary.setText(f"{counted(len(read), 'appointment', 'appointments')}, {left} to remind" if read else "")
        if first and read:
            self.list.table.select(next((row for row in read if row.reminded is None), read[0]))
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        rows = self.list.table.selected_rows()
        self.remind_button.setEnabled(any(row.reminded is None for row in rows))
        to_confirm = sum(1 for row in rows if row.state is AppointmentState.BOOKED)
        self.confirm_button.setEnabled(bool(to_confirm))
        self.confirm_button.setText(f"Confirm {to_confirm} appointments" if to_confirm > 1 else "Confirm appointment")
        self.open_button.setEnabled(len(rows) == 1)

    @Slot(object)
    def _entered(self, row: ReminderRow) -> None:
        self.appointment_requested.emit(row.appointment_id)

    @Slot()
    def _open(self) -> None:
        row = self.list.table.selected()
        if row is not None:
            self.patient_requested.emit(row.patient_id)

    @Slot()
    def _save(self) -> None:
        ids = [row.appointment_id for row in self._meant()]
        reminders, actor, days = self._workplace.services.reminders, self._workplace.actor, self._days()
        self.csv.save(f"reminders-{self._workplace.today()}", lambda: reminders.csv(actor, ids, days))

    @Slot()
    def _days_chosen(self) -> None:
        self._settings.setValue(_DAYS, self._days())
        self.refresh()

    def _tell(self, error: ClinicError) -> None:
        self.tell(error)
        self.refresh()


def _names(rows: list[ReminderRow]) -> str:
    return f"{rows[0].name} is" if len(rows) == 1 else f"{len(rows)} patients are"


def _number(remembered: object) -> int:
    """A number of the choices as it was remembered, else the usual one."""
    try:
        number = int(str(remembered))
    except ValueError:
        return _USUAL_DAYS
    return number if number in dict(_CHOICES) else _USUAL_DAYS
