"""Disks on which there is no room: a small one of its own, or files that the system lets grow no further."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

PAGE = 4096
"""Bytes: what a small disk hands out at a time, and about what SQLite writes at a time."""
_PAGES = 4096
_BALLAST = "ballast"


class FullDisk(Protocol):
    """A disk that is full until somebody makes room."""

    def fill(self) -> None:
        """Leave no room at all."""

    def make_room(self, pages: int = 1) -> None:
        """Let this many pages more be written."""

    def empty(self) -> None:
        """Plenty of room."""


class SmallDisk:
    """A file system in memory. What fills it is one file, which gives way page by page."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / _BALLAST

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(PAGE))
            except OSError:
                pass

    def make_room(self, pages: int = 1) -> None:
        with self._ballast.open("r+b") as file:
            file.truncate(max(0, self._ballast.stat().st_size - pages * PAGE))

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)


class FilesThatCannotGrow:
    """A limit of this process on the size of any file; the system refuses what goes beyond, as a quota does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._limit = 0

    def fill(self) -> None:
        logs = [file.stat().st_size for file in self._folder.rglob("*.db-wal")]
        self._set(max(logs, default=0))

    def make_room(self, pages: int = 1) -> None:
        self._set(self._limit + pages * PAGE)

    def empty(self) -> None:
        self._set(resource.RLIM_INFINITY)

    def _set(self, limit: int) -> None:
        self._limit = limit
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path) -> Iterator[FullDisk]:
    """A small disk mounted at the folder, which becomes one; where this is not allowed, files that cannot grow."""
    folder.mkdir()
    options = f"size={_PAGES * PAGE},mode=0700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode != 0:
        with files_that_cannot_grow(folder, made=True) as disk:
            yield disk
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def files_that_cannot_grow(folder: Path, *, made: bool = False) -> Iterator[FullDisk]:
    """No file of this process may grow beyond what the clinic in the folder wrote so far."""
    if not made:
        folder.mkdir()
    disk = FilesThatCannotGrow(folder)
    try:
        yield disk
    finally:
        disk.empty()
