"""The boundary for bugs: save the work, write a log without patient data, say one sentence, go on."""

import logging
import sys
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.fault_report import report
from clinic_app.ui.clipboard_watch import copy_for_keeps
from clinic_app.ui.icons import pixmap
from clinic_app.ui.theme import BETWEEN, GROUPS, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import Heading, Muted

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

LOG_NAME = "problems.log"


class Failures(QObject):
    """Catches what nobody expected, from the task runner and from ``sys.excepthook``."""

    shown = Signal(object)
    """The dialog that tells of a bug has opened; carries the dialog."""
    _elsewhere = Signal(object)

    def __init__(self, log_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._save_work: list[Callable[[], object]] = []
        self._dialog: FailureDialog | None = None
        log_folder.mkdir(parents=True, exist_ok=True)
        self._log_name = log_folder / LOG_NAME
        self._hooks_before = (sys.excepthook, threading.excepthook)
        self._elsewhere.connect(self.bug, Qt.ConnectionType.QueuedConnection)

    @cached_property
    def _file(self) -> "RotatingFileHandler":
        """The log, from the first bug on: sockets and queues come with its module."""
        from logging.handlers import RotatingFileHandler

        file = RotatingFileHandler(self._log_name, maxBytes=200_000, backupCount=3, encoding="utf-8", delay=True)
        file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        return file

    def install(self) -> None:
        """Catch exceptions that nothing else caught."""
        self._hooks_before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def uninstall(self) -> None:
        """Give the hooks back and close the log."""
        sys.excepthook, threading.excepthook = self._hooks_before
        if "_file" in vars(self):
            self._file.close()

    def add_save_work(self, save: Callable[[], object]) -> None:
        """Call ``save`` before a bug is told: an open chart keeps its draft."""
        self._save_work.append(save)

    def remove_save_work(self, save: Callable[[], object]) -> None:
        """The chart was closed."""
        if save in self._save_work:
            self._save_work.remove(save)

    @Slot(object)
    def bug(self, error: BaseException) -> None:
        """Tell of a bug. Only in the GUI thread; the first dialog stands, later bugs are only logged."""
        self._log(error)
        saved = bool(self._save_work)
        for save in list(self._save_work):
            try:
                save()
            except Exception as another:  # saving is what may be broken; the others still get their chance
                saved = False
                self._log(another)
        if self._dialog is None and isinstance(QApplication.instance(), QApplication):
            self._dialog = FailureDialog(report(error), QApplication.activeWindow(), work_saved=saved)
            self._dialog.finished.connect(self._forget_dialog)
            # open() and not exec(): the loop that the exception came from must go on.
            self._dialog.open()
            self.shown.emit(self._dialog)

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None

    def _log(self, error: BaseException) -> None:
        record = logging.LogRecord("clinic_app", logging.ERROR, "", 0, report(error), None, None)
        self._file.handle(record)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        elif threading.current_thread() is threading.main_thread():
            self.bug(error)
        else:
            self._elsewhere.emit(error)

    def _uncaught_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._elsewhere.emit(arguments.exc_value)


class FailureDialog(QDialog):
    """One sentence, the report to copy, and on."""

    def __init__(self, text: str, parent: QWidget | None = None, *, work_saved: bool = False) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("A fault in the program")
        self._report = text
        picture = QLabel(self)
        picture.setPixmap(pixmap("warn-filled", current_theme().warn, 24, self.devicePixelRatioF()))
        rest = "What you typed is kept as a draft; you can go on." if work_saved else "You can go on."
        sentence = QLabel(f"The last action did not finish. {rest}", self)
        sentence.setWordWrap(True)
        remark = Muted("The report names places in the program, no patient.", self, wrap=True)
        self.copy_button = PlainButton("Copy report", self, icon="copy")
        self.copy_button.clicked.connect(self._copy)
        self.continue_button = PrimaryButton("Continue", self)
        self.continue_button.setDefault(True)
        self.continue_button.clicked.connect(self.accept)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(Heading("A fault in the program", self))
        words.addWidget(sentence)
        words.addWidget(remark)
        top = QHBoxLayout()
        top.setSpacing(BETWEEN)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.continue_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        layout.setSpacing(GROUPS)
        layout.addLayout(top)
        layout.addLayout(buttons)
        self.setMinimumWidth(460)

    @Slot()
    def _copy(self) -> None:
        copy_for_keeps(self._report)
        self.copy_button.setText("Copied")
