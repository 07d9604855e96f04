"""Every check of the project in one command: ``python -m tools.check [tests …]``; exits 0 only when all pass."""

import os
import subprocess
import sys


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
    tests = [python, "-m", "pytest", "-q"]
    if chosen:
        checks.append([*tests, *chosen])
    else:
        # A part that is too little tested fails by itself; a whole would hide it.
        # A file stays with one worker: what its tests set up together is set up once.
        checks.append([*tests, "-n", "auto", "--dist", "loadfile", "--cov=clinic_app", "--cov-report="])
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
