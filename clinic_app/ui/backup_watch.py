"""Makes the automatic backups while the window is open, and says in the window what failed."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import BackupPlan, MadeBackup
from clinic_app.ui.tasks import Lane, Steps, Task, Tasks
from clinic_app.ui.wording import told

_LOOK_MS = 5 * 60_000
_FIRST_MS = 20_000
"""After the start: whoever unlocks wants the day first."""


class BackupWatch(QObject):
    """Looks every few minutes whether a backup is due."""

    began = Signal(object)
    """Carries the ``Steps`` of the work."""
    ended = Signal()
    """It is made, refused or stopped, or none was due."""
    made = Signal(object)
    """Carries the ``MadeBackup``."""
    failed = Signal(str)
    """Carries a sentence, each time."""
    warned = Signal(str)
    """Carries a sentence that was not said since the last one that succeeded."""

    def __init__(self, plan: BackupPlan, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._tasks = tasks
        self._said = ""
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        tasks.closing.connect(self._timer.stop)
        QTimer.singleShot(_FIRST_MS, self, self.look)

    @Slot()
    def look(self) -> None:
        """Make the backup that is due."""
        self._run(only_due=True)

    @Slot()
    def run(self) -> None:
        """Make one now."""
        self._run(only_due=False)

    @Slot()
    def stop(self) -> None:
        """Give up the one under way; nothing of it stays."""
        if self._task is not None:
            self._task.cancel()
            self._over()

    def _run(self, *, only_due: bool) -> None:
        if self._task is not None or self._tasks.closed:
            return
        plan, steps = self._plan, Steps()

        def work() -> MadeBackup | None:
            return plan.run(steps) if not only_due or plan.due() else None

        self._task = self._tasks.run(
            work, self._was_made, self._refused, lane=Lane.BACKUP, owner=self, ended=self._over, steps=steps
        )
        self.began.emit(steps)

    def _was_made(self, made: MadeBackup | None) -> None:
        if made is not None:
            self._said = ""
            self.made.emit(made)

    def _refused(self, error: ClinicError) -> None:
        sentence = f"No backup could be made. {told(error)}"
        self.failed.emit(sentence)
        if sentence != self._said:
            self._said = sentence
            self.warned.emit(sentence)

    def _over(self) -> None:
        self._task = None
        self.ended.emit()
