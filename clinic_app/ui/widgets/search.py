"""The search field: asks when the person pauses or with each key, at once with Enter."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from clinic_app.ui.icons import pixmap
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.palette import on_palette_change

PAUSE_MS = 120
"""Shorter than a slow typist's gap between two keys would be noticed; longer would lag."""
AT_ONCE = 0
"""For what is answered within a frame: each key asks, as soon as the keys that wait are read."""


class _SearchEdit(InsetLineEdit):
    cleared = Signal()
    moved_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the field first; Down goes to the results."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.cleared.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
        else:
            super().keyPressEvent(event)


class SearchField(QWidget):
    """A magnifier and a line; its name is the placeholder and the accessible name."""

    searched = Signal(str)
    """The text asked for, without spaces at its ends; "" when the field was emptied."""
    moved_down = Signal()
    """Down was pressed: put the focus into the results."""
    submitted = Signal(str)
    """Enter was pressed."""

    def __init__(self, name: str, parent: QWidget | None = None, *, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self.editor = _SearchEdit(self)
        self.editor.setPlaceholderText(name)
        self.editor.setAccessibleName(name)
        self.editor.setMaxLength(200)
        self.editor.setClearButtonEnabled(False)
        self._lens = QLabel(self.editor)
        self._last_asked = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(self._ask)
        self.editor.textChanged.connect(self._text_changed)
        self.editor.cleared.connect(self._ask)
        self.editor.moved_down.connect(self.moved_down)
        self.editor.returnPressed.connect(self._submit)
        self.setFocusProxy(self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.editor)
        on_palette_change(self, self._tint)

    def text(self) -> str:
        """What stands in the field, without spaces at its ends."""
        return self.editor.text().strip()

    def set_text(self, text: str) -> None:
        """Fill the field without asking."""
        self.editor.setText(text)
        self._pause.stop()
        self._last_asked = self.text()

    @Slot()
    def _text_changed(self) -> None:
        self._pause.start()

    @Slot()
    def _ask(self) -> None:
        self._pause.stop()
        if self.text() != self._last_asked:
            self._last_asked = self.text()
            self.searched.emit(self._last_asked)

    @Slot()
    def _submit(self) -> None:
        self._ask()
        self.submitted.emit(self.text())

    def _tint(self) -> None:
        self._lens.setPixmap(pixmap("search", current_theme().muted, 16, self.devicePixelRatioF()))
        self.editor.set_leading(self._lens)
