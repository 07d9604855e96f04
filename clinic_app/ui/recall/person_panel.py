"""The chosen patient at the right of the recall list: whom to call, what happened, every try, and the next one."""

from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.recall import Attempt, RecallRow
from clinic_app.ui.clipboard_watch import copy_for_a_minute
from clinic_app.ui.locale import date_text, time_text
from clinic_app.ui.patients.parts import FactList, clear_layout, plain_label
from clinic_app.ui.recall.try_form import TryForm, TypedTry
from clinic_app.ui.recall.wording import (
    WAYS,
    counted,
    injected_text,
    missed_text,
    outcome_text,
    why_icon,
    why_level,
    why_text,
)
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Heading, Muted, Strong
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Hairline, Scroll, show_if
from clinic_app.ui.wording import breakable, person_text

_NAMES_SHOWN = 12


class PersonPanel(QWidget):
    """It is told its rows and the tries. What is typed for a patient stays with that patient."""

    patient_requested = Signal(int)
    repeat_requested = Signal(int)
    """Book the visit after this one."""
    letters_requested = Signal(object)
    """A tuple of patient ids."""
    copied = Signal(str)
    """What is on the clipboard now."""

    def __init__(self, today: Callable[[], date], zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._zone = zone
        self._rows: tuple[RecallRow, ...] = ()
        self._typed: dict[tuple[int, ...], TypedTry] = {}
        self.start = EmptyState("bell", "Choose a patient at the left to see whom to call and what was tried.", self)
        self.body = QWidget(self)
        self.name = Heading("", self.body)
        self.name.setWordWrap(True)
        self.why = Pill("", None, self.body)
        self.person = Muted("", self.body, wrap=True)
        self.phone = Strong("", self.body)
        self.copy_button = IconButton("copy", "Copy the telephone number", self.body)
        self.facts = FactList(self.body, label_width=72)
        self.tries_title = Muted("Tries", self.body)
        self._tries = QVBoxLayout()
        self._shown_tries: list[_AttemptLines] = []
        self.form = TryForm(today, self.body)
        self.open_button = PlainButton("Open patient", self.body)
        self.letter_button = PlainButton("Letter", self.body, icon="file-text")
        self.book_button = PrimaryButton("Book", self.body, icon="calendar")
        self._lay_out()
        self.copy_button.clicked.connect(self._copy)
        self.open_button.clicked.connect(self._open)
        self.letter_button.clicked.connect(self.write)
        self.book_button.clicked.connect(self.book)
        self.show_rows((), ())

    def rows(self) -> tuple[RecallRow, ...]:
        """Whom it is about."""
        return self._rows

    def show_rows(self, rows: Sequence[RecallRow], attempts: Sequence[Attempt]) -> None:
        """Show one patient with every try, or several at once."""
        before, self._rows = self._key(), tuple(rows)
        if self._key() != before:
            self._change_typed(before)
        self.start.setVisible(not rows)
        self.body.setVisible(bool(rows))
        if rows:
            self._show(rows[0], len(rows))
            self._show_attempts(attempts if len(rows) == 1 else ())

    def show_attempts(self, attempts: Sequence[Attempt]) -> None:
        """The tries of the one patient shown."""
        if len(self._rows) == 1:
            self._show_attempts(attempts)

    def forget_typed(self, patient_ids: Sequence[int]) -> None:
        """What was typed for these patients is noted now."""
        noted = tuple(patient_ids)
        self._typed.pop(noted, None)
        if noted == self._key():
            self.form.clear()

    def unsaved(self) -> bool:
        """Whether a remark was typed that nobody noted."""
        typed = [*self._typed.values(), *filter(None, [self.form.typed()])]
        return any(each.note for each in typed)

    def attempt_texts(self) -> list[str]:
        """The tries as they are shown, the latest first."""
        return [lines.accessibleName() for lines in self._shown_tries]

    @Slot()
    def book(self) -> None:
        """Go on to the proposal for the next visit."""
        if len(self._rows) == 1:
            self.repeat_requested.emit(self._rows[0].visit_id)

    @Slot()
    def write(self) -> None:
        """A letter to everybody chosen."""
        if self._rows and not self.letter_button.isHidden():
            self.letters_requested.emit(tuple(row.patient_id for row in self._rows))

    def _key(self) -> tuple[int, ...]:
        return tuple(row.patient_id for row in self._rows)

    def _change_typed(self, before: tuple[int, ...]) -> None:
        typed = self.form.typed()
        if typed is not None and before:
            self._typed[before] = typed
        elif before:
            self._typed.pop(before, None)
        self.form.bring_back(self._typed.get(self._key(), TypedTry(None, "", "")))

    def _show(self, row: RecallRow, count: int) -> None:
        one, today = count == 1, self._today()
        self.name.setText(breakable(row.name) if one else counted(count, "patient", "patients"))
        self.person.setText(person_text(row.birth_date, row.record_number, today) if one else self._names())
        self.why.set_icon(why_icon(row, today))
        self.why.set_state(why_text(row.kind, row.missed_on, (row.due_on - today).days), why_level(row, today))
        self.phone.setText(row.phone or "No telephone number on record")
        for part in (self.why, self.phone, self.facts, self.tries_title):
            show_if(part, one)
        show_if(self.copy_button, one and bool(row.phone))
        self.facts.set_facts(
            [
                ("Prefers", row.preferred_contact),
                ("Injected", injected_text(row)),
                ("Missed", missed_text(row)),
                ("Address", row.address),
            ]
        )
        self.form.set_count(count)
        self.open_button.setEnabled(one)
        self.book_button.setEnabled(one)
        self.letter_button.setText("Letter" if one else "Letters")
        tip = "A letter to this patient (L)" if one else f"A letter to each of the {count} patients (L)"
        self.letter_button.setToolTip(tip)

    def _names(self) -> str:
        names = [row.name for row in self._rows[:_NAMES_SHOWN]]
        more = len(self._rows) - len(names)
        return "\n".join([*names, *([f"and {more} more"] if more else [])])

    def _show_attempts(self, attempts: Sequence[Attempt]) -> None:
        clear_layout(self._tries)
        self._shown_tries = []
        self.tries_title.setText(f"Tries ({len(attempts)})" if attempts else "Nobody has tried yet.")
        for attempt in attempts:
            at = attempt.at.astimezone(self._zone)
            when = f"{date_text(at.date())}, {time_text(at)}"
            lines = [
                f"{outcome_text(attempt)} · {WAYS[attempt.way].lower()}",
                f"{when} · {attempt.by}",
                attempt.note,
                "" if attempt.next_try_on is None else f"Next try {date_text(attempt.next_try_on)}",
            ]
            shown = _AttemptLines([line for line in lines if line], self.body)
            self._shown_tries.append(shown)
            self._tries.addWidget(shown)

    @Slot()
    def _copy(self) -> None:
        if self._rows:
            copy_for_a_minute(self._rows[0].phone)
            self.copied.emit(self._rows[0].phone)

    @Slot()
    def _open(self) -> None:
        if len(self._rows) == 1:
            self.patient_requested.emit(self._rows[0].patient_id)

    def _lay_out(self) -> None:
        self.open_button.setToolTip("The patient's record")
        self.book_button.setToolTip("Propose times for the next visit (B)")
        phone = QHBoxLayout()
        phone.setSpacing(TIGHT)
        phone.addWidget(self.phone)
        phone.addWidget(self.copy_button)
        phone.addStretch(1)
        self._tries.setSpacing(BETWEEN)
        content = QWidget(self)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        inside.setSpacing(INSIDE)
        for part in (self.name, self.person, self.why):
            inside.addWidget(part)
        inside.addLayout(phone)
        inside.addWidget(self.facts)
        inside.addSpacing(INSIDE)
        inside.addWidget(self.tries_title)
        inside.addLayout(self._tries)
        inside.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        foot.setSpacing(INSIDE)
        foot.addWidget(self.open_button)
        foot.addStretch(1)
        foot.addWidget(self.letter_button)
        foot.addWidget(self.book_button)
        form = QVBoxLayout()
        form.setContentsMargins(AROUND, BETWEEN, AROUND, INSIDE)
        form.addWidget(self.form)
        body = QVBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(Scroll(content, self.body), 1)
        body.addWidget(Hairline(self.body))
        body.addLayout(form)
        body.addWidget(Hairline(self.body))
        body.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.start, 1)
        layout.addWidget(self.body, 1)


class _AttemptLines(QWidget):
    """One try: what came of it, who and when, the remark."""

    def __init__(self, lines: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(", ".join(lines))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Strong(lines[0], self))
        layout.addWidget(Muted(lines[1], self, wrap=True))
        for line in lines[2:]:
            layout.addWidget(plain_label(line, self))
