"""A month at a glance: each day's hours with what is booked of them, free places, closures, what was overbooked."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import cast

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from clinic_app.services.capacity_data import MonthCapacity
from clinic_app.ui.schedule.month_model import MonthSheet, month_sheet, month_span, spoken_day, tooltip_text
from clinic_app.ui.schedule.month_painting import CellPainter
from clinic_app.ui.schedule.swatches import Legend, Swatch
from clinic_app.ui.theme import AROUND, BETWEEN, current_theme
from clinic_app.ui.widgets.dates import add_months

_GUTTER = 36.0
"""The numbers of the weeks."""
_HEADER = 28.0


class MonthDays(QWidget):
    """The days of a month. Arrows go from day to day, Page Up and Down from month to month, Enter opens the day."""

    day_chosen = Signal(object)
    """A click or Enter: the person wants to see this day."""
    month_wanted = Signal(object)
    """The keyboard left the month shown for this day."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._current = today
        self._hovered: date | None = None
        self._sheet = MonthSheet(today.replace(day=1), (), 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(420, 300))
        self.setAccessibleName("Month")

    @property
    def sheet(self) -> MonthSheet:
        """What is shown."""
        return self._sheet

    @property
    def current(self) -> date:
        """The day the keyboard is at."""
        return self._current

    def set_sheet(self, sheet: MonthSheet) -> None:
        """Show a month. The keyboard stays at its day while that is in the month."""
        self._sheet = sheet
        here = sheet.cell(self._current)
        if here is None or not here.in_month:
            first, after = sheet.month, add_months(sheet.month, 1)
            self._current = self._today if first <= self._today < after else first
        self._describe()
        self.update()

    def set_current(self, day: date) -> None:
        """Put the keyboard at a day, without telling anybody."""
        self._current = day
        self._describe()
        self.update()

    def set_today(self, today: date) -> None:
        """Another day has begun."""
        self._today = today
        self.update()

    def day_place(self, day: date) -> QRectF | None:
        """Where a day is."""
        days = [cell.day for cell in self._sheet.cells]
        return self._place(days.index(day)) if day in days else None

    def sizeHint(self) -> QSize:
        """Room for what a cell says."""
        return QSize(840, 640)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names of the days, numbers of the weeks, and the cells."""
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cells = CellPainter(painter, theme, self._sheet, self._today, painter.deviceTransform().m11())
        for column in range(7):
            place = QRectF(self._left(column), 0, self._left(column + 1) - self._left(column), _HEADER)
            weekday = (QLocale().firstDayOfWeek().value + column - 1) % 7 + 1
            cells.weekday(place, weekday)
        for number, cell in enumerate(self._sheet.cells):
            place = self._place(number)
            if number % 7 == 0:
                week = QRectF(0, place.top(), _GUTTER, place.height())
                thursday = next(each.day for each in self._sheet.cells[number : number + 7] if each.day.weekday() == 3)
                cells.week_number(week, thursday)
            cells.cell(place, cell, hovered=cell.day == self._hovered)
        focus = self.day_place(self._current)
        if focus is not None and self.hasFocus():
            cells.focus(focus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open a day."""
        day = self._day_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and day is not None:
            self.set_current(day)
            self.day_chosen.emit(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a day can be clicked."""
        self._hover(self._day_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is gone."""
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the days."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)  # Alt+Left and its like are the toolbar's
        elif key in steps:
            self._walk(self._current + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._walk(add_months(self._current, 1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Home:
            self._walk(self._today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.day_chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is gone."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tooltips tell a day injector by injector."""
        if event.type() == QEvent.Type.ToolTip:
            help_event = cast("QHelpEvent", event)
            QToolTip.showText(help_event.globalPos(), self.tooltip_at(QPointF(help_event.pos())), self)
            return True
        return bool(super().event(event))

    def tooltip_at(self, place: QPointF) -> str:
        """What the day under the mouse tells."""
        day = self._day_at(place)
        cell = None if day is None else self._sheet.cell(day)
        return "" if cell is None else tooltip_text(cell, self._sheet.place_minutes, self._today)

    def _walk(self, day: date) -> None:
        self.set_current(day)
        cell = self._sheet.cell(day)
        if cell is None or not cell.in_month:
            self.month_wanted.emit(day)
            return
        said = spoken_day(cell, self._sheet.place_minutes, self._today)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _hover(self, day: date | None) -> None:
        if day != self._hovered:
            self._hovered = day
            shape = Qt.CursorShape.ArrowCursor if day is None else Qt.CursorShape.PointingHandCursor
            self.setCursor(shape)
            self.update()

    def _day_at(self, place: QPointF) -> date | None:
        for number, cell in enumerate(self._sheet.cells):
            if self._place(number).contains(place):
                return cell.day
        return None

    def _left(self, column: int) -> float:
        # Whole pixels, so that the lines between the cells are sharp.
        return round(_GUTTER + column * (self.width() - _GUTTER) / 7)

    def _top(self, row: int) -> float:
        return round(_HEADER + row * (self.height() - _HEADER) / max(1, self._sheet.weeks))

    def _place(self, number: int) -> QRectF:
        row, column = divmod(number, 7)
        left, top = self._left(column), self._top(row)
        return QRectF(left, top, self._left(column + 1) - left, self._top(row + 1) - top)

    def _describe(self) -> None:
        cell = self._sheet.cell(self._current)
        said = "" if cell is None else spoken_day(cell, self._sheet.place_minutes, self._today)
        self.setAccessibleDescription(said)


class MonthView(QWidget):
    """The month with its legend. It is told its rows and never fetches."""

    day_chosen = Signal(object)
    month_wanted = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = MonthDays(today, self)
        self._legend = Legend(self)
        self.setFocusProxy(self.days)
        foot = QVBoxLayout()
        foot.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        foot.addWidget(self._legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.days, 1)
        layout.addLayout(foot)
        self.days.day_chosen.connect(self.day_chosen)
        self.days.month_wanted.connect(self.month_wanted)

    @staticmethod
    def span(day: date) -> tuple[date, int]:
        """First day and number of days to ask the service for, to show the month of a day."""
        return month_span(day, QLocale().firstDayOfWeek().value)

    def set_month(self, data: MonthCapacity, shown_injectors: Collection[int] | None = None) -> None:
        """Show a month; ``shown_injectors`` are those ticked in the list, None means all."""
        sheet = month_sheet(data, shown_injectors, QLocale().firstDayOfWeek().value)
        self.days.set_sheet(sheet)
        minutes = sheet.place_minutes
        entries = (
            (Swatch.BOOKED, "Booked"),
            (Swatch.FREE, f"Free, in places of {minutes} min for an injection" if minutes else "Free"),
            (Swatch.CLOSED, "Closed"),
            (Swatch.WARNING, "Overbooked on purpose, or booked on a closed day"),
        )
        self._legend.set_entries(entries)

    def set_today(self, today: date) -> None:
        """Another day has begun."""
        self.days.set_today(today)
