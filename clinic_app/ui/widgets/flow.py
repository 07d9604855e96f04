"""A layout that sets its widgets one after another and goes on in the next line when one is full."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from clinic_app.ui.theme import INSIDE


class FlowLayout(QLayout):
    """Left to right in lines, each as high as its highest widget. Widgets that stretch share what a line has left."""

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = INSIDE, line_spacing: int | None = None
    ) -> None:
        super().__init__(parent)
        self._line_spacing = spacing if line_spacing is None else line_spacing
        self._items: list[QLayoutItem] = []
        self._growing: set[QWidget] = set()
        self._heights: dict[int, int] = {}
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)

    def add_growing(self, widget: QWidget) -> None:
        """A widget that takes the rest of its line."""
        self._growing.add(widget)
        self.addWidget(widget)

    def insert_before(self, widget: QWidget, place: QWidget) -> None:
        """Put a widget before another one."""
        self.addWidget(widget)
        item = self._items.pop()
        number = next(number for number, known in enumerate(self._items) if known.widget() is place)
        self._items.insert(number, item)
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's way to add."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """An item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Never taller than needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at a width."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """Forget what was measured."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line if there is room."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """As wide as the widest."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Set line after line; returns the height used."""
        line: list[QLayoutItem] = []
        used, top = 0, rect.top()
        for item in self._items:
            if item.isEmpty():
                continue
            width = self._width(item)
            if line and used + self.spacing() + width > rect.width():
                top += self._set_line(line, rect, top, move=move) + self._line_spacing
                line, used = [], 0
            used += width + (self.spacing() if line else 0)
            line.append(item)
        return top + self._set_line(line, rect, top, move=move) - rect.top()

    def _set_line(self, line: list[QLayoutItem], rect: QRect, top: int, *, move: bool) -> int:
        height = max((item.sizeHint().height() for item in line), default=0)
        if not move:
            return height
        rest = rect.width() - sum(self._width(item) for item in line) - self.spacing() * (len(line) - 1)
        left = rect.left()
        for item in line:
            size = item.sizeHint()
            width = self._width(item) + (max(0, rest) if item.widget() in self._growing else 0)
            item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), QSize(width, size.height())))
            left += width + self.spacing()
        return height

    def _width(self, item: QLayoutItem) -> int:
        return item.minimumSize().width() if item.widget() in self._growing else item.sizeHint().width()
