"""The folder of a research export: written aside, for its owner only, and in its place when it is whole."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TextIO

from clinic_app.exchange.csv_text import csv_lines
from clinic_app.exchange.research_tables import DICTIONARY, DICTIONARY_HEADER, Kind, Table, dictionary_lines
from clinic_app.services.new_folder import NewFolder, aside, owner_only


def parquet_available() -> bool:
    """Whether the optional extra ``research`` is installed, which writes Parquet files beside the others."""
    return find_spec("polars") is not None


def folder_for(parent: Path, day: date) -> Path:
    """A folder in ``parent`` that is not there yet, named after the day."""
    name = f"research-{day.isoformat()}"
    number, folder = 1, parent / name
    while folder.exists() or aside(folder).exists():
        number += 1
        folder = parent / f"{name}-{number}"
    return folder


class ExportFolder:
    """A context: what was not published when it ends is removed.

    Raises ClinicError for a folder that holds anything, and for one into which another export is being written.
    """

    def __init__(self, folder: Path, tables: Sequence[Table]) -> None:
        self._new = NewFolder(folder)
        self.folder = self._new.folder
        self._tables = tables
        self._open = ExitStack()
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> "ExportFolder":
        self._new.__enter__()
        try:
            with self._new.told():
                for table in self._tables:
                    self._files[table.name] = self._open.enter_context(_private(self._new.part / table.file))
                    self._files[table.name].write(csv_lines([table.header]))
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def write(self, table: Table, rows: Iterable[dict[str, object]]) -> int:
        """Append rows to the file of the table; returns how many they were."""
        lines = [table.line(row) for row in rows]
        with self._new.told():
            self._files[table.name].write(csv_lines(lines))
        return len(lines)

    def finish(self) -> bool:
        """Write the dictionary and, if the extra is installed, Parquet files; returns whether there are these."""
        with self._new.told():
            self._open.close()
            with _private(self._new.part / DICTIONARY) as file:
                file.write(csv_lines([DICTIONARY_HEADER, *dictionary_lines(self._tables)]))
            parquet = parquet_available()
            if parquet:
                for table in self._tables:
                    _write_parquet(self._new.part / table.file, table)
        self._new.flush()
        return parquet

    def publish(self) -> None:
        """Put the finished folder in its place: until here nothing is there."""
        self._new.publish()

    def _remove(self) -> None:
        self._open.close()
        self._new.__exit__(None, None, None)


@contextmanager
def _private(path: Path) -> Iterator[TextIO]:
    """A new text file for its owner only."""
    with open(path, "x", encoding="utf-8", newline="", opener=owner_only) as file:
        yield file


def _write_parquet(file: Path, table: Table) -> None:
    """The same lines with their types. They are streamed from the file, so that no table is in memory whole."""
    import polars

    types = {
        Kind.STRING: polars.String(),
        Kind.INTEGER: polars.Int64(),
        Kind.DECIMAL: polars.Decimal(18, 3),
        Kind.DATE: polars.Date(),
        Kind.BOOLEAN: polars.Boolean(),
    }
    schema = {column.name: types[column.kind] for column in table.columns}
    target = file.with_suffix(".parquet")
    target.touch(mode=0o600)
    polars.scan_csv(file, schema=schema).sink_parquet(target)
    target.chmod(0o600)
