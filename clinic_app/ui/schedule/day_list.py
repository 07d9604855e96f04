"""A day's appointments as a table: the same as the grid, for reading, for assistive technology, for paper."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.ui.locale import date_text, time_text
from clinic_app.ui.schedule.states import ICONS, WORDS, state_colors
from clinic_app.ui.schedule.wording import SIMILAR, Names, empty_text, span_text
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.tables import Column, RowTable


class DayList(QWidget):
    """The table of one day."""

    appointment_chosen = Signal(int)
    appointment_opened = Signal(int)
    new_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = Names()
        self._filling = False
        empty = EmptyState("calendar-days", "", action="New appointment")
        empty.action_requested.connect(self.new_asked)
        self.table: RowTable[AppointmentRow] = RowTable(
            self._columns(), self, name="schedule-day", label="Appointments of the day", key=_id, empty=empty
        )
        self.table.selected_row.connect(self._selected)
        self.table.activated_row.connect(self._opened)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def set_day(self, day: date, rows: tuple[AppointmentRow, ...], names: Names) -> None:
        """Show a day's appointments."""
        self._names = names
        self.table.empty.set_sentence(empty_text(day))
        self._filling = True
        self.table.set_rows(rows)
        self._filling = False

    def select(self, appointment_id: int | None) -> None:
        """Choose a row without telling anybody."""
        row = next((r for r in self.table.rows_model.rows() if r.id == appointment_id), None)
        self._filling = True
        self.table.select(row)
        self._filling = False

    def _columns(self) -> list[Column[AppointmentRow]]:
        return [
            Column("Time", lambda r: time_text(r.starts_at), sort_key=lambda r: r.starts_at, width=72, tooltip=_span),
            Column(
                "Patient", lambda r: r.patient_name, stretch=True, icon=_warn, color=_warn_color, tooltip=_similar,
                width=160, fit=Fit.WHOLE,
            ),
            Column("Birth date", lambda r: date_text(r.birth_date), sort_key=lambda r: r.birth_date, width=100),
            Column("Record number", lambda r: r.record_number, width=120),
            Column("Injector", lambda r: self._names.injector(r.injector_id), width=84, fit=Fit.CONTENT),
            Column("Kind", lambda r: r.type_name, width=72, fit=Fit.CONTENT, spared=True),
            Column(
                "State", lambda r: WORDS[r.state], sort_key=lambda r: list(WORDS).index(r.state), width=120,
                icon=lambda r: ICONS[r.state], color=lambda r: state_colors(r.state, current_theme()).quiet,
            ),
        ]  # fmt: skip

    @Slot(object)
    def _selected(self, row: AppointmentRow | None) -> None:
        if row is not None and not self._filling:
            self.appointment_chosen.emit(row.id)

    @Slot(object)
    def _opened(self, row: AppointmentRow) -> None:
        self.appointment_opened.emit(row.id)


def _id(row: AppointmentRow) -> int:
    return row.id


def _span(row: AppointmentRow) -> str:
    return f"{span_text(row.starts_at, row.ends_at)} · {row.type_name}"


def _warn(row: AppointmentRow) -> str:
    return "triangle-alert" if row.similar_name else ""


def _warn_color(row: AppointmentRow) -> str:
    return current_theme().warn if row.similar_name else ""


def _similar(row: AppointmentRow) -> str:
    return SIMILAR if row.similar_name else ""
