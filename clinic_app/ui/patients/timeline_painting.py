"""Paints the shapes of the timeline: inks become colours of the theme, patterns become brushes."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from clinic_app.partial_dates import PartialDate
from clinic_app.timeline.shapes import Drawing, Ink, Pattern, Text
from clinic_app.timeline.writing import Writing
from clinic_app.ui.locale import date_text, number_text, partial_date_text
from clinic_app.ui.theme import base_font
from clinic_app.ui.tokens import Theme

_TEXT_PX = 11


def text_font(*, bold: bool = False) -> QFont:
    """The font of the picture's words."""
    font = base_font()
    font.setPixelSize(_TEXT_PX)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def screen_writing() -> Writing:
    """Dates and numbers as the person's locale writes them, measured in the picture's font."""
    measures = {bold: QFontMetricsF(text_font(bold=bold)) for bold in (False, True)}
    known: dict[tuple[str, bool], float] = {}

    def width(text: str, bold: bool) -> float:
        found = known.get((text, bold))
        if found is None:
            found = known[text, bold] = measures[bold].horizontalAdvance(text)
        return found

    return Writing(
        day=date_text,
        month=lambda day: partial_date_text(PartialDate(day.year, day.month)),
        number=number_text,
        width=width,
    )


def ink_color(ink: Ink, theme: Theme) -> QColor:
    """The colour of an ink."""
    same = QColor(theme.accent)
    if ink is Ink.SAME_DOSE:
        same.setAlphaF(0.38)
        return same
    return QColor(
        {
            Ink.TEXT: theme.text,
            Ink.QUIET: theme.muted,
            Ink.HAIRLINE: theme.hairline,
            Ink.DOSE: theme.accent,
            Ink.BENEFIT: theme.info,
            Ink.MARK: theme.muted,
            Ink.MILD: theme.mild,
            Ink.MODERATE: theme.moderate,
            Ink.SEVERE: theme.severe,
        }[ink]
    )


class Painted:
    """A drawing made ready to be painted again and again: what looks alike goes to the painter in one call."""

    def __init__(self, drawing: Drawing, theme: Theme) -> None:
        self._rects: dict[tuple[Ink, Pattern], list[QRectF]] = {}
        self._lines: dict[tuple[Ink, float, bool], QPainterPath] = {}
        self._polygons: dict[Ink, QPainterPath] = {}
        self._texts: list[tuple[QPointF, Text]] = []
        self._theme = theme
        for rect in drawing.rects:
            place = QRectF(rect.x, rect.y, rect.width, rect.height)
            self._rects.setdefault((rect.ink, rect.pattern), []).append(place)
        for line in drawing.lines:
            path = self._lines.setdefault((line.ink, line.thick, line.dashed), QPainterPath())
            path.moveTo(*line.points[0])
            for point in line.points[1:]:
                path.lineTo(*point)
        for polygon in drawing.polygons:
            path = self._polygons.setdefault(polygon.ink, QPainterPath())
            path.addPolygon(QPolygonF([QPointF(*point) for point in polygon.points]))
            path.closeSubpath()
        self._measure(drawing)

    def paint(self, painter: QPainter) -> None:
        """Paint it at the painter's origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (ink, thick, dashed), path in self._lines.items():
            pen = QPen(ink_color(ink, self._theme), thick)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if dashed:
                pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        for (ink, pattern), rects in self._rects.items():
            self._choose(painter, ink, pattern)
            painter.drawRects(rects)
        painter.setPen(Qt.PenStyle.NoPen)
        for ink, path in self._polygons.items():
            painter.setBrush(ink_color(ink, self._theme))
            painter.drawPath(path)
        for bold in (False, True):
            painter.setFont(text_font(bold=bold))
            for place, text in self._texts:
                if text.bold is bold:
                    painter.setPen(ink_color(text.ink, self._theme))
                    painter.drawText(place, text.text)

    def _measure(self, drawing: Drawing) -> None:
        measures = {bold: QFontMetricsF(text_font(bold=bold)) for bold in (False, True)}
        down = (measures[False].ascent() - measures[False].descent()) / 2
        for text in drawing.texts:
            left = text.left(measures[text.bold].horizontalAdvance(text.text))
            self._texts.append((QPointF(left, text.y + down), text))

    def _choose(self, painter: QPainter, ink: Ink, pattern: Pattern) -> None:
        color = ink_color(ink, self._theme)
        if pattern is Pattern.SOLID:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            return
        painter.setPen(QPen(color, 1.2))
        soft = QColor(color)
        soft.setAlphaF(0.12)
        if pattern is Pattern.OUTLINE:
            painter.setBrush(soft)
            return
        brush = QBrush(color, Qt.BrushStyle.BDiagPattern)
        # The stripes belong to the screen's dots and not to the shape: as fine at every scale.
        scale = max(painter.deviceTransform().m11(), 1.0)
        brush.setTransform(QTransform.fromScale(0.75 / scale, 0.75 / scale))
        painter.setBrush(brush)
