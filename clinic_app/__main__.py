"""``python -m clinic_app`` and the ``clinic-app`` command."""

import sys


def main() -> int:
    """Run the program; returns the exit code."""
    from clinic_app.cli import run
    from clinic_app.fault_report import hide_values

    hide_values()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
