from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.terms import Severity, Side
from clinic_app.timeline.benefit_lane import pieces
from clinic_app.timeline.course import Benefit, Course, CourseEffect, CourseVisit, Dose
from clinic_app.timeline.dose_lane import round_up
from clinic_app.timeline.effect_lane import severity_look
from clinic_app.timeline.legend import legend
from clinic_app.timeline.picture import picture_of
from clinic_app.timeline.shapes import Ink, Line, Pattern
from tests.timeline.build import ONABOT, TODAY, WRITING, courses, overlaps

EVERYWHERE = (-1e9, 1e9)
ZOOMS = st.floats(0.02, 14)


@settings(max_examples=40)
@given(courses(), ZOOMS)
def test_no_text_stands_on_another_at_any_zoom(course: Course, per_day: float) -> None:
    picture = picture_of(course)
    stage = picture.drawn(per_day, *EVERYWHERE, WRITING)
    assert overlaps(stage.picture.texts) == []
    assert overlaps(stage.names.texts) == []
    assert overlaps(picture.drawn_axis(per_day, *EVERYWHERE, WRITING).texts) == []


@settings(max_examples=40)
@given(courses(), ZOOMS)
def test_every_visit_has_one_bar_for_each_product_it_gave_and_one_for_each_muscle(
    course: Course, per_day: float
) -> None:
    picture = picture_of(course)
    for lane in picture.dose_lanes():
        visits = [bar.of.id for bar in lane.bars if isinstance(bar.of, CourseVisit)]
        assert visits == [visit.id for visit in course.visits if lane.product in visit.totals]
    bars = {
        (bar.visit.id, lane.muscle, lane.side, lane.product, bar.units)
        for lane in picture.muscle_lanes()
        for bar in lane.bars
        if bar.units
    }
    given_units = {(visit.id, d.muscle, d.side, d.product, d.units) for visit in course.visits for d in visit.doses}
    assert bars == given_units
    stage = picture.drawn(per_day, *EVERYWHERE, WRITING)
    foot = sum(lane.height for lane in picture.dose_lanes())
    top = picture.top(picture.dose_lanes()[0])
    drawn = [rect for rect in stage.picture.rects if top <= rect.y < top + foot]
    assert len(drawn) == sum(len(lane.bars) for lane in picture.dose_lanes())


@settings(max_examples=40)
@given(courses(), ZOOMS, st.floats(0, 1), st.floats(0, 1))
def test_a_window_shows_what_the_whole_shows_there(course: Course, per_day: float, one: float, other: float) -> None:
    picture = picture_of(course)
    whole = picture.drawn(per_day, *EVERYWHERE, WRITING).picture
    left, right = sorted((one * picture.axis(per_day).width, other * picture.axis(per_day).width))
    part = picture.drawn(per_day, left, right, WRITING).picture
    assert set(part.texts) <= set(whole.texts)
    inside = {t for t in whole.texts if left <= t.left(WRITING.width(t.text, t.bold)) and t.x <= right}
    assert inside <= set(part.texts)
    assert {r for r in whole.rects if r.x < right and r.x + r.width > left} <= set(part.rects)


BENEFITS = st.builds(
    Benefit,
    st.none() | st.integers(0, 120),
    st.none() | st.integers(0, 100),
    st.none() | st.integers(0, 104),
)


@given(BENEFITS, st.integers(0, 400))
def test_a_curve_stays_in_its_cycle_and_is_solid_only_where_it_is_known(benefit: Benefit, until: int) -> None:
    found = pieces(benefit, until)
    for (x1, y1), (x2, y2), known in found:
        assert 0 <= x1 <= x2 <= until
        assert min(y1, y2) >= 0 and max(y1, y2) <= (benefit.best_percent or 0)
        if known and (y1 or y2):
            assert benefit.best_percent is not None
    for one, other in pairwise(found):
        assert one.end == other.start


def test_a_cycle_noted_in_full_rises_on_its_day_and_falls_through_its_week() -> None:
    found = pieces(Benefit(5, 60, 10), 84)
    assert [piece.start for piece in found] == [(0, 0), (5, 0), (5, 60), (63, 60), (70, 0)]
    assert all(piece.known for piece in found)


@pytest.mark.parametrize(
    ("benefit", "dashed"),
    [
        (Benefit(None, 60, 10), [((0, 0), (0, 60))]),
        (Benefit(5, 60, None), [((5, 60), (84, 60))]),
        (Benefit(5, None, 10), [((5, 0), (70, 0))]),
    ],
)
def test_what_was_not_noted_is_dashed(benefit: Benefit, dashed: list[object]) -> None:
    assert [(piece.start, piece.end) for piece in pieces(benefit, 84) if not piece.known] == dashed


@given(st.integers(1, 10**7))
def test_a_scale_ends_a_little_above_its_highest_bar(thousandths: int) -> None:
    highest = Decimal(thousandths) / 1000
    assert highest <= round_up(highest) < highest * 2


def test_severities_differ_in_grey() -> None:
    patterns = {severity: severity_look(severity)[1] for severity in Severity}
    assert len({patterns[each] for each in (Severity.MILD, Severity.MODERATE, Severity.SEVERE)}) == 3


def test_a_dose_that_changed_is_dark_with_an_arrow_and_one_left_out_is_hollow() -> None:
    def visit(number: int, units: int) -> CourseVisit:
        doses = (Dose("scm", "Sternocleidomastoid", Side.LEFT, ONABOT, Decimal(units)),) if units else ()
        rest = Dose("splenius", "Splenius capitis", Side.RIGHT, ONABOT, Decimal(80))
        return CourseVisit(number, date(2026, 1, 1) + timedelta(weeks=12 * number), "", (*doses, rest))

    course = Course(TODAY, (visit(0, 30), visit(1, 30), visit(2, 40), visit(3, 0)))
    picture = picture_of(course)
    lane = next(lane for lane in picture.muscle_lanes() if lane.muscle == "scm")
    assert [(bar.units, bar.before, bar.change) for bar in lane.bars] == [
        (Decimal(30), None, 0),
        (Decimal(30), Decimal(30), 0),
        (Decimal(40), Decimal(30), 1),
        (Decimal(0), Decimal(40), -1),
    ]
    stage = picture.drawn(1.0, *EVERYWHERE, WRITING)
    top = picture.top(lane)
    drawn = [rect for rect in stage.picture.rects if top <= rect.y < top + lane.height]
    assert [(rect.ink, rect.pattern) for rect in drawn] == [
        (Ink.SAME_DOSE, Pattern.SOLID),
        (Ink.SAME_DOSE, Pattern.SOLID),
        (Ink.DOSE, Pattern.SOLID),
        (Ink.DOSE, Pattern.OUTLINE),
    ]
    arrows = [p for p in stage.picture.polygons if top <= p.points[0][1] < top + lane.height]
    assert len(arrows) == 2


def test_a_side_effect_that_goes_on_reaches_today() -> None:
    visit = CourseVisit(1, date(2026, 6, 1), "", ())
    effect = CourseEffect(1, 1, visit.visited_on, "Weakness", Severity.MILD, date(2026, 6, 9), None)
    picture = picture_of(Course(TODAY, (visit,), (effect,)))
    stage = picture.drawn(2.0, *EVERYWHERE, WRITING)
    (span,) = (rect for rect in stage.picture.rects if rect.ink is Ink.MILD)
    assert (span.x, span.x + span.width) == (stage.axis.x(date(2026, 6, 9)), stage.axis.x(TODAY))
    assert isinstance(stage.picture.lines[0], Line)


def test_the_legend_breaks_into_lines_that_fit() -> None:
    drawing, height = legend(WRITING, 300)
    assert overlaps(drawing.texts) == []
    assert max(text.x + WRITING.width(text.text, False) for text in drawing.texts) <= 300
    assert max(text.y for text in drawing.texts) < height
