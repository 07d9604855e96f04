"""The clinics of one run: built once and kept from run to run, worked in as copies that go away with the run.

So every run finds what the first one found, whatever it books, signs and notes.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.calendars import Size
from benchmarks.large_clinic import PASSPHRASE, USER, LargeClinic, built_clinic, open_clinic
from benchmarks.measure import quick
from benchmarks.server_clinic import server_clinic
from benchmarks.window import RealWindow
from clinic_app.services.reports_data import Question, ReportFilters
from clinic_app.settings import Settings


class Clinics:
    """Hands out clinics of ``size`` and of ``smaller``; ``folder`` is where the built ones are kept.

    With ``database``, the address of a server's owner, the clinic of ``size`` lies there and is worked in itself.
    """

    def __init__(self, folder: Path, size: Size, smaller: Size, database: str = "") -> None:
        self.size = size
        self.smaller = smaller
        self._folder = folder
        self._database = database
        self._settings: dict[Size, Settings] = {}
        self._window: RealWindow | None = None

    def settings(self, size: Size | None = None) -> Settings:
        """Where the copy is, with the account that unlocks it."""
        size = size or self.size
        if size not in self._settings:
            self._settings[size] = self._prepared(size)
        return self._settings[size]

    @contextmanager
    def opened(self, size: Size | None = None) -> Iterator[LargeClinic]:
        """The clinic without a window. No garbage is collected meanwhile: in the program its window does that."""
        clinic = open_clinic(self.settings(size), size or self.size)
        gc.collect()
        gc.disable()
        try:
            yield clinic
        finally:
            gc.enable()
            clinic.close()

    @contextmanager
    def window(self) -> Iterator[RealWindow]:
        """The program's window on the clinic: a fresh one each time, unless it is only tried."""
        window = self._window or RealWindow(self.settings())
        try:
            yield window
        finally:
            self._window = window if quick() else None
            if self._window is None:
                window.close()

    def close(self) -> None:
        """Take the copies away."""
        if self._window is not None:
            self._window.close()
        for settings in self._settings.values():
            shutil.rmtree(settings.data)
        self._settings.clear()

    def _prepared(self, size: Size) -> Settings:
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.glob("run-*"):  # of a run that was killed
            if not psutil.pid_exists(int(left.name.split("-")[1])):
                shutil.rmtree(left)
        built = built_clinic(self._folder, size, _say)
        if not quick() and not (built / "counted").exists():
            _say("Counting every month once, as its reports would have")
            _count_months(built, size)
        place = Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=self._folder))
        url = ""
        if self._database:
            url = server_clinic(Settings(data=built), size, self._database, built.name, _say)
        else:
            _say(f"Copying the clinic of {size.patients:,} patients")
            shutil.copytree(built, place, dirs_exist_ok=True)
        return Settings(data=place, database_url=url, user_name=USER, passphrase=PASSPHRASE)


def _count_months(built: Path, size: Size) -> None:
    """The program keeps what it counted of whole months; so does a clinic in which reports are looked at."""
    clinic = open_clinic(Settings(data=built), size)
    for question in Question:
        clinic.services.reports.answer(clinic.actor, question, ReportFilters())
    clinic.close()
    (built / "counted").touch()


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)
