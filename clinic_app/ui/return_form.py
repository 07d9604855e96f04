"""The form of a clinic that somebody locked: their PIN brings them back to where they were."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.passphrases import LONGEST_PIN
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.widgets.buttons import LinkButton, PrimaryButton
from clinic_app.ui.widgets.fields import PassphraseField
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.wording import told


class ReturnForm(QWidget):
    """Asks for the PIN of who locked, and offers the two other ways in."""

    wanted = Signal(str)
    """Carries the PIN."""
    passphrase_wanted = Signal()
    somebody_else = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Strong("", self)
        self.hint = Muted("", self, wrap=True)
        self.pin = PassphraseField("PIN", self)
        self.pin.missing_text = "Type your PIN."
        self.pin.editor.setMaxLength(LONGEST_PIN)
        self.pin.editor.setInputMethodHints(self.pin.editor.inputMethodHints() | Qt.InputMethodHint.ImhDigitsOnly)
        self.pin.editor.returnPressed.connect(self._return)
        self.button = PrimaryButton("Come back", self)
        self.button.clicked.connect(self._return)
        self.passphrase_link = LinkButton("Use the passphrase", self)
        self.passphrase_link.clicked.connect(self.passphrase_wanted)
        self.other_link = LinkButton("Somebody else", self)
        self.other_link.clicked.connect(self.somebody_else)
        links = QHBoxLayout()
        links.setSpacing(INSIDE)
        links.addWidget(self.passphrase_link)
        links.addWidget(self.other_link)
        links.addStretch(1)
        links.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(AROUND)
        column.addWidget(self.name)
        column.addWidget(self.hint)
        column.addWidget(self.pin)
        column.addLayout(links)

    def start(self, name: str, hint: str = "") -> None:
        """Ask this person; everything else is as they left it."""
        self.name.setText(f"Welcome back, {name}")
        self.hint.setText(hint or "Everything is as you left it.")
        self.clear()

    def clear(self) -> None:
        """Forget what was typed."""
        self.set_busy(False)
        self.pin.set_value("")

    def set_busy(self, busy: bool) -> None:
        """Nothing can be tried twice while an answer is awaited."""
        self.setEnabled(not busy)

    def show_error(self, error: ClinicError) -> None:
        """Say under the PIN why it did not open."""
        self.set_busy(False)
        self.pin.set_error(told(error))
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pin.editor.selectAll()

    @Slot()
    def _return(self) -> None:
        if self.isEnabled() and self.pin.check():
            self.wanted.emit(self.pin.value())
