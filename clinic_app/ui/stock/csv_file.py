"""Saves a table as a CSV file where the person wants it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.wording import told

_MARK = "\ufeff"
"""Without it a spreadsheet takes the letters beyond ASCII for others."""


class CsvFile(QObject):
    """Gathers the text, asks where to save it, and writes it; none of it holds up the window."""

    message_offered = Signal(str, object)
    asked = Signal(object)
    """Carries the dialog that asks where."""

    def __init__(self, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._window = window
        self._text = ""

    def save(self, file_name: str, gather: Callable[[], str]) -> None:
        """Save what ``gather`` returns, under this name unless the person chooses another."""

        def ask(text: str) -> None:
            self._text = text
            dialog = QFileDialog(self._window, "Save CSV", file_name, "CSV (*.csv)")
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix("csv")
            dialog.fileSelected.connect(self._write)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            self.asked.emit(dialog)

        self._tasks.run(gather, ask, self._refused, owner=self)

    @Slot(str)
    def _write(self, path: str) -> None:
        text = self._text
        self._tasks.run(lambda: _written(Path(path), text), self._written, lane=Lane.PAPER, owner=self)

    def _written(self, written: bool) -> None:
        self.message_offered.emit(
            "The CSV file is saved." if written else "The file could not be saved there. Choose another folder.", None
        )

    def _refused(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)


def _written(path: Path, text: str) -> bool:
    try:
        # Binary, so that the line ends of the text stay what they are.
        path.write_bytes((_MARK + text.removeprefix(_MARK)).encode("utf-8"))
    except OSError:
        return False
    return True
