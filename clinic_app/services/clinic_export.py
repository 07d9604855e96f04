"""Everything of a clinic as CSV files that other programs open and ``clinic_import`` reads again.

Whoever has the folder reads every record in it: nothing there is encrypted. Design: docs/decisions/0020.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select

from clinic_app import __version__
from clinic_app.exchange import exact_csv
from clinic_app.exchange.csv_text import csv_text
from clinic_app.exchange.exact_csv import FILES, Kind
from clinic_app.models import Clinic, copying
from clinic_app.models.database import Database, tell
from clinic_app.models.upgrade import HEAD
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.audit_words import EXPORTED
from clinic_app.services.clinic_tables import (
    DICTIONARY,
    DICTIONARY_HEADER,
    FORMAT,
    MANIFEST,
    columns_of,
    dictionary_lines,
    exported_tables,
    file_of,
)
from clinic_app.services.clock import Clock
from clinic_app.services.new_folder import NewFolder, owner_only
from clinic_app.services.paper import Step, untold

_ENDINGS = {"kept_file": "pdf", "clinic_logo": "png"}
"""Of which kind the files are that a table holds."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What the manifest says of a file: its rows without the line of names, and its SHA-256 as hex."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ExportedClinic:
    """An export that is in its place: its rows by table."""

    folder: Path
    rows: dict[str, int]


def export_clinic(
    database: Database,
    actor: Actor,
    folder: Path,
    clock: Clock,
    step: Step = untold,
    *,
    at_once: int = copying.AT_ONCE,
) -> ExportedClinic:
    """Write every table, a dictionary and a manifest into ``folder``, which is new or empty, and note it in the trail.

    The folder then holds the whole clinic as it was at one moment, or nothing. ``step`` hears of rows done and rows in
    all after each batch; what it raises ends the work. Raises NotAllowed, StoreProblem, and ClinicError for a folder
    that cannot be used.
    """
    require(actor, Act.SETTINGS)
    with NewFolder(folder) as target:
        with database.reading() as session:
            connection = session.connection()
            clinic_id, name = session.execute(select(Clinic.id, Clinic.name)).one()
            files = _tables(connection, target, step, at_once)
        files[DICTIONARY] = _dictionary(target)
        rows = {table.name: files[file_of(table)].rows for table in exported_tables()}
        manifest = {
            "format": FORMAT,
            "program": __version__,
            "tables": HEAD,
            "clinic": name,
            "made_at": clock().isoformat(),
            "files": {file: asdict(entry) for file, entry in files.items()},
        }
        _write(target, MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode())
        target.flush()
        # Before it is in its place: an export that failed at its last step is told as one, but none leaves untold.
        with database.writing(actor.account_id, clock()) as session:
            tell(
                session, EXPORTED, "clinic", clinic_id, after={"rows": sum(rows.values()), "folder": str(target.folder)}
            )
        target.publish()
    return ExportedClinic(target.folder, rows)


def _tables(connection: Connection, target: NewFolder, step: Step, at_once: int) -> dict[str, FileEntry]:
    tables = exported_tables()
    of = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        step(done, of)

    told(0)
    with target.told():
        (target.part / FILES).mkdir(mode=0o700)
    return {file_of(table): _table(connection, table, target, told, at_once) for table in tables}


def _table(connection: Connection, table: Table, target: NewFolder, told: copying.Pulse, at_once: int) -> FileEntry:
    columns, digest, rows = columns_of(table), hashlib.sha256(), 0
    with target.told(), open(target.part / file_of(table), "xb", opener=owner_only) as file:

        def put(text: str) -> None:
            content = text.encode()
            file.write(content)
            digest.update(content)

        put(exact_csv.header(columns))
        for batch in copying.batches(connection, table, at_once):
            some = _with_files(table, batch, target)
            put(exact_csv.lines(columns, ([row[column.name] for column in columns] for row in some)))
            rows += len(batch)
            told(len(batch))
    return FileEntry(rows, digest.hexdigest())


def _with_files(table: Table, rows: Sequence[Mapping[Any, Any]], target: NewFolder) -> Sequence[Mapping[Any, Any]]:
    """The rows with the paths of their files, which now lie there, in place of the contents."""
    files = [column.name for column in columns_of(table) if column.kind is Kind.FILE]
    if not files:
        return rows
    ending = _ENDINGS.get(table.name, "bin")
    return [
        dict(row) | {name: _file(row[name], ending, target) for name in files if row[name] is not None} for row in rows
    ]


def _file(content: bytes, ending: str, target: NewFolder) -> str:
    """Its name tells whether it is still what it was; the same content is there once."""
    path = f"{FILES}/{hashlib.sha256(content).hexdigest()}.{ending}"
    if not (target.part / path).exists():
        _write(target, path, content)
    return path


def _dictionary(target: NewFolder) -> FileEntry:
    lines = list(dictionary_lines())
    content = csv_text(DICTIONARY_HEADER, lines).encode()
    _write(target, DICTIONARY, content)
    return FileEntry(len(lines), hashlib.sha256(content).hexdigest())


def _write(target: NewFolder, name: str, content: bytes) -> None:
    with target.told(), open(target.part / name, "xb", opener=owner_only) as file:
        file.write(content)
