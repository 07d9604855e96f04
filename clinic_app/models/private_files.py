"""Files and folders that only their owner may read, and writing that a crash cannot halve."""

import errno
import glob
import os
import tempfile
import time
from pathlib import Path

from clinic_app.errors import StoreProblem

_LEFT_BEHIND = 3600
"""Seconds: no small file takes an hour to write, so what is older nobody is writing."""


def private_folder(path: Path) -> Path:
    """Make the folder with mode 0700 (or tighten it). Raises StoreProblem when it cannot be used."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise folder_problem(path, error) from error
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write a whole file, mode 0600, by a temporary file, fsync and rename. Raises StoreProblem.

    Temporary files that a killed program left behind go, too.
    """
    try:
        prefix = f".{path.name}-"
        for left in path.parent.glob(f"{glob.escape(prefix)}*"):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink(missing_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise folder_problem(path.parent, error) from error


def folder_problem(folder: Path, error: OSError) -> StoreProblem:
    """The sentence for what the operating system refused."""
    if error.errno == errno.ENOSPC:
        return StoreProblem("disk_full", folder=folder)
    return StoreProblem("folder_unusable", folder=folder)
