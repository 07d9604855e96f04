"""The schedule in a clinic of ten years: its week, the next visit and a booking with every check.

Baselines are the same rows by hand-written SQL on the driver's own connection, one after the other with the case.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from benchmarks.calendars import INTERVAL_WEEKS, MINUTES, MONDAY, free_places
from benchmarks.clinics import Clinics
from benchmarks.hand import SameRows, rows_by_hand
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, beside, row, timed
from benchmarks.window import RealWindow
from clinic_app.services.schedule_data import Booking
from clinic_app.ui.clinic_window import SCHEDULE
from clinic_app.ui.schedule.grid_model import Mode

WEEK_MS, SLOTS_MS = 30.0, 20.0
_WEEKS = 10
"""How many different weeks, patients and so on take turns, so that not the same pages are read each time."""

_APPOINTMENTS = """
SELECT a.id, a.version, a.patient_id, p.given_name, p.family_name, p.record_number, p.birth_date, a.injector_id,
       a.room_id, a.type_id, t.name, a.starts_at, a.minutes, a.state, a.reason, a.note,
       CASE WHEN a.state IN ('arrived', 'in_room')
            THEN (SELECT max(e.at) FROM appointment_event e WHERE e.appointment_id = a.id) END,
       a.visit_id, a.series_id, o.full_name, a.overbook_reason
FROM appointment a JOIN patient p ON p.id = a.patient_id JOIN appointment_type t ON t.id = a.type_id
LEFT JOIN account o ON o.id = a.overbooked_by_id
WHERE a.starts_at >= ? AND a.starts_at < ? ORDER BY a.starts_at, a.id
"""
_DEVICES = """
SELECT d.appointment_id, d.device_id FROM appointment_device d JOIN appointment a ON a.id = d.appointment_id
WHERE a.starts_at >= ? AND a.starts_at < ?
"""


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every row about the schedule."""
    with clinics.window() as window:
        yield _week_on_screen(window)
    with clinics.opened() as clinic:
        yield _week(clinic)
        yield from _slots(clinic)
        yield _book(clinic)


def _week_on_screen(window: RealWindow) -> Row:
    """The arrow to the week after or before, until it is painted."""
    schedule = window.clinic.schedule
    window.clinic.window.show_view(SCHEDULE)
    schedule.set_mode(Mode.WEEK)
    window.settle()

    def step(number: int) -> None:
        back = number % (2 * _WEEKS) < _WEEKS
        QTest.mouseClick(schedule.toolbar.before if back else schedule.toolbar.after, Qt.MouseButton.LeftButton)
        window.settle()

    times = timed(step)
    loaded = schedule.loaded
    assert loaded is not None
    assert len(loaded.board.appointments) > 800, len(loaded.board.appointments)
    return row("schedule: a full week of five injectors, on screen", WEEK_MS, times)


def _week(clinic: LargeClinic) -> Row:
    def first_day(number: int) -> datetime:
        return datetime.combine(MONDAY, datetime.min.time()) - timedelta(weeks=1 + number % _WEEKS)

    def by_hand(number: int) -> None:
        start = first_day(number + 5)  # not the week that was just read
        span = f"{start}.000000", f"{start + timedelta(days=7)}.000000"
        rows_by_hand(clinic, _APPOINTMENTS, span)
        rows_by_hand(clinic, _DEVICES, span)

    def week(number: int) -> None:
        board = clinic.services.schedule.board(clinic.actor, first_day(number).date(), 7)
        assert len(board.appointments) > 800, len(board.appointments)

    times = beside(week, by_hand)
    return row("schedule: a full week of five injectors, without the window", WEEK_MS, *times, most=3)


def _slots(clinic: LargeClinic) -> Iterator[Row]:
    query = (
        "SELECT min(a.visit_id) FROM appointment a WHERE a.visit_id IS NOT NULL AND a.starts_at BETWEEN ? AND ? "
        "GROUP BY date(a.starts_at) ORDER BY 1"
    )
    before = f"{MONDAY - timedelta(weeks=INTERVAL_WEEKS)} 00:00:00", f"{MONDAY} 00:00:00"
    visits = [found[0] for found in rows_by_hand(clinic, query, before)]
    propose = clinic.services.repeats.propose

    def slots(number: int, weeks: int | None) -> None:
        found = propose(clinic.actor, visits[7 * number % len(visits)], weeks=weeks)
        assert len(found.slots) == 5

    usual, half_a_year = partial(slots, weeks=None), partial(slots, weeks=26)
    yield row("schedule: first free slots behind full calendars, without the window", SLOTS_MS, timed(usual))
    yield row("schedule: first free slots in 26 weeks, without the window", SLOTS_MS, timed(half_a_year))


def _book(clinic: LargeClinic) -> Row:
    """A booking of an injection with room and device, beside the same rows inserted and nothing asked."""
    taken = rows_by_hand(clinic, "SELECT injector_id, starts_at FROM appointment WHERE starts_at > ?", (str(MONDAY),))
    known = {(injector, str(starts_at)[:19]) for injector, starts_at in taken}
    places = (
        place
        for place in free_places(clinic.size)
        if place.starts_at.weekday() < 4  # some Friday is closed
        and (place.injector, str(place.starts_at)) not in known  # a server's clinic keeps what an earlier run booked
    )
    patients = cycle(clinic.booked_patients())
    copies = SameRows(clinic)

    def book(_: int) -> None:
        place = next(places)
        booking = Booking(
            next(patients),
            place.injector,
            1,
            place.starts_at,
            MINUTES,
            room_id=place.injector,
            device_ids=(place.injector,),
        )
        clinic.services.schedule.book(clinic.actor, booking)

    book(0)
    copies.remember()
    times = beside(book, lambda _: copies.insert())
    note = "against a bare insert of the same rows, both durable; ten questions, each 0.07 to 0.09 ms of SQLAlchemy"
    return row("schedule: book with every check, without the window", None, *times, note=note, most=3)
