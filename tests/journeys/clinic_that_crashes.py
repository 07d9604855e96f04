"""Run as a process of its own: uses a clinic, meets a fault that names a patient, and crashes in the middle of it."""

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from clinic_app.app import make_application
from clinic_app.core_dumps import refuse_core_dumps
from clinic_app.settings import Settings, log_folder
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.spool import spooling_in
from clinic_app.ui.theme import Appearance, Look
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW, USER
from tests.journeys.test_nothing_readable import FAMILY, use


def _fault() -> None:
    raise ValueError(f"no such patient: {FAMILY}")


def _crash() -> None:
    print("used", flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)


def main(data: Path, database_url: str) -> None:
    refuse_core_dumps()
    os.chdir(data)  # where a core dump would lie
    application = make_application()
    failures = Failures(log_folder())
    failures.install()
    settings = Settings(data=data, database_url=database_url, user_name=USER, passphrase=PASSPHRASE)
    program = Program(settings, lambda: NOW, Look(application, Appearance.LIGHT), failures)
    with spooling_in(data / "printing"):
        program.start()
        assert program.tasks.wait_idle(60)
        use(program)
        QTimer.singleShot(0, application, _fault)
        QTimer.singleShot(100, application, _crash)
        application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
