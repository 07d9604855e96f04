"""Side effects as spans from their start to their end, with a pattern and a word for their severity."""

from dataclasses import dataclass
from datetime import date

from clinic_app.terms import Severity
from clinic_app.timeline.course import Course, CourseEffect
from clinic_app.timeline.shapes import Ink, Line, Pattern, Polygon, Rect, Text
from clinic_app.timeline.stage import Spot, Stage
from clinic_app.timeline.telling import SEVERITIES, tell_effect
from clinic_app.timeline.writing import brief

_ROW, _SPAN, _MOST_ROWS = 27.0, 8.0, 5
_THINNEST = 5.0


def severity_look(severity: Severity) -> tuple[Ink, Pattern]:
    """The colour of a severity and the pattern that tells it in grey; everything past severe is severe's."""
    if severity is Severity.MILD:
        return Ink.MILD, Pattern.OUTLINE
    if severity is Severity.MODERATE:
        return Ink.MODERATE, Pattern.STRIPES
    return Ink.SEVERE, Pattern.SOLID


@dataclass(frozen=True, slots=True)
class EffectLane:
    """Rows of side effects; in one row, one begins after the other has ended."""

    course: Course
    rows: tuple[tuple[CourseEffect, ...], ...]

    @classmethod
    def of(cls, course: Course) -> "EffectLane":
        """As few rows as there are side effects at a time; past five they share a row."""
        rows: list[list[CourseEffect]] = []
        ends: list[date] = []
        for effect in course.effects:
            end = effect.ended_on or course.today
            free = [number for number, before in enumerate(ends) if before < effect.started_on]
            if not free and len(rows) < _MOST_ROWS:
                rows.append([])
                ends.append(end)
                row = len(rows) - 1
            else:
                row = free[0] if free else ends.index(min(ends))
            rows[row].append(effect)
            ends[row] = max(ends[row], end)
        return cls(course, tuple(tuple(row) for row in rows))

    @property
    def height(self) -> float:
        """One row at least: that there were none is an answer too."""
        return max(len(self.rows), 1) * _ROW + 6

    def draw(self, stage: Stage, top: float) -> None:
        """Each span, its words below it as far as the next one leaves room."""
        stage.name("Side effects", "" if self.rows else "none on record", top, self.height)
        for number, row in enumerate(self.rows):
            places = {effect.id: place for place, effect in enumerate(row)}
            for effect in stage.seen(row, lambda effect: effect.started_on):
                place = places[effect.id] + 1
                self._draw_one(stage, effect, row[place] if place < len(row) else None, top + 4 + number * _ROW)
        self._draw_long(stage, top)

    def _draw_long(self, stage: Stage, top: float) -> None:
        """What began long before the seen part and reaches into it."""
        for number, row in enumerate(self.rows):
            seen = {effect.id for effect in stage.seen(row, lambda effect: effect.started_on)}
            for effect in row:
                end = stage.axis.x(effect.ended_on or self.course.today)
                if effect.id not in seen and stage.axis.x(effect.started_on) < stage.left <= end:
                    self._draw_span(stage, effect, top + 4 + number * _ROW)

    def _draw_one(self, stage: Stage, effect: CourseEffect, following: CourseEffect | None, y: float) -> None:
        x = self._draw_span(stage, effect, y)
        room = (stage.axis.width if following is None else stage.axis.x(following.started_on)) - x - 6
        word = SEVERITIES[effect.severity]
        name = brief(effect.name)
        label = stage.writing.longest((f"{name}, {word}", name, word), room)
        if label:
            stage.picture.texts.append(Text(x, y + _SPAN + 9, label))

    def _draw_span(self, stage: Stage, effect: CourseEffect, y: float) -> float:
        ink, pattern = severity_look(effect.severity)
        x = stage.axis.x(effect.started_on)
        right = max(stage.axis.x(effect.ended_on or self.course.today), x + _THINNEST)
        stage.picture.rects.append(Rect(x, y, right - x, _SPAN, ink, pattern))
        if effect.ended_on is None:
            tip = ((right, y - 1), (right + 7, y + _SPAN / 2), (right, y + _SPAN + 1))
            stage.picture.polygons.append(Polygon(tip, ink))
        followed = stage.axis.x(effect.visited_on)
        stage.picture.lines.append(Line(((followed, y + _SPAN / 2), (x, y + _SPAN / 2)), ink))
        tell = tell_effect(self.course, effect, stage.writing)
        stage.spots.append(Spot(x, y - 2, max(right - x, 12), _ROW - 4, tell, effect.visit_id))
        return x
