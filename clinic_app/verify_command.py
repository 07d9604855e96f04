"""``clinic-app verify`` and ``rehearse``: whether the clinic is what it was, and whether it would come back."""

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.clinics import Clinics
from clinic_app.services.clock import system_clock
from clinic_app.services.rehearsal import Rehearsals
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings

_MOST_TOLD = 20
"""Lines of each kind: a record that was written anew would fill the screen."""


def verify(settings: Settings, parsed: argparse.Namespace) -> int:
    """Check everything and say where it broke; returns 2 where something did. Raises ClinicError."""
    del parsed
    with _unlocked(settings) as (store, zone):
        folder = BackupPlan(settings, store.key, store.database, system_clock, zone).choice().folder
        broken = verify_clinic(settings, store.database, store.data_key, folder)
    told: Counter[str] = Counter()
    for each in broken:
        told[each.what] += 1
        if told[each.what] <= _MOST_TOLD:
            print(f"{each.what}: {each.where}")
    for what, count in told.items():
        if count > _MOST_TOLD:
            print(f"{what}: and {count - _MOST_TOLD} more")
    if not broken:
        where = f"at {settings.database_url}" if settings.database_url else f"in {settings.data}"
        print(f"The clinic {where} and its backups are whole.")
    return 2 if broken else 0


def rehearse(settings: Settings, parsed: argparse.Namespace) -> int:
    """Restore the newest backup on trial and say what came back; returns 2 where it failed. Raises ClinicError."""
    del parsed
    with _unlocked(settings) as (store, zone):
        plan = BackupPlan(settings, store.key, store.database, system_clock, zone)
        came = Rehearsals(settings, store.key, store.database, system_clock, zone, plan).run()
    whole = f"{came.backup} came back whole: {came.patients} patients, {came.visits} visits, {came.seconds:.1f} s."
    print(came.wrong or whole)
    return 2 if came.wrong else 0


@contextmanager
def _unlocked(settings: Settings) -> Iterator[tuple[OpenStore, str]]:
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        yield store, Clinics(store.database, system_clock).facts().time_zone
    finally:
        store.database.close()
