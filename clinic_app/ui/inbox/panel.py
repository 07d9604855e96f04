"""The chosen line beside the list: what is known of it, what to say or note, and the way to where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.inbox_data import InboxKind, InboxRow
from clinic_app.ui.inbox.wording import ICONS, KINDS, LEVELS, opens_text, owner_text, since_text
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.parts import FactList, plain_label
from clinic_app.ui.patients.words import SEVERITIES, ago_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import TextArea
from clinic_app.ui.widgets.headings import Heading, Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Hairline, Scroll, show_if
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import breakable, person_text, told
from clinic_app.ui.workplace import Workplace

PANEL_WIDTH = 360
Key = tuple[InboxKind, int, int]


def key_of(row: InboxRow) -> Key:
    """What tells one line from another, also when its words change."""
    return row.kind, row.record_id, row.vial_id


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be noted of a line, and who saw it where that is asked."""

    row: InboxRow
    text: str
    witness_id: int | None = None


class InboxPanel(QWidget):
    """It is told its line. What is typed for a line stays with that line."""

    open_requested = Signal(object)
    """The ``InboxRow`` to open."""
    wished = Signal(object)
    """A ``Wish``: resolve the red flag, or account for the rest of the vial."""
    none_reported = Signal(object)
    """The ``InboxRow`` of a visit after which somebody asked and nothing was reported."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._row: InboxRow | None = None
        self._typed: dict[Key, str] = {}
        self.start = EmptyState("inbox", "Choose a line at the left to see what it is about.", self)
        self.body = QWidget(self)
        self.kind = Pill("", None, self.body)
        self.name = Heading("", self.body)
        self.name.setWordWrap(True)
        self.person = Muted("", self.body, wrap=True)
        self.what = plain_label("", self.body)
        self.advice = Note(Level.STOP, self.body)
        self.facts = FactList(self.body, label_width=104)
        self.note = TextArea("", self.body, lines=3, required=True)
        self.witness: ChoiceField[int | None] = ChoiceField("Witness", [(None, "Nobody")], self.body)
        self.witness.editor.setToolTip("Who saw it, where the clinic wants two people")
        self.problem = Note(Level.STOP, self.body)
        self.none_button = PlainButton("None reported", self.body, icon="check")
        self.none_button.setToolTip("Note that somebody asked and no side effect was reported after this visit")
        self.open_button = PlainButton("", self.body)
        self.act_button = PrimaryButton("", self.body)
        self._lay_out()
        self.note.changed.connect(self._keep_typed)
        self.none_button.clicked.connect(self._none_reported)
        self.open_button.clicked.connect(self._open)
        self.act_button.clicked.connect(self.act)
        self.show_row(None)

    def row(self) -> InboxRow | None:
        """What is shown."""
        return self._row

    def show_row(self, row: InboxRow | None) -> None:
        """Show a line, or what the panel is for."""
        another = row is None or self._row is None or key_of(row) != key_of(self._row)
        self._row = row
        self.start.setVisible(row is None)
        self.body.setVisible(row is not None)
        if row is None:
            return
        self.kind.set_icon(ICONS[row.kind])
        self.kind.set_state(KINDS[row.kind], LEVELS.get(row.kind))
        patient, today = row.patient, self._workplace.today()
        self.name.setText("" if patient is None else breakable(patient.name))
        self.person.setText("" if patient is None else person_text(patient.birth_date, patient.record_number, today))
        for part in (self.name, self.person):
            show_if(part, patient is not None)
        self.what.setText(breakable(row.what))
        self._show_advice(row)
        self._show_facts(row)
        self._show_form(row, another)

    def set_witnesses(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer colleagues as witnesses of waste."""
        before = self.witness.value()
        self.witness.set_choices([(None, "Nobody"), *people])
        self.witness.set_value(before)

    def has_form(self) -> bool:
        """Whether the line can be done right here by typing a note."""
        if self._row is None:
            return False
        if self._row.kind is InboxKind.RED_FLAG:
            return self._workplace.may(Act.SIGN)
        return self._row.kind is InboxKind.VIAL

    def typed_for(self, key: Key) -> str:
        """What is typed for a line and not noted."""
        return self._typed.get(key, "")

    def typed_keys(self) -> tuple[Key, ...]:
        """The lines for which something is typed."""
        return tuple(self._typed)

    def forget_typed(self, key: Key) -> None:
        """It is noted, or its line is gone."""
        self._typed.pop(key, None)
        if self._row is not None and key_of(self._row) == key:
            self.note.set_value("")

    def set_busy(self, busy: bool) -> None:
        """Nothing can be done twice while an answer is awaited."""
        self.act_button.setEnabled(not busy)
        self.none_button.setEnabled(not busy)

    def show_error(self, error: ClinicError) -> None:
        """Say why it was not done."""
        if error.field in ("note", "reason") and self.has_form():
            self.note.set_error(told(error))
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.problem.say(told(error))

    @Slot()
    def act(self) -> None:
        """Do the main thing: note it right here, or go to where it is done."""
        if self._row is None or not self.act_button.isEnabled():
            return
        if not self.has_form():
            self.open_requested.emit(self._row)
        elif self.note.check():
            self.wished.emit(Wish(self._row, self.note.value(), self.witness.value()))
        else:
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter does the main thing."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.act()
        else:
            super().keyPressEvent(event)

    def _show_advice(self, row: InboxRow) -> None:
        known = None if row.flag is None else self._workplace.services.reference.side_effects.get(row.flag.effect)
        self.advice.say("" if known is None else f"Say now: {known.advice}")

    def _show_facts(self, row: InboxRow) -> None:
        today, flag = self._workplace.today(), row.flag
        visited = "" if row.visited_on is None else f"{date_text(row.visited_on)} · {ago_text(row.visited_on, today)}"
        facts = [("Waits since", since_text(row)), ("Waits for", owner_text(row))]
        if row.kind is not InboxKind.UNSIGNED:
            facts.append(("After the visit of" if flag is not None else "Visit of", visited))
        if flag is not None:
            days = "" if row.visited_on is None else f" · day {(flag.started_on - row.visited_on).days}"
            facts += [
                ("Severity", SEVERITIES[flag.severity]),
                ("Began", f"{date_text(flag.started_on)}{days}"),
                ("What was done", flag.action),
                ("Noted by", flag.recorded_by),
            ]
        self.facts.set_facts(facts)

    def _show_form(self, row: InboxRow, another: bool) -> None:
        form, flag = self.has_form(), row.kind is InboxKind.RED_FLAG
        self.note.label.setText("What was done about the red flag" if flag else "Where the units went")
        self.note.editor.setAccessibleName(self.note.label.text())
        self.note.editor.setToolTip(
            "It stays with the side effect, with your name" if flag else "It stands in the ledger of the lot for good"
        )
        self.note.missing_text = (
            "Write what was done before closing the red flag." if flag else "Write where the units went."
        )
        self.note.editor.setPlaceholderText(
            "Seen, advised, referred …" if flag else "Thrown away with the vial, counted again …"
        )
        show_if(self.note, form)
        show_if(self.witness, form and not flag)
        show_if(self.none_button, row.lacks_answer and self._workplace.may(Act.REPORT_SIDE_EFFECT))
        show_if(self.open_button, form)
        self.open_button.setText(opens_text(row))
        self.open_button.setToolTip(f"{opens_text(row)} (Enter in the list)")
        act = ("Resolve red flag" if flag else "Note units") if form else opens_text(row)
        self.act_button.setText(act)
        self.act_button.setToolTip(f"{act} (Ctrl+Enter)" if form else f"{act} (Enter in the list)")
        if another:
            self.problem.say("")
            self.note.set_value(self._typed.get(key_of(row), ""))
            self.witness.set_value(None)

    @Slot()
    def _keep_typed(self) -> None:
        self.problem.say("")
        if self._row is None:
            return
        if self.note.value():
            self._typed[key_of(self._row)] = self.note.value()
        else:
            self._typed.pop(key_of(self._row), None)

    @Slot()
    def _open(self) -> None:
        if self._row is not None:
            self.open_requested.emit(self._row)

    @Slot()
    def _none_reported(self) -> None:
        if self._row is not None:
            self.none_reported.emit(self._row)

    def _lay_out(self) -> None:
        content = QWidget(self)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        inside.setSpacing(INSIDE)
        inside.addWidget(self.kind)
        for part in (self.name, self.person, self.what, self.advice, self.facts):
            inside.addWidget(part)
        inside.addSpacing(INSIDE)
        for field in (self.note, self.witness, self.problem):
            inside.addWidget(field)
        inside.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        foot.setSpacing(INSIDE)
        foot.addWidget(self.open_button)
        foot.addWidget(self.none_button)
        foot.addStretch(1)
        foot.addWidget(self.act_button)
        body = QVBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(Scroll(content, self.body), 1)
        body.addWidget(Hairline(self.body))
        body.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.start, 1)
        layout.addWidget(self.body, 1)
