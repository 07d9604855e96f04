"""``clinic-app rekey``: a new data key, with every window closed."""

import argparse

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.clinics import Clinics
from clinic_app.services.clock import system_clock
from clinic_app.services.rekeying import encrypt_record_anew
from clinic_app.services.stores import finish_rekey, unlock
from clinic_app.settings import Settings


def rekey(settings: Settings, parsed: argparse.Namespace) -> int:
    """Encrypt the record anew, print its recovery code, and back it up under the new key. Raises ClinicError."""
    del parsed
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    store.database.close()
    code = encrypt_record_anew(settings, store.actor, store.data_key, settings.passphrase, system_clock)
    print("The record is encrypted with a new key. The new recovery code, to be kept on paper:")
    print(code)
    finish_rekey(settings)
    print(
        "The code on the old sheet opens only older backups. Every other account needs a new passphrase: in the "
        "window, under Settings, Accounts, Reset passphrase."
    )
    _back_up(settings, settings.user_name, settings.passphrase)
    return 0


def _back_up(settings: Settings, user_name: str, passphrase: str) -> None:
    """The older ones open with the older keys, so there is one of the new at once."""
    store = unlock(settings, user_name, passphrase, system_clock)
    try:
        zone = Clinics(store.database, system_clock).facts().time_zone
        made = BackupPlan(settings, store.key, store.database, system_clock, zone).run()
        print(f"It is backed up in {made.file}.")
    except ClinicError as error:
        print(f"No backup could be made. {error}")
    finally:
        store.database.close()
