"""Every check of the project in one command: ``python -m tools.check [tests …]``; exits 0 only when all pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_COUNTED = ("migrations", "models", "rules", "services", "ui")
"""Where the tests are whose coverage counts. To watch every line takes half as long again: no others are watched."""
_WATCHED = ("models", "rules", "services", "ui")
"""The rooms whose coverage is held."""
_ROOM = 4 << 30
"""Bytes."""
_ON_A_SERVER = ("migrations", "models", "services")
"""Those of them whose tests run a second time, on clinics of a server, uncounted since it is the same code."""


def main(chosen: list[str]) -> int:
    """Run every check, the quick ones first; returns 1 when one fails."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    python = sys.executable
    checks = [
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        [python, "-m", "mypy"],
    ]
    _keep_folders_in_memory()
    tests = [python, "-m", "pytest", "-q"]
    if chosen:
        checks.append([*tests, *chosen])
    else:
        # A file stays with one worker: what its tests set up together is set up once. In their order, since the
        # longest stand first.
        tests += ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
        counted = [f"tests/{room}" for room in _COUNTED]
        others = [str(each) for each in sorted(Path("tests").glob("[!_]*/")) if str(each) not in counted]
        watched = [f"--cov=clinic_app.{room}" for room in _WATCHED]
        checks.append([*tests, "--store=folder", *watched, "--cov-report=", *counted])
        checks.append([*tests, "--store=server", *(f"tests/{room}" for room in _ON_A_SERVER)])
        checks.append([*tests, *others, *map(str, sorted(Path("tests").glob("test_*.py")))])
        # A part that is too little tested fails by itself; a whole would hide it.
        for rooms, least in (("rules,services,models", 95), ("ui", 85)):
            include = ",".join(f"clinic_app/{room}/*" for room in rooms.split(","))
            checks.append(
                [python, "-m", "coverage", "report", f"--include={include}", f"--fail-under={least}", "--skip-covered"]
            )
    for check in checks:
        print("$", " ".join(check[1:]), flush=True)
        if subprocess.run(check, check=False).returncode != 0:
            return 1
    return 0


def _keep_folders_in_memory() -> None:
    """Where there is room. Each test has a clinic of its own, whose every save waits for the disk otherwise."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
