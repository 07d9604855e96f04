"""The panel in which a person changes the passphrase that unlocks the clinic; opens beside the person's button."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.accounts import Accounts
from clinic_app.services.passphrases import PASSPHRASE_HINT, passphrase_problem
from clinic_app.ui.person_sheet import PersonSheet
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField, PassphraseField, check_all
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


class PassphraseSheet(PersonSheet):
    """Today's passphrase, and the new one twice."""

    def __init__(self, workplace: Workplace, accounts: Accounts, parent: QWidget) -> None:
        super().__init__("Passphrase", parent)
        self._workplace = workplace
        self._accounts = accounts
        self.old = PassphraseField("Current passphrase", self)
        self.old.missing_text = "Type the passphrase that unlocks the clinic now."
        self.new = PassphraseField("New passphrase", self, hint=PASSPHRASE_HINT)
        self.again = PassphraseField("New passphrase again", self)
        self.again.missing_text = "Type the passphrase a second time."
        self.new.add_check(self._hard_to_guess)
        self.again.add_check(self._same_twice)
        self._fields: tuple[LabelledField, ...] = (self.old, self.new, self.again)
        self.cancel = PlainButton("Cancel", self)
        self.cancel.clicked.connect(self.close)
        self.save = PrimaryButton("Change passphrase", self)
        self.save.clicked.connect(self._save)
        for field in (self.old, self.new, self.again):
            field.editor.returnPressed.connect(self._save)
            self.column.addWidget(field)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        self.column.addLayout(buttons)
        for field in (self.old, self.new, self.again):
            field.left.connect(self._fit)

    def start(self) -> None:
        """The cursor into the first field."""
        self.old.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _save(self) -> None:
        usable = self.save.isEnabled() and check_all(self._fields)
        self._fit()
        if not usable:
            return
        accounts, actor, old, new = self._accounts, self._workplace.actor, self.old.value(), self.new.value()
        self.save.setEnabled(False)
        self._workplace.tasks.run(
            lambda: accounts.change_passphrase(actor, old, new), self._was_changed, self._refused, owner=self
        )

    def _was_changed(self, _nothing: None) -> None:
        self.said.emit("Passphrase changed. It unlocks the clinic from now on.")
        self.close()

    def _refused(self, error: ClinicError) -> None:
        self.save.setEnabled(True)
        field = self.new if error.field == "new" else self.old
        field.set_error(told(error))
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.editor.selectAll()
        self._fit()

    def _hard_to_guess(self) -> str:
        actor = self._workplace.actor
        names = (actor.user_name, actor.full_name, self._workplace.services.clinic.name)
        return passphrase_problem(self.new.value(), names)

    def _same_twice(self) -> str:
        return "" if self.again.value() == self.new.value() else "The two passphrases differ."

    @Slot()
    def _fit(self) -> None:
        # Later: a line that was just shown or hidden has no height yet.
        QTimer.singleShot(0, self, self.place)
