"""Saved patterns as the window has them: read, saved, renamed, removed with a way back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.pattern_data import PatternRow, PatternSource
from clinic_app.ui.workplace import Workplace

Refused = Callable[[ClinicError], object]


class PatternDesk(QObject):
    """Asks the services about saved patterns; has no widgets."""

    changed = Signal()
    """``saved`` is another."""
    said = Signal(str, object)
    """A sentence, and what takes it back (or None)."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.saved: tuple[PatternRow, ...] = ()
        self.may_share = workplace.may(Act.SHARE_PATTERNS)

    def may_change(self, row: PatternRow) -> bool:
        """Whether the person may rename and remove it."""
        return row.own or self.may_share

    def set_saved(self, rows: Sequence[PatternRow]) -> None:
        """The saved patterns, as somebody read them with something else."""
        if tuple(rows) != self.saved:
            self.saved = tuple(rows)
            self.changed.emit()

    def read_again(self) -> None:
        """Somebody may have saved, renamed or removed one."""
        patterns, actor = self._workplace.services.patterns, self._workplace.actor
        self._workplace.tasks.ask("muscle_map.patterns", lambda: patterns.of(actor), self.set_saved, owner=self)

    def save(self, name: str, source: PatternSource, for_clinic: bool, done: Callable[[], object], no: Refused) -> None:
        """Keep a pattern."""
        patterns, actor = self._workplace.services.patterns, self._workplace.actor

        def kept(row: PatternRow) -> None:
            done()
            whose = "for the clinic" if for_clinic else "as your own"
            self.said.emit(f"Pattern “{row.name}” saved {whose}.", lambda: self._take_away(row))

        self._workplace.tasks.run(
            lambda: patterns.save(actor, name, source, for_clinic=for_clinic), kept, no, owner=self
        )

    def rename(self, row: PatternRow, name: str, done: Callable[[], object], no: Refused) -> None:
        """Give a pattern another name."""
        patterns, actor = self._workplace.services.patterns, self._workplace.actor

        def renamed(now: PatternRow) -> None:
            done()
            if now.name != row.name:
                self.said.emit(f"Renamed to “{now.name}”.", lambda: self._rename_back(now, row.name))

        self._workplace.tasks.run(lambda: patterns.rename(actor, row.id, row.version, name), renamed, no, owner=self)

    def remove(self, row: PatternRow) -> None:
        """Take a pattern away, with a way back."""
        patterns, actor = self._workplace.services.patterns, self._workplace.actor

        def removed(gone: PatternRow) -> None:
            self.said.emit(f"Pattern “{gone.name}” removed.", lambda: self._bring_back(gone))

        self._workplace.tasks.run(
            lambda: patterns.remove(actor, row.id, row.version), removed, self._refused, owner=self
        )

    def _take_away(self, row: PatternRow) -> None:
        patterns, actor = self._workplace.services.patterns, self._workplace.actor
        self._workplace.tasks.run(
            lambda: patterns.remove(actor, row.id, row.version), self._done, self._refused, owner=self
        )

    def _rename_back(self, row: PatternRow, name: str) -> None:
        patterns, actor = self._workplace.services.patterns, self._workplace.actor
        self._workplace.tasks.run(
            lambda: patterns.rename(actor, row.id, row.version, name), self._done, self._refused, owner=self
        )

    def _bring_back(self, row: PatternRow) -> None:
        patterns, actor = self._workplace.services.patterns, self._workplace.actor
        self._workplace.tasks.run(lambda: patterns.restore(actor, row), self._done, self._refused, owner=self)

    def _done(self, _row: PatternRow) -> None:
        """The list follows by itself: whatever is committed is read again."""

    def _refused(self, error: ClinicError) -> None:
        self.said.emit(str(error), None)
        self.read_again()
