"""Restricts a patient's record to those who treat them, or lets it open to everybody again."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.record_access import RestrictionFacts
from clinic_app.ui.locale import date_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, ROW_PX
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import FieldError, TextArea
from clinic_app.ui.widgets.headings import Heading, Muted
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_WIDTH = 480
_MOST_SHOWN = 8
_ABOUT = (
    "For somebody who works here, a public figure, or whoever asks for it. The record then opens to those ticked; "
    "anybody else must give a reason, and the manager is told. Booking goes on as before."
)


@dataclass(frozen=True, slots=True)
class _Read:
    facts: RestrictionFacts | None
    treating: frozenset[int]
    people: tuple[tuple[int, str], ...]


class RestrictionDialog(QDialog):
    """The reason, and the people to whom the record opens."""

    done_and_said = Signal(str)
    """It counts; carries a sentence."""

    def __init__(self, workplace: Workplace, patient_id: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Restricted record")
        self.setFixedWidth(_WIDTH)
        self._workplace, self._patient_id = workplace, patient_id
        self.who = Heading(name, self)
        self.who.setWordWrap(True)
        self.state = Muted("", self, wrap=True)
        self.reason = TextArea("Why it is restricted", self, lines=2, required=True)
        self.reason.missing_text = "Say why."
        self.people = QListWidget(self)
        self.people.setAccessibleName("It opens to")
        self.people_error = FieldError(self)
        self.lift_button = LinkButton("Let it open to everybody", self)
        self.lift_button.clicked.connect(self._lift)
        self.cancel_button = PlainButton("Cancel", self)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button = PrimaryButton("Restrict", self)
        self.save_button.clicked.connect(self._save)
        self._lay_out()
        self._set_busy(True)
        records, clinics, actor = workplace.services.records, workplace.services.clinics, workplace.actor
        workplace.tasks.ask(
            "patients.restriction",
            lambda: _Read(
                records.restriction(actor, patient_id),
                records.treating(actor, patient_id),
                tuple((each.id, each.full_name) for each in clinics.accounts(actor) if each.active),
            ),
            self._show,
            self._refused,
            owner=self,
        )

    def named(self) -> frozenset[int]:
        """The accounts that are ticked."""
        items = (self.people.item(row) for row in range(self.people.count()))
        return frozenset(
            int(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def _show(self, read: _Read) -> None:
        facts = read.facts
        ticked = read.treating if facts is None else facts.named
        for account_id, name in read.people:
            item = QListWidgetItem(name, self.people)
            item.setData(Qt.ItemDataRole.UserRole, account_id)
            item.setSizeHint(QSize(0, ROW_PX))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if account_id in ticked else Qt.CheckState.Unchecked)
        self.people.setCurrentRow(0)
        self.people.setFixedHeight(ROW_PX * min(_MOST_SHOWN, len(read.people)) + 4)
        if facts is not None:
            self.state.setText(f"Restricted since {date_text(facts.at.date())} by {facts.by}.")
            self.reason.set_value(facts.reason)
            self.save_button.setText("Save")
        self.state.setVisible(facts is not None)
        self.lift_button.setVisible(facts is not None)
        self._set_busy(False)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self.adjustSize()

    @Slot()
    def _save(self) -> None:
        if not self.reason.check():
            return
        records, actor, named, reason = (
            self._workplace.services.records, self._workplace.actor, self.named(), self.reason.value(),
        )  # fmt: skip
        count = "1 person" if len(named) == 1 else f"{len(named)} people"
        self._run(
            lambda: records.restrict(actor, self._patient_id, reason, named),
            f"The record opens to {count} from now on.",
        )

    @Slot()
    def _lift(self) -> None:
        records, actor = self._workplace.services.records, self._workplace.actor
        self._run(lambda: records.lift(actor, self._patient_id), "The record opens to everybody again.")

    def _run(self, work: Callable[[], None], said: str) -> None:
        self._set_busy(True)

        def done(_none: object) -> None:
            self.done_and_said.emit(said)
            self.accept()

        self._workplace.tasks.run(work, done, self._refused, owner=self, ended=lambda: self._set_busy(False))

    def _refused(self, error: ClinicError) -> None:
        if error.field == "reason":
            self.reason.set_error(told(error))
        else:
            self.people_error.setText(told(error))
            self.people_error.show()

    def _set_busy(self, busy: bool) -> None:
        self.save_button.setEnabled(not busy)
        self.lift_button.setEnabled(not busy)

    def _lay_out(self) -> None:
        self.state.hide()
        self.lift_button.hide()
        self.people_error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        layout.setSpacing(INSIDE)
        for part in (self.who, Muted(_ABOUT, self, wrap=True), self.state):
            layout.addWidget(part)
        layout.addSpacing(INSIDE)
        layout.addWidget(self.reason)
        layout.addWidget(Muted("It opens to", self))
        layout.addWidget(self.people)
        layout.addWidget(self.people_error)
        layout.addSpacing(BETWEEN)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.lift_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        layout.addLayout(buttons)
