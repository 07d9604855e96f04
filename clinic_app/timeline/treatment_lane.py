"""Marks where a medicine, an operation or a therapy began or ended."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from clinic_app.partial_dates import PartialDate
from clinic_app.timeline.course import Course, Treatment, TreatmentKind
from clinic_app.timeline.shapes import Drawing, Ink, Line, Polygon, Text, diamond, octagon, triangle
from clinic_app.timeline.stage import Spot, Stage
from clinic_app.timeline.telling import tell_treatment
from clinic_app.timeline.writing import brief

_ROW, _SIZE = 18.0, 9.0
_USUAL_ROWS, _MOST_ROWS = 3, 6


@dataclass(frozen=True, slots=True)
class TreatmentMark:
    """The beginning of a treatment, or its end. ``shown_on`` is never before the axis begins."""

    treatment: Treatment
    on: PartialDate
    ends: bool
    shown_on: date


@dataclass(frozen=True, slots=True)
class TreatmentLane:
    """Marks in rows, taken in turn, so that neighbours, and those of one day, leave each other room for words."""

    rows: tuple[tuple[TreatmentMark, ...], ...]

    @classmethod
    def of(cls, course: Course, first: date) -> "TreatmentLane":
        """The marks of a course whose axis begins on a day; what was over before then is left out."""
        marks: list[TreatmentMark] = []
        for each in course.treatments:
            if each.until is not None and each.until.latest < first:
                continue
            if each.since is not None and each.since.earliest <= course.today:
                marks.append(TreatmentMark(each, each.since, False, max(each.since.earliest, first)))
            if each.until is not None and each.until.earliest <= course.today:
                marks.append(TreatmentMark(each, each.until, True, max(each.until.earliest, first)))
        marks.sort(key=lambda mark: mark.shown_on)
        same_day = max(Counter(mark.shown_on for mark in marks).values(), default=0)
        count = min(len(marks), max(_USUAL_ROWS, min(same_day, _MOST_ROWS)))
        return cls(tuple(tuple(marks[row::count]) for row in range(count)))

    @property
    def height(self) -> float:
        """As many rows as there are; that there are none takes two lines to say."""
        return max(len(self.rows), 2) * _ROW + 6

    def draw(self, stage: Stage, top: float) -> None:
        """A shape for each kind, filled where it begins and hollow where it ends, and its words."""
        stage.name("Medicine and therapy", "" if self.rows else "no dates on record", top, self.height)
        for number, row in enumerate(self.rows):
            middle = top + 3 + number * _ROW + _ROW / 2
            places = {id(mark): place for place, mark in enumerate(row)}
            for mark in stage.seen(row, lambda mark: mark.shown_on):
                x = stage.axis.x(mark.shown_on) + _SIZE / 2
                place = places[id(mark)] + 1
                end = stage.axis.x(row[place].shown_on) if place < len(row) else stage.axis.width
                draw_mark(stage.picture, mark.treatment.kind, x, middle, filled=not mark.ends)
                self._draw_words(stage, mark, x, end, middle)
                tell = tell_treatment(mark.treatment, stage.writing)
                stage.spots.append(Spot(x - _SIZE, middle - _ROW / 2, 2 * _SIZE, _ROW, tell))

    def _draw_words(self, stage: Stage, mark: TreatmentMark, x: float, end: float, middle: float) -> None:
        name = brief(mark.treatment.name)
        said = f"{name} ended" if mark.ends else name
        exact = mark.shown_on == mark.on.earliest and mark.on.day
        dated = said if exact else f"{said} ({stage.writing.when(mark.on)})"
        label = stage.writing.longest(dict.fromkeys((dated, said)), end - x - _SIZE - 6)
        if label:
            ink = Ink.QUIET if mark.ends else Ink.TEXT
            stage.picture.texts.append(Text(x + _SIZE, middle, label, ink))


def draw_mark(drawing: Drawing, kind: TreatmentKind, x: float, y: float, *, filled: bool) -> None:
    """The shape of a kind: round a medicine, a diamond an operation, a triangle a therapy."""
    points = {
        TreatmentKind.MEDICINE: octagon(x, y, _SIZE),
        TreatmentKind.SURGERY: diamond(x, y, _SIZE + 2),
        TreatmentKind.THERAPY: triangle(x, y, _SIZE, up=True),
    }[kind]
    if filled:
        drawing.polygons.append(Polygon(points, Ink.MARK))
    else:
        drawing.lines.append(Line((*points, points[0]), Ink.MARK, 1.4))
