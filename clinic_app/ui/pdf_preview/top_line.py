"""The line over the pages: what paper it is, which page is looked at, search and size."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from clinic_app.ui.pdf_preview.page_column import ZOOMS, Fit, PageColumn
from clinic_app.ui.pdf_preview.page_field import PageField
from clinic_app.ui.pdf_preview.press_with import press_with
from clinic_app.ui.theme import AROUND, INSIDE, TIGHT, heading_font
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.headings import ElidedLabel

_FITS = {Fit.WIDTH: ("Fit to width", "Ctrl+9"), Fit.PAGE: ("Whole page", "Ctrl+8")}


class TopLine(QWidget):
    """Shows where the column of pages stands and how large it is, and changes both."""

    def __init__(self, title: str, column: PageColumn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = column
        name = ElidedLabel(title, self)
        name.setFont(heading_font())
        self.page_field = PageField(len(column.pages), self)
        self.find_button = IconButton("search", "Find", self)
        smaller = IconButton("zoom-out", "Smaller", self)
        larger = IconButton("zoom-in", "Larger", self)
        smaller.clicked.connect(self._smaller)
        larger.clicked.connect(self._larger)
        for button, keys in ((self.find_button, ("Ctrl+F",)), (smaller, ("Ctrl+-",)), (larger, ("Ctrl++", "Ctrl+="))):
            press_with(button, *keys)
        self.zoom_button = PlainButton("", self)
        self.zoom_button.setMinimumWidth(86)
        self.zoom_button.setMenu(self._menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, INSIDE, AROUND, INSIDE)
        layout.setSpacing(TIGHT)
        layout.addWidget(name, 1)
        layout.addWidget(self.page_field)
        layout.addSpacing(AROUND)
        for widget in (self.find_button, smaller, self.zoom_button, larger):
            layout.addWidget(widget)
        self.page_field.chosen.connect(column.go_to)
        column.page_changed.connect(self.page_field.show_page)
        column.zoom_changed.connect(self._show_zoom)
        self._show_zoom()

    def _menu(self) -> QMenu:
        menu, column = QMenu(self), self._column
        group = QActionGroup(menu)
        self._fits: dict[Fit, QAction] = {}
        self._sizes: dict[float, QAction] = {}
        for fit, (words, keys) in _FITS.items():
            self._fits[fit] = menu.addAction(words)
            self._fits[fit].setShortcut(QKeySequence(keys))
            self._fits[fit].triggered.connect(lambda _=False, fit=fit: column.set_fit(fit))
        menu.addSeparator()
        for zoom in ZOOMS:
            self._sizes[zoom] = menu.addAction(f"{round(100 * zoom)} %")
            self._sizes[zoom].triggered.connect(lambda _=False, zoom=zoom: column.set_zoom(zoom))
        self._sizes[1.0].setShortcut(QKeySequence("Ctrl+0"))
        for action in (*self._fits.values(), *self._sizes.values()):
            action.setCheckable(True)
            group.addAction(action)
            self.addAction(action)  # the shortcut holds while the menu is closed
        return menu

    @Slot()
    def _show_zoom(self) -> None:
        column = self._column
        size = f"{round(100 * column.zoom)} %"
        self.zoom_button.setText(size)
        self.zoom_button.setAccessibleName(f"Size, {size}")
        for fit, action in self._fits.items():
            action.setChecked(column.fit is fit)
        for zoom, action in self._sizes.items():
            action.setChecked(column.fit is None and zoom == column.zoom)

    @Slot()
    def _smaller(self) -> None:
        self._column.zoom_out()

    @Slot()
    def _larger(self) -> None:
        self._column.zoom_in()
