"""Opening a patient in the real window: everything read, summary or timeline filled and painted.

The baseline reads the same rows by hand-written SQL on a connection of its own and paints nothing.
"""

from collections.abc import Iterator
from functools import partial

from benchmarks.calendars import OFTEN_SEEN, VISITS_A_PATIENT
from benchmarks.clinics import Clinics
from benchmarks.hand import rows_by_hand
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, beside, row, timed
from benchmarks.window import RealWindow
from clinic_app.ui.clinic_window import PATIENTS
from clinic_app.ui.patients.record import read_record

TYPICAL_MS, OFTEN_SEEN_MS = 50.0, 150.0
_BY_HAND = (
    "SELECT * FROM patient WHERE id = ?",
    "SELECT * FROM patient_entry WHERE patient_id = ?",
    "SELECT * FROM dystonia_history WHERE patient_id = ?",
    'SELECT * FROM "authorization" WHERE patient_id = ?',
    "SELECT * FROM toxin_elsewhere WHERE patient_id = ?",
    "SELECT * FROM appointment WHERE patient_id = ? ORDER BY starts_at",
    "SELECT v.*, a.full_name FROM visit v JOIN account a ON a.id = v.injector_id WHERE patient_id = ? "
    "ORDER BY visited_on DESC",
    "SELECT i.*, d.product FROM visit v JOIN injection i ON i.visit_id = v.id JOIN vial d ON d.id = i.vial_id "
    "WHERE v.patient_id = ?",
    "SELECT r.* FROM visit v JOIN response r ON r.visit_id = v.id WHERE v.patient_id = ?",
    "SELECT e.*, m.muscle, m.side FROM side_effect e LEFT JOIN suspected_muscle m ON m.side_effect_id = e.id "
    "WHERE e.patient_id = ?",
    "SELECT * FROM side_effect_answer WHERE patient_id = ?",
    "SELECT * FROM scale_result WHERE patient_id = ?",
    "SELECT * FROM diary_week WHERE patient_id = ?",
)


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every row about opening a patient."""
    often = clinics.size.patients + 1
    typical = [1 + 97 * number % clinics.size.patients for number in range(1, 60)]
    with clinics.window() as window, clinics.opened() as clinic:
        window.clinic.window.show_view(PATIENTS)
        for tab in ("summary", "timeline"):
            opened = partial(_open, window, tab)
            both = beside(partial(opened, typical), partial(_by_hand, clinic, typical))
            yield row(f"patient: open at the {tab}, {VISITS_A_PATIENT} visits", TYPICAL_MS, *both)
            # Another patient between two of them: who is open already is not opened.
            times = timed(partial(opened, [often]), after=partial(opened, typical, 0))
            yield row(f"patient: open at the {tab}, {OFTEN_SEEN} visits", OFTEN_SEEN_MS, times)
    with clinics.opened() as clinic:
        yield _reading(clinic, f"patient: read, {VISITS_A_PATIENT} visits", typical)
        yield _reading(clinic, f"patient: read, {OFTEN_SEEN} visits", [often])


def _reading(clinic: LargeClinic, case: str, patients: list[int]) -> Row:
    def read(number: int) -> None:
        read_record(clinic.services, clinic.actor, patients[number % len(patients)])

    return row(f"{case}, without the window", None, *beside(read, partial(_by_hand, clinic, patients)))


def _by_hand(clinic: LargeClinic, patients: list[int], number: int) -> None:
    patient = patients[(number + 7) % len(patients)]  # not the one that was just read
    for query in _BY_HAND:
        rows_by_hand(clinic, query, (patient,))


def _open(window: RealWindow, tab: str, patients: list[int], number: int = 0) -> None:
    window.clinic.patients.show_patient(patients[number % len(patients)], tab)
    window.settle()
