"""The chart in front of the physician: one immutable content at a time, with undo and redo over all of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from clinic_app.services.chart_data import ChartContent

MOST_STEPS = 500
_MERGES = 1

BringBack = Callable[[ChartContent, ChartContent], ChartContent]
"""What undo or redo shows, from the content before and the one it brings back."""
Describe = Callable[[ChartContent, ChartContent], str]
"""Names the step from one content to the next, for menu and tooltip."""


class ChartModel(QObject):
    """Holds the content. The view, the rows and the map all show it and never keep a state of their own."""

    changed = Signal(object, object)
    """The content now and before."""
    steps_changed = Signal()
    """What can be undone or redone may have changed."""

    def __init__(
        self,
        content: ChartContent,
        parent: QObject | None = None,
        *,
        describe: Describe | None = None,
        bring_back: BringBack | None = None,
    ) -> None:
        super().__init__(parent)
        self._content = content
        self._bring_back = bring_back or (lambda before, after: after)
        self._describe = describe or (lambda before, after: "")
        self._merging = ""
        self._run = 0
        self._steps = QUndoStack(self)
        self._steps.setUndoLimit(MOST_STEPS)

    @property
    def content(self) -> ChartContent:
        """What stands on the chart."""
        return self._content

    @property
    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return self._steps.canUndo()

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be done again."""
        return self._steps.canRedo()

    @property
    def undo_text(self) -> str:
        """The step that would be taken back: "30 U left splenius capitis"."""
        return self._steps.undoText()

    @property
    def redo_text(self) -> str:
        """The step that would be done again."""
        return self._steps.redoText()

    def set_content(self, content: ChartContent, merge: str = "") -> None:
        """The chart after an edit. Edits with the same ``merge`` in a row (the keys of one field) are one step."""
        if content == self._content:
            return
        if not (merge and merge == self._merging):
            self._run += 1
        self._merging = merge
        before, self._content = self._content, content
        self._steps.push(_Step(self, before, content, self._run if merge else None))
        self._tell(before)

    def end_step(self) -> None:
        """The next edit is a step of its own, whatever field it is in."""
        self._merging = ""

    def reset(self, content: ChartContent) -> None:
        """Another chart: nothing of the one before can be undone."""
        self.end_step()
        self._steps.clear()
        before, self._content = self._content, content
        self._tell(before)

    def undo(self) -> bool:
        """Take the last step back."""
        return self._go(self._steps.canUndo(), self._steps.undo)

    def redo(self) -> bool:
        """Do again what was taken back."""
        return self._go(self._steps.canRedo(), self._steps.redo)

    def _go(self, possible: bool, step: Callable[[], object]) -> bool:
        if not possible:
            return False
        self.end_step()
        before = self._content
        step()
        self._content = self._bring_back(before, self._content)
        self._tell(before)
        return True

    def _tell(self, before: ChartContent) -> None:
        # After the stack has done its part, so that whoever hears it may edit again.
        self.changed.emit(self._content, before)
        self.steps_changed.emit()


class _Step(QUndoCommand):
    """From one content to the next. The keys of one run of typing become one step."""

    def __init__(self, model: ChartModel, before: ChartContent, after: ChartContent, run: int | None) -> None:
        super().__init__(model._describe(before, after))
        self._model = model
        self._before = before
        self._after = after
        self._run = run

    def undo(self) -> None:
        self._model._content = self._before

    def redo(self) -> None:
        self._model._content = self._after

    def id(self) -> int:
        return -1 if self._run is None else _MERGES

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or other._run != self._run:
            return False
        self._after = other._after
        self.setText(self._model._describe(self._before, self._after))
        self.setObsolete(self._before == self._after)  # typed and taken away again: nothing to undo
        return True
