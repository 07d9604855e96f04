"""Publishing to a real calendar server: what is sent, what is left alone, and what is said when it fails."""

import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from clinic_app.errors import ClinicError
from clinic_app.exchange.calendar_server import (
    BusyTime,
    CalendarServer,
    Published,
    checked_address,
    event_file,
    moments,
)
from tests.calendar_server import PASSWORD, USER, Radicale, radicale_server

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
OURS = "busy-ours-"
PRIVATE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody else//EN
BEGIN:VEVENT
UID:dentist
DTSTAMP:20261101T080000Z
DTSTART:20261127T090000Z
DTEND:20261127T100000Z
SUMMARY:Dentist
END:VEVENT
END:VCALENDAR
"""


def busy(number: int, *, sequence: int = 0, minutes: int = 30) -> BusyTime:
    begins = NOW + timedelta(hours=number)
    return BusyTime(f"{OURS}{number}", sequence, begins, begins + timedelta(minutes=minutes))


def unheard(_done: int, _of: int) -> None:
    pass


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with radicale_server(tmp_path / "radicale") as served:
        (served.stored / "dentist.ics").write_text(PRIVATE)
        yield served


def publish(radicale: Radicale, *wanted: BusyTime) -> Published:
    radicale.asked.clear()
    # A busy machine answers late, and how late is no matter here.
    return CalendarServer(radicale.calendar, USER, PASSWORD, seconds=300).publish(OURS, wanted, NOW, unheard)


def span_in(file: str | bytes) -> tuple[datetime, datetime]:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    first, last = event.decoded("DTSTART"), event.decoded("DTEND")
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    return first, last


def spans(radicale: Radicale) -> set[tuple[datetime, datetime]]:
    return {span_in(text) for name, text in radicale.files().items() if name.startswith(OURS)}


def test_only_what_changed_is_sent_and_nobody_elses_event_is_touched_or_read(radicale: Radicale) -> None:
    assert publish(radicale, busy(1), busy(2), busy(3)) == Published(3, 0)
    assert publish(radicale, busy(1), busy(2), busy(3)) == Published(0, 0)
    assert radicale.written() == []
    moved = busy(2, minutes=45)
    assert publish(radicale, busy(1), moved) == Published(1, 1)
    assert [(each.method, each.path.rpartition("/")[2]) for each in radicale.written()] == [
        ("PUT", f"{OURS}2.ics"),
        ("DELETE", f"{OURS}3.ics"),
    ]
    assert spans(radicale) == {(each.starts_at, each.ends_at) for each in (busy(1), moved)}
    assert "SEQUENCE:1" in radicale.files()[f"{OURS}2.ics"], "so that those who have it take the later one"
    assert radicale.files()["dentist.ics"] == PRIVATE
    assert not any(b"dentist" in each.body for each in radicale.asked)
    assert publish(radicale) == Published(0, 2)
    assert list(radicale.files()) == ["dentist.ics"]


def test_what_somebody_changed_or_threw_away_there_is_put_right(radicale: Radicale) -> None:
    publish(radicale, busy(1, sequence=7), busy(2))
    file = radicale.stored / f"{OURS}1.ics"
    file.write_text(file.read_text().replace("SUMMARY:Busy", "SUMMARY:Ada Okafor"))
    (radicale.stored / f"{OURS}2.ics").unlink()
    assert publish(radicale, busy(1), busy(2)) == Published(2, 0)
    assert "SEQUENCE:8" in file.read_text()
    assert "Ada" not in file.read_text()


def test_nothing_leaves_but_when_and_the_word_busy() -> None:
    text = event_file(busy(1), 3, NOW).decode()
    assert text.splitlines() == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Injection clinic//Busy times//EN", "BEGIN:VEVENT",
        "SUMMARY:Busy", "DTSTART:20261127T090000Z", "DTEND:20261127T093000Z", "DTSTAMP:20261127T080000Z",
        f"UID:{OURS}1", "SEQUENCE:3", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"])


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), st.integers(5, 480), zones)
def test_a_span_reads_back_as_it_is_on_the_clinics_clock(wall: datetime, minutes: int, name: str) -> None:
    wall, zone = wall.replace(second=0, microsecond=0), ZoneInfo(name)
    file = event_file(BusyTime("any", 0, *moments(wall, minutes, zone)), 0, NOW)
    first, last = span_in(file)
    assert last - first == timedelta(minutes=minutes), "also where the clock is changed within"
    exists = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
    if exists:  # else the clock leaps over it, and nobody can come then
        assert first.astimezone(zone).replace(tzinfo=None) == wall


def test_of_a_thousand_only_the_one_that_moved_is_sent(radicale: Radicale) -> None:
    wanted = [busy(number) for number in range(1000)]
    for each in wanted:
        (radicale.stored / f"{each.name}.ics").write_bytes(event_file(each, 0, NOW))
    wanted[500] = busy(500, minutes=60)
    assert publish(radicale, *wanted) == Published(1, 0)
    assert [each.path.rpartition("/")[2] for each in radicale.written()] == [f"{OURS}500.ics"]


def test_what_stops_it_halfway_leaves_what_was_sent_and_the_next_time_goes_on(radicale: Radicale) -> None:
    def stop_after_two(done: int, _of: int) -> None:
        if done == 2:
            raise ClinicError("calendar_server_late")

    server = CalendarServer(radicale.calendar, USER, PASSWORD)
    with pytest.raises(ClinicError):
        server.publish(OURS, [busy(1), busy(2), busy(3)], NOW, stop_after_two)
    assert len(spans(radicale)) == 2
    assert publish(radicale, busy(1), busy(2), busy(3)) == Published(1, 0)


def refused(address: str, password: str = PASSWORD, seconds: float = 10) -> tuple[str, str]:
    with pytest.raises(ClinicError) as caught:
        CalendarServer(address, USER, password, seconds=seconds).check()
    assert PASSWORD not in str(caught.value)
    return caught.value.code, caught.value.field


def test_a_wrong_password_and_a_wrong_address_are_told_apart(radicale: Radicale) -> None:
    CalendarServer(radicale.calendar, USER, PASSWORD).check()
    assert refused(radicale.calendar, "wrong") == ("calendar_server_password", "password")
    assert refused(f"{radicale.url}/{USER}/nothing/") == ("calendar_server_none", "address")
    assert refused(f"{radicale.url}/{USER}/") == ("calendar_server_none", "address"), "the folder of calendars"


def test_a_server_that_is_away_or_silent_is_told(radicale: Radicale) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert refused(f"http://127.0.0.1:{port}/x/", seconds=0.2) == ("calendar_server_slow", "address")
    assert refused(f"http://127.0.0.1:{port}/x/") == ("calendar_server_away", "address")


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    to = ""

    def do_PROPFIND(self) -> None:
        self.send_response(301)
        self.send_header("Location", self.to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """A test says nothing of what went well."""


@contextmanager
def redirecting(to: str) -> Iterator[str]:
    handler = type("_To", (_Elsewhere,), {"to": to})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def test_nobody_is_followed_elsewhere(radicale: Radicale) -> None:
    with redirecting(radicale.calendar) as address:
        assert refused(address) == ("calendar_server_elsewhere", "address")
    assert radicale.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused_before_a_password_is_sent(tmp_path: Path) -> None:
    pem, key = tmp_path / "server.pem", tmp_path / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_text(pem.read_text() + key.read_text())
    with radicale_server(tmp_path / "radicale", certificate=pem) as served:
        assert refused(served.calendar) == ("calendar_server_certificate", "address")
        assert served.asked == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "calendar_server_address"),
        ("calendar.example.org/rooms", "calendar_server_address"),
        ("ftp://calendar.example.org/", "calendar_server_address"),
        ("https://[::1/", "calendar_server_address"),
        ("https://example.org:port/", "calendar_server_address"),
        ("http://calendar.example.org/rooms/", "calendar_server_clear"),
        ("http://127.0.0.1.example.org/", "calendar_server_clear"),
        ("https://clinic:secret@example.org/", "calendar_server_address_password"),
    ],
)
def test_an_address_that_cannot_be_or_would_tell_the_password_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ClinicError) as caught:
        checked_address(typed)
    assert (caught.value.code, caught.value.field) == (code, "address")
    assert str(caught.value)


def test_an_address_is_that_of_a_folder() -> None:
    assert checked_address(" https://example.org/clinic/rooms ") == "https://example.org/clinic/rooms/"
    assert checked_address("http://localhost:5232/a/") == "http://localhost:5232/a/"


def test_without_the_package_one_sentence_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "caldav", None)
    code, _ = refused("https://calendar.example.org/rooms/")
    assert code == "calendar_server_package"
