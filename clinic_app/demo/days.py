"""Lives the demo clinic day by day through the program's own services, as its people would."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import calls, shelf, told
from clinic_app.demo.charting import answers_for, charted_anew, drawn_from_vials
from clinic_app.demo.histories import known_on
from clinic_app.demo.people import SEED, Person
from clinic_app.errors import ClinicError
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartContent, Pattern
from clinic_app.services.identity import Confirmed
from clinic_app.services.schedule_data import AppointmentRow, Booking
from clinic_app.services.visit_data import ResponseData, ScaleSheet, ScaleValue, SideEffectForm
from clinic_app.terms import AppointmentState, ContactWay, Learned, Severity

S = AppointmentState
INJECTION, FIRST_VISIT, REVIEW = 1, 2, 3
OTHER_HOURS = tuple(time(hour, minute) for hour in (8, 9, 10, 11, 13, 14, 15, 16) for minute in (30, 0))


class MovableClock:
    """A clock that the demo moves along as it lives its days."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self.moment = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The moment it was moved to."""
        return self.moment

    def move_to(self, wall: datetime) -> None:
        """Move to the clinic's wall-clock time."""
        self.moment = wall.replace(tzinfo=self._zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in the demo clinic."""

    manager: Actor
    injectors: tuple[Actor, Actor]
    nurse: Actor
    front_desk: Actor


class DemoDays:
    """Registers, books, charts, signs and asks, one day after the other."""

    def __init__(
        self,
        services: Services,
        clock: MovableClock,
        staff: Staff,
        atlas: Atlas,
        patients: dict[int, Person],
    ) -> None:
        self._services = services
        self._clock = clock
        self._staff = staff
        self._atlas = atlas
        self._patients = patients
        self._unbooked_since = date.max
        self._missing: set[int] = set()

    def register(self, person: Person, first_day: date) -> int:
        """Register a patient nine days before the first injection and book that; returns the id."""
        known_from = first_day - timedelta(days=9)
        self._clock.move_to(datetime.combine(known_from, time(10)))
        patient_id = self._services.patients.register(self._staff.injectors[0], known_on(person.form, known_from))
        self._patients[patient_id] = person
        self._book(patient_id, person, first_day, INJECTION, None)
        return patient_id

    def bring_up_to_date(self) -> None:
        """What came to the histories since the registration, written by the nurse."""
        nurse, patients = self._staff.nurse, self._services.patients
        for patient_id, person in self._patients.items():
            patients.save(nurse, patient_id, patients.details(nurse, patient_id).version, person.form)

    def live(self, day: date, until: time = time(23, 59)) -> None:
        """One day: everybody who is booked comes, is injected and is booked again; up to a time of the day."""
        self._clock.move_to(datetime.combine(day, time(7, 30)))
        if day.day == 1 or day.weekday() == 0:
            shelf.restock(self._services, self._staff.nurse, day)
        board = self._services.schedule.board(self._staff.front_desk, day, 1)
        for appointment in board.appointments:
            if appointment.state is not S.BOOKED:
                continue
            self._live_appointment(appointment, datetime.combine(day, until))

    def leave_some_unbooked(self, since: date) -> None:
        """From this day on some leave without a next appointment, as in every clinic, and come on the recall list."""
        self._unbooked_since = since

    def miss_one(self, day: date, reason: str) -> None:
        """Of those booked for an injection that day the first does not come: cancelled for a reason, else missed."""
        desk, schedule = self._staff.front_desk, self._services.schedule
        booked = schedule.board(desk, day, 1).appointments
        missed = next((row for row in booked if row.state is S.BOOKED and row.type_id == INJECTION), None)
        if missed is None:
            return
        self._clock.move_to(datetime.combine(day, time(7, 10)))
        state = S.CANCELLED if reason else S.NO_SHOW
        schedule.set_state(desk, missed.id, missed.version, state, reason)
        self._missing.add(missed.patient_id)

    def furnish_calls(self, monday: date) -> None:
        """What was tried to reach those on the recall list before ``monday``, and who would come earlier."""
        calls.furnish(self._services, self._staff.front_desk, self._clock, monday)

    def remind_some(self, now: datetime) -> None:
        """The desk has begun to remind those of the next days."""
        desk, reminders = self._staff.front_desk, self._services.reminders
        self._clock.move_to(now - timedelta(minutes=20))
        rows = reminders.rows(desk)
        reminders.remind(desk, [row.appointment_id for row in rows[:3]], ContactWay.TELEPHONE)

    def furnish_shelf(self, monday: date) -> None:
        """Put lots on the shelf that want attention in the week of ``monday``."""
        shelf.furnish(self._services, self._staff, self._clock, monday)

    def fill_with_reviews(self, first_day: date, days: int) -> None:
        """Reviews and first visits between the injections, as every clinic has them."""
        chance = random.Random(f"{SEED} {first_day}")
        people = sorted(self._patients.keys() - self._missing)
        self._clock.move_to(datetime.combine(first_day - timedelta(days=12), time(9)))
        for number in range(days):
            day = first_day + timedelta(days=number)
            if day.weekday() > 4:
                continue
            for patient_id in chance.sample(people, 6):
                self._book(patient_id, self._patients[patient_id], day, REVIEW, None, hour=chance.choice(OTHER_HOURS))

    def squeeze_in(self, day: date) -> None:
        """A patient in pain is booked over an appointment of that day's afternoon, on the physician's word."""
        self._clock.move_to(datetime.combine(day, time(7, 45)))
        board = self._services.schedule.board(self._staff.front_desk, day, 1)
        here = {row.patient_id for row in board.appointments}
        afternoon = [row for row in board.appointments if row.starts_at.hour >= 14 and row.type_id == REVIEW]
        other = next((patient_id for patient_id in sorted(self._patients) if patient_id not in here), None)
        if other is None or not afternoon:
            return
        over = afternoon[-1]
        booking = Booking(
            patient_id=other,
            injector_id=over.injector_id,
            type_id=REVIEW,
            starts_at=over.starts_at,
            minutes=20,
            any_room=True,
            overbook_reason="Neck pain since yesterday; a look is enough",
        )
        self._services.schedule.book(self._staff.manager, booking)

    def _book(
        self,
        patient_id: int,
        person: Person,
        day: date,
        kind: int,
        follows: int | None,
        hour: time | None = None,
    ) -> None:
        injector = self._staff.injectors[person.injector]
        for later in range(10):
            on = day + timedelta(days=later)
            if on.weekday() > 4:
                continue
            for at in (hour or time(person.hour, person.minute), *OTHER_HOURS):
                booking = Booking(
                    patient_id=patient_id,
                    injector_id=injector.account_id,
                    type_id=kind,
                    starts_at=datetime.combine(on, at),
                    minutes=30 if kind == INJECTION else 20,
                    room_id=1 + person.injector,
                    follows_visit_id=follows,
                    accepted=(AUTHORIZATION,),  # the payer is asked before the visit comes
                )
                try:
                    self._services.schedule.book(self._staff.front_desk, booking)
                except ClinicError:
                    continue  # taken, closed or too early: the next place, as the front desk would
                return

    def _live_appointment(self, appointment: AppointmentRow, until: datetime) -> None:
        chance = random.Random(f"{SEED} {appointment.patient_id} {appointment.starts_at.date()}")
        person = self._patients[appointment.patient_id]
        starts = appointment.starts_at
        version = appointment.version
        steps: list[tuple[datetime, Callable[[int], int]]] = []

        def to(state: AppointmentState) -> Callable[[int], int]:
            return lambda known: self._services.schedule.set_state(self._staff.front_desk, appointment.id, known, state)

        if starts.date() > date.min and chance.random() < 0.04 and appointment.type_id == REVIEW:
            steps.append((starts + timedelta(minutes=30), to(S.NO_SHOW)))
        else:
            steps.append((starts - timedelta(minutes=chance.randint(4, 18)), to(S.ARRIVED)))
            steps.append((starts + timedelta(minutes=chance.randint(0, 6)), to(S.IN_ROOM)))
            if appointment.type_id == INJECTION:
                steps.append((starts + timedelta(minutes=24), lambda known: self._inject(appointment, person, chance)))
                steps.append((starts + timedelta(minutes=28), to(S.CHECKED_OUT)))
            else:
                steps.append((starts + timedelta(minutes=18), to(S.CHECKED_OUT)))
        for moment, act in steps:
            if moment > until:
                return
            self._clock.move_to(moment)
            version = act(version)

    def _inject(self, appointment: AppointmentRow, person: Person, chance: random.Random) -> int:
        services = self._services
        injector = self._staff.injectors[person.injector]
        patient_id = appointment.patient_id
        pattern = services.charts.last_pattern(injector, patient_id)
        earlier = len(services.side_effects.followed(injector, patient_id)) if person.number == told.NUMBER else None
        if pattern is not None and earlier is not None:
            told.asked(services, injector, pattern, earlier - 1)
        elif pattern is not None:
            self._ask(pattern, appointment.starts_at.date(), injector, chance)
        draft = services.charts.start(injector, patient_id, repeat=pattern is not None, appointment_id=appointment.id)
        content = draft.content
        if pattern is None:
            content = charted_anew(content, person, self._atlas)
        content = _said(content, person, chance, first=pattern is None)
        if earlier is not None:
            content = told.charted(content, earlier)
        elif pattern is not None and chance.random() < 0.2:
            content = _adjusted(content, chance)
        choices = services.stock.choices(injector, person.product, patient_id, content.visited_on)
        mixed_at = appointment.starts_at + timedelta(minutes=4)
        content = drawn_from_vials(content, person.product, choices, mixed_at)
        content = replace(content, lines=tuple(replace(line, carried=False) for line in content.lines))
        context = services.charts.context(injector, patient_id)
        now = appointment.starts_at + timedelta(minutes=24)
        charted = charting.read(content, context, services.reference, now, at_signing=True)
        content = replace(content, answers=answers_for(charted))
        visit_id = services.charts.sign(
            injector, draft.id, draft.version, content, Confirmed(injector.account_id, self._clock())
        )
        self._clock.move_to(appointment.starts_at + timedelta(minutes=26))
        again = appointment.starts_at.date() + timedelta(weeks=person.weeks)
        if appointment.starts_at.date() >= self._unbooked_since and patient_id % 9 == 5:
            return services.schedule.appointment(self._staff.front_desk, appointment.id).version
        if chance.random() < 0.012:
            again += timedelta(weeks=5)  # left without an appointment and was called back late
        self._book(patient_id, person, again, INJECTION, visit_id)
        return services.schedule.appointment(self._staff.front_desk, appointment.id).version

    def _ask(self, pattern: Pattern, today: date, injector: Actor, chance: random.Random) -> None:
        """Benefit, scales and side effects of the last cycle, asked at the return."""
        services, visit_id, visited_on = self._services, pattern.visit_id, pattern.visited_on
        if chance.random() < 0.9:
            services.visits.record_response(
                injector,
                visit_id,
                ResponseData(
                    first_day=chance.randint(4, 12),
                    best_percent=chance.choice((40, 50, 60, 70, 70, 80, 80, 90)),
                    wore_off_week=chance.randint(9, 12),
                    patient_impression=chance.choice((1, 2, 2, 2, 3, 3, 4)),
                    clinician_impression=chance.choice((2, 2, 3)),
                    pain=chance.randint(0, 5),
                ),
                _scales(pattern, today),
            )
        asked = chance.random()
        if asked < 0.22:
            suspects = services.side_effects.suspects(injector, visit_id, "")
            effects = [e for s in suspects for e in services.reference.effects_of(s.muscle) if e.red_flag is False]
            if effects:
                effect = chance.choice(effects)
                begins = visited_on + timedelta(days=chance.randint(*_window(effect.onset_days)))
                likely = [s for s in services.side_effects.suspects(injector, visit_id, effect.id) if s.likely]
                services.side_effects.record(
                    injector,
                    SideEffectForm(
                        visit_id=visit_id,
                        kind=effect.id,
                        severity=chance.choice((Severity.MILD, Severity.MILD, Severity.MODERATE)),
                        started_on=begins,
                        ended_on=begins + timedelta(days=chance.randint(7, 24)),
                        action=chance.choice(("watched", "soft diet for a week", "rest", "eye drops")),
                        muscles=tuple((s.muscle, s.side) for s in likely[:2]),
                        learned=Learned.VISIT,
                    ),
                )
        elif asked < 0.85:
            services.side_effects.none_reported(injector, visit_id)


def _scales(pattern: Pattern, today: date) -> ScaleSheet:
    """The neck is scored at every return, by chances of its own: nobody else's day changes with them."""
    if pattern.indication != "cervical_dystonia":
        return ScaleSheet(today)
    chance = random.Random(SEED + pattern.visit_id)
    parts = {"severity": chance.randint(10, 24), "disability": chance.randint(4, 16), "pain": chance.randint(2, 12)}
    values = [ScaleValue("twstrs", part, Decimal(value)) for part, value in parts.items()]
    return ScaleSheet(today, (*values, ScaleValue("twstrs", "", Decimal(sum(parts.values())))))


def _window(days: tuple[int, int]) -> tuple[int, int]:
    """Onset in days, kept short enough to be over before the next visit."""
    first = min(max(1, days[0]), 28)
    return first, max(first, min(days[1], 28))


def _said(content: ChartContent, person: Person, chance: random.Random, *, first: bool) -> ChartContent:
    story = "First treatment." if first else "Benefit as recorded; asks for the same pattern."
    return replace(
        content,
        assessment=f"{story} {chance.choice(_FINDINGS)}",
        consent=True,
        plan=f"Repeat in {person.weeks} weeks.",
        interval_weeks=person.weeks,
        icd10cm=person.profile.icd10cm,
    )


_FINDINGS = (
    "Posture improved against the last visit.",
    "Spasm moderate at rest, less when lying down.",
    "Pain less than before treatment.",
    "Findings as at the last visit.",
)


def _adjusted(content: ChartContent, chance: random.Random) -> ChartContent:
    """One line a little lower or higher, as the response asks for."""
    number = chance.randrange(len(content.lines))
    line = content.lines[number]
    units = Decimal(line.units)
    step = max(units / 5, Decimal("2.5")).quantize(Decimal("2.5") if units < 20 else Decimal(5))
    changed = replace(line, units=charting.plain_units(max(units - step, step)))
    return replace(content, lines=(*content.lines[:number], changed, *content.lines[number + 1 :]))
