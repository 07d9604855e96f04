"""A large clinic in the midst of its work, encrypted like the real thing, for the cases of the schedule.

The large one has 100,000 patients, 1,000,000 signed visits, 300,000 side effects and 500,000 appointments over ten
years and sixteen weeks ahead; the small one has a tenth of each. Both have the same five injectors with full calendars
and the same 10,000 patients in treatment: 7,000 have their next injection booked, 3,000 are due or overdue with nothing
booked. So what a week or the recall list holds is the same in both; what differs is how much lies behind it.

What it leaves out: each visit has one vial and one injection instead of eight injections with their points.
"""

import hashlib
import json
import random
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table

from benchmarks.people import make
from clinic_app.models import (
    Appointment,
    AppointmentDevice,
    AppointmentEvent,
    AppointmentType,
    AuditEntry,
    Authorization,
    Closure,
    ContactAttempt,
    Device,
    Injection,
    Patient,
    Room,
    SideEffect,
    ToxinElsewhere,
    TreatmentCycle,
    Vial,
    Visit,
    WorkingHours,
    sealing,
)
from clinic_app.models import upgrade as steps
from clinic_app.models.base import Base
from clinic_app.models.keys import Cost
from clinic_app.reference import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.patients import fold
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role

PASSPHRASE = "four unrelated words here"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
"""The first day of the week in which the clinic stands; it is Monday, ten o'clock."""
VISITS_A_PATIENT = 10
INTERVAL_WEEKS = 12
HOURS = ((time(8), time(12, 15)), (time(13), time(18)))
MINUTES = 15
FULL_WEEKS, HALF_WEEKS = 12, 4
"""How many weeks ahead the calendars are full, and then half full."""
INJECTORS = ("Dr. Mara Ellison", "Dr. Ivo Brandt", "Dr. Lena Costa", "Dr. Tomas Hale", "Dr. Ruth Okoye")
_CHEAP = Cost(passes=1, memory_kib=8, lanes=1)  # deriving keys is not what is measured


@dataclass(frozen=True, slots=True)
class Size:
    """How large a clinic is. ``booked`` and ``due`` are patients in treatment with and without a next injection."""

    patients: int
    appointments: int
    booked: int
    due: int

    @property
    def name(self) -> str:
        """Its folder."""
        return f"schedule-{self.patients}-{self.appointments}"


LARGE = Size(100_000, 500_000, booked=7_000, due=3_000)
SMALL = Size(10_000, 50_000, booked=7_000, due=3_000)
TINY = Size(120, 16_000, booked=60, due=30)
"""Only to see that every case runs: the calendars are as full, few patients share them."""


@dataclass(frozen=True)
class ScheduleClinic:
    """The open store with its services."""

    size: Size
    store: OpenStore
    services: Services
    actor: Actor

    def booked_patients(self) -> list[int]:
        """Those in treatment whose next injection is booked."""
        who = _InTreatment(self.size)
        return [patient for patient in range(1, self.size.patients + 1) if who.is_booked(patient)]

    def close(self) -> None:
        """Close the store."""
        self.store.database.close()


def schedule_clinic(folder: Path, size: Size) -> ScheduleClinic:
    """Open the clinic of this size below ``folder``; build it first unless it stands there already."""
    place = folder / f"{size.name}-{_edition()}"
    if not (place / "built").exists():
        for older in folder.glob(f"{size.name}-*"):
            shutil.rmtree(older)
        place.mkdir(parents=True)
        _build(Settings(data=place), size)
        (place / "built").touch()
    store = unlock(Settings(data=place), "ellison", PASSPHRASE, lambda: NOW)
    services = build_services(store.database, lambda: NOW, load_reference())
    return ScheduleClinic(size, store, services, store.actor)


def _edition() -> str:
    """Changes with this file and with the tables."""
    sources = [Path(__file__), *sorted((Path(steps.__file__).parent / "migrations" / "versions").glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _build(settings: Settings, size: Size) -> None:
    new = NewClinic(
        name="Port Alder Movement Clinic",
        country="US",
        time_zone="America/New_York",
        language="en-US",
        paper_size=PaperSize.LETTER,
        label_region=LabelRegion.US,
        full_name=INJECTORS[0],
        user_name="ellison",
        roles=frozenset(Role),
        passphrase=PASSPHRASE,
    )
    set_up(settings, new, lambda: NOW, cost=_CHEAP)
    store = unlock(settings, "ellison", PASSPHRASE, lambda: NOW)
    for name in INJECTORS[1:]:
        add_person(
            settings,
            store,
            lambda: NOW,
            full_name=name,
            user_name=name.split()[-1],
            roles=frozenset({Role.PHYSICIAN}),
            passphrase=PASSPHRASE,
            cost=_CHEAP,
        )
    _Build(store.database.engine, size).run()
    store.database.close()


@dataclass(frozen=True, slots=True)
class Place:
    """A quarter of an hour in an injector's calendar (1 to 5), ``week`` counted from the present one."""

    week: int
    starts_at: datetime
    injector: int


class _InTreatment:
    """Who is in treatment: spread evenly over the years in which patients were registered."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._count = size.booked + size.due
        self.every = size.patients // self._count

    def turn(self, patient: int) -> int | None:
        """The number among those in treatment, the first ``booked`` of whom have an appointment; None for others."""
        number, rest = divmod(patient - 1, self.every)
        return (number * 7919) % self._count if rest == 0 and number < self._count else None

    def is_booked(self, patient: int) -> bool:
        """Whether the next injection is booked."""
        turn = self.turn(patient)
        return turn is not None and turn < self._size.booked

    def at(self, number: int) -> int:
        """A patient in treatment, any number."""
        return 1 + self.every * (number % self._count)


class _Build:
    """Writes the rows in the order in which years of work would have, so that they lie on the disk as they would."""

    def __init__(self, engine: Engine, size: Size) -> None:
        self._engine = engine
        self._size = size
        self._random = random.Random(7)
        self._treated = _InTreatment(size)
        self._driver: Any = None
        self._visit_of: dict[tuple[int, int], int] = {}
        """The visit by patient and how many visits came after it."""

    def run(self) -> None:
        """All tables, without the waits and seals that one visit at a time has."""
        with closing(self._engine.raw_connection()) as pooled:
            self._driver = pooled.driver_connection
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
                self._driver.execute(f"PRAGMA {pragma}")
            self._driver.execute("BEGIN")
            self._clinic()
            self._patients()
            last = self._last_visits()
            self._visits(last)
            self._side_effects()
            self._appointments(last)
            self._attempts()
            self._cycles(last)
            self._driver.execute("COMMIT")
        self._engine.dispose()
        with self._engine.begin() as connection:
            sealing.install(connection)
        self._engine.dispose()

    def _clinic(self) -> None:
        for name in sealing.names():
            self._driver.execute(f"DROP TRIGGER {name}")
        self._driver.execute(f"UPDATE {AppointmentType.__tablename__} SET minutes = {MINUTES}")
        self._driver.execute(f"DELETE FROM {WorkingHours.__tablename__}")
        self._fill(Room, ("name",), ((f"Room {number}",) for number in range(2, 6)))
        kinds = ("EMG", "EMG", "EMG", "ultrasound", "ultrasound")
        self._fill(Device, ("name", "kind"), ((f"Device {n}", kind) for n, kind in enumerate(kinds, 1)))
        spans = [(i, day, *span) for i in range(1, 6) for day in range(5) for span in HOURS]
        self._fill(
            WorkingHours,
            ("injector_id", "weekday", "opens", "closes"),
            ((i, day, f"{opens}.000000", f"{closes}.000000") for i, day, opens, closes in spans),
        )
        closed = [MONDAY + timedelta(weeks=13 * number, days=4) for number in range(-40, 5) if number]
        self._fill(Closure, ("first_day", "last_day", "reason"), ((str(d), str(d), "Staff training") for d in closed))

    def _patients(self) -> None:
        def rows() -> Iterator[tuple[object, ...]]:
            for number, family, given, sex, born in make(self._size.patients):
                record = f"MRN{number:07d}"
                folded = f"{fold(family)} {fold(given)}|{fold(given)} {fold(family)}|{record.lower()}"
                yield (
                    number + 1, record, family, given, folded, str(date(*born)), "male" if sex == "m" else "female",
                    f"555 {number:07d}", f"{number} Harbour Road, Port Alder", self._status(number + 1),
                    _moment(NOW - timedelta(days=3650)),
                )  # fmt: skip

        self._fill(
            Patient,
            (
                "id", "record_number", "family_name", "given_name", "search_text", "birth_date", "sex",
                "phone", "address", "status", "created_at",
            ),
            rows(),
        )  # fmt: skip
        third = range(1, self._size.patients + 1, 3 * self._treated.every)
        self._fill(
            Authorization,
            ("patient_id", "number", "product", "first_day", "last_day"),
            ((p, f"A{p}", "onabotulinumtoxinA", "2025-07-01", "2026-12-31") for p in third),
        )
        self._fill(
            ToxinElsewhere,
            ("patient_id", "given_on", "product"),
            ((p, "2015-02-03", "onabotulinumtoxinA") for p in third),
        )

    def _status(self, patient: int) -> str:
        """Those in treatment are spread evenly over the years in which they were registered."""
        if self._treated.turn(patient) is not None:
            return "active"
        return "died" if patient % 5 == 0 else "moved_away"

    def _last_visits(self) -> dict[int, date]:
        """When each patient was last injected."""
        found = {}
        for patient in range(1, self._size.patients + 1):
            turn = self._treated.turn(patient)
            if turn is None:
                weeks = -self._random.randrange(30, 400)
            elif turn < self._size.booked:
                weeks = turn % FULL_WEEKS - INTERVAL_WEEKS
            else:
                weeks = -self._random.randrange(11, 40)
            found[patient] = MONDAY + timedelta(weeks=weeks, days=self._random.randrange(4))
        return found

    def _visits(self, last: dict[int, date]) -> None:
        every = sorted(
            (day - timedelta(weeks=INTERVAL_WEEKS * before), patient, before)
            for patient, day in last.items()
            for before in range(VISITS_A_PATIENT)
        )
        self._visit_of = {(patient, before): number for number, (_, patient, before) in enumerate(every, 1)}
        plan = (INTERVAL_WEEKS, INTERVAL_WEEKS, INTERVAL_WEEKS, None)
        assessment = "Turns to the right, tilt to the left; benefit from week two, wearing off since a fortnight."

        def visits() -> Iterator[tuple[object, ...]]:
            for number, (day, patient, _) in enumerate(every, 1):
                signed = f"{day} 15:30:00.000000"
                yield (
                    number, patient, 1 + number % 5, str(day), "cervical_dystonia", "G24.3", assessment,
                    '["64616"]', plan[number % 4], signed, 1 + number % 5, "d" * 64,
                )  # fmt: skip

        self._fill(
            Visit,
            (
                "id", "patient_id", "injector_id", "visited_on", "indication", "icd10cm", "assessment",
                "codes", "interval_weeks", "signed_at", "signed_by_id", "digest",
            ),
            visits(),
        )  # fmt: skip
        numbers = range(1, len(every) + 1)
        self._fill(
            Vial,
            (
                "id", "visit_id", "position", "product", "lot_number", "expires_on", "size_units", "diluent_ml",
                "wasted_units",
            ),
            ((n, n, 0, "onabotulinumtoxinA", f"C{n // 50}", "2027-05-31", 100_000, 2_000, 0) for n in numbers),
        )  # fmt: skip
        self._fill(
            Injection,
            ("id", "visit_id", "vial_id", "position", "muscle", "side", "units"),
            ((n, n, n, 0, "splenius_capitis", "right", 100_000) for n in numbers),
        )

    def _side_effects(self) -> None:
        moment = _moment(NOW)
        self._fill(
            SideEffect,
            (
                "patient_id", "visit_id", "kind", "severity", "started_on", "recorded_at", "recorded_by_id",
            ),
            (
                (patient, number, "dysphagia", "mild", "2020-01-01", moment, 1)
                for (patient, _), number in self._visit_of.items()
                if number % 10 < 3
            ),
        )  # fmt: skip

    def _appointments(self, last: dict[int, date]) -> None:
        # In the order in which they were booked, a cycle before their day or some weeks more or less.
        ahead = timedelta(weeks=6)
        places = sorted(_places(self._size.appointments), key=lambda at: at.starts_at + ahead * self._random.random())
        taken, missed = self._injections(places, last)
        states = ("checked_out",) * 17 + ("cancelled", "no_show")
        used: dict[int, int] = {}
        about: list[tuple[int, bool, str, int | None]] = []
        for number, place in enumerate(places, 1):
            patient = taken.get(number)
            if place.starts_at.date() >= MONDAY:
                other = self._treated.at(number)
                about.append((patient or other, patient is not None, "booked", None))
                continue
            if patient is not None:
                about.append((patient, True, "checked_out", self._visit_of[patient, 0]))
                continue
            if number in missed:
                about.append((missed[number], True, "cancelled" if number % 2 else "no_show", None))
                continue
            patient = self._random.randrange(1, self._size.patients + 1)
            state = states[number % len(states)]
            visit = None
            if state == "checked_out" and used.get(patient, 0) < VISITS_A_PATIENT - 1:
                used[patient] = used.get(patient, 0) + 1
                visit = self._visit_of[patient, used[patient]]
            about.append((patient, True, state, visit))
        rows = list(zip(range(1, len(places) + 1), places, about, strict=True))
        self._fill(
            Appointment,
            (
                "id", "patient_id", "injector_id", "room_id", "type_id", "starts_at", "minutes", "state",
                "reason", "visit_id",
            ),
            (
                (
                    number, patient, place.injector, place.injector, 1 if injection else 3,
                    _wall(place.starts_at), MINUTES, state, "ill" if state == "cancelled" else "", visit,
                )
                for number, place, (patient, injection, state, visit) in rows
            ),
        )  # fmt: skip
        self._fill(
            AppointmentDevice,
            ("appointment_id", "device_id"),
            ((number, place.injector) for number, place, _ in rows if number % 4 == 0),
        )
        self._histories(rows)

    def _injections(self, places: list[Place], last: dict[int, date]) -> tuple[dict[int, int], dict[int, int]]:
        """The patient of each appointment that belongs to a last visit or is the next injection, and of those missed.

        Every fifth of those who are due did not keep an appointment of the last four weeks.
        """
        on_day: dict[date, list[int]] = {}
        in_week: dict[int, list[int]] = {}
        for number, place in enumerate(places, 1):
            on_day.setdefault(place.starts_at.date(), []).append(number)
            in_week.setdefault(place.week, []).append(number)
        for numbers in (*on_day.values(), *in_week.values()):
            self._random.shuffle(numbers)
        taken: dict[int, int] = {}
        missed: dict[int, int] = {}
        for patient, day in last.items():
            turn = self._treated.turn(patient)
            if turn is None:
                continue
            if on_day.get(day):
                taken[on_day[day].pop()] = patient
            if turn < self._size.booked:
                taken[in_week[turn % FULL_WEEKS].pop()] = patient
            elif turn % 5 == 0:
                day = MONDAY - timedelta(weeks=turn // 5 % 4, days=3)  # a Friday, on which no last visit was
                missed[on_day[day].pop()] = patient
        return taken, missed

    def _histories(self, rows: list[tuple[int, Place, tuple[int, bool, str, int | None]]]) -> None:
        """Booked a cycle before, then what its day brought, all in the order of time."""
        by_week: dict[int, list[tuple[int, Place, tuple[int, bool, str, int | None]]]] = {}
        for row in rows:
            by_week.setdefault(row[1].week, []).append(row)
        after = json.dumps({"minutes": MINUTES, "state": "booked", "device_ids": []})
        day_of = {"checked_out": ("arrived", "injected", "checked_out"), "booked": ()}

        def events() -> Iterator[tuple[object, ...]]:
            for week in range(min(by_week) - INTERVAL_WEEKS, max(by_week) + 1):
                for number, place, _ in by_week.get(week + INTERVAL_WEEKS, ()):
                    made = min(place.starts_at - timedelta(weeks=INTERVAL_WEEKS), NOW.replace(tzinfo=None))
                    yield number, _wall(made), 1, "booked", "{}", after
                for number, place, (_, _, state, _) in by_week.get(week, ()):
                    for what in day_of.get(state, (state,)):
                        yield number, _wall(place.starts_at), 1, what, "{}", json.dumps({"state": what})

        self._fill(AppointmentEvent, ("appointment_id", "at", "account_id", "what", "before", "after"), events())
        self._fill(
            AuditEntry,
            ("at", "account_id", "workstation", "what", "kind", "record_id", "patient_id", "before", "after"),
            (
                (_wall(p.starts_at), 1, "desk-1", "created", "appointment", n, about[0], "{}", after)
                for n, p, about in rows
            ),
        )

    def _attempts(self) -> None:
        """Every other patient who is due was called, some of them three times."""
        due = [p for p in range(1, self._size.patients + 1) if (self._treated.turn(p) or 0) >= self._size.booked]
        self._fill(
            ContactAttempt,
            ("patient_id", "at", "account_id", "way", "outcome"),
            (
                (patient, _moment(NOW - timedelta(days=20 - 3 * number)), 1, "telephone", "no_answer")
                for patient in due[::2]
                for number in range(1 + patient % 3)
            ),
        )

    def _cycles(self, last: dict[int, date]) -> None:
        def rows() -> Iterator[tuple[object, ...]]:
            for patient, day in last.items():
                if self._treated.turn(patient) is not None:
                    visit = self._visit_of[patient, 0]
                    yield patient, visit, str(day), INTERVAL_WEEKS, str(day + timedelta(weeks=INTERVAL_WEEKS))

        self._fill(TreatmentCycle, ("patient_id", "visit_id", "injected_on", "weeks", "due_on"), rows())

    def _fill(self, record: type[Base], columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        """Insert rows as the driver takes them; the other columns have what the record gives them by itself."""
        table = record.__table__
        assert isinstance(table, Table)
        given = {column.name: "?" for column in table.columns if column.name in columns}
        for column in table.columns:
            if column.name not in columns and column.default is not None:
                given[column.name] = _literal(getattr(column.default, "arg", None))
        names = [*columns, *(name for name in given if name not in columns)]
        values = ", ".join(given[name] for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        self._driver.executemany(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({values})', rows)


def _places(count: int) -> list[Place]:
    """So many quarters of an hour, the earliest first: full weeks up to some ahead, half full ones at the end."""
    return _calendar(count)[0]


def free_places(size: Size) -> list[Place]:
    """Where the half full weeks have room."""
    return _calendar(size.appointments)[1]


def _calendar(count: int) -> tuple[list[Place], list[Place]]:
    """What is booked, and what stays free at the end."""
    day_starts = [
        datetime.combine(MONDAY, opens) + timedelta(minutes=MINUTES * step)
        for opens, closes in HOURS
        for step in range(((closes.hour - opens.hour) * 60 + closes.minute - opens.minute) // MINUTES)
    ]
    weeks_before = count // (5 * 5 * len(day_starts))  # more than it needs: the earliest are left out below
    found: list[Place] = []
    free: list[Place] = []
    for week in range(-weeks_before, FULL_WEEKS + HALF_WEEKS):
        for day in range(5):
            for step, start in enumerate(day_starts):
                for injector in range(1, 6):
                    taken = week < FULL_WEEKS or (step + day + injector) % 2 == 0
                    place = Place(week, start + timedelta(weeks=week, days=day), injector)
                    (found if taken else free).append(place)
    return found[-count:], free


def _literal(value: object) -> str:
    """A default as SQL; the records' own callables make empty lists and objects."""
    if callable(value):
        return "'[]'" if "list" in repr(value) else "'{}'"
    if isinstance(value, bool | int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def _moment(at: datetime) -> str:
    return f"{at.replace(tzinfo=None)}.000000"


def _wall(at: datetime) -> str:
    return f"{at}.000000"
