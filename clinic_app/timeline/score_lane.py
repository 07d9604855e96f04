"""The totals of one scale as a line on a range of its own."""

from dataclasses import dataclass
from decimal import Decimal

from clinic_app.timeline.course import Course, Score
from clinic_app.timeline.dose_lane import round_up
from clinic_app.timeline.shapes import Anchor, Ink, Line, Rect, Text
from clinic_app.timeline.slots import Slot, slots
from clinic_app.timeline.stage import Spot, Stage
from clinic_app.timeline.telling import Tell
from clinic_app.timeline.writing import Writing

PAIN = "Pain"
_LABEL, _LINE, _FOOT, _DOT = 18.0, 26.0, 6.0, 5.0


@dataclass(frozen=True, slots=True)
class ScoreLane:
    """Points joined by a line. The range is the scale's own, or what the points need where nobody confirmed one."""

    name: str
    points: tuple[tuple[Score, Slot], ...]
    lowest: Decimal
    highest: Decimal

    height = _LABEL + _LINE + _FOOT

    def draw(self, stage: Stage, top: float) -> None:
        """Dots and the line through them, the value over each where there is room."""
        writing, axis = stage.writing, stage.axis
        detail = f"{writing.number(self.lowest)} to {writing.number(self.highest)}"
        stage.name(self.name, detail, top, self.height)
        stage.rule(top + _LABEL + _LINE)
        seen = stage.seen(self.points, lambda point: point[1].day)
        if not seen:
            return
        first = self.points.index(seen[0])
        # From the one before the first to the one after the last, so that the line leaves the seen part rightly.
        joined = self.points[max(first - 1, 0) : first + len(seen) + 1]
        line = tuple((slot.x(axis), self._y(score, top)) for score, slot in joined)
        if len(line) > 1:
            stage.picture.lines.append(Line(line, Ink.MARK, 1.4))
        for score, slot in seen:
            x, y = slot.x(axis), self._y(score, top)
            stage.picture.rects.append(Rect(x - _DOT / 2, y - _DOT / 2, _DOT, _DOT, Ink.MARK))
            label = writing.longest((writing.number(score.value),), slot.width(axis) - 4)
            if label:
                stage.picture.texts.append(Text(x, y - 10, label, Ink.TEXT, Anchor.MIDDLE))
            stage.spots.append(Spot(x - 8, top, 16, self.height, _tell(score, writing)))

    def _y(self, score: Score, top: float) -> float:
        share = float((score.value - self.lowest) / (self.highest - self.lowest))
        return top + _LABEL + _LINE * (1 - min(max(share, 0.0), 1.0))


def _tell(score: Score, writing: Writing) -> Tell:
    return lambda: (f"{score.name}: {writing.number(score.value)}", writing.day(score.on))


def score_lanes(course: Course) -> list[ScoreLane]:
    """A lane for each scale or subscale with a value, and one for the pain that was told with the response."""
    pain = [
        Score(visit.visited_on, PAIN, Decimal(visit.benefit.pain), Decimal(0), Decimal(10))
        for visit in course.visits
        if visit.benefit is not None and visit.benefit.pain is not None
    ]
    named: dict[str, list[Score]] = {}
    for score in (*pain, *sorted(course.scores, key=lambda score: score.on)):
        named.setdefault(score.name, []).append(score)
    lanes = []
    for name, scores in named.items():
        values = [score.value for score in scores]
        known = scores[0]
        lowest = min([Decimal(0) if known.lowest is None else known.lowest, *values])
        highest = max([round_up(max(values)) if known.highest is None else known.highest, *values, lowest + 1])
        lanes.append(ScoreLane(name, tuple(zip(scores, slots([s.on for s in scores]), strict=True)), lowest, highest))
    return lanes
