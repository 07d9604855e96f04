"""Time as an argument: services are told the moment by a clock, never by the machine behind their back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time, with its zone."""
    return datetime.now(UTC)


def local_now(clock: Clock, time_zone: str) -> datetime:
    """The wall clock of the clinic's zone, without a zone, as appointments are kept."""
    return clock().astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)


def local_today(clock: Clock, time_zone: str) -> date:
    """The clinic's day."""
    return local_now(clock, time_zone).date()
