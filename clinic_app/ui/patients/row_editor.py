"""One row of a list in a form, and the kinds of cells it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from clinic_app.ui.theme import AROUND, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton
from clinic_app.ui.widgets.fields import LabelledField, TextField
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField, PartialDateField

Values = dict[str, Any]
RowCheck = Callable[[Values], tuple[str, str] | None]
"""Says which cell does not fit the others and what to do, or None."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Cell:
    """One field of a row: its name, how it is made, and its share of the width."""

    name: str
    make: Callable[[], LabelledField]
    stretch: int = 1


@dataclass(frozen=True)
class Follows:
    """A cell that follows another one until the person fills it: the class of a medicine follows its name."""

    source: str
    target: str
    work_out: Callable[[Any], Any]


class RowEditor(QWidget):
    """One row of a list. Values that have no cell stay as they were shown."""

    changed = Signal()
    removal_asked = Signal()
    undo_asked = Signal()
    next_asked = Signal()

    def __init__(
        self,
        cells: Sequence[Cell],
        noun: str,
        parent: QWidget | None = None,
        *,
        follows: Follows | None = None,
        row_check: RowCheck | None = None,
    ) -> None:
        super().__init__(parent)
        self.fields: dict[str, LabelledField] = {}
        self._shown: Values = {}
        self._follows = follows
        self._filled_by_hand = False
        self._row_check = row_check
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        for cell in cells:
            field = cell.make()
            field.setParent(self)
            self.fields[cell.name] = field
            # Only the shares decide the widths, so that the cells of all rows stand under each other.
            field.setSizePolicy(QSizePolicy.Policy.Ignored, field.sizePolicy().verticalPolicy())
            layout.addWidget(field, cell.stretch)
            field.changed.connect(self._edited)
            field.editor.installEventFilter(self)
        if follows is not None:
            self.fields[follows.source].changed.connect(self._follow)
            self.fields[follows.target].changed.connect(self._by_hand)
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

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [*(field.editor for field in self.fields.values()), self.remove_button]

    def values(self) -> Values:
        """What stands in the fields, beside what has no field."""
        return self._shown | {name: field.value() for name, field in self.fields.items()}  # type: ignore[attr-defined]  # every field has one

    def set_values(self, values: Values) -> None:
        """Fill the fields."""
        self._shown = dict(values)
        for name, field in self.fields.items():
            if name in values:
                field.set_value(values[name])  # type: ignore[attr-defined]  # every field has one
        self._filled_by_hand = self._follows is not None and bool(values.get(self._follows.target))

    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.values().values()) and not any(
            isinstance(field, TextField) and field.editor.text().strip() for field in self.fields.values()
        )

    def check(self) -> bool:
        """Check the fields and how they go together; an empty row is simply left out."""
        if self.empty():
            return True
        if [field for field in self.fields.values() if not field.check()]:
            return False
        wrong = None if self._row_check is None else self._row_check(self.values())
        if wrong is not None:
            self.fields[wrong[0]].set_error(wrong[1])
        return wrong is None

    def focus_first(self, filled: Values | None = None) -> None:
        """Put the cursor into the first field that was not filled already."""
        names = [name for name in self.fields if not (filled or {}).get(name)] or list(self.fields)
        self.fields[names[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter asks for the next row, Ctrl+Delete for the end of this one; Ctrl+Z brings the last removed one back."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and _is_cut(watched):
            # A narrow cell says the whole of its text before it teaches.
            QToolTip.showText(event.globalPos(), "\n".join((watched.text(), watched.toolTip())).strip(), watched)
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _ENTER and not event.modifiers():
                self.next_asked.emit()
                return True
            if event.key() == Qt.Key.Key_Delete and event.modifiers() & _CONTROL:
                self.removal_asked.emit()
                return True
            if event.key() == Qt.Key.Key_Z and event.modifiers() == _CONTROL and not _can_undo(watched):
                self.undo_asked.emit()
                return True
        return False

    @Slot()
    def _edited(self) -> None:
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        if self._follows is not None and not self._filled_by_hand:
            source, target = self.fields[self._follows.source], self.fields[self._follows.target]
            value = self._follows.work_out(source.value())  # type: ignore[attr-defined]  # every field has one
            target.set_value(value)  # type: ignore[attr-defined]  # every field has one

    @Slot()
    def _by_hand(self) -> None:
        self._filled_by_hand = True


def text_cell(
    name: str,
    label: str,
    *,
    required: bool = False,
    stretch: int = 3,
    longest: int = 1000,
    placeholder: str = "",
    proposals: Sequence[str] = (),
    tooltip: str = "",
) -> Cell:
    """A line of text, which completes what it can propose."""

    def make() -> LabelledField:
        field = TextField(label, required=required, longest=longest, placeholder=placeholder)
        field.editor.setToolTip(tooltip)
        if proposals:
            propose(field, proposals)
        return field

    return Cell(name, make, stretch)


def choice_cell(
    name: str, label: str, choices: Sequence[tuple[Any, str]], *, stretch: int = 3, tooltip: str = ""
) -> Cell:
    """One of a list; the first stands for nothing chosen."""

    def make() -> LabelledField:
        field = KeepingChoice(label, choices, tooltip=tooltip)
        field.set_value(choices[0][0])
        view = field.editor.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * AROUND)  # the list shows what the narrow cell cuts
        return field

    return Cell(name, make, stretch)


def date_cell(
    name: str, label: str, today: Callable[[], date], *, required: bool = False, past: bool = True, stretch: int = 2
) -> Cell:
    """A whole date."""
    return Cell(name, lambda: DateField(label, required=required, in_the_past=past, today=today), stretch)


def partial_date_cell(name: str, label: str, today: Callable[[], date], *, placeholder: str = "") -> Cell:
    """A day, month or year."""
    return Cell(name, lambda: PartialDateField(label, today=today, placeholder=placeholder), 2)


def number_cell(name: str, label: str, unit: str, *, decimals: int = 1, stretch: int = 2) -> Cell:
    """A number with its unit."""
    return Cell(name, lambda: NumberField(label, unit=unit, decimals=decimals), stretch)


def propose(field: TextField, proposals: Sequence[str]) -> None:
    """Complete what is typed to the first proposal that begins so; typing on goes on without it."""
    completer = QCompleter(list(proposals), field.editor)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
    field.editor.setCompleter(completer)


class KeepingChoice(ChoiceField[Any]):
    """A choice that also offers a value which came from elsewhere, so that saving does not lose it.

    Its tooltip has the whole of the chosen text, which a narrow cell cuts.
    """

    def __init__(self, label: str, choices: Sequence[tuple[Any, str]], *, tooltip: str = "") -> None:
        super().__init__(label, choices)
        self._tooltip = tooltip
        self.editor.currentTextChanged.connect(self._explain)

    def set_value(self, value: Any) -> None:
        """Choose; an unknown value is offered as it is."""
        if value and value not in self._values:
            self._values.append(value)
            self.editor.addItem(str(value))
        super().set_value(value if value or not self._values else self._values[0])
        self._explain(self.editor.currentText())  # silent, so Qt has told nothing

    def value(self) -> Any:
        """The chosen value; the first one while nothing is chosen."""
        value = super().value()
        return self._values[0] if value is None and self._values else value

    @Slot(str)
    def _explain(self, chosen: str) -> None:
        self.editor.setToolTip("\n".join(part for part in (chosen, self._tooltip) if part))


def _is_cut(editor: QObject) -> TypeGuard[QLineEdit]:
    if not isinstance(editor, QLineEdit):
        return False
    option = QStyleOptionFrame()
    editor.initStyleOption(option)
    inside = editor.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, editor)
    margins = editor.textMargins()
    return editor.fontMetrics().horizontalAdvance(editor.text()) > inside.width() - margins.left() - margins.right()


def _can_undo(editor: QObject) -> bool:
    return isinstance(editor, QLineEdit) and editor.isUndoAvailable()
