"""``clinic-app verify``: whether the clinic's files and its record are what they were."""

import argparse

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.clinics import Clinics
from clinic_app.services.clock import system_clock
from clinic_app.services.stores import unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings


def verify(settings: Settings, parsed: argparse.Namespace) -> int:
    """Check everything and say where it broke; returns 2 where something did. Raises ClinicError."""
    del parsed
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        zone = Clinics(store.database, system_clock).facts().time_zone
        folder = BackupPlan(settings, store.data_key, store.database, system_clock, zone).choice().folder
        broken = verify_clinic(settings, store.database, store.data_key, folder)
    finally:
        store.database.close()
    for each in broken:
        print(f"{each.what}: {each.where}")
    if not broken:
        print(f"The clinic in {settings.data} and its backups are whole.")
    return 2 if broken else 0
