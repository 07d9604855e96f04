from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.partial_dates import PartialDate

DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    exactness = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:exactness])


@given(partial_dates())
def test_what_is_written_is_read_again(when: PartialDate) -> None:
    assert PartialDate.read(str(when)) == when


@given(partial_dates(), partial_dates())
def test_dates_sort_as_their_texts_and_as_their_first_days(one: PartialDate, other: PartialDate) -> None:
    assert (one < other) == (str(one) < str(other))
    if one.earliest != other.earliest:
        assert (one < other) == (one.earliest < other.earliest)


@given(partial_dates(), DAYS)
def test_a_date_holds_the_days_from_its_earliest_to_its_latest(when: PartialDate, day: date) -> None:
    meant = (day.year, day.month, day.day)
    same = all(known in (0, own) for known, own in zip((when.year, when.month, when.day), meant, strict=True))
    assert same == (when.earliest <= day <= when.latest)


@given(DAYS)
def test_a_known_day_is_its_own_earliest_and_latest(day: date) -> None:
    when = PartialDate.of(day)
    assert when.earliest == when.latest == day
    assert str(when) == day.isoformat()


@pytest.mark.parametrize(
    "written",
    ["", "19", "2019-4", "2019-00", "2019-13", "2019-02-31", "2019-04-00", "2019-04-2", "2019/04", "٢٠١٩", "0000", "x"],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate.read(written)


@pytest.mark.parametrize("parts", [(2019, 13), (2019, 2, 29), (2019, 0, 4), (0,), (10000,), (2019, -1)])
def test_what_the_calendar_does_not_have_cannot_be_made(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate(*parts)


def test_a_leap_day_is_a_day() -> None:
    assert PartialDate(2020, 2).latest == PartialDate(2020, 2, 29).latest == date(2020, 2, 29)
