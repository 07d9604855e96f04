"""What stands over the plate in screen pixels: names with leaders, the side letters, the legend."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from clinic_app.atlas import labels as layout
from clinic_app.atlas.doses import Colour
from clinic_app.ui.muscle_map.wording import NOT_FOR_GUIDING
from clinic_app.ui.theme import base_font, current_theme, heading_font

FOOT = 36
"""The strip at the bottom that legend and remark keep free."""
COLUMN = 152
"""The narrowest column of names."""
MOST_A_SIDE = 20
_EDGE = 10
_STUB = 10


@dataclass(frozen=True, slots=True)
class Label:
    """A muscle's name, the place it points to, and whether it matters at the moment."""

    text: str
    units: str
    anchor: tuple[float, float]
    important: bool
    hovered: bool = False


def draw_labels(painter: QPainter, size: tuple[float, float], plate: QRectF, labels: Sequence[Label]) -> None:
    """Names in two columns beside the plate, or at the edges of the view when the plate is larger than it."""
    width, height = size
    middle = _divide(labels, min(max(plate.center().x(), COLUMN * 1.5), width - COLUMN * 1.5))
    font = base_font()
    font.setPixelSize(12)
    strong = heading_font(12)
    pitch = QFontMetricsF(font).height() * 1.3
    left_edge = min(max(COLUMN, plate.left() - 4), width / 2 - 60)
    right_edge = max(min(width - COLUMN, plate.right() + 4), width / 2 + 60)
    # A leader that would run back under its own name helps nobody; such a muscle is named when pointed at.
    labels = [
        label
        for label in labels
        if label.important or label.hovered or left_edge + 8 < label.anchor[0] < right_edge - 8
    ]
    columns = layout.Columns(left_edge + 4, right_edge - 4, middle, 18, height - FOOT - 12, pitch, _STUB)
    shown = [label for on_left in (True, False) for label in _side(labels, middle, on_left, columns.capacity)]
    by_anchor = {label.anchor: label for label in shown}
    placed = layout.place_labels([layout.Label(label.text, label.anchor) for label in shown], columns)
    theme = current_theme()
    halo = QColor(theme.surface)
    halo.setAlpha(190)
    text_colour, quiet = QColor(theme.text), QColor(theme.muted)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in placed:
        label = by_anchor[place.anchor]
        start = QPointF(columns.left if place.column == "left" else columns.right, place.y)
        line = (start, QPointF(*place.elbow), QPointF(*place.anchor))
        _leader(painter, line, halo, text_colour if label.important else quiet)
    for place in placed:
        label = by_anchor[place.anchor]
        on_left = place.column == "left"
        edge = left_edge if on_left else right_edge
        emphasis = label.important or label.hovered
        metrics = QFontMetricsF(strong if emphasis else font)
        room = (left_edge if on_left else width - right_edge) - _EDGE
        units_room = metrics.horizontalAdvance(f"  {label.units}") if label.units else 0
        name = metrics.elidedText(label.text, Qt.TextElideMode.ElideMiddle, room - units_room)
        text = f"{name}  {label.units}" if label.units else name
        advance = metrics.horizontalAdvance(text)
        left = edge - advance if on_left else edge
        ground = QRectF(left - 4, place.y - pitch / 2 + 1, advance + 8, pitch - 2)
        if ground.intersects(plate):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawRoundedRect(ground, 4, 4)
        painter.setFont(strong if emphasis else font)
        painter.setPen(text_colour if emphasis else quiet)
        painter.drawText(QPointF(left, place.y + metrics.ascent() / 2 - 2), text)


def draw_marks(painter: QPainter, marks: Sequence[tuple[str, QPointF]]) -> None:
    """The letters of the patient's sides."""
    theme = current_theme()
    painter.setFont(heading_font(18))
    painter.setPen(QColor(theme.muted))
    for letter, where in marks:
        painter.drawText(QRectF(where.x() - 20, where.y() - 14, 40, 28), Qt.AlignmentFlag.AlignCenter, letter)


def draw_foot(painter: QPainter, size: tuple[float, float], legend: Sequence[tuple[Colour, str]], unit: str) -> None:
    """The dose colours with their limits, and what the map is not for."""
    width, height = size
    theme = current_theme()
    font = base_font()
    font.setPixelSize(11)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    swatches = sum(29 + metrics.horizontalAdvance(text) for _, text in legend)
    wide = 16 + swatches + metrics.horizontalAdvance(unit + NOT_FOR_GUIDING) + 48 <= width
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
    painter.setPen(QColor(theme.muted))
    line = QRectF(16, base - 10 + (0 if wide else 16), width - 32, 20)
    side = Qt.AlignmentFlag.AlignRight if wide else Qt.AlignmentFlag.AlignLeft
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | side, NOT_FOR_GUIDING)


def _divide(labels: Sequence[Label], centre: float) -> float:
    """The centre; or, when one column would be too full for names and the other has room, where both hold theirs."""
    lying = sorted(label.anchor[0] for label in labels)
    left = sum(x < centre for x in lying)
    if max(left, len(lying) - left) <= MOST_A_SIDE or len(lying) > 2 * MOST_A_SIDE:
        return centre
    last_left = MOST_A_SIDE if left > MOST_A_SIDE else len(lying) - MOST_A_SIDE
    return (lying[last_left - 1] + lying[last_left]) / 2


def _side(labels: Sequence[Label], middle: float, on_left: bool, capacity: int) -> list[Label]:
    own = [label for label in labels if (label.anchor[0] < middle) is on_left]
    most = min(MOST_A_SIDE, capacity)
    if len(own) <= most:
        return own
    return sorted((label for label in own if label.important or label.hovered), key=lambda label: not label.hovered)[
        :most
    ]


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
