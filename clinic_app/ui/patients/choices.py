"""Choices that stand open: one of a few with what each means, several of a list, yes or no."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from clinic_app.ui.patients.parts import clear_layout
from clinic_app.ui.theme import AROUND, TIGHT
from clinic_app.ui.widgets.fields import LabelledField
from clinic_app.ui.widgets.headings import Muted

Value = TypeVar("Value")


class OpenChoice(LabelledField, Generic[Value]):
    """Radio buttons, each with a word and perhaps a line that says what it means."""

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[Value, str, str]],
        parent: QWidget | None = None,
        *,
        required: bool = False,
        across: bool = False,
    ) -> None:
        editor = QWidget()
        super().__init__(label, editor, parent, required=required)
        self._values = [value for value, _, _ in choices]
        self.group = QButtonGroup(self)
        layout: QHBoxLayout | QVBoxLayout = QHBoxLayout(editor) if across else QVBoxLayout(editor)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(AROUND if across else 0)
        for number, (_, word, meaning) in enumerate(choices):
            button = QRadioButton(word, editor)
            button.setAccessibleDescription(meaning)
            button.setToolTip(meaning)
            self.group.addButton(button, number)
            layout.addWidget(button)
            if meaning:
                row = QHBoxLayout()
                row.setContentsMargins(26, 0, 0, TIGHT)
                row.addWidget(Muted(meaning, editor, wrap=True))
                layout.addLayout(row)
        if across:
            layout.addStretch(1)
        self.setFocusProxy(self.group.button(0))
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        self.group.idToggled.connect(self._picked)

    def value(self) -> Value | None:
        """The chosen value, or None."""
        number = self.group.checkedId()
        return self._values[number] if number >= 0 else None

    def set_value(self, value: Value | None) -> None:
        """Choose without telling ``changed``; None chooses nothing."""
        with QSignalBlocker(self.group):
            self.group.setExclusive(False)
            for number, own in enumerate(self._values):
                self.group.button(number).setChecked(own == value and value is not None)
            self.group.setExclusive(True)
        self.set_error("")

    def _empty(self) -> bool:
        return self.group.checkedId() < 0

    @Slot(int, bool)
    def _picked(self, _number: int, on: bool) -> None:
        if on:
            self._edited()


class ManyChoice(LabelledField, Generic[Value]):
    """Check boxes in groups with captions."""

    def __init__(self, label: str, parent: QWidget | None = None, *, nothing: str = "") -> None:
        self._inside = QWidget()
        super().__init__(label, self._inside, parent)
        self._nothing = nothing
        self._boxes: list[tuple[Value, QCheckBox]] = []
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def set_groups(self, groups: Sequence[tuple[str, Sequence[tuple[Value, str]]]]) -> None:
        """Offer these values; what was ticked before stays ticked when it is still offered."""
        before = set(self.value())
        clear_layout(self._layout)
        self._boxes = []
        for caption, choices in groups:
            if not choices:
                continue
            if caption:
                self._layout.addWidget(Muted(caption, self._inside))
            for value, text in choices:
                box = QCheckBox(text, self._inside)
                box.setChecked(value in before)
                box.toggled.connect(self._ticked)
                self._layout.addWidget(box)
                self._boxes.append((value, box))
        if not self._boxes and self._nothing:
            self._layout.addWidget(Muted(self._nothing, self._inside, wrap=True))

    def value(self) -> tuple[Value, ...]:
        """What is ticked."""
        return tuple(value for value, box in self._boxes if box.isChecked())

    def set_value(self, values: Sequence[Value]) -> None:
        """Tick these without telling ``changed``."""
        for value, box in self._boxes:
            with QSignalBlocker(box):
                box.setChecked(value in values)

    def offered_values(self) -> list[Value]:
        """The values offered, in order."""
        return [value for value, _ in self._boxes]

    def offered(self) -> list[str]:
        """The texts offered, in order."""
        return [box.text() for _, box in self._boxes]

    @Slot()
    def _ticked(self) -> None:
        self._edited()
