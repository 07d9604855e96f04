"""Saves a calendar file where the person wants it."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stores import save_for_owner_only
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.wording import told


class CalendarFile(QObject):
    """Makes the file, asks where to save it, and writes it for its owner only; none of it holds up the window."""

    said = Signal(str)
    asked = Signal(object)
    """Carries the dialog that asks where."""

    def __init__(self, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._window = window
        self._content = b""

    def save(self, name: str, make: Callable[[], bytes]) -> None:
        """Save what ``make`` returns, called after ``name`` unless the person chooses another file."""
        file_name = re.sub(r"[^\w-]+", "-", name).strip("-") or "calendar"

        def ask(content: bytes) -> None:
            self._content = content
            dialog = QFileDialog(self._window, "Save calendar file", f"{file_name}.ics", "Calendar (*.ics)")
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix("ics")
            dialog.fileSelected.connect(self._write)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            self.asked.emit(dialog)

        self._tasks.run(make, ask, self._refused, owner=self)

    @Slot(str)
    def _write(self, path: str) -> None:
        content = self._content
        self._tasks.run(lambda: _written(Path(path), content), self._written, lane=Lane.PAPER, owner=self)

    def _written(self, written: bool) -> None:
        self.said.emit(
            "The calendar file is saved." if written else "The file could not be saved there. Choose another folder."
        )

    def _refused(self, error: ClinicError) -> None:
        self.said.emit(told(error))


def _written(path: Path, content: bytes) -> bool:
    try:
        save_for_owner_only(path, content)
    except (OSError, ClinicError):
        return False
    return True
