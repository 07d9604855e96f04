"""Corrections of a signed visit: those that were signed, and the form for one more."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.visit_data import AddendumRow
from clinic_app.services.visits import LONGEST_REASON
from clinic_app.ui.patients.parts import plain_label
from clinic_app.ui.patients.words import told
from clinic_app.ui.signature_field import SignatureField
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.fields import TextArea, TextField, check_all
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.workplace import Workplace


class CorrectionCard(Card):
    """A signed correction, above the original that it corrects."""

    def __init__(self, addendum: AddendumRow, signed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=TIGHT)
        self.layout_inside.addWidget(Strong("Correction", self))
        if addendum.reason:
            self.layout_inside.addWidget(Muted(f"Reason: {addendum.reason}", self, wrap=True))
        self.layout_inside.addWidget(plain_label(addendum.text, self))
        seal = f" · seal {addendum.digest[:12]}" if addendum.digest else ""
        line = Muted(f"Signed by {addendum.by}, {signed}{seal}", self, wrap=True)
        if addendum.digest:
            line.setToolTip(f"Fingerprint of the correction and of what it corrects (SHA-256): {addendum.digest}")
        self.layout_inside.addWidget(line)


@dataclass(frozen=True, slots=True)
class Typed:
    """A correction as far as it is typed."""

    reason: str = ""
    text: str = ""


class CorrectionForm(QWidget):
    """Reason, text and signature. It is put away by Esc and comes back with what was typed."""

    sign_wanted = Signal(str)
    """Carries the PIN or passphrase; ``typed`` is complete."""
    discarded = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = TextField(
            "Reason for the correction",
            self,
            required=True,
            longest=LONGEST_REASON,
            placeholder="Wrong side charted, lot read again, …",
        )
        self.reason.missing_text = str(ClinicError("addendum_reason_missing"))
        self.text = TextArea(
            "Correction",
            self,
            required=True,
            lines=2,
            hint="The signed visit stays as it is. The correction stands beside it, dated, with your name, for good.",
        )
        self.text.missing_text = str(ClinicError("addendum_empty"))
        self.cancel_button = PlainButton("Discard", self)
        self.cancel_button.clicked.connect(self.discarded)
        self.signature = SignatureField(workplace, "Sign correction", self)
        self.signature.add_at_left(self.cancel_button)
        self.signature.sign_wanted.connect(self._sign)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, TIGHT)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.reason)
        layout.addWidget(self.text)
        layout.addWidget(self.signature)

    def typed(self) -> Typed:
        """What stands in the form."""
        return Typed(self.reason.editor.text(), self.text.editor.toPlainText())

    def show_typed(self, typed: Typed) -> None:
        """Show what was typed before; the PIN is always typed anew."""
        if typed != self.typed():
            self.reason.set_value(typed.reason)
            self.text.set_value(typed.text)
        self.signature.clear()

    def focus_first(self) -> None:
        """The cursor goes where something is missing."""
        (self.text if self.reason.value() else self.reason).setFocus()

    def set_busy(self, busy: bool) -> None:
        """While it is signed nothing can be typed or signed again."""
        self.reason.setEnabled(not busy)
        self.text.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)
        self.signature.set_busy(busy)

    def show_error(self, error: ClinicError) -> None:
        """Why it was not signed, under the field it is about."""
        if error.field == "secret":
            self.signature.show_error(error)
            return
        field = self.reason if error.field == "reason" else self.text
        field.set_error(told(error))
        field.setFocus()

    @Slot(str)
    def _sign(self, secret: str) -> None:
        if check_all((self.reason, self.text)):
            self.sign_wanted.emit(secret)


class KeptCorrections:
    """What was typed for each visit and is neither signed nor discarded, for as long as the window is open."""

    def __init__(self) -> None:
        self._typed: dict[int, Typed] = {}

    def keep(self, visit_id: int, typed: Typed) -> None:
        """Remember it, or forget an empty one."""
        if typed.reason.strip() or typed.text.strip():
            self._typed[visit_id] = typed
        else:
            self._typed.pop(visit_id, None)

    def of(self, visit_id: int) -> Typed:
        """What was typed for a visit."""
        return self._typed.get(visit_id, Typed())

    def __bool__(self) -> bool:
        return bool(self._typed)
