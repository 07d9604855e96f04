"""A folder that is written aside, for its owner only, and in its place when it is whole."""

import os
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from clinic_app.errors import ClinicError
from clinic_app.models.private_files import usable


def owner_only(name: str, flags: int) -> int:
    """An ``opener`` of files that only their owner may read."""
    return os.open(name, flags, 0o600)


def aside(folder: Path) -> Path:
    """Where a folder is written."""
    return folder.with_name(f"{folder.name}.part")


class NewFolder:
    """A context: what was not published when it ends is removed.

    Raises ClinicError for a folder that holds anything, and for one into which another export is being written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.part = aside(self.folder)

    def __enter__(self) -> Self:
        with self.told():
            if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
                raise ClinicError("research_folder_not_empty", folder=self.folder)
            self.part.parent.mkdir(parents=True, exist_ok=True)
            try:
                self.part.mkdir(mode=0o700)
            except FileExistsError as error:
                raise ClinicError("research_under_way", folder=self.folder, part=self.part) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.part, ignore_errors=True)

    def told(self) -> AbstractContextManager[None]:
        """What the operating system refuses, as a sentence. Raises StoreProblem."""
        return usable(self.folder)

    def flush(self) -> None:
        """The disk has every file."""
        with self.told():
            for path in self.part.rglob("*"):
                if path.is_file():
                    with path.open("rb+") as written:
                        os.fsync(written.fileno())

    def publish(self) -> None:
        """Put the finished folder in its place: until here nothing is there."""
        with self.told():
            if self.folder.exists():
                self.folder.rmdir()  # it is empty, or the export fails here
            self.part.rename(self.folder)
