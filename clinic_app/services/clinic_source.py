"""The folder of an export, looked at before anything of it counts."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from clinic_app.errors import ClinicError
from clinic_app.exchange.exact_csv import Kind, read_rows
from clinic_app.models.private_files import usable
from clinic_app.models.upgrade import HEAD
from clinic_app.services.clinic_tables import (
    DICTIONARY,
    FORMAT,
    LEFT_OUT,
    MANIFEST,
    columns_of,
    exported_tables,
    file_of,
)

_LARGEST_MANIFEST = 1 << 20
"""Bytes. It has a few lines for each table."""
_TEXTS = ("program", "tables", "clinic", "made_at")


@dataclass(frozen=True, slots=True)
class Source:
    """A whole export that this release reads. ``digest`` is the SHA-256 of its manifest as hex."""

    folder: Path
    clinic: str
    made_at: str
    digest: str
    rows: dict[str, int]
    """By table."""

    def read(self, table: Table) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a table as the database keeps them, each with its line in the file.

        Raises ClinicError with file and line for what does not belong there.
        """
        columns, left_out = columns_of(table), LEFT_OUT.get(table.name, {})
        files = [column.name for column in columns if column.kind is Kind.FILE]
        name, rows = file_of(table), 0
        with usable(self.folder), (self.folder / name).open(encoding="utf-8", newline="") as text:
            for line, values in read_rows(text, name, columns):
                row = dict(zip((column.name for column in columns), values, strict=True)) | left_out
                for of in files:
                    if row[of] is not None:
                        row[of] = self._content(row[of], name, line)
                rows += 1
                yield line, row
        if rows != self.rows[table.name]:
            raise ClinicError("tables_file_changed", file=name)

    def _content(self, path: str, name: str, line: int) -> bytes:
        try:
            content = (self.folder / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError) as error:
            raise ClinicError("tables_paper_missing", file=name, line=line, path=path) from error
        if hashlib.sha256(content).hexdigest() != Path(path).stem:
            raise ClinicError("tables_file_changed", file=path)
        return content


def look_at(folder: Path) -> Source:
    """Manifest and digests of an export. Raises ClinicError, in one sentence, for what is none or not whole."""
    folder = folder.expanduser().resolve()
    with usable(folder):
        if not folder.is_dir():
            raise ClinicError("tables_no_folder", folder=folder)
        if not (folder / MANIFEST).is_file():
            raise ClinicError("tables_no_manifest", folder=folder)
        with (folder / MANIFEST).open("rb") as file:
            content = file.read(_LARGEST_MANIFEST)
        manifest, files = _manifest(content)
        for name, (_, digest) in files.items():
            if not (folder / name).is_file():
                raise ClinicError("tables_file_missing", file=name)
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise ClinicError("tables_file_changed", file=name)
    rows = {table.name: files[file_of(table)][0] for table in exported_tables()}
    return Source(folder, manifest["clinic"], manifest["made_at"], hashlib.sha256(content).hexdigest(), rows)


def _manifest(content: bytes) -> tuple[Mapping[str, str], dict[str, tuple[int, str]]]:
    """What it says of the clinic, and rows and digest of each file that this release reads."""
    try:
        said = json.loads(content)
        if said["format"] > FORMAT:
            raise ClinicError("tables_newer", program=str(said.get("program")))
        texts = {name: said[name] for name in _TEXTS}
        if not all(isinstance(text, str) for text in texts.values()):
            raise TypeError
        if texts["tables"] != HEAD:
            newer = texts["tables"] > HEAD
            raise ClinicError("tables_newer" if newer else "tables_older", program=texts["program"])
        names = (*map(file_of, exported_tables()), DICTIONARY)
        if said["files"]["clinic.csv"]["rows"] != 1:
            raise ValueError("as many clinics as there are rows")
        return texts, {name: (said["files"][name]["rows"], said["files"][name]["sha256"]) for name in names}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ClinicError("tables_manifest_damaged") from error
