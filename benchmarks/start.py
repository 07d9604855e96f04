"""Starting the program: a fresh process each time, beside a bare PySide6 window in a fresh process of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.clinics import Clinics
from benchmarks.large_clinic import PASSPHRASE, USER
from benchmarks.measure import Row, quick, row

UNLOCK_TIMES, WINDOW_TIMES = 1.6, 4.0
_RUNS = 30


def cases(clinics: Clinics) -> Iterator[Row]:
    """The unlock page, and the main window of a built clinic with its key, whose derivation is made cheap."""
    folder = str(clinics.settings().data)
    with tempfile.TemporaryDirectory() as logs, tempfile.TemporaryDirectory() as compiled:
        program = [sys.executable, "-m", "benchmarks.started", folder, logs]
        # As installed: compiled once, by the run that warms up.
        plain = {} if quick() else {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        unlocked = {**plain, "CLINIC_APP_PASSPHRASE": PASSPHRASE}
        for name, said, command, environment, most in (
            ("unlock page painted", "unlock page", [*program, ""], plain, UNLOCK_TIMES),
            ("main window usable", "main window", [*program, USER], unlocked, WINDOW_TIMES),
        ):
            times, bare = [], []
            for _ in range(1 if quick() else 1 + _RUNS):
                times.append(_until(said, command, environment))
                bare.append(_until("painted", [sys.executable, "-m", "benchmarks.bare_window"], plain))
            warm = slice(0 if quick() else 1, None)
            yield row(f"start: {name}, fresh process", None, times[warm], bare[warm], most=most)


def _until(said: str, command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Milliseconds from the start of a process until it says this."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment) as process:
        assert process.stdout is not None
        heard = next((line for line in process.stdout if line.strip() == said), "")
        spent = (time.perf_counter() - begun) * 1000
        process.kill()
    assert heard, command
    return spent
