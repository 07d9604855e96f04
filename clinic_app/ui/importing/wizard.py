"""The steps from a file to the record: the list of steps, the step, and below it the way back and on."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.services.importing.files import rejected_csv
from clinic_app.ui.importing.columns_step import ColumnsStep
from clinic_app.ui.importing.done_step import DoneStep, came_in_text
from clinic_app.ui.importing.file_step import FileStep
from clinic_app.ui.importing.questions_step import QuestionsStep
from clinic_app.ui.importing.rows_step import RowsStep
from clinic_app.ui.importing.step import ImportStep, StepList
from clinic_app.ui.importing.wording import counted
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.locale import number_text
from clinic_app.ui.saved_file import CSV, SavedFile
from clinic_app.ui.tasks import Steps
from clinic_app.ui.theme import AROUND, BETWEEN, GROUPS
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import ElidedLabel, Title
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace


class ImportWizard(QWidget):
    """Nothing is written before the last button; going back loses nothing."""

    left = Signal()
    """The person is done here, or gave it up."""
    unreadable = Signal(str)
    """A file that was chosen could not be read; there is nothing to show of it."""
    opened = Signal()
    message_offered = Signal(str, object)
    undo_requested = Signal(int, str)
    """The id of an import that may be taken back, and how its file is called."""
    taken_back = Signal(int, str)
    """The same of one that is to be taken back at once."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work = ImportWork(workplace, self)
        self.file, self.columns = FileStep(self.work, self), ColumnsStep(self.work, self)
        self.questions, self.rows = QuestionsStep(self.work, self), RowsStep(self.work, self)
        self.done = DoneStep(self.work, self)
        self.steps: tuple[ImportStep, ...] = (self.file, self.columns, self.questions, self.rows, self.done)
        self.saving = SavedFile(CSV, workplace, self)
        self.saving.message_offered.connect(self.message_offered)
        self.step_list = StepList([step.title for step in self.steps], self)
        self.step_list.chosen.connect(self.go_to)
        self.file_name = ElidedLabel("", self)
        self.notice = Notice(self)
        self._stack = QStackedWidget(self)
        for step in self.steps:
            self._stack.addWidget(step)
        self.leave = LinkButton("Leave this import", self)
        self.leave.clicked.connect(self.ask_to_leave)
        self._doing = ""
        self.progress = WorkProgress("Progress of the import", self._telling, "nothing is written", self)
        self.progress.cancelled.connect(self._cancel)
        self.back = PlainButton("Back", self, icon="arrow-left")
        self.back.clicked.connect(self.go_back)
        self.next = PrimaryButton("Next", self)
        self.next.clicked.connect(self.go_on)
        self.next.setShortcut(QKeySequence("Ctrl+Return"))
        self.next.setToolTip("Ctrl+Return")
        self._going_on = False
        self._foot = QWidget(self)
        self._build()
        self._connect()

    @property
    def step(self) -> ImportStep:
        """The one under way."""
        return self.steps[self._stack.currentIndex()]

    def open(self, path: Path) -> None:
        """Read a file that was chosen, and begin."""
        self.work.open(path)

    def unsaved(self) -> str:
        """Why the window should stay open."""
        if self.work.decided:
            return f"The import of {self.work.name} is not finished. Bring it in or leave it first."
        return ""

    @Slot()
    def go_on(self) -> None:
        """To the next step where there is something to do; on the last but one, bring the rows in."""
        self.notice.hide()
        if self.work.pending:
            # When the answer is here; but nothing is written before somebody saw how many rows it is.
            self._going_on = self.step is not self.rows
            return
        if self.step is self.rows:
            self.work.bring_in()
        elif self.step.complete():
            if self.work.preview is None:
                self._going_on = True
                self.work.look()
                return
            place = self._stack.currentIndex() + 1
            while not self.steps[place].needed():
                place += 1
            self._show(place)

    @Slot()
    def go_back(self) -> None:
        """To the step before, with all that was chosen."""
        self._going_on = False
        place = self._stack.currentIndex() - 1
        while place > 0 and not self.steps[place].needed():
            place -= 1
        if place >= 0:
            self._show(place)

    @Slot(int)
    def go_to(self, place: int) -> None:
        """To a step that was passed."""
        self._going_on = False
        self._show(place)

    @Slot()
    def ask_to_leave(self) -> None:
        """Give it up; where something was decided, only once that was confirmed at the place."""
        if not self.work.decided:
            self._leave()
            return
        self.notice.offer(
            f"Nothing of {self.work.name} was written. What you chose in these steps would be lost.",
            Level.WARN,
            ("Leave this import", self._leave),
            ("Stay", self.step.take_focus),
        )

    @Slot()
    def save_refused(self) -> None:
        """Save the rows that do not come in, with their reasons."""
        file = self.work.file
        preview = self.work.preview if self.work.done is None else self.work.done.preview
        if file is not None and preview is not None:
            name = Path(self.work.name).stem
            self.saving.save(f"{name} refused rows", lambda: rejected_csv(file, preview))

    def _show(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.step.show_work()
        needless = {number for number, step in enumerate(self.steps) if not step.needed()}
        self.step_list.show_step(place, over=self.step is self.done, needless=needless)
        self._name_buttons()
        self.step.take_focus()

    def _name_buttons(self) -> None:
        preview = self.work.preview
        bringing = self.step is self.rows and preview is not None
        self._foot.setVisible(self.step is not self.done)
        self.back.setEnabled(self._stack.currentIndex() > 0)
        shortcut = self.next.shortcut()
        self.next.setText(f"Bring in {counted(preview.coming_in, 'row')}" if bringing and preview else "Next")
        self.next.setShortcut(shortcut)  # a new text takes it away
        self.next.setEnabled(not bringing or bool(preview and preview.coming_in))

    @Slot()
    def _read(self) -> None:
        self.notice.hide()
        self.file_name.set_text(self.work.name)
        self.rows.forget()
        if self.isHidden() or self.step is not self.file:
            self.opened.emit()
            self._show(0)
        else:
            self.file.show_work()

    @Slot(str)
    def _unreadable(self, sentence: str) -> None:
        self._going_on = False
        if self.isHidden():
            self.unreadable.emit(sentence)
        else:
            self.file.say(sentence)

    @Slot()
    def _previewed(self) -> None:
        if self.step is not self.done:
            self.questions.show_work()
            if self.step is not self.questions:
                self.step.show_work()
            self._name_buttons()
        if self._going_on:
            self._going_on = False
            self.go_on()

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        self._going_on = False
        self.notice.say(sentence, Level.STOP)

    @Slot()
    def _finished(self) -> None:
        assert self.work.done is not None
        self._show(len(self.steps) - 1)
        made = self.work.done.import_id
        name = self.work.name
        self.message_offered.emit(came_in_text(self.work.done), lambda: self.taken_back.emit(made, name))

    @Slot()
    def _undo(self) -> None:
        if self.work.done is not None:
            self.undo_requested.emit(self.work.done.import_id, self.work.name)

    @Slot()
    def _leave(self) -> None:
        self.work.stop()
        self.work.decided = False
        self._going_on = False
        self.left.emit()

    @Slot(str, object)
    def _began(self, doing: str, steps: Steps) -> None:
        self._doing = doing
        self.progress.start(steps)

    def _telling(self, done: int, of: int) -> str:
        return f"{self._doing}: {number_text(done)} of {number_text(of)}" if of else self._doing

    @Slot()
    def _cancel(self) -> None:
        self._going_on = False
        bringing = self._doing.startswith("Bringing")
        self.work.stop()
        if bringing:
            self.notice.say("The import was cancelled. Nothing of it was written.", Level.INFO)
        self.step.take_focus()

    def _connect(self) -> None:
        work = self.work
        work.read.connect(self._read)
        work.unreadable.connect(self._unreadable)
        work.previewed.connect(self._previewed)
        work.refused.connect(self._refused)
        work.finished.connect(self._finished)
        work.began.connect(self._began)
        work.ended.connect(self.progress.stop)
        self.rows.save_requested.connect(self.save_refused)
        self.done.save_requested.connect(self.save_refused)
        self.done.undo_requested.connect(self._undo)
        self.done.left.connect(self._leave)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(BETWEEN)
        top.addWidget(Title("Import", self))
        top.addWidget(self.file_name, 1)
        top.addWidget(self.step_list)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(BETWEEN)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.progress)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUPS, GROUPS, GROUPS, AROUND)
        layout.setSpacing(AROUND)
        layout.addLayout(top)
        layout.addWidget(Hairline(self))
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._foot)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
