"""Lets a widget set its theme colours again when the palette changes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import Theme


class _PaletteWatch(QObject):
    """A child of the widget, so that it ends with it."""

    def __init__(self, widget: QWidget, apply: Callable[[], object]) -> None:
        super().__init__(widget)
        self._apply = apply
        self._theme: Theme | None = None
        widget.installEventFilter(self)
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._look()
        return False

    def _look(self) -> None:
        theme = current_theme()
        # Setting colours changes the palette again; only another theme is news.
        if theme is not self._theme:
            self._theme = theme
            self._apply()


def on_palette_change(widget: QWidget, apply: Callable[[], object]) -> None:
    """Call ``apply`` (a bound method of the widget) now and whenever light and dark change."""
    _PaletteWatch(widget, apply)
