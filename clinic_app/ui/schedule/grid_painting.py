"""Paints the ground of the grid: hours, open and closed time, headings, the line of now."""

from datetime import date, datetime, time

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from clinic_app.terms import GONE
from clinic_app.ui.locale import time_text
from clinic_app.ui.schedule.block_painting import block_font
from clinic_app.ui.schedule.geometry import GridScale
from clinic_app.ui.schedule.grid_model import Across, Column, Mode, Sheet
from clinic_app.ui.schedule.wording import long_day_text, minutes_of
from clinic_app.ui.theme import heading_font
from clinic_app.ui.tokens import Theme

GUTTER = 56.0
HEADER = 52.0
_UPRIGHT = 96.0
"""From this width on the reason of a closure is written across."""
_CENTER = Qt.AlignmentFlag.AlignCenter
_TITLES = ("dr", "prof", "mr", "mrs", "ms")


def initials(name: str) -> str:
    """The first letters of a name: "Dr Mei Chen" is MC."""
    words = [
        word for word in name.replace(".", " ").split() if word.casefold() not in ("dr", "prof", "mr", "mrs", "ms")
    ]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class GroundPainter:
    """Paints what lies under and above the blocks. Places are those of the content, unscrolled."""

    def __init__(self, painter: QPainter, sheet: Sheet, scale: GridScale, theme: Theme, now: datetime) -> None:
        self._painter = painter
        self._sheet = sheet
        self._scale = scale
        self._theme = theme
        self._now = now

    def ground(self) -> None:
        """Open and closed time, the lines of the grid, and why a day is closed."""
        for number, column in enumerate(self._sheet.columns):
            self._column_ground(number, column)
        self._lines()
        self._closures()

    def now_line(self) -> None:
        """A line across today's columns at this moment, under the blocks so that no name is struck through."""
        columns, y = self._now_place()
        if columns:
            self._painter.setPen(QPen(QColor(self._theme.accent), 2))
            left, right = self._scale.x(columns[0]), self._scale.x(columns[-1] + 1)
            self._painter.drawLine(QPointF(left, y), QPointF(right, y))

    def now_marks(self) -> None:
        """A dot at each of today's columns, above the blocks."""
        columns, y = self._now_place()
        self._painter.setPen(QPen(QColor(self._theme.surface), 1))
        self._painter.setBrush(QColor(self._theme.accent))
        for column in columns:
            self._painter.drawEllipse(QPointF(self._scale.x(column) + 1, y), 4.5, 4.5)

    def _now_place(self) -> tuple[list[int], float]:
        minute = minutes_of(self._now)
        first, last = self._sheet.span
        columns = [n for n, column in enumerate(self._sheet.columns) if column.day == self._now.date()]
        return (columns if first <= minute <= last else []), self._scale.y(minute)

    def hours(self) -> None:
        """The hours in the gutter, with the present time among them."""
        painter = self._painter
        painter.setFont(block_font())
        first, last = self._sheet.span
        now = minutes_of(self._now) if self._now.date() in self._sheet.days else -100
        for minute in range(first, last, 60):
            if abs(minute - now) >= 12:
                painter.setPen(QColor(self._theme.muted))
                self._hour_text(minute)
        if first <= now <= last:
            painter.setPen(QColor(self._theme.accent))
            painter.setFont(block_font(strong=True))
            self._hour_text(now)

    def header(self, height: float) -> None:
        """The headings: injectors of a day, or days with their injectors. Stays while the grid scrolls."""
        width = max(self._scale.width, self._painter.window().width())
        self._painter.fillRect(QRectF(0, 0, width, height), QColor(self._theme.surface))
        if self._sheet.mode is Mode.WEEK:
            self._week_header(height)
        else:
            self._day_header(height)
        self._painter.setPen(QColor(self._theme.hairline))
        self._painter.drawLine(QPointF(0, height - 0.5), QPointF(width, height - 0.5))

    def hint(self, text: str, place: QRectF) -> None:
        """A sentence on an empty grid."""
        painter = self._painter
        painter.setFont(block_font())
        metrics = QFontMetricsF(painter.font())
        wanted = min(place.width() - 32, 380.0)
        bounds = metrics.boundingRect(QRectF(0, 0, wanted, 200), Qt.TextFlag.TextWordWrap, text)
        card = QRectF(0, 0, bounds.width() + 32, bounds.height() + 24)
        card.moveCenter(QPointF(place.center().x(), place.top() + place.height() * 0.4))
        painter.setPen(QColor(self._theme.hairline))
        painter.setBrush(QColor(self._theme.floating))
        painter.drawRoundedRect(card, 6, 6)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(card.adjusted(16, 12, -16, -12), _CENTER | Qt.TextFlag.TextWordWrap, text)

    def _column_ground(self, number: int, column: Column) -> None:
        scale, painter = self._scale, self._painter
        whole = QRectF(scale.x(number), 0, scale.column_width, scale.height)
        painter.fillRect(whole, QColor(self._theme.sunken))
        if column.closed is not None:
            hatch = QColor(self._theme.hairline)
            painter.fillRect(whole, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            return
        for opens, closes in column.open:
            top = scale.y(max(opens, scale.first))
            bottom = scale.y(min(closes, scale.last))
            painter.fillRect(QRectF(whole.left(), top, whole.width(), bottom - top), QColor(self._theme.surface))

    def _lines(self) -> None:
        scale, painter = self._scale, self._painter
        full, faint = QColor(self._theme.hairline), QColor(self._theme.hairline)
        faint.setAlphaF(0.45)
        day = QColor(self._theme.control_border)
        # Filled, not drawn with a pen: smoothed lines across the whole grid take as long as all of its blocks.
        for minute in range(scale.first, scale.last, scale.step):
            line = QRectF(scale.gutter, round(scale.y(minute)), scale.width - scale.gutter, 1)
            painter.fillRect(line, full if minute % 60 == 0 else faint)
        for number, column in enumerate(self._sheet.columns):
            starts_day = number > 0 and self._sheet.columns[number - 1].day != column.day
            strong = starts_day and self._sheet.per_day > 1
            painter.fillRect(QRectF(round(scale.x(number)), 0, 1, scale.height), day if strong else full)

    def _closures(self) -> None:
        """The reason once across all columns closed for the same one; where blocks stand the heading has it."""
        scale, columns = self._scale, self._sheet.columns
        busy = {block.column for block in self._sheet.blocks}
        number = 0
        while number < len(columns):
            reason, end = columns[number].closed, number + 1
            if reason is None:
                number = end
                continue
            while end < len(columns) and columns[end].closed == reason and columns[end].day == columns[number].day:
                end += 1
            text = f"Closed: {reason}" if reason else "Closed"
            if not busy.isdisjoint(range(number, end)):
                number = end
                continue
            self._closure_card(scale.x(number), scale.x(end) - scale.x(number), text)
            number = end

    def _closure_card(self, left: float, width: float, text: str) -> None:
        painter = self._painter
        painter.setFont(block_font(strong=True))
        upright = width >= _UPRIGHT
        painter.save()
        painter.translate(left + width / 2, 12)
        if not upright:
            # A narrow column reads from below upwards, as the spine of a book.
            painter.rotate(-90)
            painter.translate(-150, 0)
        room = QRectF(-width / 2 + 4, 0, width - 8, 200) if upright else QRectF(-150, -width / 2 + 4, 300, width - 8)
        flags = _CENTER | Qt.TextFlag.TextWordWrap
        bounds = QFontMetricsF(painter.font()).boundingRect(room.adjusted(8, 6, -8, -6), flags, text)
        card = QRectF(0, 0, min(bounds.width() + 20, room.width()), bounds.height() + 12)
        if upright:
            card.moveTopLeft(QPointF(-card.width() / 2, 0))
        else:
            card.moveTopLeft(QPointF(150 - card.width(), -card.height() / 2))
        painter.setPen(QColor(self._theme.control_border))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawRoundedRect(card, 6, 6)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(card.adjusted(4, 4, -4, -4), flags, text)
        painter.restore()

    def _hour_text(self, minute: int) -> None:
        text = time_text(time(minute // 60 % 24, minute % 60))
        y = max(8.0, self._scale.y(minute))
        place = QRectF(0, y - 8, self._scale.gutter - 8, 16)
        self._painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _day_header(self, height: float) -> None:
        for number, column in enumerate(self._sheet.columns):
            place = QRectF(self._scale.x(number), 0, self._scale.column_width, height)
            count = sum(b.column == number and b.row.state not in GONE for b in self._sheet.blocks)
            self._text(place.adjusted(8, 8, -8, -height / 2 + 2), column.title, heading_font(13), self._theme.text)
            if column.closed is not None:
                detail = _closed(column.closed, count)
            elif not column.open:
                idle = "Does not work this day" if column.across is Across.INJECTORS else "Nobody works this day"
                detail = idle if not count else f"Outside hours · {_booked(count)}"
            else:
                detail = _booked(count)
            self._text(place.adjusted(8, height / 2 - 1, -8, -8), detail, block_font(), self._theme.muted)

    def _week_header(self, height: float) -> None:
        per_day, several = self._sheet.per_day, self._sheet.per_day > 1
        for number, day in enumerate(self._sheet.days):
            place = QRectF(self._scale.x(number * per_day), 0, self._scale.column_width * per_day, height)
            line = place.adjusted(4, 7, -4, -height / 2 + 3)
            self._day_name(line, day)
            if not several:
                count = sum(b.column == number and b.row.state not in GONE for b in self._sheet.blocks)
                closed = self._sheet.columns[number].closed
                detail = _booked(count) if closed is None else _closed(closed, count)
                self._text(place.adjusted(8, height / 2, -8, -7), detail, block_font(), self._theme.muted)
        if several:
            for number, column in enumerate(self._sheet.columns):
                place = QRectF(self._scale.x(number), height / 2, self._scale.column_width, height / 2 - 7)
                # The whole name where it fits, initials where it does not; the tooltip has it always.
                fits = QFontMetricsF(block_font()).horizontalAdvance(column.title) <= place.width() - 8
                name = column.title if fits else initials(column.title)
                self._text(place, name, block_font(), self._theme.muted)

    def _day_name(self, line: QRectF, day: date) -> None:
        locale = QLocale()
        text = f"{locale.dayName(day.isoweekday(), QLocale.FormatType.ShortFormat)} {day.day}"
        font = heading_font(13)
        if day == self._now.date():
            width = min(QFontMetricsF(font).horizontalAdvance(text) + 20, line.width())
            mark = QRectF(line.center().x() - width / 2, line.top() - 1, width, line.height() + 1)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(self._theme.accent))
            self._painter.drawRoundedRect(mark, mark.height() / 2, mark.height() / 2)
            self._text(line, text, font, self._theme.on_accent)
        else:
            self._text(line, text, font, self._theme.text)

    def _text(self, place: QRectF, text: str, font: QFont, color: str) -> None:
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        self._painter.drawText(place, _CENTER, shown)


def column_tooltip(sheet: Sheet, column: int) -> str:
    """Whose column it is, in full."""
    there = sheet.columns[column]
    return f"{there.title}, {long_day_text(there.day)}"


def _closed(reason: str, count: int) -> str:
    said = f"Closed: {reason}" if reason else "Closed"
    return f"{said} · {count} to rebook" if count else said


def _booked(count: int) -> str:
    return f"{count} booked" if count else "Nothing booked"
