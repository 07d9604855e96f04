"""What stands where there is nothing yet: it teaches the next step."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.icons import pixmap
from clinic_app.ui.theme import BETWEEN, GROUPS, current_theme
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.palette import on_palette_change

_SIZE = 32


class EmptyState(QWidget):
    """An icon, a sentence, and perhaps the one button that helps."""

    action_requested = Signal()

    def __init__(self, icon: str, sentence: str, parent: QWidget | None = None, *, action: str = "") -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = Muted(sentence, self, wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMaximumWidth(360)
        self.button = PlainButton(action, self)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.action_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        layout.setSpacing(BETWEEN)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        # A row of its own with a stretch at each side: an aligned widget would lose its height for its width.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._sentence, 1000)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)  # the eye rests a little above the middle
        on_palette_change(self, self._tint)

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        self._sentence.setText(sentence)

    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def set_action(self, action: str) -> None:
        """Name the button, or take it away with ""."""
        self.button.setText(action)
        self.button.setVisible(bool(action))

    def _tint(self) -> None:
        self._picture.setPixmap(
            pixmap(self._icon_name, current_theme().control_border, _SIZE, self.devicePixelRatioF())
        )
