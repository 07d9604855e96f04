"""The reports over ten years of a clinic, beside the same counts by hand-written SQL on the program's connection.

Those that people look at each month are held to the target; the others are for information. That the clinic of the
benchmarks has no points on the map makes "What is missing" cheaper than it would be.
"""

import gc
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.calendars import Size
from benchmarks.large_clinic import LargeClinic, large_clinic
from benchmarks.measure import Row, beside, row, timed
from clinic_app.services.reports_data import TITLES, Question, ReportFilters

REPORT_MS = 1000.0
_RUNS = 10
"""Fewer than usual: each reads the whole record."""
_CYCLES = """
SELECT substr(day, 1, 7), days, count(*) FROM (
    SELECT visited_on AS day,
           CAST(julianday(visited_on) - julianday(lag(visited_on) OVER (
               PARTITION BY patient_id ORDER BY visited_on)) AS INTEGER) AS days
    FROM visit v WHERE EXISTS (SELECT 1 FROM injection i WHERE i.visit_id = v.id))
WHERE days > 0 GROUP BY 1, 2
"""
_DOSES = """
SELECT d.product, coalesce(i.indication, v.indication), i.muscle, count(DISTINCT v.id), count(*), sum(i.units)
FROM visit v JOIN injection i ON i.visit_id = v.id JOIN vial d ON d.id = i.vial_id GROUP BY 1, 2, 3
"""
_WASTE = """
SELECT substr(v.visited_on, 1, 7), d.product, trim(d.waste_reason), d.wasted_units > 0, count(*), sum(d.size_units),
       sum(d.wasted_units)
FROM visit v JOIN vial d ON d.visit_id = v.id GROUP BY 1, 2, 3, 4
"""
_NO_SHOWS = """
SELECT substr(starts_at, 1, 7), state, count(*) FROM appointment WHERE starts_at <= '2026-03-02 10:00:00.000000'
GROUP BY 1, 2
"""
_BY_HAND = {
    Question.CYCLES: _CYCLES,
    Question.DOSES: _DOSES,
    Question.WASTE: _WASTE,
    Question.NO_SHOWS: _NO_SHOWS,
}


def cases(size: Size, folder: Path) -> Iterator[Row]:
    """Every report over all years, in a clinic of this size that is kept in the folder."""
    clinic = large_clinic(folder, size)
    gc.collect()
    try:
        for question in Question:
            yield _report(clinic, question)
    finally:
        clinic.close()


def _report(clinic: LargeClinic, question: Question) -> Row:
    answer = partial(clinic.services.reports.answer, clinic.actor, question, ReportFilters())
    by_hand = _BY_HAND.get(question)
    case = f"reports: {TITLES[question].lower()}, ten years"
    if by_hand is None:
        return row(case, REPORT_MS, timed(lambda _: answer(), _RUNS))
    return row(case, REPORT_MS, *beside(lambda _: answer(), lambda _: _read(clinic, by_hand), _RUNS), most=2)


def _read(clinic: LargeClinic, query: str) -> list[tuple[Any, ...]]:
    with clinic.store.database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        rows: list[tuple[Any, ...]] = driver.execute(query).fetchall()
        return rows
