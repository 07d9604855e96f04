"""Makes the automatic backups while the window is open, and says in the window what failed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import BackupPlan, MadeBackup
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.wording import told

_LOOK_MS = 5 * 60_000
_FIRST_MS = 20_000
"""After the start: whoever unlocks wants the day first."""


class BackupWatch(QObject):
    """Looks every few minutes whether a backup is due. A failure is told once, until one succeeds."""

    failed = Signal(str)
    """Carries a sentence."""
    made = Signal(object)
    """Carries the ``MadeBackup``."""

    def __init__(self, plan: BackupPlan, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._tasks = tasks
        self._told = ""
        self._running = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        tasks.closing.connect(self._timer.stop)
        QTimer.singleShot(_FIRST_MS, self, self.look)

    @Slot()
    def look(self) -> None:
        """Make the backup that is due."""
        plan = self._plan
        self._run(lambda: plan.run() if plan.due() else None)

    @Slot()
    def run(self) -> None:
        """Make one now."""
        self._run(self._plan.run)

    def _run(self, work: Callable[[], MadeBackup | None]) -> None:
        if self._running or self._tasks.closed:
            return
        self._running = True
        self._tasks.run(work, self._was_made, self._refused, lane=Lane.PAPER, owner=self, ended=self._ended)

    def _was_made(self, made: MadeBackup | None) -> None:
        if made is not None:
            self._told = ""
            self.made.emit(made)

    def _refused(self, error: ClinicError) -> None:
        sentence = f"No backup could be made. {told(error)}"
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(sentence)

    def _ended(self) -> None:
        self._running = False
