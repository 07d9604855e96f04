"""The line of the preview that searches its text."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.ui.pdf_preview.press_with import press_with
from clinic_app.ui.theme import AROUND, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.search import SearchField

_WIDEST = 320


class SearchLine(QWidget):
    """A field, which of the places is looked at, and the ways to the one before and the next."""

    asked = Signal(str)
    stepped = Signal(int)
    """1 for the next place, -1 for the one before."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField("Find in this paper", self)
        self.field.setMaximumWidth(_WIDEST)
        self.field.searched.connect(self.asked)
        self.field.submitted.connect(self._next)
        self.field.editor.installEventFilter(self)
        self._count = Muted("", self)
        self._count.setMinimumWidth(72)
        self.previous_button = IconButton("chevron-up", "Previous place", self)
        self.previous_button.clicked.connect(self._previous)
        self.next_button = IconButton("chevron-down", "Next place", self)
        self.next_button.clicked.connect(self._next)
        press_with(self.previous_button, "Shift+F3")
        press_with(self.next_button, "F3")
        close = IconButton("x", "Close the search", self)
        close.setToolTip("Close the search (Esc)")
        close.clicked.connect(self.close_search)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, 0, AROUND, INSIDE)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.field, 1)
        layout.addSpacing(INSIDE)
        layout.addWidget(self._count)
        layout.addWidget(self.previous_button)
        layout.addWidget(self.next_button)
        layout.addStretch(1)
        layout.addWidget(close)
        self.hide()

    def open(self) -> None:
        """Show it with what was asked last, ready to be typed over, and ask that again."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.editor.selectAll()
        self.asked.emit(self.field.text())

    @Slot()
    def close_search(self) -> None:
        """Take it away with its marks."""
        self.closed.emit()  # first: the focus would go to whatever stands next
        self.hide()
        self.asked.emit("")

    def show_count(self, current: int | None, count: int, *, searching: bool) -> None:
        """Say which of how many places is looked at."""
        more = "…" if searching else ""
        if current is not None:
            said = f"{current + 1} of {count}{more}"
        elif searching:
            said = "Searching…"
        else:
            said = "Not found" if self.field.text() else ""
        for button in (self.previous_button, self.next_button):
            button.setEnabled(current is not None)
        if said != self._count.text():
            self._count.setText(said)
            if said and not searching:
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def count_text(self) -> str:
        """What is said about the places."""
        return self._count.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on and Shift+Enter back, and neither prints the paper; Esc closes the line."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._previous()
            else:
                self.field.editor.returnPressed.emit()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_search()
            return True
        return False

    @Slot()
    def _next(self) -> None:
        self.stepped.emit(1)

    @Slot()
    def _previous(self) -> None:
        self.stepped.emit(-1)
