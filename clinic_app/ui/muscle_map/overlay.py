"""What stands over the plate in screen pixels: names with leaders, the side letters, the legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRegion

from clinic_app.atlas import labels as layout
from clinic_app.atlas.doses import Colour
from clinic_app.atlas.labels import PlacedLabel
from clinic_app.ui.muscle_map.hints import HINT, hatch
from clinic_app.ui.muscle_map.muscle_items import LIGHT_LINE
from clinic_app.ui.muscle_map.wording import NOT_FOR_GUIDING
from clinic_app.ui.theme import base_font, current_theme, heading_font

FOOT = 36
"""The strip at the bottom that legend and remark keep free."""
COLUMN = 152
"""The narrowest column of names."""
MOST_A_SIDE = 20
_EDGE = 10
_STUB = 10
_LEAST_HEAD = 40
"""With less room than this, the first part of a name says nothing any more; px."""


@dataclass(frozen=True, slots=True)
class Label:
    """A muscle's name, the place it points to, and whether it matters at the moment.

    ``units`` stand behind the name, then ``change``: what differs from last time. ``speaks_for_both`` says that it may
    name the muscle of the other side with it, where there is too little room to name both.
    """

    text: str
    units: str
    change: str
    anchor: tuple[float, float]
    important: bool
    hovered: bool = False
    speaks_for_both: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """The names of a frame with their places: ``leaders`` alone decide what the leaders look like."""

    labels: tuple[Label, ...]
    leaders: tuple[tuple[PlacedLabel, bool], ...]
    left_edge: float
    right_edge: float
    pitch: float

    def row(self, number: int, width: float) -> QRectF:
        """The strip of the view in which a name stands."""
        each, _ = self.leaders[number]
        top = each.y - self.pitch / 2
        if each.column == "left":
            return QRectF(0, top, self.left_edge + 6, self.pitch)
        return QRectF(self.right_edge - 6, top, width - self.right_edge + 6, self.pitch)


def place(size: tuple[float, float], plate: QRectF, labels: Sequence[Label]) -> Placed:
    """Names in two columns beside the plate, or at the edges of the view when the plate is larger than it."""
    width, height = size
    middle = _divide(labels, min(max(plate.center().x(), COLUMN * 1.5), width - COLUMN * 1.5))
    pitch = QFontMetricsF(_plain()).height() * 1.3
    left_edge = min(max(COLUMN, plate.left() - 4), width / 2 - 60)
    right_edge = max(min(width - COLUMN, plate.right() + 4), width / 2 + 60)
    # A leader that would run back under its own name helps nobody; such a muscle is named when pointed at.
    labels = [
        label
        for label in labels
        if label.important or label.hovered or left_edge + 8 < label.anchor[0] < right_edge - 8
    ]
    columns = layout.Columns(left_edge + 4, right_edge - 4, middle, 18, height - FOOT - 12, pitch, _STUB)
    shown = _with_room(labels, middle, min(MOST_A_SIDE, columns.capacity))
    by_name = {(label.text, label.anchor): label for label in shown}
    placed = _lines(tuple(layout.Label(label.text, label.anchor) for label in shown), columns)
    ordered = tuple(by_name[each.text, each.anchor] for each in placed)
    leaders = tuple((each, label.important) for each, label in zip(placed, ordered, strict=True))
    return Placed(ordered, leaders, left_edge, right_edge, pitch)


def draw_leaders(painter: QPainter, placed: Placed) -> None:
    """The lines from the names to their muscles, each with a pale rim."""
    theme = current_theme()
    halo = QColor(theme.surface)
    halo.setAlpha(190)
    text_colour, quiet = QColor(theme.text), QColor(theme.muted)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for each, important in placed.leaders:
        start = QPointF(placed.left_edge + 4 if each.column == "left" else placed.right_edge - 4, each.y)
        _leader(
            painter, (start, QPointF(*each.elbow), QPointF(*each.anchor)), halo, text_colour if important else quiet
        )


def draw_names(painter: QPainter, size: tuple[float, float], plate: QRectF, placed: Placed, exposed: QRegion) -> None:
    """The names with their units, those that come into the exposed part of the view."""
    theme = current_theme()
    halo = QColor(theme.surface)
    halo.setAlpha(190)
    text_colour, quiet = QColor(theme.text), QColor(theme.muted)
    fonts = {False: _plain(), True: _strong()}
    ascents = {emphasis: QFontMetricsF(font).ascent() for emphasis, font in fonts.items()}
    for number, (label, (each, _)) in enumerate(zip(placed.labels, placed.leaders, strict=True)):
        if not exposed.intersects(placed.row(number, size[0]).toAlignedRect()):
            continue
        on_left = each.column == "left"
        edge = placed.left_edge if on_left else placed.right_edge
        emphasis = label.important or label.hovered
        room = (edge if on_left else size[0] - edge) - _EDGE
        behind = "".join(f"  {words}" for words in (label.units, label.change) if words)
        text, advance = _fitted(label.text, behind, emphasis, int(room))
        left = edge - advance if on_left else edge
        ground = QRectF(left - 4, each.y - placed.pitch / 2 + 1, advance + 8, placed.pitch - 2)
        if ground.intersects(plate):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawRoundedRect(ground, 4, 4)
        painter.setFont(fonts[emphasis])
        painter.setPen(text_colour if emphasis else quiet)
        painter.drawText(QPointF(left, each.y + ascents[emphasis] / 2 - 2), text)


def mark_rooms(
    marks: Sequence[tuple[str, QPointF]], placed: Placed, size: tuple[float, float]
) -> list[tuple[str, QRectF]]:
    """Where the letters of the sides and the words for directions stand: between the columns of names.

    The letters never leave the view: whatever part of a plate is looked at, it says which side is which.
    """
    rooms = []
    for words, at in marks:
        half = QFontMetricsF(_mark_font(words)).horizontalAdvance(words) / 2 + 5
        x = min(max(at.x(), placed.left_edge + _STUB + half), placed.right_edge - _STUB - half)
        y = min(max(at.y(), 20), size[1] - FOOT - 20) if len(words) == 1 else at.y()
        rooms.append((words, QRectF(x - half, y - 14, 2 * half, 28)))
    return rooms


def draw_marks(painter: QPainter, rooms: Sequence[tuple[str, QRectF]]) -> None:
    """The letters and words, each on a ground of its own, which no leader crosses."""
    theme = current_theme()
    for words, room in rooms:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(room, 6, 6)
        painter.setFont(_mark_font(words))
        painter.setPen(QColor(theme.muted))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


def draw_foot(
    painter: QPainter,
    size: tuple[float, float],
    legend: Sequence[tuple[Colour, str]],
    unit: str,
    usual: Sequence[str] = (),
) -> None:
    """The dose colours with their limits, what hatched muscles are usual for, and what the map is not for."""
    width, height = size
    theme = current_theme()
    font = base_font()
    font.setPixelSize(11)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    swatches = sum(29 + metrics.horizontalAdvance(text) for _, text in legend)
    told = f"usual for: {', '.join(usual)}" if usual else ""
    taken = swatches + metrics.horizontalAdvance(unit + NOT_FOR_GUIDING) + 48
    wide = 16 + taken + (metrics.horizontalAdvance(told) + 31 if told else 0) <= width
    base = height - FOOT / 2 - (0 if wide else 8)
    left = 16.0
    ground = QColor(theme.surface)
    ground.setAlpha(225)
    painter.fillRect(QRectF(0, height - FOOT, width, FOOT), ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, text in legend:
        painter.setPen(QPen(QColor(theme.control_border), 1))
        painter.setBrush(QColor(*colour))
        painter.drawRoundedRect(QRectF(left + 0.5, base - 5.5, 14, 11), 3, 3)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(left + 19, base + 4), text)
        left += 19 + metrics.horizontalAdvance(text) + 10
    if legend:
        painter.drawText(QPointF(left - 3, base + 4), unit)
        left += metrics.horizontalAdvance(unit) + 12
    if told:
        _draw_usual(painter, QPointF(left, base), told, width - left - 16)
    painter.setPen(QColor(theme.muted))
    line = QRectF(16, base - 10 + (0 if wide else 16), width - 32, 20)
    side = Qt.AlignmentFlag.AlignRight if wide else Qt.AlignmentFlag.AlignLeft
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | side, NOT_FOR_GUIDING)


def _draw_usual(painter: QPainter, at: QPointF, told: str, room: float) -> None:
    """The mark of a usual muscle with what it is usual for, shortened to the room there is."""
    swatch = QRectF(at.x() + 0.5, at.y() - 5.5, 14, 11)
    painter.save()
    painter.setBrush(QColor(LIGHT_LINE))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRect(swatch)
    painter.setClipRect(swatch)
    hatch(painter, swatch, 4)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(HINT), 1))
    painter.drawRoundedRect(swatch, 3, 3)
    metrics = QFontMetricsF(painter.font())
    painter.setPen(QColor(current_theme().muted))
    text = metrics.elidedText(told, Qt.TextElideMode.ElideRight, room - 19)
    painter.drawText(QPointF(at.x() + 19, at.y() + 4), text)


def _divide(labels: Sequence[Label], centre: float) -> float:
    """The centre; or, when one column would be too full for names and the other has room, where both hold theirs."""
    lying = sorted(label.anchor[0] for label in labels)
    left = sum(x < centre for x in lying)
    if max(left, len(lying) - left) <= MOST_A_SIDE or len(lying) > 2 * MOST_A_SIDE:
        return centre
    last_left = MOST_A_SIDE if left > MOST_A_SIDE else len(lying) - MOST_A_SIDE
    return (lying[last_left - 1] + lying[last_left]) / 2


# What is typed changes the units behind the names, hardly ever the places of the names.
_lines = lru_cache(maxsize=4)(layout.place_labels)


def _with_room(labels: Sequence[Label], middle: float, most: int) -> list[Label]:
    """What the two columns hold: every name, else one name for each pair, else on a full side only what matters now."""
    sides = [[label for label in labels if (label.anchor[0] < middle) is on_left] for on_left in (True, False)]
    if max(map(len, sides)) > most:
        sides = [[label for label in side if _matters(label) or label.speaks_for_both] for side in sides]
    for number, side in enumerate(sides):
        if len(side) > most:
            sides[number] = sorted(filter(_matters, side), key=lambda label: not label.hovered)[:most]
    return [label for side in sides for label in side]


def _matters(label: Label) -> bool:
    return label.important or label.hovered


@lru_cache(maxsize=1024)
def _fitted(name: str, behind: str, emphasis: bool, room: int) -> tuple[str, float]:
    """A name that leaves room for what stands behind it, with its width: the same for most frames."""
    metrics = QFontMetricsF(_strong() if emphasis else _plain())
    taken = metrics.horizontalAdvance(behind) if behind else 0
    head, comma, part = name.partition(", ")
    rest = room - taken - metrics.horizontalAdvance(comma + part)
    if comma and rest > _LEAST_HEAD:
        # The parts of one muscle differ at their ends.
        text = metrics.elidedText(head, Qt.TextElideMode.ElideRight, int(rest)) + comma + part + behind
    else:
        text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(room - taken)) + behind
    return text, metrics.horizontalAdvance(text)


def _mark_font(words: str) -> QFont:
    return heading_font(18) if len(words) == 1 else _plain()


@lru_cache(maxsize=1)
def _plain() -> QFont:
    font = base_font()
    font.setPixelSize(12)
    return font


@lru_cache(maxsize=1)
def _strong() -> QFont:
    return heading_font(12)


def _leader(painter: QPainter, line: tuple[QPointF, QPointF, QPointF], halo: QColor, colour: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shade, width in ((halo, 3.0), (colour, 1.0)):
        painter.setPen(QPen(shade, width))
        painter.drawPolyline(list(line))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(halo)
    painter.drawEllipse(line[2], 3.4, 3.4)
    painter.setBrush(colour)
    painter.drawEllipse(line[2], 2.0, 2.0)
