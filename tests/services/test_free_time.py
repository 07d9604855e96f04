"""Stretches of time against a count of single minutes."""

import itertools
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.services.free_time import Stretch, free_within, joined, minutes_in, places_in, taken_within

MIDNIGHT = datetime(2026, 3, 2)
stretches = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 120)).filter(lambda ends: ends[0] < ends[1]), max_size=8
).map(lambda each: [(minute(start), minute(end)) for start, end in each])


def minute(number: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=number)


def minutes(of: list[Stretch] | tuple[Stretch, ...]) -> set[int]:
    """Every single minute in them."""
    return {number for number in range(121) if any(start <= minute(number) < end for start, end in of)}


@given(stretches)
def test_joined_stretches_are_the_same_time_in_order_without_overlaps(some: list[Stretch]) -> None:
    found = joined(some)
    assert minutes(found) == minutes(some)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))


@given(stretches, stretches)
def test_what_is_taken_and_what_is_free_are_the_hours_minute_by_minute(
    open_: list[Stretch], some: list[Stretch]
) -> None:
    hours = joined(open_)
    taken, free = taken_within(hours, some), free_within(hours, some)
    assert minutes(taken) == minutes(open_) & minutes(some)
    assert minutes(free) == minutes(open_) - minutes(some)
    assert minutes_in(taken) + minutes_in(free) == minutes_in(hours) == len(minutes(open_))


@given(stretches, stretches, st.integers(1, 60))
def test_places_are_counted_in_single_gaps(open_: list[Stretch], some: list[Stretch], length: int) -> None:
    gaps = free_within(joined(open_), some)
    assert places_in(gaps, length) == sum(minutes_in([gap]) // length for gap in gaps)
    assert places_in(gaps, length) * length <= minutes_in(gaps)


def test_two_gaps_of_twenty_minutes_hold_no_half_hour() -> None:
    gaps = free_within([(minute(0), minute(100))], [(minute(20), minute(80))])
    assert (minutes_in(gaps), places_in(gaps, 30), places_in(gaps, 20), places_in(gaps, 0)) == (40, 0, 2, 0)


def test_nobody_is_booked_across_two_spans_that_only_touch() -> None:
    spans = joined([(minute(20), minute(40)), (minute(0), minute(20))])
    assert len(spans) == 2
    assert places_in(free_within(spans, []), 40) == 0
