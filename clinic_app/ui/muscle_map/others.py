"""The line in the chart's head that says who else has the chart on the screen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from clinic_app.services.presence import AlsoOpen
from clinic_app.ui.icons import pixmap
from clinic_app.ui.theme import TIGHT, current_theme
from clinic_app.ui.widgets.headings import ElidedLabel, set_text_color
from clinic_app.ui.widgets.palette import on_palette_change

_ICON = 14


class Others(QWidget):
    """Hidden while the chart is open here alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        self._words = ElidedLabel("", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._words, 1)
        on_palette_change(self, self._tint)
        self.hide()

    def show_others(self, others: Sequence[AlsoOpen]) -> None:
        """Name everybody else, each with the workstation."""
        self._words.set_text("Also open: " + ", ".join(_who(each) for each in others))
        self.setAccessibleName(self.text())
        self.setVisible(bool(others))

    def text(self) -> str:
        """What it says, or ""."""
        return "" if self.isHidden() else self._words.accessibleName()

    def _tint(self) -> None:
        color = current_theme().warn
        self._picture.setPixmap(pixmap("users", color, _ICON, self.devicePixelRatioF()))
        set_text_color(self._words, color)


def _who(other: AlsoOpen) -> str:
    name = "you" if other.same_person else other.name
    return f"{name} at {other.workstation}" if other.workstation else name
