"""The whole picture: its lanes from top to bottom, and what of them lies in a window of time.

Nothing here knows a screen or a paper. Lanes are laid out once; each zoom and each stretch of the axis that somebody
looks at is drawn into shapes of its own, so that a course of many years costs no more than what is seen of it.
"""

from dataclasses import dataclass

from clinic_app.timeline.axis import TimeAxis, axis_of, ticks
from clinic_app.timeline.benefit_lane import BenefitLane
from clinic_app.timeline.course import Course
from clinic_app.timeline.dose_lane import DoseLane, IntervalLane, dose_lanes
from clinic_app.timeline.effect_lane import EffectLane
from clinic_app.timeline.muscle_lane import MuscleLane, muscle_lanes
from clinic_app.timeline.score_lane import score_lanes
from clinic_app.timeline.shapes import Anchor, Drawing, Ink, Line, Text
from clinic_app.timeline.stage import NAMES, Lane, Spot, Stage
from clinic_app.timeline.treatment_lane import TreatmentLane
from clinic_app.timeline.writing import Writing

AXIS = 26.0
"""The height of the axis above the lanes."""
MUSCLES = "Units by muscle and side"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that says what the lanes below it are."""

    words: str

    height = 34.0

    def draw(self, stage: Stage, top: float) -> None:
        """The words at the left of everything, over the names."""
        room = NAMES - 20
        stage.names.texts.append(Text(12, top + 20, stage.writing.shortened(self.words, room, bold=True), Ink.QUIET))
        stage.rule(top + 1)
        told = (self.words,)
        stage.name_spots.append(Spot(0, top, NAMES, self.height, lambda: told))


@dataclass(frozen=True, slots=True)
class Picture:
    """A course with its lanes. ``per_day`` is chosen anew with each zoom, the lanes stay."""

    course: Course
    lanes: tuple[Lane, ...]

    @property
    def height(self) -> float:
        """Of all lanes, without the axis."""
        return sum(lane.height for lane in self.lanes)

    def top(self, wanted: Lane) -> float:
        """Where a lane begins. Raises ValueError for one of another picture."""
        return sum(lane.height for lane in self.lanes[: self.lanes.index(wanted)])

    def dose_lanes(self) -> tuple[DoseLane, ...]:
        """The lanes of the products."""
        return tuple(lane for lane in self.lanes if isinstance(lane, DoseLane))

    def muscle_lanes(self) -> tuple[MuscleLane, ...]:
        """The lanes of the muscles and sides."""
        return tuple(lane for lane in self.lanes if isinstance(lane, MuscleLane))

    def axis(self, per_day: float) -> TimeAxis:
        """The axis at a zoom, in units a day."""
        return axis_of(self.course, per_day)

    def drawn(self, per_day: float, left: float, right: float, writing: Writing) -> Stage:
        """What lies between two places of the axis, as shapes and as places that can be asked about."""
        stage = Stage(self.axis(per_day), left, right, writing)
        top = 0.0
        for tick in ticks(stage.axis, left, right, writing):
            x = stage.axis.x(tick.day)
            stage.picture.lines.append(Line(((x, 0), (x, self.height)), Ink.HAIRLINE, 1.0, not tick.year))
        for lane in self.lanes:
            lane.draw(stage, top)
            top += lane.height
        return stage

    def drawn_axis(self, per_day: float, left: float, right: float, writing: Writing) -> Drawing:
        """The words of the ticks and today, between two places of the axis."""
        axis, drawing = self.axis(per_day), Drawing()
        today, word = axis.x(self.course.today), "today"
        half = writing.width(word, True) / 2 + 6
        for tick in ticks(axis, left, right, writing):
            x = axis.x(tick.day)
            drawing.lines.append(Line(((x, AXIS - 5), (x, AXIS)), Ink.QUIET))
            wide = writing.width(tick.text, False) / 2
            if abs(x - today) > half + wide:
                drawing.texts.append(Text(x, AXIS / 2 - 1, tick.text, Ink.QUIET, Anchor.MIDDLE))
        drawing.texts.append(Text(today, AXIS / 2 - 1, word, Ink.TEXT, Anchor.MIDDLE, True))
        drawing.lines.append(Line(((today, AXIS - 6), (today, AXIS)), Ink.TEXT, 2.0))
        drawing.lines.append(Line(((left, AXIS), (right, AXIS)), Ink.HAIRLINE))
        return drawing


def picture_of(course: Course, *, muscles: bool = True) -> Picture:
    """The picture of a course; without ``muscles`` only what the whole visits did."""
    treatments = TreatmentLane.of(course, axis_of(course, 1.0).first)
    lanes: list[Lane] = [treatments] if muscles or treatments.rows else []
    lanes += [*dose_lanes(course), IntervalLane(course.intervals), BenefitLane.of(course)]
    lanes += score_lanes(course) if muscles else []
    lanes.append(EffectLane.of(course))
    if muscles:
        lanes += [Heading(MUSCLES), *muscle_lanes(course)]
    return Picture(course, tuple(lanes))
