"""Which page is looked at, and the way to another by its number."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from clinic_app.ui.theme import TIGHT
from clinic_app.ui.widgets.headings import Muted


class _NumberEdit(QLineEdit):
    entered = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the page and does not print the paper; Esc leaves what was there."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A number that was typed and not gone to is forgotten."""
        super().focusOutEvent(event)
        self.left.emit()


class PageField(QWidget):
    """ "Page 2 of 7", with the number to be typed; of a single page only that it is one."""

    chosen = Signal(int)
    """Carries the page, counted from 0."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self._page = 0
        self.editor = _NumberEdit(self)
        self.editor.setAccessibleName(f"Page, of {count}")
        self.editor.setToolTip("Type a number and press Enter")
        self.editor.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.editor.setValidator(QIntValidator(0, 10 ** len(str(count)) - 1, self.editor))
        self.editor.setFixedWidth(28 + 8 * len(str(count)))
        self.editor.entered.connect(self._go)
        self.editor.left.connect(self._show)
        before, after = Muted("Page", self), Muted(f"of {count}" if count > 1 else "1 page", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT + 2)
        for widget in (before, self.editor, after):
            layout.addWidget(widget)
        before.setVisible(count > 1)
        self.editor.setVisible(count > 1)
        self._show()

    def show_page(self, page: int) -> None:
        """Show which page is looked at, unless another number is being typed."""
        self._page = page
        if not (self.editor.hasFocus() and self.editor.isModified()):
            self._show()

    @Slot()
    def _go(self) -> None:
        typed = self.editor.text()
        page = min(max(int(typed), 1), self._count) - 1 if typed else self._page
        self.chosen.emit(page)
        self._page = page
        self._show()
        self.editor.selectAll()

    @Slot()
    def _show(self) -> None:
        self.editor.setText(str(self._page + 1))
