"""Tells every view which kinds of record a commit touched, from whichever thread committed."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Changes(QObject):
    """One long-lived object between the database's commits and the views that must look again.

    ``committed`` always arrives in the GUI thread, later than the commit, and carries ``frozenset[str]`` of record
    kinds ("patient", "visit", "appointment"). Connect a bound method of the view and look whether a kind concerns it.
    """

    committed = Signal(object)
    _announced = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Queued through an own slot: a view's slot then never runs in the thread that committed.
        self._announced.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def announce(self, kinds: Iterable[str]) -> None:
        """Say that records of these kinds changed. May be called from any thread."""
        touched = frozenset(kinds)
        if touched:
            self._announced.emit(touched)

    @Slot(object)
    def _pass_on(self, kinds: frozenset[str]) -> None:
        self.committed.emit(kinds)
