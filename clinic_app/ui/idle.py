"""Notices that nobody is at the keyboard: warns half a minute before, then says so."""

from collections.abc import Callable
from datetime import datetime, timedelta

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

_LOOK_MS = 5_000
WARNED_BEFORE = timedelta(seconds=30)
_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Compares the clock with the last sign of life, so that a computer that slept is locked when it wakes."""

    warned = Signal()
    """The lock is near."""
    alive = Signal()
    """Somebody moved after the warning."""
    idle = Signal()

    def __init__(self, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._after: timedelta | None = None
        self._last = clock()
        self._warned = False
        self._watching = False
        self._field: QObject | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self, minutes: int) -> None:
        """Watch from now on, with so many minutes until the lock; 0 for never."""
        self._after = timedelta(minutes=minutes) if minutes > 0 else None
        self._last, self._warned = self._clock(), False
        self._watch_windows(watching=self._after is not None)
        if self._after is not None:
            self._timer.start()
        else:
            self._timer.stop()

    def end(self) -> None:
        """Watch no more."""
        self.begin(0)

    def _watch_windows(self, *, watching: bool) -> None:
        """Every window that has the focus or gets it: what somebody does comes to one of them first.

        But for what an input method composes, as for Chinese, which comes to the field alone. A filter of the whole
        application would be asked in Python about every event of every widget.
        """
        application = QGuiApplication.instance()
        if not isinstance(application, QGuiApplication):
            return
        if watching and not self._watching:
            application.focusWindowChanged.connect(self._watch_window)
            application.focusObjectChanged.connect(self._watch_field)
        elif self._watching and not watching:
            application.focusWindowChanged.disconnect(self._watch_window)
            application.focusObjectChanged.disconnect(self._watch_field)
        self._watching = watching
        for window in application.allWindows():
            window.removeEventFilter(self)
            if watching:
                window.installEventFilter(self)
        self._watch_field(application.focusObject() if watching else None)

    @Slot(QObject)
    def _watch_field(self, field: QObject | None) -> None:
        if self._field is not None and shiboken6.isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = field
        if field is not None:
            field.installEventFilter(self)

    @Slot(QWindow)
    def _watch_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    @Slot()
    def look(self) -> None:
        """Warn, or say that nobody is there."""
        if self._after is None:
            return
        gone = self._clock() - self._last
        if gone < timedelta(0):
            self._last = self._clock()  # the clock was set back
        elif gone >= self._after:
            self.end()
            self.idle.emit()
        elif gone >= self._after - WARNED_BEFORE and not self._warned:
            self._warned = True
            self.warned.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Any key or movement counts; nothing is kept from whom it is meant for."""
        if event.type() in _ACTIVITY:
            # After a sleep the first key must not hide how long nobody was there.
            self.look()
            if self._after is not None:
                self._last = self._clock()
                if self._warned:
                    self._warned = False
                    self.alive.emit()
        return False
