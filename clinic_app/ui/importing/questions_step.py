"""The third step: what texts of the file mean, each asked once, however many rows hold it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.importing.choices import Ask
from clinic_app.services.importing.preview import Question
from clinic_app.ui.importing.step import ImportStep
from clinic_app.ui.importing.wording import HINTS, NO_TEXT, QUESTIONS, counted
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.locale import number_text
from clinic_app.ui.theme import AROUND, BETWEEN, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline, Scroll, Section, show_if
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import breakable

_Key = tuple[Ask, str]
_IN_COLUMNS = frozenset({Ask.COLUMN, Ask.DATE_ORDER, Ask.NUMBER_STYLE})
"""What is asked beside the columns that it is about."""
_AT_ONCE = 40
_SEARCHED = 8
_FIELD_WIDTH = 340
_LONGEST = 80


class QuestionsStep(ImportStep):
    """A block for each question. What was answered stays, so that it can be answered otherwise."""

    title = "Questions"

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(work, parent)
        self.blocks: dict[_Key, QuestionBlock] = {}
        self._sections: dict[Ask, Section] = {}
        self._asked: dict[_Key, Question] = {}
        self._of: object = None
        self.about = Muted("", self, wrap=True)
        self.open_note = Note(Level.INFO, self)
        self.more = Muted("", self, wrap=True)
        inside = QWidget(self)
        inside.setMaximumWidth(960)
        self._room = QVBoxLayout(inside)
        self._room.setContentsMargins(0, 0, AROUND, 0)
        self._room.setSpacing(AROUND)
        self._room.addWidget(self.about)
        self._room.addWidget(self.open_note)
        self._room.addWidget(self.more)
        self._room.addStretch(1)
        self._scroll = Scroll(inside, self)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def show_work(self) -> None:
        """The questions that are open, those that were answered, and how many rows wait."""
        preview = self.work.preview
        if preview is None:
            return
        if self._of != (id(self.work.file), preview.kind):
            self._of = (id(self.work.file), preview.kind)
            self._asked = {}
        answers = self.work.choices.answers
        open_now = {
            (question.ask, question.text): question for question in preview.questions if question.ask not in _IN_COLUMNS
        }
        self._asked = {
            key: open_now.get(key, question)
            for key, question in (self._asked | open_now).items()
            if key in open_now or key in answers
        }
        shown = list(self._asked)[:_AT_ONCE]
        shown += [key for key in self.blocks if key in self._asked and key not in shown]
        for key in [key for key in self.blocks if key not in shown]:
            self._take_away(key)
        for key in shown:
            if key not in self.blocks:
                self._add(self._asked[key])
            self.blocks[key].show_answer(answers.get(key), waiting=key in open_now)
        waiting = sum(verdict.waits and not verdict.comes_in for verdict in preview.verdicts)
        self.about.setText(
            "Say what these texts mean. The answers count for every row of this file that holds them, and are "
            "remembered for the next file."
            if self._asked
            else "Nothing is to be asked: the program understands every text of this file."
        )
        self.open_note.say(
            f"{counted(len(open_now), 'question')} not answered: {counted(waiting, 'row')} "
            f"{'stays' if waiting == 1 else 'stay'} out. Answer what you know, and go on."
            if open_now
            else ""
        )
        hidden = len(self._asked) - len(shown)
        self.more.setText(f"{number_text(hidden)} more come when these are answered." if hidden > 0 else "")
        show_if(self.more, hidden > 0)

    def needed(self) -> bool:
        """Where something is asked or was."""
        return bool(self._asked)

    def take_focus(self) -> None:
        """The first question that is open."""
        blocks = [self.blocks[key] for key in self._asked if key in self.blocks]
        for block in [each for each in blocks if each.field.value() is None] + blocks:
            block.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(block)
            return

    def _add(self, question: Question) -> None:
        section = self._sections.get(question.ask)
        if section is None:
            section = Section(QUESTIONS[question.ask][0], self)
            hint = HINTS.get(question.ask, "")
            if hint:
                section.add(Muted(hint, section, wrap=True))
            self._sections[question.ask] = section
            self._room.insertWidget(self._room.count() - 2, section)
        block = QuestionBlock(question, section)
        block.answered.connect(self._answered)
        section.add(block)
        section.show()
        self.blocks[question.ask, question.text] = block

    def _take_away(self, key: _Key) -> None:
        block = self.blocks.pop(key)
        block.hide()
        block.deleteLater()
        if not any(ask is key[0] for ask, _ in self.blocks):
            section = self._sections.pop(key[0])
            section.hide()
            section.deleteLater()

    @Slot(object, str, object)
    def _answered(self, ask: Ask, text: str, answer: str | None) -> None:
        self.work.answer(ask, text, answer)


class QuestionBlock(QWidget):
    """One text of the file, how many rows hold it, and what it can mean."""

    answered = Signal(object, str, object)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = question
        ask, text = question.ask, question.text
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        self.title = Strong(breakable(f"“{shown}”" if text else NO_TEXT.get(ask, "Empty cells")), self)
        self.title.setWordWrap(True)
        self.count = Muted(f"in {counted(question.rows, 'row')}", self)
        choices: Sequence[tuple[str, str]] = [(each.answer, each.words) for each in question.candidates]
        self.field = ChoiceField[str](
            QUESTIONS[ask][1],
            [("", "Not answered: leave these rows out"), *choices],
            self,
            searchable=len(choices) > _SEARCHED,
            placeholder="Not answered yet",
        )
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.editor.setAccessibleName(f"{QUESTIONS[ask][1]} {self.title.text()}")
        if self.field.editor.isEditable():
            line = self.field.editor.lineEdit()
            assert line is not None
            line.setPlaceholderText("Type a part of the name")
        self.field.changed.connect(self._chosen)
        words = QVBoxLayout()
        words.setSpacing(TIGHT)
        words.addWidget(self.title)
        words.addWidget(self.count)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(AROUND)
        row.addLayout(words, 1)
        row.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Hairline(self))
        layout.addLayout(row)

    def show_answer(self, answer: str | None, *, waiting: bool) -> None:
        """Show what was answered, and whether rows still wait for it."""
        if answer is not None and self.field.value() != answer:
            self.field.set_value(answer)
        done = answer is not None and not waiting
        self.count.setText(f"in {counted(self._question.rows, 'row')}{', answered' if done else ''}")

    @Slot()
    def _chosen(self) -> None:
        self.answered.emit(self._question.ask, self._question.text, self.field.value() or None)
