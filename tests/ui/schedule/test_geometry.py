"""Places on the grid: what is put somewhere is found there again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.services.calendar_data import GRID_DISTANCES, LONGEST
from clinic_app.ui.schedule.geometry import (
    DAY_MINUTES,
    Box,
    Edge,
    GridScale,
    chosen_span,
    edge_at,
    lanes,
    moved_span,
    neighbour,
    scale_for,
    shown_span,
    stretched_span,
)

spans = st.tuples(st.integers(0, DAY_MINUTES - 1), st.integers(1, 480)).map(lambda pair: (pair[0], pair[0] + pair[1]))
scales = st.builds(
    lambda columns, first, hours, width, height, step: GridScale(
        columns, first * 60, (first + hours) * 60, 56.0, float(width), float(height), step
    ),
    st.integers(1, 21),
    st.integers(0, 12),
    st.integers(1, 12),
    st.integers(40, 400),
    st.integers(10, 40),
    st.sampled_from(GRID_DISTANCES),
)


@given(scales, st.data())
def test_the_middle_of_a_step_is_that_step(scale: GridScale, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, scale.columns - 1))
    minute = data.draw(st.integers(0, (scale.last - scale.first) // scale.step - 1)) * scale.step + scale.first
    box = scale.block(column, minute, scale.step)
    x, y = box.left + box.width / 2, box.top + box.height / 2
    assert scale.column_at(x) == column
    assert scale.minute_at(y) == minute


@given(scales, st.floats(-500, 5000))
def test_no_place_lies_outside_the_span(scale: GridScale, y: float) -> None:
    assert scale.first <= scale.minute_at(y) <= scale.last - scale.step
    assert (scale.minute_at(y) - scale.first) % scale.step == 0


@given(st.lists(spans, max_size=25))
def test_appointments_at_the_same_time_never_cover_each_other(times: list[tuple[int, int]]) -> None:
    placed = lanes(times)
    assert len(placed) == len(times)
    for number, (start, end) in enumerate(times):
        lane, count = placed[number]
        assert 0 <= lane < count
        left, right = lane / count, (lane + 1) / count
        for other in range(number):
            other_start, other_end = times[other]
            if start < other_end and other_start < end:
                other_lane, other_count = placed[other]
                assert right <= other_lane / other_count + 1e-9 or (other_lane + 1) / other_count <= left + 1e-9


@given(st.lists(spans, max_size=25))
def test_who_is_alone_has_the_whole_width(times: list[tuple[int, int]]) -> None:
    for number, ((start, end), (_, count)) in enumerate(zip(times, lanes(times), strict=True)):
        if all(end <= s or e <= start for other, (s, e) in enumerate(times) if other != number):
            assert count == 1


@given(st.lists(spans, min_size=1))
def test_every_time_lies_in_the_shown_span_of_whole_hours(times: list[tuple[int, int]]) -> None:
    first, last = shown_span(times)
    assert first % 60 == last % 60 == 0
    assert 0 <= first < last <= DAY_MINUTES
    assert all(first <= start and min(end, DAY_MINUTES) <= last for start, end in times)


def test_an_empty_day_shows_the_usual_hours() -> None:
    assert shown_span([]) == (8 * 60, 17 * 60)


@given(st.integers(0, 23), st.integers(0, 23), st.sampled_from(GRID_DISTANCES))
def test_dragging_in_either_direction_marks_the_same_time(one: int, other: int, step: int) -> None:
    assert chosen_span(one * step, other * step, step) == chosen_span(other * step, one * step, step)
    start, minutes = chosen_span(one * step, other * step, step)
    assert start == min(one, other) * step
    assert minutes == min(LONGEST, (abs(one - other) + 1) * step)


@given(st.integers(0, 1000), st.integers(5, LONGEST), st.sampled_from(list(Edge)), st.integers(0, 1435))
def test_dragging_an_edge_leaves_the_other_where_it_is(start: int, minutes: int, edge: Edge, at: int) -> None:
    begins, length = stretched_span(start, minutes, edge, at, 15)
    assert 5 <= length <= LONGEST
    assert (begins if edge is Edge.END else begins + length) == (start if edge is Edge.END else start + minutes)


@given(scales, st.integers(0, 1000), st.integers(5, 240), st.integers(-900, 900))
def test_what_is_moved_keeps_its_length_and_stays_in_the_span_shown(
    scale: GridScale, start: int, minutes: int, by: int
) -> None:
    begins, length = moved_span(start, minutes, by, scale)
    assert length == minutes
    assert begins >= scale.first
    assert begins + length <= max(scale.last, scale.first + minutes)


def test_a_block_is_held_at_its_edges_and_a_low_one_only_at_its_end() -> None:
    high, low = Box(0, 100, 80, 60), Box(0, 100, 80, 14)
    assert [edge_at(high, y) for y in (102, 130, 158)] == [Edge.START, None, Edge.END]
    assert [edge_at(low, y) for y in (101, 112)] == [None, Edge.END]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1400)), min_size=1, max_size=20))
def test_down_walks_through_every_appointment_once(places: list[tuple[int, int]]) -> None:
    current = neighbour(places, None, 0, 1)
    walked = [current]
    for _ in places[1:]:
        current = neighbour(places, current, 0, 1)
        walked.append(current)
    assert sorted(number for number in walked if number is not None) == list(range(len(places)))
    assert neighbour(places, current, 0, 1) == current


def test_right_goes_to_the_nearest_time_in_the_next_column_that_has_any() -> None:
    places = [(0, 600), (2, 480), (2, 615), (2, 900)]
    assert neighbour(places, 0, 1, 0) == 2
    assert neighbour(places, 2, 1, 0) == 2
    assert neighbour(places, 3, -1, 0) == 0
    assert neighbour([], None, 1, 0) is None


def test_the_grid_fills_the_room_and_scrolls_when_it_cannot() -> None:
    roomy = scale_for(2, (8 * 60, 17 * 60), 1000, 800, gutter=56, narrowest=100)
    assert roomy.width == 1000
    assert roomy.height == 800
    tight = scale_for(20, (8 * 60, 17 * 60), 600, 300, gutter=56, narrowest=100)
    assert tight.column_width == 100
    assert tight.height > 300


@pytest.mark.parametrize("step", GRID_DISTANCES)
def test_every_step_can_be_hit_and_an_hour_stays_readable(step: int) -> None:
    scale = scale_for(5, (8 * 60, 17 * 60), 1000, 800, gutter=56, narrowest=100, step=step)
    assert scale.step_height >= 14
    assert scale.y(9 * 60) - scale.y(8 * 60) >= 72
