"""To rebook: appointments that a closure, an absence or changed hours left without an open clinic."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.rebooking import RebookCause, ToRebook
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.recall.list_page import ListPage
from clinic_app.ui.recall.wording import counted
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_WHY = {
    RebookCause.CLOSED: "Clinic closed",
    RebookCause.AWAY: "Injector away",
    RebookCause.OUTSIDE_HOURS: "Outside the hours",
    RebookCause.INJECTOR_LEFT: "Injector left",
}


class RebookPage(ListPage[ToRebook, tuple[ToRebook, ...]]):
    """A table of appointments. M moves the chosen one; whoever was moved or cancelled is gone from it."""

    question = "rebook.rows"
    appointment_requested = Signal(int)
    move_requested = Signal(int)
    """Open the form that moves this appointment."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        table: RowTable[ToRebook] = RowTable(
            _columns(),
            name="rebook",
            label="Appointments to book again",
            key=lambda row: row.appointment_id,
            empty=EmptyState("circle-check", ""),
        )
        super().__init__(workplace, TablePage(table, "Filter the appointments"), parent)
        self.summary = Muted("", self)
        self.open_button = PlainButton("Open patient", self)
        self.show_button = PlainButton("Show in schedule", self)
        self.show_button.setToolTip("Show the appointment on its day (Enter)")
        self.move_button = PrimaryButton("Move appointment", self, icon="calendar")
        self.move_button.setToolTip("Choose another day and time (M)")
        self._lay_out()
        self._connect()
        self._chosen()

    def reading(self) -> Callable[[], tuple[ToRebook, ...]]:
        """Everything that lies on no open hour."""
        rebooking, actor = self._workplace.services.rebooking, self._workplace.actor
        return lambda: rebooking.rows(actor)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, AROUND, 0)
        top.addWidget(self.summary)
        top.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, 0, AROUND, AROUND)
        foot.setSpacing(INSIDE)
        foot.addWidget(self.open_button)
        foot.addWidget(self.show_button)
        foot.addStretch(1)
        foot.addWidget(self.move_button)
        self.lay_out(top=top, foot=foot)

    def _connect(self) -> None:
        table = self.list.table
        table.selected_row.connect(self._chosen)
        table.activated_row.connect(lambda row: self.appointment_requested.emit(row.appointment_id))
        self.open_button.clicked.connect(self._open)
        self.show_button.clicked.connect(self._show_in_schedule)
        self.move_button.clicked.connect(self.move_chosen)
        shortcut = QShortcut(QKeySequence("M"), table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.move_chosen)

    def show_read(self, read: tuple[ToRebook, ...], *, first: bool) -> None:
        """Show the list."""
        self.list.table.empty.set_sentence(
            "Every appointment lies within the hours of its injector. What a closure or other hours cover stands here."
        )
        self.list.set_rows(list(read))
        said = f"{counted(len(read), 'appointment', 'appointments')} booked when nobody works"
        self.summary.setText(said if read else "")
        if first and read:
            self.list.table.select(read[0])
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        some = self.list.table.selected() is not None
        for button in (self.open_button, self.show_button, self.move_button):
            button.setEnabled(some)

    @Slot()
    def move_chosen(self) -> None:
        """Move the chosen appointment."""
        row = self.list.table.selected()
        if row is not None:
            self.move_requested.emit(row.appointment_id)

    @Slot()
    def _show_in_schedule(self) -> None:
        row = self.list.table.selected()
        if row is not None:
            self.appointment_requested.emit(row.appointment_id)

    @Slot()
    def _open(self) -> None:
        row = self.list.table.selected()
        if row is not None:
            self.patient_requested.emit(row.patient_id)


def _columns() -> tuple[Column[ToRebook], ...]:
    """When and who, how to reach them, and why it cannot stand."""

    def why(row: ToRebook) -> str:
        return f"{_WHY[row.cause]}: {row.reason}" if row.reason else _WHY[row.cause]

    return (
        Column("When", lambda row: f"{weekday_date_text(row.starts_at.date())}, {time_text(row.starts_at)}",
               lambda row: row.starts_at, width=150, fit=Fit.WHOLE),
        Column("Name", lambda row: row.patient_name, tooltip=lambda row: f"{row.patient_name}, {row.record_number}",
               width=120, stretch=True, fit=Fit.CONTENT),
        Column("Record number", lambda row: row.record_number, width=96, fit=Fit.CONTENT, spared=True),
        Column("Telephone", lambda row: row.phone, width=92, fit=Fit.WHOLE),
        Column("For", lambda row: row.type_name, width=72, fit=Fit.CONTENT),
        Column("With", lambda row: row.injector_name, tooltip=lambda row: row.room_name, width=96, fit=Fit.CONTENT),
        Column("Why", why, icon=lambda row: "triangle-alert", color=lambda row: current_theme().warn, width=190,
               fit=Fit.CONTENT),
    )  # fmt: skip
