"""Saves what the program made as a file where the person wants it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stores import save_for_owner_only
from clinic_app.ui.tasks import Lane
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a kind of file is called, and how its names end."""

    name: str
    suffix: str
    filter: str


CSV = FileKind("CSV file", "csv", "CSV (*.csv)")
PICTURE = FileKind("picture", "png", "PNG (*.png)")
PDF = FileKind("PDF", "pdf", "PDF (*.pdf)")
CALENDAR = FileKind("calendar file", "ics", "Calendar (*.ics)")

_FOLDER = "saved_files/folder"


class SavedFile(QObject):
    """Makes the file, asks where to save it, writes it for its owner only, and has the audit trail told.

    None of it holds up the window.
    """

    message_offered = Signal(str, object)
    asked = Signal(object)
    """Carries the dialog that asks where."""

    def __init__(self, kind: FileKind, workplace: Workplace, window: QWidget) -> None:
        super().__init__(window)
        self._kind = kind
        self._workplace = workplace
        self._tasks = workplace.tasks
        self._window = window
        self._content = b""
        self._name = ""

    def save(self, name: str, make: Callable[[], bytes | str]) -> None:
        """Save what ``make`` returns, called after ``name`` unless the person chooses another file."""
        kind = self._kind
        file_name = re.sub(r"[^\w-]+", "-", name).strip("-") or kind.name.replace(" ", "-")

        def ask(content: bytes | str) -> None:
            self._name = file_name
            # Without the mark a spreadsheet takes the letters beyond ASCII for others.
            self._content = (
                content if isinstance(content, bytes) else content.removeprefix("\ufeff").encode("utf-8-sig")
            )
            dialog = save_dialog(kind, f"{file_name}.{kind.suffix}", self._window)
            dialog.fileSelected.connect(self._write)
            dialog.open()
            self.asked.emit(dialog)

        # On the lane of papers: a feed of years of appointments takes seconds, and a search is not to wait for it.
        self._tasks.run(make, ask, self._refused, lane=Lane.PAPER, owner=self)

    @Slot(str)
    def _write(self, path: str) -> None:
        content = self._content
        self._tasks.run(
            lambda: save_for_owner_only(Path(path), content), self._written, self._refused, lane=Lane.PAPER, owner=self
        )

    def _written(self, _: None) -> None:
        audit, actor, what, name = self._workplace.services.audit, self._workplace.actor, self._kind.name, self._name
        self._tasks.run(lambda: audit.exported(actor, what, name), lambda _: None, self._refused, owner=self)
        self.message_offered.emit(f"The {self._kind.name} is saved.", None)

    def _refused(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)


def save_dialog(kind: FileKind, file_name: str, window: QWidget) -> QFileDialog:
    """The dialog that asks where to save, in the folder of last time; it goes by itself when it was answered."""
    settings = QSettings()
    folder = Path(str(settings.value(_FOLDER, "")) or ".")
    if not folder.is_absolute() or not folder.is_dir():
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    dialog = QFileDialog(window, f"Save {kind.name}", str(folder / file_name), kind.filter)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind.suffix)
    dialog.fileSelected.connect(_remember_folder)
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _remember_folder(path: str) -> None:
    QSettings().setValue(_FOLDER, str(Path(path).parent))
