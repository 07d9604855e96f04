"""What is kept of backups, day by day for years."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.rules.backup_rotation import Keep, superfluous

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31))


@given(st.lists(MOMENTS), st.builds(Keep, *[st.integers(0, 9)] * 3))
def test_the_newest_stays_and_not_more_than_asked_for(made: list[datetime], keep: Keep) -> None:
    gone = superfluous(made, keep)
    kept = set(made) - gone
    assert gone <= set(made)
    assert not made or max(made) in kept
    assert len(kept) <= max(1, keep.days + keep.weeks + keep.months)
    assert superfluous(kept, keep) <= gone | kept


@given(st.lists(MOMENTS))
def test_rotating_twice_takes_nothing_more(made: list[datetime]) -> None:
    kept = set(made) - superfluous(made)
    assert superfluous(kept) == frozenset()


def test_a_backup_every_four_hours_for_two_years_leaves_days_weeks_and_months() -> None:
    made: set[datetime] = set()
    at = datetime(2026, 1, 1, 8)
    for _ in range(2 * 365 * 6):
        at += timedelta(hours=4)
        made.add(at)
        made -= superfluous(made)
    ages = sorted((at - each).days for each in made)
    assert ages[0] == 0
    assert {(at - timedelta(days=ago)).date() for ago in range(7)} <= {each.date() for each in made}
    assert 11 * 27 <= ages[-1] <= 366, "and eleven whole months back"
    assert len(made) <= 24


def test_a_moment_in_the_future_does_not_take_the_days_away() -> None:
    days = [datetime(2026, 3, day, 18) for day in range(1, 8)]
    wrong = datetime(2031, 1, 1)
    assert len(set(days) - superfluous([*days, wrong])) >= 6
