"""``clinic-app export csv`` and ``clinic-app import FOLDER``: everything of the clinic as CSV files, and back."""

import argparse
import sys

from clinic_app.errors import ClinicError
from clinic_app.services.clinic_export import export_clinic
from clinic_app.services.clinic_import import import_clinic
from clinic_app.services.clock import system_clock
from clinic_app.services.paper import Step
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings


def export_csv(settings: Settings, parsed: argparse.Namespace) -> int:
    """Write the export, for its owner only, and say what it holds. Raises ClinicError."""
    if not settings.demo:
        return _export(settings, parsed)
    from clinic_app.demo.template import fresh_demo
    from clinic_app.reference.catalogue import load_reference
    from clinic_app.services.bundle import shipped_atlas

    demo = fresh_demo(system_clock, shipped_atlas(), load_reference())
    try:
        return _export(demo.settings, parsed)
    finally:
        demo.remove()


def import_folder(settings: Settings, parsed: argparse.Namespace) -> int:
    """Make the clinic and print its recovery code on standard output. Raises ClinicError."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    try:
        clinic = import_clinic(
            settings, parsed.file, settings.user_name, settings.passphrase, system_clock, _telling("Reading")
        )
    except KeyboardInterrupt:
        raise ClinicError("tables_stopped") from None
    finally:
        _tell("\r\033[K")
    print(f"“{clinic.clinic}” is in {clinic.where}: {_counts(clinic.rows)}.")
    print("Recovery code, to be kept on paper and apart from the computer:")
    print(clinic.recovery_code)
    if settings.database_url:
        print(f"Once on each computer: clinic-app --database {clinic.where} connect")
    if clinic.waiting:
        print(f"Without a passphrase until the manager gives one: {', '.join(clinic.waiting)}.")
    for broken in clinic.broken:
        print(f"Not as it was: {broken.what}: {broken.where}.")
    return 2 if clinic.broken else 0


def _export(settings: Settings, parsed: argparse.Namespace) -> int:
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    # The export has a line of its own in the audit trail, behind all that it holds.
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock, noted=False)
    try:
        exported = export_clinic(store.database, store.actor, parsed.out, system_clock, _telling("Writing"))
    except KeyboardInterrupt:
        raise ClinicError("tables_stopped") from None
    finally:
        store.close()
        _tell("\r\033[K")
    print(f"The clinic is in {exported.folder}: {_counts(exported.rows)}.")
    print("Nothing there is encrypted: whoever has the folder reads every record.", file=sys.stderr)
    return 0


def _counts(rows: dict[str, int]) -> str:
    return f"{rows['patient']:,} patients, {rows['visit']:,} visits, {rows['appointment']:,} appointments"


def _telling(what: str) -> Step:
    return lambda done, of: _tell(f"\r{what}: {100 * done // max(of, 1)} %")


def _tell(said: str) -> None:
    """For a person who waits; a program that reads what is said there gets sentences only."""
    if sys.stderr.isatty():
        print(said, end="", file=sys.stderr, flush=True)
