"""Paints the cells of a month."""

from datetime import date

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from clinic_app.ui.icons import pixmap
from clinic_app.ui.schedule.block_painting import block_font
from clinic_app.ui.schedule.grid_painting import initials
from clinic_app.ui.schedule.month_model import DayCell, MonthSheet, closed_text, free_text
from clinic_app.ui.schedule.swatches import Swatch, hatch, paint_swatch
from clinic_app.ui.schedule.wording import week_number
from clinic_app.ui.theme import BASE_PX, heading_font
from clinic_app.ui.tokens import Theme

_PAD = 8.0
_NUMBER = 24.0
"""The round mark of today."""
_BAR = 8.0
_LINE = 18.0
_ICON = 14
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellPainter:
    """Paints with one painter, one theme and one month."""

    def __init__(self, painter: QPainter, theme: Theme, sheet: MonthSheet, today: date, device_scale: float) -> None:
        self._painter = painter
        self._theme = theme
        self._sheet = sheet
        self._today = today
        self._device_scale = device_scale
        self._plain, self._strong, self._number = block_font(), heading_font(BASE_PX), heading_font(BASE_PX)

    def weekday(self, place: QRectF, weekday: int) -> None:
        """The name of a column; 1 is Monday."""
        name = QLocale().standaloneDayName(weekday, QLocale.FormatType.ShortFormat)
        self._put(place.adjusted(_PAD, 0, -_PAD, 0), name, self._plain, self._theme.muted)

    def week_number(self, place: QRectF, thursday: date) -> None:
        """The number of a row: its Thursday's, which belongs to the same week wherever weeks begin."""
        line = QRectF(place.left(), place.top() + 5, place.width(), _NUMBER)
        self._painter.setFont(self._plain)
        self._painter.setPen(QColor(self._theme.muted))
        self._painter.drawText(line, Qt.AlignmentFlag.AlignCenter, str(week_number(thursday)))

    def cell(self, place: QRectF, cell: DayCell, *, hovered: bool) -> None:
        """A day: ground, number, what is free and booked, the bar."""
        self._ground(place, cell, hovered)
        inner = place.adjusted(_PAD, 6, -_PAD, -_PAD)
        self._date(inner, cell)
        line = QRectF(inner.left(), inner.bottom() - _LINE, inner.width(), _LINE)
        if cell.open_minutes:
            self._bar(QRectF(inner.left(), inner.bottom() - _BAR, inner.width(), _BAR), cell)
            line.translate(0, -_BAR - 4)
        room = self._figures(line, inner.top(), cell)
        if room - inner.top() >= _NUMBER + _LINE:
            lines = QRectF(inner.left(), inner.top() + _NUMBER + 2, inner.width(), room - inner.top() - _NUMBER - 2)
            self._remarks(lines, cell)

    def focus(self, place: QRectF) -> None:
        """A frame around the day that the keyboard is at."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(self._theme.accent), 2))
        self._painter.drawRoundedRect(place.adjusted(2, 2, -1, -1), 4, 4)

    def _ground(self, place: QRectF, cell: DayCell, hovered: bool) -> None:
        painter, theme = self._painter, self._theme
        works = bool(cell.open_minutes) and cell.in_month
        painter.fillRect(place, QColor(theme.hover if hovered else theme.surface if works else theme.sunken))
        if cell.closed is not None and not hovered:
            hatch(painter, place, theme.hairline)
        painter.setPen(QPen(QColor(theme.hairline), 1))
        painter.drawLine(QPointF(place.left(), place.top() + 0.5), QPointF(place.right(), place.top() + 0.5))
        painter.drawLine(QPointF(place.left() + 0.5, place.top()), QPointF(place.left() + 0.5, place.bottom()))

    def _date(self, inner: QRectF, cell: DayCell) -> None:
        painter, theme = self._painter, self._theme
        mark = QRectF(inner.left() - 4, inner.top() - 1, _NUMBER, _NUMBER)
        color = theme.text if cell.in_month else theme.muted
        painter.setFont(self._number if cell.in_month else self._plain)
        if cell.day == self._today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(mark)
            color = theme.on_accent
        painter.setPen(QColor(color))
        text = str(cell.day.day)
        painter.drawText(mark if cell.day == self._today else mark.adjusted(4, 0, 8, 0),
                         Qt.AlignmentFlag.AlignCenter if cell.day == self._today else _LEFT, text)  # fmt: skip
        if cell.overbooked:
            self._warning(mark, inner, f"{cell.overbooked} over")
        elif cell.booked and not cell.open_minutes:
            # A closure was laid over them: they wait for another day.
            self._warning(mark, inner, "Rebook" if cell.day >= self._today else "")

    def _warning(self, mark: QRectF, inner: QRectF, words: str) -> None:
        """A triangle with its word, at the right of the date."""
        if not words:
            return
        theme, metrics = self._theme, QFontMetricsF(self._plain)
        wide = metrics.horizontalAdvance(words)
        left = inner.right() - wide - _ICON - 4
        if left < mark.right():
            left, words = inner.right() - _ICON, ""
        picture = pixmap("warn-filled", theme.warn, _ICON, self._device_scale, theme.on_warn)
        self._painter.drawPixmap(QPointF(round(left), round(mark.center().y() - _ICON / 2)), picture)
        at = QRectF(left + _ICON + 4, mark.top(), wide + 2, mark.height())
        self._put(at, words, self._plain, theme.warn)

    def _figures(self, line: QRectF, top: float, cell: DayCell) -> float:
        """What is free and what is booked, below the date; returns where the room above them ends."""
        free = free_text(cell, self._sheet.place_minutes, self._today)
        booked = f"{cell.booked} booked" if cell.booked else ""
        if not free and not booked:
            return line.bottom()
        strong = self._theme.text if cell.free_places and cell.in_month else self._theme.muted
        if line.top() - _LINE > top + _NUMBER:
            self._put(line, booked, self._plain, self._theme.muted)
            above = line.translated(0, -_LINE) if booked else line
            self._put(above, free, self._strong, strong)
            return above.top() if free else line.top()
        # Too low for two lines: what is free counts more.
        wide = QFontMetricsF(self._strong).horizontalAdvance(free)
        self._put(line, free, self._strong, strong)
        rest = line.adjusted(wide + 8, 0, 0, 0) if free else line
        if QFontMetricsF(self._plain).horizontalAdvance(booked) <= rest.width():
            self._put(rest, booked, self._plain, self._theme.muted, _RIGHT if free else _LEFT)
        return line.top()

    def _bar(self, place: QRectF, cell: DayCell) -> None:
        # What has passed is no longer free, so its bar has no outline to fill.
        ahead = cell.day >= self._today
        if ahead:
            paint_swatch(self._painter, place, Swatch.FREE, self._theme)
        else:
            self._painter.fillRect(place, QColor(self._theme.hairline))
        booked = QRectF(place.left(), place.top(), round(place.width() * cell.booked_share), place.height())
        if ahead:
            paint_swatch(self._painter, booked, Swatch.BOOKED, self._theme)
        else:
            self._painter.fillRect(booked, QColor(self._theme.control_border))

    def _remarks(self, place: QRectF, cell: DayCell) -> None:
        """Why it is closed, or who is away, in as many lines as there are."""
        if cell.closed is not None:
            text = closed_text(cell)
        elif cell.away:
            text = ", ".join(initials(name) for name in cell.away) + " away"
        else:
            return
        metrics = QFontMetricsF(self._plain)
        self._painter.setFont(self._plain)
        self._painter.setPen(QColor(self._theme.text if cell.closed is not None else self._theme.muted))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        if metrics.boundingRect(place, flags, text).height() > place.height():
            self._put(QRectF(place.left(), place.top(), place.width(), _LINE), text, self._plain, self._theme.text)
        else:
            self._painter.drawText(place, flags, text)

    def _put(self, place: QRectF, text: str, font: QFont, color: str, flags: Qt.AlignmentFlag = _LEFT) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        self._painter.drawText(place, flags, shown)
