"""The fields of one kind of appointment. What is there already changes at once; a new one waits for its button."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.calendar_data import LONGEST, LONGEST_NAME, SHORTEST, TypeEntry, TypeForm
from clinic_app.terms import DeviceKind
from clinic_app.ui.naming import capital
from clinic_app.ui.settings.colour_field import NO_COLOUR, ColourField
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.chips import AnswerChip
from clinic_app.ui.widgets.fields import CheckField, LabelledField, TextField, check_all
from clinic_app.ui.widgets.flow import FlowLayout
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.value_fields import NumberField
from clinic_app.ui.wording import told

_USUAL = TypeForm("", 30)


class TypeEditor(Card):
    """Name, length, colour and what the kind needs."""

    changed = Signal(object, object)
    """Another form for the kind that is shown: the form before, and the new one."""
    added = Signal(object)
    """Carries the form of a new kind."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: TypeEntry | None = None
        self.heading = Strong("", self)
        self.name = TextField("Name", self, required=True, longest=LONGEST_NAME, placeholder="As it stands on cards")
        self.minutes = NumberField(
            "Length", self, unit="min", decimals=0, smallest=SHORTEST, largest=LONGEST, required=True
        )
        self.colour = ColourField("Colour", self)
        self.injection = CheckField(
            "Is an injection", self, hint="The interval is checked, and repeats are booked as such a kind."
        )
        chips = QWidget()
        flow = FlowLayout(chips, spacing=INSIDE)
        self.room = AnswerChip("Room", "Needs a room", chips)
        self.room.setToolTip("Booking takes a room that is free, and says so when none is.")
        self.devices = {
            kind: AnswerChip(capital(kind.value), f"Needs a device: {kind.value}", chips) for kind in DeviceKind
        }
        for chip in self.devices.values():
            chip.setToolTip("Booking takes one that is free, and says so when none is.")
        for chip in self._chips():
            chip.toggled.connect(self._changed)
            flow.addWidget(chip)
        self.needs = LabelledField("Needs", chips, self)
        self.add_button = PrimaryButton("Add type", self)
        self.add_button.clicked.connect(self._add)
        self.cancel_button = PlainButton("Cancel", self)
        self.cancel_button.clicked.connect(self.closed)
        for field in (self.name, self.minutes):
            field.editor.editingFinished.connect(self._changed)
        for choice in (self.colour, self.injection):
            choice.changed.connect(self._changed)
        self._build()

    def begin(self, entry: TypeEntry | None) -> None:
        """Show a kind, or empty fields for a new one."""
        self._entry = entry
        form = _USUAL if entry is None else entry.form
        self.heading.setText("New appointment type" if entry is None else form.name)
        self.name.set_value(form.name)
        self.minutes.set_value(form.minutes)
        self.colour.set_value(form.colour)
        self.injection.set_value(form.is_injection)
        needed = [self.room] if form.needs_room else []
        needed += [chip for kind, chip in self.devices.items() if kind in form.needs]
        for chip in self._chips():
            blocked = chip.blockSignals(True)
            chip.setChecked(chip in needed)
            chip.blockSignals(blocked)
        self.add_button.setVisible(entry is None)
        self.cancel_button.setVisible(entry is None)

    def show_newer(self, entry: TypeEntry) -> None:
        """The kind as it is now; what is typed and not kept yet stays."""
        if self._entry is None or self._entry.id != entry.id or self._form() == self._entry.form:
            self.begin(entry)
        else:
            self._entry = entry

    def show_error(self, error: ClinicError) -> None:
        """The refusal under its field, else under the name."""
        if error.field == "is_injection":
            self.injection.set_error(told(error))
        else:
            (self.minutes if error.field == "minutes" else self.name).set_error(told(error))

    def was_refused(self, before: TypeForm) -> None:
        """The form before still counts; what is typed stays to be mended."""
        if self._entry is not None:
            self._entry = replace(self._entry, form=before)

    @property
    def adds(self) -> bool:
        """Whether a new kind is being typed."""
        return self._entry is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds a new kind, Esc gives it up."""
        if self.adds and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._add()
        elif self.adds and event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _chips(self) -> tuple[AnswerChip, ...]:
        return (self.room, *self.devices.values())

    def _form(self) -> TypeForm:
        colour = self.colour.value()
        if colour is None:  # one that only a newer program knows
            colour = NO_COLOUR if self._entry is None else self._entry.form.colour
        return TypeForm(
            self.name.value(),
            int(self.minutes.value() or 0),
            self.injection.value(),
            colour,
            self.room.isChecked(),
            tuple(kind for kind, chip in self.devices.items() if chip.isChecked()),
        )

    @Slot()
    def _changed(self) -> None:
        if self._entry is None or not check_all((self.name, self.minutes)):
            return
        before, form = self._entry.form, self._form()
        if form != before:
            self._entry = replace(self._entry, form=form)
            self.heading.setText(form.name)
            self.changed.emit(before, form)

    @Slot()
    def _add(self) -> None:
        if check_all((self.name, self.minutes)):
            self.added.emit(self._form())

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(BETWEEN)
        for column, stretch in enumerate((3, 1, 2)):
            grid.setColumnStretch(column, stretch)
        top = Qt.AlignmentFlag.AlignTop
        for column, field in enumerate((self.name, self.minutes, self.colour)):
            grid.addWidget(field, 0, column, top)
        grid.addWidget(self.injection, 1, 0, top)
        grid.addWidget(self.needs, 1, 1, 1, 2, top)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.add_button)
        self.layout_inside.addWidget(self.heading)
        self.layout_inside.addLayout(grid)
        self.layout_inside.addLayout(foot)
