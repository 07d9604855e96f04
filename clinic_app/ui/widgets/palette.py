"""Lets a widget set its theme colours again when light and dark change."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.ui.theme import theme_news


class _PaletteWatch(QObject):
    """A child of the widget, so that it ends with it. No filter of its events: each would be asked in Python."""

    def __init__(self, widget: QWidget, apply: Callable[[], object]) -> None:
        super().__init__(widget)
        self._apply = apply
        theme_news.changed.connect(self.tell)

    @Slot()
    def tell(self) -> None:
        """The colours are others now."""
        self._apply()


def on_palette_change(widget: QWidget, apply: Callable[[], object]) -> None:
    """Call ``apply`` (a bound method of the widget) now and whenever light and dark change."""
    _PaletteWatch(widget, apply)
    apply()
