"""A record that grew for years is read with as many statements as a new one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from clinic_app.services.chart_data import ChartContent, ChartLine, Draft, Point, ScaleScore
from clinic_app.services.patient_data import AuthorizationForm, Component, ElsewhereForm, Entry
from clinic_app.services.schedule_data import Booking
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import EntryKind, Severity, Side
from clinic_app.ui.patients.record import read_record
from tests.services.conftest import OpenClinic
from tests.services.statements import statements
from tests.services.test_signing import ready

SPOT = Point("head_neck_posterior", "splenius", 0.5, 0.4, 30.0, 60.5)
MUSCLES = ("splenius_capitis", "levator_scapulae", "trapezius", "semispinalis_capitis", "scalenus_medius")
FIRST = date(2026, 3, 2)
NECK, EYES = "cervical_dystonia", "blepharospasm"


@dataclass(frozen=True)
class Record:
    """A patient with a record, the latest visit, and a chart in progress."""

    patient: int
    visit: int
    draft: Draft


def record(clinic: OpenClinic, visits: int, size: int) -> Record:
    """A patient with so many visits, each with ``size`` muscles, points, corrections and so on."""
    clinic.clock.moment = datetime.fromisoformat("2026-03-02T15:00:00+00:00")
    patient_id = clinic.patient(
        family_name=f"Okafor {visits}",
        entries=tuple(
            Entry(kind, f"entry {number}", "")
            for kind in (EntryKind.ALLERGY, EntryKind.CONDITION, EntryKind.MEDICINE)
            for number in range(size)
        ),
        components=tuple(Component("torticollis", side) for side in (Side.LEFT, Side.RIGHT)[:size]),
        authorizations=tuple(
            AuthorizationForm(f"A{number}", "onabotulinumtoxinA", Decimal(400), 4, FIRST, date(2027, 3, 1))
            for number in range(size)
        ),
        toxin_elsewhere=tuple(ElsewhereForm(date(2020, 1, 1 + number)) for number in range(size)),
    )
    for number in range(visits):
        visit = clinic.signed(patient_id, chart(clinic, size, indication=NECK if number % 2 else EYES))
        for _ in range(size):
            effect = SideEffectForm(
                visit,
                "dysphagia",
                severity=Severity.MODERATE,
                red_flag=False,
                started_on=clinic.clock.moment.date(),
                muscles=tuple((muscle, Side.RIGHT) for muscle in MUSCLES[:size]),
                keep_both=True,
            )
            clinic.services.side_effects.record(clinic.nurse, effect)
        clinic.services.visits.record_response(clinic.physician, visit, ResponseData(best_percent=60))
        for part in range(size):
            clinic.services.visits.add_addendum(clinic.physician, visit, "Side", f"{part}", clinic.confirmed())
        clinic.clock.forward(weeks=13)
    for number in range(size):
        at = datetime(2030, 1, 7 + number, 10)  # Mondays and on: nobody minds the hours, they overbook
        clinic.services.schedule.book(
            clinic.physician,
            Booking(patient_id, clinic.physician.account_id, 1, at, 30, overbook_reason="counted"),
        )
    draft = ready(clinic, patient_id, chart(clinic, size))
    for _ in range(size):
        clinic.services.charts.start(clinic.nurse, patient_id)
    return Record(patient_id, visit, draft)


def chart(clinic: OpenClinic, size: int, indication: str = NECK) -> ChartContent:
    """So many muscles with so many points and vials, from the day that the clock shows."""
    today = clinic.clock.moment.date()
    vial = replace(
        clinic.content().vials[0],
        reconstituted_at=datetime.combine(today, datetime.min.time()) + timedelta(hours=9),
        expires_on=date(2031, 5, 31),
    )
    vials = tuple(replace(vial, key=f"v{number}") for number in range(size))
    return clinic.content(
        visited_on=today,
        indication=indication,
        vials=vials,
        lines=tuple(
            ChartLine(f"l{number}", muscle, Side.RIGHT, "100", (SPOT,) * (number + 1), ("EMG",), f"v{number}")
            for number, muscle in enumerate(MUSCLES[:size])
        ),
        scores=tuple(ScaleScore("twstrs", part, "3") for part in ("severity", "disability", "pain")[:size]),
    )


UseCase = Callable[[OpenClinic, Record], object]
READS: dict[str, UseCase] = {
    "visits.of_patient": lambda c, r: c.services.visits.of_patient(c.physician, r.patient),
    "visits.details": lambda c, r: c.services.visits.details(c.physician, r.visit),
    "patients.details": lambda c, r: c.services.patients.details(c.physician, r.patient),
    "patients.banner": lambda c, r: c.services.patients.banner(c.physician, r.patient),
    "charts.context": lambda c, r: c.services.charts.context(c.physician, r.patient, r.draft.content.vials),
    "charts.drafts": lambda c, r: c.services.charts.drafts(c.physician, r.patient),
    "charts.open": lambda c, r: c.services.charts.open(c.physician, r.draft.id),
    "charts.last_pattern": lambda c, r: c.services.charts.last_pattern(c.physician, r.patient),
    "charts.last_pattern of one": lambda c, r: c.services.charts.last_pattern(c.physician, r.patient, NECK),
    "charts.vial_conflicts": lambda c, r: c.services.charts.vial_conflicts(
        c.physician, r.patient, r.draft.content.vials
    ),
    "schedule.of_patient": lambda c, r: c.services.schedule.of_patient(c.physician, r.patient),
    "repeats.propose": lambda c, r: c.services.repeats.propose(c.physician, r.visit),
    "side_effects.of_patient": lambda c, r: c.services.side_effects.of_patient(c.physician, r.patient),
    "side_effects.suspects": lambda c, r: c.services.side_effects.suspects(c.physician, r.visit, "dysphagia"),
    "papers.visit_note": lambda c, r: c.services.papers.visit_note(c.physician, r.visit),
    "papers.aftercare": lambda c, r: c.services.papers.aftercare(c.physician, r.visit),
}
WRITES: dict[str, UseCase] = {
    "visits.add_addendum": lambda c, r: c.services.visits.add_addendum(
        c.physician, r.visit, "Side", "Another.", c.confirmed()
    ),
    "visits.record_response": lambda c, r: c.services.visits.record_response(
        c.physician, r.visit, ResponseData(best_percent=40)
    ),
    "charts.start": lambda c, r: c.services.charts.start(c.physician, r.patient),
    "charts.start with the last pattern": lambda c, r: c.services.charts.start(c.physician, r.patient, repeat=True),
    "charts.keep": lambda c, r: c.services.charts.keep(
        c.physician, r.draft.id, r.draft.version, replace(r.draft.content, plan="Other.")
    ),
    "charts.discard": lambda c, r: c.services.charts.discard(c.physician, r.draft.id, r.draft.version + 1),
    "charts.restore": lambda c, r: c.services.charts.restore(c.physician, r.patient, r.draft.content),
}


def counts(clinic: OpenClinic, record: Record, use_cases: dict[str, UseCase]) -> dict[str, int]:
    """How many statements each use case sends for this record, which is open: only the first look is noted."""
    for actor in (clinic.physician, clinic.nurse, clinic.desk):
        clinic.services.records.enter(actor, record.patient)
    return {name: statements(clinic, partial(use_case, clinic, record)) for name, use_case in use_cases.items()}


@pytest.fixture
def records(clinic: OpenClinic) -> tuple[Record, Record]:
    """A short record and one of years."""
    return record(clinic, 2, 1), record(clinic, 14, 5)


@pytest.mark.parametrize("use_cases", [READS, WRITES], ids=["reading", "writing"])
def test_a_long_record_takes_as_many_statements_as_a_short_one(
    clinic: OpenClinic, records: tuple[Record, Record], use_cases: dict[str, UseCase]
) -> None:
    short, long = (counts(clinic, each, use_cases) for each in records)
    assert short == long
    assert min(short.values()) > 0


def test_opening_a_patient_is_few_statements_however_long_the_record(
    clinic: OpenClinic, records: tuple[Record, Record]
) -> None:
    read: dict[str, UseCase] = {"whole": lambda c, r: read_record(c.services, c.physician, r.patient)}
    short, long = (counts(clinic, each, read) for each in records)
    assert short == long
    assert short["whole"] <= 27


def test_signing_takes_as_many_statements_after_years_as_at_the_third_visit(clinic: OpenClinic) -> None:
    sent = []
    for visits in (2, 14):
        kept = record(clinic, visits, 2).draft
        sign = partial(clinic.services.charts.sign, clinic.physician, kept.id, kept.version, kept.content)
        confirmed = clinic.confirmed()
        sent.append(statements(clinic, partial(sign, confirmed)))
    assert sent[0] == sent[1]


def test_a_full_day_and_week_take_as_many_statements_as_one_appointment(clinic: OpenClinic) -> None:
    schedule, papers, day = clinic.services.schedule, clinic.services.schedule_papers, date(2026, 3, 3)

    def read() -> dict[str, int]:
        return {
            "day": statements(clinic, lambda: schedule.board(clinic.desk, day, 1)),
            "week": statements(clinic, lambda: schedule.board(clinic.desk, day, 7)),
            "day list": statements(clinic, lambda: papers.day_list(clinic.desk, day)),
            "week list": statements(clinic, lambda: papers.week_list(clinic.desk, day)),
        }

    def book(number: int) -> None:
        at = datetime(2026, 3, 3, 9) + timedelta(minutes=15 * number)
        patient_id = clinic.patient(family_name=f"Okafor {number}")
        schedule.book(clinic.physician, Booking(patient_id, clinic.physician.account_id, 1, at, 15))

    book(0)
    single = read()
    for number in range(1, 8):
        book(number)
    assert read() == single


def test_a_lot_that_many_got_is_listed_and_written_to_in_as_many_statements(clinic: OpenClinic) -> None:
    papers, lot_id = clinic.services.stock_papers, clinic.lot(vials=6)

    def read() -> dict[str, int]:
        return {
            "details": statements(clinic, lambda: clinic.services.stock.lot(clinic.nurse, lot_id)),
            "list": statements(clinic, lambda: papers.lot_recipients(clinic.nurse, lot_id)),
            "letters": statements(clinic, lambda: papers.lot_letters(clinic.nurse, lot_id, "recalled")),
        }

    clinic.signed(clinic.patient(family_name="Okafor 0"), clinic.content(lot_id))
    first = read()
    for number in range(1, 5):
        clinic.signed(clinic.patient(family_name=f"Okafor {number}"), clinic.content(lot_id))
    assert read() == first


def test_a_booking_with_every_check_is_few_statements_however_long_the_record(clinic: OpenClinic) -> None:
    sent = []
    for number, visits in enumerate((1, 6)):
        patient_id = record(clinic, visits, 2).patient
        at = datetime(2031, 1, 7 + number, 10)
        booking = Booking(patient_id, clinic.physician.account_id, 1, at, 30, room_id=1, overbook_reason="counted")
        sent.append(statements(clinic, partial(clinic.services.schedule.book, clinic.physician, booking)))
    assert sent[0] == sent[1] <= 16  # two of them ask where the chain of the trail stands


def test_free_slots_behind_a_full_calendar_take_a_statement_for_each_four_weeks(clinic: OpenClinic) -> None:
    visit = record(clinic, 1, 1).visit
    propose = partial(clinic.services.repeats.propose, clinic.physician, visit)
    first = propose().slots[0].starts_at.date()
    empty = statements(clinic, propose)
    clinic.services.working_times.close(clinic.physician, first, first + timedelta(weeks=12), "rebuilt")
    assert statements(clinic, propose) - empty <= 4
