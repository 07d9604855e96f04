"""The picture of an answer and its table: side by side, or one above the other where time runs across."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSplitter, QVBoxLayout, QWidget

from clinic_app.ui.reports.picture import ReportPicture
from clinic_app.ui.theme import AROUND, BETWEEN
from clinic_app.ui.widgets.headings import Muted

_BESIDE = (312, 800)
"""The widths of picture and table side by side, in pixels; the table takes what is left."""
_ABOVE = 250
"""The height of picture and notes above a table, in pixels."""


class AnswerSplitter(QSplitter):
    """Picture with notes, and tables. A picture of months is wide and low, one with a row for each name narrow."""

    def __init__(self, picture: ReportPicture, notes: Muted, tables: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.told = QWidget(self)
        column = QVBoxLayout(self.told)
        column.setSpacing(BETWEEN)
        column.addWidget(picture)
        column.addWidget(notes)
        column.addStretch(1)
        self.addWidget(self.told)
        self.addWidget(tables)
        self.setStretchFactor(1, 1)
        self._stand(Qt.Orientation.Horizontal)

    def stand(self, *, lying: bool) -> None:
        """Stand side by side for a lying picture, else one above the other; what a person dragged stays until then."""
        wanted = Qt.Orientation.Horizontal if lying else Qt.Orientation.Vertical
        if wanted != self.orientation():
            self._stand(wanted)

    def _stand(self, orientation: Qt.Orientation) -> None:
        self.setOrientation(orientation)
        beside = orientation == Qt.Orientation.Horizontal
        column = self.told.layout()
        if isinstance(column, QBoxLayout):
            column.setContentsMargins(AROUND, BETWEEN, 0 if beside else AROUND, AROUND if beside else 0)
        self.setSizes([*_BESIDE] if beside else [_ABOVE, max(self.height() - _ABOVE, _ABOVE)])
