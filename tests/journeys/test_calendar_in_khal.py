"""Another calendar program opens the clinic's feed: khal says the hours that the clinic's clock says."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stores import unlock
from clinic_app.terms import AppointmentState
from tests.clinics import PASSPHRASE, PORT_ALDER, StandingClock, seal

NOW = datetime(2026, 1, 5, 15, tzinfo=UTC)
CHANGES = {
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)),
}
"""The days on which the clocks change, Sundays all of them."""
SERIES = ((datetime(2026, 2, 16, 14), 52), (datetime(2027, 2, 15, 14), 40))
"""First appointment and number of the weekly series; between them they go across every change."""
FORMAT = "{start-date} {start-time}-{end-time}|{status}|{categories}|{location}|{title}"
CONFIGURATION = """
[calendars]
[[clinic]]
path = {folder}/events
[default]
default_calendar = clinic
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""

Khal = Callable[[bytes, str], list[str]]


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    """Imports a file into a new calendar and lists it, line by line, on the wall clock of the zone asked."""
    program = shutil.which("khal")
    if program is None:
        reason = "Opening the feed in another calendar program needs the Debian package khal."
        if os.environ.get("CLINIC_APP_CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    def listed(file: bytes, zone: str) -> list[str]:
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        (folder / "feed.ics").write_bytes(file)
        configuration = folder / "config"
        configuration.write_text(CONFIGURATION.format(folder=folder, zone=zone))
        environment = os.environ | {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"}

        def run(*words: str) -> str:
            command = [program, "--config", str(configuration), *words]
            return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

        run("import", "--batch", str(folder / "feed.ics"))
        lines = run("list", "--once", "--day-format", "", "--format", FORMAT, "2026-01-01", "2028-01-01").splitlines()
        # khal puts a space behind some of the words.
        return ["|".join(part.strip() for part in line.split("|")) for line in lines if line.strip()]

    return listed


class Clinic:
    """A clinic of a zone, open round the clock on every day, so that Sundays can be booked."""

    def __init__(self, services: Services, actor: Actor) -> None:
        self.services = services
        self.actor = actor
        self.zone = services.clinic.time_zone
        self.room = services.calendar_rules.add_room(actor, "Room 9")
        whole = ((time(0), time(23, 59)),)
        services.working_times.set_hours(actor, actor.account_id, dict.fromkeys(range(7), whole))
        self._people = 0

    def booking(self, starts_at: datetime, **more: object) -> Booking:
        self._people += 1
        form = PatientForm(family_name=f"Okafor {self._people}", given_name="Ada", birth_date=date(1961, 3, 12))
        patient_id = self.services.patients.register(self.actor, form)
        whole = Booking(patient_id, self.actor.account_id, 1, starts_at, 30, self.room)
        return replace(whole, **more)  # type: ignore[arg-type]  # a booking's own fields


@pytest.fixture(params=list(CHANGES))
def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clinic]:
    clock = StandingClock(NOW)
    answers = replace(PORT_ALDER, time_zone=request.param)
    settings = seal(tmp_path / "clinic", answers, NOW, {}).settings
    store = unlock(settings, answers.user_name, PASSPHRASE, clock)
    yield Clinic(Services(store.database, clock, load_reference()), store.actor)
    store.database.close()


@dataclass(frozen=True, slots=True)
class Shown:
    """An appointment of half an hour as khal is to show it; ``at`` is the clinic's wall clock."""

    at: datetime
    status: str = "CONFIRMED"
    categories: str = ""
    room: str = "Room 9"

    def line(self, clinics: str, readers: str) -> str:
        """What khal says on the wall clock of the reader's zone. None of these lies across a clock change."""
        ends_at = self.at + timedelta(minutes=30)
        start, end = (at.replace(tzinfo=ZoneInfo(clinics)).astimezone(ZoneInfo(readers)) for at in (self.at, ends_at))
        return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}|{self.status}|{self.categories}|{self.room}|Injection"


def test_khal_shows_every_appointment_at_the_hour_of_the_clinics_clock(clinic: Clinic, khal: Khal) -> None:
    schedule, series, actor, zone = clinic.services.schedule, clinic.services.series, clinic.actor, clinic.zone
    shown = []
    for sunday in CHANGES[zone]:
        days = [sunday + timedelta(days=n) for n in (-1, 0, 1)]
        for at in (*(datetime.combine(day, time(10)) for day in days),
                   datetime.combine(sunday, time(0, 15)), datetime.combine(sunday, time(3, 30))):  # fmt: skip
            schedule.book(actor, clinic.booking(at))
            shown.append(Shown(at))
    for first, count in SERIES:
        places = series.plan(actor, clinic.booking(first), weeks=1, count=count)
        series.book(actor, [place.booking for place in places], weeks=1)
        shown += [Shown(first + timedelta(weeks=n)) for n in range(count)]
    over = datetime.combine(CHANGES[zone][1], time(10))
    schedule.book(actor, clinic.booking(over, overbook_reason="travels", room_id=None))
    gone = datetime.combine(CHANGES[zone][2], time(16))
    schedule.set_state(actor, schedule.book(actor, clinic.booking(gone)), 1, AppointmentState.CANCELLED, "ill")
    shown += [Shown(over, categories="overbooked", room=""), Shown(gone, status="CANCELLED")]

    feed = clinic.services.calendars.of_injector(actor)

    for readers in (zone, "UTC"):
        assert sorted(khal(feed, readers)) == sorted(each.line(zone, readers) for each in shown)
