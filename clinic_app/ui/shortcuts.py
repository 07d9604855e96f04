"""The list of every shortcut."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.theme import BETWEEN, GROUPS, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Heading, Strong

_ROWS = 12


class ShortcutList(QDialog):
    """Every command with its keys, in columns of twelve."""

    def __init__(self, listed: Sequence[tuple[str, QKeySequence]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(INSIDE)
        for number, (text, keys) in enumerate(listed):
            column, row = divmod(number, _ROWS)
            grid.addWidget(Strong(keys.toString(QKeySequence.SequenceFormat.NativeText), self), row, 3 * column)
            grid.addWidget(QLabel(text, self), row, 3 * column + 1)
            grid.setColumnMinimumWidth(3 * column + 2, GROUPS)
        close = PlainButton("Close", self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        layout.setSpacing(GROUPS)
        layout.addWidget(Heading("Keyboard shortcuts", self))
        layout.addLayout(grid)
        layout.addLayout(bottom)
