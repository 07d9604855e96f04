"""Work that nobody waits for, looked after while the window is open."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.ui.tasks import Lane, Steps, Task, Tasks

_LOOK_MS = 5 * 60_000


class Watch(QObject):
    """Looks every few minutes whether work is due that nobody waits for."""

    began = Signal(object)
    """Carries the ``Steps`` of the work."""
    ended = Signal()
    """It is made, refused or stopped, or none was due."""
    made = Signal(object)
    """Carries what was made."""
    failed = Signal(str)
    """Carries a sentence, each time."""
    warned = Signal(str)
    """Carries a sentence that was not said since the last one that succeeded."""

    def __init__(self, tasks: Tasks, first_ms: int, parent: QObject | None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._said = ""
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        tasks.closing.connect(self._timer.stop)
        QTimer.singleShot(first_ms, self, self.look)

    @Slot()
    def look(self) -> None:
        """Do what is due."""
        self._run(only_due=True)

    @Slot()
    def run(self) -> None:
        """Do it now."""
        self._run(only_due=False)

    @Slot()
    def stop(self) -> None:
        """Give up what is under way; nothing of it stays."""
        if self._task is not None:
            self._task.cancel()
            self._over()

    def _work(self, steps: Steps, *, only_due: bool) -> object:
        """Runs beside the window; None where nothing was due."""
        raise NotImplementedError

    def _was_made(self, made: object) -> None:
        if made is not None:
            self._said = ""
            self.made.emit(made)

    def _refused(self, error: ClinicError) -> None:
        raise NotImplementedError

    def _fail(self, sentence: str) -> None:
        self.failed.emit(sentence)
        self._warn(sentence)

    def _warn(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self.warned.emit(sentence)

    def _run(self, *, only_due: bool) -> None:
        if self._task is not None or self._tasks.closed:
            return
        steps = Steps()
        self._task = self._tasks.run(
            lambda: self._work(steps, only_due=only_due),
            self._was_made,
            self._refused,
            lane=Lane.BACKUP,
            owner=self,
            ended=self._over,
            steps=steps,
        )
        self.began.emit(steps)

    def _over(self) -> None:
        self._task = None
        self.ended.emit()
