"""The composition root: builds the program with plain constructors and runs it."""

import gc
import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import clinic_app.ui  # noqa: F401  # before anything of Qt: it says why
from clinic_app import __version__
from clinic_app.errors import ClinicError
from clinic_app.settings import APPLICATION, Settings, log_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from clinic_app.services.clock import Clock


def run_window(settings: Settings) -> int:
    """Open the window and run until it is closed; returns the exit code.

    Raises ClinicError when there is no display; the demo then makes its tour instead.
    """
    if not _display():
        if settings.demo:
            folder = Path(tempfile.mkdtemp(prefix="clinic-tour-"))
            print(f"There is no display here, so the demo's pictures are written to {folder}.")
            return run_tour(folder)
        raise ClinicError("no_display")
    gc.disable()  # the window collects by itself, see ui/garbage.py, and what is imported until then is no garbage
    from PySide6.QtCore import QSettings

    from clinic_app.ui.failures import Failures
    from clinic_app.ui.program import Program
    from clinic_app.ui.spool import spooling_in
    from clinic_app.ui.theme import Look, remembered_appearance

    application = make_application()
    look = Look(application, remembered_appearance(QSettings()))
    failures = Failures(log_folder())
    failures.install()
    program = Program(settings, _clock(), look, failures)
    # The people of the demo are invented, and it has no folder that lasts.
    with nullcontext() if settings.demo else spooling_in(settings.data / "printing"):
        program.start()
        try:
            return application.exec()
        finally:
            program.finish()


def run_tour(out: Path) -> int:
    """Write the pictures and documents of the demo clinic into a folder; needs no display."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clinic_app.ui.tour import tour

    with tempfile.TemporaryDirectory() as choices:
        remember_choices_in(Path(choices))
        return tour(make_application(), out, _clock())


def remember_choices_in(folder: Path) -> None:
    """Keep what this run remembers, such as widths of columns, away from the person's own choices."""
    from PySide6.QtCore import QSettings

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))


def make_application() -> "QApplication":
    """The Qt application with its name and version."""
    from PySide6.QtWidgets import QApplication

    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(APPLICATION)
    application.setOrganizationName(APPLICATION)
    application.setApplicationVersion(__version__)
    return application


def _clock() -> "Clock":
    from clinic_app.services.clock import system_clock

    return system_clock


def _display() -> bool:
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
