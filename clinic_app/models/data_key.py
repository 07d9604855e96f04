"""The data key of an open clinic in memory: kept from being swapped where the system lets us, and wiped when dropped.

Whoever needs the key asks for it each time and keeps no copy. Python may have made copies on the way that nobody can
wipe: this narrows the time and the places in which the key can be found, and promises no more.
"""

import ctypes
import sys
from contextlib import suppress

from clinic_app.errors import StoreProblem


class DataKey:
    """32 bytes, or nothing while the clinic is locked."""

    def __init__(self, key: bytes) -> None:
        self._bytes = bytearray(len(key))
        # The address stays: a buffer that is exported cannot be moved.
        self._pinned = (ctypes.c_char * len(key)).from_buffer(self._bytes)
        _keep_from_swap(self._pinned)
        self._held = False
        self.hold(key)

    @property
    def held(self) -> bool:
        """Whether the key is there."""
        return self._held

    def reveal(self) -> bytes:
        """The key. Raises StoreProblem while the clinic is locked."""
        if not self._held:
            raise StoreProblem("store_locked")
        return bytes(self._bytes)

    def hold(self, key: bytes) -> None:
        """Take the key, also another one after a rekey."""
        self._bytes[:] = key
        self._held = True

    def drop(self) -> None:
        """Wipe it."""
        self._bytes[:] = bytes(len(self._bytes))
        self._held = False


def _keep_from_swap(memory: "ctypes.Array[ctypes.c_char]") -> None:
    """Ask the system not to write this memory to its disk. Where it refuses, nothing else changes."""
    address, length = ctypes.c_void_p(ctypes.addressof(memory)), ctypes.c_size_t(ctypes.sizeof(memory))
    with suppress(OSError, AttributeError):
        if sys.platform == "win32":
            ctypes.WinDLL("kernel32").VirtualLock(address, length)
        else:
            ctypes.CDLL(None).mlock(address, length)
