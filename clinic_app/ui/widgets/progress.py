"""How far long work is, with the way to stop it; nothing for what comes at once."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from clinic_app.ui.tasks import Steps
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.loading import DELAY_MS

_LOOK_MS = 100


class WorkProgress(QWidget):
    """Appears when the work takes longer than 200 ms.

    ``telling`` puts into words how many steps are done and of how many; of nothing known it is told 0 of 0.
    """

    cancelled = Signal()

    def __init__(
        self, name: str, telling: Callable[[int, int], str], what_stays: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._steps: Steps | None = None
        self._telling = telling
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.bar.setAccessibleName(name)
        self.words = Muted("", self)
        self.cancel_button = PlainButton("Cancel", self, icon="x")
        self.cancel_button.setToolTip(f"Stop (Esc); {what_stays}")
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
        """Work was begun."""
        self._steps = steps
        if self.isHidden():
            self._timer.start(DELAY_MS)

    def stop(self) -> None:
        """It is done, or nobody waits any more."""
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
        self.words.setText(self._telling(done, of))
        self._timer.start(_LOOK_MS)
        self.show()
