"""The rows of the benchmarks' large clinics, inserted in bulk."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from benchmarks.bulk import BulkInsert
from benchmarks.calendars import (
    FULL_WEEKS,
    HOURS,
    INTERVAL_WEEKS,
    MINUTES,
    MONDAY,
    NOW,
    OFTEN_SEEN,
    OFTEN_SEEN_LAST,
    VISITS_A_PATIENT,
    InTreatment,
    Place,
    Size,
    booked_places,
)
from benchmarks.people import make
from benchmarks.treatment_rows import TreatmentRows
from benchmarks.treatments import VisitPlace, treatment_of
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
    DystoniaHistory,
    Patient,
    Room,
    ToxinElsewhere,
    TreatmentCycle,
    WorkingHours,
    sealing,
    trail,
)
from clinic_app.models.search_word import search_text

_BOOKED: dict[str, Any] = {
    "account_id": 1, "workstation": "desk-1", "what": "created", "kind": "appointment",
    "before": {}, "after": {"minutes": MINUTES, "state": "booked", "device_ids": []},
}  # fmt: skip


ACCENTED_EVERY = 50
"""Every so many patients write their name with accents; without them it is the same."""
_ACCENTS = str.maketrans("aeiou", "áéíöü")


class ClinicRows:
    """Writes the rows in the order in which years of work would have, so that they lie on the disk as they would."""

    def __init__(self, engine: Engine, size: Size, say: Callable[[str], object] = lambda _: None) -> None:
        self._engine = engine
        self._say = say
        self._size = size
        self._random = random.Random(7)
        self._treated = InTreatment(size)
        self._bulk = BulkInsert(None)
        self._visit_of: dict[tuple[int, int], int] = {}
        """The visit by patient and how many visits came after it."""

    def run(self) -> None:
        """All tables, without the waits and seals that one visit at a time has."""
        with closing(self._engine.raw_connection()) as pooled:
            self._bulk = BulkInsert(pooled.driver_connection)
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
                self._bulk.driver.execute(f"PRAGMA {pragma}")
            self._bulk.driver.execute("BEGIN")
            indexes = self._bulk.drop_indexes()
            self._clinic()
            self._say("Writing patients and visits")
            self._patients()
            last = self._last_visits()
            self._visits(last)
            self._say("Writing appointments")
            self._appointments(last)
            self._attempts()
            self._cycles(last)
            self._say("Making indexes")
            for index in indexes:
                self._bulk.driver.execute(index)
            self._bulk.driver.execute("COMMIT")
        self._engine.dispose()
        with self._engine.begin() as connection:
            sealing.install(connection)
        self._engine.dispose()

    def _clinic(self) -> None:
        for name in sealing.names():
            self._bulk.driver.execute(f"DROP TRIGGER {name}")
        self._bulk.driver.execute(f"UPDATE {AppointmentType.__tablename__} SET minutes = {MINUTES}")
        self._bulk.driver.execute(f"DELETE FROM {WorkingHours.__tablename__}")
        self._bulk.fill(Room, ("name",), ((f"Room {number}",) for number in range(2, 6)))
        kinds = ("EMG", "EMG", "EMG", "ultrasound", "ultrasound")
        self._bulk.fill(Device, ("name", "kind"), ((f"Device {n}", kind) for n, kind in enumerate(kinds, 1)))
        spans = [(i, day, *span) for i in range(1, 6) for day in range(5) for span in HOURS]
        self._bulk.fill(
            WorkingHours,
            ("injector_id", "weekday", "opens", "closes"),
            ((i, day, f"{opens}.000000", f"{closes}.000000") for i, day, opens, closes in spans),
        )
        closed = [MONDAY + timedelta(weeks=13 * number, days=4) for number in range(-40, 5) if number]
        self._bulk.fill(
            Closure, ("first_day", "last_day", "reason"), ((str(d), str(d), "Staff training") for d in closed)
        )

    def _patients(self) -> None:
        def rows() -> Iterator[tuple[object, ...]]:
            for number, family, given, sex, born in make(self._size.patients + 1):
                record = f"MRN{number:07d}"
                family = family.translate(_ACCENTS) if number % ACCENTED_EVERY == 0 else family
                words = search_text(family, given, record)
                yield (
                    number + 1, record, family, given, words, str(date(*born)), "male" if sex == "m" else "female",
                    f"555 {number:07d}", f"{number} Harbour Road, Port Alder", self._status(number + 1),
                    _moment(NOW - timedelta(days=3650)),
                )  # fmt: skip

        self._bulk.fill(
            Patient,
            (
                "id", "record_number", "family_name", "given_name", "search_text", "birth_date", "sex",
                "phone", "address", "status", "created_at",
            ),
            rows(),
        )  # fmt: skip
        self._bulk.fill(
            DystoniaHistory,
            ("patient_id", "indication", "icd10cm"),
            ((p, treatment_of(p).indication, treatment_of(p).icd10cm) for p in range(1, self._size.patients + 2)),
        )
        third = range(1, self._size.patients + 1, 3 * self._treated.every)
        self._bulk.fill(
            Authorization,
            ("patient_id", "number", "product", "first_day", "last_day"),
            ((p, f"A{p}", "onabotulinumtoxinA", "2025-07-01", "2026-12-31") for p in third),
        )
        self._bulk.fill(
            ToxinElsewhere,
            ("patient_id", "given_on", "product"),
            ((p, "2015-02-03", "onabotulinumtoxinA") for p in third),
        )

    def _is_treated(self, patient: int) -> bool:
        return patient > self._size.patients or self._treated.turn(patient) is not None

    def _status(self, patient: int) -> str:
        """Those in treatment are spread evenly over the years in which they were registered."""
        if self._is_treated(patient):
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
        every = [
            (day - timedelta(weeks=INTERVAL_WEEKS * before), patient, before)
            for patient, day in last.items()
            for before in range(VISITS_A_PATIENT)
        ]
        every += _often_seen(self._size.patients + 1)
        every.sort()
        self._visit_of = {(patient, before): number for number, (_, patient, before) in enumerate(every, 1)}
        places = [
            VisitPlace(number, patient, day, before, marked=not before and self._is_treated(patient))
            for number, (day, patient, before) in enumerate(every, 1)
        ]
        TreatmentRows(self._bulk, places, _moment(NOW)).run()

    def _appointments(self, last: dict[int, date]) -> None:
        # In the order in which they were booked, a cycle before their day or some weeks more or less.
        ahead = timedelta(weeks=6)
        places = sorted(
            booked_places(self._size.appointments), key=lambda at: at.starts_at + ahead * self._random.random()
        )
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
        self._bulk.fill(
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
        self._bulk.fill(
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
        after = json.dumps(_BOOKED["after"])
        day_of = {"checked_out": ("arrived", "injected", "checked_out"), "booked": ()}

        def events() -> Iterator[tuple[object, ...]]:
            for week in range(min(by_week) - INTERVAL_WEEKS, max(by_week) + 1):
                for number, place, _ in by_week.get(week + INTERVAL_WEEKS, ()):
                    made = min(place.starts_at - timedelta(weeks=INTERVAL_WEEKS), NOW.replace(tzinfo=None))
                    yield number, _wall(made), 1, "booked", "{}", after
                for number, place, (_, _, state, _) in by_week.get(week, ()):
                    for what in day_of.get(state, (state,)):
                        yield number, _wall(place.starts_at), 1, what, "{}", json.dumps({"state": what})

        self._bulk.fill(AppointmentEvent, ("appointment_id", "at", "account_id", "what", "before", "after"), events())
        self._trail(rows)

    def _trail(self, rows: list[tuple[int, Place, tuple[int, bool, str, int | None]]]) -> None:
        """Every booking, chained behind what stands there since the clinic was set up."""
        end = self._bulk.driver.execute("SELECT id, chain FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
        told = (
            {**_BOOKED, "at": place.starts_at.replace(tzinfo=UTC), "record_id": number, "patient_id": about[0]}
            for number, place, about in rows
        )
        columns = ("at", "id", *_BOOKED, "record_id", "patient_id", "chain", "patient_chain")
        entries = (
            (_wall(entry["at"].replace(tzinfo=None)), *(_as_text(entry[name]) for name in columns[1:]))
            for entry in trail.chained(told, trail.Head(*end))
        )
        self._bulk.fill(AuditEntry, columns, entries)

    def _attempts(self) -> None:
        """Every other patient who is due was called, some of them three times."""
        due = [p for p in range(1, self._size.patients + 1) if (self._treated.turn(p) or 0) >= self._size.booked]
        self._bulk.fill(
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
                    yield self._cycle(patient, day)
            yield self._cycle(self._size.patients + 1, OFTEN_SEEN_LAST)

        self._bulk.fill(TreatmentCycle, ("patient_id", "visit_id", "injected_on", "weeks", "due_on"), rows())

    def _cycle(self, patient: int, day: date) -> tuple[object, ...]:
        due = str(day + timedelta(weeks=INTERVAL_WEEKS))
        return patient, self._visit_of[patient, 0], str(day), INTERVAL_WEEKS, due


def _often_seen(patient: int) -> list[tuple[date, int, int]]:
    """One patient beyond those of the size, with 600 visits: a visit every six days."""
    return [(OFTEN_SEEN_LAST - timedelta(days=6 * before), patient, before) for before in range(OFTEN_SEEN)]


def _moment(at: datetime) -> str:
    return f"{at.replace(tzinfo=None)}.000000"


def _as_text(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value


def _wall(at: datetime) -> str:
    return f"{at}.000000"
