"""What is next for a patient: when the next injection is due, what is booked, what was left open."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.ui.locale import date_text, weekday_date_text
from clinic_app.ui.patients.parts import LooseEnd, clear_layout, plain_label, tight_link
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.words import SEVERITIES, ago_text, effect_name, moment_text
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.workplace import Workplace

_BOOKED_SHOWN = 3
_DRAFTS_SHOWN = 3


class NextSteps(Section):
    """Due, booked and loose ends, each with the way to it."""

    draft_requested = Signal(int)
    book_requested = Signal()
    repeat_requested = Signal(int)
    appointment_requested = Signal(int)
    effects_requested = Signal()
    side_effect_requested = Signal()
    response_requested = Signal(int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("What is next", parent)
        self._workplace = workplace
        self._lines = QVBoxLayout()
        self._lines.setSpacing(BETWEEN)
        self.add(self._lines)
        self.book_button = PlainButton("Book appointment", self, icon="calendar")
        self.book_button.setVisible(workplace.may(Act.BOOK))
        self.book_button.clicked.connect(self._book)
        self.effect_button = PlainButton("Note side effect", self, icon="phone")
        self.effect_button.setVisible(workplace.may(Act.REPORT_SIDE_EFFECT))
        self.effect_button.clicked.connect(self.side_effect_requested)
        foot = QVBoxLayout()
        foot.setSpacing(INSIDE)
        for button in (self.book_button, self.effect_button):
            row = QHBoxLayout()
            row.addWidget(button, 1)
            foot.addLayout(row)
        self.add(foot)
        self.layout_inside.addStretch(1)
        self._last_visit: int | None = None
        self._ends: list[LooseEnd] = []

    def show_record(self, record: PatientRecord) -> None:
        """Say what is next for this patient."""
        clear_layout(self._lines)
        self._ends = []
        self._last_visit = record.visits[0].id if record.visits else None
        self.book_button.setText("Book repeat" if self._last_visit is not None else "Book appointment")
        self._show_due(record)
        self._show_booked(record)
        self._show_ends(record)

    def loose_ends(self) -> list[str]:
        """What is left open, as it is told."""
        return [end.text for end in self._ends]

    def _show_due(self, record: PatientRecord) -> None:
        if not record.clinical:
            return
        due, today = record.due_on(), self._workplace.today()
        block = self._block("Due")
        if due is not None:
            day, why = due
            line = QHBoxLayout()
            line.setSpacing(INSIDE)
            line.addWidget(Strong(weekday_date_text(day), self))
            booked = bool(record.coming(today))
            if day < today:
                line.addWidget(Pill(f"since {ago_text(day, today).removesuffix(' ago')}", Level.WARN, self))
            else:
                line.addWidget(Pill("today" if day == today else ago_text(day, today), None, self))
            line.addStretch(1)
            block.addLayout(line)
            block.addWidget(Muted(why if booked or day > today else f"{why}; nothing is booked", self, wrap=True))
        elif record.visits:
            block.addWidget(Muted("The last visit has no interval, and no usual one is recorded.", self, wrap=True))
        else:
            block.addWidget(Muted("Nothing injected here yet.", self, wrap=True))

    def _show_booked(self, record: PatientRecord) -> None:
        block = self._block("Booked")
        coming = record.coming(self._workplace.today())
        for row in coming[:_BOOKED_SHOWN]:
            button = tight_link(moment_text(row.starts_at), self)
            button.setToolTip("Show this appointment in the schedule")
            button.clicked.connect(partial(self.appointment_requested.emit, row.id))
            line = QHBoxLayout()
            line.addWidget(button)
            line.addStretch(1)
            block.addLayout(line)
            block.addWidget(plain_label(f"{row.type_name} · {record.injector(row.injector_id)}", self))
        if len(coming) > _BOOKED_SHOWN:
            block.addWidget(Muted(f"and {len(coming) - _BOOKED_SHOWN} more", self))
        if not coming:
            block.addWidget(Muted("Nothing booked.", self))

    def _show_ends(self, record: PatientRecord) -> None:
        reference = self._workplace.services.reference
        for draft in record.drafts[:_DRAFTS_SHOWN]:
            lines = f"{draft.lines} {'line' if draft.lines == 1 else 'lines'}"
            self._end(
                Level.INFO,
                f"Chart of {date_text(draft.visited_on)} in progress, {lines}, by {draft.saved_by}",
                "Go on charting",
                partial(self.draft_requested.emit, draft.id),
            )
        for effect in record.unreviewed():
            name = effect_name(reference, effect.kind, effect.other)
            self._end(
                Level.STOP,
                f"Red flag not reviewed: {name} ({SEVERITIES[effect.severity].lower()}), "
                f"{date_text(effect.started_on)}",
                "Review it",
                self.effects_requested.emit,
            )
        # A visit of today can have no outcome yet.
        if record.visits and record.visits[0].visited_on < self._workplace.today():
            last = record.visits[0]
            if not last.side_effects and not last.asked_none:
                self._end(
                    Level.WARN,
                    f"Nobody asked about side effects after {date_text(last.visited_on)}",
                    "Ask now",
                    self.side_effect_requested.emit,
                )
            if last.response is None:
                self._end(
                    Level.WARN,
                    f"The response to {date_text(last.visited_on)} is not noted",
                    "Note response",
                    partial(self.response_requested.emit, last.id),
                )
        if self._ends:
            block = self._block("Loose ends")
            block.setSpacing(INSIDE)
            for end in self._ends:
                block.addWidget(end)

    def _end(self, level: Level, text: str, action: str, run: object) -> None:
        assert callable(run)
        self._ends.append(LooseEnd(level, text, action, run, self))

    def _block(self, title: str) -> QVBoxLayout:
        block = QVBoxLayout()
        block.setSpacing(TIGHT)
        block.addWidget(Muted(title, self))
        self._lines.addLayout(block)
        return block

    def _book(self) -> None:
        if self._last_visit is None:
            self.book_requested.emit()
        else:
            self.repeat_requested.emit(self._last_visit)
