"""Lists in a form as simple rows: Enter adds one, Ctrl+Delete takes one away, all by keyboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.ui.theme import INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.fields import FieldError, LabelledField, TextField
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField

Item = TypeVar("Item")
Values = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One field of a row: its name, how it is made, and its share of the width."""

    name: str
    make: Callable[[], LabelledField]
    stretch: int = 1


class RowEditor(QWidget):
    """One row of a list."""

    changed = Signal()
    removal_asked = Signal()
    next_asked = Signal()

    def __init__(self, cells: Sequence[Cell], noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, LabelledField] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        for cell in cells:
            field = cell.make()
            field.setParent(self)
            self.fields[cell.name] = field
            layout.addWidget(field, cell.stretch)
            field.changed.connect(self.changed)
            field.editor.installEventFilter(self)
        self.remove_button = IconButton("x", f"Remove this {noun} (Ctrl+Delete)", self)
        self.remove_button.clicked.connect(self.removal_asked)
        # The button stands beside the editors, not beside their labels.
        self._above = QWidget(self)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._above)
        beside.addWidget(self.remove_button)
        beside.addStretch(1)
        layout.addLayout(beside)

    def show_labels(self, shown: bool) -> None:
        """The first row says what its columns are."""
        for field in self.fields.values():
            field.label.setVisible(shown)
        height = next(iter(self.fields.values())).label.sizeHint().height() + TIGHT if shown else 0
        self._above.setFixedHeight(height)

    def values(self) -> Values:
        """What stands in the fields."""
        return {name: field.value() for name, field in self.fields.items()}  # type: ignore[attr-defined]  # every field has one

    def set_values(self, values: Values) -> None:
        """Fill the fields."""
        for name, field in self.fields.items():
            field.set_value(values.get(name))  # type: ignore[attr-defined]  # every field has one

    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.values().values()) and not any(
            isinstance(field, TextField) and field.editor.text().strip() for field in self.fields.values()
        )

    def check(self) -> bool:
        """Check the fields; an empty row is simply left out."""
        return self.empty() or not [field for field in self.fields.values() if not field.check()]

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter asks for the next row, Ctrl+Delete for the end of this one."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self.next_asked.emit()
                return True
            if event.key() == Qt.Key.Key_Delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.removal_asked.emit()
                return True
        return False


class RowList(QWidget, Generic[Item]):
    """A titled list of rows. ``read`` makes an item of a row's values, ``show`` the values of an item."""

    changed = Signal()

    def __init__(
        self,
        title: str,
        noun: str,
        cells: Sequence[Cell],
        read: Callable[[Values], Item],
        show: Callable[[Item], Values],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self._noun = noun
        self._cells = tuple(cells)
        self._read = read
        self._show = show
        self._rows: list[RowEditor] = []
        self._error = FieldError(self)
        self.add_button = LinkButton(f"Add {noun}", self, icon="plus")
        self.add_button.clicked.connect(self.add_row)
        self._layout = QVBoxLayout()
        self._layout.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(Strong(title, self))
        top.addStretch(1)
        top.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addLayout(top)
        layout.addLayout(self._layout)
        layout.addWidget(self._error)
        self.setFocusProxy(self.add_button)

    def rows(self) -> list[RowEditor]:
        """The rows, also those still empty."""
        return list(self._rows)

    def items(self) -> tuple[Item, ...]:
        """What was typed; empty rows are left out."""
        return tuple(self._read(row.values()) for row in self._rows if not row.empty())

    def set_items(self, items: Sequence[Item]) -> None:
        """Show these items without telling ``changed``."""
        for row in self._rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
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
        waiting = next((row for row in self._rows if row.empty()), None)
        (waiting or self._new_row()).focus_first()

    def _new_row(self) -> RowEditor:
        row = RowEditor(self._cells, self._noun, self)
        row.show_labels(not self._rows)
        self._rows.append(row)
        self._layout.addWidget(row)
        row.changed.connect(self._edited)
        row.removal_asked.connect(self._remove)
        row.next_asked.connect(self.add_row)
        # The button comes after the rows in the order of Tab.
        QWidget.setTabOrder(row.remove_button, self.add_button)
        return row

    @Slot()
    def _edited(self) -> None:
        self.set_error("")
        self.changed.emit()

    @Slot()
    def _remove(self) -> None:
        row = self.sender()
        if not isinstance(row, RowEditor):
            return
        number = self._rows.index(row)
        self._rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        if self._rows:
            self._rows[0].show_labels(True)
            self._rows[min(number, len(self._rows) - 1)].focus_first()
        else:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edited()


def text_cell(name: str, label: str, *, required: bool = False, stretch: int = 3, longest: int = 1000) -> Cell:
    """A line of text."""
    return Cell(name, lambda: TextField(label, required=required, longest=longest), stretch)


def choice_cell(
    name: str,
    label: str,
    choices: Sequence[tuple[Any, str]],
    *,
    stretch: int = 3,
    searchable: bool = False,
    required: bool = False,
) -> Cell:
    """One of a list; the first stands for nothing chosen."""

    def make() -> LabelledField:
        field = ChoiceField[Any](label, choices, searchable=searchable, required=required)
        field.set_value(None if required else choices[0][0])
        return field

    return Cell(name, make, stretch)


def date_cell(name: str, label: str, today: Callable[[], date], *, required: bool = False, past: bool = True) -> Cell:
    """A date."""
    return Cell(name, lambda: DateField(label, required=required, in_the_past=past, today=today), 2)


def number_cell(name: str, label: str, unit: str, *, decimals: int = 1, smallest: Decimal | int = 0) -> Cell:
    """A number with its unit."""
    return Cell(name, lambda: NumberField(label, unit=unit, decimals=decimals, smallest=smallest), 2)
