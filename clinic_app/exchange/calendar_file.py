"""Appointments as a calendar file (iCalendar, RFC 5545) that other calendar programs open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Event

OVERBOOKED = "overbooked"
"""The category of an event that was booked over a clash on purpose."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event. ``starts_at`` is the wall clock of the calendar's zone, without a zone; ``changed_at`` a moment.

    ``uid`` stays the same for as long as the appointment lives, so that a later file replaces the event; ``sequence``
    grows with each change.
    """

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    minutes: int
    changed_at: datetime
    organizer: str = ""
    location: str = ""
    cancelled: bool = False
    overbooked: bool = False


def calendar_file(name: str, time_zone: str, events: Sequence[CalendarEvent]) -> bytes:
    """The file of a calendar: each event with its zone, the zone's rules for the span that the events lie in."""
    from icalendar import Calendar, Timezone  # read only when a file is asked for

    zone = ZoneInfo(time_zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Injection clinic//Schedule//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", time_zone)
    if events:
        first = min(event.starts_at for event in events).date()
        last = max(event.starts_at for event in events).date()
        # A year on both sides, so that the rules hold the clock change before the first event too.
        year = timedelta(days=366)
        calendar.add_component(Timezone.from_tzinfo(zone, time_zone, first - year, last + year))
    for event in events:
        calendar.add_component(_event(event, zone))
    return bytes(calendar.to_ical())


def _event(event: CalendarEvent, zone: ZoneInfo) -> "Event":
    from icalendar import Event, vCalAddress, vText

    starts_at = event.starts_at.replace(tzinfo=zone)
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("dtstart", starts_at)
    entry.add("dtend", (event.starts_at + timedelta(minutes=event.minutes)).replace(tzinfo=zone))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.location:
        entry.add("location", event.location)
    if event.organizer:
        # Nobody is written to from here: the address only names the person.
        organizer = vCalAddress("invalid:nomail")
        organizer.params["cn"] = vText(event.organizer)
        entry.add("organizer", organizer, encode=False)
    if event.overbooked:
        entry.add("categories", [OVERBOOKED])
    return entry
