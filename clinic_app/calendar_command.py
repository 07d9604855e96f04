"""``clinic-app calendar``: an injector's appointments as a calendar file."""

import argparse

from clinic_app.errors import ClinicError
from clinic_app.models.private_files import write_private
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import build_services
from clinic_app.services.clock import system_clock
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings


def write_calendar(settings: Settings, parsed: argparse.Namespace) -> int:
    """Write the file, for its owner only, and say where it is. Raises ClinicError."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        services = build_services(store.database, system_clock, load_reference())
        file = services.calendars.of_injector(store.actor, parsed.injector or "")
    finally:
        store.database.close()
    write_private(parsed.out, file)
    print(f"The calendar is in {parsed.out}.")
    return 0
