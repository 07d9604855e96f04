"""Where what is on its way to the printer lies meanwhile: the printing system makes a readable file of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_VARIABLE = "TMPDIR"
"""Where CUPS looks for the folder. Other systems print without a file of their own."""

_folder: Path | None = None


@contextmanager
def spooling_in(folder: Path) -> Iterator[None]:
    """While the program runs, nothing printed lies among everybody's temporary files, but in ``folder``.

    It is emptied at the end, and at the beginning too: a crash may have left something.
    """
    global _folder
    shutil.rmtree(folder, ignore_errors=True)
    _folder = folder
    try:
        yield
    finally:
        _folder = None
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def spooled() -> Iterator[None]:
    """Around the moment in which a printer is opened and makes its file. Raises OSError when there is no room for it.

    Only then: programs that are started meanwhile, such as the one that shows folders, would keep the variable.
    """
    if _folder is None:
        yield
        return
    _folder.mkdir(mode=0o700, exist_ok=True)
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(_folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
