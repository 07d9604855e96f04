"""Makes the automatic backups and rehearsals while the window is open, and says in the window what failed."""

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import BackupPlan, MadeBackup
from clinic_app.services.rehearsal import Rehearsal, Rehearsals
from clinic_app.ui.tasks import Steps, Tasks
from clinic_app.ui.watch import Watch
from clinic_app.ui.wording import told

_FIRST_BACKUP_MS = 20_000
"""After the start: whoever unlocks wants the day first."""
_FIRST_REHEARSAL_MS = 60_000


class BackupWatch(Watch):
    """Backups; ``made`` carries the ``MadeBackup``."""

    def __init__(self, plan: BackupPlan, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(tasks, _FIRST_BACKUP_MS, parent)
        self._plan = plan

    def _work(self, steps: Steps, *, only_due: bool) -> MadeBackup | None:
        return self._plan.run(steps) if not only_due or self._plan.due() else None

    def _refused(self, error: ClinicError) -> None:
        self._fail(f"No backup could be made. {told(error)}")


class RehearsalWatch(Watch):
    """Rehearsed restores; ``made`` carries the ``Rehearsal``, also one in which not everything came back."""

    _late = Signal()

    def __init__(self, rehearsals: Rehearsals, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(tasks, _FIRST_REHEARSAL_MS, parent)
        self._rehearsals = rehearsals
        self._late.connect(self._say_late)

    def _work(self, steps: Steps, *, only_due: bool) -> Rehearsal | None:
        if only_due and not self._rehearsals.due():
            return None
        if only_due and self._rehearsals.late():
            self._late.emit()  # at once: it may be given up again before it ends
        return self._rehearsals.run(steps)

    def _was_made(self, made: object) -> None:
        if isinstance(made, Rehearsal) and made.wrong:
            self._warn(f"A rehearsed restore failed. {made.wrong}")
            self.made.emit(made)
        else:
            super()._was_made(made)

    def _refused(self, error: ClinicError) -> None:
        self._fail(f"No restore could be rehearsed. {told(error)}")

    @Slot()
    def _say_late(self) -> None:
        self._warn("No backup was restored on trial for too long. One is restored now; leave the program open.")
