"""The benefit of each cycle as a curve, drawn from what was noted and dashed where a part of it is not known."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from clinic_app.timeline.course import Benefit, Course, CourseVisit
from clinic_app.timeline.shapes import Anchor, Ink, Line, Text
from clinic_app.timeline.slots import Slot, slots
from clinic_app.timeline.stage import Spot, Stage
from clinic_app.timeline.telling import tell_visit

_WEEK = 7
_LABEL, _CURVE, _FOOT = 16.0, 40.0, 6.0


class Piece(NamedTuple):
    """A part of the curve between two points: days since the injection and percent. Dashed unless ``known``."""

    start: tuple[float, float]
    end: tuple[float, float]
    known: bool


def pieces(benefit: Benefit, until: int) -> tuple[Piece, ...]:
    """The curve of a cycle that ends after so many days, by the next injection or today.

    It rises on the first day of benefit, stays at the best percent, and falls to nothing through the week in which it
    wore off. Nothing is made up: without a first day it rises dashed at the injection, without a last week it goes on
    dashed, without a percent it lies dashed on the line of nothing.
    """
    first, best, week = benefit.first_day, benefit.best_percent, benefit.wore_off_week
    if first is None and best is None and week is None:
        return ()
    end = float(until if week is None else week * _WEEK)
    start = min(float(first or 0), end)
    if best is None:
        found = [Piece((start, 0), (end, 0), False)]
    else:
        fall = end if week is None else max(start, end - _WEEK)
        found = [
            Piece((0, 0), (start, 0), True),
            Piece((start, 0), (start, best), first is not None),
            Piece((start, best), (fall, best), week is not None),
        ]
        if week is not None:
            found += [Piece((fall, best), (end, 0), True), Piece((end, 0), (until, 0), True)]
    cut = (_cut(piece, float(until)) for piece in found)
    return tuple(piece for piece in cut if piece is not None)


def _cut(piece: Piece, until: float) -> Piece | None:
    (x1, y1), (x2, y2), known = piece
    if x1 > until or (x1, y1) == (x2, y2) or x2 < x1:
        return None
    if x2 <= until:
        return piece
    if x1 == until:
        return None
    return Piece((x1, y1), (until, y1 + (y2 - y1) * (until - x1) / (x2 - x1)), known)


@dataclass(frozen=True, slots=True)
class _Cycle:
    visit: CourseVisit
    slot: Slot
    until: date


@dataclass(frozen=True, slots=True)
class BenefitLane:
    """One curve from injection to injection, 0 to 100 percent."""

    course: Course
    cycles: tuple[_Cycle, ...]

    height = _LABEL + _CURVE + _FOOT

    @classmethod
    def of(cls, course: Course) -> "BenefitLane":
        """The cycles of a course; of two visits on one day, the later carries the curve of its own answer."""
        days = [visit.visited_on for visit in course.visits]
        ends = course.injected_on
        found = [
            _Cycle(visit, slot, next((day for day in ends[_after(ends, visit.visited_on) :]), course.today))
            for visit, slot in zip(course.visits, slots(days), strict=True)
        ]
        return cls(course, tuple(found))

    def draw(self, stage: Stage, top: float) -> None:
        """The curves, with the best percent over each where there is room."""
        foot, axis = top + _LABEL + _CURVE, stage.axis
        stage.name("Benefit", "0 to 100 %", top, self.height)
        stage.rule(foot)
        for cycle in stage.seen(self.cycles, lambda each: each.visit.visited_on, lambda each: each.until):
            visit = cycle.visit
            origin, end = axis.x(visit.visited_on), axis.x(cycle.until)
            tell = tell_visit(self.course, visit, stage.writing)
            stage.spots.append(Spot(origin, top, max(end - origin, 1), self.height, tell, visit.id))
            if visit.benefit is None:
                continue
            until = (cycle.until - visit.visited_on).days
            for piece in pieces(visit.benefit, until):
                (x1, y1), (x2, y2), known = piece
                points = tuple((origin + x * axis.per_day, foot - y / 100 * _CURVE) for x, y in ((x1, y1), (x2, y2)))
                stage.picture.lines.append(Line(points, Ink.BENEFIT, 2.0, not known))
            self._label(stage, cycle, origin, end, foot)

    def _label(self, stage: Stage, cycle: _Cycle, origin: float, end: float, foot: float) -> None:
        benefit = cycle.visit.benefit
        assert benefit is not None
        if cycle.slot.number or (benefit.best_percent is None and not pieces(benefit, 1)):
            return
        best = benefit.best_percent
        choices = ("% not noted",) if best is None else (f"{best} %",)
        label = stage.writing.longest(choices, end - origin - 8)
        if label:
            y = foot - (best or 0) / 100 * _CURVE - 9
            stage.picture.texts.append(Text((origin + end) / 2, y, label, Ink.TEXT, Anchor.MIDDLE))


def _after(days: tuple[date, ...], day: date) -> int:
    return bisect_right(days, day)
