"""Python's garbage collection, kept in the GUI thread.

Python collects in whichever thread happens to allocate. Widgets that hang in a cycle would then be destroyed by the
thread that reads the database, and Qt crashes: seen as a segmentation fault in a completer whose model died elsewhere.
"""

import ctypes
import gc
import sys
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Slot

_EVERY_MS = 250
_LATE_MS = 3
"""A look that comes later than that waited for something that the window had to do."""
_MOST_PUT_OFF = 12
"""Looks in a row that wait for a moment in which nobody does anything: three seconds."""
_FIRST_MS = 3000
"""While the program starts it imports, and nothing of that is garbage: each look through it would be a tenth of it."""


class GarbageCollection(QObject):
    """Switches automatic collection off and collects from a timer, as often as Python itself would.

    It waits for a moment in which the window has nothing to do and nobody waits for an answer (``busy``), though not
    for long: after a list of thousands it takes 20 ms. What is free then also goes back to the system, where that takes
    a call of its own.
    """

    def __init__(self, busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy = busy
        self._since = QElapsedTimer()
        self._put_off = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)  # any other may be late by itself
        self._timer.timeout.connect(self._collect)
        self._collected = False

    def start(self) -> None:
        """From now on only this thread collects."""
        gc.disable()
        self._since.start()
        self._timer.start(_FIRST_MS)

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        """The oldest generation whose count passed its threshold, with all younger ones."""
        late = self._since.restart() - self._timer.interval() > _LATE_MS
        self._timer.setInterval(_EVERY_MS)
        if (late or self._busy()) and self._put_off < _MOST_PUT_OFF:
            self._put_off += 1
            return
        self._put_off = 0
        over = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if True in over:
            gc.collect(2 - over[::-1].index(True))
        elif self._collected:
            _give_back()  # the work is done that made it
        self._collected = True in over


def _give_back() -> None:
    """Between what is in use a process keeps what it freed: fifty MB when every view was used, and found in 10 ms."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # a C library that has no such function gives back by itself
            ctypes.CDLL(None).malloc_trim(0)
