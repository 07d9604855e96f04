"""The printed sheet of a recovery code: looked at, printed, or saved for its owner only."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.recovery_sheet import RecoverySheet, recovery_sheet_document
from clinic_app.services.stores import save_for_owner_only
from clinic_app.ui.pdf_preview import show_preview
from clinic_app.ui.saved_file import PDF, save_dialog
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.wording import told


class RecoveryPaper(QObject):
    """One code on one sheet."""

    message_offered = Signal(str, object)
    """A sentence about saving it."""

    def __init__(self, clinic_name: str, paper: str, code: str, made_on: date, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._sheet = RecoverySheet(Clinic(clinic_name), code, made_on, edition=Edition(paper=paper))
        self._tasks = tasks
        self._window = window

    @Slot()
    def show(self) -> None:
        """Look at it, to print it."""
        self._tasks.run(self._drawn, self._preview, lane=Lane.PAPER, owner=self)

    @Slot()
    def save(self) -> None:
        """Save it where the person wants it."""
        dialog = save_dialog(PDF, "recovery-code.pdf", self._window)
        dialog.fileSelected.connect(self._save_to)
        dialog.open()

    @Slot(str)
    def _save_to(self, path: str) -> None:
        self._tasks.run(
            lambda: save_for_owner_only(Path(path), self._drawn()),
            lambda _: self.message_offered.emit("The PDF is saved.", None),
            lambda error: self.message_offered.emit(told(error), None),
            lane=Lane.PAPER,
            owner=self,
        )

    def _drawn(self) -> bytes:
        return to_pdf(recovery_sheet_document(self._sheet))

    def _preview(self, pdf: bytes) -> None:
        show_preview("Recovery code", pdf, self._window, kind="recovery_code", file_name="recovery-code.pdf")
