"""The appointments of a patient: what comes and what was."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import GONE
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.words import STATES, ago_text, moment_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_HEADER = 34
_ROW = 28


class AppointmentsPage(QWidget):
    """Coming above, past below; Enter shows one in the schedule."""

    book_requested = Signal()
    appointment_requested = Signal(int)
    document_requested = Signal(str, int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._record: PatientRecord | None = None
        may_book = workplace.may(Act.BOOK)
        self.coming = self._table(
            "patient-appointments-coming", "Coming appointments", "Nothing booked. Book the next appointment here."
        )
        self.past = self._table("patient-appointments-past", "Past appointments", "No appointment so far.")
        self.show_button = PlainButton("Show in schedule", self, icon="calendar-days")
        self.card_button = PlainButton("Appointment card", self, icon="printer")
        self.card_button.setVisible(workplace.may(Act.PRINT_HANDOUT))
        self.book_button = PrimaryButton("Book appointment", self, icon="plus")
        self.book_button.setVisible(may_book)
        self.show_button.clicked.connect(self._show_chosen)
        self.card_button.clicked.connect(self._print_card)
        self.book_button.clicked.connect(self.book_requested)
        coming, past = Section("Coming", self), Section("Past", self)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addWidget(self.card_button)
        foot.addWidget(self.show_button)
        foot.addStretch(1)
        foot.addWidget(self.book_button)
        coming.add(self.coming)
        coming.add(foot)
        past.add(self.past, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        layout.addWidget(coming)
        layout.addWidget(past, 1)
        self.coming.selected_row.connect(self._selected)
        self._selected(None)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient's appointments; the chosen one stays chosen."""
        self._record = record
        today = self._workplace.today()
        coming, past = record.coming(today), record.past(today)
        self.coming.set_rows(coming)
        self.coming.setFixedHeight(_HEADER + _ROW * min(max(len(coming), 4), 6) + 2)
        self.coming.horizontalHeader().setVisible(bool(coming))
        self.past.set_rows(past)
        self.past.horizontalHeader().setVisible(bool(past))
        if self.coming.selected() is None and coming:
            self.coming.select(coming[0])

    def _table(self, name: str, label: str, nothing: str) -> RowTable[AppointmentRow]:
        columns: tuple[Column[AppointmentRow], ...] = (
            Column("When", lambda row: moment_text(row.starts_at), lambda row: row.starts_at, width=190),
            Column("From today", lambda row: self._ago(row.starts_at.date()), lambda row: row.starts_at, width=116),
            Column("Kind", lambda row: row.type_name, width=140),
            Column("Injector", lambda row: self._injector(row.injector_id), width=150),
            Column("Length", lambda row: f"{row.minutes} min", lambda row: row.minutes, numeric=True, width=76),
            Column("State", lambda row: STATES[row.state], width=112),
            Column("Note", _remark, tooltip=_remark, stretch=True),
        )
        table: RowTable[AppointmentRow] = RowTable(
            columns, self, name=name, label=label, key=lambda row: row.id, empty=EmptyState("calendar", nothing, self)
        )
        table.activated_row.connect(self._show)
        return table

    def _ago(self, day: date) -> str:
        return ago_text(day, self._workplace.today())

    def _injector(self, injector_id: int) -> str:
        return "" if self._record is None else self._record.injector(injector_id)

    @Slot(object)
    def _selected(self, row: AppointmentRow | None) -> None:
        self.show_button.setEnabled(row is not None)
        self.card_button.setEnabled(row is not None)

    @Slot(object)
    def _show(self, row: AppointmentRow) -> None:
        self.appointment_requested.emit(row.id)

    @Slot()
    def _show_chosen(self) -> None:
        row = self.coming.selected()
        if row is not None:
            self.appointment_requested.emit(row.id)

    @Slot()
    def _print_card(self) -> None:
        row = self.coming.selected()
        if row is not None:
            self.document_requested.emit("appointment_card", row.id)


def _remark(row: AppointmentRow) -> str:
    return row.reason if row.state in GONE and row.reason else row.note
