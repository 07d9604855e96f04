"""``clinic-app tour``: the main job on the demo clinic, with a picture of every view and document on the way.

For everyone who judges by looking: each view at 1440 × 900 in scale 1 and 2 and in dark, each document as PDF and each
of its pages as a picture.
"""

import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from clinic_app.demo.template import ZONE
from clinic_app.errors import ClinicError
from clinic_app.services.clock import Clock, local_now
from clinic_app.settings import Settings
from clinic_app.ui.failures import Failures
from clinic_app.ui.first_run import FirstRunPage
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Appearance, Look
from clinic_app.ui.tour_camera import SIZE, Camera
from clinic_app.ui.tour_walk import Walk
from clinic_app.ui.unlock import UnlockPage


def tour(application: QApplication, out: Path, clock: Clock) -> int:
    """Write the pictures into ``out``; returns 0. Raises ClinicError when the folder cannot be used."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClinicError("folder_unusable", folder=out) from error
    look = Look(application, Appearance.LIGHT)
    with tempfile.TemporaryDirectory() as logs:
        failures = Failures(Path(logs))
        failures.install()
        bugs = _Heard()
        failures.shown.connect(bugs.hear)
        camera = Camera(application, look, out)
        moment = _mid_morning(clock)
        program = Program(Settings(data=Path(logs), demo=True), lambda: moment, look, failures)
        try:
            _opening_pages(camera)
            program.start()
            program.tasks.wait_idle(900)
            if program.clinic_window is None:
                raise ClinicError("store_damaged")
            Walk(camera, program, program.clinic_window).go()
        finally:
            program.finish()
            failures.uninstall()
    print(f"{camera.taken} pictures are in {out}.")
    return 1 if bugs.count else 0


class _Heard(QObject):
    """Counts bugs told on the way; the tour then fails."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @Slot(object)
    def hear(self, _dialog: object) -> None:
        self.count += 1


def _opening_pages(camera: Camera) -> None:
    first_run = FirstRunPage()
    first_run.resize(SIZE)
    first_run.show()
    camera.take("first-run", first_run)
    first_run.server_link.click()
    camera.take("connect-to-server", first_run)
    first_run.server.back_button.click()
    first_run.show_recovery_code("0000-0000-0000-0000-0000-0000-0000-0000")
    camera.take("recovery-code-page", first_run)
    first_run.recovery.stored_button.click()
    camera.take("recovery-code-tried", first_run)
    first_run.close()
    unlock = UnlockPage("Port Alder Movement Clinic")
    unlock.resize(SIZE)
    unlock.show()
    camera.take("unlock", unlock)
    unlock.show_error(str(ClinicError("passphrase_wrong")), "passphrase")
    camera.take("unlock-refused", unlock)
    unlock.clear()
    unlock.show_away(str(ClinicError("server_host_unknown")), "postgresql://clinic_work@record.example:5432/clinic")
    camera.take("unlock-server-away", unlock)
    unlock.close()


def _mid_morning(clock: Clock) -> datetime:
    """Twenty to eleven on today, or on the Friday before a weekend: somebody is waiting, somebody is booked."""
    today = local_now(clock, ZONE).date()
    working_day = today - timedelta(days=max(0, today.weekday() - 4))
    return datetime.combine(working_day, time(10, 40), ZoneInfo(ZONE)).astimezone(UTC)
