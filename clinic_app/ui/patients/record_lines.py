"""Lines of the record as they are read: what it is, what is known of it, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from clinic_app.ui.patients.parts import clear_layout, plain_label
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, set_text_color
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.wording import breakable


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, what is known, when, and a mark that something about it is over. ``past`` is quiet."""

    name: str
    more: str = ""
    when: str = ""
    mark: str = ""
    past: bool = False

    def spoken(self) -> str:
        """All of it, for those who listen."""
        return ", ".join(part for part in (self.name, self.more, self.when, self.mark) if part)


class RecordLines(QWidget):
    """Lines under each other; without any, a sentence."""

    def __init__(self, nothing: str, parent: QWidget | None = None, *, past: str = "Past") -> None:
        super().__init__(parent)
        self._nothing = nothing
        self._past = past
        self._lines: tuple[Line, ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(BETWEEN)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; the same again leave everything where it is."""
        if self._lines == tuple(lines):
            return
        self._lines = tuple(lines)
        clear_layout(self._grid)
        if not lines:
            self._grid.addWidget(Muted(self._nothing, self, wrap=True), 0, 0, 1, 2)
        before = False
        for number, line in enumerate(lines):
            if line.past and not before and self._past:
                caption = Muted(self._past, self)
                caption.setContentsMargins(0, TIGHT, 0, TIGHT)
                self._grid.addWidget(caption, 4 * number, 0, 1, 2)
            before = line.past
            self._add(4 * number + 1, line)

    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines or ()

    def _add(self, row: int, line: Line) -> None:
        if row > 1:
            self._grid.setRowMinimumHeight(row - 2, INSIDE)
        name = _quiet(plain_label(line.name, self)) if line.past else plain_label(line.name, self)
        name.setAccessibleName(line.spoken())
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        right = QHBoxLayout()
        right.setSpacing(INSIDE)
        if line.mark:
            right.addWidget(Pill(line.mark, Level.WARN, self))
        if line.when:
            right.addWidget(Muted(line.when, self))
        self._grid.addLayout(right, row, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        if line.more:
            self._grid.addWidget(Muted(breakable(line.more), self, wrap=True), row + 1, 0, 1, 2)


def _quiet(label: QLabel) -> QLabel:
    on_palette_change(label, lambda: set_text_color(label, current_theme().muted))
    return label
