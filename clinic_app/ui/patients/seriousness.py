"""Whether a side effect is serious in the regulator's sense, and by which criteria of the reference."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_app.reference.side_effects import Seriousness
from clinic_app.ui.patients.choices import ManyChoice, OpenChoice
from clinic_app.ui.theme import INSIDE


class SeriousnessFields(QWidget):
    """Yes or no, or not judged yet; with yes, what makes it serious."""

    changed = Signal()

    def __init__(self, facts: Seriousness, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = OpenChoice[bool]("Serious", [(True, "Yes", ""), (False, "No", "")], self, across=True)
        self.question.set_hint("In the regulator's sense, whatever the severity. Leave it open where nobody judged it.")
        self.criteria = ManyChoice[str]("What makes it serious", self)
        self.criteria.set_groups([("", [(each, f"{each[:1].upper()}{each[1:]}") for each in facts.criteria])])
        self.criteria.add_check(self._missing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.question)
        layout.addWidget(self.criteria)
        self.question.changed.connect(self._answered)
        self.criteria.changed.connect(self.changed)
        self._show_criteria()

    def serious(self) -> bool | None:
        """The answer, None where it is left open."""
        return self.question.value()

    def named(self) -> tuple[str, ...]:
        """The criteria ticked, none unless it is serious."""
        return self.criteria.value() if self.question.value() is True else ()

    def set_values(self, serious: bool | None, criteria: tuple[str, ...]) -> None:
        """Show an answer and its criteria without telling ``changed``."""
        self.question.set_value(serious)
        self.criteria.set_value(criteria)
        self._show_criteria()

    def check(self) -> bool:
        """Whether a serious one names its criterion; says so when not."""
        return self.question.value() is not True or self.criteria.check()

    def set_error(self, text: str) -> None:
        """Show an error at the criteria."""
        self.criteria.set_error(text)

    @Slot()
    def _answered(self) -> None:
        self._show_criteria()
        self.changed.emit()

    def _show_criteria(self) -> None:
        self.criteria.setVisible(self.question.value() is True)

    def _missing(self) -> str:
        return "" if self.criteria.value() else "Choose what makes it serious."
