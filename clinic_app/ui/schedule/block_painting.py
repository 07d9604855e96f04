"""Paints one appointment: who, when, what, and its state as colour, icon and word."""

from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.icons import pixmap
from clinic_app.ui.locale import time_text
from clinic_app.ui.schedule.geometry import Box
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


_MOST_CUTS = 400
_MOST_GROUNDS = 400
_MOST_NAMES = 4000
_LOWEST_LINE = 16.0
_AT_LEFT = int((Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter).value)
_FIRST_OTHER = "\u0530"
"""Behind Latin, Greek and Cyrillic: the letters that stand in the font itself."""


class _Cut:
    """How a block of one size is divided: a full week has hundreds of blocks in a handful of sizes.

    Places are counted from the block's corner.
    """

    def __init__(self, width: float, height: float) -> None:
        self.size = width, height
        self.place = QRectF(0, 0, width, height).adjusted(1.5, 1, -2.5, -1)
        self.width = self.place.width()
        self.narrow = self.width < _NARROW
        self.low = self.place.height() < _LOWEST_LINE
        self.line = 15.0 if self.place.height() < 37 else 16.0
        self.lines = max(1, int(self.place.height() // self.line))
        self.left = self.place.left() + (_NARROW_PAD if self.narrow else _PAD)
        self.right = self.place.right() - 4
        # Short blocks hold their line in the middle, taller ones begin at the top.
        self.top = self.place.top() + (1.5 if self.lines > 1 else (self.place.height() - self.line) / 2)
        self.hardly = self.right - self.left < _HARDLY
        self.marked = self.width >= _MARKED
        self.only_a_name = self.narrow and self.lines == 1 and not (self.low or self.hardly or self.marked)


class Kept:
    """What was drawn and measured before, kept by whoever paints again and again."""

    def __init__(self) -> None:
        self.cuts: dict[tuple[float, float], _Cut] = {}
        self.grounds: dict[tuple[float, float, AppointmentState, str, bool, bool, float], QPixmap] = {}
        self.names: dict[tuple[str, float], tuple[str, bool]] = {}
        """What is shown of a family name in a width, and whether it ``fits_in``: that takes as long as to paint it."""


class Face:
    """A font with its measures."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetricsF(font)
        self.ascent = self.metrics.ascent()
        self.height = self.metrics.height()

    def fits_in(self, text: str, width: float) -> bool:
        """Whether the text is one line of letters of this very font that stay inside the width."""
        if not text.isprintable() or self.metrics.horizontalAdvance(text) > width:
            return False
        in_font = text.isascii() or max(text.rstrip("…"), default="") < _FIRST_OTHER
        return in_font and text != "" and self.metrics.leftBearing(text[0]) >= 0


@dataclass(frozen=True, slots=True)
class _Faces:
    """The fonts of a block."""

    plain: Face
    strong: Face
    struck: Face

    @classmethod
    def of(cls, pixels: int) -> "_Faces":
        struck = block_font(strong=True, pixels=pixels)
        struck.setStrikeOut(True)
        return cls(Face(block_font(pixels=pixels)), Face(block_font(strong=True, pixels=pixels)), Face(struck))


class BlockPainter:
    """Paints blocks with one painter, one theme and one scale."""

    def __init__(self, painter: QPainter, theme: Theme, device_scale: float, kept: Kept) -> None:
        self._painter = painter
        self._theme = theme
        self._device_scale = device_scale
        self._kept = kept
        self._colors = {state: state_colors(state, theme) for state in AppointmentState}
        self._faces = {False: _Faces.of(_TEXT_PX), True: _Faces.of(_NARROW_PX)}
        self._inks: dict[str, QColor] = {}
        # What the painter was told last: hundreds of blocks in a row have the same.
        self._face: Face | None = None
        self._ink = ""

    def paint(
        self,
        box: Box,
        row: AppointmentRow,
        *,
        selected: bool,
        focused: bool = True,
        colour: str = "",
        injector: str = "",
    ) -> None:
        """One appointment in its box, with the colour of its kind and, in a room's column, with its injector."""
        size = box.width, box.height
        cut = self._kept.cuts.get(size)
        if cut is None:
            if len(self._kept.cuts) > _MOST_CUTS:
                self._kept.cuts.clear()
            cut = self._kept.cuts[size] = _Cut(*size)
        corner = QPointF(box.left, box.top)
        self._painter.drawPixmap(corner, self._ground(cut, row, colour))
        if cut.only_a_name and row.state is not AppointmentState.CANCELLED:
            left, right, color = box.left + cut.left, box.left + cut.right, self._colors[row.state].text
            self.family_name(row.patient_name, left, right, box.top + cut.top, cut.line, color)
        else:
            self._text(cut, box, row, injector)
        if selected:
            self._ink = ""
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.setPen(QPen(QColor(self._theme.accent), 3 if focused else 2))
            self._painter.drawRoundedRect(cut.place.translated(corner), 4, 4)

    def _text(self, cut: _Cut, box: Box, row: AppointmentRow, injector: str) -> None:
        if cut.low:
            self._painter.save()
            self._painter.setClipRect(cut.place.translated(box.left, box.top).adjusted(0, 0, -2, 0))
        _Text(self, cut, box, row, self._colors[row.state], injector).paint()
        if cut.low:
            self._painter.restore()
            self._face, self._ink = None, ""

    def paint_ghost(self, box: QRectF, title: str, detail: str) -> None:
        """Where an appointment, or a new one, would stand."""
        self._face, self._ink = None, ""
        place = box.adjusted(1.5, 1, -2.5, -1)
        ground = QColor(self._theme.accent_soft)
        ground.setAlphaF(0.88)
        self._painter.setBrush(ground)
        self._painter.setPen(QPen(QColor(self._theme.accent), 2, Qt.PenStyle.DashLine))
        self._painter.drawRoundedRect(place, 4, 4)
        faces = self._faces[place.width() < _NARROW]
        plain, strong = faces.plain, faces.strong
        inside = place.adjusted(_PAD, 2, -4, -2)
        lines = [(title, strong), (detail, plain)] if inside.height() >= 30 else [(detail, strong)]
        if place.width() < _NARROW:
            inside = place.adjusted(_NARROW_PAD, 2, -2, -2)
            lines = [(detail.split(" ")[0], strong)]
        for number, (text, face) in enumerate(lines):
            shown = face.metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            self.put(inside.left(), inside.right(), inside.top() + number * 16, 16, shown, face, self._theme.text)

    def faces(self, narrow: bool) -> _Faces:
        """The fonts of a narrow or a wide block."""
        return self._faces[narrow]

    def family_name(self, name: str, left: float, right: float, top: float, height: float, color: str) -> None:
        """One line with as much of a family name as finds room in a narrow block."""
        width = right - left
        key = name.rpartition(" ")[2], width
        face = self._faces[True].strong
        known = self._kept.names.get(key)
        if known is None:
            if len(self._kept.names) > _MOST_NAMES:
                self._kept.names.clear()
            shown = face.metrics.elidedText(key[0], Qt.TextElideMode.ElideRight, width)
            known = self._kept.names[key] = shown, face.fits_in(shown, width)
        if not known[1]:
            self.put(left, right, top, height, known[0], face, color)
            return
        # As the other way would place it, in half the time: there is nothing to wrap or to clip.
        self._take(face, color)
        line = floor((top + (height - face.height) / 2) * 64) / 64
        self._painter.drawText(QPointF(left, line + face.ascent), known[0])

    def put(self, left: float, right: float, top: float, height: float, text: str, face: Face, color: str) -> None:
        """One line of text."""
        self._take(face, color)
        self._painter.drawText(QRectF(left, top, right - left + 1, height), _AT_LEFT, text)

    def icon(self, name: str, corner: QPointF, color: str, ink: str = "") -> None:
        """A small icon."""
        self._painter.drawPixmap(corner, pixmap(name, color, _ICON, self._device_scale, ink=ink))

    def marks(self, row: AppointmentRow, right: float, top: float) -> float:
        """The marks of a similar name and of a clash on purpose, from the right; returns what is left of the line."""
        if row.similar_name:
            right -= _ICON + 3
            self.icon("warn-filled", QPointF(right + 3, top), self._theme.warn, self._theme.on_warn)
        if row.overbooked_by:
            right -= _ICON + 3
            self.icon("users", QPointF(right + 3, top), self._theme.warn)
        return right

    def _take(self, face: Face, color: str) -> None:
        """Give the painter font and colour, where it has not got them."""
        if face is not self._face:
            self._face = face
            self._painter.setFont(face.font)
        if color != self._ink:
            self._ink = color
            self._painter.setPen(self._inks.setdefault(color, QColor(color)))

    def _ground(self, cut: _Cut, row: AppointmentRow, colour: str) -> QPixmap:
        """Edge, ground and strip as a picture: a full week has hundreds of blocks and few sorts of them."""
        corner = not cut.marked and (row.similar_name or row.overbooked_by != "")
        key = *cut.size, row.state, colour, corner, self._theme.dark, self._device_scale
        known = self._kept.grounds.get(key)
        if known is None:
            if len(self._kept.grounds) > _MOST_GROUNDS:
                self._kept.grounds.clear()
            known = self._kept.grounds[key] = self._drawn_ground(cut, row.state, colour, corner)
        return known

    def _drawn_ground(self, cut: _Cut, state: AppointmentState, colour: str, corner: bool) -> QPixmap:
        scale, colors = self._device_scale, self._colors[state]
        place = cut.place
        picture = QPixmap(ceil(cut.size[0] * scale), ceil(cut.size[1] * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
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
        if corner:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.warn))
            marked = place.topRight()
            painter.drawPolygon([marked - QPointF(_CORNER, 0), marked, marked + QPointF(0, _CORNER)])
        painter.end()
        return picture


class _Text:
    """The lines of one block: as much as its height and width hold, the name first."""

    def __init__(
        self, out: BlockPainter, cut: _Cut, box: Box, row: AppointmentRow, colors: StateColors, injector: str
    ) -> None:
        self._out = out
        self._cut = cut
        self._row = row
        self._colors = colors
        self._injector = injector
        faces = out.faces(cut.narrow)
        self._plain = faces.plain
        self._struck = row.state is AppointmentState.CANCELLED
        self._strong = faces.struck if self._struck else faces.strong
        self._left, self._right = box.left + cut.left, box.left + cut.right
        self._top = box.top + cut.top

    def paint(self) -> None:
        """Paint the lines."""
        if self._cut.hardly:
            self._out.icon(ICONS[self._row.state], QPointF(self._left, self._top), self._colors.quiet)
            return
        if self._cut.lines == 1:
            self._single_line()
            return
        right = self._right
        if not self._cut.narrow:
            right = self._marks(self._top + 2)
        self._name(self._left, right)
        self._details()

    def _marks(self, top: float) -> float:
        """The marks, where there is room for them; returns where the line ends before them."""
        return self._out.marks(self._row, self._right, top) if self._cut.marked else self._right

    def _name(self, left: float, right: float) -> None:
        top, line, name = self._top, self._cut.line, self._row.patient_name
        if self._cut.narrow and not self._struck:
            self._out.family_name(name, left, right, top, line, self._colors.text)
            return
        metrics = self._strong.metrics
        if self._cut.narrow:
            name = metrics.elidedText(name.rpartition(" ")[2], Qt.TextElideMode.ElideRight, right - left)
        else:
            name = short_name(name, metrics, right - left)
        self._out.put(left, right, top, line, name, self._strong, self._colors.text)

    def _single_line(self) -> None:
        left, right, top = self._left, self._right, self._top
        right = self._marks(top + 1.5)
        if self._cut.narrow:
            self._name(left, right)
            return
        self._out.icon(ICONS[self._row.state], QPointF(left, top + 1.5), self._colors.quiet)
        left += _ICON + 4
        time, word = time_text(self._row.starts_at), WORDS[self._row.state]
        metrics, named = self._plain.metrics, self._strong.metrics
        ways = [f"{time} · {word} · {self._injector}", f"{time} · {self._injector}"] if self._injector else []
        for text in (*ways, f"{time} · {word}", time):
            width = metrics.horizontalAdvance(text)
            if right - left - width - 8 >= named.horizontalAdvance(self._row.patient_name):
                self._out.put(right - width - 2, right + 2, top, self._cut.line, text, self._plain, self._colors.quiet)
                right -= width + 8
                break
        self._name(left, right)

    def _details(self) -> None:
        left, right, top = self._left, self._right, self._top + self._cut.line
        if self._cut.narrow:
            right = self._marks(top + 1.5)
        time, word = time_text(self._row.starts_at), WORDS[self._row.state]
        metrics = self._plain.metrics
        self._out.icon(ICONS[self._row.state], QPointF(left, top + 1.5), self._colors.quiet)
        left += _ICON + 4
        kind = " · ".join(text for text in (self._row.type_name, self._injector) if text)
        ways = [[f"{word} · {time} · {kind}"], [f"{word} · {time}", kind], [time, word, kind]]
        if self._cut.narrow or self._row.state in GONE:
            ways = [[time]]
        # As much as fits on the line beside the icon, the rest below it where the block is high enough.
        texts = next((way for way in ways if metrics.horizontalAdvance(way[0]) <= right - left), ways[-1])
        if self._cut.narrow and right - left < metrics.horizontalAdvance(time):
            return  # half a time is worse than none; the grid and the tooltip tell it
        for number, text in enumerate(texts[: self._cut.lines - 1]):
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            line = top + number * self._cut.line
            self._out.put(left, right, line, self._cut.line, shown, self._plain, self._colors.quiet)
