"""Fields whose common answers stand open as chips, with room beside them for the person's own words."""

from collections.abc import Sequence
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from clinic_app.ui.widgets.button_round import ButtonRound
from clinic_app.ui.widgets.chips import AnswerChip, Chip
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.fields import LabelledField
from clinic_app.ui.widgets.flow import FlowLayout

Value = TypeVar("Value")

_GAP = 6
_OWN_WIDTH = 168
_OWN_LONGEST = 200


class _ChipField(LabelledField, Generic[Value]):
    """The chips, and the line for own words where there is one."""

    editor: QWidget
    own: InsetLineEdit | None = None

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[Value, str, str]],
        parent: QWidget | None = None,
        *,
        own_words: str = "",
        letter_picks: bool = False,
    ) -> None:
        super().__init__(label, QWidget(), parent)
        self._round = ButtonRound(self, letter_picks=letter_picks)
        self._flow = FlowLayout(self.editor, spacing=_GAP)
        self._chips: dict[Value, Chip] = {}
        for value, word, meaning in choices:
            self._add_chip(value, word, meaning)
        if own_words:
            self._add_own(own_words)
        self._round.set_buttons(list(self._chips.values()))

    def chip(self, value: Value) -> Chip:
        """The chip of a value. Raises KeyError when it is not offered."""
        return self._chips[value]

    def chips(self) -> tuple[Chip, ...]:
        """All chips in their order."""
        return tuple(self._chips.values())

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [*self._chips.values(), *(() if self.own is None else (self.own,))]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the own words, and leaving them."""
        if watched is self.own and self.own is not None:
            if event.type() == QEvent.Type.FocusOut:
                self._take_own()
            elif (
                event.type() == QEvent.Type.KeyPress
                and isinstance(event, QKeyEvent)
                and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            ):
                self._take_own()
                return True
        return super().eventFilter(watched, event)

    def _add_chip(self, value: Value, word: str, meaning: str = "") -> Chip:
        chip = AnswerChip(word, f"{self.name}: {word}", self.editor)
        chip.setToolTip(meaning)
        chip.setAccessibleDescription(meaning)
        chip.toggled.connect(partial(self._toggled, value))
        self._chips[value] = chip
        if self.own is None:
            self._flow.addWidget(chip)
        else:
            self._flow.insert_before(chip, self.own)
        chip.show()
        return chip

    def _add_own(self, placeholder: str) -> None:
        own = InsetLineEdit(self.editor)
        own.setPlaceholderText(placeholder)
        own.setAccessibleName(f"{self.name}: {placeholder}")
        own.setMaxLength(_OWN_LONGEST)
        own.setMinimumWidth(_OWN_WIDTH)
        own.textEdited.connect(self._own_edited)
        own.installEventFilter(self)
        self._flow.add_growing(own)
        self.own = own

    def _toggled(self, value: Value, on: bool) -> None:
        raise NotImplementedError

    @Slot()
    def _own_edited(self) -> None:
        self._edited()

    def _take_own(self) -> None:
        """What was typed becomes part of the value."""


class OneChip(_ChipField[Value]):
    """One of a few answers, or none: the chip that is on is switched off by a second click.

    With ``own_words`` the value is what is typed beside the chips when none is on; then values are texts.
    """

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[Value, str, str]],
        parent: QWidget | None = None,
        *,
        own_words: str = "",
    ) -> None:
        super().__init__(label, choices, parent, own_words=own_words, letter_picks=True)

    def value(self) -> Value | None:
        """The answer, or None."""
        for value, chip in self._chips.items():
            if chip.isChecked():
                return value
        typed = "" if self.own is None else self.own.text().strip()
        return typed or None  # type: ignore[return-value]  # own words are only asked for where values are texts

    def set_value(self, value: Value | None) -> None:
        """Show an answer without telling ``changed``."""
        for own, chip in self._chips.items():
            with QSignalBlocker(chip):
                chip.setChecked(own == value and value is not None)
        if self.own is not None:
            with QSignalBlocker(self.own):
                self.own.setText("" if value is None or value in self._chips else str(value))
        self._round.rest()
        self.set_error("")

    def _toggled(self, value: Value, on: bool) -> None:
        if on:
            self.set_value(value)
        self._edited()

    @Slot()
    def _own_edited(self) -> None:
        for chip in self._chips.values():
            with QSignalBlocker(chip):
                chip.setChecked(False)
        self._edited()

    def _take_own(self) -> None:
        assert self.own is not None
        typed = self.own.text().strip().casefold()
        meant = next((value for value, chip in self._chips.items() if chip.text().casefold() == typed), None)
        if meant is not None:
            self.set_value(meant)


class ManyChips(_ChipField[str]):
    """Any number of answers: ids of a closed list, and own words, which become chips with Enter."""

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
        *,
        own_words: str = "In your own words",
    ) -> None:
        self._picked: list[str] = []
        self._offered = tuple(value for value, _, _ in choices)
        super().__init__(label, choices, parent, own_words=own_words)

    def value(self) -> tuple[str, ...]:
        """The answers in the order in which they were given; what is still being typed counts."""
        typed = self._typed()
        return (*self._picked, *((typed,) if typed and typed not in self._picked else ()))

    def set_value(self, values: Sequence[str]) -> None:
        """Show answers without telling ``changed``."""
        for value in [known for known in self._chips if known not in self._offered]:
            chip = self._chips.pop(value)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._picked = list(values)
        for value in values:
            if value not in self._chips:
                self._add_chip(value, value)
        for value, chip in self._chips.items():
            with QSignalBlocker(chip):
                chip.setChecked(value in self._picked)
        if self.own is not None:
            with QSignalBlocker(self.own):
                self.own.clear()
        self._round.set_buttons(list(self._chips.values()))
        self.set_error("")

    def _toggled(self, value: str, on: bool) -> None:
        if on:
            self._picked.append(value)
        else:
            self._picked.remove(value)
        self._edited()

    def _typed(self) -> str:
        """The value of what stands in the line: the id where it is the word of a chip."""
        typed = "" if self.own is None else " ".join(self.own.text().split())
        folded = typed.casefold()
        return next((value for value, chip in self._chips.items() if chip.text().casefold() == folded), typed)

    def _take_own(self) -> None:
        assert self.own is not None
        typed = self._typed()
        if not typed:
            return
        if typed not in self._picked:
            self._picked.append(typed)
        self.set_value(tuple(self._picked))
        self._edited()
