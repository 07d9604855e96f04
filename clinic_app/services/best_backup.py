"""The newest backup that is whole, found without opening the record: for the day on which it cannot be opened."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clinic_app.errors import StoreProblem
from clinic_app.models.private_files import write_private
from clinic_app.models.snapshot import Pulse, steady
from clinic_app.services.backups import check_backup, read_manifest
from clinic_app.settings import Settings

RESTORABLE = frozenset({"store_not_ours", "store_damaged", "keys_damaged", "keys_lost", "database_missing"})
"""Problems that restoring a backup solves."""


@dataclass(frozen=True, slots=True)
class BestBackup:
    """A backup whose every byte is as it was written; ``made_at`` is UTC, ``size`` in bytes.

    ``damaged`` counts the newer ones that are not whole.
    """

    file: Path
    made_at: datetime
    size: int
    damaged: int


def best_backup(folders: tuple[Path, ...], pulse: Pulse = steady) -> BestBackup | None:
    """The newest whole one in the folders, whatever it is called; None without one. ``pulse`` may stop the work."""
    found: dict[Path, datetime] = {}
    damaged: list[float] = []
    for file in {file.resolve() for folder in folders for file in _files(folder)}:
        try:
            found[file] = read_manifest(file).made_at
        except StoreProblem:
            damaged.append(file.stat().st_mtime)
    for file, made_at in sorted(found.items(), key=lambda item: item[1], reverse=True):
        try:
            check_backup(file, pulse)
        except StoreProblem:
            damaged.append(made_at.timestamp())
            continue
        newer = sum(moment >= made_at.timestamp() for moment in damaged)
        return BestBackup(file, made_at, file.stat().st_size, newer)
    return None


def usual_folders(settings: Settings) -> tuple[Path, ...]:
    """Where backups of this clinic may be, as far as can be told without its record."""
    try:
        hint = json.loads(settings.backups_hint_file.read_text(encoding="utf-8"))["folder"]
        return (Path(str(hint)), settings.usual_backups)
    except (OSError, ValueError, TypeError, KeyError):
        return (settings.usual_backups,)


def remember_folder(settings: Settings, folder: Path) -> None:
    """Keep beside the keys where the backups are. Raises StoreProblem."""
    if usual_folders(settings)[0] != folder:
        write_private(settings.backups_hint_file, json.dumps({"folder": str(folder)}).encode())


def _files(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.glob("*.backup") if file.is_file()]
    except OSError:
        return []
