"""The page before the record: who is it, and the passphrase that opens the store."""

from PySide6.QtCore import QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.passphrases import PASSPHRASE_HINT, passphrase_problem
from clinic_app.ui.connect_form import ConnectForm
from clinic_app.ui.restore_offer import RestoreOffer
from clinic_app.ui.return_form import ReturnForm
from clinic_app.ui.theme import AROUND, GROUPS, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField, PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.notes import Note, Notice
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.wording import told

_WIDTH, _WIDE = 400, 480
_REMEMBERED = "unlock/user_name"


class UnlockPage(QWidget):
    """Unlock with a passphrase, or set a new one with the printed recovery code."""

    unlock_requested = Signal(str, str)
    """User name and passphrase."""
    recovery_requested = Signal(str, str, str)
    """User name, recovery code and new passphrase."""
    return_requested = Signal(str)
    """The PIN of who locked."""

    def __init__(self, clinic_name: str, parent: QWidget | None = None, *, settings: QSettings | None = None) -> None:
        super().__init__(parent)
        self._settings = QSettings() if settings is None else settings
        self.title = Title(clinic_name, self)
        self.title.setWordWrap(True)
        self.title.setVisible(bool(clinic_name))  # before the record is open nobody knows it
        self.user_name = TextField("User name", required=True, longest=100)
        self.passphrase = PassphraseField("Passphrase")
        self.unlock_button = PrimaryButton("Unlock", self)
        self.recovery_link = LinkButton("Use the recovery code", self)
        self.recovery_user_name = TextField("User name", required=True, longest=100)
        self.recovery_code = TextField("Recovery code", required=True, placeholder="XXXX-XXXX-…")
        self.new_passphrase = PassphraseField("New passphrase", hint=PASSPHRASE_HINT)
        self.repeated_passphrase = PassphraseField("New passphrase again")
        self.recover_button = PrimaryButton("Set new passphrase", self)
        self._back = PlainButton("Back", self)
        self.repeated_passphrase.missing_text = "Type the passphrase a second time."
        # Not a stack of pages: that is always as high as its highest page.
        self.offer = RestoreOffer(self)
        self.offer.left.connect(self._to_unlock)
        self.restored = Note(Level.DONE, self)
        self.back = ReturnForm(self)
        self.back.wanted.connect(self.return_requested)
        self.back.passphrase_wanted.connect(self._to_unlock)
        self.back.somebody_else.connect(self._to_somebody_else)
        self.server = ConnectForm(self)
        self.server.left.connect(self._to_unlock)
        self.away = Notice(self)
        self._forms = (self._unlock_form(), self._recovery_form(), self.offer, self.back, self.server)
        self._busy = False
        self._why, self._seconds = "", 0
        self.seconds = QTimer(self)
        self.seconds.setInterval(1000)
        self.seconds.timeout.connect(self._second_passed)
        self._card = card = Card(self, margin=GROUPS, spacing=AROUND)
        card.layout_inside.addWidget(self.title)
        card.layout_inside.addWidget(self.restored)
        card.layout_inside.addWidget(self.away)
        for form in self._forms:
            card.layout_inside.addWidget(form)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)
        self.new_passphrase.add_check(self._hard_to_guess)
        self.repeated_passphrase.add_check(self._same_twice)
        remembered = str(self._settings.value(_REMEMBERED, "") or "")
        self.user_name.set_value(remembered)
        self._show_form(0)

    def show_error(self, text: str, field: str = "passphrase") -> None:
        """Show why it did not open, under the field it concerns: "user_name", "passphrase" or "code"."""
        self.set_busy(False)
        recovering = not self._forms[1].isHidden()
        target: LabelledField = self.new_passphrase if recovering else self.passphrase
        if field == "user_name":
            target = self.recovery_user_name if recovering else self.user_name
        elif field == "code" and recovering:
            target = self.recovery_code
        target.set_error(text)
        target.setFocus()
        if target is self.passphrase:
            self.passphrase.editor.selectAll()

    def show_damage(self, text: str) -> None:
        """Show why the record cannot be opened by anybody, and that a backup may be restored."""
        self.restored.say("")
        self.offer.show_problem(text)
        self._show_form(2)

    def show_away(self, text: str, address: str = "") -> None:
        """Show why the clinic's server does not open it; a server's ``address`` that is given can be corrected."""
        self.set_busy(False)
        if address:
            self.away.offer(text, Level.WARN, ("Another server address…", lambda: self._to_server(address)))
        else:
            self.away.offer(text, Level.WARN)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_restored(self, text: str) -> None:
        """Show what was restored; the passphrase is asked for again."""
        self.clear()
        self.restored.say(text)

    def show_wait(self, text: str, seconds: int) -> None:
        """Show why it did not open, and count down until the next try; what is typed stays and can be mended."""
        self._why, self._seconds = text, seconds
        self.show_error(self._wait_text())
        self.unlock_button.setEnabled(False)
        self.seconds.start()

    def show_locked(self, name: str, user_name: str) -> None:
        """Somebody locked: their passphrase brings them back to where they were."""
        self.clear()
        self.user_name.set_value(user_name)
        self.restored.say(f"Locked. {name} comes back to everything as it was.")
        self._show_form(0)

    def offer_return(self, name: str, hint: str = "") -> None:
        """The person who locked may come back with the PIN, unless somebody types a passphrase already."""
        if self.passphrase.value() or self._busy:
            return
        self.restored.say("")
        self.back.start(name, hint)
        self._show_form(3)

    def show_return_error(self, error: ClinicError, *, over: bool) -> None:
        """Say why the PIN did not open; when it is ``over`` the passphrase is asked for."""
        self.back.show_error(error)
        if over:
            self.back.clear()
            self._show_form(0)
            self.passphrase.set_error(told(error))

    def say(self, text: str) -> None:
        """Show a sentence over the form."""
        self.restored.say(text)

    def set_busy(self, busy: bool) -> None:
        """While the store opens nothing can be pressed twice."""
        self._busy = busy
        if busy:
            self.away.say("")
        for form in self._forms[:2]:
            form.setEnabled(not busy)
        self.unlock_button.setText("Unlocking…" if busy else "Unlock")

    def clear(self) -> None:
        """Forget what was typed; after locking the passphrase must not stand there."""
        self.set_busy(False)
        for field in (self.passphrase, self.recovery_code, self.new_passphrase, self.repeated_passphrase):
            field.set_value("")
        self._show_form(0)

    def _unlock_form(self) -> QWidget:
        form = QWidget(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(AROUND)
        column.addWidget(self.user_name)
        column.addWidget(self.passphrase)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.recovery_link)
        buttons.addStretch(1)
        buttons.addWidget(self.unlock_button)
        column.addLayout(buttons)
        self.unlock_button.clicked.connect(self._unlock)
        self.user_name.editor.returnPressed.connect(self._unlock)
        self.passphrase.editor.returnPressed.connect(self._unlock)
        self.recovery_link.clicked.connect(self._to_recovery)
        return form

    def _recovery_form(self) -> QWidget:
        form = QWidget(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(AROUND)
        column.addWidget(
            Muted("The code was printed when the clinic was set up. It gives your account a new passphrase.", wrap=True)
        )
        for field in (self.recovery_user_name, self.recovery_code, self.new_passphrase, self.repeated_passphrase):
            column.addWidget(field)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        buttons.addWidget(self.recover_button)
        column.addLayout(buttons)
        self.recover_button.clicked.connect(self._recover)
        self.repeated_passphrase.editor.returnPressed.connect(self._recover)
        self._back.clicked.connect(self._to_unlock)
        return form

    def _hard_to_guess(self) -> str:
        return passphrase_problem(self.new_passphrase.value(), (self.recovery_user_name.value(),))

    def _wait_text(self) -> str:
        minutes, seconds = divmod(self._seconds, 60)
        return f"{self._why} Next try in {minutes}:{seconds:02}."

    @Slot()
    def _second_passed(self) -> None:
        self._seconds -= 1
        if self._seconds > 0:
            self.passphrase.set_error(self._wait_text())
            return
        self.seconds.stop()
        self.passphrase.set_error("")
        self.unlock_button.setEnabled(True)

    def _same_twice(self) -> str:
        same = self.repeated_passphrase.value() == self.new_passphrase.value()
        return "" if same else "The two passphrases differ."

    @Slot()
    def _unlock(self) -> None:
        if self._busy or self._seconds > 0:
            return
        if check_all((self.user_name, self.passphrase)):
            self._settings.setValue(_REMEMBERED, self.user_name.value())
            self.unlock_requested.emit(self.user_name.value(), self.passphrase.value())

    @Slot()
    def _recover(self) -> None:
        fields = (self.recovery_user_name, self.recovery_code, self.new_passphrase, self.repeated_passphrase)
        if not self._busy and check_all(fields):
            self.recovery_requested.emit(
                self.recovery_user_name.value(), self.recovery_code.value(), self.new_passphrase.value()
            )

    @Slot()
    def _to_recovery(self) -> None:
        self.recovery_user_name.set_value(self.user_name.value())
        self._show_form(1)

    @Slot()
    def _to_unlock(self) -> None:
        self._show_form(0)

    def _to_server(self, address: str) -> None:
        self._show_form(4)
        self.server.start(address)

    @Slot()
    def _to_somebody_else(self) -> None:
        self.user_name.set_value("")
        self._show_form(0)

    def _show_form(self, number: int) -> None:
        for index, form in enumerate(self._forms):
            form.setVisible(index == number)
        self.title.setVisible(bool(self.title.text()) and number != 4)
        self._card.setFixedWidth(_WIDE if number == 4 else _WIDTH)
        if number in (2, 4):
            return
        if number == 3:
            self.back.pin.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        first = (self.user_name, self.recovery_user_name)[number]
        second: LabelledField = (self.passphrase, self.recovery_code)[number]
        (second if first.value() else first).setFocus(Qt.FocusReason.OtherFocusReason)
