"""Keeps the calendar servers up to date while the window is open, and says once in the window what failed."""

from PySide6.QtCore import QObject, QTimer, Slot

from clinic_app.errors import ClinicError, WorkStopped
from clinic_app.exchange.calendar_server import Published
from clinic_app.ui.tasks import Steps
from clinic_app.ui.watch import Watch
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_FIRST_MS = 90_000
"""After the start: whoever unlocks wants the day first."""
_PAUSE_MS = 2 * 60_000
"""After a change: whoever books goes on booking."""
_EVERY = 12
"""Looks, of five minutes: about once an hour without a change, for what others changed on the server."""


class CalendarWatch(Watch):
    """Publishes a while after changes; ``made`` carries how much was sent."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        self._services, self._actor = workplace.services, workplace.actor
        self._waits, self._failures = 0, 0
        super().__init__(workplace.tasks, _FIRST_MS, parent)
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(_PAUSE_MS)
        self.pause.timeout.connect(self._settled)
        workplace.tasks.closing.connect(self.pause.stop)
        workplace.changes.committed.connect(self._committed)

    @property
    def waits(self) -> int:
        """How many looks pass until the next one publishes."""
        return self._waits

    @Slot()
    def look(self) -> None:
        """Publish when it is time again; after failures the pauses grow to an hour."""
        if self._waits:
            self._waits -= 1
        else:
            self._waits = _EVERY - 1
            self.run()

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if kinds & {"appointment", "clinic"}:
            self.pause.start()

    @Slot()
    def _settled(self) -> None:
        if not self._failures:  # else its pauses count: a server that is away is not asked at each booking
            self.run()

    def _work(self, steps: Steps, *, only_due: bool) -> Published | None:
        done: list[Published] = []
        refused: ClinicError | None = None
        for whose in self._services.calendar_publishing.here(self._actor):
            try:
                done.append(self._services.calendar_publishing.publish(self._actor, whose, steps))
            except WorkStopped:
                raise
            except ClinicError as error:
                refused = error  # the other calendars are brought up to date all the same
        if refused is not None:
            raise refused
        return Published(sum(each.sent for each in done), sum(each.removed for each in done)) if done else None

    def _was_made(self, made: object) -> None:
        self._failures = 0
        super()._was_made(made)

    def _refused(self, error: ClinicError) -> None:
        self._waits = min(2**self._failures, _EVERY) - 1
        self._failures += 1
        self._fail(f"Busy times could not be published. {told(error)}")
