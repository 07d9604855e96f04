"""The calendar files say the same hour as the clinic's clock, on both sides of every clock change."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.exchange.calendar_file import CalendarEvent, calendar_file

NEW_YORK = "America/New_York"
CHANGED = datetime(2026, 2, 1, 12, tzinfo=UTC)


def event(starts_at: datetime, **changes: object) -> CalendarEvent:
    given: dict[str, object] = {
        "uid": "7@clinic", "sequence": 1, "title": "Injection", "starts_at": starts_at, "minutes": 30,
        "changed_at": CHANGED,
    }  # fmt: skip
    return CalendarEvent(**{**given, **changes})  # type: ignore[arg-type]  # the fields' own types


def read(file: bytes) -> list[Any]:
    """The events as the library reads them back; its properties are of many types."""
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def test_an_event_says_who_where_and_when() -> None:
    told = event(datetime(2026, 3, 9, 10), organizer="Dr. Mara Ellison", location="Room 2", overbooked=True)
    (found,) = read(calendar_file("Dr. Mara Ellison", NEW_YORK, [told]))
    assert str(found["summary"]) == "Injection"
    assert found["organizer"].params["cn"] == "Dr. Mara Ellison"
    assert str(found["location"]) == "Room 2"
    assert [str(each) for each in found["categories"].cats] == ["overbooked"]
    assert (str(found["status"]), int(found["sequence"])) == ("CONFIRMED", 1)
    assert found["dtend"].dt - found["dtstart"].dt == timedelta(minutes=30)


def test_a_cancelled_appointment_stays_in_the_file_as_cancelled() -> None:
    (found,) = read(calendar_file("x", NEW_YORK, [event(datetime(2026, 3, 9, 10), cancelled=True)]))
    assert str(found["status"]) == "CANCELLED"
    assert "categories" not in found


def test_a_calendar_without_events_is_a_calendar() -> None:
    assert read(calendar_file("Nobody", NEW_YORK, [])) == []


@pytest.mark.parametrize(
    ("zone", "day"), [(NEW_YORK, datetime(2026, 3, 8, 10)), (NEW_YORK, datetime(2026, 11, 1, 10)),
                      ("Europe/Berlin", datetime(2026, 3, 29, 10)), ("Europe/Berlin", datetime(2026, 10, 25, 10))]
)  # fmt: skip
def test_the_files_own_zone_rules_have_the_offset_on_both_sides_of_a_clock_change(zone: str, day: datetime) -> None:
    around = [day + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]
    file = calendar_file("x", zone, [event(each, uid=str(n)) for n, each in enumerate(around)])
    calendar = icalendar.Calendar.from_ical(file)
    (rules,) = (each for each in calendar.walk("VTIMEZONE") if isinstance(each, icalendar.Timezone))
    by_file = rules.to_tz(lookup_tzid=False)
    for each in around:
        assert each.replace(tzinfo=by_file).utcoffset() == each.replace(tzinfo=ZoneInfo(zone)).utcoffset(), each


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2032, 12, 31)).map(
        lambda at: at.replace(second=0, microsecond=0, hour=10)
    ),
    st.sampled_from([NEW_YORK, "Europe/London", "Asia/Tokyo", "America/Sao_Paulo", "Australia/Lord_Howe"]),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60),
)
def test_hour_and_text_come_back_as_they_were(at: datetime, zone: str, title: str) -> None:
    (found,) = read(calendar_file("x", zone, [event(at, title=title)]))
    assert found["dtstart"].dt.replace(tzinfo=None) == at
    assert found["dtstart"].dt.utcoffset() == at.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    assert str(found["summary"]) == title
