"""The small form that unfolds under a lot's buttons: how many vials or which expiry, why, and who saw it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stock_data import LotRow
from clinic_app.ui.locale import date_text
from clinic_app.ui.stock.lot_acts import LotAct, Wish
from clinic_app.ui.stock.receive_fields import ExpiryField
from clinic_app.ui.stock.wording import vials_text, whole_vials
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField, TextField, check_all
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField
from clinic_app.ui.wording import told


@dataclass(frozen=True, slots=True)
class TypedAct:
    """What stands in the form, to bring it back."""

    row: LotRow
    act: LotAct
    vials: str
    expiry: str
    reason: str
    witness_id: int | None


class LotForm(Card):
    """One form for every act on a lot; it shows the fields that the act needs. Enter acts, Esc folds it."""

    wished = Signal(object)
    """A ``Wish``."""
    folded = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=INSIDE)
        self._row: LotRow | None = None
        self._act = LotAct.RETURN
        self._usual_vials = ""
        self.heading = Strong("", self)
        self.vials_field = NumberField("Vials", self, decimals=0, required=True)
        self.vials_field.missing_text = "Type how many vials."
        self.vials_field.setFixedWidth(150)
        self.expiry_field = ExpiryField("Right expiry", self, required=True, today=today)
        self.expiry_field.setFixedWidth(200)
        self.reason_field = TextField("Reason", self)
        self.witness_field: ChoiceField[int | None] = ChoiceField("Witness", [(None, "Nobody")], self)
        self.witness_field.editor.setToolTip("Who saw it, where the clinic wants two people")
        self.problem = Note(Level.STOP, self)
        self.cancel_button = PlainButton("Cancel", self)
        self.cancel_button.setToolTip("Cancel (Esc)")
        self.act_button = PrimaryButton("", self)
        self._build()
        self.vials_field.changed.connect(self._name_button)
        self.expiry_field.changed.connect(self._forget_problem)
        self.reason_field.changed.connect(self._forget_problem)
        self.cancel_button.clicked.connect(self.folded)
        self.act_button.clicked.connect(self.submit)
        self.hide()

    def set_witnesses(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer colleagues as witnesses."""
        before = self.witness_field.value()
        self.witness_field.set_choices([(None, "Nobody"), *people])
        self.witness_field.set_value(before)

    def begin(self, row: LotRow, act: LotAct) -> None:
        """An empty form for an act."""
        self._show(row, act)
        usual = {LotAct.RETURN: row.vials_left, LotAct.EXPIRE: row.vials_left, LotAct.DISCARD: 1}
        self.vials_field.set_value(usual.get(act))
        self._usual_vials = self.vials_field.editor.text()
        self.expiry_field.set_value(None)
        self.reason_field.set_value("")
        self.witness_field.set_value(None)
        self._name_button()
        self.show()
        next(field for field in self._fields() if not field.isHidden()).setFocus()
        self.vials_field.editor.selectAll()

    def bring_back(self, typed: TypedAct) -> None:
        """What stood in the form when it was put aside."""
        self.begin(typed.row, typed.act)
        self.vials_field.editor.setText(typed.vials)
        self.expiry_field.editor.setText(typed.expiry)
        self.reason_field.set_value(typed.reason)
        self.witness_field.set_value(typed.witness_id)

    def typed(self) -> TypedAct | None:
        """What would be lost with the form, or None."""
        if self.isHidden() or self._row is None:
            return None
        vials, expiry, reason = (
            self.vials_field.editor.text(),
            self.expiry_field.editor.text(),
            self.reason_field.value(),
        )
        if vials == self._usual_vials and not expiry and not reason:
            return None
        return TypedAct(self._row, self._act, vials, expiry, reason, self.witness_field.value())

    def act(self) -> LotAct | None:
        """What the form is open for."""
        return None if self.isHidden() else self._act

    def set_row(self, row: LotRow) -> None:
        """The lot changed meanwhile: a correction counts against its newest figure."""
        self._row = row
        self._hint()

    def set_busy(self, busy: bool) -> None:
        """Nothing can be done twice while an answer is awaited."""
        self.act_button.setEnabled(not busy)

    def show_error(self, error: ClinicError) -> None:
        """Say why it was not done, under the field it belongs to."""
        fields: dict[str, LabelledField] = {
            "vials": self.vials_field, "expires_on": self.expiry_field, "reason": self.reason_field,
            "hold_reason": self.reason_field, "witness": self.witness_field, "witness_id": self.witness_field,
        }  # fmt: skip
        field = fields.get(error.field)
        if field is None or field.isHidden():
            self.problem.say(told(error))
        else:
            field.set_error(told(error))
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def submit(self) -> None:
        """Do what the form says."""
        if self._row is None or not self.act_button.isEnabled():
            return
        if not check_all([field for field in self._fields() if not field.isHidden()]):
            return
        counted = self.vials_field.value()
        vials = 0 if counted is None or not self._act.takes_vials else int(counted)
        if self._act is LotAct.CORRECT:
            vials -= self._row.vials_left
            if not vials:
                self.vials_field.set_error(
                    f"The ledger says {vials_text(self._row.vials_left)} too. Nothing to correct."
                )
                return
        expires_on = self.expiry_field.value() if self._act is LotAct.CORRECT_EXPIRY else None
        if expires_on == self._row.expires_on:
            self.expiry_field.set_error(f"The stock says {date_text(expires_on)} too. Nothing to correct.")
            return
        witness = None if self.witness_field.isHidden() else self.witness_field.value()
        self.wished.emit(Wish(self._act, vials, self.reason_field.value(), witness, expires_on))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the form, Enter does what it is for."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and self.cancel_button.hasFocus()):
            self.folded.emit()
        elif enter:
            self.submit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(BETWEEN)
        fields.addWidget(self.vials_field)
        fields.addWidget(self.expiry_field)
        fields.addWidget(self.reason_field, 3)
        fields.addWidget(self.witness_field, 1)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.act_button)
        self.layout_inside.addWidget(self.heading)
        self.layout_inside.addLayout(fields)
        self.layout_inside.addWidget(self.problem)
        self.layout_inside.addLayout(foot)

    def _show(self, row: LotRow, act: LotAct) -> None:
        self._row, self._act = row, act
        words = act.value
        self.heading.setText(words.heading)
        self.setAccessibleName(words.heading)
        self.problem.say("")
        self.vials_field.setVisible(act.takes_vials)
        self.vials_field.label.setText("Counted on the shelf" if act is LotAct.CORRECT else "Vials")
        self.vials_field.editor.setAccessibleName(self.vials_field.label.text())
        self.vials_field.smallest = 0 if act is LotAct.CORRECT else 1
        self.vials_field.set_unit("" if act is LotAct.CORRECT else f"of {row.vials_left}")
        self.expiry_field.setVisible(act is LotAct.CORRECT_EXPIRY)
        # The ledger's line of an expiry says both dates before the reason.
        self.reason_field.editor.setMaxLength(240 if act is LotAct.CORRECT_EXPIRY else 300)
        self.reason_field.editor.setPlaceholderText(words.example)
        self.witness_field.setVisible(act in (LotAct.DISCARD, LotAct.EXPIRE, LotAct.CORRECT))
        self._hint()

    def _hint(self) -> None:
        if self._row is not None and self._act is LotAct.CORRECT:
            self.vials_field.set_hint(f"The ledger says {self._row.vials_left}")
        else:
            self.vials_field.set_hint("")
        if self._row is not None:
            self.expiry_field.set_hint(f"The stock says {date_text(self._row.expires_on)}")

    def _fields(self) -> tuple[LabelledField, ...]:
        """What is checked, in the order of the Tab key."""
        return self.vials_field, self.expiry_field, self.reason_field

    @Slot()
    def _name_button(self) -> None:
        self.act_button.setText(self._act.button_text(whole_vials(self.vials_field.value())))
        self._forget_problem()

    @Slot()
    def _forget_problem(self) -> None:
        self.problem.say("")
