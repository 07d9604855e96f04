"""``clinic-app connect``: a workstation works on a server. ``clinic-app upgrade``: its tables come to this release."""

import argparse
import sys
from getpass import getpass

from clinic_app.errors import ClinicError
from clinic_app.services.server_clinics import connect_workstation, upgrade_server
from clinic_app.settings import Settings


def connect(settings: Settings, parsed: argparse.Namespace) -> int:
    """Look for the clinic on the server and remember it for this computer. Raises ClinicError."""
    if not settings.database_url:
        raise ClinicError("server_address_form", field="address")
    password = getpass("Password of the server's account (not shown): ") if parsed.ask_password else ""
    address = connect_workstation(settings, settings.database_url, password)
    print(f"From now on the program opens the clinic at {address}.")
    return 0


def bring_up(settings: Settings, parsed: argparse.Namespace) -> int:
    """Upgrade the clinic's tables on the server. Raises ClinicError."""
    del parsed
    if not settings.database_url:
        raise ClinicError("server_address_form", field="address")
    told = 0

    def waits(workstations: int) -> None:
        nonlocal told
        if workstations != told:
            told = workstations
            those = "workstation, which was" if workstations == 1 else "workstations, which were"
            print(f"Waiting for {workstations} open {those} asked to close.", file=sys.stderr)

    try:
        upgrade_server(settings, waits)
    except KeyboardInterrupt:
        print("Stopped. Nothing was changed.", file=sys.stderr)
        return 1
    print("The clinic on the server is of this release now.")
    return 0
