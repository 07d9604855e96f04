"""The table of those to be called, with the keys that act on a row."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_app.services.recall import RecallKind, RecallRow
from clinic_app.ui.locale import date_text
from clinic_app.ui.recall.wording import missed_text, next_try_text, outcome_text, why_icon, why_level, why_text
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.many_rows import ManyRows
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable


class RecallTable(TablePage[RecallRow]):
    """Those due longest first. Enter and N lead to the form, B books, L writes."""

    try_asked = Signal()
    book_asked = Signal()
    letter_asked = Signal()
    csv_asked = Signal()
    list_asked = Signal()

    def __init__(self, today: Callable[[], date], zone: ZoneInfo, parent: QWidget | None = None) -> None:
        self._today = today
        self._day = today()
        # Thousands of rows fall due on a hundred days. Both texts depend on nothing else but the locale, which stays.
        days, whys = lru_cache(maxsize=1024)(date_text), lru_cache(maxsize=1024)(why_text)
        table: RowTable[RecallRow] = RowTable(
            _columns(lambda: self._day, days, whys, zone),
            name="recall",
            label="Patients to call for the next visit",
            key=lambda row: row.patient_id,
            empty=EmptyState("bell", ""),
            several=True,
            rows=ManyRows,
        )
        super().__init__(table, "Filter the patients", parent)
        self.csv_button = self.add_tool("Mail merge (CSV)…", "download", "Save the selected rows, or all, for letters")
        self.list_button = self.add_tool("Print list", "printer", "Print the selected rows, or all (Ctrl+P)")
        self.csv_button.clicked.connect(self.csv_asked)
        self.list_button.clicked.connect(self.list_asked)
        table.activated_row.connect(self.try_asked)
        for key, asked in (("N", self.try_asked), ("B", self.book_asked), ("L", self.letter_asked)):
            shortcut = QShortcut(QKeySequence(key), table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(asked)

    def meant(self) -> list[RecallRow]:
        """The selected rows where several are, else all that are shown: what is saved and printed."""
        chosen = self.table.selected_rows()
        return chosen if len(chosen) > 1 else self.table.rows_model.rows()

    def show_rows(self, rows: list[RecallRow], weeks_text: str) -> None:
        """Show these rows; selection and place stay."""
        day = self._today()
        if rows and day == self._day and rows == list(self.table.rows_model.all_rows()):
            return  # mostly nothing changed, and to lay out thousands of rows takes as long as to read them
        self.table.empty.set_sentence(
            f"Nobody has to be called: everybody whose interval is over {weeks_text} has an injection booked. "
            "Patients come here by themselves when a visit is signed and nothing is booked, "
            "or when an appointment is cancelled or missed."
        )
        self._day = day
        self.set_rows(rows)
        for button in (self.csv_button, self.list_button):
            button.setEnabled(bool(rows))


def _columns(
    today: Callable[[], date],
    day_text: Callable[[date], str],
    why: Callable[[RecallKind, date | None, int], str],
    zone: ZoneInfo,
) -> tuple[Column[RecallRow], ...]:
    def color(row: RecallRow) -> str:
        level = why_level(row, today())
        return "" if level is None else current_theme().level(level)[0]

    def said(row: RecallRow) -> str:
        return why(row.kind, row.missed_on, (row.due_on - today()).days)

    return (
        Column("Name", lambda row: row.name, tooltip=_who, width=104, stretch=True, fit=Fit.CONTENT),
        Column("Record number", lambda row: row.record_number, width=96, fit=Fit.CONTENT, spared=True),
        Column("Why", said, lambda row: row.due_on, tooltip=_why,
               icon=lambda row: why_icon(row, today()), color=color, width=120, fit=Fit.WHOLE),
        Column("Injected", lambda row: day_text(row.injected_on), lambda row: row.injected_on, width=80,
               fit=Fit.CONTENT, spared=True),
        Column("Due", lambda row: day_text(row.due_on), lambda row: row.due_on, width=80, fit=Fit.CONTENT),
        Column("Telephone", lambda row: row.phone, tooltip=_contact, width=92, fit=Fit.WHOLE),
        Column("Tries", lambda row: str(row.attempts or ""), lambda row: row.attempts, numeric=True, width=48,
               fit=Fit.CONTENT),
        Column("Last outcome", lambda row: outcome_text(row.last), tooltip=lambda row: _last(row, zone),
               width=84, fit=Fit.CONTENT),
        Column("Next try", next_try_text, _next_try, width=80, fit=Fit.CONTENT),
    )  # fmt: skip


def _who(row: RecallRow) -> str:
    return f"{row.name}, {row.record_number}, injected {date_text(row.injected_on)}"


def _why(row: RecallRow) -> str:
    return missed_text(row) or f"Due {date_text(row.due_on)}, {row.weeks} weeks after the last injection"


def _contact(row: RecallRow) -> str:
    prefers = f"Prefers: {row.preferred_contact}" if row.preferred_contact else ""
    return "\n".join(part for part in (row.phone, prefers) if part)


def _last(row: RecallRow, zone: ZoneInfo) -> str:
    if row.last is None:
        return ""
    note = f": {row.last.note}" if row.last.note else ""
    return f"{outcome_text(row.last)}, {date_text(row.last.at.astimezone(zone).date())}, {row.last.by}{note}"


def _next_try(row: RecallRow) -> date | None:
    return row.waits_until or (None if row.last is None else row.last.next_try_on)
