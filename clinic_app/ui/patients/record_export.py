"""Gives a patient everything on record as a file: where to, progress and cancel, and where it went."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError, WorkStopped
from clinic_app.services.access import Act
from clinic_app.services.patient_export import PatientExported
from clinic_app.ui.locale import number_text
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.saved_file import FileKind, save_dialog
from clinic_app.ui.tasks import Lane, Steps
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_KIND = FileKind("record", "zip", "ZIP (*.zip)")
_ABOUT = (
    "For the patient to take home: everything on record as a PDF to read and as files for other programs, and the "
    "papers that went out. It is not encrypted: whoever has the file reads the record."
)


class RecordExport(QWidget):
    """One row with the button, and above it what came of it."""

    asked = Signal(object)
    """Carries the dialog that asks where."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._steps: Steps | None = None
        self._patient: tuple[int, str, str] | None = None
        """Id, name and record number."""
        self.notice = Notice(self)
        self.button = PlainButton("Export the record…", self, icon="download")
        self.button.setToolTip("Asks where, and writes one ZIP file that only you can read")
        self.button.clicked.connect(self._ask)
        self.progress = WorkProgress("Progress of the export", _done_of, "nothing of the file stays behind", self)
        self.progress.cancelled.connect(self._cancel)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        row.addWidget(Muted(_ABOUT, self, wrap=True), 1)
        row.addWidget(self.progress)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.notice)
        layout.addLayout(row)
        self.setVisible(workplace.may(Act.EXPORT))

    def show_record(self, record: PatientRecord) -> None:
        """Whose record is exported from now on; what was said of another patient's goes."""
        if self._patient is None or self._patient[0] != record.id:
            self.notice.hide()
        self._patient = record.id, record.details.name, record.details.form.record_number

    @Slot()
    def _ask(self) -> None:
        if self._patient is None or self._steps is not None:
            return
        patient_id, name, number = self._patient
        letters = "".join(letter if letter.isalnum() else "-" for letter in number).strip("-")
        file_name = f"record-{letters or 'patient'}-{self._workplace.today():%Y-%m-%d}.zip"
        dialog = save_dialog(_KIND, file_name, self)
        dialog.fileSelected.connect(partial(self._begin, patient_id, name))
        dialog.open()
        self.asked.emit(dialog)

    def _begin(self, patient_id: int, name: str, path: str) -> None:
        export, actor, steps = self._workplace.services.patient_export, self._workplace.actor, Steps()
        place = Path(path) if path.casefold().endswith(".zip") else Path(f"{path}.zip")
        self.notice.hide()
        self.button.setEnabled(False)
        self.progress.start(steps)
        self._steps = steps
        self._workplace.tasks.run(
            lambda: export.export(actor, patient_id, place, steps),
            partial(self._written, name),
            self._refused,
            lane=Lane.PAPER,
            owner=self,
            ended=self._ended,
            steps=steps,
        )

    @Slot()
    def _cancel(self) -> None:
        if self._steps is not None:
            self._steps.stop()  # what came of it is told by the answer: perhaps the file was in its place already

    def _written(self, name: str, exported: PatientExported) -> None:
        said = f"The record of {name} is in {exported.place}. It is not encrypted: give it only to the patient."
        if exported.damaged:
            papers = "1 paper" if exported.damaged == 1 else f"{number_text(exported.damaged)} papers"
            said += f" {papers} stayed out because the kept file is damaged."
        way = ("Open the folder", partial(_open, exported.place.parent))
        self.notice.offer(said, Level.WARN if exported.damaged else Level.DONE, way)

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, WorkStopped):
            self.notice.say("The export was cancelled. Nothing of it stays behind.", Level.INFO)
        else:
            self.notice.say(told(error), Level.STOP)

    def _ended(self) -> None:
        self._steps = None
        self.progress.stop()
        self.button.setEnabled(True)


def _done_of(done: int, of: int) -> str:
    return "Reading the record" if not done else f"Writing {number_text(done)} of {number_text(of)}"


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
