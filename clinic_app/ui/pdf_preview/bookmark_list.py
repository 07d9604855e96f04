"""The table of contents of a paper, at its left."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from clinic_app.ui.pdf_preview.file import Bookmark
from clinic_app.ui.theme import ROW_PX

_WIDTH = 232


class BookmarkList(QTreeWidget):
    """Bookmarks as they stand in the file, what belongs to one below it; choosing one goes there."""

    chosen = Signal(int, float)
    """Carries the page and how far below its upper edge, in points."""

    def __init__(self, bookmarks: Sequence[Bookmark], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bookmarks = bookmarks
        self._items: list[QTreeWidgetItem] = []
        self.setAccessibleName("Bookmarks")
        self.setFixedWidth(_WIDTH)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setRootIsDecorated(any(bookmark.level for bookmark in bookmarks))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        above: list[QTreeWidgetItem] = []
        for place, bookmark in enumerate(bookmarks):
            del above[bookmark.level :]
            item = QTreeWidgetItem(above[-1] if above else self, [bookmark.words])
            item.setToolTip(0, bookmark.words)
            item.setData(0, Qt.ItemDataRole.UserRole, place)
            item.setSizeHint(0, QSize(0, ROW_PX))
            above.append(item)
            self._items.append(item)
        self.show_page(0)  # or the focus would choose the first line, and go there
        self.currentItemChanged.connect(self._choose)
        self.itemClicked.connect(self._choose)  # the current one again, after scrolling away from it

    @Slot(int)
    def show_page(self, page: int) -> None:
        """Mark the first bookmark of a page, or the last before it; nobody is sent there."""
        first = next((item for item in self._items if self._bookmark(item).page == page), None)
        before = next((item for item in reversed(self._items) if self._bookmark(item).page < page), None)
        item = first or before
        while item is not None and (above := item.parent()) is not None and not above.isExpanded():
            item = above
        shown = self.currentItem()
        # Of several on one page, the one that was chosen there stays.
        if item is not None and (shown is None or self._bookmark(shown).page != page):
            with QSignalBlocker(self):
                self.setCurrentItem(item)

    @Slot(QTreeWidgetItem)
    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(self._bookmark(item).page, self._bookmark(item).top)

    def _bookmark(self, item: QTreeWidgetItem) -> Bookmark:
        return self._bookmarks[int(item.data(0, Qt.ItemDataRole.UserRole))]
