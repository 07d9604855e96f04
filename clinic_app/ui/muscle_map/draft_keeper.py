"""Keeps a chart as a draft while it grows: soon after every change, one save at a time, the newest content wins."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.charts import Charts
from clinic_app.services.local_drafts import LocalDraft, LocalDrafts
from clinic_app.ui.tasks import Lane, Tasks

PAUSE_MS = 400
"""From the first unsaved key to the save. Not from the last key: somebody who never pauses loses nothing either."""
RETRY_MS = 5_000
SLOW_MS = 1_000
"""A save that takes longer waits for the server; from then on what is typed is kept on this workstation, too."""


class DraftKeeper(QObject):
    """Saves one draft. A failed save says so and is tried again with the next change, or after a while."""

    kept = Signal(object)
    """A save is in the database; carries the moment."""
    kept_here = Signal()
    """The server is away; what is typed is on this workstation."""
    failed = Signal(object)
    """A save did not work; carries the ClinicError."""
    changed_elsewhere = Signal()
    """Somebody else kept another state of this chart."""
    gone = Signal(object)
    """Somebody else signed or discarded it; carries the ClinicError that says who."""

    def __init__(
        self,
        charts: Charts,
        actor: Actor,
        tasks: Tasks,
        now: Callable[[], datetime],
        draft_id: int,
        version: int,
        content: ChartContent,
        parent: QObject | None = None,
        *,
        here: LocalDrafts | None = None,
        patient_id: int = 0,
    ) -> None:
        """``here`` keeps on this workstation what a server cannot take; the patient's id goes with it."""
        super().__init__(parent)
        self._charts = charts
        self._here = here
        self._patient_id = patient_id
        self._is_here: ChartContent | None = None
        self._lies_here: ChartContent | None = None
        self._actor = actor
        self._tasks = tasks
        self._now = now
        self.draft_id = draft_id
        self.version = version
        self._wanted = content
        self._saved = content
        self._saving: ChartContent | None = None
        self._stopped = False
        self._hurry = False
        self._then: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.save_now)
        self._slow = QTimer(self)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(self.keep_here)
        # A chart that could not be kept is tried again and again, until the program ends.
        tasks.closing.connect(self._timer.stop)
        tasks.closing.connect(self._slow.stop)

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not in the database yet."""
        return self._saving is not None or self._wanted != self._saved

    @property
    def at_risk(self) -> bool:
        """Whether something typed is neither in the database nor on this workstation yet."""
        return self.unsaved and self._wanted != self._lies_here

    @property
    def in_conflict(self) -> bool:
        """Whether somebody else's state waits for a decision."""
        return self._stopped

    @property
    def saved(self) -> ChartContent:
        """What was kept last, and what anybody else who changed the chart began with."""
        return self._saved

    def pause(self) -> None:
        """Somebody else's state waits for a decision: until then nothing is kept."""
        self._timer.stop()
        self._stopped = True

    def want(self, content: ChartContent) -> None:
        """This is the chart now; keep it soon."""
        self._wanted = content
        if self._wanted != self._saved and not self._timer.isActive() and not self._stopped:
            self._timer.start(PAUSE_MS)

    @Slot()
    def save_now(self) -> None:
        """Keep the chart at once, or as soon as the save under way has ended."""
        self._timer.stop()
        if self._saving is not None or self._stopped:
            self._hurry = True
            return
        self._hurry = False
        if self._wanted == self._saved:
            self._go_on()
            return
        content = self._saving = self._wanted
        version = self.version
        if self._here is not None:
            self._slow.start()
        self._tasks.run(
            lambda: self._charts.keep(self._actor, self.draft_id, version, content), self._done, self._not_done
        )

    @Slot()
    def keep_here(self) -> None:
        """Keep what is typed on this workstation as long as the server does not have it."""
        here, wanted = self._here, self._wanted
        if here is None or self._stopped or wanted in (self._saved, self._is_here):
            return
        self._is_here = wanted
        actor, draft_id = self._actor, self.draft_id
        kept = LocalDraft(self._patient_id, self.version, self._saved, wanted)
        # On another lane: that of the database waits for the server.
        self._tasks.run(
            lambda: here.keep(actor, draft_id, kept),
            lambda _: self._was_kept_here(wanted),
            self.failed.emit,
            lane=Lane.PAPER,
            owner=self,
        )

    def adopt(self, content: ChartContent) -> None:
        """What stands here already is a copy that this workstation kept."""
        self._is_here = self._lies_here = content

    def when_saved(self, then: Callable[[], object]) -> None:
        """Call ``then`` once everything typed is kept; dropped when a save fails."""
        self._then = then
        self.save_now()

    def take_over(self, version: int, saved: ChartContent) -> None:
        """Go on from somebody else's state, which the person has seen."""
        self.version = version
        self._saved = saved
        self._stopped = False
        self.want(self._wanted)

    def stop(self) -> None:
        """The draft is signed or discarded: nothing is saved any more."""
        self._timer.stop()
        self._stopped = True
        self._saved = self._wanted
        self._saving = None
        self._then = None
        self._forget_here()

    def _was_kept_here(self, content: ChartContent) -> None:
        self._lies_here = content
        if self.unsaved:
            self.kept_here.emit()

    def _forget_here(self) -> None:
        self._slow.stop()
        here, actor, draft_id = self._here, self._actor, self.draft_id
        if here is not None and self._is_here is not None:
            self._is_here = self._lies_here = None
            self._tasks.run(lambda: here.forget(actor, draft_id), _nothing, lane=Lane.PAPER)

    def _done(self, version: int) -> None:
        if self._saving is None:
            return
        self.version = version
        self._saved, self._saving = self._saving, None
        self._forget_here()
        self.kept.emit(self._now())
        if self._wanted != self._saved:
            if self._hurry or self._then is not None:
                self.save_now()
            elif not self._timer.isActive():
                self._timer.start(PAUSE_MS)
        else:
            self._go_on()

    def _not_done(self, error: ClinicError) -> None:
        if self._saving is None:
            return
        self._saving = None
        self._then = None
        self._slow.stop()
        if isinstance(error, (RecordChanged, NotFound)):
            self.pause()
            if isinstance(error, RecordChanged):
                self.changed_elsewhere.emit()
            else:
                self.gone.emit(error)
            return
        self.failed.emit(error)
        self.keep_here()
        self._timer.start(RETRY_MS)

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def _nothing(_result: object) -> None:
    """What to do with an answer nobody needs."""
