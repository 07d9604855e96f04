"""Where a save met another one, in a narrow panel: theirs or mine for each part that both changed."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.ui.differences import Difference, Keep
from clinic_app.ui.theme import BETWEEN, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.wording import breakable

_KEPT = (Keep.THEIRS, Keep.MINE, Keep.BOTH)
"""What the buttons of a part stand for, in their order."""
_WORDS = {Keep.THEIRS: "Theirs", Keep.MINE: "Yours", Keep.BOTH: "Both"}


class ClashChoice(QWidget):
    """A sentence and, for each part that two people changed, what either made of it. Takes no room without one.

    The form shows mine until another is chosen, which ``part_chosen`` tells; it saves what it shows.
    """

    part_chosen = Signal(str, object)
    """The part's name and the value that it gets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = Note(Level.WARN, self)
        self._groups: dict[str, QButtonGroup] = {}
        self._differences: dict[str, Difference] = {}
        self._shown: dict[str, Keep] = {}
        self._parts = QWidget(self)
        self._missing = FieldError(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(BETWEEN)
        self._layout.addWidget(self.notice)
        self._layout.addWidget(self._parts)
        self._layout.addWidget(self._missing)
        self._layout.addWidget(Hairline(self))
        self.hide()

    def show_clashes(self, sentence: str, clashes: Sequence[Difference], words: Callable[[str, Any], str]) -> None:
        """Ask about each part. ``words`` tells a part's value, by the part's name, as a person reads it."""
        self.forget()
        self.notice.say(sentence)
        rows = QVBoxLayout(self._parts)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(BETWEEN)
        self._differences = {each.name: each for each in clashes}
        self._shown = dict.fromkeys(self._differences, Keep.MINE)
        for difference in clashes:
            rows.addLayout(self._part(difference, words))
        self._take_place_in_order()
        self.setVisible(bool(clashes))

    def forget(self) -> None:
        """Nothing clashes any more."""
        self._differences, self._groups = {}, {}
        self._parts.hide()
        self._parts.deleteLater()
        self._parts = QWidget(self)
        self._layout.insertWidget(1, self._parts)
        self._missing.hide()
        self.hide()

    def choose(self, name: str, keep: Keep) -> None:
        """Choose for one part."""
        self._groups[name].button(_KEPT.index(keep)).click()

    def choices(self) -> dict[str, Keep]:
        """What is chosen so far, by part."""
        return {name: _KEPT[group.checkedId()] for name, group in self._groups.items() if group.checkedId() >= 0}

    def open_parts(self) -> list[str]:
        """The parts still to be chosen."""
        return [name for name, group in self._groups.items() if group.checkedId() < 0]

    def check(self) -> bool:
        """Whether all is chosen; says so and goes to the first that is open when not."""
        waiting = self.open_parts()
        self._missing.setText(f"Choose which to keep: {', '.join(waiting)}." if waiting else "")
        self._missing.setVisible(bool(waiting))
        if waiting:
            self.focus_first()
        return not waiting

    def focus_first(self) -> None:
        """Put the focus on the first part that is open."""
        for name in (*self.open_parts(), *self._groups):
            self._groups[name].button(0).setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def _part(self, difference: Difference, words: Callable[[str, Any], str]) -> QVBoxLayout:
        group = QButtonGroup(self._parts)
        part = QVBoxLayout()
        part.setSpacing(TIGHT)
        title = Strong(difference.name, self._parts)
        title.setWordWrap(True)
        part.addWidget(title)
        offered = _KEPT if difference.both is not None else _KEPT[:2]
        for number, keep in enumerate(offered):
            text = words(difference.name, difference.value(keep))
            button = QRadioButton(self._parts)
            button.setAccessibleName(f"{difference.name}, {_WORDS[keep].lower()}: {text}")
            group.addButton(button, number)
            row = QHBoxLayout()
            row.setSpacing(0)  # the button brings the space beside it
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(ChoiceWords(f"{_WORDS[keep]}: {text}", button, self._parts), 1)
            part.addLayout(row)
        self._groups[difference.name] = group
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        group.idToggled.connect(self._picked)
        return part

    def _take_place_in_order(self) -> None:
        """Tab goes through the parts where this widget stands in its form, not after all that was made before them."""
        before = self.previousInFocusChain()
        while before is not None and before is not self and before.focusPolicy() is Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        assert before is not None  # the chain is a ring
        for group in self._groups.values():
            for button in group.buttons():
                QWidget.setTabOrder(before, button)
                before = button

    @Slot(int, bool)
    def _picked(self, number: int, on: bool) -> None:
        if not on:
            return
        self._missing.hide()
        name = next(name for name, group in self._groups.items() if group is self.sender())
        if self._shown[name] is not _KEPT[number]:  # the form shows mine, perhaps typed over since
            self._shown[name] = _KEPT[number]
            self.part_chosen.emit(name, self._differences[name].value(_KEPT[number]))


class ChoiceWords(QLabel):
    """The words beside a radio button, as many lines as they need; a click on them chooses it."""

    def __init__(self, text: str, button: QRadioButton, parent: QWidget) -> None:
        super().__init__(breakable(text), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(0, 4, 0, 4)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMinimumWidth(40)
        self.setBuddy(button)
        self._button = button

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        self._button.setChecked(True)
