"""The printed sheet of a recovery code: looked at, printed, or saved for its owner only."""

from datetime import date

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.recovery_sheet import RecoverySheet, recovery_sheet_document
from clinic_app.ui.pdf_preview import show_preview
from clinic_app.ui.saved_file import PDF, SavedFile
from clinic_app.ui.tasks import Lane, Tasks


class RecoveryPaper(QObject):
    """One code on one sheet."""

    message_offered = Signal(str, object)
    """A sentence about saving it."""

    def __init__(self, clinic_name: str, paper: str, code: str, made_on: date, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._sheet = RecoverySheet(Clinic(clinic_name), code, made_on, edition=Edition(paper=paper))
        self._tasks = tasks
        self._window = window
        self._file = SavedFile(PDF, tasks, window)
        self._file.message_offered.connect(self.message_offered)

    @Slot()
    def show(self) -> None:
        """Look at it, to print it."""
        self._tasks.run(self._drawn, self._preview, lane=Lane.PAPER, owner=self)

    @Slot()
    def save(self) -> None:
        """Save it where the person wants it."""
        self._file.save("recovery-code", self._drawn)

    def _drawn(self) -> bytes:
        return to_pdf(recovery_sheet_document(self._sheet))

    def _preview(self, pdf: bytes) -> None:
        show_preview("Recovery code", pdf, self._window, kind="recovery_code", file_name="recovery-code.pdf")
