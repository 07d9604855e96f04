"""Run by the benchmark in a process of its own: opens the clinic, uses every view, and prints the memory in MB then."""

import gc
import os
import sys
from pathlib import Path

import clinic_app.app  # noqa: F401  # before Qt, as in the program
from benchmarks.large_clinic import PASSPHRASE, USER

_PAUSE_MS = 3000
"""After the last view: what goes back to the system as soon as nobody works is not counted."""

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Walk through the clinic in the folder that is given, of so many patients."""
    from PySide6.QtTest import QTest

    from benchmarks.measure import resident_mb
    from benchmarks.window import RealWindow
    from clinic_app.services.reports_data import Question
    from clinic_app.settings import Settings
    from clinic_app.ui.clinic_window import PATIENTS, SCHEDULE
    from clinic_app.ui.schedule.grid_model import Mode

    folder, patients = Path(sys.argv[1]), int(sys.argv[2])
    window = RealWindow(Settings(folder, user_name=USER, passphrase=PASSPHRASE))
    clinic = window.clinic
    for key in clinic.window.views:
        clinic.window.show_view(key)
        window.settle()
    clinic.window.show_view(PATIENTS)
    finder = clinic.patients.finder
    asked: list[str] = []
    finder.search.searched.connect(asked.append)
    QTest.keyClicks(finder.search.editor, "an")
    window.until(lambda: bool(asked))
    window.settle()
    for patient in (1, patients // 2, patients + 1):
        for tab in clinic.patients.page.tab_keys():
            clinic.patients.show_patient(patient, tab)
            window.settle()
    clinic.start_visit(patients + 1, True)
    window.settle()
    clinic.muscle_map.close_chart()
    window.settle()
    clinic.window.show_view(SCHEDULE)
    for mode in Mode:
        clinic.schedule.set_mode(mode)
        window.settle()
    clinic.show_lot(1)
    window.settle()
    assert clinic.reports is not None
    clinic.window.show_view("reports")
    for question in Question:
        clinic.reports.questions.choose(question)
        window.settle()
    assert clinic.settings is not None
    clinic.window.show_view("settings")
    for page in clinic.settings.pages:
        clinic.settings.show_page(page)
        window.settle()
    gc.collect()
    QTest.qWait(_PAUSE_MS)
    print(resident_mb())
    window.close()


if __name__ == "__main__":
    main()
