"""What an unlocked window knows of the others: what they commit, and whether the clinic's server is there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from clinic_app.services.listening import Listening
from clinic_app.services.steady import steadily
from clinic_app.ui.changes import Changes
from clinic_app.ui.main_window import MainWindow
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.tokens import Level

if TYPE_CHECKING:
    from clinic_app.services.stores import OpenStore

AWAY = "The clinic's server cannot be reached. Go on reading and typing: what you save is saved as soon as it is back."
LEAVE = (
    "The clinic's tables are about to be brought to a new release. Save what you are at and close the program; it can "
    "be opened again when that is done."
)
LEFT_BEHIND = (
    "The clinic's tables are of a new release now, and this window can save nothing there any more. Note what stands "
    "in open forms, close the program and start the new release. Charts are kept on this computer."
)
FORGOTTEN_MS = 10_000
"""Who waits for the windows asks them every other second."""


class Connection(QObject):
    """Listens while its window is unlocked, and says in the window when the line drops."""

    stood = Signal(bool)
    """The line dropped, or stands again; the first is also true of a window that was just unlocked."""
    asked_to_leave = Signal()
    left_behind = Signal()
    """Others changed the tables while the line was down."""
    clock_differs = Signal(float)
    """By how many seconds this computer's clock is ahead of the server's."""

    def __init__(self, store: OpenStore, tasks: Tasks, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._window: MainWindow | None = None
        self._leaving = False
        self._asked = QTimer(self)
        self._asked.setSingleShot(True)
        self._asked.setInterval(FORGOTTEN_MS)
        self._asked.timeout.connect(self._may_stay)
        self._listening = Listening(
            store.database,
            changes.announce,
            self.asked_to_leave.emit,
            self.clock_differs.emit,
            self.left_behind.emit,
        )
        self._line = store.database.line
        if self._line is not None:
            self._line.patience = None  # a window waits; it says so, and can be closed
            self._line.told = self.stood.emit
            tasks.closing.connect(self.let_go, Qt.ConnectionType.DirectConnection)
        # All come from other threads.
        self.stood.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.asked_to_leave.connect(self._ask, Qt.ConnectionType.QueuedConnection)
        self.left_behind.connect(self._say_left_behind, Qt.ConnectionType.QueuedConnection)
        self.clock_differs.connect(self._say_clock, Qt.ConnectionType.QueuedConnection)

    def show_in(self, window: MainWindow) -> None:
        """Where to say it."""
        self._window = window
        window.destroyed.connect(self._forget_window)
        # Direct: before anything is waited for.
        window.leaving.connect(self.leave, Qt.ConnectionType.DirectConnection)

    def begin(self) -> None:
        """The window is unlocked."""
        self._tasks.through = partial(steadily, self._store.database)
        if self._line is not None:
            self._line.begin()
        self._listening.begin()

    @Slot(bool)
    def leave(self, leaves: bool) -> None:
        """The window is about to close, which must not wait for a server that is away; or it stays after all."""
        if self._line is None:
            return
        if not leaves:
            self._line.begin()
        elif not self._line.stands:
            self._line.end()

    def let_go(self) -> None:
        """Whoever waits for the server is told that it is away: to lock must not wait for it."""
        if self._line is not None:
            self._line.end()

    def end(self) -> None:
        """The window is locked or goes: no connection is left that knows the key."""
        self.let_go()
        self._listening.end()

    def rest(self) -> None:
        """The window is locked while something is typed in it that is nowhere saved.

        A connection to a server knows no key, and stays: whoever changes the tables waits for what is typed.
        """
        self.let_go()
        if self._line is None:
            self._listening.end()

    @property
    def stands(self) -> bool:
        """Whether the record is in reach."""
        return self._line is None or self._line.stands

    @Slot(bool)
    def _show(self, stands: bool) -> None:
        if self._window is None or self._leaving:
            return
        if stands:
            self._window.say_of_line("")
            self._window.show_message("The clinic's server is back.")
        else:
            self._window.say_of_line(AWAY)

    @Slot()
    def _ask(self) -> None:
        self._leaving = True
        self._asked.start()
        if self._window is not None:
            self._window.say_of_line(LEAVE, Level.INFO)

    @Slot()
    def _forget_window(self) -> None:
        self._window = None

    @Slot()
    def _may_stay(self) -> None:
        """Nobody asks any more: who wanted to change the tables gave up."""
        self._leaving = False
        if self._window is not None:
            self._window.say_of_line("" if self.stands else AWAY)

    @Slot()
    def _say_left_behind(self) -> None:
        self._leaving = True
        self._asked.stop()
        if self._window is not None:
            self._window.say_of_line(LEFT_BEHIND)

    @Slot(float)
    def _say_clock(self, ahead: float) -> None:
        """Nothing is lost by it, but the record tells when things were done by this clock."""
        if self._window is not None:
            minutes, way = round(abs(ahead) / 60), "ahead of" if ahead > 0 else "behind"
            self._window.show_message(
                f"This computer's clock is {minutes} min {way} the server's. Set it right: the record tells by it when "
                "things were done.",
                Level.WARN,
                seconds=None,
            )
