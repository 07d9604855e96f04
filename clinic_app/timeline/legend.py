"""What the shapes mean, in one or more lines under the picture."""

from collections.abc import Callable

from clinic_app.terms import Severity
from clinic_app.timeline.course import TreatmentKind
from clinic_app.timeline.effect_lane import severity_look
from clinic_app.timeline.shapes import Drawing, Ink, Line, Pattern, Polygon, Rect, Text, triangle
from clinic_app.timeline.telling import SEVERITIES
from clinic_app.timeline.treatment_lane import draw_mark
from clinic_app.timeline.writing import Writing

_ROW, _SIGN, _GAP = 20.0, 22.0, 18.0

Sign = Callable[[Drawing, float, float], None]


def legend(writing: Writing, width: float) -> tuple[Drawing, float]:
    """The legend in a width, and how high it became."""
    drawing = Drawing()
    x, y = 0.0, _ROW / 2
    for words, sign in _signs():
        wide = _SIGN + writing.width(words, False)
        if x and x + wide > width:
            x, y = 0.0, y + _ROW
        sign(drawing, x, y)
        drawing.texts.append(Text(x + _SIGN, y, words, Ink.QUIET))
        x += wide + _GAP
    return drawing, y + _ROW / 2


def _signs() -> list[tuple[str, Sign]]:
    return [
        ("given here", _bar(Ink.DOSE, Pattern.SOLID)),
        ("given elsewhere", _bar(Ink.DOSE, Pattern.STRIPES)),
        ("benefit", _curve(dashed=False)),
        ("not all of it noted", _curve(dashed=True)),
        *((SEVERITIES[each], _span(each)) for each in (Severity.MILD, Severity.MODERATE)),
        ("severe or worse", _span(Severity.SEVERE)),
        ("medicine", _mark(TreatmentKind.MEDICINE)),
        ("operation", _mark(TreatmentKind.SURGERY)),
        ("therapy", _mark(TreatmentKind.THERAPY)),
        ("hollow: ended", _mark(TreatmentKind.MEDICINE, filled=False)),
        ("dose changed", _changed),
        ("dose as before", _bar(Ink.SAME_DOSE, Pattern.SOLID)),
    ]


def _bar(ink: Ink, pattern: Pattern) -> Sign:
    return lambda drawing, x, y: drawing.rects.append(Rect(x + 4, y - 6, 10, 12, ink, pattern))


def _curve(*, dashed: bool) -> Sign:
    return lambda drawing, x, y: drawing.lines.append(Line(((x, y), (x + 17, y)), Ink.BENEFIT, 2.0, dashed))


def _span(severity: Severity) -> Sign:
    return lambda drawing, x, y: drawing.rects.append(Rect(x, y - 4, 17, 8, *severity_look(severity)))


def _mark(kind: TreatmentKind, *, filled: bool = True) -> Sign:
    return lambda drawing, x, y: draw_mark(drawing, kind, x + 10, y, filled=filled)


def _changed(drawing: Drawing, x: float, y: float) -> None:
    drawing.polygons.append(Polygon(triangle(x + 2.5, y, 6, up=True), Ink.TEXT))
    drawing.rects.append(Rect(x + 7, y - 6, 10, 12, Ink.DOSE))
