"""A computer that is to work on a clinic which is on a server already: its address, and the account's password."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField, PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Muted, Title

_ABOUT = "The record stays on the server. Charts that wait here for it are encrypted."
_PASSWORD_HINT = (
    "Kept in this computer's keyring. Leave it empty if it was given before, or if a password file has it (pgpass)."
)
# Where the error's own sentence names the way without a window, or speaks of a save.
_HERE = {
    "server_password_missing": "The server asks for this password.",
    "server_unreachable": "No server answers there. Check the address and the network, and connect again.",
}


class ConnectForm(QWidget):
    """Told what went wrong; says what the person wants."""

    connect_requested = Signal(str, str)
    """Address and password; the password may be ""."""
    left = Signal()
    """Back to where the person came from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = TextField(
            "Address",
            self,
            required=True,
            placeholder="postgresql://clinic_work@host/clinic",
            hint="Whoever runs the clinic's server gives it to you.",
            longest=2000,
        )
        self.address.missing_text = "Type the address of the clinic's server."
        self.password = PassphraseField(
            "Password of the server's account", self, required=False, hint=_PASSWORD_HINT, called="password"
        )
        self.connect_button = PrimaryButton("Connect", self)
        self.connect_button.clicked.connect(self._connect)
        self.back_button = PlainButton("Back", self)
        self.back_button.clicked.connect(self._leave)
        for field in (self.address, self.password):
            field.editor.returnPressed.connect(self._connect)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self.connect_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(AROUND)
        column.addWidget(Title("The clinic's server", self))
        column.addWidget(Muted(_ABOUT, self, wrap=True))
        column.addWidget(self.address)
        column.addWidget(self.password)
        column.addLayout(buttons)
        self._busy = False

    def start(self, address: str = "") -> None:
        """Begin with the address that is known, and nothing else of what was typed before."""
        self.set_busy(False)
        self.address.set_value(address)
        self.password.set_value("")
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: ClinicError) -> None:
        """Show why it did not connect, under the field it concerns; what is typed stays."""
        self.set_busy(False)
        field: LabelledField = self.password if error.field == "password" else self.address
        field.set_error(_HERE.get(error.code, str(error)))
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """While the server is asked nothing can be pressed twice."""
        self._busy = busy
        self.setEnabled(not busy)
        self.connect_button.setText("Connecting…" if busy else "Connect")

    @Slot()
    def _connect(self) -> None:
        if not self._busy and check_all((self.address, self.password)):
            self.connect_requested.emit(self.address.value(), self.password.value())

    @Slot()
    def _leave(self) -> None:
        self.password.set_value("")
        self.left.emit()
