"""Run as a process of its own by tests that drive the window from outside: one patient's new chart is open."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from clinic_app.app import make_application
from clinic_app.settings import Settings
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Look

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def open_chart() -> tuple[QApplication, Program]:
    """The program on the clinic and patient of the command line, with a new visit open."""
    data, database_url, user, passphrase, patient_id = sys.argv[1:]
    application = make_application()
    settings = Settings(data=Path(data), database_url=database_url, user_name=user, passphrase=passphrase)
    program = Program(settings, lambda: NOW, Look(application), Failures(Path(data) / "logs"))
    program.start()
    assert program.tasks.wait_idle(60)
    assert program.clinic_window is not None
    program.clinic_window.start_visit(int(patient_id), False)
    assert program.tasks.wait_idle(60)
    return application, program


if __name__ == "__main__":
    window, held = open_chart()
    window.exec()
