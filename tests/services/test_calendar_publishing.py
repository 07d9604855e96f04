"""Busy times on a calendar server: whose, how far ahead, with which password, and what the trail says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import keyring
import pytest
from icalendar import Calendar
from keyring.core import load_keyring

from clinic_app.cli import run
from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.services.audit import AuditFilter
from clinic_app.services.calendar_publishing import EVERYBODY, Target
from clinic_app.terms import AppointmentState
from tests.calendar_server import PASSWORD, USER, Radicale, Remembered, radicale_server
from tests.calendar_server import ring as ring
from tests.clinics import PASSPHRASE
from tests.services.booking import book
from tests.services.conftest import OpenClinic

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with radicale_server(tmp_path / "radicale") as served:
        yield served


def spans(radicale: Radicale) -> list[tuple[datetime, int]]:
    """When it says that somebody is busy: the clinic's wall clock, and minutes."""
    found = []
    for text in radicale.files().values():
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        first, last = event.decoded("DTSTART"), event.decoded("DTEND")
        assert isinstance(first, datetime)
        assert isinstance(last, datetime)
        found.append((first.astimezone(NEW_YORK).replace(tzinfo=None), round((last - first).total_seconds() / 60)))
    return sorted(found)


AT = datetime(2026, 3, 9, 10)


def turn_on(clinic: OpenClinic, radicale: Radicale, whose: int = EVERYBODY, weeks: int = 8) -> None:
    target = Target(radicale.calendar, USER, weeks)
    clinic.services.calendar_publishing.turn_on(clinic.physician, whose, target, PASSWORD)


def publish(clinic: OpenClinic, whose: int = EVERYBODY) -> tuple[int, int]:
    done = clinic.services.calendar_publishing.publish(clinic.desk, whose)
    return done.sent, done.removed


def test_what_stands_there_is_when_somebody_is_busy_and_no_more(clinic: OpenClinic, radicale: Radicale) -> None:
    moved = book(clinic, AT)
    across = book(clinic, datetime(2026, 3, 6, 10), minutes=45)  # before the clock is put forward
    gone = book(clinic, AT + timedelta(days=1))
    book(clinic, AT + timedelta(weeks=7, days=1))
    turn_on(clinic, radicale)
    assert publish(clinic) == (3, 0)
    assert spans(radicale) == [(datetime(2026, 3, 6, 10), 45), (AT, 30), (AT + timedelta(days=1), 30)]
    told = b"".join(each.body for each in radicale.asked)
    for word in (b"Okafor", b"Ada", b"Ellison", b"Review", b"Port Alder", f"appointment-{across}".encode()):
        assert word not in told
    schedule = clinic.services.schedule
    schedule.move(
        clinic.desk, moved, 1, starts_at=AT + timedelta(hours=1), minutes=60, injector_id=clinic.physician.account_id
    )
    schedule.set_state(clinic.desk, gone, 1, AppointmentState.CANCELLED, "ill")
    assert publish(clinic) == (1, 1)
    assert spans(radicale) == [(datetime(2026, 3, 6, 10), 45), (AT + timedelta(hours=1), 60)]
    clinic.clock.forward(days=6)
    assert publish(clinic) == (1, 1), "what is over goes, and the window moves on"


def test_one_injectors_calendar_has_their_times_alone_beside_everybodys(clinic: OpenClinic, radicale: Radicale) -> None:
    book(clinic, AT)
    turn_on(clinic, radicale)
    turn_on(clinic, radicale, clinic.physician.account_id)
    turn_on(clinic, radicale, clinic.nurse.account_id)
    assert [publish(clinic, each) for each in (EVERYBODY, clinic.physician.account_id)] == [(1, 0), (1, 0)]
    assert publish(clinic, clinic.nurse.account_id) == (0, 0)
    clinic.services.calendar_publishing.turn_off(clinic.physician, EVERYBODY, take_away=True)
    assert spans(radicale) == [(AT, 30)], "the injector's stays"


def test_the_password_is_in_the_keyring_and_nowhere_else(
    clinic: OpenClinic, radicale: Radicale, ring: Remembered, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    turn_on(clinic, radicale)
    publishing = clinic.services.calendar_publishing
    assert publishing.here(clinic.desk) == (EVERYBODY,)
    assert list(ring.kept.values()) == [PASSWORD]
    publish(clinic)
    trail = clinic.services.audit.rows(clinic.physician, AuditFilter())
    assert PASSWORD not in repr(trail) + repr(publishing.targets(clinic.desk)) + caplog.text
    ring.kept.clear()
    assert publishing.here(clinic.desk) == (), "another workstation publishes"
    with pytest.raises(ClinicError) as caught:
        publish(clinic)
    assert caught.value.code == "calendar_server_no_password"
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    with pytest.raises(ClinicError) as caught:
        turn_on(clinic, radicale, clinic.physician.account_id)
    assert (caught.value.code, caught.value.field) == ("calendar_server_no_keyring", "password")
    assert list(publishing.targets(clinic.desk)) == [EVERYBODY]


def test_turned_off_it_takes_away_what_it_published_or_leaves_it(clinic: OpenClinic, radicale: Radicale) -> None:
    book(clinic, AT)
    publishing = clinic.services.calendar_publishing
    turn_on(clinic, radicale)
    publish(clinic)
    publishing.turn_off(clinic.physician, EVERYBODY, take_away=False)
    assert spans(radicale) == [(AT, 30)]
    assert not publishing.targets(clinic.desk)[EVERYBODY].on
    with pytest.raises(ClinicError) as caught:
        publish(clinic)
    assert caught.value.code == "calendar_server_off"
    turn_on(clinic, radicale)
    publishing.turn_off(clinic.physician, EVERYBODY, take_away=True)
    assert spans(radicale) == []


def test_the_manager_sets_it_up_and_nothing_is_kept_of_what_the_server_refused(
    clinic: OpenClinic, radicale: Radicale, ring: Remembered
) -> None:
    publishing, target = clinic.services.calendar_publishing, Target(radicale.calendar, USER)
    with pytest.raises(NotAllowed):
        publishing.turn_on(clinic.desk, EVERYBODY, target, PASSWORD)
    with pytest.raises(NotAllowed):
        publishing.try_it(clinic.nurse, target, PASSWORD)
    for wrong, password, field in (
        (target, "wrong", "password"), (target, "", "password"),
        (replace(target, user_name=" "), PASSWORD, "user_name"),
        (replace(target, weeks=0), PASSWORD, "weeks"), (replace(target, address="rooms"), PASSWORD, "address"),
    ):  # fmt: skip
        with pytest.raises(ClinicError) as caught:
            publishing.turn_on(clinic.physician, EVERYBODY, wrong, password)
        assert caught.value.field == field
        assert str(caught.value)
    assert publishing.targets(clinic.desk) == {}
    assert ring.kept == {}
    publishing.try_it(clinic.physician, target, PASSWORD)
    assert ring.kept == {}


def test_the_trail_tells_each_publishing_that_changed_something(clinic: OpenClinic, radicale: Radicale) -> None:
    book(clinic, AT)
    turn_on(clinic, radicale)
    for _ in range(3):
        publish(clinic)
    rows = clinic.services.audit.rows(clinic.physician, AuditFilter(acts=frozenset({"exported"})))
    assert [(each.who, each.kind, each.after) for each in rows] == [
        ("Desk", "calendar_server", {"address": radicale.calendar, "changes": 1})
    ]


def test_the_command_publishes_where_no_keyring_is_open(
    clinic: OpenClinic, radicale: Radicale, ring: Remembered, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    turn_on(clinic, radicale)
    ring.kept.clear()
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    command = ["calendar", *clinic.address, "--user", "desk", "--publish"]
    assert run(command) == 1
    assert "does not know the password" in capsys.readouterr().out
    monkeypatch.setenv("CLINIC_APP_CALENDAR_PASSWORD", PASSWORD)
    assert run(command) == 0
    assert capsys.readouterr().out == f"{radicale.calendar}: 0 sent, 0 taken away.\n"
