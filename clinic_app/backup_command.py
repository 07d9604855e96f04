"""``clinic-app backup`` and ``clinic-app restore``: the whole clinic into one file, and back."""

import argparse

from clinic_app.errors import ClinicError
from clinic_app.models.private_files import private_folder
from clinic_app.services.backups import backup_key, make_backup, restore_backup, scratch, verify_backup
from clinic_app.services.clock import system_clock
from clinic_app.services.moving import move_clinic
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings


def back_up(settings: Settings, parsed: argparse.Namespace) -> int:
    """Write the backup while others work, and say what it holds. Raises ClinicError."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        manifest = make_backup(settings, store.data_key, parsed.file, system_clock())
    finally:
        store.database.close()
    rows = manifest.rows
    print(
        f"The backup is in {parsed.file}: {rows['patient']} patients, {rows['visit']} visits, "
        f"{rows['appointment']} appointments. It was opened and compared."
    )
    return 0


def restore(settings: Settings, parsed: argparse.Namespace) -> int:
    """Put the clinic of a backup into the data folder; with a passphrase it is opened and compared first.

    Raises ClinicError.
    """
    if settings.database_url:
        return _restore_on_server(settings, parsed)
    if settings.passphrase is not None and settings.user_name:
        key = backup_key(parsed.file, settings.user_name, settings.passphrase)
        verify_backup(parsed.file, key)
    aside = restore_backup(parsed.file, settings.data, system_clock())
    if aside is not None:
        print(f"The clinic that was there is kept in {aside}.")
    print(f"The clinic is restored into {settings.data}. Open it with a passphrase of then, or the recovery code.")
    return 0


def _restore_on_server(settings: Settings, parsed: argparse.Namespace) -> int:
    """Into an empty database, with its owner's account: restored into a folder, and moved from there."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    verify_backup(parsed.file, backup_key(parsed.file, settings.user_name, settings.passphrase))
    with scratch(private_folder(settings.data)) as folder:
        restored = Settings(data=folder / "clinic")
        restore_backup(parsed.file, restored.data, system_clock())
        store = unlock(restored, settings.user_name, settings.passphrase, system_clock)
        store.close()
        to = settings.database_url
        moved = move_clinic(restored, store.actor, store.files, store.data_key, to, system_clock)
    print(f"The clinic is restored on the server. Open it at {moved.where} with a passphrase of then.")
    return 0
