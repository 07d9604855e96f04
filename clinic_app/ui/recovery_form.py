"""The form of somebody who forgot the passphrase: the printed recovery code, and a new passphrase typed twice."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.passphrases import PASSPHRASE_HINT, passphrase_problem
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Muted

_ABOUT = "The code was printed when the clinic was set up. It gives your account a new passphrase."


class RecoveryForm(QWidget):
    """Says what the person wants; what went wrong is shown under its fields."""

    wanted = Signal(str, str, str)
    """User name, recovery code and new passphrase."""
    left = Signal()
    """Back to the passphrase."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.user_name = TextField("User name", self, required=True, longest=100)
        self.code = TextField("Recovery code", self, required=True, placeholder="XXXX-XXXX-…")
        self.new_passphrase = PassphraseField("New passphrase", self, hint=PASSPHRASE_HINT)
        self.repeated_passphrase = PassphraseField("New passphrase again", self)
        self.repeated_passphrase.missing_text = "Type the passphrase a second time."
        self.new_passphrase.add_check(self._hard_to_guess)
        self.repeated_passphrase.add_check(self._same_twice)
        self.repeated_passphrase.editor.returnPressed.connect(self._recover)
        self.recover_button = PrimaryButton("Set new passphrase", self)
        self.recover_button.clicked.connect(self._recover)
        back = PlainButton("Back", self)
        back.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.recover_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(AROUND)
        column.addWidget(Muted(_ABOUT, self, wrap=True))
        for field in (self.user_name, self.code, self.new_passphrase, self.repeated_passphrase):
            column.addWidget(field)
        column.addLayout(buttons)

    def clear(self) -> None:
        """Forget the code and the passphrases."""
        for field in (self.code, self.new_passphrase, self.repeated_passphrase):
            field.set_value("")

    def _hard_to_guess(self) -> str:
        return passphrase_problem(self.new_passphrase.value(), (self.user_name.value(),))

    def _same_twice(self) -> str:
        same = self.repeated_passphrase.value() == self.new_passphrase.value()
        return "" if same else "The two passphrases differ."

    @Slot()
    def _recover(self) -> None:
        fields = (self.user_name, self.code, self.new_passphrase, self.repeated_passphrase)
        if self.isEnabled() and check_all(fields):
            self.wanted.emit(self.user_name.value(), self.code.value(), self.new_passphrase.value())
