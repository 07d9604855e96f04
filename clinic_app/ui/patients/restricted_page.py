"""What stands in the place of a record that does not open: whose it is, and the way in with a reason."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.theme import BETWEEN, GROUPS, INSIDE
from clinic_app.ui.widgets.buttons import PrimaryButton
from clinic_app.ui.widgets.fields import TextArea
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_WIDTH = 520
_ABOUT = (
    "It opens only to those who treat this patient. If you must see it, say why: it then opens until midnight, "
    "and the manager is told that you opened it, when, and your reason."
)


class RestrictedPage(QWidget):
    """Asks for the reason. What is typed stays with its patient until it is used."""

    opened = Signal(int)
    """Carries the patient whose record opens now."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._patient_id = 0
        self._typed: dict[int, str] = {}
        self.reason = TextArea("Why you must open it", self, lines=3, required=True)
        self.reason.missing_text = "Say why you must open it."
        self.reason.changed.connect(self._keep_typed)
        self.button = PrimaryButton("Open until midnight", self)
        self.button.setToolTip("Open until midnight (Ctrl+Enter)")
        self.button.clicked.connect(self.open)
        column = QVBoxLayout()
        column.setSpacing(INSIDE)
        column.addWidget(Title("This record is restricted", self))
        column.addWidget(Muted(_ABOUT, self, wrap=True))
        column.addSpacing(BETWEEN)
        column.addWidget(self.reason)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        inside = QWidget(self)
        inside.setFixedWidth(_WIDTH)
        inside.setLayout(column)
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        row.addWidget(inside)
        row.addStretch(1)

    def show_patient(self, patient_id: int) -> None:
        """Ask for the reason to open this patient's record."""
        if patient_id != self._patient_id:
            self._patient_id = patient_id
            self.reason.set_value(self._typed.get(patient_id, ""))

    @Slot()
    def open(self) -> None:
        """Open it with what is typed."""
        if not self.button.isEnabled() or not self.reason.check():
            return
        records, actor = self._workplace.services.records, self._workplace.actor
        patient_id, reason = self._patient_id, self.reason.value()
        self.button.setEnabled(False)

        def done(_none: object) -> None:
            self._typed.pop(patient_id, None)
            self.reason.set_value("")
            self.opened.emit(patient_id)

        self._workplace.tasks.run(
            lambda: records.open_with_reason(actor, patient_id, reason),
            done,
            self._refused,
            owner=self,
            ended=lambda: self.button.setEnabled(True),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter opens."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.open()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _keep_typed(self) -> None:
        self._typed[self._patient_id] = self.reason.value()

    def _refused(self, error: ClinicError) -> None:
        self.reason.set_error(told(error))
