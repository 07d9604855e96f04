"""Where a file is dropped or chosen, and where it is said why it cannot be read."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.ui.theme import AROUND, BETWEEN, RADIUS, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PrimaryButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.progress import WorkProgress


class DropArea(QWidget):
    """A dashed frame that fills while a file hangs over the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = False
        self.doing = ""
        self.button = PrimaryButton("Choose a file…", self, icon="file-text")
        self.button.setToolTip("A CSV file, an Excel workbook (.xlsx), or a FHIR bundle (.json)")
        self.problem = Note(Level.STOP, self)
        self.progress = WorkProgress("Progress of reading", lambda _done, _of: self.doing, "nothing is written", self)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        row.addWidget(self.button)
        row.addWidget(Muted("or drop it anywhere on this page", self))
        row.addStretch(1)
        row.addWidget(self.progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        column.setSpacing(BETWEEN)
        column.addLayout(row)
        column.addWidget(self.problem)

    def set_wanted(self, wanted: bool) -> None:
        """Whether a file that this page takes hangs over it."""
        self._wanted = wanted
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent if self._wanted else theme.control_border), 1, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(theme.accent_soft if self._wanted else theme.window))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
