"""The shapes of the timeline as vectors on paper, readable in grey: inks become colours, patterns become lines."""

from typing import Any

from clinic_app.documents.page import draw_text
from clinic_app.documents.style import ACCENT, HAIRLINE, INK, QUIET, TextStyle, rgb
from clinic_app.documents.text import ONE_LINE, text_width
from clinic_app.documents.wording import month_and_year, number, short_date
from clinic_app.timeline.shapes import Drawing, Ink, Line, Pattern, Polygon, Rect, Text
from clinic_app.timeline.writing import Writing

POINT = 0.62
"""Points on paper for a unit of the picture: its words become 6.8 points high."""
_COLOURS = {
    Ink.TEXT: INK,
    Ink.QUIET: QUIET,
    Ink.HAIRLINE: HAIRLINE,
    Ink.DOSE: ACCENT,
    Ink.SAME_DOSE: "#A9D2CE",
    Ink.BENEFIT: "#334155",
    Ink.MARK: QUIET,
    Ink.MILD: "#8A5A00",
    Ink.MODERATE: "#B04A0A",
    Ink.SEVERE: "#B42318",
}
_STYLES = {
    (ink, bold): TextStyle(11 * POINT, 14 * POINT, bold, colour)
    for ink, colour in _COLOURS.items()
    for bold in (False, True)
}
_STRIPES = 3.0
"""Units from stripe to stripe."""


def paper_writing(locale: str) -> Writing:
    """Dates and numbers as the paper's locale writes them, measured in its font."""
    return Writing(
        day=lambda day: short_date(day, locale),
        month=lambda day: month_and_year(day, locale),
        number=lambda value: number(value, locale),
        width=lambda text, bold: text_width(text[: ONE_LINE.characters], _STYLES[Ink.TEXT, bold]) / POINT,
    )


def draw_shapes(
    canvas: Any,
    drawing: Drawing,
    x: float,
    y: float,
    writing: Writing,
    *,
    inside: tuple[float, float, float] | None = None,
) -> None:
    """Draw with the picture's origin at a place in points; y of the picture goes downwards.

    ``inside`` keeps it between a left and a right end and above a height, all in units; a text that would be cut is
    left out.
    """
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(POINT, -POINT)
    if inside is not None:
        left, right, height = inside
        path = canvas.beginPath()
        path.rect(left, -1, right - left, height + 2)
        canvas.clipPath(path, stroke=0, fill=0)
    for line in drawing.lines:
        _line(canvas, line)
    for rect in drawing.rects:
        _rect(canvas, rect)
    for polygon in drawing.polygons:
        _polygon(canvas, polygon)
    canvas.restoreState()
    for text in drawing.texts:
        width = writing.width(text.text, text.bold)
        start = text.left(width)
        if inside is None or (inside[0] <= start and start + width <= inside[1]):
            _text(canvas, text, x + start * POINT, y - text.y * POINT, width * POINT + 1)


def _text(canvas: Any, text: Text, x: float, y: float, width: float) -> None:
    style = _STYLES[text.ink, text.bold]
    draw_text(canvas, text.text, x, y - style.size * 0.36, style, width)


def _line(canvas: Any, line: Line) -> None:
    canvas.setStrokeColorRGB(*rgb(_COLOURS[line.ink]))
    canvas.setLineWidth(line.thick)
    canvas.setDash([3, 3] if line.dashed else [])
    _draw_path(canvas, line.points, closed=False, filled=False)
    canvas.setDash([])


def _polygon(canvas: Any, polygon: Polygon) -> None:
    canvas.setFillColorRGB(*rgb(_COLOURS[polygon.ink]))
    _draw_path(canvas, polygon.points, closed=True, filled=True)


def _draw_path(canvas: Any, points: tuple[tuple[float, float], ...], *, closed: bool, filled: bool) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.close()
    canvas.drawPath(path, stroke=0 if filled else 1, fill=1 if filled else 0)


def _rect(canvas: Any, rect: Rect) -> None:
    colour = rgb(_COLOURS[rect.ink])
    if rect.pattern is Pattern.SOLID:
        canvas.setFillColorRGB(*colour)
        canvas.rect(rect.x, rect.y, rect.width, rect.height, stroke=0, fill=1)
        return
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(0.9)
    if rect.pattern is Pattern.STRIPES:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(rect.x, rect.y, rect.width, rect.height)
        canvas.clipPath(path, stroke=0, fill=0)
        place = rect.x - rect.height
        while place < rect.x + rect.width:
            canvas.line(place, rect.y + rect.height, place + rect.height, rect.y)
            place += _STRIPES
        canvas.restoreState()
    canvas.rect(rect.x, rect.y, rect.width, rect.height, stroke=1, fill=0)
