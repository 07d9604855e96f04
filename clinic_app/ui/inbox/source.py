"""The one source of what waits: the list, the numbers at the rail and the reminder all tell the same."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.inbox_data import InboxKind, InboxRow, gravity, seen_by
from clinic_app.ui.recall import concerns
from clinic_app.ui.workplace import Workplace

_MINUTE_MS = 60_000
_CONCERNS: dict[InboxKind, frozenset[str]] = {
    InboxKind.RED_FLAG: frozenset({"side_effect", "patient", "account"}),
    InboxKind.UNSIGNED: frozenset({"chart_draft", "patient", "account"}),
    InboxKind.OPENED: frozenset({"record_grant", "patient", "account"}),
    InboxKind.VIAL: frozenset({"stock_movement", "lot", "patient"}),
    InboxKind.OUTCOME: frozenset({"visit", "response", "side_effect", "side_effect_answer", "patient", "account"}),
    InboxKind.REBOOK: concerns.REBOOK,
    InboxKind.RECALL: concerns.RECALL,
}
"""Which records each kind of line is made from: a chart that is kept while somebody types asks for one kind alone."""
_EACH_MINUTE = frozenset({InboxKind.RED_FLAG, InboxKind.UNSIGNED, InboxKind.OPENED})
"""What must be seen soon when another workstation wrote it. The others are asked for when the list is looked at."""


class InboxSource(QObject):
    """Looks after every change that concerns it, and each minute for what other workstations did."""

    changed = Signal(object)
    """Every line now, as a tuple of ``InboxRow``."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._kinds = seen_by(workplace.actor)
        self._rows: dict[InboxKind, tuple[InboxRow, ...]] = {}
        self._stale: frozenset[InboxKind] = frozenset()
        self._day = workplace.today()
        workplace.changes.committed.connect(self._committed)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self.look_each_minute)
        self._minute.start()
        workplace.tasks.closing.connect(self._minute.stop)
        # Behind what the window asks first: what this needs takes longer to import than that takes to be shown.
        workplace.tasks.run(_nothing, self._first_look, owner=self)

    def rows(self) -> tuple[InboxRow, ...] | None:
        """Every line as last heard, or None while the first answer is awaited."""
        if not self._rows:
            return None
        return tuple(sorted((row for rows in self._rows.values() for row in rows), key=gravity))

    def _first_look(self, _: None) -> None:
        self.look()

    @Slot()
    def look(self) -> None:
        """Ask for every kind now."""
        self._ask(self._kinds)

    @Slot()
    def look_each_minute(self) -> None:
        """Ask for what is urgent; on a new day for everything, because more is due."""
        today = self._workplace.today()
        self._ask(self._kinds if today != self._day else _EACH_MINUTE)

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        self._ask(frozenset(kind for kind, records in _CONCERNS.items() if records & kinds))

    def _ask(self, kinds: frozenset[InboxKind]) -> None:
        if not kinds & self._kinds:
            return
        # A newer question drops the older one's answer, so it asks for what that one asked for too.
        self._stale |= kinds & self._kinds
        services, actor, asked = self._workplace.services, self._workplace.actor, self._stale
        self._day = self._workplace.today()

        def show(rows: tuple[InboxRow, ...]) -> None:
            self._stale = frozenset()
            before = self.rows()
            self._rows |= {kind: tuple(row for row in rows if row.kind is kind) for kind in asked}
            now = self.rows()
            if now is not None and now != before:
                self.changed.emit(now)

        self._workplace.tasks.ask("inbox.rows", lambda: services.inbox.rows(actor, asked), show, _unheard, owner=self)


def _nothing() -> None:
    """What is asked only to come after what was asked before."""


def _unheard(_error: ClinicError) -> None:
    """A store that is busy for a moment is asked again within a minute."""
