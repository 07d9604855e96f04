"""What a command that meets a fault leaves on the terminal, and in whatever keeps what it says there."""

import subprocess
import sys

FAULT = """
import sys, threading
from clinic_app.__main__ import main
sys.argv = ["clinic-app", "--version"]
try:
    main()
except SystemExit:
    pass

class Unraisable:
    def __del__(self):
        raise LookupError("Ada Okafor")

def fail():
    raise KeyError("Ada Okafor")

Unraisable()
worker = threading.Thread(target=fail, name="Ada Okafor")
worker.start()
worker.join()
raise ValueError("Ada Okafor") from RuntimeError("Ada Okafor")
"""


def test_a_fault_that_nothing_catches_is_told_without_its_message() -> None:
    met = subprocess.run([sys.executable, "-c", FAULT], capture_output=True, text=True, check=False)
    assert met.returncode == 1
    for kind in ("LookupError", "KeyError", "ValueError", "RuntimeError"):
        assert f"builtins.{kind}\n" in met.stderr
    assert "<string>:" in met.stderr
    assert "Okafor" not in met.stderr
