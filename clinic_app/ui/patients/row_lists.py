"""Lists in a form as simple rows: Enter adds one, Ctrl+Delete takes one away, all by keyboard."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.ui.patients.parts import tight_link
from clinic_app.ui.patients.row_editor import Cell, Follows, RowCheck, RowEditor, Values
from clinic_app.ui.patients.words import shortened
from clinic_app.ui.theme import AROUND, TIGHT
from clinic_app.ui.widgets.button_round import ButtonRound
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.flow import FlowLayout
from clinic_app.ui.widgets.headings import Strong

Item = TypeVar("Item")
Usual = tuple[str, Values]
"""A common answer: its word, and the values of the row that it adds."""
_TITLE_WIDTH = 150


class RowList(QWidget, Generic[Item]):
    """A titled list of rows. ``read`` makes an item of a row's values, ``show`` the values of an item."""

    changed = Signal()
    removed = Signal(str, object)
    """A sentence about the row that was taken away, and what brings it back."""

    def __init__(
        self,
        title: str,
        noun: str,
        cells: Sequence[Cell],
        read: Callable[[Values], Item],
        show: Callable[[Item], Values],
        parent: QWidget | None = None,
        *,
        usual: Sequence[Usual] = (),
        follows: Follows | None = None,
        row_check: RowCheck | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self._noun = noun
        self._cells = tuple(cells)
        self._read = read
        self._show = show
        self._follows = follows
        self._row_check = row_check
        self._rows: list[RowEditor] = []
        self._taken_away: list[tuple[int, Values]] = []
        self._error = FieldError(self)
        self._layout = QVBoxLayout()
        self._layout.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addLayout(self._head(usual))
        layout.addLayout(self._layout)
        layout.addWidget(self._error)

    def rows(self) -> list[RowEditor]:
        """The rows, also those still empty."""
        return list(self._rows)

    def items(self) -> tuple[Item, ...]:
        """What was typed; empty rows are left out."""
        return tuple(self._read(row.values()) for row in self._rows if not row.empty())

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        rows = [stop for row in self._rows for stop in row.tab_stops()]
        return [self.add_button, *self.usual_buttons.values(), *rows]

    def set_items(self, items: Sequence[Item]) -> None:
        """Show these items without telling ``changed``."""
        for row in self._rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        self._taken_away = []
        for item in items:
            self._new_row().set_values(self._show(item))
        self.set_error("")

    def check(self) -> bool:
        """Check every row."""
        return not [row for row in self._rows if not row.check()]

    def set_error(self, text: str) -> None:
        """Show an error under the list, or take it away with ""."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def error(self) -> str:
        """The error shown, or ""."""
        return self._error.text()

    @Slot()
    def add_row(self) -> None:
        """Add an empty row and go there; an empty one that stands there is used first."""
        self._empty_row().focus_first()

    def add_usual(self, values: Values) -> None:
        """Add a row with a common answer and go to what is still to type."""
        row = self._empty_row()
        row.set_values(values)
        row.focus_first(values)
        self._edited()

    @Slot()
    def bring_back(self) -> None:
        """Bring back the row that was taken away last."""
        if not self._taken_away:
            return
        number, values = self._taken_away.pop()
        row = self._new_row(min(number, len(self._rows)))
        row.set_values(values)
        row.focus_first()
        self._edited()

    def _head(self, usual: Sequence[Usual]) -> QHBoxLayout:
        title = Strong(self.title, self)
        title.setFixedWidth(_TITLE_WIDTH)
        title.setMinimumHeight(22)
        head = QHBoxLayout()
        head.setSpacing(AROUND)
        head.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        ways = FlowLayout(spacing=AROUND, line_spacing=0)
        head.addLayout(ways, 1)
        self.add_button = tight_link(f"Add {self._noun}", self, icon="plus")
        self.add_button.setToolTip(f"Add {self._noun}; Enter in a row adds the next one")
        self.add_button.clicked.connect(self.add_row)
        self.usual_buttons: dict[str, LinkButton] = {}
        for word, values in usual:
            button = tight_link(word, self, icon="plus")
            button.setAccessibleName(f"Add {self._noun}: {word}")
            button.clicked.connect(lambda _=False, own=values: self.add_usual(own))
            self.usual_buttons[word] = button
        self._buttons = ButtonRound(self)
        for button in (self.add_button, *self.usual_buttons.values()):
            ways.addWidget(button)
        self._buttons.set_buttons([self.add_button, *self.usual_buttons.values()])
        return head

    def _empty_row(self) -> RowEditor:
        return next((row for row in self._rows if row.empty()), None) or self._new_row()

    def _new_row(self, number: int | None = None) -> RowEditor:
        row = RowEditor(self._cells, self._noun, self, follows=self._follows, row_check=self._row_check)
        place = len(self._rows) if number is None else number
        self._rows.insert(place, row)
        self._layout.insertWidget(place, row)
        row.show()  # Tab may come before Qt shows what was added
        row.changed.connect(self._edited)
        row.removal_asked.connect(self._remove)
        row.undo_asked.connect(self.bring_back)
        row.next_asked.connect(self.add_row)
        self._number_rows()
        return row

    def _number_rows(self) -> None:
        for number, row in enumerate(self._rows):
            row.show_labels(number == 0)

    @Slot()
    def _edited(self) -> None:
        self.set_error("")
        self.changed.emit()

    @Slot()
    def _remove(self) -> None:
        row = self.sender()
        if not isinstance(row, RowEditor):
            return
        number, empty, values = self._rows.index(row), row.empty(), row.values()
        self._rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._number_rows()
        if self._rows:
            self._rows[min(number, len(self._rows) - 1)].focus_first()
        else:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if not empty:
            self._taken_away.append((number, values))
            what = next((value for value in values.values() if isinstance(value, str) and value), self._noun)
            self.removed.emit(f"{shortened(what)} removed.", self.bring_back)
        self._edited()
