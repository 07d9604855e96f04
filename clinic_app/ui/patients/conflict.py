"""Theirs and mine, side by side: the person chooses each field that two people changed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.ui.differences import Difference, Keep
from clinic_app.ui.patients.merging import NAMES, shown
from clinic_app.ui.patients.parts import clear_layout, plain_label
from clinic_app.ui.patients.words import shortened
from clinic_app.ui.theme import AROUND, BETWEEN
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline, Scroll, Section

_KEPT = (Keep.THEIRS, Keep.MINE, Keep.BOTH)
"""What the buttons of a row stand for, in their order."""


class ConflictPage(QWidget):
    """A row for each field that differs. What only one of the two changed is chosen already."""

    chosen = Signal()

    def __init__(self, reference: Reference, widest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._groups: dict[str, QButtonGroup] = {}
        self.notice = Note(Level.WARN, self)
        self.section = Section("Choose what to keep", self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(AROUND)
        self._grid.setVerticalSpacing(BETWEEN)
        self._grid.setColumnMinimumWidth(0, 140)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.section.add(self._grid)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.notice)
        layout.addWidget(self.section)
        layout.addStretch(1)
        inside.setMaximumWidth(widest)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = Scroll(inside, self)
        area.setAlignment(Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(area)

    def show_differences(self, name: str, found: Sequence[Difference]) -> None:
        """Show what differs."""
        clear_layout(self._grid)
        self._groups = {}
        self.notice.say(
            f"Somebody else saved {shortened(name)} while you were typing. Choose which version of each field to keep, "
            "then save again. Nothing that you typed is lost."
        )
        for column, title in enumerate(("Field", "Theirs", "Yours")):
            self._grid.addWidget(Muted(title, self), 0, column)
        for number, difference in enumerate(found):
            self._add(3 * number + 1, difference)

    def choices(self) -> dict[str, Keep]:
        """What is chosen so far, by field."""
        return {name: _KEPT[group.checkedId()] for name, group in self._groups.items() if group.checkedId() >= 0}

    def choose(self, name: str, keep: Keep) -> None:
        """Choose for one field."""
        self._groups[name].button(_KEPT.index(keep)).click()

    def open_fields(self) -> list[str]:
        """The fields still to be chosen."""
        return [name for name, group in self._groups.items() if group.checkedId() < 0]

    def _add(self, row: int, difference: Difference) -> None:
        self._grid.addWidget(Hairline(self), row, 0, 1, 3)
        title = Strong(NAMES[difference.name], self)
        title.setContentsMargins(0, 4, 0, 0)
        self._grid.addWidget(title, row + 1, 0, Qt.AlignmentFlag.AlignTop)
        group = QButtonGroup(self)
        offered = [("theirs", difference.theirs), ("yours", difference.mine)]
        if difference.both is not None:
            offered.append(("what both of you did", difference.both))
        for number, (whose, value) in enumerate(offered):
            text = shown(self._reference, difference.name, value)
            button = QRadioButton(self)
            button.setAccessibleName(f"{NAMES[difference.name]}, {whose}: {text}")
            group.addButton(button, number)
            cell = QHBoxLayout()
            cell.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            label = plain_label(text, self)
            label.setContentsMargins(0, 4, 0, 0)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            cell.addWidget(label, 1)
            if number == _KEPT.index(Keep.BOTH):
                self._grid.addWidget(self._caption("Both together"), row + 2, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addLayout(cell, row + 2, 1, 1, 2)
            else:
                self._grid.addLayout(cell, row + 1, 1 + number)
        if difference.suggested is not None:
            group.button(_KEPT.index(difference.suggested)).setChecked(True)
        group.idToggled.connect(self._picked)
        self._groups[difference.name] = group

    def _caption(self, text: str) -> Muted:
        caption = Muted(text, self)
        caption.setContentsMargins(0, 4, 0, 0)
        return caption

    @Slot(int, bool)
    def _picked(self, _number: int, on: bool) -> None:
        if on:
            self.chosen.emit()
