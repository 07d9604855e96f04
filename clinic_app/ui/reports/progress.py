"""How far a long report is, with the way to stop it; nothing for what comes at once."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from clinic_app.ui.tasks import Steps
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.loading import DELAY_MS

_LOOK_MS = 100


class ReportProgress(QWidget):
    """Appears when the answer is later than 200 ms."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: Steps | None = None
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.bar.setAccessibleName("Progress of the report")
        self.words = Muted("", self)
        self.cancel_button = PlainButton("Cancel", self, icon="x")
        self.cancel_button.setToolTip("Stop reading (Esc); the last answer stays")
        self.cancel_button.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel_button)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self.hide()

    def start(self, steps: Steps) -> None:
        """A report was asked for."""
        self._steps = steps
        if self.isHidden():
            self._timer.start(DELAY_MS)

    def stop(self) -> None:
        """It came, or nobody waits any more."""
        self._steps = None
        self._timer.stop()
        self.hide()

    @Slot()
    def _look(self) -> None:
        if self._steps is None:
            return
        done, of = self._steps.done, self._steps.of
        self.bar.setRange(0, of)  # of nothing known, the bar only says that work is going on
        self.bar.setValue(done)
        self.words.setText(f"Reading part {done + 1} of {of}" if 0 <= done < of else "Reading the record")
        self._timer.start(_LOOK_MS)
        self.show()
