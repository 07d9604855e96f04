"""The two small forms that unfold under an appointment: move it, cancel it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.schedule_data import AppointmentRow, ScheduleChoices
from clinic_app.services.series import Scope
from clinic_app.ui.differences import Difference, Keep, Together
from clinic_app.ui.schedule.panels import Refusal
from clinic_app.ui.schedule.place_fields import Place, PlaceFields, place_of
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.clash_choice import ClashChoice
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import told

Words = Callable[[str, Any], str]


class _Unfolding(QWidget):
    """A form under a heading, with one action and a way out; Esc folds it."""

    folded = Signal()
    asked = Signal()

    def __init__(self, title: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: AppointmentRow | None = None
        """The appointment as the form knows it: what is asked for rests on this version."""
        self.clash = ClashChoice(self)
        self.inside = QVBoxLayout()
        self.inside.setSpacing(BETWEEN)
        self.keep = PlainButton("Keep as it is", self)
        self.keep.clicked.connect(self.folded)
        self.action = PrimaryButton(action, self)
        self.action.setProperty("waits", True)
        self.action.clicked.connect(self.asked)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.keep)
        foot.addWidget(self.action)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Strong(title, self))
        layout.addWidget(self.clash)
        layout.addLayout(self.inside)
        layout.addLayout(foot)

    def end_with(self, refusal: Refusal) -> None:
        """The last part of the form; Tab goes on from it to the buttons at the foot."""
        self.inside.addWidget(refusal)
        for before, after in ((refusal.accept_field.editor, self.keep), (self.keep, self.action)):
            self.setTabOrder(before, after)

    def start(self, row: AppointmentRow) -> None:
        """Nothing is asked about this appointment yet."""
        self.row = row
        self.clash.forget()

    def ask(self, row: AppointmentRow, sentence: str, clashes: Sequence[Difference], words: Words) -> None:
        """Somebody else changed the appointment meanwhile: go on from theirs, and let the person choose."""
        self.row = row
        self.clash.show_clashes(sentence, clashes, words)
        self.clash.focus_first()

    def keeps_theirs(self) -> bool:
        """Whether the person chose what somebody else made of the appointment."""
        return Keep.THEIRS in self.clash.choices().values()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the form, Enter does what it is for."""
        if event.key() == Qt.Key.Key_Escape:
            self.folded.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class ScopeField(ChoiceField[Scope]):
    """How far a change goes; asked only of an appointment of a series, and never guessed from the last answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        choices = [
            (Scope.THIS, "Only this appointment"),
            (Scope.LATER, "This and the later ones of its series"),
            (Scope.ALL, "All of its series that can still change"),
        ]
        super().__init__("Change", choices, parent)

    def begin(self, row: AppointmentRow) -> None:
        """Only this one, until the person says otherwise."""
        self.set_value(Scope.THIS)
        self.setVisible(row.series_id is not None)

    def scope(self) -> Scope:
        """What was chosen."""
        return Scope.THIS if self.isHidden() else self.value() or Scope.THIS


class MoveForm(_Unfolding):
    """Another date, time, length, room or injector."""

    move_wanted = Signal(object, object, object)
    """The ``Place``, with what a refusal is passed (``Passing``), and how far it goes in a series (``Scope``)."""

    def __init__(self, today: Callable[[], date], may_overbook: bool, parent: QWidget | None = None) -> None:
        super().__init__("Move to", "Move appointment", parent)
        self.fields = PlaceFields(today, self)
        self.refusal = Refusal(may_overbook, self)
        self.scope_field = ScopeField(self)
        self.inside.addWidget(self.scope_field)
        self.inside.addWidget(self.fields)
        self.end_with(self.refusal)
        self.fields.changed.connect(self.refusal.clear)
        self.asked.connect(self._submit)
        self.clash.part_chosen.connect(self._show_chosen)

    def set_choices(self, choices: ScheduleChoices) -> None:
        """Offer injectors and rooms."""
        self.fields.set_choices(choices)

    def begin(self, row: AppointmentRow, place: Place | None = None) -> None:
        """Start from where the appointment is, or from a place it was dropped on."""
        self.start(row)
        self.refusal.forget()
        self.scope_field.begin(row)
        self.fields.show_place(place or place_of(row))
        self.fields.room_touched = False

    def show_error(self, error: ClinicError) -> None:
        """Say why it cannot stand there."""
        if not self.fields.show_error(error):
            self.refusal.show_error(error)

    @Slot(str, object)
    def _show_chosen(self, _title: str, value: Together) -> None:
        starts_at, minutes, injector_id, room_id = value.values
        self.fields.show_place(Place(injector_id, starts_at, minutes, room_id))
        self.refusal.clear()

    @Slot()
    def _submit(self) -> None:
        if not self.fields.check() or not self.clash.check():
            return
        place = self.fields.place()
        if place is None:
            return
        if self.refusal.check():
            self.move_wanted.emit(place, self.refusal.passing(), self.scope_field.scope())


class CancelForm(_Unfolding):
    """Why it is cancelled."""

    cancel_wanted = Signal(str, object)
    """The reason, and how far it goes in a series (``Scope``)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cancel this appointment", "Cancel appointment", parent)
        self.scope_field = ScopeField(self)
        self.inside.addWidget(self.scope_field)
        self.reason_field = TextField("Reason", self, longest=500, placeholder="The patient called, is ill, …")
        self.inside.addWidget(self.reason_field)
        self.refusal = Refusal(False, self)
        self.end_with(self.refusal)
        self.reason_field.changed.connect(self.refusal.clear)
        self.asked.connect(self._submit)

    def begin(self, row: AppointmentRow) -> None:
        """An empty reason."""
        self.start(row)
        self.scope_field.begin(row)
        self.reason_field.set_value("")
        self.refusal.clear()

    def show_error(self, error: ClinicError) -> None:
        """Say why it was not cancelled."""
        if error.field == "reason":
            self.reason_field.set_error(told(error))
        else:
            self.refusal.show_error(error)

    @Slot()
    def _submit(self) -> None:
        # The service asks for the reason; its sentence then stands under the field.
        if self.clash.check():
            self.cancel_wanted.emit(self.reason_field.value(), self.scope_field.scope())
