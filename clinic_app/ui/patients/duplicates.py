"""Who may be the same person, shown while somebody is registered."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.services.patient_data import PatientRow
from clinic_app.ui.icons import pixmap
from clinic_app.ui.patients.parts import clear_layout
from clinic_app.ui.patients.words import row_detail
from clinic_app.ui.theme import BETWEEN, INSIDE, RADIUS, current_theme
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import ElidedLabel, Strong
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.workplace import Workplace


class Duplicates(QWidget):
    """A quiet warning with a line for each; it steals no focus and takes no room while nobody is similar."""

    chosen = Signal(int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._rows: tuple[PatientRow, ...] = ()
        self._picture = QLabel(self)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self._picture)
        top.addWidget(Strong("Perhaps registered already", self), 1)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(BETWEEN, INSIDE, BETWEEN, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addLayout(top)
        layout.addLayout(self._lines)
        on_palette_change(self, self._tint)
        self.hide()

    def rows(self) -> tuple[PatientRow, ...]:
        """Who is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[PatientRow]) -> None:
        """Show these patients."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        clear_layout(self._lines)
        today = self._workplace.today()
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(BETWEEN)
            line.addWidget(ElidedLabel(f"{row.name} · {row_detail(row, today)}", self), 1)
            button = LinkButton("Open this one instead", self)
            button.setAccessibleName(f"Open {row.name}, {row_detail(row, today)} instead")
            button.setProperty("patient_id", row.id)
            button.clicked.connect(self._open)
            line.addWidget(button)
            self._lines.addLayout(line)
        self.setVisible(bool(rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of a warning."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(current_theme().warn_soft))
        painter.drawRoundedRect(self.rect().toRectF(), RADIUS, RADIUS)

    @Slot()
    def _open(self) -> None:
        button = self.sender()
        if isinstance(button, LinkButton):
            self.chosen.emit(int(button.property("patient_id")))

    def _tint(self) -> None:
        theme = current_theme()
        self._picture.setPixmap(pixmap("warn-filled", theme.warn, 16, self.devicePixelRatioF(), ink=theme.warn_soft))
        self.update()
