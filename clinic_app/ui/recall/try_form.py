"""Note a try: what came of it, the way, when to try again, a remark. It takes two keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.recall import AttemptForm
from clinic_app.terms import ContactOutcome, ContactWay
from clinic_app.ui.patients.chip_fields import OneChip
from clinic_app.ui.recall.wording import ENDING, OUTCOMES, WAYS
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.fields import TextField, check_all
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField
from clinic_app.ui.wording import told

_O = ContactOutcome
_WORKING_DAYS_TO_WAIT = {_O.NO_ANSWER: 1, _O.LEFT_MESSAGE: 3, _O.WILL_CALL: 5, _O.SENT: 10}
"""When to try again unless somebody says otherwise; a letter takes its time."""


@dataclass(frozen=True, slots=True)
class TypedTry:
    """What stands in the form, to bring it back."""

    outcome: ContactOutcome | None
    next_try: str
    note: str


class TryForm(QWidget):
    """Choosing the outcome proposes the next try and goes on to it, so that Enter notes it. It knows no patient."""

    wished = Signal(object)
    """An ``AttemptForm``."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._working_days: Sequence[date] = ()
        self._next_touched = False
        self.heading = Strong("Note a try", self)
        self.outcome_field: OneChip[ContactOutcome] = OneChip(
            "What came of it", [(value, *words) for value, words in OUTCOMES.items()], self
        )
        self.way_field: ChoiceField[ContactWay] = ChoiceField("By", list(WAYS.items()), self, required=True)
        self.way_field.set_value(ContactWay.TELEPHONE)
        self.next_field = DateField("Next try", self, today=today)
        self.note_field = TextField("Note", self, longest=1000, placeholder="Calls back after the holidays, …")
        self.problem = Note(Level.STOP, self)
        self.note_button = PlainButton("Note try", self, icon="check")
        self.note_button.setToolTip("Note the try (Enter in a field, Ctrl+Enter anywhere in the form)")
        self._lay_out()
        self.outcome_field.changed.connect(self._outcome_chosen)
        self.next_field.changed.connect(self._next_typed)
        self.note_button.clicked.connect(self.submit)
        self.setFocusProxy(self.outcome_field)

    def set_working_days(self, days: Sequence[date]) -> None:
        """The next days on which the clinic works."""
        self._working_days = days

    def usual_next_try(self, outcome: ContactOutcome) -> date | None:
        """When to try again after this unless somebody says otherwise; None where nobody is to."""
        days = _WORKING_DAYS_TO_WAIT.get(outcome, 0)
        return self._working_days[days - 1] if 0 < days <= len(self._working_days) else None

    def set_count(self, count: int) -> None:
        """For how many patients the try is noted at once."""
        self.heading.setText("Note a try" if count < 2 else f"Note a try for {count} patients")
        self.note_button.setText("Note try" if count < 2 else f"Note for {count} patients")

    def typed(self) -> TypedTry | None:
        """What stands in it; None when nothing was chosen or typed."""
        outcome, note = self.outcome_field.value(), self.note_field.value()
        typed = TypedTry(outcome, self.next_field.editor.text() if self._next_touched else "", note)
        return None if typed == TypedTry(None, "", "") else typed

    def clear(self) -> None:
        """An empty form; the way stays, for the next call goes the same way."""
        self.bring_back(TypedTry(None, "", ""))

    def bring_back(self, typed: TypedTry) -> None:
        """Fill it with what was typed before."""
        self.outcome_field.set_value(typed.outcome)
        self.note_field.set_value(typed.note)
        self._next_touched = bool(typed.next_try)
        self.next_field.set_value(None)
        if typed.next_try:
            self.next_field.editor.setText(typed.next_try)
        self.problem.say("")
        self._propose()

    def set_busy(self, busy: bool) -> None:
        """Nothing can be noted twice while an answer is awaited."""
        self.note_button.setEnabled(not busy)

    def show_error(self, error: ClinicError) -> None:
        """Say why it was not noted, under the field it belongs to."""
        if error.field == "next_try_on" and not self.next_field.isHidden():
            self.next_field.set_error(told(error))
            self.next_field.setFocus()
        else:
            self.problem.say(told(error))

    @Slot()
    def submit(self) -> None:
        """Note what the form says."""
        if not self.note_button.isEnabled():
            return
        outcome = self.outcome_field.value()
        if outcome is None:
            self.outcome_field.set_error("Choose what came of it.")
            self.outcome_field.setFocus()
            return
        self.next_field.earliest = self._today() + timedelta(days=1)
        way = self.way_field.value()
        if not check_all([self.way_field, self.next_field]) or way is None:
            return
        self.problem.say("")
        self.wished.emit(AttemptForm(way, outcome, self.note_field.value(), self.next_field.value()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter notes the try."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        fields = QGridLayout()
        fields.setHorizontalSpacing(BETWEEN)
        fields.setVerticalSpacing(INSIDE)
        fields.addWidget(self.way_field, 0, 0)
        fields.addWidget(self.next_field, 0, 1)
        fields.setColumnStretch(0, 1)
        fields.setColumnStretch(1, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.note_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.heading)
        layout.addWidget(self.outcome_field)
        layout.addLayout(fields)
        layout.addWidget(self.note_field)
        layout.addWidget(self.problem)
        layout.addLayout(foot)

    @Slot()
    def _outcome_chosen(self) -> None:
        outcome = self.outcome_field.value()
        if outcome is ContactOutcome.SENT and self.way_field.value() is ContactWay.TELEPHONE:
            self.way_field.set_value(ContactWay.LETTER)
        self._propose()
        if outcome is not None:
            follow = self.note_field if self.next_field.isHidden() else self.next_field
            follow.editor.setFocus(Qt.FocusReason.TabFocusReason)
            follow.editor.selectAll()

    def _propose(self) -> None:
        """The label, and the day to try again, which what a person typed goes before."""
        outcome = self.outcome_field.value()
        ending = outcome in ENDING
        self.next_field.setVisible(outcome is not ContactOutcome.BOOKED)
        self.next_field.label.setText("Ask again on" if ending else "Next try")
        self.next_field.editor.setAccessibleName(self.next_field.label.text())
        self.next_field.editor.setPlaceholderText("never" if ending else "")
        if outcome is ContactOutcome.BOOKED or not self._next_touched:
            self.next_field.set_value(None if outcome is None else self.usual_next_try(outcome))
            self._next_touched = False

    @Slot()
    def _next_typed(self) -> None:
        self._next_touched = bool(self.next_field.editor.text())
