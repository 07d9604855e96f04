"""``python -m clinic_app`` and the ``clinic-app`` command."""

import sys


def main() -> int:
    """Run the program; returns the exit code."""
    from clinic_app.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
