"""A record of several hundred visits with everything in it that a report counts, the same at every run."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from clinic_app.models import (
    Account,
    Appointment,
    AppointmentEvent,
    Injection,
    InjectionPoint,
    Patient,
    Response,
    SideEffect,
    SideEffectAnswer,
    SuspectedMuscle,
    Vial,
    Visit,
)
from tests.services.conftest import OpenClinic

FIRST, LAST = date(2023, 11, 20), date(2026, 3, 1)
PRODUCTS = {"onabotulinumtoxinA": 100, "abobotulinumtoxinA": 500, "ourtoxin": 60}
MUSCLES = ("splenius_capitis", "sternocleidomastoideus", "trapezius", "levator_scapulae")
NECK, EYES = "cervical_dystonia", "blepharospasm"
REASONS = ("", "rest of the vial", " rest of the vial ", "broken")
LEAP = date(2024, 2, 29)


def fill(clinic: OpenClinic, patients: int, visits: int, seed: int = 11) -> None:
    """So many patients with so many visits each, by two injectors, some of them on the same or on a leap day."""
    _Filling(clinic, random.Random(seed)).run(patients, visits)


class _Filling:
    def __init__(self, clinic: OpenClinic, chance: random.Random) -> None:
        self._clinic, self._chance = clinic, chance
        self._rows: dict[type[Any], list[dict[str, Any]]] = {}

    def run(self, patients: int, visits: int) -> None:
        clinic, chance = self._clinic, self._chance
        people = [clinic.patient(family_name=f"Okafor {n}") for n in range(patients)]
        with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
            second = Account(user_name="second", full_name="Dr. Ivo Brandt", created_at=clinic.clock())
            session.add(second)
            session.flush()
            injectors = (clinic.physician.account_id, second.id)
            some = people[: patients // 3]
            session.connection().execute(update(Patient).where(Patient.id.in_(some)).values(usual_interval_weeks=10))
        days = [(self._day(), patient) for patient in people for _ in range(visits)]
        days += [(LEAP, people[0]), (LEAP + timedelta(weeks=12), people[0]), (LAST, people[0]), (LAST, people[0])]
        for day, patient in sorted(days):
            self._visit(day, patient, chance.choice(injectors))
        for _ in range(patients * visits):
            self._appointment(chance.choice(people), chance.choice(injectors))
        with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
            for kind, rows in self._rows.items():
                for names in {tuple(row) for row in rows}:
                    session.connection().execute(insert(kind), [row for row in rows if tuple(row) == names])

    def _add(self, kind: type[Any], /, **values: Any) -> int:
        rows = self._rows.setdefault(kind, [])
        if kind not in (Response, SideEffectAnswer):
            values = {"id": len(rows) + 1, **values}
        rows.append(values)
        return len(rows)

    def _day(self) -> date:
        return FIRST + timedelta(days=self._chance.randrange((LAST - FIRST).days + 1))

    def _often(self, of: float) -> bool:
        return self._chance.random() < of

    def _visit(self, day: date, patient: int, injector: int) -> None:
        chance = self._chance
        # Five minutes around the end of the clinic's day, which is the next day in UTC.
        signed = datetime(day.year, day.month, day.day, 23, 55, tzinfo=UTC) + timedelta(hours=chance.randrange(6))
        visit = self._add(
            Visit,
            patient_id=patient,
            injector_id=injector,
            visited_on=day,
            indication=chance.choice((NECK, NECK, EYES)),
            assessment=chance.choice(("", "  ", "Turns to the right.")),
            consent=self._often(0.8),
            interval_weeks=chance.choice((None, 0, 12, 14)),
            signed_at=signed,
            signed_by_id=injector,
            digest="",
        )
        if self._often(0.9):
            for position, product in enumerate(chance.sample(sorted(PRODUCTS), k=1 if self._often(0.8) else 2)):
                self._vial(visit, position, product, day)
        if self._often(0.5):
            self._add(
                Response,
                visit_id=visit,
                recorded_at=signed,
                best_percent=chance.choice((None, 0, 30, 60, 70, 100)),
                first_day=chance.choice((None, 3, 7, 10)),
                wore_off_week=chance.choice((None, 8, 10, 11)),
            )
        self._side_effects(visit, patient, day, signed, injector)
        if self._often(0.6):
            self._follow_up(visit, patient, injector, day, signed)

    def _vial(self, visit: int, position: int, product: str, day: date) -> None:
        chance = self._chance
        vial = self._add(
            Vial,
            visit_id=visit,
            position=position,
            product=product,
            lot_number=chance.choice(("C1", "C2", "", " ")),
            expires_on=day + timedelta(days=90),
            size_units=PRODUCTS[product],
            diluent_ml=2,
            wasted_units=chance.choice((0, 0, 10, 25)),
            waste_reason=chance.choice(REASONS),
        )
        for number, muscle in enumerate(chance.choices(MUSCLES, k=chance.randrange(1, 4))):
            injection = self._add(
                Injection,
                visit_id=visit,
                vial_id=vial,
                position=number,
                muscle=muscle,
                side=chance.choice(("left", "right")),
                units=chance.choice((5, 10, 25, 50, 120)),
                guidance=chance.choice(([], ["EMG"], ["EMG", "ultrasound"])),
                indication=chance.choice((None, None, None, EYES)),
            )
            for place in range(chance.randrange(3)):
                self._add(
                    InjectionPoint,
                    injection_id=injection,
                    position=place,
                    plate="p",
                    part="x",
                    u=0.5,
                    t=0.5,
                    x_mm=1.0,
                    y_mm=1.0,
                )

    def _side_effects(self, visit: int, patient: int, day: date, at: datetime, by: int) -> None:
        chance = self._chance
        for _ in range(chance.choice((0, 0, 1, 2))):
            effect = self._add(
                SideEffect,
                patient_id=patient,
                visit_id=visit,
                kind="dysphagia",
                severity="mild",
                started_on=day,
                recorded_at=at,
                recorded_by_id=by,
            )
            for muscle in chance.sample(MUSCLES, k=chance.randrange(3)):
                self._add(SuspectedMuscle, side_effect_id=effect, muscle=muscle, side=chance.choice(("left", "right")))
        if self._often(0.3):
            self._add(SideEffectAnswer, visit_id=visit, patient_id=patient, asked_at=at, asked_by_id=by)

    def _follow_up(self, visit: int, patient: int, injector: int, day: date, signed: datetime) -> None:
        chance = self._chance
        for _ in range(chance.choice((1, 2))):
            starts = datetime(day.year, day.month, day.day, 10) + timedelta(weeks=12)
            booked = self._booked(patient, injector, starts, "booked", follows_visit_id=visit)
            at = signed + timedelta(minutes=chance.choice((1, 4, 6, 60, 60 * 24, 60 * 24 * 30)))
            for what in ("moved", "booked"):
                self._add(AppointmentEvent, appointment_id=booked, at=at, account_id=injector, what=what)

    def _appointment(self, patient: int, injector: int) -> None:
        chance = self._chance
        day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 30))
        starts = datetime(day.year, day.month, day.day) + timedelta(minutes=chance.choice((0, 600, 1439)))
        states = ("checked_out", "checked_out", "injected", "arrived", "no_show", "cancelled", "booked", "confirmed")
        self._booked(patient, injector, starts, chance.choice(states))

    def _booked(self, patient: int, injector: int, starts: datetime, state: str, **more: Any) -> int:
        return self._add(
            Appointment,
            patient_id=patient,
            injector_id=injector,
            type_id=1,
            starts_at=starts,
            minutes=30,
            state=state,
            **more,
        )


Rows = Sequence[Mapping[str, Any]]


def table(clinic: OpenClinic, name: str) -> list[dict[str, Any]]:
    """Every row of a table as a file keeps it: days, moments and lists as text."""
    with clinic.store.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {name}").mappings()
        return [{column: _as_in_a_file(value) for column, value in row.items()} for row in rows]


def _as_in_a_file(value: object) -> object:
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S.%f}"
        case date():
            return value.isoformat()
        case list() | dict():
            return json.dumps(value)
        case _:
            return value
