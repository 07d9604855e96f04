"""Saves what the program made as a file where the person wants it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stores import save_for_owner_only
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.wording import told


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a kind of file is called, and how its names end."""

    name: str
    suffix: str
    filter: str


CSV = FileKind("CSV file", "csv", "CSV (*.csv)")
PICTURE = FileKind("picture", "png", "PNG (*.png)")
CALENDAR = FileKind("calendar file", "ics", "Calendar (*.ics)")


class SavedFile(QObject):
    """Makes the file, asks where to save it, and writes it for its owner only; none of it holds up the window."""

    message_offered = Signal(str, object)
    asked = Signal(object)
    """Carries the dialog that asks where."""

    def __init__(self, kind: FileKind, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._kind = kind
        self._tasks = tasks
        self._window = window
        self._content = b""

    def save(self, name: str, make: Callable[[], bytes | str]) -> None:
        """Save what ``make`` returns, called after ``name`` unless the person chooses another file."""
        kind = self._kind
        file_name = re.sub(r"[^\w-]+", "-", name).strip("-") or kind.name.replace(" ", "-")

        def ask(content: bytes | str) -> None:
            # Without the mark a spreadsheet takes the letters beyond ASCII for others.
            self._content = (
                content if isinstance(content, bytes) else content.removeprefix("\ufeff").encode("utf-8-sig")
            )
            dialog = QFileDialog(self._window, f"Save {kind.name}", f"{file_name}.{kind.suffix}", kind.filter)
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(kind.suffix)
            dialog.fileSelected.connect(self._write)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            self.asked.emit(dialog)

        # On the lane of papers: a feed of years of appointments takes seconds, and a search is not to wait for it.
        self._tasks.run(make, ask, self._refused, lane=Lane.PAPER, owner=self)

    @Slot(str)
    def _write(self, path: str) -> None:
        content = self._content
        self._tasks.run(lambda: _written(Path(path), content), self._written, lane=Lane.PAPER, owner=self)

    def _written(self, written: bool) -> None:
        saved = f"The {self._kind.name} is saved."
        self.message_offered.emit(
            saved if written else "The file could not be saved there. Choose another folder.", None
        )

    def _refused(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)


def _written(path: Path, content: bytes) -> bool:
    try:
        save_for_owner_only(path, content)
    except (OSError, ClinicError):
        return False
    return True
