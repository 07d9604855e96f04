"""The way from a record that cannot be opened to a backup that can: looks for it, restores it, and says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from clinic_app.errors import ClinicError
from clinic_app.settings import Settings
from clinic_app.ui.restore_offer import restored_text
from clinic_app.ui.tasks import Lane, Steps, Task, Tasks
from clinic_app.ui.unlock import UnlockPage

if TYPE_CHECKING:
    from clinic_app.services.best_backup import BestBackup
    from clinic_app.services.clock import Clock


class Restoring(QObject):
    """Works for one unlock page."""

    def __init__(self, settings: Settings, clock: Clock, tasks: Tasks, page: UnlockPage) -> None:
        super().__init__(page)
        self._settings = settings
        self._clock = clock
        self._tasks = tasks
        self._page = page
        self._task: Task | None = None
        page.offer.folder_chosen.connect(self._look_in)
        page.offer.restore_requested.connect(self._restore)
        page.offer.stopped.connect(self._stop)

    def offer(self, error: ClinicError) -> None:
        """Say what is wrong, and look for backups where they usually are."""
        from clinic_app.services.best_backup import usual_folders

        self._page.show_damage(str(error))
        self._look(usual_folders(self._settings))

    @Slot(object)
    def _look_in(self, folder: Path) -> None:
        self._look((folder,))

    def _look(self, folders: tuple[Path, ...]) -> None:
        steps = Steps()

        def work() -> BestBackup | None:
            from clinic_app.services.best_backup import best_backup

            return best_backup(folders, lambda: steps(0, 0))

        self._page.offer.show_work("Looking for the newest whole backup…", steps)
        self._task = self._tasks.run(
            work, self._page.offer.show_found, self._refused, lane=Lane.BACKUP, owner=self, steps=steps
        )

    @Slot(object)
    def _restore(self, found: BestBackup) -> None:
        settings, clock, steps = self._settings, self._clock, Steps()

        def work() -> Path | None:
            from clinic_app.services.backups import restore_backup

            return restore_backup(found.file, settings.data, clock(), lambda: steps(0, 0))

        def restored(aside: Path | None) -> None:
            self._page.show_restored(restored_text(found, aside))

        self._page.offer.show_work("Restoring the backup…", steps)
        self._task = self._tasks.run(work, restored, self._refused, lane=Lane.BACKUP, owner=self, steps=steps)

    def _refused(self, error: ClinicError) -> None:
        self._page.offer.show_problem(str(error))
        self._page.offer.show_found(None)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._page.offer.show_found(None)
