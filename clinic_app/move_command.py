"""``clinic-app move``: a clinic from a folder to a server, or from a server into a folder."""

import argparse
import sys

from clinic_app.errors import ClinicError
from clinic_app.services.clock import system_clock
from clinic_app.services.moving import move_clinic
from clinic_app.services.moving_places import is_address
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings


def move(settings: Settings, parsed: argparse.Namespace) -> int:
    """Copy the clinic, compare both, and say where it is now. Raises ClinicError."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    # Without a line in its audit trail: the clinic that is moved stays as it was.
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock, noted=False)
    store.close()
    try:
        moved = move_clinic(settings, store.actor, store.files, store.data_key, parsed.to, system_clock, _told)
    except KeyboardInterrupt:
        raise ClinicError("move_stopped") from None
    finally:
        _tell("\r\033[K")
    rows = moved.rows
    print(
        f"The clinic is in {moved.where}: {rows['patient']} patients, {rows['visit']} visits, "
        f"{rows['appointment']} appointments. Every row was compared."
    )
    opening = f"--database {moved.where} connect" if is_address(parsed.to) else f"--data {moved.where}"
    print(f"It opens with the same passphrases as before. Once on each computer: clinic-app {opening}")
    print("The clinic that was copied is as it was. Put it away, so that nobody goes on working in it.")
    return 0


def _told(done: int, of: int) -> None:
    _tell(f"\rCopying and comparing: {100 * done // max(of, 1)} %")


def _tell(said: str) -> None:
    """For a person who waits; a program that reads what is said there gets sentences only."""
    if sys.stderr.isatty():
        print(said, end="", file=sys.stderr, flush=True)
