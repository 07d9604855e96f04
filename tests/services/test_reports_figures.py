"""Quartiles and confidence intervals, for any counts."""

import statistics
from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.services.reports_figures import quartiles, share, wilson


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=60))
def test_quartiles_of_counted_values_are_those_of_the_values(values: list[int]) -> None:
    found = quartiles(Counter(values))
    assert found == tuple(statistics.quantiles(map(Decimal, values), method="inclusive"))


@given(st.integers(0, 5000), st.integers(1, 5))
def test_the_quartiles_of_one_value_are_the_value(value: int, often: int) -> None:
    assert quartiles({value: often}) == (Decimal(value),) * 3


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_none_and_all(counts: tuple[int, int]) -> None:
    part, whole = counts
    low, high = wilson(part, whole) or (None, None)
    observed = share(part, whole)
    assert low is not None and high is not None and observed is not None
    assert 0 <= low <= observed <= high <= 100
    mirrored = wilson(whole - part, whole)
    assert mirrored is not None
    assert abs(mirrored[0] - (100 - high)) < Decimal("1e-9")


def test_a_published_interval_is_met() -> None:
    """Wilson for 1 of 29, as in table I of Newcombe, Statistics in Medicine 1998; 17: 857–872 (method 3)."""
    found = wilson(1, 29)
    assert found is not None
    assert (round(found[0], 2), round(found[1], 2)) == (Decimal("0.61"), Decimal("17.18"))


def test_of_nothing_nothing_is_said() -> None:
    assert quartiles({}) is None
    assert share(0, 0) is None
    assert wilson(0, 0) is None
