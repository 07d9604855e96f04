"""Files and folders that only their owner may read, and writing that a crash cannot halve."""

import errno
import glob
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

from clinic_app.errors import StoreProblem

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the operating system says of a full disk, and of a share of it that is used up."""
File = TypeVar("File", TextIO, BinaryIO)
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
        temporary = _beside(path, content)
        try:
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise folder_problem(path.parent, error) from error


def private_text(path: Path) -> AbstractContextManager[TextIO]:
    """A text file to be written bit by bit, mode 0600, in its place when the block ends; when it raises, nothing is.

    Raises StoreProblem for what the operating system refuses.
    """
    return _in_place(path, lambda handle: os.fdopen(handle, "w", encoding="utf-8", newline=""))


def private_bytes(path: Path) -> AbstractContextManager[BinaryIO]:
    """The same for a file that is no text."""
    return _in_place(path, lambda handle: os.fdopen(handle, "wb"))


@contextmanager
def _in_place(path: Path, opened: Callable[[int], File]) -> Iterator[File]:
    with usable(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path))
        temporary = Path(name)
        try:
            with opened(handle) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Tell what the operating system refuses in a folder. Raises StoreProblem."""
    try:
        yield
    except OSError as error:
        raise folder_problem(folder, error) from error


@contextmanager
def undone_on_failure(path: Path) -> Iterator[None]:
    """A block that may replace a private file; when it raises, the file is again what it was.

    The copy for that is written first, while nothing is changed yet. Raises StoreProblem where there is no room for it.
    """
    if not path.exists():
        yield
        return
    try:
        before = path.read_bytes()
        kept = _beside(path, before)
    except OSError as error:
        raise folder_problem(path.parent, error) from error
    try:
        yield
    except Exception:  # a program that ends here undoes nothing either: what is left must harm nobody
        if path.read_bytes() != before:
            kept.replace(path)
        raise
    finally:
        kept.unlink(missing_ok=True)


def _beside(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path))
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _prefix(path: Path) -> str:
    """What the names of temporary files beside a file begin with; those that were left behind go."""
    prefix = f".{path.name}-"
    for left in path.parent.glob(f"{glob.escape(prefix)}*"):
        with suppress(OSError):  # another program may take it away at this moment
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink(missing_ok=True)
    return prefix


def folder_problem(folder: Path, error: OSError) -> StoreProblem:
    """The sentence for what the operating system refused."""
    if error.errno in NO_ROOM:
        return StoreProblem("disk_full", folder=folder)
    return StoreProblem("folder_unusable", folder=folder)
