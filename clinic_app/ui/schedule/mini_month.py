"""A month to jump to a day with: today marked, the days shown in the grid tinted."""

from collections.abc import Iterable
from datetime import date, timedelta

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.schedule.block_painting import block_font
from clinic_app.ui.theme import TIGHT, current_theme
from clinic_app.ui.widgets.buttons import IconButton
from clinic_app.ui.widgets.dates import add_months
from clinic_app.ui.widgets.headings import Strong

_CELL = 28
_WEEKS = 6


def month_days(month: date, first_weekday: int) -> list[date]:
    """The 42 days of six weeks that hold a month; ``first_weekday`` is 1 for Monday to 7 for Sunday."""
    first = month.replace(day=1)
    start = first - timedelta(days=(first.isoweekday() - first_weekday) % 7)
    return [start + timedelta(days=number) for number in range(7 * _WEEKS)]


class MonthGrid(QWidget):
    """The days of a month. Arrow keys go from day to day, Page Up and Down from month to month."""

    day_chosen = Signal(object)
    month_shown = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._month = today.replace(day=1)
        self._current = today
        self._shown: frozenset[date] = frozenset({today})
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Month")
        self._describe()

    def set_today(self, today: date) -> None:
        """Another day has begun."""
        if today != self._today:
            self._today = today
            self.update()

    def set_shown(self, days: Iterable[date], current: date) -> None:
        """Tint the days in the grid, and turn to their month."""
        self._shown = frozenset(days)
        self._current = current
        self.show_month(current)
        self._describe()
        self.update()

    def show_month(self, month: date) -> None:
        """Turn to a month."""
        self._month = month.replace(day=1)
        self.month_shown.emit(self._month)
        self.update()

    @property
    def month(self) -> date:
        """The first day of the month shown."""
        return self._month

    def day_place(self, day: date) -> QPointF | None:
        """The middle of a day's cell."""
        days = self._days()
        return self._cell(days.index(day)).center() if day in days else None

    def sizeHint(self) -> QSize:
        """Seven columns and six weeks under the names of the days."""
        return QSize(7 * _CELL, (_WEEKS + 1) * _CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint names of days and numbers."""
        theme, locale = current_theme(), QLocale()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(block_font())
        painter.setPen(QColor(theme.muted))
        first = locale.firstDayOfWeek().value
        for number in range(7):
            name = locale.standaloneDayName((first + number - 1) % 7 + 1, QLocale.FormatType.NarrowFormat)
            painter.drawText(self._cell(number - 7), Qt.AlignmentFlag.AlignCenter, name)
        for number, day in enumerate(self._days()):
            cell = self._cell(number)
            mark = QRectF(0, 0, 24, 24)
            mark.moveCenter(cell.center())
            if day in self._shown:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent_soft))
                painter.drawRect(QRectF(cell.left(), mark.top(), cell.width(), mark.height()))
            if day == self._today:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent))
                painter.drawEllipse(mark)
            if day == self._current and self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme.text if day == self._today else theme.accent), 2))
                painter.drawEllipse(mark)
            painter.setFont(block_font(strong=day == self._today or day == self._current))
            color = theme.text if day.month == self._month.month else theme.disabled
            painter.setPen(QColor(theme.on_accent if day == self._today else color))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a day."""
        for number, day in enumerate(self._days()):
            if self._cell(number).contains(event.position()):
                self._choose(day)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the days."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if key in steps:
            self._choose(self._current + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._choose(add_months(self._current, 1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Home:
            self._choose(self._today)
        else:
            super().keyPressEvent(event)

    def _choose(self, day: date) -> None:
        self._current = day
        self._describe()
        self.update()
        self.day_chosen.emit(day)

    def _days(self) -> list[date]:
        return month_days(self._month, QLocale().firstDayOfWeek().value)

    def _cell(self, number: int) -> QRectF:
        width = self.width() / 7
        return QRectF(number % 7 * width, (number // 7 + 1) * _CELL, width, _CELL)

    def _describe(self) -> None:
        self.setAccessibleDescription(weekday_date_text(self._current))


class MiniMonth(QWidget):
    """A month with its name and the buttons that turn it."""

    day_chosen = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = MonthGrid(today, self)
        self._name = Strong("", self)
        before = IconButton("chevron-left", "Month before", self)
        after = IconButton("chevron-right", "Month after", self)
        before.clicked.connect(self._turn_back)
        after.clicked.connect(self._turn_on)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addSpacing(TIGHT)
        top.addWidget(self._name, 1)
        top.addWidget(before)
        top.addWidget(after)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.days)
        self.days.day_chosen.connect(self.day_chosen)
        self.days.month_shown.connect(self._name_month)
        self._name_month(self.days.month)

    @Slot()
    def _turn_back(self) -> None:
        self.days.show_month(add_months(self.days.month, -1))

    @Slot()
    def _turn_on(self) -> None:
        self.days.show_month(add_months(self.days.month, 1))

    @Slot(object)
    def _name_month(self, month: date) -> None:
        name = QLocale().standaloneMonthName(month.month, QLocale.FormatType.LongFormat)
        self._name.setText(f"{name} {month.year}")
