"""Busy times on a calendar server (CalDAV, RFC 4791): when somebody is busy, and nothing else."""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from clinic_app.errors import ClinicError

if TYPE_CHECKING:
    import caldav

TITLE = "Busy"
Steps = Callable[[int, int], None]
"""Told before each request how many are done, and of how many; what it raises ends the work."""
_AT_ONCE = 100
"""Of our events read by one request: addresses of thousands are too long for some servers."""


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A span as two moments (UTC).

    ``name`` stays the same for as long as the appointment lives and tells nothing of it; ``sequence`` grows with each
    change.
    """

    name: str
    sequence: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """How many busy times were sent and how many taken away; the others stood there already."""

    sent: int = 0
    removed: int = 0


def checked_address(typed: str) -> str:
    """The address of a calendar. Raises ClinicError for none, or where the password would be sent in the clear."""
    try:
        parts = urlsplit(typed.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ClinicError("calendar_server_address", field="address") from error
    if parts.username is not None or parts.password is not None:
        raise ClinicError("calendar_server_address_password", field="address")
    if not host or parts.query or parts.fragment or parts.scheme not in ("https", "http"):
        raise ClinicError("calendar_server_address", field="address")
    if parts.scheme == "http" and not _is_here(host):
        raise ClinicError("calendar_server_clear", field="address")
    return parts._replace(path=parts.path.rstrip("/") + "/").geturl()


def moments(starts_at: datetime, minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of what begins on the clinic's clock and lasts so long, also where the clock is changed within."""
    first = starts_at.replace(tzinfo=zone).astimezone(UTC)
    return first, first + timedelta(minutes=minutes)


class CalendarServer:
    """One calendar on a server. It touches only events whose name begins as ours do, and reads no others.

    Raises ClinicError with the field "address", "user_name" or "password" where that is what is wrong.
    """

    def __init__(self, address: str, user_name: str, password: str, *, seconds: float = 20) -> None:
        """``seconds`` is how long one answer may take."""
        self._address = checked_address(address)
        self._user_name, self._password, self._seconds = user_name, password, seconds

    def check(self) -> None:
        """Ask whether a calendar opens with this account. Whether it may be written only writing tells."""
        with self._open() as calendar:
            _require_calendar(calendar)

    def publish(self, prefix: str, wanted: Sequence[BusyTime], now: datetime, steps: Steps) -> Published:
        """Let the events whose name begins with ``prefix`` be these; what is so already is not sent again."""
        import caldav

        with self._open() as calendar:
            _require_calendar(calendar)
            steps(0, 1)
            there = _own(calendar, prefix, steps)
            changes: list[tuple[caldav.Event, BusyTime]] = []
            for busy in wanted:
                url = f"{self._address}{busy.name}.ics"
                event = there.pop(busy.name, None)
                if event is None:
                    changes.append((caldav.Event(calendar.client, url=url, parent=calendar), busy))
                elif _told_by(event) != (TITLE, busy.starts_at, busy.ends_at):
                    changes.append((event, busy))
            of = len(changes) + len(there)
            for number, (event, busy) in enumerate(changes):
                steps(number, of)
                _send(event, busy, now)
            for number, event in enumerate(there.values(), len(changes)):
                steps(number, of)
                # Of that version only: what somebody changed meanwhile is looked at again next time.
                event.delete(if_match=bool(event.etag), precondition="etag")
            steps(of, of)
        return Published(len(changes), len(there))

    @contextmanager
    def _open(self) -> Iterator["caldav.Calendar"]:
        try:
            import caldav
        except ImportError as error:
            raise ClinicError("calendar_server_package") from error
        with _problems(self._address):
            client = caldav.DAVClient(
                url=self._address,
                username=self._user_name,
                password=self._password,
                timeout=self._seconds,
                enable_rfc6764=False,  # no other server than the one that was typed
            )
            # Whoever is sent elsewhere must not take the password along, nor write there.
            client.session.max_redirects = 0
            with client:
                yield client.calendar(url=self._address)


def event_file(busy: BusyTime, sequence: int, now: datetime) -> bytes:
    """All that leaves: when, and the word "Busy"."""
    from icalendar import Calendar, Event

    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Injection clinic//Busy times//EN")
    calendar.add("version", "2.0")
    event.add("uid", busy.name)
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", busy.starts_at.astimezone(UTC))
    event.add("dtend", busy.ends_at.astimezone(UTC))
    event.add("summary", TITLE)
    event.add("transp", "OPAQUE")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _require_calendar(calendar: "caldav.Calendar") -> None:
    from caldav.elements import cdav, dav

    kinds = calendar.get_properties([dav.ResourceType()]).get(dav.ResourceType.tag) or ()
    if cdav.Calendar.tag not in kinds:
        raise ClinicError("calendar_server_none", field="address")


def _own(calendar: "caldav.Calendar", prefix: str, steps: Steps) -> dict[str, "caldav.Event"]:
    """Our events by name. The list of a calendar tells names alone; what is in the others' is not asked for."""
    urls = {_name(str(url)): url for url, _, _ in calendar.children()}
    ours = [url for name, url in urls.items() if name.startswith(prefix)]
    found: dict[str, caldav.Event] = {}
    for first in range(0, len(ours), _AT_ONCE):
        steps(0, 1)
        for event in calendar.multiget(ours[first : first + _AT_ONCE]):
            found[_name(str(event.url))] = event
    return found


def _send(event: "caldav.Event", busy: BusyTime, now: datetime) -> None:
    # Greater than what stands there, also after an older state of the record was restored.
    sequence = max(busy.sequence, _sequence(event) + 1)
    event.save(raw_data=event_file(busy, sequence, now), increase_seqno=False, precondition="etag")


def _name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2].removesuffix(".ics")


def _component(event: "caldav.Event") -> Any:
    from icalendar import Calendar

    if not event.data:
        return None
    try:
        return next(iter(Calendar.from_ical(event.data).walk("VEVENT")), None)
    except ValueError:
        return None


def _told_by(event: "caldav.Event") -> tuple[str, datetime, datetime] | None:
    """What an event says; None for what cannot be read, or is no span of moments."""
    read = _component(event)
    if read is None or "DTSTART" not in read or "DTEND" not in read:
        return None
    first, last = read["DTSTART"].dt, read["DTEND"].dt
    if not all(isinstance(each, datetime) and each.tzinfo is not None for each in (first, last)):
        return None
    return str(read.get("SUMMARY", "")), first.astimezone(UTC), last.astimezone(UTC)


def _sequence(event: "caldav.Event") -> int:
    read = _component(event)
    try:
        return -1 if read is None else int(read.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _problems(address: str) -> Iterator[None]:
    """Say what went wrong in our own words: those of a server may be anything."""
    from caldav.lib import error as refused
    from caldav.lib.http_sync import requests
    from lxml.etree import XMLSyntaxError

    away = requests.exceptions
    host = urlsplit(address).hostname or ""
    try:
        yield
    except away.SSLError as error:
        raise ClinicError("calendar_server_certificate", field="address", host=host) from error
    except away.TooManyRedirects as error:
        raise ClinicError("calendar_server_elsewhere", field="address") from error
    except away.Timeout as error:
        raise ClinicError("calendar_server_slow", field="address", host=host) from error
    except away.RequestException as error:
        raise ClinicError("calendar_server_away", field="address", host=host) from error
    except (refused.AuthorizationError, NotImplementedError) as error:
        raise ClinicError("calendar_server_password", field="password") from error
    except refused.RateLimitError as error:
        raise ClinicError("calendar_server_slow", field="address", host=host) from error
    except (refused.NotFoundError, refused.PropfindError, refused.ReportError, XMLSyntaxError) as error:
        raise ClinicError("calendar_server_none", field="address") from error
    except refused.DAVError as error:
        raise ClinicError("calendar_server_refused", field="address") from error
