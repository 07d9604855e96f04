"""Backups: one file that holds everything a new computer needs, encrypted as the record is.

The file is a ZIP archive without compression (what is encrypted cannot be made smaller): the database, the wrapped
keys, the research key where there is one, and a manifest. It opens with any passphrase of the clinic or its recovery
code.
"""

import hashlib
import hmac
import json
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic_app import __version__
from clinic_app.errors import StoreProblem
from clinic_app.models.keys import KeyFile
from clinic_app.models.private_files import NO_ROOM, folder_problem, private_folder, usable
from clinic_app.models.snapshot import Pulse, counted_rows, damage, end_of_trail, snapshot, steady
from clinic_app.services.paper import Step, untold
from clinic_app.services.server_snapshots import snapshot_of_server
from clinic_app.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"
STAMP = "%Y%m%d-%H%M%S"
_PURPOSE = b"clinic-app backup 1"
_BLOCK = 1 << 20
_PARTS = 4
_SCRATCH = ".backup-"
_LEFT_BEHIND = 24 * 3600
"""Seconds: no backup takes a day, so what is older nobody works in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup: its size in bytes and its SHA-256 as hex."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``rows`` are counted by table, ``made_at`` is UTC, ``program`` the version that made it.

    ``trail`` is the number and the digest of the last entry of the audit trail, by which a trail that was written anew
    since is found; backups of earlier releases have none.
    """

    made_at: datetime
    program: str
    files: dict[str, Entry]
    rows: dict[str, int]
    trail: tuple[int, str] | None = None


def make_backup(settings: Settings, data_key: bytes, to: Path, at: datetime, step: Step = untold) -> Manifest:
    """Write the clinic as it is at this moment into a file, while others work, and open what was written.

    ``to`` is replaced whole or not at all. ``step`` hears again and again how many of the parts of the work are done;
    what it raises ends it. Raises StoreProblem where there is no room, the place cannot be used, or
    what was written does not open.
    """
    with scratch(private_folder(settings.data)) as folder, usable(to.parent):
        if settings.database_url:
            files = snapshot_of_server(settings, data_key, folder, _part(step, 0))
        else:
            # Without it a backup opens for nobody, and would take the place of one that does.
            KeyFile.read(settings.key_file)
            files = [folder / settings.database_file.name, settings.key_file]
            files += [settings.research_key_file] if settings.research_key_file.exists() else []
            snapshot(settings.database_file, data_key, files[0], _part(step, 0))
        copy = files[0]
        part = _part(step, 1)
        # Before the digest: to open a database writes its journal mode into it.
        rows = counted_rows(copy, data_key, part)
        end = end_of_trail(copy, data_key)
        entries = {file.name: _entry(file, part) for file in files}
        manifest = Manifest(at.astimezone(UTC), __version__, entries, rows, end)
        with scratch(to.parent) as beside:
            unfinished = beside / to.name
            _part(step, 2)()
            _write(unfinished, manifest, files, data_key)
            verify_backup(unfinished, data_key, _part(step, 3))
            unfinished.replace(to)
    return manifest


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself. Raises StoreProblem where it is none, or of a newer program."""
    with _opened(file) as archive:
        return _manifest(archive, file)[0]


def own_manifest(file: Path, data_key: bytes) -> Manifest:
    """What a backup says of itself, if the clinic of this key made it. Raises StoreProblem."""
    with _opened(file) as archive:
        manifest, seal = _manifest(archive, file)
    if not hmac.compare_digest(seal, _seal(manifest, data_key)):
        raise StoreProblem("backup_of_another", file=file)
    return manifest


def backup_key(file: Path, user_name: str = "", passphrase: str = "", *, recovery_code: str = "") -> bytes:
    """The data key, from a person's passphrase or the recovery code. Raises WrongPassphrase and StoreProblem."""
    with _opened(file) as archive, tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "keys"
        kept.write_bytes(b"".join(_blocks(archive, _ending(archive, file, ".keys"), file)))
        keys = KeyFile.read(kept)
    return keys.open_with_recovery(recovery_code) if recovery_code else keys.open(user_name, passphrase)


def check_backup(file: Path, pulse: Pulse = steady) -> Manifest:
    """Whether every file inside is the one that the manifest tells of; needs no key. Raises StoreProblem."""
    with _opened(file) as archive:
        manifest, _ = _manifest(archive, file)
        for name, entry in manifest.files.items():
            if _digest(_blocks(archive, name, file), pulse) != entry.digest:
                raise StoreProblem("backup_damaged", file=file)
        return manifest


def verify_backup(file: Path, data_key: bytes, pulse: Pulse = steady) -> Manifest:
    """Whether a backup would restore: every byte, the hand of the clinic, the database's pages and its rows.

    ``pulse`` is called again and again, and what it raises ends the work. Raises StoreProblem.
    """
    check_backup(file, pulse)
    manifest = own_manifest(file, data_key)
    with _opened(file) as archive, usable(file.parent), scratch(file.parent) as folder:
        database = _ending(archive, file, ".db")
        _extract(archive, database, file, folder, pulse)
        copy = folder / database
        if damage(copy, data_key, pulse) or counted_rows(copy, data_key, pulse) != manifest.rows:
            raise StoreProblem("backup_damaged", file=file)
    return manifest


def restore_backup(file: Path, data: Path, at: datetime, pulse: Pulse = steady) -> Path | None:
    """Put the clinic of a backup into the folder ``data``; what was there is moved beside it, and told.

    The program must be closed. What ``pulse`` raises ends the work. Raises StoreProblem, and then leaves everything
    as it was.
    """
    manifest = check_backup(file, pulse)
    aside = data.with_name(f"{data.name}.before-restore-{at:%Y%m%d-%H%M%S}") if data.exists() else None
    with usable(data.parent):
        data.parent.mkdir(parents=True, exist_ok=True)  # a new computer may have no folder for data of programs yet
    with usable(data.parent), scratch(data.parent) as folder:
        whole = private_folder(folder / "restored")
        with _opened(file) as archive:
            for name in manifest.files:
                _extract(archive, name, file, whole, pulse)
        if aside is not None:
            data.rename(aside)
        try:
            whole.rename(data)
        except OSError:
            if aside is not None:
                aside.rename(data)
            raise
        if aside is not None:
            _keep_older(aside, data, manifest.made_at)
    return aside


def backup_name(at: datetime) -> str:
    """What an automatic backup of a moment is called; names are in the order of the moments."""
    return f"clinic-{at.astimezone(UTC):{STAMP}}.backup"


def _keep_older(aside: Path, data: Path, made_at: datetime) -> None:
    """The backups inside the folder stay with the clinic, but for newer ones, which tell of what was taken back."""
    older = [file for file in (aside / "backups").glob("clinic-*.backup") if file.name <= backup_name(made_at)]
    for file in older:
        file.rename(private_folder(data / "backups") / file.name)


def _write(to: Path, manifest: Manifest, files: list[Path], data_key: bytes) -> None:
    content = _plain(manifest) | {"seal": _seal(manifest, data_key).hex()}
    to.touch(mode=0o600)
    to.chmod(0o600)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(MANIFEST, json.dumps(content, indent=1))
        for file in files:
            archive.write(file, file.name)


def _plain(manifest: Manifest) -> dict[str, object]:
    return {
        "format": FORMAT,
        "made_at": manifest.made_at.isoformat(),
        "program": manifest.program,
        "files": {name: asdict(entry) for name, entry in sorted(manifest.files.items())},
        "rows": dict(sorted(manifest.rows.items())),
        **({} if manifest.trail is None else {"trail": list(manifest.trail)}),
    }


def _seal(manifest: Manifest, data_key: bytes) -> bytes:
    """Only who has the clinic's key can make it: a manifest and its files cannot be put together by somebody else."""
    key = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(data_key)
    return hmac.new(key, json.dumps(_plain(manifest)).encode(), "sha256").digest()


def _manifest(archive: zipfile.ZipFile, file: Path) -> tuple[Manifest, bytes]:
    try:
        content = json.loads(b"".join(_blocks(archive, MANIFEST, file)))
        if content["format"] > FORMAT:
            raise StoreProblem("backup_newer", file=file)
        files = {_safe(name): Entry(**entry) for name, entry in content["files"].items()}
        made_at = datetime.fromisoformat(content["made_at"])
        manifest = Manifest(made_at, str(content["program"]), files, {**content["rows"]}, _end(content.get("trail")))
        if not set(files) <= set(archive.namelist()):
            raise ValueError("a file is missing")
        return manifest, bytes.fromhex(content["seal"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise StoreProblem("backup_damaged", file=file) from error


def _end(content: Any) -> tuple[int, str] | None:
    if content is None:
        return None
    number, chain = content
    return int(number), str(chain)


def _safe(name: str) -> str:
    """A plain file name: nothing of a backup may be written elsewhere."""
    if PurePosixPath(name).name != name or name in {"", ".", ".."} or "\\" in name:
        raise ValueError(name)
    return name


def _ending(archive: zipfile.ZipFile, file: Path, suffix: str) -> str:
    found = [name for name in _manifest(archive, file)[0].files if name.endswith(suffix)]
    if len(found) != 1:
        raise StoreProblem("backup_damaged", file=file)
    return found[0]


def _extract(archive: zipfile.ZipFile, name: str, file: Path, to: Path, pulse: Pulse) -> None:
    with (to / name).open("wb") as target:
        (to / name).chmod(0o600)
        for block in _blocks(archive, name, file):
            pulse()
            target.write(block)


def _blocks(archive: zipfile.ZipFile, name: str, file: Path) -> Iterator[bytes]:
    """What is inside, piece by piece, each checked by the archive's own sums."""
    try:
        with archive.open(name) as inside:
            yield from iter(lambda: inside.read(_BLOCK), b"")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, KeyError, OSError) as error:
        # A single bit tells the archive that a file is compressed, or locked with a password.
        raise StoreProblem("backup_damaged", file=file) from error


def _part(step: Step, done: int) -> Pulse:
    return lambda: step(done, _PARTS)


def _entry(file: Path, pulse: Pulse) -> Entry:
    with file.open("rb") as content:
        return Entry(file.stat().st_size, _digest(iter(lambda: content.read(_BLOCK), b""), pulse))


def _digest(blocks: Iterator[bytes], pulse: Pulse) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        pulse()
        digest.update(block)
    return digest.hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise StoreProblem("backup_missing", file=file) from error
    except (PermissionError, IsADirectoryError) as error:
        raise folder_problem(file.parent, error) from error
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:  # a place outside of the file is an OSError
        if isinstance(error, OSError) and error.errno in NO_ROOM:  # what is unpacked beside it
            raise folder_problem(file.parent, error) from error
        raise StoreProblem("backup_damaged", file=file) from error
    # What goes wrong from here on, such as a full disk where something is restored, is not the backup's fault.
    with archive:
        yield archive


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards; those that a killed program left behind go, too."""
    with usable(beside):
        for left in beside.glob(f"{_SCRATCH}*"):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)
        scratch = tempfile.TemporaryDirectory(dir=beside, prefix=_SCRATCH)
    with scratch as folder:
        yield Path(folder)
