"""What the forms of the settings have in common: fields over a foot with the way out and the one action."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import LabelledField
from clinic_app.ui.widgets.sections import Card


class FormCard(Card):
    """Enter saves, Esc closes. What is saved is the form's own business."""

    wanted = Signal(object)
    """Carries what was filled in."""
    closed = Signal()

    def __init__(self, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened_with: list[object] = []
        self.grid = QGridLayout()
        self.grid.setSpacing(BETWEEN)
        self.save = PrimaryButton(action, self)
        self.cancel = PlainButton("Cancel", self)
        self.save.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.closed)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        self.layout_inside.addLayout(self.grid)
        self.layout_inside.addLayout(foot)

    def setVisible(self, visible: bool) -> None:
        """A form that opens remembers what stands in it, to tell what was typed since."""
        opens = visible and self.isHidden()
        super().setVisible(visible)
        if opens:
            self._opened_with = self._values()

    def typed(self) -> bool:
        """Whether the form is open and something was typed."""
        return not self.isHidden() and self._values() != self._opened_with

    def _values(self) -> list[object]:
        return [field.value() for field in self.findChildren(LabelledField) if hasattr(field, "value")]

    @Slot()
    def submit(self) -> None:
        """Say what was filled in, or under its field what is missing."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves, Esc closes the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def across(self, *fields: QWidget) -> None:
        """The first line of fields, as wide as each other."""
        for column, field in enumerate(fields):
            self.grid.addWidget(field, 0, column, Qt.AlignmentFlag.AlignTop)
            self.grid.setColumnStretch(column, 1)
