"""What stands of the chosen appointment: who, its state and since when, when and where, and what to know of it."""

from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import WAITING
from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.schedule.panels import StatePill
from clinic_app.ui.schedule.wording import SIMILAR, Names, duration_text, overbooked_text, span_text
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.wording import person_text


class AppointmentFacts(QWidget):
    """It is told its row and asks for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person = Muted("", self, wrap=True)
        self.similar = Note(Level.WARN, self)
        self.overbooked = Note(Level.WARN, self)
        self.pill = StatePill(self)
        self._waiting = Muted("", self)
        self._when, self._kind = Strong("", self), self._lines()
        self._where = Muted("", self, wrap=True)
        self._series = Muted("Part of a series", self)
        self._remark = self._lines()
        state = QHBoxLayout()
        state.setSpacing(INSIDE)
        state.addWidget(self.pill)
        state.addWidget(self._waiting, 1)
        facts = QVBoxLayout()
        facts.setSpacing(TIGHT)
        for line in (self._when, self._kind, self._where, self._series, self._remark):
            facts.addWidget(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self._person)
        layout.addWidget(self.similar)
        layout.addWidget(self.overbooked)
        layout.addLayout(state)
        layout.addLayout(facts)

    def show_row(self, row: AppointmentRow, names: Names, today: date, now: datetime) -> None:
        """Show an appointment. ``now`` is a moment with its zone."""
        self._person.setText(person_text(row.birth_date, row.record_number, today))
        self.similar.say(SIMILAR if row.similar_name else "")
        self.overbooked.say(overbooked_text(row) if row.overbooked_by else "")
        self.pill.set_appointment_state(row.state)
        waits = row.state in WAITING and row.since is not None
        minutes = int((now - row.since).total_seconds() // 60) if waits and row.since is not None else 0
        self._waiting.setText(f"for {duration_text(minutes)}" if waits else "")
        self._when.setText(f"{weekday_date_text(row.starts_at.date())}, {span_text(row.starts_at, row.ends_at)}")
        self._kind.setText(f"{row.type_name} · {names.injector(row.injector_id)}")
        self._where.setText(names.where(row))
        self._series.setVisible(row.series_id is not None)
        remarks = [f"Reason: {row.reason}" if row.reason else "", row.note]
        self._remark.setText("\n".join(text for text in remarks if text))
        self._remark.setVisible(any(remarks))

    def _lines(self) -> QLabel:
        label = QLabel("", self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label
