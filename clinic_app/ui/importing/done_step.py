"""The last step: what came in, what did not, and the ways on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.importing.imports import Done
from clinic_app.services.importing.preview import Outcome
from clinic_app.terms import ImportKind
from clinic_app.ui.importing.step import ImportStep
from clinic_app.ui.importing.wording import counted
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.patients.parts import FactList, plain_label
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import Heading
from clinic_app.ui.widgets.sections import Section, show_if

_WHERE = {
    ImportKind.PATIENTS: "Look at one of them under Patients.",
    ImportKind.INJECTIONS: "They stand in the timeline of each patient, marked as brought in and not signed here.",
    ImportKind.APPOINTMENTS: "They stand in the schedule.",
    ImportKind.SIDE_EFFECTS: "They stand among the effects of each patient.",
}


class DoneStep(ImportStep):
    """The record is changed now; it can still be taken back."""

    title = "Done"
    save_requested = Signal()
    undo_requested = Signal()
    left = Signal()

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(work, parent)
        self.heading = Heading("", self)
        self.where = plain_label("", self)
        self.facts = FactList(self, label_width=160)
        self.undo_button = PlainButton("Undo this import…", self, icon="undo-2")
        self.undo_button.clicked.connect(self.undo_requested)
        self.save_button = PlainButton("Save the refused rows…", self, icon="download")
        self.save_button.clicked.connect(self.save_requested)
        self.back_button = PrimaryButton("Back to the imports", self)
        self.back_button.clicked.connect(self.left)
        section = Section("What came in", self)
        section.heading.hide()
        section.setMaximumWidth(720)
        section.add(self.heading)
        section.add(self.where)
        section.add(self.facts)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.undo_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        section.add(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, AROUND, 0)
        column.addWidget(section)
        column.addStretch(1)

    def show_work(self) -> None:
        """What was done."""
        done = self.work.done
        if done is None:
            return
        preview = done.preview
        self.heading.setText(came_in_text(done))
        self.where.setText(_WHERE[preview.kind])
        out = len(preview.left_out)
        waiting = sum(verdict.waits for verdict in preview.left_out)
        duplicates = preview.count(Outcome.DUPLICATE)
        facts = [
            ("File", preview.file_name),
            ("Did not come in", counted(out, "row") if out else "nothing: every row came in"),
            ("On record already", counted(duplicates, "row") if duplicates else ""),
            ("Wait for an answer", counted(waiting, "row") if waiting else ""),
            ("New names", ", ".join(preview.new_names[:20])),
        ]
        self.facts.set_facts(facts)
        show_if(self.save_button, bool(out))

    def take_focus(self) -> None:
        """Back to where one came from."""
        self.back_button.setFocus(Qt.FocusReason.OtherFocusReason)


def came_in_text(done: Done) -> str:
    """The sentence that the message line says too."""
    rows = done.preview.coming_in
    return f"{counted(rows, 'row')} of {done.preview.file_name} came in."
