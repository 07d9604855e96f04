"""When the record cannot be opened: what is wrong, and the newest backup that is whole, restored after a question."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.tasks import Steps
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.wording import breakable

if TYPE_CHECKING:
    from clinic_app.services.best_backup import BestBackup

_QUESTION = (
    "What was written after this backup is not in it. Close the program on every other computer first. The files that "
    "are there now are not deleted: they are moved beside the folder."
)
_NONE = "No whole backup was found. Choose the folder or drive where the backups are."


class RestoreOffer(QWidget):
    """Told what was found; says what the person wants."""

    restore_requested = Signal(object)
    """Carries the ``BestBackup``, after the question."""
    folder_chosen = Signal(object)
    """Carries the folder in which to look instead."""
    left = Signal()
    """Back to the passphrase, to try once more."""
    stopped = Signal()
    """What is under way is to be given up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: BestBackup | None = None
        self.problem = Note(Level.STOP, self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.where = Muted("", self, wrap=True)
        self.progress = WorkProgress("Progress of the backup", _telling, "nothing was changed yet", self)
        self.progress.cancelled.connect(self.stopped)
        self.restore_button = PrimaryButton("Restore", self)
        self.restore_button.clicked.connect(self._ask)
        self.sure_button = PrimaryButton("Restore now", self)
        self.sure_button.clicked.connect(self._sure)
        self.not_now_button = PlainButton("Cancel", self)
        self.not_now_button.clicked.connect(self._show_found)
        self.folder_button = PlainButton("Look in another folder…", self)
        self.folder_button.clicked.connect(self._choose)
        self.back_link = LinkButton("Try to unlock again", self)
        self.back_link.clicked.connect(self.left)
        buttons = QVBoxLayout()
        buttons.setSpacing(INSIDE)
        for button in (self.restore_button, self.sure_button, self.not_now_button, self.folder_button):
            buttons.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self.back_link)
        last.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(BETWEEN)
        for widget in (self.problem, self.words, self.where, self.progress):
            column.addWidget(widget)
        column.addSpacing(AROUND - BETWEEN)
        column.addLayout(buttons)
        column.addLayout(last)

    def show_problem(self, text: str) -> None:
        """Why the record cannot be opened."""
        self.problem.say(text, Level.STOP)

    def show_work(self, words: str, steps: Steps) -> None:
        """Something is under way."""
        self.words.setText(words)
        self.where.hide()
        self._show_buttons()
        self.progress.start(steps)

    def show_found(self, found: "BestBackup | None") -> None:
        """The newest whole backup, or that there is none."""
        self._found = found
        self._show_found()

    @Slot()
    def _show_found(self) -> None:
        self.progress.stop()
        found = self._found
        if found is None:
            self.words.setText(_NONE)
            self.where.hide()
            self._show_buttons(self.folder_button, self.back_link)
            return
        newer = f" Newer ones that are damaged: {found.damaged}." if found.damaged else ""
        self.words.setText(f"The newest whole backup is of {_day_and_time(found)}.{newer}")
        size = number_text(max(1, round(found.size / 1_000_000)))
        self.where.setText(breakable(f"{found.file}, {size} MB"))
        self.where.show()
        self.restore_button.setText(f"Restore the backup of {_day_and_time(found)}")
        self._show_buttons(self.restore_button, self.folder_button, self.back_link)
        self.restore_button.setFocus()

    @Slot()
    def _ask(self) -> None:
        self.words.setText(_QUESTION)
        self._show_buttons(self.sure_button, self.not_now_button)
        self.not_now_button.setFocus()

    @Slot()
    def _sure(self) -> None:
        if self._found is not None:
            self.restore_requested.emit(self._found)

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose the folder of the backups")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    @Slot(str)
    def _chosen(self, folder: str) -> None:
        self.folder_chosen.emit(Path(folder))

    def _show_buttons(self, *shown: QWidget) -> None:
        buttons: tuple[QWidget, ...] = (
            self.restore_button, self.sure_button, self.not_now_button, self.folder_button, self.back_link,
        )  # fmt: skip
        for button in buttons:
            button.setVisible(button in shown)


def restored_text(found: "BestBackup", aside: Path | None) -> str:
    """What stands above the passphrase when it is done."""
    kept = f" What was there is kept in {aside}." if aside is not None else ""
    return f"The backup of {_day_and_time(found)} is restored.{kept} Unlock with a passphrase of that day."


def _day_and_time(found: "BestBackup") -> str:
    # By this computer's clock: the clinic's own time zone is in the record.
    at = found.made_at.astimezone()
    return f"{date_text(at.date())}, {time_text(at)}"


def _telling(_done: int, _of: int) -> str:
    return ""
