"""Whom to call: the recall list of the whole clinic, on screen and without the window."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle

from benchmarks.calendars import MONDAY
from benchmarks.clinics import Clinics
from benchmarks.hand import rows_by_hand
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, beside, row, timed
from benchmarks.window import RealWindow
from clinic_app.services.recall import AttemptForm
from clinic_app.terms import ContactOutcome, ContactWay
from clinic_app.ui.clinic_window import PATIENTS

RECALL_MS = 100.0
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


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every row about the recall list."""
    with clinics.window() as window:
        show, elsewhere = partial(_show, window), partial(_call_somebody, window, _due(window))
        elsewhere()
        note = "somebody was called since the list was seen last"
        yield row("recall: the whole clinic, on screen", RECALL_MS, timed(show, after=elsewhere), note=note)
        yield row("recall: the same, unchanged", None, timed(show, after=partial(_look_elsewhere, window)))
    with clinics.opened() as clinic:
        yield _without_window(clinic)


def _show(window: RealWindow, _: int = 0) -> None:
    """From the press on Recall until its rows are painted."""
    window.clinic.show_recall()
    window.settle()


def _due(window: RealWindow) -> Iterator[int]:
    workplace = window.clinic.workplace
    return cycle([each.patient_id for each in workplace.services.recall.rows(workplace.actor, weeks_ahead=2)])


def _call_somebody(window: RealWindow, due: Iterator[int]) -> None:
    """While another view is shown, a try is noted: the list has to be laid out anew."""
    _look_elsewhere(window)
    workplace = window.clinic.workplace
    attempt = AttemptForm(ContactWay.TELEPHONE, ContactOutcome.NO_ANSWER)
    workplace.services.recall.note(workplace.actor, next(due), attempt)
    window.settle()
    window.settle()  # until the inbox has heard of it, too


def _look_elsewhere(window: RealWindow) -> None:
    window.clinic.window.show_view(PATIENTS)
    window.settle()


def _without_window(clinic: LargeClinic) -> Row:
    until, today = str(MONDAY + timedelta(weeks=2)), f"{MONDAY} 00:00:00.000000"

    def recall(_: int) -> None:
        clinic.services.recall.rows(clinic.actor, weeks_ahead=2)

    def by_hand(_: int) -> None:
        rows_by_hand(clinic, _RECALL, (until, today))
        rows_by_hand(clinic, _MISSED, (until,))
        rows_by_hand(clinic, _TRIES, (until,))

    found = {each.patient_id for each in clinic.services.recall.rows(clinic.actor, weeks_ahead=2)}
    if not clinic.on_server:
        assert found == {each[0] for each in rows_by_hand(clinic, _RECALL_FROM_RECORDS, (until, today))}
    times = beside(recall, by_hand)
    note = f"{len(found)} patients"
    return row("recall: the whole clinic, without the window", RECALL_MS, *times, note=note, most=2)
