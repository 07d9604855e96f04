from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.timeline.axis import END_ROOM, TimeAxis, axis_of, fitting, ticks
from clinic_app.timeline.course import Course, CourseVisit
from clinic_app.timeline.slots import slots
from clinic_app.timeline.writing import weeks
from tests.timeline.build import FIRST, TODAY, WRITING

ZOOMS = st.floats(0.002, 20)
DAYS = st.dates(date(1950, 1, 1), date(2080, 12, 31))


@given(DAYS, st.integers(30, 40_000), ZOOMS)
def test_ticks_stand_in_order_with_room_for_their_words_and_never_wider_than_a_few_screens_apart(
    first: date, length: int, per_day: float
) -> None:
    axis = TimeAxis(first, first + timedelta(days=length), per_day)
    found = ticks(axis, 0, axis.width, WRITING)
    for one, other in pairwise(found):
        between = axis.x(other.day) - axis.x(one.day)
        assert between >= (WRITING.width(one.text, False) + WRITING.width(other.text, False)) / 2 + 8
        assert between <= 900
    assert all(axis.first <= tick.day <= axis.last for tick in found)


@given(DAYS, st.integers(30, 4_000), ZOOMS, st.floats(0, 1), st.floats(0, 1))
def test_a_part_of_the_axis_has_the_ticks_that_the_whole_has_there(
    first: date, length: int, per_day: float, one: float, other: float
) -> None:
    axis = TimeAxis(first, first + timedelta(days=length), per_day)
    left, right = sorted((one * axis.width, other * axis.width))
    part, whole = ticks(axis, left, right, WRITING), ticks(axis, 0, axis.width, WRITING)
    assert part == tuple(tick for tick in whole if axis.day(left) <= tick.day <= axis.day(right))


@given(DAYS, st.integers(1, 9_000), ZOOMS, st.integers(0, 9_000))
def test_a_day_is_found_where_it_lies(first: date, length: int, per_day: float, after: int) -> None:
    axis = TimeAxis(first, first + timedelta(days=length), per_day)
    day = first + timedelta(days=min(after, length))
    assert axis.day(axis.x(day)) == day


@given(st.lists(st.integers(0, 2300), min_size=1, max_size=20), st.floats(200, 3000))
def test_a_whole_course_fits_the_width_it_was_fitted_to(days: list[int], width: float) -> None:
    visits = tuple(CourseVisit(n, FIRST + timedelta(days=d), "", ()) for n, d in enumerate(sorted(days)))
    course = Course(TODAY, visits)
    axis = axis_of(course, fitting(course, width))
    assert abs(axis.width - max(width, END_ROOM + 1)) < 0.01
    assert all(0 <= axis.x(day) <= axis.width - END_ROOM for day in (*course.injected_on, TODAY))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30), ZOOMS)
def test_no_two_bars_share_a_place_and_no_room_is_given_away_twice(days: list[int], per_day: float) -> None:
    days.sort()
    axis = TimeAxis(FIRST, FIRST + timedelta(days=500), per_day)
    found = slots([FIRST + timedelta(days=day) for day in days])
    assert [slot.day for slot in found] == [FIRST + timedelta(days=day) for day in days]
    for one, other in pairwise(found):
        assert one.x(axis) + one.width(axis) / 2 <= other.x(axis) - other.width(axis) / 2 + 1e-6


@given(st.integers(0, 5000))
def test_weeks_and_days_add_up(days: int) -> None:
    parts = weeks(days).split()
    days_of = {"w": 7, "d": 1}
    assert sum(int(number) * days_of[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True)) == days
