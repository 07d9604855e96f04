"""Paints one appointment: who, when, what, and its state as colour, icon and word."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.icons import pixmap
from clinic_app.ui.locale import time_text
from clinic_app.ui.schedule.states import ICONS, WORDS, StateColors, state_colors
from clinic_app.ui.theme import base_font
from clinic_app.ui.tokens import Theme, type_colour

_TEXT_PX = 12
_NARROW_PX = 11
_ICON = 12
_PAD = 8.0
_NARROW_PAD = 5.0
_MARKED = 56.0
"""Below this width a mark would leave no room for the name; a corner of its colour stands for it."""
_CORNER = 8.0
_HARDLY = 24.0
"""Below this width only the mark of the state stands there."""
_NARROW = 84.0
"""Below this width only the family name stands there, in smaller letters; the tooltip has the rest."""


def block_font(*, strong: bool = False, pixels: int = _TEXT_PX) -> QFont:
    """The font inside a block."""
    font = base_font()
    font.setPixelSize(pixels)
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def short_name(name: str, metrics: QFontMetricsF, width: float) -> str:
    """The name in the room there is: whole, else the family name with an initial, else shortened."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    given, _, family = name.rpartition(" ")
    shorter = f"{given[:1]}. {family}" if given else family
    return metrics.elidedText(shorter, Qt.TextElideMode.ElideRight, width)


Grounds = dict[tuple[float, float, AppointmentState, str, bool, float], QPixmap]
"""The grounds drawn so far, kept by whoever paints again and again."""
_MOST_GROUNDS = 400
_LOWEST_LINE = 16.0


class BlockPainter:
    """Paints blocks with one painter, one theme and one scale."""

    def __init__(self, painter: QPainter, theme: Theme, device_scale: float, grounds: Grounds) -> None:
        self._painter = painter
        self._theme = theme
        self._device_scale = device_scale
        self._grounds = grounds
        self._colors = {state: state_colors(state, theme) for state in AppointmentState}
        self._fonts = {
            narrow: (block_font(pixels=pixels), block_font(strong=True, pixels=pixels))
            for narrow, pixels in ((False, _TEXT_PX), (True, _NARROW_PX))
        }
        self._metrics = {narrow: tuple(QFontMetricsF(font) for font in fonts) for narrow, fonts in self._fonts.items()}

    def paint(
        self,
        box: QRectF,
        row: AppointmentRow,
        *,
        selected: bool,
        focused: bool = True,
        colour: str = "",
        injector: str = "",
    ) -> None:
        """One appointment in its box, with the colour of its kind and, in a room's column, with its injector."""
        place = box.adjusted(1.5, 1, -2.5, -1)
        colors = self._colors[row.state]
        self._painter.drawPixmap(box.topLeft(), self._ground(box, row.state, colour))
        low = place.height() < _LOWEST_LINE
        if low:
            self._painter.save()
            self._painter.setClipRect(place.adjusted(0, 0, -2, 0))
        if place.width() < _MARKED and (row.similar_name or row.overbooked_by):
            self._corner(place)
        _Text(self, place, row, colors, injector).paint()
        if low:
            self._painter.restore()
        if selected:
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.setPen(QPen(QColor(self._theme.accent), 3 if focused else 2))
            self._painter.drawRoundedRect(place, 4, 4)

    def paint_ghost(self, box: QRectF, title: str, detail: str) -> None:
        """Where an appointment, or a new one, would stand."""
        place = box.adjusted(1.5, 1, -2.5, -1)
        ground = QColor(self._theme.accent_soft)
        ground.setAlphaF(0.88)
        self._painter.setBrush(ground)
        self._painter.setPen(QPen(QColor(self._theme.accent), 2, Qt.PenStyle.DashLine))
        self._painter.drawRoundedRect(place, 4, 4)
        plain, strong = self._fonts[place.width() < _NARROW]
        inside = place.adjusted(_PAD, 2, -4, -2)
        lines = [(title, strong), (detail, plain)] if inside.height() >= 30 else [(detail, strong)]
        if place.width() < _NARROW:
            inside = place.adjusted(_NARROW_PAD, 2, -2, -2)
            lines = [(detail.split(" ")[0], strong)]
        for number, (text, font) in enumerate(lines):
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            self.put(inside.left(), inside.right(), inside.top() + number * 16, 16, shown, font, self._theme.text)

    def fonts(self, narrow: bool) -> tuple[QFont, QFont]:
        """The plain and the strong font."""
        return self._fonts[narrow]

    def metrics(self, narrow: bool) -> tuple[QFontMetricsF, ...]:
        """The measures of the plain and the strong font."""
        return self._metrics[narrow]

    def put(self, left: float, right: float, top: float, height: float, text: str, font: QFont, color: str) -> None:
        """One line of text."""
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(QRectF(left, top, right - left + 1, height), flags, text)

    def icon(self, name: str, corner: QPointF, color: str, ink: str = "") -> None:
        """A small icon."""
        self._painter.drawPixmap(corner, pixmap(name, color, _ICON, self._device_scale, ink=ink))

    def marks(self, row: AppointmentRow, width: float, right: float, top: float) -> float:
        """The marks of a similar name and of a clash on purpose, from the right; returns what is left of the line."""
        if width < _MARKED:
            return right
        if row.similar_name:
            right -= _ICON + 3
            self.icon("warn-filled", QPointF(right + 3, top), self._theme.warn, self._theme.on_warn)
        if row.overbooked_by:
            right -= _ICON + 3
            self.icon("users", QPointF(right + 3, top), self._theme.warn)
        return right

    def _corner(self, place: QRectF) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._theme.warn))
        corner = place.topRight()
        self._painter.drawPolygon([corner - QPointF(_CORNER, 0), corner, corner + QPointF(0, _CORNER)])

    def _ground(self, box: QRectF, state: AppointmentState, colour: str) -> QPixmap:
        """Edge, ground and strip as a picture: a full week has hundreds of blocks and few sorts of them."""
        key = box.width(), round(box.height(), 2), state, colour, self._theme.dark, self._device_scale
        known = self._grounds.get(key)
        if known is None:
            if len(self._grounds) > _MOST_GROUNDS:
                self._grounds.clear()
            known = self._grounds[key] = self._drawn_ground(box.width(), box.height(), state, colour)
        return known

    def _drawn_ground(self, width: float, height: float, state: AppointmentState, colour: str) -> QPixmap:
        scale, colors = self._device_scale, self._colors[state]
        picture = QPixmap(ceil(width * scale), ceil(height * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        place = QRectF(0, 0, width, height).adjusted(1.5, 1, -2.5, -1)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colors.edge), 1)
        if state in GONE:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colors.ground))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        strip = "" if state in GONE else type_colour(colour, self._theme)
        if not strip and state not in GONE and state is not AppointmentState.BOOKED:
            strip = colors.edge
        if strip:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(strip))
            painter.drawRoundedRect(QRectF(place.left(), place.top(), 4, place.height()), 2, 2)
        painter.end()
        return picture


class _Text:
    """The lines of one block: as much as its height and width hold, the name first."""

    def __init__(
        self, out: BlockPainter, place: QRectF, row: AppointmentRow, colors: StateColors, injector: str
    ) -> None:
        self._out = out
        self._row = row
        self._colors = colors
        self._injector = injector
        self._width = place.width()
        self._narrow = self._width < _NARROW
        self._plain, self._strong = out.fonts(self._narrow)
        if row.state is AppointmentState.CANCELLED:
            self._strong = QFont(self._strong)
            self._strong.setStrikeOut(True)
        self._line = 15.0 if place.height() < 37 else 16.0
        self._lines = max(1, int(place.height() // self._line))
        pad = _NARROW_PAD if self._narrow else _PAD
        # Short blocks hold their line in the middle, taller ones begin at the top.
        top = place.top() + (1.5 if self._lines > 1 else (place.height() - self._line) / 2)
        self._inside = QRectF(place.left() + pad, top, place.width() - pad - 4, place.bottom() - top)

    def paint(self) -> None:
        """Paint the lines."""
        if self._inside.width() < _HARDLY:
            self._out.icon(ICONS[self._row.state], QPointF(self._inside.left(), self._inside.top()), self._colors.quiet)
            return
        if self._lines == 1:
            self._single_line()
            return
        right = self._inside.right()
        if not self._narrow:
            right = self._out.marks(self._row, self._width, right, self._inside.top() + 2)
        self._name(self._inside.left(), right)
        self._details()

    def _name(self, left: float, right: float) -> None:
        metrics = self._out.metrics(self._narrow)[1]
        name = self._row.patient_name
        if self._narrow:
            name = metrics.elidedText(name.rpartition(" ")[2], Qt.TextElideMode.ElideRight, right - left)
        else:
            name = short_name(name, metrics, right - left)
        self._out.put(left, right, self._inside.top(), self._line, name, self._strong, self._colors.text)

    def _single_line(self) -> None:
        left, right, top = self._inside.left(), self._inside.right(), self._inside.top()
        right = self._out.marks(self._row, self._width, right, top + 1.5)
        if self._narrow:
            self._name(left, right)
            return
        self._out.icon(ICONS[self._row.state], QPointF(left, top + 1.5), self._colors.quiet)
        left += _ICON + 4
        time, word = time_text(self._row.starts_at), WORDS[self._row.state]
        metrics, named = self._out.metrics(self._narrow)
        ways = [f"{time} · {word} · {self._injector}", f"{time} · {self._injector}"] if self._injector else []
        for text in (*ways, f"{time} · {word}", time):
            width = metrics.horizontalAdvance(text)
            if right - left - width - 8 >= named.horizontalAdvance(self._row.patient_name):
                self._out.put(right - width - 2, right + 2, top, self._line, text, self._plain, self._colors.quiet)
                right -= width + 8
                break
        self._name(left, right)

    def _details(self) -> None:
        left, top = self._inside.left(), self._inside.top() + self._line
        right = self._inside.right()
        if self._narrow:
            right = self._out.marks(self._row, self._width, right, top + 1.5)
        time, word = time_text(self._row.starts_at), WORDS[self._row.state]
        metrics = self._out.metrics(self._narrow)[0]
        self._out.icon(ICONS[self._row.state], QPointF(left, top + 1.5), self._colors.quiet)
        left += _ICON + 4
        kind = " · ".join(text for text in (self._row.type_name, self._injector) if text)
        ways = [[f"{word} · {time} · {kind}"], [f"{word} · {time}", kind], [time, word, kind]]
        if self._narrow or self._row.state in GONE:
            ways = [[time]]
        # As much as fits on the line beside the icon, the rest below it where the block is high enough.
        texts = next((way for way in ways if metrics.horizontalAdvance(way[0]) <= right - left), ways[-1])
        if self._narrow and right - left < metrics.horizontalAdvance(time):
            return  # half a time is worse than none; the grid and the tooltip tell it
        for number, text in enumerate(texts[: self._lines - 1]):
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            line = top + number * self._line
            self._out.put(left, right, line, self._line, shown, self._plain, self._colors.quiet)
