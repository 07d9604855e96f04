"""Opening a patient: everything read, summary and timeline filled and painted, in a window of 1440 x 900.

The baseline reads the same rows by hand-written SQL on the program's connection and paints nothing.
"""

import gc
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from benchmarks.calendars import OFTEN_SEEN, VISITS_A_PATIENT, Size
from benchmarks.large_clinic import LargeClinic, large_clinic
from benchmarks.measure import Row, beside, row, timed
from clinic_app.atlas.atlas import Atlas
from clinic_app.resources import resource_path
from clinic_app.ui.changes import Changes
from clinic_app.ui.patients.record import read_record
from clinic_app.ui.patients.view import PatientsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Appearance, Look
from clinic_app.ui.workplace import Workplace

TYPICAL_MS, OFTEN_SEEN_MS = 50.0, 150.0
_BY_HAND = (
    "SELECT * FROM patient WHERE id = ?",
    "SELECT * FROM patient_entry WHERE patient_id = ?",
    "SELECT * FROM authorization WHERE patient_id = ?",
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


def cases(size: Size, folder: Path) -> Iterator[Row]:
    """Patients of a clinic of this size that is kept in the folder."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    look = Look(application, Appearance.LIGHT)
    clinic = large_clinic(folder, size)
    bugs: list[BaseException] = []
    tasks = Tasks(bugs.append)
    atlas = Atlas(resource_path("atlas", "baked"))
    view = PatientsView(Workplace(clinic.services, clinic.actor, tasks, Changes(), atlas))
    view.resize(1440, 900)
    view.show()
    often = size.patients + 1
    typical = [1 + 97 * number % size.patients for number in range(1, 60)]
    gc.collect()
    gc.disable()  # as the program does, which collects from a timer
    try:
        for tab in ("summary", "timeline"):
            opened = partial(_open, view, tasks, tab)
            times = timed(partial(opened, typical), after=gc.collect)
            yield row(f"patient: open at the {tab}, {VISITS_A_PATIENT} visits", TYPICAL_MS, times)
            times = timed(partial(opened, [often]), after=partial(opened, typical, 0))
            yield row(f"patient: open at the {tab}, {OFTEN_SEEN} visits", OFTEN_SEEN_MS, times)
        yield _reading(clinic, f"patient: read, {VISITS_A_PATIENT} visits", typical)
        yield _reading(clinic, f"patient: read, {OFTEN_SEEN} visits", [often])
    finally:
        gc.enable()
        view.close()
        tasks.close()
        clinic.close()
    assert not bugs, bugs
    del look


def _reading(clinic: LargeClinic, case: str, patients: list[int]) -> Row:
    def read(number: int) -> None:
        read_record(clinic.services, clinic.actor, patients[number % len(patients)])

    def by_hand(number: int) -> None:
        patient = patients[(number + 7) % len(patients)]  # not the one that was just read
        with clinic.store.database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            for query in _BY_HAND:
                driver.execute(query, (patient,)).fetchall()

    return row(case, None, *beside(read, by_hand), note="without the window")


def _open(view: PatientsView, tasks: Tasks, tab: str, patients: list[int], number: int = 0) -> None:
    view.show_patient(patients[number % len(patients)], tab)
    tasks.wait_idle(60)
    for _ in range(2):  # lays out and paints; what wraps is placed once more, and counts here and not with the next one
        QApplication.processEvents()
