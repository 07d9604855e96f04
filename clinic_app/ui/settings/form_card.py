"""What the forms of the settings have in common: fields over a foot with the way out and the one action."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.chips import Chip
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
        """A form that is opened, or begun for another row, remembers what stands in it."""
        super().setVisible(visible)
        if visible:
            self._opened_with = self._stands()

    def typed(self) -> bool:
        """Whether the form is open and something was typed."""
        return not self.isHidden() and self._stands() != self._opened_with

    def _stands(self) -> list[object]:
        """What stands in every editor, also what means nothing yet, such as half a date."""
        return [
            *(line.text() for line in self.findChildren(QLineEdit)),
            *(area.toPlainText() for area in self.findChildren(QPlainTextEdit)),
            *(choice.currentText() for choice in self.findChildren(QComboBox)),
            *(tick.isChecked() for kind in (QCheckBox, Chip) for tick in self.findChildren(kind)),
        ]

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
