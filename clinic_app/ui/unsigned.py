"""Counts the visits of earlier days that wait for the person's signature, and tells when the number changes."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.ui.workplace import Workplace

_MINUTE_MS = 60_000


class UnsignedVisits(QObject):
    """Looks after every change of a chart, and each minute for midnight and for what other workstations did."""

    changed = Signal(int)
    """How many there are now."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.count = 0
        if not workplace.may(Act.SIGN):
            return
        workplace.changes.committed.connect(self._committed)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self.look)
        self._minute.start()
        self.look()

    @Slot()
    def look(self) -> None:
        """Count now."""
        charts, actor, today = self._workplace.services.charts, self._workplace.actor, self._workplace.today()
        self._workplace.tasks.ask(
            "unsigned",
            lambda: sum(row.mine and row.visited_on < today for row in charts.drafts(actor)),
            self._show,
            _unheard,
            owner=self,
        )

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if "chart_draft" in kinds:
            self.look()

    def _show(self, count: int) -> None:
        if count != self.count:
            self.count = count
            self.changed.emit(count)


def unsigned_text(count: int) -> str:
    """The reminder in words, or ""."""
    return "" if not count else "1 unsigned visit" if count == 1 else f"{count} unsigned visits"


def _unheard(_error: ClinicError) -> None:
    """A store that is busy for a moment is asked again within a minute."""
