"""Where a person proves who they are before something is signed: one field for PIN or passphrase, and the button."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.pin_form import PinForm
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import LinkButton, PrimaryButton
from clinic_app.ui.widgets.fields import PassphraseField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace

_WIDTH = 224
_MISSING = "Type your PIN or passphrase."


class SignatureField(QWidget):
    """The field right beside the button it belongs to. Enter signs. Without a PIN it offers to set one."""

    sign_wanted = Signal(str)
    """Carries what was typed; it is kept nowhere else."""

    def __init__(self, workplace: Workplace, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._ready = True
        self._busy = False
        self.secret = PassphraseField("PIN or passphrase", self, required=False)
        self.secret.editor.setToolTip("Your PIN, or the passphrase with which you unlock the clinic. Enter signs.")
        self.secret.setFixedWidth(_WIDTH)
        self.secret.set_hint(workplace.signing_hint)
        self.secret.editor.returnPressed.connect(self._sign)
        self.button = PrimaryButton(verb, self)
        self.button.clicked.connect(self._sign)
        self.hint = Muted("", self)
        self.offer = LinkButton("Set a PIN", self)
        self.offer.setToolTip("Four to eight digits that sign in place of the passphrase")
        self.offer.clicked.connect(self._open_form)
        self.offer.hide()
        self.form = PinForm(workplace, self, upright=False)
        self.form.done.connect(self._pin_set)
        self.form.cancelled.connect(self._close_form)
        self.form.hide()
        self._line = Hairline(self)
        self._line.hide()
        self.row = QHBoxLayout()
        self.row.setSpacing(INSIDE)
        self.row.addStretch(1)
        for widget in (self.hint, self.offer):
            self.row.addWidget(self._level_with_editor(widget))
        self.row.addWidget(self.secret, 0, Qt.AlignmentFlag.AlignTop)
        self.row.addWidget(self._level_with_editor(self.button))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.form)
        layout.addWidget(self._line)
        layout.addLayout(self.row)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask whether there is a PIN; it may have been set elsewhere since."""
        super().showEvent(event)
        identity, actor = self._workplace.services.identity, self._workplace.actor
        self._workplace.tasks.run(lambda: identity.has_pin(actor), self._show_pin, self.show_error, owner=self)

    def add_at_left(self, widget: QWidget) -> None:
        """A button at the other end of the row, on one line with the field."""
        self.row.insertWidget(0, self._level_with_editor(widget))

    def set_ready(self, ready: bool, hint: str = "") -> None:
        """Whether it can be signed, and what still waits."""
        self._ready = ready
        self.hint.setText(hint)
        self.button.setEnabled(ready and not self._busy)

    def set_busy(self, busy: bool) -> None:
        """While a signature is under way nothing can be signed twice."""
        self._busy = busy
        self.secret.setEnabled(not busy)
        self.button.setEnabled(self._ready and not busy)

    def focus(self) -> None:
        """Put the cursor where the secret is typed."""
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Forget what was typed."""
        self.secret.set_value("")

    def show_error(self, error: ClinicError) -> None:
        """Say under the field what is wrong with what was typed; it is selected, to be typed over."""
        self.set_busy(False)
        self.secret.set_error(str(error))
        self.focus()
        self.secret.editor.selectAll()

    def _level_with_editor(self, widget: QWidget) -> QWidget:
        """The widget on one line with the editor, which stands below its label."""
        cell = QWidget(self)
        cell.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        # The style sheet gives field and buttons their heights, and is asked for them only when they are polished.
        for measured in (self.secret.editor, self.button):
            measured.ensurePolished()
        height = max(self.secret.editor.sizeHint().height(), self.button.sizeHint().height())
        line = QHBoxLayout()
        line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, self.secret.label.sizeHint().height() + TIGHT, 0, 0)
        column.addLayout(line)
        column.addStretch(1)
        widget.setMinimumHeight(height)
        return cell

    def _show_pin(self, has_pin: bool) -> None:
        self.offer.setVisible(not has_pin and self.form.isHidden())

    @Slot()
    def _sign(self) -> None:
        if self._busy or not self._ready:
            return
        if not self.secret.value():
            self.secret.set_error(_MISSING)
            self.focus()
            return
        self.secret.set_error("")
        self.sign_wanted.emit(self.secret.value())

    @Slot()
    def _open_form(self) -> None:
        self.offer.hide()
        self._line.show()
        self.form.show()
        self.form.start()

    @Slot()
    def _close_form(self) -> None:
        self.form.clear()
        self.form.hide()
        self._line.hide()
        self.offer.show()
        self.focus()

    @Slot()
    def _pin_set(self) -> None:
        self._close_form()
        self.offer.hide()
        self.secret.set_hint("PIN set. Type it to sign.")
