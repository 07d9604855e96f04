"""The list of every shortcut."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.theme import BETWEEN, GROUPS, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Heading, Muted, Strong

_ROWS = 26
"""Lines of one column, headings among them: as many as fit the lowest window."""

Keys = Sequence[tuple[str, str]]
"""Keys in the system's own spelling, and what they do."""


class ShortcutList(QDialog):
    """Every command and every key of the views, in as few columns as they need."""

    def __init__(self, groups: Sequence[tuple[str, Keys]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        columns = QHBoxLayout()
        columns.setSpacing(GROUPS)
        for column in _columns(groups):
            columns.addLayout(self._column(column))
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

    def _column(self, groups: Sequence[tuple[str, Keys]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(TIGHT)
        row = 0
        for title, keys in groups:
            heading = Muted(title, self)
            heading.setContentsMargins(0, BETWEEN if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            for place, (sequence, text) in enumerate(keys, row + 1):
                grid.addWidget(Strong(sequence, self), place, 0)
                grid.addWidget(QLabel(text, self), place, 1)
            row += 1 + len(keys)
        grid.setRowStretch(row, 1)
        return grid


def _columns(groups: Sequence[tuple[str, Keys]]) -> list[list[tuple[str, Keys]]]:
    """The groups in columns: a short one stands below another, a long one goes on in the next column."""
    columns: list[list[tuple[str, Keys]]] = []
    used = _ROWS
    for title, keys in groups:
        if used + 1 + len(keys) > _ROWS:
            columns.append([])
            used = 0
        most = _ROWS - 1
        columns[-1].append((title, keys[:most]))
        for start in range(most, len(keys), most):
            columns.append([("", keys[start : start + most])])
        used = used + 1 + len(keys) if len(keys) <= most else _ROWS
    return columns
