"""The page before the record: who is it, and the passphrase that opens the store."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.theme import AROUND, GROUPS
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField, PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Title
from clinic_app.ui.widgets.notes import Note, Notice
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.wording import told

# The other forms are imported and made when somebody comes to them: on most days nobody does.
if TYPE_CHECKING:
    from clinic_app.ui.connect_form import ConnectForm
    from clinic_app.ui.recovery_form import RecoveryForm
    from clinic_app.ui.restore_offer import RestoreOffer
    from clinic_app.ui.return_form import ReturnForm

Form = TypeVar("Form", bound=QWidget)

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
    server_offered = Signal(object)
    """Carries the ``ConnectForm``, before it is shown for the first time."""

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
        self.restored = Note(Level.DONE, self)
        self.away = Notice(self)
        self._form = self._unlock_form()
        self._shown: QWidget = self._form
        self._busy = False
        self._why, self._seconds = "", 0
        self.seconds = QTimer(self)
        self.seconds.setInterval(1000)
        self.seconds.timeout.connect(self._second_passed)
        self._card = card = Card(self, margin=GROUPS, spacing=AROUND)
        card.layout_inside.addWidget(self.title)
        card.layout_inside.addWidget(self.restored)
        card.layout_inside.addWidget(self.away)
        # Not a stack of pages: that is always as high as its highest page.
        card.layout_inside.addWidget(self._form)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)
        remembered = str(self._settings.value(_REMEMBERED, "") or "")
        self.user_name.set_value(remembered)
        self._to_unlock()

    @cached_property
    def recovery(self) -> RecoveryForm:
        """The way in with the printed code."""
        from clinic_app.ui.recovery_form import RecoveryForm

        form = RecoveryForm(self)
        form.wanted.connect(self.recovery_requested)
        form.left.connect(self._to_unlock)
        return self._added(form)

    @cached_property
    def offer(self) -> RestoreOffer:
        """What a record that cannot be opened may be restored from."""
        from clinic_app.ui.restore_offer import RestoreOffer

        form = RestoreOffer(self)
        form.left.connect(self._to_unlock)
        return self._added(form)

    @cached_property
    def back(self) -> ReturnForm:
        """The quick way for who locked."""
        from clinic_app.ui.return_form import ReturnForm

        form = ReturnForm(self)
        form.wanted.connect(self.return_requested)
        form.passphrase_wanted.connect(self._to_unlock)
        form.somebody_else.connect(self._to_somebody_else)
        return self._added(form)

    @cached_property
    def server(self) -> ConnectForm:
        """Where the address of the clinic's server is corrected."""
        from clinic_app.ui.connect_form import ConnectForm

        form = ConnectForm(self)
        form.left.connect(self._to_unlock)
        self.server_offered.emit(form)
        return self._added(form)

    def show_error(self, text: str, field: str = "passphrase") -> None:
        """Show why it did not open, under the field it concerns: "user_name", "passphrase" or "code"."""
        self.set_busy(False)
        target: LabelledField = self.user_name if field == "user_name" else self.passphrase
        if self._shown is vars(self).get("recovery"):
            recovery = self.recovery
            target = {"user_name": recovery.user_name, "code": recovery.code}.get(field, recovery.new_passphrase)
        target.set_error(text)
        target.setFocus()
        if target is self.passphrase:
            self.passphrase.editor.selectAll()

    def show_damage(self, text: str) -> None:
        """Show why the record cannot be opened by anybody, and that a backup may be restored."""
        self.restored.say("")
        self.offer.show_problem(text)
        self._show(self.offer)

    def show_away(self, text: str, address: str = "") -> None:
        """Show why the clinic's server does not open it; a server's ``address`` that is given can be corrected."""
        self.set_busy(False)
        if address:
            self.away.offer(text, Level.WARN, ("Another server address…", lambda: self._to_server(address)))
        else:
            self.away.offer(text, Level.WARN)
        _first_empty(self.user_name, self.passphrase)

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
        self._to_unlock()

    def offer_return(self, name: str, hint: str = "") -> None:
        """The person who locked may come back with the PIN, unless somebody types a passphrase already."""
        if self.passphrase.value() or self._busy:
            return
        self.restored.say("")
        self.back.start(name, hint)
        self._show(self.back)
        self.back.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_return_error(self, error: ClinicError, *, over: bool) -> None:
        """Say why the PIN did not open; when it is ``over`` the passphrase is asked for."""
        self.back.show_error(error)
        if over:
            self.back.clear()
            self._to_unlock()
            self.passphrase.set_error(told(error))

    def say(self, text: str) -> None:
        """Show a sentence over the form."""
        self.restored.say(text)

    def set_busy(self, busy: bool) -> None:
        """While the store opens nothing can be pressed twice."""
        self._busy = busy
        if busy:
            self.away.say("")
        self._form.setEnabled(not busy)
        if "recovery" in vars(self):
            self.recovery.setEnabled(not busy)
        self.unlock_button.setText("Unlocking…" if busy else "Unlock")

    def clear(self) -> None:
        """Forget what was typed; after locking the passphrase must not stand there."""
        self.set_busy(False)
        self.passphrase.set_value("")
        if "recovery" in vars(self):
            self.recovery.clear()
        self._to_unlock()

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

    @Slot()
    def _unlock(self) -> None:
        if self._busy or self._seconds > 0:
            return
        if check_all((self.user_name, self.passphrase)):
            self._settings.setValue(_REMEMBERED, self.user_name.value())
            self.unlock_requested.emit(self.user_name.value(), self.passphrase.value())

    @Slot()
    def _to_unlock(self) -> None:
        self._show(self._form)
        _first_empty(self.user_name, self.passphrase)

    @Slot()
    def _to_recovery(self) -> None:
        self.recovery.user_name.set_value(self.user_name.value())
        self._show(self.recovery)
        _first_empty(self.recovery.user_name, self.recovery.code)

    def _to_server(self, address: str) -> None:
        self._show(self.server)
        self.server.start(address)

    @Slot()
    def _to_somebody_else(self) -> None:
        self.user_name.set_value("")
        self._to_unlock()

    def _added(self, form: Form) -> Form:
        form.hide()
        self._card.layout_inside.addWidget(form)
        return form

    def _show(self, form: QWidget) -> None:
        self._shown.hide()
        self._shown = form
        form.show()
        to_server = form is vars(self).get("server")
        self.title.setVisible(bool(self.title.text()) and not to_server)
        self._card.setFixedWidth(_WIDE if to_server else _WIDTH)


def _first_empty(name: TextField, secret: TextField) -> None:
    (secret if name.value() else name).setFocus(Qt.FocusReason.OtherFocusReason)
