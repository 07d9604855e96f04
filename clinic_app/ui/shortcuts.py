"""The list of every shortcut."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.theme import BETWEEN, GROUPS, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Heading, Muted, Strong
from clinic_app.ui.widgets.sections import Scroll

_COLUMNS = 3
_HEIGHT = 560
"""As high as fits the lowest window; what is longer is scrolled to."""

Keys = Sequence[tuple[str, str]]
"""Keys in the system's own spelling, and what they do."""


class ShortcutList(QDialog):
    """Every command and every key of the views."""

    def __init__(self, groups: Sequence[tuple[str, Keys]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        content = QWidget(self)
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, BETWEEN, 0)
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
        scroll = Scroll(content, self)
        scroll.setMinimumSize(content.sizeHint().width() + GROUPS, min(content.sizeHint().height(), _HEIGHT))
        layout.addWidget(scroll, 1)
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
    """The groups in columns of about the same height: each stands below the shortest one so far."""
    columns: list[list[tuple[str, Keys]]] = [[] for _ in range(_COLUMNS)]
    for title, keys in groups:
        shortest = min(columns, key=lambda column: sum(1 + len(inside) for _, inside in column))
        shortest.append((title, keys))
    return columns
