"""``clinic-app calendar``: an injector's appointments as a calendar file, or busy times for a calendar server."""

import argparse
import os

from clinic_app.errors import ClinicError
from clinic_app.models.private_files import write_private
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.clock import system_clock
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings

PASSWORD = "CLINIC_APP_CALENDAR_PASSWORD"
"""The variable for where no keyring is open, such as in a nightly job; it counts for every calendar."""


def write_calendar(settings: Settings, parsed: argparse.Namespace) -> int:
    """Write the file, for its owner only, and say where it is; or publish. Raises ClinicError."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        services = Services(store.database, system_clock, load_reference())
        if parsed.publish:
            return _publish(services, store.actor)
        file = services.calendars.of_injector(store.actor, parsed.injector or "")
    finally:
        store.database.close()
    write_private(parsed.out, file)
    print(f"The calendar is in {parsed.out}.")
    return 0


def _publish(services: Services, actor: Actor) -> int:
    """Each calendar that is on; one that fails does not keep the others from it, and counts in the end."""
    publishing, failed = services.calendar_publishing, 0
    targets = {whose: each for whose, each in publishing.targets(actor).items() if each.on}
    if not targets:
        raise ClinicError("calendar_server_off")
    for whose, target in targets.items():
        try:
            done = publishing.publish(actor, whose, password=os.environ.get(PASSWORD, ""))
            print(f"{target.address}: {done.sent} sent, {done.removed} taken away.")
        except ClinicError as error:
            failed += 1
            print(f"{target.address}: {error}")
    return 1 if failed else 0
