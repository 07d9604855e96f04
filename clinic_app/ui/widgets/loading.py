"""The shape of what comes, shown only when it is late."""

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinic_app.ui.theme import ROW_PX, current_theme

DELAY_MS = 200


class Skeleton(QWidget):
    """Covers its parent with pale bars while ``start`` was called longer ago than 200 ms and ``stop`` was not."""

    def __init__(self, parent: QWidget, *, row_height: int = ROW_PX) -> None:
        super().__init__(parent)
        self._covered = parent
        self._row_height = row_height
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._appear)
        self.setAccessibleName("Loading")
        self.hide()
        parent.installEventFilter(self)

    def start(self) -> None:
        """Something was asked for."""
        if not self.isVisible():
            self._delay.start()

    def stop(self) -> None:
        """It came."""
        self._delay.stop()
        self.hide()

    def waiting(self) -> bool:
        """Whether something is still to come."""
        return self._delay.isActive() or self.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the parent."""
        if event.type() == QEvent.Type.Resize and watched is self._covered:
            self.resize(self._covered.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of uneven length, as lines of text are."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.hover))
        painter.setBrush(QColor(theme.hover))
        for row in range(min(12, self.height() // self._row_height)):
            width = self.width() * (0.35 + 0.5 * ((row * 37) % 100) / 100)
            bar = QRectF(12, row * self._row_height + self._row_height / 2 - 5, max(0.0, width - 24), 10)
            painter.drawRoundedRect(bar, 4, 4)

    def _appear(self) -> None:
        self.resize(self._covered.size())
        self.raise_()
        self.show()
