"""The questions at the left; last the way out for research."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.services.reports_data import TITLES, Question
from clinic_app.ui.reports.wording import ASKS, RESEARCH
from clinic_app.ui.widgets.page_list import PageList

WIDTH = 176
_QUESTION = Qt.ItemDataRole.UserRole


class QuestionList(PageList):
    """The arrow keys go from one question to the next."""

    chosen = Signal(object)
    """Carries the ``Question``, or None for the export."""

    def __init__(self, parent: QWidget | None = None, *, exports: bool = False) -> None:
        """``exports`` offers the export for research below the questions."""
        super().__init__("Reports", WIDTH, parent)
        for question in Question:
            self.add_page(TITLES[question], ASKS[question]).setData(_QUESTION, question.value)
        if exports:
            self.add_page(*RESEARCH).setData(_QUESTION, "")
        self.setCurrentRow(0)
        self.currentItemChanged.connect(self._changed)

    def question(self) -> Question | None:
        """The chosen one; None while it is the export."""
        value = self.currentItem().data(_QUESTION)
        return Question(value) if value else None

    def choose(self, question: Question) -> None:
        """Choose one as a click does."""
        self.setCurrentRow(list(Question).index(question))

    def choose_export(self) -> None:
        """Choose the export as a click does, where it is offered."""
        if self.count() > len(Question):
            self.setCurrentRow(len(Question))

    @Slot()
    def _changed(self) -> None:
        self.chosen.emit(self.question())
