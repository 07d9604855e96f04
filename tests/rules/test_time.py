"""Days, months and hours at their edges: midnight, leap days, and the days on which the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.reference import Reference
from clinic_app.rules.chart import Chart, ClinicChoices, EarlierInjection
from clinic_app.rules.days import months_before

from .build import NOW, ONA, chart, checked, figures, injection, vial

SOME_DAY = st.dates(date(2000, 3, 1), date(2090, 12, 31))
LEAP_DAY_NEAR = st.builds(
    lambda year, days: date(year, 2, 29) + timedelta(days=days),
    st.sampled_from([2024, 2028, 2096]),
    st.integers(-100, 100),
)
ANY_DAY = SOME_DAY | LEAP_DAY_NEAR
ANY_TIME = st.times() | st.sampled_from([time.min, time.max])
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def visit(on: date, before: date, **changes: object) -> Chart:
    """A visit of 300 U after one of 101 U: together above the cap of 400 U."""
    charted = chart(injection("splenius_capitis/left", 300), visited_on=on, **changes)
    return replace(charted, earlier=(EarlierInjection(before, ONA, Decimal(101)),))


# The rolling window: dates only, so that no hour and no clock can move it


@given(ANY_DAY, st.integers(-3, 200), ANY_TIME, st.sampled_from([UTC, BERLIN, NEW_YORK]))
def test_the_window_is_the_visit_and_the_83_days_before_it_at_any_hour(
    reference: Reference, on: date, days: int, hour: time, zone: ZoneInfo
) -> None:
    now = datetime.combine(on, hour, tzinfo=zone)
    found = checked(
        visit(on, on - timedelta(days=days), now=now, vials=(vial(reconstituted_at=None),)),
        reference,
        "dose.rolling_cap",
    )
    assert bool(found) is (0 <= days < 84)


@given(ANY_DAY, st.integers(1, 400))
def test_the_interval_counts_days_and_no_hours(reference: Reference, on: date, days: int) -> None:
    found = checked(visit(on, on - timedelta(days=days)), reference, "interval.too_short")
    assert bool(found) is (days < 84)
    for each in found:
        assert figures(each)["earliest"] == on + timedelta(days=84 - days)


@given(ANY_DAY, st.integers(1, 12))
def test_calendar_months_begin_the_day_after_the_same_day_of_an_earlier_month(
    reference: Reference, on: date, months: int
) -> None:
    def counted(before: date) -> bool:
        charted = visit(on, before, clinic=ClinicChoices(rolling_months=months))
        return bool(checked(charted, reference, "dose.rolling_cap"))

    start = months_before(on, months)
    assert not counted(start)
    assert counted(start + timedelta(days=1))
    assert counted(on)
    assert not counted(on + timedelta(days=1))


@given(ANY_DAY, st.integers(1, 36))
def test_so_many_months_before_is_the_same_day_or_the_last_of_a_shorter_month(on: date, months: int) -> None:
    start = months_before(on, months)
    assert (on.year - start.year) * 12 + on.month - start.month == months
    assert start.day == on.day or (start.day < on.day and (start + timedelta(days=1)).day == 1)


@given(ANY_DAY, st.integers(1, 36))
def test_a_later_day_never_has_an_earlier_window(on: date, months: int) -> None:
    assert months_before(on, months) <= months_before(on + timedelta(days=1), months)


@given(ANY_DAY)
def test_three_calendar_months_are_at_least_as_long_as_the_84_days(on: date) -> None:
    assert 89 <= (on - months_before(on, 3)).days <= 92


# The hours of a mixed vial


def vial_used(mixed: datetime, used: datetime) -> Chart:
    return chart(vials=(vial(reconstituted_at=mixed, used_at=used),), visited_on=used.date(), now=used)


@pytest.mark.parametrize(
    ("mixed", "used", "too_old"),
    [
        # the night of 29 March 2026 has an hour less in Berlin: 24.5 hours on the clock are 23.5
        (datetime(2026, 3, 28, 9, 0), datetime(2026, 3, 29, 9, 30), False),
        (datetime(2026, 3, 28, 9, 0), datetime(2026, 3, 29, 10, 1), True),
        # the night of 25 October has an hour more: 23.5 hours on the clock are 24.5
        (datetime(2026, 10, 24, 10, 0), datetime(2026, 10, 25, 9, 30), True),
        (datetime(2026, 10, 24, 10, 0), datetime(2026, 10, 25, 9, 0), False),
    ],
)
def test_hours_are_those_that_passed_and_not_those_on_the_clock(
    reference: Reference, mixed: datetime, used: datetime, too_old: bool
) -> None:
    charted = vial_used(mixed.replace(tzinfo=BERLIN), used.replace(tzinfo=BERLIN))
    assert bool(checked(charted, reference, "vial.too_old")) is too_old


CHANGES = st.sampled_from(
    [
        (BERLIN, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (BERLIN, datetime(2026, 10, 25, 1, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ]
)


@given(CHANGES, st.integers(-60 * 48, 60 * 48), st.integers(0, 60 * 48))
def test_a_vial_is_as_old_across_a_clock_change_as_in_universal_time(
    reference: Reference, change: tuple[ZoneInfo, datetime], offset: int, minutes: int
) -> None:
    zone, moment = change
    mixed = moment + timedelta(minutes=offset)
    used = mixed + timedelta(minutes=minutes)
    here = checked(vial_used(mixed.astimezone(zone), used.astimezone(zone)), reference, "vial.too_old")
    assert bool(here) is (minutes > 24 * 60)
    assert here == checked(vial_used(mixed, used), reference, "vial.too_old")


@given(st.integers(0, 200))
def test_the_time_of_use_counts_where_it_is_on_record_and_not_the_time_of_charting(
    reference: Reference, hours_later: int
) -> None:
    mixed = NOW - timedelta(hours=20)
    recorded = vial(reconstituted_at=mixed, used_at=NOW)
    charted = chart(vials=(recorded,), now=NOW + timedelta(hours=hours_later))
    assert not checked(charted, reference, "vial.too_old")
    late = chart(vials=(replace(recorded, used_at=mixed + timedelta(hours=24, minutes=6)),), now=mixed)
    (found,) = checked(late, reference, "vial.too_old")
    assert figures(found)["hours"] == Decimal("24.1")


@given(st.integers(0, 72))
def test_without_it_a_vial_ages_until_now_but_not_beyond_the_day_of_the_visit(
    reference: Reference, hours_later: int
) -> None:
    # mixed at 09:00 of the day of the visit, which ends 15 hours later
    charted = chart(now=NOW + timedelta(hours=hours_later))
    assert not checked(charted, reference, "vial.too_old")
    older = replace(charted, vials=(vial(reconstituted_at=NOW - timedelta(hours=10, minutes=1)),))
    # at midnight that one is 24 hours and a minute old
    assert bool(checked(older, reference, "vial.too_old")) is (hours_later >= 14)
