"""No core dumps: names and keys in the program's memory must not be written to a disk when it crashes."""

import ctypes
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4
_NO_CRASH_DIALOG = 0x0001 | 0x0002
"""SEM_FAILCRITICALERRORS and SEM_NOGPFAULTERRORBOX: what writes a dump on Windows is not started."""


def refuse_core_dumps() -> None:
    """Ask the system, for this process and those that it starts. Where it refuses, the program works all the same.

    On Linux the memory can be read by no other program of the same person either.
    """
    with suppress(OSError, AttributeError, ValueError):
        if sys.platform == "win32":
            ctypes.WinDLL("kernel32").SetErrorMode(_NO_CRASH_DIALOG)
            return
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
