"""A switch of a few named positions in one row."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QToolButton, QWidget

from clinic_app.ui.theme import RADIUS, current_theme


class Segments(QWidget):
    """Exactly one position is on."""

    chosen = Signal(str)

    def __init__(self, name: str, positions: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """``positions`` are texts with their shortcuts."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for text, shortcut in positions:
            button = QToolButton(self)
            button.setText(text)
            button.setCheckable(True)
            button.setShortcut(shortcut)
            button.setToolTip(f"{text} ({button.shortcut().toString()})")
            button.setAccessibleName(text)
            button.setFixedHeight(26)
            button.setMinimumWidth(52)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._group.addButton(button)
            layout.addWidget(button)
        self._group.buttons()[0].setChecked(True)
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        self._group.buttonToggled.connect(self._toggled)
        self.setFixedHeight(32)

    def set_position(self, position: str) -> None:
        """Switch without telling anybody."""
        blocked = self._group.blockSignals(True)
        for button in self._group.buttons():
            if button.text() == position:
                button.setChecked(True)
        self._group.blockSignals(blocked)

    def press(self, position: str) -> None:
        """Switch as a click does."""
        for button in self._group.buttons():
            if button.text() == position:
                button.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame that holds the positions together."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.control_border), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _toggled(self, button: QAbstractButton, down: bool) -> None:
        if down:
            self.chosen.emit(button.text())
