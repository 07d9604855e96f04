"""The chart in front of the physician: one immutable content at a time, with undo and redo."""

from PySide6.QtCore import QObject, Signal

from clinic_app.services.chart_data import ChartContent

MOST_STEPS = 500


class ChartModel(QObject):
    """Holds the content. The view, the rows and the map all show it and never keep a state of their own."""

    changed = Signal(object, object)
    """The content now and before."""
    steps_changed = Signal()
    """Whether something can be undone or redone may have changed."""

    def __init__(self, content: ChartContent, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._before: list[ChartContent] = []
        self._after: list[ChartContent] = []
        self._merging = ""

    @property
    def content(self) -> ChartContent:
        """What stands on the chart."""
        return self._content

    @property
    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be done again."""
        return bool(self._after)

    def set_content(self, content: ChartContent, merge: str = "") -> None:
        """The chart after an edit. Edits with the same ``merge`` in a row (the keys of one field) are one step."""
        if content == self._content:
            return
        if not (merge and merge == self._merging):
            self._before.append(self._content)
            del self._before[:-MOST_STEPS]
        self._merging = merge
        self._after.clear()
        self._show(content)

    def end_step(self) -> None:
        """The next edit is a step of its own, whatever field it is in."""
        self._merging = ""

    def reset(self, content: ChartContent) -> None:
        """Another chart: nothing of the one before can be undone."""
        self._before.clear()
        self._after.clear()
        self._merging = ""
        self._show(content)

    def undo(self) -> bool:
        """Take the last step back."""
        if not self._before:
            return False
        self._after.append(self._content)
        self._merging = ""
        self._show(self._before.pop())
        return True

    def redo(self) -> bool:
        """Do again what was taken back."""
        if not self._after:
            return False
        self._before.append(self._content)
        self._merging = ""
        self._show(self._after.pop())
        return True

    def _show(self, content: ChartContent) -> None:
        before, self._content = self._content, content
        self.changed.emit(content, before)
        self.steps_changed.emit()
