"""A command that crashes leaves no picture of its memory behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

CRASH = """
import ctypes, os, resource, signal
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
from clinic_app.cli import run
assert run(["--data", "no clinic is here", "verify"]) == 1
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
"""


def test_a_crash_leaves_no_core_file(tmp_path: Path) -> None:
    crashed = subprocess.Popen([sys.executable, "-c", CRASH], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert crashed.stdout is not None
    told = crashed.stdout.read().strip()
    crashed.stdout.close()
    _, status = os.waitpid(crashed.pid, 0)
    crashed.returncode = -os.WTERMSIG(status)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    assert not os.WCOREDUMP(status)
    assert told.startswith("(0, 0)")
    if sys.platform == "linux":
        assert told.endswith(" 0"), "other programs of the same person may read its memory"
