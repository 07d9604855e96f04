"""Per muscle and side: the units of each visit, what changed, and under them the side effects that followed."""

from dataclasses import dataclass
from decimal import Decimal

from clinic_app.terms import Severity, Side
from clinic_app.timeline.course import Course, CourseEffect, CourseVisit
from clinic_app.timeline.dose_lane import placed
from clinic_app.timeline.effect_lane import severity_look
from clinic_app.timeline.shapes import Anchor, Ink, Line, Pattern, Polygon, Rect, Text, triangle
from clinic_app.timeline.slots import LEAST_ROOM, Slot
from clinic_app.timeline.stage import Spot, Stage
from clinic_app.timeline.telling import Tell, change_text, effect_line, sided
from clinic_app.timeline.writing import Writing

_LABEL, _BARS, _MARKS = 17.0, 20.0, 13.0
_MARK = 8.0
_WORST = list(Severity)
_SIDES = list(Side)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MuscleBar:
    """What the muscle and side got in a visit, in units of the lane's product; 0 where it was left out this time.

    ``before`` is what it had got at the last visit with that product, None at the first one. ``effects`` followed
    this visit and suspect this muscle and side.
    """

    visit: CourseVisit
    slot: Slot
    units: Decimal
    before: Decimal | None
    effects: tuple[CourseEffect, ...] = ()

    @property
    def change(self) -> int:
        """1 for more than before, -1 for less, 0 for the same or the first."""
        return 0 if self.before is None else (self.units > self.before) - (self.units < self.before)


@dataclass(frozen=True, slots=True)
class MuscleLane:
    """The bars of one muscle, side and product. ``highest`` is the most that it ever got."""

    course: Course
    muscle: str
    side: Side
    name: str
    product: str
    bars: tuple[MuscleBar, ...]
    highest: Decimal

    height = _LABEL + _BARS + _MARKS

    def bar_height(self, units: Decimal) -> float:
        """How high a bar of so many units is."""
        return _BARS * float(units / self.highest)

    def draw(self, stage: Stage, top: float) -> None:
        """Bars on a line: dark where the dose changed, with an arrow; marks of side effects under the line."""
        foot = top + _LABEL + _BARS
        title = sided(self.name, self.side)
        stage.name(title, self.course.product_word(self.product), top, self.height, full=title)
        stage.rule(foot)
        for bar in stage.seen(self.bars, lambda bar: bar.slot.day):
            x, width, room = bar.slot.placed(stage.axis)
            height = self.bar_height(bar.units)
            look = (Ink.DOSE, Pattern.SOLID) if bar.change else (Ink.SAME_DOSE, Pattern.SOLID)
            if bar.units:
                stage.picture.rects.append(Rect(x - width / 2, foot - height, width, height, *look))
            else:
                stage.picture.rects.append(Rect(x - width / 2, foot - 3, width, 3, Ink.DOSE, Pattern.OUTLINE))
            self._draw_label(stage, bar, x, room, foot - max(height, 3) - 8)
            if bar.effects:
                _draw_mark(stage, bar, x, foot + _MARKS / 2, min(room, _MARK))
            wide = max(min(room, 28.0), width)
            tell = _tell(self, bar, stage.writing)
            stage.spots.append(Spot(x - wide / 2, top, wide, self.height, tell, bar.visit.id))

    def _draw_label(self, stage: Stage, bar: MuscleBar, x: float, room: float, y: float) -> None:
        if room < LEAST_ROOM:
            return
        arrow = 9.0 if bar.change else 0.0
        text = stage.writing.number(bar.units)
        label = stage.writing.longest((text,), room - 4 - arrow, bold=bool(bar.change))
        whole = (stage.writing.width(label, bool(bar.change)) if label else 0.0) + arrow
        if bar.change and room >= whole + 2:
            points = triangle(x - whole / 2 + 3.5, y, 6.5, up=bar.change > 0)
            stage.picture.polygons.append(Polygon(points, Ink.TEXT))
        if label:
            ink = Ink.TEXT if bar.change else Ink.QUIET
            place = x - whole / 2 + arrow
            stage.picture.texts.append(Text(place, y, label, ink, Anchor.START, bool(bar.change)))


def _draw_mark(stage: Stage, bar: MuscleBar, x: float, y: float, size: float) -> None:
    """The worst of the side effects, as its span in the lane above is drawn."""
    worst = max((effect.severity for effect in bar.effects), key=_WORST.index)
    ink, pattern = severity_look(worst)
    stage.picture.rects.append(Rect(x - size / 2, y - size / 2 + 1, size, size, ink, pattern))
    stage.picture.lines.append(Line(((x, y - _MARKS / 2), (x, y - size / 2 + 1)), ink))


def _tell(lane: MuscleLane, bar: MuscleBar, writing: Writing) -> Tell:
    def tell() -> tuple[str, ...]:
        units = change_text(bar.units, bar.before, writing)
        product = lane.course.product_word(lane.product)
        got = f"{units} {product}" if bar.units else "left out"
        effects = (effect_line(effect) for effect in bar.effects)
        return (f"{sided(lane.name, lane.side)}: {got}", writing.day(bar.visit.visited_on), *effects)

    return tell


def muscle_lanes(course: Course) -> list[MuscleLane]:
    """A lane for each muscle, side and product: the muscle injected most often first, its sides together."""
    slots = {given.id: slot for given, slot in placed(course) if isinstance(given, CourseVisit)}
    often: dict[str, int] = {}
    places: dict[tuple[str, Side, str], str] = {}
    units_of: dict[str, list[tuple[CourseVisit, dict[tuple[str, Side], Decimal]]]] = {}
    """The visits with a product, each with what it gave to which muscle and side."""
    for visit in course.visits:
        given: dict[str, dict[tuple[str, Side], Decimal]] = {}
        for dose in visit.doses:
            often[dose.muscle] = often.get(dose.muscle, 0) + 1
            places[dose.muscle, dose.side, dose.product] = dose.name
            given.setdefault(dose.product, {})[dose.muscle, dose.side] = dose.units
        for product, given_to in given.items():
            units_of.setdefault(product, []).append((visit, given_to))
    effects: dict[int, list[CourseEffect]] = {}
    for effect in course.effects:
        effects.setdefault(effect.visit_id, []).append(effect)
    found = []
    for (muscle, side, product), name in places.items():
        bars: list[MuscleBar] = []
        before: Decimal | None = None
        for visit, given_to in units_of[product]:
            units = given_to.get((muscle, side), _NOTHING)
            if units or before:
                suspected = tuple(e for e in effects.get(visit.id, ()) if units and (muscle, side) in e.muscles)
                bars.append(MuscleBar(visit, slots[visit.id], units, before, suspected))
            before = units
        highest = max(bar.units for bar in bars)
        found.append(MuscleLane(course, muscle, side, name, product, tuple(bars), highest))
    # Sorting leaves the products of one muscle and side in the order in which they were first given.
    return sorted(found, key=lambda lane: (-often[lane.muscle], lane.name, _SIDES.index(lane.side)))
