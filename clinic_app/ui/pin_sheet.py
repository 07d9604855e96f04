"""The panel in which a person sets, changes or removes the PIN; opens beside the person's button."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.person_sheet import PersonSheet
from clinic_app.ui.pin_form import PinForm
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.workplace import Workplace


class PinSheet(PersonSheet):
    """Closes when the PIN is set, with Esc, or when the person goes on elsewhere."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__("PIN", parent)
        self._workplace = workplace
        self.form = PinForm(workplace, self)
        self.form.done.connect(self._was_set)
        self.form.cancelled.connect(self.close)
        self.remove = LinkButton("Remove the PIN", self)
        self.remove.setToolTip("From then on only the passphrase signs")
        self.remove.clicked.connect(self._remove)
        self.remove.hide()
        self._error = FieldError(self)
        self.column.addWidget(self.form)
        self.column.addWidget(self._error)
        self.column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)
        identity, actor = workplace.services.identity, workplace.actor
        workplace.tasks.run(lambda: identity.has_pin(actor), self._show_pin, self._refused, owner=self)

    def start(self) -> None:
        """Empty, with the cursor in the first field."""
        self.form.start()

    def _show_pin(self, has_pin: bool) -> None:
        self.remove.setVisible(has_pin)
        if self.isVisible():
            self.place()

    def _refused(self, error: ClinicError) -> None:
        self._error.setText(str(error))
        self._error.show()

    @Slot()
    def _was_set(self) -> None:
        self.said.emit("PIN set. It counts from now on.")
        self.close()

    @Slot()
    def _remove(self) -> None:
        identity, actor = self._workplace.services.identity, self._workplace.actor
        self._workplace.tasks.run(lambda: identity.remove_pin(actor), self._was_removed, self._refused, owner=self)

    def _was_removed(self, _nothing: None) -> None:
        self.said.emit("PIN removed. Only the passphrase counts.")
        self.close()
