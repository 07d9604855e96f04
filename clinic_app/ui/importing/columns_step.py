"""The second step: what each column holds, and how days and numbers are written."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from clinic_app.exchange.typed_values import DateOrder, NumberStyle
from clinic_app.services.importing.choices import Ask
from clinic_app.services.importing.fields import FIELDS
from clinic_app.services.importing.preview import MatchedColumn
from clinic_app.terms import ImportKind
from clinic_app.ui.importing.step import ImportStep
from clinic_app.ui.importing.wording import KINDS
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.locale import long_date_text
from clinic_app.ui.patients.parts import clear_layout
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.editors import CalmComboBox
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import ElidedLabel, Muted, set_text_color
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.sections import Hairline, Scroll, Section, show_if

_NOT_USED = "Not used"
_FIELD_WIDTH = 240
_ORDERS: Mapping[DateOrder, str] = {
    DateOrder.DMY: "Day, month, year",
    DateOrder.MDY: "Month, day, year",
    DateOrder.YMD: "Year, month, day",
}
_STYLES: Mapping[NumberStyle, str] = {
    NumberStyle.POINT: "A point before the decimals: 1,234.5",
    NumberStyle.COMMA: "A comma before the decimals: 1.234,5",
}


class ColumnsStep(ImportStep):
    """A row for each column. What stands in a column that is not used stays out."""

    title = "Columns"

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(work, parent)
        self.missing = Note(Level.STOP, self)
        self.orders = OneOf("How the days are written", self)
        self.orders.chosen.connect(self._order_chosen)
        self.styles = OneOf("How the numbers are written", self)
        self.styles.chosen.connect(self._style_chosen)
        self.lines: dict[str, ColumnLine] = {}
        self._columns = Section("What each column holds", self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(AROUND)
        self._grid.setVerticalSpacing(INSIDE)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnMinimumWidth(2, _FIELD_WIDTH)
        self._columns.add(self._grid)
        inside = QWidget(self)
        inside.setMaximumWidth(960)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, AROUND, 0)
        column.setSpacing(AROUND)
        column.addWidget(self.missing)
        column.addWidget(self.orders)
        column.addWidget(self.styles)
        column.addWidget(self._columns)
        column.addStretch(1)
        self._scroll = Scroll(inside, self)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def show_work(self) -> None:
        """The columns as they are matched now."""
        preview = self.work.preview
        if preview is None:
            return
        if list(self.lines) != [column.header for column in preview.columns] or self._kind_of_lines() != preview.kind:
            self._build(preview.kind, preview.columns)
        for column in preview.columns:
            self.lines[column.header].set_field(column.field)
        names = [field.title for field in preview.missing]
        self.missing.say(_missing_text(preview.kind, names))
        self._show_orders({question.ask for question in preview.questions})

    def needed(self) -> bool:
        """A bundle says itself what each part of it is."""
        return not self.work.bundle

    def complete(self) -> bool:
        """When nothing needed is missing and everything that was asked here is answered."""
        preview = self.work.preview
        if preview is None or preview.missing:
            if preview is not None:
                self._scroll.ensureWidgetVisible(self.missing)
                self.take_focus()
            return False
        open_ones = [each for each in (self.orders, self.styles) if not each.isHidden() and not each.check()]
        if open_ones:
            self._scroll.ensureWidgetVisible(open_ones[0])
            open_ones[0].take_focus()
        return not open_ones

    def take_focus(self) -> None:
        """What is asked first; else the first column that is not used."""
        for group in (self.orders, self.styles):
            if not group.isHidden() and not group.answered():
                group.take_focus()
                return
        unused = [line for line in self.lines.values() if not line.field()]
        for line in (*unused, *self.lines.values()):
            line.box.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def _kind_of_lines(self) -> ImportKind | None:
        return next((line.kind for line in self.lines.values()), None)

    def _build(self, kind: ImportKind, columns: tuple[MatchedColumn, ...]) -> None:
        clear_layout(self._grid)
        self.lines = {}
        for place, title in enumerate(("In the file", "For example", "What it is")):
            self._grid.addWidget(Muted(title, self), 0, place)
        for number, column in enumerate(columns):
            line = ColumnLine(kind, column, self)
            line.chosen.connect(self._field_chosen)
            row = 2 * number + 1
            self._grid.addWidget(Hairline(self), row, 0, 1, 3)
            self._grid.addWidget(line.name, row + 1, 0)
            self._grid.addWidget(line.examples, row + 1, 1)
            self._grid.addWidget(line.box, row + 1, 2)
            self.lines[column.header] = line

    def _show_orders(self, asked: set[Ask]) -> None:
        choices, days = self.work.choices, self.work.days
        show_if(self.orders, Ask.DATE_ORDER in asked or choices.date_order is not None)
        if not self.orders.isHidden():
            self.orders.offer(
                "The days of this file can be read in more than one way. Say which is meant.",
                [
                    (order.value, _order_text(order, days.example, day))
                    for order, day in days.readings.items()
                    if day is not None or not days.example
                ],
                choices.date_order,
            )
        show_if(self.styles, Ask.NUMBER_STYLE in asked or choices.number_style is not None)
        if not self.styles.isHidden():
            self.styles.offer(
                "The numbers of this file can be read in more than one way. Say which is meant.",
                [(style.value, text) for style, text in _STYLES.items()],
                choices.number_style,
            )

    @Slot(str, str)
    def _field_chosen(self, header: str, field: str) -> None:
        """A field comes from one column only: whichever had it holds nothing now."""
        columns = {
            name: field if name == header else "" if line.field() == field else line.field()
            for name, line in self.lines.items()
        }
        for name, chosen in columns.items():
            self.lines[name].set_field(chosen)
        self.work.choose(columns=columns)

    @Slot(str)
    def _order_chosen(self, order: str) -> None:
        self.work.choose(date_order=DateOrder(order))

    @Slot(str)
    def _style_chosen(self, style: str) -> None:
        self.work.choose(number_style=NumberStyle(style))


class ColumnLine(QWidget):
    """The parts of one column's row; they stand in the grid of the step."""

    chosen = Signal(str, str)

    def __init__(self, kind: ImportKind, column: MatchedColumn, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()  # it only keeps its parts together
        self.kind = kind
        self._header = column.header
        self.name = ElidedLabel(column.header, parent)
        self.examples = ElidedLabel(" · ".join(" ".join(text.split()) for text in column.examples), parent)
        on_palette_change(self.examples, self._tint)
        self.box = CalmComboBox(parent)
        self.box.setAccessibleName(f"What {column.header} is")
        self._fields = ["", *(field.name for field in FIELDS[kind])]
        self.box.addItems([_NOT_USED, *(field.title for field in FIELDS[kind])])
        self.box.activated.connect(self._activated)

    def field(self) -> str:
        """What the column holds, "" for nothing."""
        return self._fields[self.box.currentIndex()]

    def set_field(self, field: str) -> None:
        """Show what it holds, without telling."""
        self.box.setCurrentIndex(self._fields.index(field))

    @Slot()
    def _activated(self) -> None:
        self.chosen.emit(self._header, self.field())

    def _tint(self) -> None:
        set_text_color(self.examples, current_theme().muted)


class OneOf(Section):
    """A question with a few answers, each in a line of its own; none is chosen until the person chooses."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._about = Muted("", self, wrap=True)
        self._room = QVBoxLayout()
        self._room.setSpacing(0)
        self._error = FieldError(self)
        self.add(self._about)
        self.add(self._room)
        self.add(self._error)
        self._offered: list[tuple[str, str]] = []
        self.buttons: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.layout_inside.setSpacing(BETWEEN)
        self.hide()

    def offer(self, about: str, answers: list[tuple[str, str]], chosen: str | None) -> None:
        """Show the answers, with the one that was given."""
        self._about.setText(about)
        if answers != self._offered:
            self._offered = answers
            clear_layout(self._room)
            self.buttons = {}
            self._group = QButtonGroup(self)
            for answer, text in answers:
                button = QRadioButton(text, self)
                button.setAccessibleName(text)
                self._group.addButton(button)
                self.buttons[answer] = button
                self._room.addWidget(button)
            self._group.buttonToggled.connect(self._toggled)
        if chosen in self.buttons:
            blocked = self._group.blockSignals(True)
            self.buttons[chosen].setChecked(True)
            self._group.blockSignals(blocked)

    def answered(self) -> bool:
        """Whether one is chosen."""
        return any(button.isChecked() for button in self.buttons.values())

    def check(self) -> bool:
        """Say that an answer is missing, or that none is."""
        self._error.setText("" if self.answered() else "Choose one.")
        self._error.setVisible(not self.answered())
        return self.answered()

    def take_focus(self) -> None:
        """The answer that is chosen, or the first."""
        buttons = list(self.buttons.values())
        for button in [each for each in buttons if each.isChecked()] + buttons:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    @Slot(object, bool)
    def _toggled(self, button: object, down: bool) -> None:
        if down:
            self._error.hide()
            self.chosen.emit(next(answer for answer, each in self.buttons.items() if each is button))


def _missing_text(kind: ImportKind, names: list[str]) -> str:
    if not names:
        return ""
    if names == ["Family name", "Birth date"]:
        return (
            "No column says whose the rows are. Choose the one with the record number, or those of name and birth date."
        )
    return f"{KINDS[kind]} need {_listed(names)}. Choose the column that holds it below."


def _listed(names: list[str]) -> str:
    lowered = [name[0].lower() + name[1:] for name in names]
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"


def _order_text(order: DateOrder, example: str, day: date | None) -> str:
    return _ORDERS[order] if day is None else f"{_ORDERS[order]}: {example} is {long_date_text(day)}"
