"""The list of pages at the left of a view."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

_ROW = 36


class PageList(QListWidget):
    """Pages by name; the arrow keys go from one to the next."""

    def __init__(self, name: str, width: int, parent: QWidget | None = None) -> None:
        """``name`` is read out; ``width`` is in pixels."""
        super().__init__(parent)
        self.setProperty("pages", True)
        self.setAccessibleName(name)
        self.setFixedWidth(width)
        self.setSpacing(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def add_page(self, title: str, sentence: str = "") -> QListWidgetItem:
        """Add a page below the others; ``sentence`` says what it is for."""
        item = QListWidgetItem(title, self)
        # Told, since the rule of the style sheet that gives a row its height comes only when it is first shown.
        item.setSizeHint(QSize(0, _ROW))
        if sentence:
            item.setToolTip(sentence)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, sentence)
        return item
