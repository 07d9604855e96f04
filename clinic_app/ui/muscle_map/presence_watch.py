"""Says every few seconds that a chart is open here, and tells who else has it open."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.access import Actor
from clinic_app.services.presence import HEARTBEAT, AlsoOpen, Presence
from clinic_app.ui.tasks import Tasks

_QUESTION = "muscle_map.presence"


class PresenceWatch(QObject):
    """The heartbeat of one open chart. A beat that fails is nobody's concern: the next one comes."""

    others_changed = Signal(object)
    """Who else has the chart open: a tuple of AlsoOpen."""

    def __init__(
        self, presence: Presence, actor: Actor, tasks: Tasks, draft_id: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._presence = presence
        self._actor = actor
        self._tasks = tasks
        self._draft_id = draft_id
        self.others: tuple[AlsoOpen, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(int(HEARTBEAT.total_seconds() * 1000))
        self._timer.timeout.connect(self.beat)
        self._timer.start()
        tasks.closing.connect(self._timer.stop)
        self.beat()

    @Slot()
    def beat(self) -> None:
        """Say so and ask now."""
        presence, actor, draft_id = self._presence, self._actor, self._draft_id
        self._tasks.ask(
            "muscle_map.presence", lambda: presence.beat(actor, draft_id), self._heard, _unheard, owner=self
        )

    def end(self) -> None:
        """The chart is put aside."""
        self._timer.stop()
        self._tasks.drop(_QUESTION)
        presence, actor, draft_id = self._presence, self._actor, self._draft_id
        self._tasks.run(lambda: presence.leave(actor, draft_id), _unheard, _unheard)

    def _heard(self, others: tuple[AlsoOpen, ...]) -> None:
        if others != self.others:
            self.others = others
            self.others_changed.emit(others)


def _unheard(_answer: ClinicError | None) -> None:
    """The store may be busy or out of reach for a moment; the chart's own saves tell of that."""
