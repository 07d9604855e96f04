"""Theirs and mine, side by side, when two people changed one chart: the person chooses part by part."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from clinic_app.ui.muscle_map.chart_merging import Conflict, Difference, Key
from clinic_app.ui.theme import AROUND, BETWEEN, GROUPS, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.clash_choice import ChoiceWords
from clinic_app.ui.widgets.headings import Muted, Strong, Title
from clinic_app.ui.widgets.sections import Hairline, Scroll, Section

_WIDEST = 880
_THEIRS, _MINE = 0, 1


class ConflictPage(QWidget):
    """A row for each part that differs. What only one of the two changed is chosen already."""

    back_wanted = Signal()
    chosen = Signal(object)
    """The ChartContent that goes on."""
    kept_apart = Signal()
    """Theirs stays as it is; mine goes on as a chart of its own."""

    def __init__(self, conflict: Conflict, patient: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conflict = conflict
        self._groups: dict[Key, QButtonGroup] = {}
        name = conflict.saved_by
        title = Title(f"{name} changed this chart too", self)
        title.setWordWrap(True)
        sentence = Muted(
            f"{f'The chart of {patient}. ' if patient else ''}Choose what goes on. What only one of you changed is "
            "chosen already, and nothing that you typed is lost: one undo brings it back.",
            self,
            wrap=True,
        )
        self.section = Section("What differs", self)
        self.all_theirs = LinkButton("All theirs", self)
        self.all_mine = LinkButton("All mine", self)
        self.all_theirs.clicked.connect(self._choose_theirs)
        self.all_mine.clicked.connect(self._choose_mine)
        self.section.add_action(self.all_theirs)
        self.section.add_action(self.all_mine)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(AROUND)
        self._grid.setVerticalSpacing(INSIDE)
        self._grid.setColumnMinimumWidth(0, 168)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.section.add(self._grid)
        for column, words in enumerate(("", name, "You")):
            self._grid.addWidget(Muted(words, self), 0, column)
        for number, difference in enumerate(conflict.found):
            self._add(2 * number + 1, difference)
        self.back = PlainButton("Back to the chart", self, icon="arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.apart = PlainButton("Keep mine as a new chart", self)
        self.apart.setToolTip(f"{name}'s chart stays as it is; yours goes on as a second chart in progress")
        self.apart.clicked.connect(self.kept_apart)
        self.go_on = PrimaryButton("Go on with these", self)
        self.go_on.clicked.connect(self._go_on)
        self._hint = Muted("", self)
        self._build(title, sentence)
        self._show_open()

    def choose(self, key: Key, mine: bool) -> None:
        """Choose one part."""
        self._groups[key].button(_MINE if mine else _THEIRS).setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back; nothing is decided by that."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _build(self, title: QWidget, sentence: QWidget) -> None:
        content = QWidget(self)
        content.setMaximumWidth(_WIDEST)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, GROUPS)
        inside.setSpacing(AROUND)
        head = QVBoxLayout()
        head.setSpacing(TIGHT)
        head.addWidget(title)
        head.addWidget(sentence)
        inside.addLayout(head)
        inside.addWidget(self.section)
        inside.addStretch(1)
        foot = QWidget(self)
        foot.setMaximumWidth(_WIDEST)
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(0, BETWEEN, 0, BETWEEN)
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self._hint)
        buttons.addWidget(self.apart)
        buttons.addWidget(self.go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Scroll(_centred(content, GROUPS, self), self), 1)
        layout.addWidget(Hairline(self))
        layout.addWidget(_centred(foot, 0, self))

    def _add(self, row: int, difference: Difference) -> None:
        self._grid.addWidget(Hairline(self), row, 0, 1, 3)
        title = Strong(difference.title, self)
        title.setWordWrap(True)
        title.setContentsMargins(0, 4, 0, 0)
        self._grid.addWidget(title, row + 1, 0, Qt.AlignmentFlag.AlignTop)
        group = QButtonGroup(self)
        sides = (("theirs", difference.theirs), ("yours", difference.mine))
        for number, (whose, text) in enumerate(sides):
            button = QRadioButton(self)
            button.setAccessibleName(f"{difference.title}, {whose}: {text}")
            group.addButton(button, number)
            label = ChoiceWords(text, button, self)
            cell = QHBoxLayout()
            cell.setSpacing(INSIDE)
            cell.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            cell.addWidget(label, 1)
            self._grid.addLayout(cell, row + 1, 1 + number)
        if difference.suggested_mine is not None:
            group.button(_MINE if difference.suggested_mine else _THEIRS).setChecked(True)
        group.idToggled.connect(self._show_open)
        self._groups[difference.key] = group

    @Slot()
    def _show_open(self) -> None:
        left = sum(group.checkedId() < 0 for group in self._groups.values())
        self._hint.setText("" if not left else "1 choice is open." if left == 1 else f"{left} choices are open.")
        self.go_on.setEnabled(not left)

    @Slot()
    def _choose_theirs(self) -> None:
        for key in self._groups:
            self.choose(key, False)

    @Slot()
    def _choose_mine(self) -> None:
        for key in self._groups:
            self.choose(key, True)

    @Slot()
    def _go_on(self) -> None:
        mine = {key for key, group in self._groups.items() if group.checkedId() == _MINE}
        self.chosen.emit(self._conflict.merged(mine))


def _centred(inside: QWidget, top: int, parent: QWidget) -> QWidget:
    outer = QWidget(parent)
    row = QHBoxLayout(outer)
    row.setContentsMargins(GROUPS, top, GROUPS, 0)
    row.addStretch(1)
    row.addWidget(inside, 1000)
    row.addStretch(1)
    return outer
