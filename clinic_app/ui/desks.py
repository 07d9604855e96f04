"""The unlocked windows of one program: each person's own, put away while it is locked and brought back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget

if TYPE_CHECKING:
    from clinic_app.services.quick_return import QuickReturn
    from clinic_app.services.stores import OpenStore
    from clinic_app.ui.clinic_window import ClinicWindow
    from clinic_app.ui.connection import Connection


class Desk(QObject):
    """One person's window and the store that it works on; ``back`` is the quick way to it while it is locked."""

    def __init__(
        self, store: OpenStore, window: ClinicWindow, connection: Connection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.store = store
        self.window = window
        self._connection = connection
        connection.setParent(self)
        connection.show_in(window.window)
        connection.begin()
        self.back: QuickReturn | None = None
        self._put_away: list[tuple[QWidget, bool]] = []

    @property
    def is_away(self) -> bool:
        """Whether it is locked, or about to be."""
        return bool(self._put_away)

    def put_away(self, but: QWidget) -> None:
        """Hide the window with every dialog and preview, and keep the chart; nothing is closed. ``but`` stays."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        self._hide(but)
        self._connection.let_go()
        self.window.keep()
        self._hide(but)  # a paper that was on its way may have opened meanwhile

    def _hide(self, but: QWidget) -> None:
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget is not but:
                self._put_away.append((widget, isinstance(widget, QDialog) and widget.isModal()))
                widget.hide()

    def lock(self) -> None:
        """Drop the key."""
        if self.is_away:
            if self.window.unsaved():
                self._connection.rest()
            else:
                self._connection.end()
            self.store.lock()

    def come_back(self) -> None:
        """Show everything as it was, the window first; the key is held again."""
        self.back = None
        self._connection.begin()
        shown, self._put_away = self._put_away, []
        main = self.window.window
        main.show()
        for widget, modal in shown:
            if widget is main:
                continue
            if modal and isinstance(widget, QDialog):
                widget.open()
            else:
                widget.show()
        main.activateWindow()
        self.window.look_again()

    def end(self) -> None:
        """Take the window away for good, and drop the key."""
        self.end_window()
        self.store.lock()

    def end_window(self) -> None:
        """Take the window away for good. What is typed in forms goes with it, the chart was kept."""
        self._connection.end()
        for widget, _ in self._put_away:
            if widget is not self.window.window:
                widget.close()
        self._put_away = []
        self.window.close()
