"""The reports over ten years of a clinic, beside the same counts by hand-written SQL on the program's connection.

Months that were counted before are kept by the program, as in a clinic whose reports are looked at. That the clinic of
the benchmarks has few points on the map makes "What is missing" cheaper than it would be.
"""

from collections.abc import Iterator
from functools import partial

from benchmarks.clinics import Clinics
from benchmarks.hand import rows_by_hand
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, measured, quick, row, timed
from benchmarks.window import RealWindow
from clinic_app.services.reports_data import TITLES, Question, ReportFilters
from clinic_app.ui.clinic_window import REPORTS
from clinic_app.ui.reports.wording import Preset

REPORT_MS = 1000.0
_RUNS = 30
_BY_HAND_RUNS = 3
"""Some of them take twenty seconds."""
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


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every report over all years."""
    questions = list(Question)[:1] if quick() else list(Question)
    with clinics.window() as window:
        window.clinic.window.show_view(REPORTS)
        window.settle()
        assert window.clinic.reports is not None
        window.clinic.reports.filters.set_period(Preset.ALL)
        window.settle()
        for question in questions:
            yield _on_screen(window, question)
    with clinics.opened() as clinic:
        for question in questions:
            yield _without_window(clinic, question)


def _on_screen(window: RealWindow, question: Question) -> Row:
    """From the choice of the question to its painted table and picture."""
    view = window.clinic.reports
    assert view is not None
    other = Question.DOSES if question is Question.CYCLES else Question.CYCLES

    def choose(wanted: Question, _: int = 0) -> None:
        view.questions.choose(wanted)
        window.settle()

    choose(other)
    times = timed(partial(choose, question), _RUNS, after=partial(choose, other))
    return row(f"reports: {TITLES[question].lower()}, ten years, on screen", REPORT_MS, times)


def _without_window(clinic: LargeClinic, question: Question) -> Row:
    answer = partial(clinic.services.reports.answer, clinic.actor, question, ReportFilters())
    by_hand = None if clinic.on_server else _BY_HAND.get(question)
    case = f"reports: {TITLES[question].lower()}, ten years, without the window"
    if by_hand is None:
        return row(case, REPORT_MS, timed(lambda _: answer(), _RUNS))
    counted = [measured(partial(rows_by_hand, clinic, by_hand)) for _ in range(1 if quick() else _BY_HAND_RUNS)]
    return row(case, REPORT_MS, timed(lambda _: answer(), _RUNS), counted, most=2)
