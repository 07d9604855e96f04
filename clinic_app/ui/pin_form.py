"""Set a PIN: passphrase once, the new PIN twice. Stands on the signing page and in the panel of the person's menu."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.passphrases import LONGEST_PIN, SHORTEST_PIN
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField, PassphraseField, check_all
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.workplace import Workplace

_WHY = (
    f"{SHORTEST_PIN} to {LONGEST_PIN} digits in place of the passphrase: to sign, and to come back after locking "
    "on the same day. Five wrong tries switch the PIN off."
)


class PinForm(QWidget):
    """Three fields and the button. It asks the service itself and says when the PIN is set."""

    done = Signal()
    """The PIN is set."""
    cancelled = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None, *, upright: bool = True) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.passphrase = PassphraseField("Passphrase", self)
        self.pin = _pin_field("New PIN", self)
        self.again = _pin_field("New PIN again", self)
        self.again.missing_text = "Type the PIN a second time."
        self.again.add_check(self._same_twice)
        self._fields: tuple[LabelledField, ...] = (self.passphrase, self.pin, self.again)
        self.cancel = PlainButton("Cancel", self)
        self.cancel.clicked.connect(self.cancelled)
        # Beside the fields it stands on a page that has a main action of its own.
        self.save = (PrimaryButton if upright else PlainButton)("Set PIN", self)
        self.save.clicked.connect(self._save)
        way = QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight
        row = QBoxLayout(way)
        row.setSpacing(BETWEEN)
        for field in self._fields:
            field.editor.returnPressed.connect(self._entered)
            row.addWidget(field, 0 if upright else 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Muted(_WHY, self, wrap=True))
        layout.addLayout(row)
        layout.addLayout(buttons)

    def start(self) -> None:
        """Empty, with the cursor in the first field."""
        self.clear()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.passphrase, self.pin, self.again):
            field.set_value("")

    @Slot()
    def _entered(self) -> None:
        """Enter goes on to the next empty field, and from the last one sets the PIN."""
        empty = next((field for field in (self.passphrase, self.pin, self.again) if not field.value()), None)
        if empty is None or empty.hasFocus() or empty.editor.hasFocus():
            self._save()
        else:
            empty.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _save(self) -> None:
        if not self.isEnabled() or not check_all(self._fields):
            return
        identity, actor = self._workplace.services.identity, self._workplace.actor
        passphrase, pin = self.passphrase.value(), self.pin.value()
        self.setEnabled(False)
        self._workplace.tasks.run(
            lambda: identity.set_pin(actor, passphrase, pin),
            self._was_set,
            self._refused,
            owner=self,
            ended=self._enable,
        )

    def _enable(self) -> None:
        self.setEnabled(True)
        wrong = next((field for field in self._fields if field.error()), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def _was_set(self, _nothing: None) -> None:
        self.clear()
        self.done.emit()

    def _refused(self, error: ClinicError) -> None:
        field = self.pin if error.field == "pin" else self.passphrase
        field.set_error(str(error))
        field.editor.selectAll()

    def _same_twice(self) -> str:
        return "" if self.again.value() == self.pin.value() else "The two PINs differ."


def _pin_field(label: str, parent: QWidget) -> PassphraseField:
    field = PassphraseField(label, parent)
    field.editor.setMaxLength(LONGEST_PIN)
    field.editor.setInputMethodHints(field.editor.inputMethodHints() | Qt.InputMethodHint.ImhDigitsOnly)
    return field
