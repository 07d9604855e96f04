"""The list of every shortcut."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.theme import BETWEEN, GROUPS, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Heading, Muted, Strong

_ROWS = 16

Keys = Sequence[tuple[str, str]]
"""Keys in the system's own spelling, and what they do."""


class ShortcutList(QDialog):
    """Every command and every key of the views, a column for each group."""

    def __init__(self, groups: Sequence[tuple[str, Keys]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        columns = QHBoxLayout()
        columns.setSpacing(GROUPS)
        for title, keys in groups:
            for start in range(0, len(keys), _ROWS):
                columns.addLayout(self._column(title if start == 0 else "", keys[start : start + _ROWS]))
        columns.addStretch(1)
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
        layout.addLayout(columns)
        layout.addLayout(bottom)

    def _column(self, title: str, keys: Keys) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(INSIDE)
        grid.addWidget(Muted(title, self), 0, 0, 1, 2)
        for row, (sequence, text) in enumerate(keys, 1):
            grid.addWidget(Strong(sequence, self), row, 0)
            grid.addWidget(QLabel(text, self), row, 1)
        grid.setRowStretch(_ROWS + 1, 1)
        return grid
