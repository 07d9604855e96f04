"""The program's real window on a clinic of the benchmarks, on Qt's offscreen platform."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.calendars import NOW
from clinic_app.app import make_application, remember_choices_in
from clinic_app.settings import Settings
from clinic_app.ui.clinic_window import ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Appearance, Look

WIDTH, HEIGHT = 1440, 900
_PATIENCE_MS = 120_000


class RealWindow:
    """Unlocked and shown; a bug in it ends the benchmark."""

    def __init__(self, settings: Settings) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        remember_choices_in(folder)
        self.application = make_application()
        self._look = Look(self.application, Appearance.LIGHT)
        self._failures = Failures(folder / "logs")
        self._bugs: list[object] = []
        self._failures.shown.connect(self._bugs.append)
        self.program = Program(settings, lambda: NOW, self._look, self._failures)
        opened: list[ClinicWindow] = []
        refused: list[str] = []
        self.program.opened.connect(opened.append)
        self.program.refused.connect(refused.append)
        self.program.start()
        self.until(lambda: bool(opened or refused))
        assert opened, refused
        self.clinic = opened[0]
        self._end_what_runs_by_itself()
        self.clinic.window.resize(WIDTH, HEIGHT)
        self.settle()

    def settle(self) -> None:
        """Until every answer has come and is laid out and painted.

        What wraps is placed once more after the first round: that counts here and not with what comes next.
        """
        assert self.program.tasks.wait_idle(_PATIENCE_MS / 1000)
        for _ in range(2):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        assert not self._bugs, "the window told of a bug"

    def until(self, there: Callable[[], bool]) -> None:
        """Process events as they come until something is so."""
        limit = QTimer()
        limit.setSingleShot(True)
        limit.start(_PATIENCE_MS)
        while not there():
            assert limit.isActive(), "the window did not answer"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def close(self) -> None:
        """Close the clinic and its store."""
        self.program.finish()
        self._failures.uninstall()
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        self._folder.cleanup()

    def _end_what_runs_by_itself(self) -> None:
        """No backup, rehearsal or calendar is made while something else is measured."""
        clinic = self.clinic
        for watch in (clinic.backups, clinic.rehearsals):
            if watch is not None:
                watch.deleteLater()
        clinic.backups = clinic.rehearsals = None
