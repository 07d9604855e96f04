"""Starting the program: a fresh process each time, beside a bare PySide6 window in a fresh process of its own.

A frozen program is watched from outside: Qt tells in its own log which widgets it draws, and when a window is flushed.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.clinics import Clinics
from benchmarks.large_clinic import PASSPHRASE, USER
from benchmarks.measure import Row, quick, row

UNLOCK_TIMES, WINDOW_TIMES = 1.6, 4.0
_LIMIT = "SQLAlchemy and the mapped classes alone take three times a bare window"
_RUNS = 30
_UNLOCK_PAGE, _LIST = "of UnlockPage", "of QScrollBar"
"""What is drawn of the unlock page, and with the first list of patients: it alone has a scroll bar then."""


def cases(clinics: Clinics, frozen: Path | None = None) -> Iterator[Row]:
    """The unlock page, and the main window of a built clinic with its key, whose derivation is made cheap.

    Then the same of a ``frozen`` program, if there is one.
    """
    folder = str(clinics.settings().data)
    with tempfile.TemporaryDirectory() as logs, tempfile.TemporaryDirectory() as compiled:
        program = [sys.executable, "-m", "benchmarks.started", folder, logs]
        # As installed: compiled once, by the run that warms up.
        plain = {} if quick() else {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        unlocked = {**plain, "CLINIC_APP_PASSPHRASE": PASSPHRASE}
        unlock_page, window = "unlock page painted", "main window usable"
        for name, said, command, environment, most, note in (
            (unlock_page, "unlock page", [*program, ""], plain, UNLOCK_TIMES, ""),
            (window, "main window", [*program, USER], unlocked, WINDOW_TIMES, _LIMIT),
        ):
            times, bare = _beside_bare(partial(_until, (said,), command, environment), plain)
            yield row(f"start: {name}, fresh process", None, times, bare, note, most)
        if frozen is None:
            return
        command = [str(frozen), "--data", folder]
        told = {"QT_LOGGING_RULES": "qt.widgets.painting=true", "XDG_CONFIG_HOME": logs, "XDG_STATE_HOME": logs}
        for name, drawn, arguments, environment in (
            (unlock_page, _UNLOCK_PAGE, [], told),
            (window, _LIST, ["--user", USER], told | unlocked),
        ):
            start = partial(_until, (drawn, "Flushing"), [*command, *arguments], environment)
            times, bare = _beside_bare(start, plain)
            yield row(f"start: {name}, frozen program", None, times, bare)


def _beside_bare(start: Callable[[], float], plain: Mapping[str, str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each start, and of a bare window after each."""
    times, bare = [], []
    for _ in range(1 if quick() else 1 + _RUNS):
        times.append(start())
        bare.append(_until(("painted",), [sys.executable, "-m", "benchmarks.bare_window"], plain))
    warm = slice(0 if quick() else 1, None)
    return times[warm], bare[warm]


def _until(said: Sequence[str], command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Milliseconds from the start of a process until it has said all this, one after the other."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | environment
    ) as process:
        assert process.stdout is not None
        heard = all(any(each in line for line in process.stdout) for each in said)
        spent = (time.perf_counter() - begun) * 1000
        process.kill()
    assert heard, command
    return spent
