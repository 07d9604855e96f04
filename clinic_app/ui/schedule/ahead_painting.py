"""Paints the weeks ahead: a column each, what is booked below, on it the free places and who comes due."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from clinic_app.services.capacity_data import WeekAhead
from clinic_app.ui.icons import pixmap
from clinic_app.ui.locale import day_month_text
from clinic_app.ui.schedule.ahead_model import most_stacked, steps
from clinic_app.ui.schedule.block_painting import block_font
from clinic_app.ui.schedule.swatches import Swatch, paint_swatch
from clinic_app.ui.schedule.wording import week_number
from clinic_app.ui.tokens import Theme

GUTTER = 48.0
_AXIS = 44.0
_TOP = 60.0
"""Room above the highest column for the mark of an overfull week and its words."""
_RIGHT = 16.0
_ICON = 14
_LINE = 15.0
_CENTER = Qt.AlignmentFlag.AlignCenter


class AheadPainter:
    """Knows where each week is, and paints it."""

    def __init__(self, weeks: Sequence[WeekAhead], room: QRectF, theme: Theme) -> None:
        self._weeks = weeks
        self._theme = theme
        self._highest = max(1, most_stacked(weeks))
        self._plot = room.adjusted(GUTTER, _TOP, -_RIGHT, -_AXIS)

    def column(self, number: int) -> QRectF:
        """The whole height of a week, from the marks down to its date."""
        plot, width = self._plot, self._plot.width() / max(1, len(self._weeks))
        left = round(plot.left() + number * width)
        right = round(plot.left() + (number + 1) * width)
        return QRectF(left, plot.top() - _TOP, right - left, plot.height() + _TOP + _AXIS)

    def at(self, place: QPointF) -> int | None:
        """The week under the mouse."""
        return next((n for n in range(len(self._weeks)) if self.column(n).contains(place)), None)

    def paint(self, painter: QPainter, current: int, hovered: int | None, *, focused: bool, scale: float) -> None:
        """Everything."""
        for number in range(len(self._weeks)):
            if number == hovered:
                painter.fillRect(self.column(number), QColor(self._theme.hover))
        self._lines(painter)
        for number, week in enumerate(self._weeks):
            self._week(painter, number, week)
            if week.overfull:
                self._mark(painter, number, week, scale)
        self._dates(painter)
        if focused and self._weeks:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            # Down to the number of the week; the dates below are wider than a column.
            painter.drawRoundedRect(self.column(current).adjusted(0, 1, 0, 24 - _AXIS), 4, 4)

    def _y(self, number: int) -> float:
        return round(self._plot.bottom() - number * self._plot.height() / self._highest)

    def _lines(self, painter: QPainter) -> None:
        painter.setFont(block_font())
        for step in steps(self._highest, 6):
            y = self._y(step)
            painter.setPen(QPen(QColor(self._theme.control_border if step == 0 else self._theme.hairline), 1))
            painter.drawLine(QPointF(self._plot.left(), y + 0.5), QPointF(self._plot.right(), y + 0.5))
            painter.setPen(QColor(self._theme.muted))
            place = QRectF(0, y - 8, GUTTER - 8, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(step))

    def _week(self, painter: QPainter, number: int, week: WeekAhead) -> None:
        column = self.column(number)
        gap = max(2.0, round(column.width() * 0.14))
        left, right = column.left() + gap, column.right() - gap

        def stack(lower: int, upper: int, swatch: Swatch, inset: float = 0.0) -> None:
            bottom, top = self._y(lower), self._y(upper)
            paint_swatch(
                painter, QRectF(left + inset, top, right - left - 2 * inset, bottom - top), swatch, self._theme
            )

        capacity = week.booked + week.free_places
        stack(week.booked, capacity, Swatch.FREE)
        stack(0, week.booked, Swatch.BOOKED)
        # Those who come due stand inside the free places; what sticks out above them is too many.
        inset = round((right - left) * 0.18)
        stack(week.booked, min(week.booked + week.demand, capacity), Swatch.DUE, inset)
        stack(capacity, week.booked + week.demand, Swatch.TOO_MANY, inset)

    def _mark(self, painter: QPainter, number: int, week: WeekAhead, scale: float) -> None:
        column, theme = self.column(number), self._theme
        top = self._y(week.booked + week.demand)
        painter.setFont(block_font(strong=True, pixels=11))
        metrics = QFontMetricsF(painter.font())
        words = [f"{week.lacking} over"]
        if metrics.horizontalAdvance(words[0]) > column.width() + 4:
            words = words[0].split()
        painter.setPen(QColor(theme.warn))
        line = top - 4 - _LINE * len(words)
        picture = pixmap("warn-filled", theme.warn, _ICON, scale, theme.on_warn)
        painter.drawPixmap(QPointF(round(column.center().x() - _ICON / 2), round(line - _ICON - 1)), picture)
        for word in words:
            painter.drawText(QRectF(column.left() - 4, line, column.width() + 8, _LINE), _CENTER, word)
            line += _LINE

    def _dates(self, painter: QPainter) -> None:
        """The number of each week, and the day on which it begins where there is room for it."""
        painter.setFont(block_font())
        metrics = QFontMetricsF(painter.font())
        widest = max((metrics.horizontalAdvance(day_month_text(w.first_day)) for w in self._weeks), default=0.0)
        width = self._plot.width() / max(1, len(self._weeks))
        every = max(1, int(-(-(widest + 8) // width)))
        bottom = self._plot.bottom()
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QRectF(0, bottom + 4, GUTTER - 8, 18),
                         Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "Week")  # fmt: skip
        for number, week in enumerate(self._weeks):
            column = self.column(number)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(
                QRectF(column.left(), bottom + 4, column.width(), 18), _CENTER, str(week_number(week.first_day))
            )
            if number % every == 0:
                painter.setPen(QColor(self._theme.muted))
                wide = max(column.width(), widest + 4)
                place = QRectF(column.center().x() - wide / 2, bottom + 21, wide, 18)
                place.moveLeft(max(place.left(), GUTTER - 8))
                painter.drawText(place, _CENTER, day_month_text(week.first_day))
