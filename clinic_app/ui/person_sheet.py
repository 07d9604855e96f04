"""A small panel beside the person's button, for what they set for themselves."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.headings import Heading

_WIDTH = 320


class PersonSheet(QFrame):
    """Closes when it is done, with Esc, or when the person goes on elsewhere."""

    said = Signal(str)
    """A sentence about what was done."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self.setFixedWidth(_WIDTH)
        self._button: QWidget | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        self.column.setSpacing(BETWEEN)
        self.column.addWidget(Heading(title, self))

    def open_beside(self, button: QWidget) -> None:
        """Open with its lower left corner at the right of the button."""
        self._button = button
        self.place()
        self.show()
        self.start()

    def start(self) -> None:
        """The cursor into the first field."""
        raise NotImplementedError

    def place(self) -> None:
        """As high as its content, and where it stands beside its button."""
        if self._button is None:
            return
        self.adjustSize()
        corner = self._button.mapToGlobal(QPoint(self._button.width() + INSIDE, self._button.height()))
        self.move(corner.x(), max(0, corner.y() - self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """What floats has a border."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setPen(QColor(theme.control_border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
