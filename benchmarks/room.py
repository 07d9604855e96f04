"""How much memory and disk the clinic takes."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.clinics import Clinics
from benchmarks.measure import Row
from clinic_app.models.base import Base

MEMORY_MB, CSV_TIMES = 250.0, 2.0
_INJECTIONS = 100_000
_MB = 1_000_000


def cases(clinics: Clinics) -> Iterator[Row]:
    """Memory after every view, and the database beside its plain CSV."""
    settings = clinics.settings()
    used = _printed("benchmarks.used", str(settings.data), str(clinics.size.patients))
    bare = _printed("benchmarks.bare_window")
    note = "what it is made of stands in docs/performance.md"
    yield Row("room: memory after every view was used", MEMORY_MB, used, used, bare, "mb", note)
    with clinics.opened() as clinic, clinic.store.database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain = sum(_csv_bytes(driver, table) for table in sorted(Base.metadata.tables)) / _MB
        injections = driver.execute("SELECT count(*) FROM injection").fetchone()[0]
    disk = settings.database_file.stat().st_size / _MB
    yield Row("room: the encrypted database beside its plain CSV", None, disk, disk, plain, "mb", most=CSV_TIMES)
    share = disk * _INJECTIONS / injections
    yield Row(f"room: disk for each {_INJECTIONS:,} injections", None, share, share, unit="mb")


def _printed(module: str, *arguments: str) -> float:
    """The last thing that a process prints."""
    command = [sys.executable, "-m", module, *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
    return float(answer.stdout.split()[-1])


class _Counted:
    """A file that only counts its bytes."""

    size = 0

    def write(self, text: str) -> int:
        """Count them."""
        self.size += len(text.encode())
        return len(text)


def _csv_bytes(driver: Any, table: str) -> int:
    counted = _Counted()
    writer = csv.writer(counted)
    rows = driver.execute(f'SELECT * FROM "{table}"')
    writer.writerow(column[0] for column in rows.description)
    writer.writerows(rows)
    return counted.size
