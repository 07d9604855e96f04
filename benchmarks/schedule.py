"""The schedule in a clinic of ten years: its week, the next visit, the recall list and a booking with every check.

Baselines are the same rows by hand-written SQL on the program's own connection, one after the other with the case.
"""

import gc
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from benchmarks.calendars import INTERVAL_WEEKS, MINUTES, MONDAY, Size, free_places
from benchmarks.large_clinic import LargeClinic, large_clinic
from benchmarks.measure import Row, beside, row, timed
from clinic_app.services.schedule_data import Booking
from clinic_app.ui.schedule.grid import ScheduleGrid
from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.theme import Appearance, Look

WEEK_MS, SLOTS_MS, RECALL_MS = 30.0, 20.0, 100.0
_WEEKS = 10
"""How many different weeks, patients and so on take turns, so that not the same pages are read each time."""

_APPOINTMENTS = """
SELECT a.id, a.version, a.patient_id, p.given_name, p.family_name, p.record_number, p.birth_date, a.injector_id,
       a.room_id, a.type_id, t.name, a.starts_at, a.minutes, a.state, a.reason, a.note,
       (SELECT max(e.at) FROM appointment_event e WHERE e.appointment_id = a.id), a.visit_id, a.series_id,
       o.full_name, a.overbook_reason
FROM appointment a JOIN patient p ON p.id = a.patient_id JOIN appointment_type t ON t.id = a.type_id
LEFT JOIN account o ON o.id = a.overbooked_by_id
WHERE a.starts_at >= ? AND a.starts_at < ? ORDER BY a.starts_at, a.id
"""
_DEVICES = """
SELECT d.appointment_id, d.device_id FROM appointment_device d JOIN appointment a ON a.id = d.appointment_id
WHERE a.starts_at >= ? AND a.starts_at < ?
"""
_NOT_BOOKED = """
NOT EXISTS (
    SELECT 1 FROM appointment a JOIN appointment_type t ON t.id = a.type_id
    WHERE a.patient_id = p.id AND a.starts_at >= ? AND a.state NOT IN ('cancelled', 'no_show') AND t.is_injection)
"""
_RECALL = f"""
SELECT p.id, p.given_name, p.family_name, p.record_number, p.birth_date, p.phone, p.preferred_contact, p.address,
       c.visit_id, c.injected_on, c.weeks, c.due_on
FROM treatment_cycle c JOIN patient p ON p.id = c.patient_id WHERE c.due_on <= ? AND {_NOT_BOOKED}
"""
_MISSED = """
SELECT a.patient_id, a.starts_at, a.state, a.reason
FROM treatment_cycle c JOIN appointment a ON a.patient_id = c.patient_id
WHERE c.due_on <= ? AND a.state IN ('cancelled', 'no_show') AND a.starts_at > c.injected_on
"""
_TRIES = """
SELECT t.patient_id, t.at, o.full_name, t.way, t.outcome, t.note, t.next_try_on
FROM treatment_cycle c JOIN contact_attempt t ON t.patient_id = c.patient_id JOIN account o ON o.id = t.account_id
WHERE c.due_on <= ? ORDER BY t.at
"""
_RECALL_FROM_RECORDS = f"""
SELECT p.id, coalesce(v.interval_weeks, p.usual_interval_weeks, 12) AS weeks
FROM patient p JOIN visit v ON v.id = (
    SELECT l.id FROM visit l WHERE l.patient_id = p.id AND EXISTS (SELECT 1 FROM injection i WHERE i.visit_id = l.id)
    ORDER BY l.visited_on DESC, l.id DESC LIMIT 1)
WHERE p.status = 'active' AND date(v.visited_on, '+' || (7 * weeks) || ' days') <= ? AND {_NOT_BOOKED}
"""
"""Without what is kept of each cycle."""


def cases(size: Size, folder: Path) -> Iterator[Row]:
    """Every row about the schedule, in a clinic of this size that is kept in the folder."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    look = Look(application, Appearance.LIGHT)
    clinic = large_clinic(folder, size)
    gc.collect()
    gc.freeze()
    gc.disable()  # the program, too, collects only while nothing else is to be done (``ui.garbage``)
    try:
        yield _week(clinic)
        yield _week_painted(clinic)
        yield from _slots(clinic)
        yield _recall(clinic)
        yield _book(clinic)
    finally:
        gc.enable()
        clinic.close()
    del look


def _week(clinic: LargeClinic) -> Row:
    def first_day(number: int) -> datetime:
        return datetime.combine(MONDAY, datetime.min.time()) - timedelta(weeks=1 + number % _WEEKS)

    def by_hand(number: int) -> None:
        start = first_day(number + 5)  # not the week that was just read
        span = f"{start}.000000", f"{start + timedelta(days=7)}.000000"
        _read(clinic, _APPOINTMENTS, span)
        _read(clinic, _DEVICES, span)

    def week(number: int) -> None:
        board = clinic.services.schedule.board(clinic.actor, first_day(number).date(), 7)
        assert len(board.appointments) > 800, len(board.appointments)

    return row("schedule: a full week of five injectors", WEEK_MS, *beside(week, by_hand), most=3)


def _week_painted(clinic: LargeClinic) -> Row:
    schedule = clinic.services.schedule
    choices = schedule.choices(clinic.actor)
    boards = [schedule.board(clinic.actor, MONDAY + timedelta(weeks=week), 7) for week in range(3)]
    grid = ScheduleGrid()
    grid.resize(1400, 900)
    grid.show()
    QApplication.processEvents()

    def show(number: int) -> None:
        grid.set_board(boards[number % len(boards)], choices, Mode.WEEK)
        grid.viewport().repaint()

    return row("schedule: the week's grid laid out and painted", None, timed(show), note="software rendering")


def _slots(clinic: LargeClinic) -> Iterator[Row]:
    with clinic.store.database.engine.connect() as connection:
        query = (
            "SELECT a.visit_id FROM appointment a WHERE a.visit_id IS NOT NULL AND a.starts_at BETWEEN ? AND ? "
            "GROUP BY date(a.starts_at) ORDER BY a.starts_at"
        )
        before = MONDAY - timedelta(weeks=INTERVAL_WEEKS), MONDAY
        visits = [found[0] for found in connection.exec_driver_sql(query, tuple(map(str, before)))]
    propose = clinic.services.repeats.propose

    def slots(number: int, weeks: int | None) -> None:
        found = propose(clinic.actor, visits[7 * number % len(visits)], weeks=weeks)
        assert len(found.slots) == 5

    yield row("schedule: first free slots behind full calendars", SLOTS_MS, timed(partial(slots, weeks=None)))
    yield row("schedule: first free slots for a repeat in 26 weeks", SLOTS_MS, timed(partial(slots, weeks=26)))


def _recall(clinic: LargeClinic) -> Row:
    until, today = str(MONDAY + timedelta(weeks=2)), f"{MONDAY} 00:00:00.000000"
    expected = {found[0] for found in _read(clinic, _RECALL_FROM_RECORDS, (until, today))}

    def recall(_: int) -> None:
        rows = clinic.services.recall.rows(clinic.actor, weeks_ahead=2)
        assert len(rows) == len(expected)

    def by_hand(_: int) -> None:
        _read(clinic, _RECALL, (until, today))
        _read(clinic, _MISSED, (until,))
        _read(clinic, _TRIES, (until,))

    assert {found.patient_id for found in clinic.services.recall.rows(clinic.actor, weeks_ahead=2)} == expected
    times = beside(recall, by_hand)
    return row("schedule: recall of the whole clinic", RECALL_MS, *times, note=f"{len(expected)} patients", most=2)


def _book(clinic: LargeClinic) -> Row:
    """A booking of an injection with room and device, beside the same rows inserted and nothing asked."""
    places = (place for place in free_places(clinic.size) if place.starts_at.weekday() < 4)  # some Friday is closed
    patients = cycle(clinic.booked_patients())
    copies = _Copies(clinic)

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
    try:
        times = beside(book, lambda _: copies.insert())
    finally:
        copies.take_back()
    return row("schedule: book with every check", None, *times, note="against a bare insert, both durable", most=3)


class _Copies:
    """The rows of a booking, inserted again as they are; in the end all that was booked is taken back.

    What the trail tells of it is inserted again too, and stays: it never goes.
    """

    _TABLES = ("appointment", "appointment_device", "appointment_event", "audit_entry")

    def __init__(self, clinic: LargeClinic) -> None:
        self._clinic = clinic
        self._before = {table: self._last(table) for table in self._TABLES}
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def _last(self, table: str) -> int:
        return int(_read(self._clinic, f"SELECT max({_key(table)}) FROM {table}", ())[0][0])

    def remember(self) -> None:
        """The rows of the booking that was just made."""
        for table, last in self._before.items():
            query = f"SELECT * FROM {table} WHERE {_key(table)} > ?"
            self._rows[table] = _read(self._clinic, query, (last,))

    def insert(self) -> None:
        """Insert them with new ids in one durable transaction."""
        with self._clinic.store.database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN IMMEDIATE")
            number = 0
            for table, rows in self._rows.items():
                for values in rows:
                    kept = [None, *values[1:]]  # the database counts on
                    if table == "appointment_device":
                        kept[0] = number
                    if table == "appointment_event":
                        kept[1] = number
                    holes = ", ".join("?" * len(kept))
                    inserted = driver.execute(f"INSERT INTO {table} VALUES ({holes})", kept).lastrowid
                    number = inserted if table == "appointment" else number
            driver.execute("COMMIT")

    def take_back(self) -> None:
        """Leave the clinic as it was."""
        with self._clinic.store.database.engine.begin() as connection:
            for table, last in reversed(self._before.items()):
                if table != "audit_entry":
                    connection.exec_driver_sql(f"DELETE FROM {table} WHERE {_key(table)} > {last}")


def _key(table: str) -> str:
    return "appointment_id" if table == "appointment_device" else "id"


def _read(clinic: LargeClinic, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them, on the connection that the program uses."""
    with clinic.store.database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        rows: list[tuple[Any, ...]] = driver.execute(query, values).fetchall()
        return rows
