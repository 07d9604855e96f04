"""The bars of one product on a scale of its own, and the weeks between injections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic_app.timeline.course import Course, CourseVisit, ElsewhereDose, Interval
from clinic_app.timeline.shapes import Anchor, Ink, Line, Pattern, Rect, Text
from clinic_app.timeline.slots import LEAST_ROOM, Slot, slots
from clinic_app.timeline.stage import Spot, Stage
from clinic_app.timeline.telling import tell_elsewhere, tell_interval, tell_visit
from clinic_app.timeline.writing import weeks

_LABEL, _BARS, _FOOT = 18.0, 44.0, 4.0
_UNKNOWN = 0.3
"""How much of the height a dose of unknown units takes."""


@dataclass(frozen=True, slots=True)
class DoseBar:
    """What was given of one product on a day, by a visit or elsewhere. None where nobody knows the units."""

    slot: Slot
    units: Decimal | None
    of: CourseVisit | ElsewhereDose


@dataclass(frozen=True, slots=True)
class DoseLane:
    """The bars of a product, in its own units. ``highest`` is the upper end of its scale."""

    course: Course
    product: str
    bars: tuple[DoseBar, ...]
    highest: Decimal

    @property
    def height(self) -> float:
        """Label, bars and a little air."""
        return _LABEL + _BARS + _FOOT

    def bar_height(self, units: Decimal | None) -> float:
        """How high a bar of so many units is."""
        return _BARS * (_UNKNOWN if units is None else float(units / self.highest))

    def draw(self, stage: Stage, top: float) -> None:
        """Bars on their line, units above each where there is room."""
        foot = top + _LABEL + _BARS
        writing, axis = stage.writing, stage.axis
        detail = f"0 to {writing.units(self.highest)}"
        stage.name(self.course.product_word(self.product), detail, top, self.height)
        stage.rule(foot)
        for bar in stage.seen(self.bars, lambda bar: bar.slot.day):
            (x, width, room), height = bar.slot.placed(axis), self.bar_height(bar.units)
            here = isinstance(bar.of, CourseVisit)
            pattern = Pattern.SOLID if here else Pattern.STRIPES if bar.units is not None else Pattern.OUTLINE
            stage.picture.rects.append(Rect(x - width / 2, foot - height, width, height, Ink.DOSE, pattern))
            if room >= LEAST_ROOM:
                amount = "units unknown" if bar.units is None else writing.units(bar.units)
                choices = (amount,) if here else (f"{amount}, elsewhere", amount, "elsewhere")
                label = writing.longest(choices, room - 4)
                ink = Ink.TEXT if here else Ink.QUIET
                if label:
                    stage.picture.texts.append(Text(x, foot - height - 8, label, ink, Anchor.MIDDLE))
            wide = max(min(room, 28.0), width)
            if isinstance(bar.of, CourseVisit):
                tell, visit_id = tell_visit(self.course, bar.of, writing), bar.of.id
                stage.spots.append(Spot(x - wide / 2, top, wide, self.height, tell, visit_id))
            else:
                tell = tell_elsewhere(self.course, bar.of, writing)
                stage.spots.append(Spot(x - wide / 2, top, wide, self.height, tell))


@dataclass(frozen=True, slots=True)
class IntervalLane:
    """The weeks between two injections that follow each other, of whatever product, here or elsewhere."""

    intervals: tuple[Interval, ...]

    height = 22.0

    def draw(self, stage: Stage, top: float) -> None:
        """A line from injection to injection with the weeks in its middle."""
        middle, axis = top + 11, stage.axis
        stage.name("Weeks between", "", top, self.height)
        for each in stage.seen(self.intervals, lambda each: each.before, lambda each: each.after):
            left, right = axis.x(each.before) + 2, axis.x(each.after) - 2
            room = right - left - 8
            label = stage.writing.longest((weeks(each.days), f"≈{round(each.days / 7)} w"), room)
            half = (stage.writing.width(label, False) / 2 + 4) if label else 0.0
            centre = (left + right) / 2
            if label:
                stage.picture.texts.append(Text(centre, middle, label, Ink.TEXT, Anchor.MIDDLE))
            for start, end in ((left, centre - half), (centre + half, right)):
                if end - start > 1:
                    stage.picture.lines.append(Line(((start, middle), (end, middle)), Ink.QUIET))
            if right - left > 6:
                for x in (left, right):
                    stage.picture.lines.append(Line(((x, middle - 3), (x, middle + 3)), Ink.QUIET))
            stage.spots.append(Spot(left, top, max(right - left, 1), self.height, tell_interval(each, stage.writing)))


def dose_lanes(course: Course) -> list[DoseLane]:
    """A lane for each product, in the order in which they were first given."""
    bars: dict[str, list[DoseBar]] = {product: [] for product, _ in course.products}
    for given, slot in placed(course):
        if isinstance(given, ElsewhereDose):
            bars.setdefault(given.product, []).append(DoseBar(slot, given.units, given))
        else:
            for product, units in given.totals.items():
                bars.setdefault(product, []).append(DoseBar(slot, units, given))
    return [DoseLane(course, product, tuple(found), _scale(found)) for product, found in bars.items() if found]


def placed(course: Course) -> list[tuple[CourseVisit | ElsewhereDose, Slot]]:
    """Every visit and dose elsewhere with its place, which is the same in every lane."""
    given: list[CourseVisit | ElsewhereDose] = [*course.visits, *course.elsewhere]
    given.sort(key=given_on)
    return list(zip(given, slots([given_on(each) for each in given]), strict=True))


def given_on(given: CourseVisit | ElsewhereDose) -> date:
    """The day of an injection."""
    return given.visited_on if isinstance(given, CourseVisit) else given.given_on


def round_up(highest: Decimal) -> Decimal:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8 and 10 times a power of ten: the end of a scale that people read easily."""
    if highest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(highest.adjusted())
    steps = ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")
    return next(power * Decimal(step) for step in steps if power * Decimal(step) >= highest)


def _scale(bars: Sequence[DoseBar]) -> Decimal:
    return round_up(max((bar.units for bar in bars if bar.units is not None), default=Decimal(1)))
