"""The chosen row: what becomes of it, its values, who on record it looks like, and what somebody must decide."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from clinic_app.exchange.table_file import TableRow
from clinic_app.services.importing.choices import Decision
from clinic_app.services.importing.fields import FIELDS
from clinic_app.services.importing.preview import Reason, Verdict
from clinic_app.services.importing.sheet import DAYS
from clinic_app.services.patient_data import PatientRow
from clinic_app.typed_text import fold
from clinic_app.ui.importing.wording import mark_of
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.locale import date_text, number_text
from clinic_app.ui.patients.parts import FactList, clear_layout, plain_label
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Heading, Muted, Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Card, Scroll, show_if

_COMPARED = ("record_number", "family_name", "given_name", "birth_date")
"""What of a patient on record a row can be held against."""
_TITLES = {
    "record_number": "Record number", "family_name": "Family name", "given_name": "Given name",
    "birth_date": "Birth date",
}  # fmt: skip


class RowPanel(Card):
    """Beside the table; it says the same of a row however it was chosen."""

    decided = Signal(int, object)
    """The number of the row, and whether it is the same person, somebody else, or None."""
    reading_requested = Signal()
    """Somebody wants to see every row that is to be confirmed."""
    confirmed = Signal(object)
    """The numbers of the rows whose warnings somebody read."""

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0)
        self._work = work
        self._verdict: Verdict | None = None
        self._like: frozenset[int] = frozenset()
        self._read = False
        self.heading = Heading("", self)
        self.pill = Pill("", None, self)
        self.said = plain_label("", self)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(INSIDE)
        self.confirm = PlainButton("These units are right", self, icon="check")
        self.confirm.clicked.connect(self._confirm_one)
        self.confirm_all = PlainButton("", self)
        self.confirm_all.clicked.connect(self._confirm_like)
        self.compared = Compared(self)
        self.decision = DecisionButtons(self)
        self.decision.decided.connect(self._decide)
        self.values_title = Strong("In the file", self)
        self.values = FactList(self, label_width=112)
        self._build()
        self.show_row(None, frozenset())

    def show_row(self, verdict: Verdict | None, like: frozenset[int], *, read: bool = False) -> None:
        """Show a row; ``like`` are those to be confirmed with the same kind of warning, ``read`` if all are listed."""
        self._verdict, self._like, self._read = verdict, like, read
        self._inside.setVisible(verdict is not None)
        if verdict is None:
            return
        row = self._work.row(verdict.number)
        assert row is not None  # verdicts are about rows of the file
        self.heading.setText(f"Row {number_text(verdict.number)}")
        word, icon, level = mark_of(verdict)
        self.pill.set_state(word, level)
        self.pill.set_icon(icon)
        self.said.setText(verdict.said)
        show_if(self.said, bool(verdict.said))
        self._show_notes(verdict)
        waits_for_look = verdict.number in like
        twice = any(warning.code == "row_repeated" for warning in verdict.warnings)
        self.confirm.setText("It was injected twice" if twice else "These units are right")
        show_if(self.confirm, waits_for_look)
        show_if(self.confirm_all, waits_for_look and len(like) > 1)
        many = number_text(len(like))
        self.confirm_all.setText(f"All {many} like this are right" if read else f"Read all {many} like this")
        self.confirm_all.setToolTip("Confirms every row with a warning of this kind" if read else "Lists them")
        decidable = verdict.asks or verdict.number in self._work.choices.duplicates
        show_if(self.compared, verdict.existing is not None and decidable)
        if verdict.existing is not None and decidable:
            self.compared.show_pairs(self._pairs(row, verdict.existing))
        show_if(self.decision, decidable)
        if decidable:
            self.decision.tell_what_same_does(joins=self._work.bundle)
            self.decision.show_decision(self._work.choices.duplicates.get(verdict.number))
        self.values.set_facts(self._facts(row))

    def _show_notes(self, verdict: Verdict) -> None:
        clear_layout(self._notes)
        confirmed = verdict.number in self._work.choices.confirmed
        for warning in verdict.warnings:
            self._add_note(warning, Level.DONE if confirmed else Level.WARN)
        for reason in verdict.reasons:
            if reason.code != "confirm":
                self._add_note(reason, mark_of(verdict)[2])
        for remark in verdict.remarks:
            self._add_note(remark, Level.INFO)

    def _add_note(self, reason: Reason, level: Level) -> None:
        note = Note(level, self)
        note.say(str(reason))
        self._notes.addWidget(note)

    def _facts(self, row: TableRow) -> list[tuple[str, str]]:
        """The values of the columns that are used, in the order of the fields; days as they are understood."""
        preview = self._work.preview
        if preview is None:
            return []
        titles = {field.name: field.title for field in FIELDS[preview.kind]}
        cells = {column.field: row.cells[place] for place, column in enumerate(preview.columns) if column.field}
        if self._work.bundle:
            # Its own order, in which allergies stand before addresses; what no table has has its own name.
            return [(titles.get(name, name), self._shown(name, text)) for name, text in cells.items() if text]
        return [(title, self._shown(name, cells[name])) for name, title in titles.items() if name in cells]

    def _shown(self, field: str, text: str) -> str:
        day = self._work.day_of(field, text) if field in DAYS and text else None
        return text if day is None else date_text(day)

    def _pairs(self, row: TableRow, known: PatientRow) -> list[tuple[str, str, str]]:
        preview = self._work.preview
        assert preview is not None
        cells = {column.field: row.cells[place] for place, column in enumerate(preview.columns) if column.field}
        if "name" in cells and not cells.get("family_name"):
            family, _, given = cells["name"].partition(",")
            cells |= {"family_name": family.strip(), "given_name": given.strip()}
        on_record = {
            "record_number": known.record_number,
            "family_name": known.family_name,
            "given_name": known.given_name,
            "birth_date": date_text(known.birth_date),
        }
        return [(_TITLES[name], self._shown(name, cells.get(name, "")), on_record[name]) for name in _COMPARED]

    @Slot(object)
    def _decide(self, decision: Decision | None) -> None:
        if self._verdict is not None:
            self.decided.emit(self._verdict.number, decision)

    @Slot()
    def _confirm_one(self) -> None:
        if self._verdict is not None:
            self.confirmed.emit(frozenset({self._verdict.number}))

    @Slot()
    def _confirm_like(self) -> None:
        if self._read:
            self.confirmed.emit(self._like)
        else:
            self.reading_requested.emit()

    def _build(self) -> None:
        self._inside = QWidget(self)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        column.setSpacing(BETWEEN)
        column.addWidget(self.heading)
        column.addWidget(self.pill)
        column.addWidget(self.said)
        column.addLayout(self._notes)
        column.addWidget(self.confirm)
        column.addWidget(self.confirm_all)
        column.addWidget(self.compared)
        column.addWidget(self.decision)
        column.addWidget(self.values_title)
        column.addWidget(self.values)
        column.addStretch(1)
        self.layout_inside.addWidget(Scroll(self._inside, self))
        self._inside.setAutoFillBackground(False)  # the card's own surface is its ground


class Compared(QWidget):
    """The row and the patient on record side by side; what differs is marked by a word and a ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(INSIDE)
        self._grid.setVerticalSpacing(TIGHT)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.different: list[str] = []

    def show_pairs(self, pairs: list[tuple[str, str, str]]) -> None:
        """Titles with what the file says and what is on record."""
        clear_layout(self._grid)
        self.different = [title for title, ours, theirs in pairs if ours and fold(ours) != fold(theirs)]
        for place, title in enumerate(("", "In the file", "On record")):
            head = Muted(title, self)
            head.setContentsMargins(TIGHT, 0, 0, 0)
            self._grid.addWidget(head, 0, place)
        for number, (title, ours, theirs) in enumerate(pairs, 1):
            differs = title in self.different
            caption = Muted(title, self, wrap=True)
            caption.setContentsMargins(0, 2, 0, 0)
            self._grid.addWidget(caption, number, 0, Qt.AlignmentFlag.AlignTop)
            for place, text in ((1, ours or "not told"), (2, theirs)):
                label = _Marked(text, differs, self)
                label.setAccessibleName(f"{title}, {'in the file' if place == 1 else 'on record'}: {text}")
                self._grid.addWidget(label, number, place, Qt.AlignmentFlag.AlignTop)


class _Marked(QWidget):
    """A value; on the ground of a warning where it differs."""

    def __init__(self, text: str, differs: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._differs = differs
        column = QVBoxLayout(self)
        column.setContentsMargins(TIGHT, 2, TIGHT, 2)
        column.setSpacing(0)
        label: QLabel = plain_label(text, self)
        column.addWidget(label)
        if differs:
            column.addWidget(Muted("differs", self))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._differs:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(current_theme().warn_soft))
            painter.drawRoundedRect(self.rect().toRectF(), 4, 4)


_STAYS = "Nothing of this row comes in; the record stays as it is."
_JOINS = "What the record lacks is added to it; nothing that stands there is changed."


class DecisionButtons(QWidget):
    """Whom the row is about."""

    decided = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[Decision | None, QRadioButton] = {}
        self._remarks: dict[Decision | None, QLabel] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Strong("Is it the same person?", self))
        for decision, text, about in (
            (Decision.SAME, "The same person", _STAYS),
            (Decision.ANOTHER, "Somebody else", "The row comes in as a new patient."),
            (None, "Leave it out for now", "It is among the rows that you can save."),
        ):
            button = QRadioButton(text, self)
            button.setAccessibleDescription(about)
            self._group.addButton(button)
            self.buttons[decision] = button
            remark = self._remarks[decision] = Muted(about, self, wrap=True)
            remark.setContentsMargins(26, 0, 0, TIGHT)
            column.addWidget(button)
            column.addWidget(remark)
        self._group.buttonToggled.connect(self._toggled)

    def tell_what_same_does(self, *, joins: bool) -> None:
        """A row of a table changes nobody on record; a bundle adds what the record lacks."""
        about = _JOINS if joins else _STAYS
        self._remarks[Decision.SAME].setText(about)
        self.buttons[Decision.SAME].setAccessibleDescription(about)

    def show_decision(self, decision: Decision | None) -> None:
        """Show what was decided, without telling."""
        blocked = self._group.blockSignals(True)
        self.buttons[decision].setChecked(True)
        self._group.blockSignals(blocked)

    @Slot(object, bool)
    def _toggled(self, button: object, down: bool) -> None:
        if down:
            self.decided.emit(next(decision for decision, each in self.buttons.items() if each is button))
