"""The papers that can be printed for a patient."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.handout_section import HandoutSection
from clinic_app.ui.patients.kept_list import KeptList
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.record_export import RecordExport
from clinic_app.ui.patients.words import indication_name, moment_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

NAMES = {
    "visit_note": "Visit note",
    "referral_letter": "Letter to the referring doctor",
    "aftercare": "Aftercare handout",
    "diary": "Diary",
    "appointment_card": "Appointment card",
}
_WHAT = {
    "visit_note": "What was given, from which vial, with the map; for the record and other doctors",
    "referral_letter": "What was found and given, and what to watch for; for a colleague, on one page",
    "aftercare": "What to expect and when to call; for the patient",
    "diary": "Twelve weeks of benefit, pain and remarks to write in; for the patient to bring along",
    "appointment_card": "Day, hour and place with a code that a telephone reads; for the patient",
}
_TO_NOBODY = 'Says "To whom it may concern": name the referring doctor with Edit (F2) first'


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that can be opened."""

    kind: str
    number: int
    day: date
    about: str
    remark: str = ""

    @property
    def purpose(self) -> str:
        """What is to be known before it is opened, else what it is for."""
        return self.remark or _WHAT[self.kind]


class PapersPage(QWidget):
    """One table of papers; Enter opens the chosen one."""

    document_requested = Signal(str, int)
    paper_requested = Signal(object)
    """Carries what gathers a handout."""
    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        section = Section("Documents", self)
        columns: tuple[Column[Paper], ...] = (
            Column("Document", lambda paper: NAMES[paper.kind], icon=lambda _paper: "file-text", width=190,
                   tooltip=lambda p: p.purpose, fit=Fit.CONTENT),
            Column("Of", lambda paper: paper.about, lambda paper: paper.day, tooltip=lambda p: p.about, stretch=True),
        )  # fmt: skip
        self.table: RowTable[Paper] = RowTable(
            columns,
            self,
            name="patient-documents",
            label="Documents",
            key=lambda paper: (paper.kind, paper.number),
            empty=EmptyState("file-text", "No documents yet. They come with the first visit or appointment.", self),
        )
        self.open_button = PrimaryButton("Open document", self, icon="printer")
        self.open_button.clicked.connect(self._open)
        self.table.activated_row.connect(self._open)
        self.table.selected_row.connect(self._selected)
        foot = QHBoxLayout()
        foot.setSpacing(BETWEEN)
        self.what = Muted("", self, wrap=True)
        foot.addWidget(self.what, 1)
        foot.addWidget(self.open_button)
        left = QVBoxLayout()
        left.setSpacing(INSIDE)
        left.addWidget(self.table, 1)
        left.addLayout(foot)
        self.kept = KeptList(workplace, NAMES, self)
        self.kept.paper_requested.connect(self.paper_requested)
        both = QHBoxLayout()
        both.setSpacing(BETWEEN)
        both.addLayout(left, 3)
        both.addWidget(self.kept, 2)
        section.add(both, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        self.handouts = HandoutSection(workplace, self)
        self.handouts.paper_requested.connect(self.paper_requested)
        self.handouts.message_offered.connect(self.message_offered)
        self.export = RecordExport(workplace, self)
        layout.addWidget(section, 1)
        layout.addWidget(self.handouts, 1)
        layout.addWidget(self.export)
        self._selected(None)

    def show_record(self, record: PatientRecord) -> None:
        """List the papers of a patient, those to come first, and the handouts."""
        self.handouts.show_patient(record.id, record.details.form.language)
        self.kept.show_patient(record.id)
        self.export.show_record(record)
        papers = self._papers(record)
        self.table.set_rows(papers)
        self.table.horizontalHeader().setVisible(bool(papers))
        if self.table.selected() is None and papers:
            self.table.select(papers[0])

    @Slot()
    def open_chosen(self) -> None:
        """Open the chosen paper (Ctrl+P)."""
        self._open()

    def _papers(self, record: PatientRecord) -> list[Paper]:
        workplace, reference = self._workplace, self._workplace.services.reference
        papers: list[Paper] = []
        handouts, notes = workplace.may(Act.PRINT_HANDOUT), workplace.may(Act.PRINT_NOTE)
        if handouts:
            papers += [
                Paper("appointment_card", row.id, row.starts_at.date(), moment_text(row.starts_at))
                for row in record.coming(workplace.today())
            ]
        to_nobody = "" if record.details.form.referring_doctor.strip() else _TO_NOBODY
        indications = {visit.id: visit.indication for visit in record.visits}
        for visit in record.followed:
            about = f"visit of {date_text(visit.visited_on)}"
            if visit.id in indications:
                about += f", {indication_name(reference, indications[visit.id]).partition(' (')[0].lower()}"
            if notes:
                papers.append(Paper("visit_note", visit.id, visit.visited_on, about))
                papers.append(Paper("referral_letter", visit.id, visit.visited_on, about, to_nobody))
            if handouts:
                papers.append(Paper("aftercare", visit.id, visit.visited_on, about))
                papers.append(Paper("diary", visit.id, visit.visited_on, about))
        return papers

    @Slot(object)
    def _selected(self, paper: Paper | None) -> None:
        self.open_button.setEnabled(paper is not None)
        self.what.setText("" if paper is None else f"{paper.purpose}.")
        self.open_button.setText("Open document" if paper is None else f"Open {NAMES[paper.kind].lower()}")

    @Slot()
    def _open(self) -> None:
        paper = self.table.selected()
        if paper is not None:
            self.document_requested.emit(paper.kind, paper.number)
