"""Fields whose text means a value: a choice, a number, a date, a time."""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Generic, TypeVar

from PySide6.QtCore import QDate, QPoint, Qt, Slot
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QCompleter, QFrame, QToolButton, QVBoxLayout, QWidget

from clinic_app.partial_dates import PartialDate
from clinic_app.ui.icons import icon
from clinic_app.ui.locale import (
    number_text,
    numeric_date_text,
    parse_number,
    parse_time,
    partial_date_text,
    time_text,
    weekday_date_text,
)
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.dates import parse_date, parse_partial_date
from clinic_app.ui.widgets.editors import CalmComboBox
from clinic_app.ui.widgets.fields import LabelledField, TextField

Value = TypeVar("Value")


class ChoiceField(LabelledField, Generic[Value]):
    """One of a list of values, each with its text. With ``searchable`` the person may type a part of the text."""

    editor: CalmComboBox

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[Value, str]] = (),
        parent: QWidget | None = None,
        *,
        required: bool = False,
        hint: str = "",
        searchable: bool = False,
        placeholder: str = "",
    ) -> None:
        super().__init__(label, CalmComboBox(), parent, required=required, hint=hint)
        self._values: list[Value] = []
        self._searchable = searchable
        if searchable:
            self.editor.setEditable(True)
            self.editor.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
            completer = QCompleter(self.editor.model(), self.editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.editor.setCompleter(completer)
            line = self.editor.lineEdit()
            assert line is not None  # an editable combo box has one
            line.textEdited.connect(self._typing)
            line.returnPressed.connect(self._leave)
            line.setAccessibleName(label)
        self.editor.setPlaceholderText(placeholder)
        self.set_choices(choices)
        self.editor.activated.connect(self._edited)

    def set_choices(self, choices: Sequence[tuple[Value, str]]) -> None:
        """Offer other values; a value chosen before stays when it is still offered."""
        before = self.value()
        self._values = [value for value, _ in choices]
        blocked = self.editor.blockSignals(True)
        self.editor.clear()
        self.editor.addItems([text for _, text in choices])
        self.editor.setCurrentIndex(self._values.index(before) if before in self._values else -1)
        self.editor.blockSignals(blocked)

    def value(self) -> Value | None:
        """The chosen value, or None."""
        index = self.editor.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def set_value(self, value: Value | None) -> None:
        """Choose without telling ``changed``; a value that is not offered chooses nothing."""
        blocked = self.editor.blockSignals(True)
        self.editor.setCurrentIndex(self._values.index(value) if value in self._values else -1)
        self.editor.blockSignals(blocked)
        self._touched = False
        self.set_error("")

    def _empty(self) -> bool:
        return self.value() is None

    def _problem(self) -> str:
        if self._searchable and self.editor.currentText() and self.editor.currentIndex() < 0:
            return "Choose one from the list."
        return ""

    @Slot()
    def _typing(self) -> None:
        self._touched = True
        self.set_error("")

    def _settle(self) -> None:
        """Take what was typed for the one text that is or begins like it."""
        if not self._searchable:
            return
        typed = self.editor.currentText()
        wanted = typed.strip().casefold()
        texts = [self.editor.itemText(index).casefold() for index in range(self.editor.count())]
        begun = [index for index, text in enumerate(texts) if wanted and text.startswith(wanted)]
        same = [index for index in begun if texts[index] == wanted]
        chosen = same[0] if same else begun[0] if len(begun) == 1 else -1
        before = self.editor.currentIndex()
        self.editor.setCurrentIndex(chosen)
        self.editor.setEditText(self.editor.itemText(chosen) if chosen >= 0 else typed)
        if chosen != before:
            self.changed.emit()


class NumberField(TextField):
    """A decimal number with its unit inside; comma and point are both the decimal mark."""

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        unit: str = "",
        decimals: int = 2,
        smallest: Decimal | int | None = 0,
        largest: Decimal | int | None = None,
        required: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(label, parent, required=required, hint=hint, unit=unit, longest=20)
        self.decimals = decimals
        self.smallest = smallest
        self.largest = largest
        self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> Decimal | None:  # type: ignore[override]
        """The number, or None when there is none or it is not one."""
        try:
            return parse_number(self.editor.text())
        except ValueError:
            return None

    def set_value(self, value: Decimal | int | None) -> None:  # type: ignore[override]
        """Show a number without telling ``changed``."""
        self._show("" if value is None else number_text(value))

    def set_unit(self, unit: str) -> None:
        """Show another unit."""
        self.editor.set_unit(unit)

    def _settle(self) -> None:
        value = self.value()
        if value is not None:
            self._show(number_text(value))

    def _problem(self) -> str:
        try:
            value = parse_number(self.editor.text())
        except ValueError:
            return "Write a number, such as 12.5."
        if value is None:
            return ""
        if max(0, -int(value.normalize().as_tuple().exponent)) > self.decimals:
            return f"At most {self.decimals} decimals." if self.decimals else "Write a whole number."
        if self.smallest is not None and value < self.smallest:
            return f"At least {number_text(self.smallest)}."
        if self.largest is not None and value > self.largest:
            return f"At most {number_text(self.largest)}."
        return ""


class DateField(TextField):
    """A date as the person's locale writes it; understands ``12w``, ``+3``, ``t`` and ISO, and offers a calendar."""

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        hint: str = "",
        in_the_past: bool = False,
        earliest: date | None = None,
        latest: date | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(label, parent, required=required, hint=hint, longest=40)
        self.earliest = earliest
        self.latest = latest
        self._in_the_past = in_the_past
        self._today = today
        button = self.editor.add_icon_button("calendar", f"{label}: open the calendar")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # typing and Alt+Down do the same
        button.clicked.connect(self.open_calendar)
        self.editor.setToolTip("A date, or 12w for in twelve weeks, +3 for in three days, t for today")

    def value(self) -> date | None:  # type: ignore[override]
        """The date, or None when there is none or it is not one."""
        try:
            return self._parse()
        except ValueError:
            return None

    def set_value(self, value: date | None) -> None:  # type: ignore[override]
        """Show a date without telling ``changed``."""
        self._show("" if value is None else numeric_date_text(value))

    @Slot()
    def open_calendar(self) -> None:
        """Show a month to choose from."""
        popup = CalendarPopup(self.value() or self._today(), self)
        popup.calendar.clicked.connect(self._picked)
        popup.calendar.activated.connect(self._picked)
        popup.move(self.editor.mapToGlobal(QPoint(0, self.editor.height() + 2)))
        popup.show()
        popup.calendar.setFocus()

    def _parse(self) -> date | None:
        return parse_date(self.editor.text(), self._today(), in_the_past=self._in_the_past)

    def _settle(self) -> None:
        value = self.value()
        if value is not None:
            self._show(numeric_date_text(value))

    def _problem(self) -> str:
        try:
            value = self._parse()
        except ValueError:
            return f"Write a date, such as {numeric_date_text(self._today())} or 12w."
        if value is None:
            return ""
        if self._in_the_past and value > self._today():
            return "This date lies in the future."
        if self.earliest is not None and value < self.earliest:
            return f"Not before {weekday_date_text(self.earliest)}."
        if self.latest is not None and value > self.latest:
            return f"Not after {weekday_date_text(self.latest)}."
        return ""

    @Slot(QDate)
    def _picked(self, day: QDate) -> None:
        self._show(numeric_date_text(date(day.year(), day.month(), day.day())))
        self._edited()
        self._touched = False
        self.check()
        self.editor.setFocus()


class PartialDateField(TextField):
    """A day, a month or a year in the past, as exactly as it is known; understands 2019, 4/2019, Apr 2019, 3y, t."""

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        hint: str = "",
        placeholder: str = "",
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(label, parent, required=required, hint=hint, placeholder=placeholder, longest=40)
        self._today = today
        day, month = date(2019, 4, 2), PartialDate(2019, 4)
        self._examples = f"2019, {partial_date_text(month)} or {numeric_date_text(day)}"
        self.editor.setToolTip(
            f"A year, month or day, as exactly as it is known: {self._examples}; 3y for three years ago, t for today"
        )

    def value(self) -> PartialDate | None:  # type: ignore[override]
        """The date, or None when there is none or it is not one."""
        try:
            return self._parse()
        except ValueError:
            return None

    def set_value(self, value: PartialDate | None) -> None:  # type: ignore[override]
        """Show a date without telling ``changed``."""
        self._show("" if value is None else field_text(value))

    def _parse(self) -> PartialDate | None:
        return parse_partial_date(self.editor.text(), self._today())

    def _settle(self) -> None:
        value = self.value()
        if value is not None:
            self._show(field_text(value))

    def _problem(self) -> str:
        try:
            value = self._parse()
        except ValueError:
            return f"Write a year, month or day, such as {self._examples}."
        if value is not None and value.earliest > self._today():
            return "This date lies in the future."
        return ""


def field_text(when: PartialDate) -> str:
    """A partial date as its field shows it: "02/04/2019", "Apr 2019", "2019"."""
    return numeric_date_text(when.earliest) if when.day else partial_date_text(when)


class TimeField(TextField):
    """A time of day as the person's locale writes it; understands 930, 9:30, 2:30 pm."""

    def __init__(self, label: str, parent: QWidget | None = None, *, required: bool = False, hint: str = "") -> None:
        super().__init__(label, parent, required=required, hint=hint, longest=12)

    def value(self) -> time | None:  # type: ignore[override]
        """The time, or None when there is none or it is not one."""
        try:
            return parse_time(self.editor.text())
        except ValueError:
            return None

    def set_value(self, value: time | None) -> None:  # type: ignore[override]
        """Show a time without telling ``changed``."""
        self._show("" if value is None else time_text(value))

    def _settle(self) -> None:
        value = self.value()
        if value is not None:
            self._show(time_text(value))

    def _problem(self) -> str:
        try:
            parse_time(self.editor.text())
        except ValueError:
            return f"Write a time, such as {time_text(time(14, 30))}."
        return ""


class CalendarPopup(QFrame):
    """A month to pick a day from; goes when a day is picked or the person clicks elsewhere."""

    def __init__(self, day: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.calendar = QCalendarWidget(self)
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        usual = QTextCharFormat()
        usual.setForeground(QColor(current_theme().text))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekend, usual)  # red means stop here, not Sunday
        self.calendar.setMinimumSize(308, 256)
        for name, drawing in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
            button = self.calendar.findChild(QToolButton, f"qt_calendar_{name}")
            if button is not None:  # Qt's own arrows stay black on dark
                button.setIcon(icon(drawing))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.clicked.connect(self.close)
        self.calendar.activated.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.calendar)
