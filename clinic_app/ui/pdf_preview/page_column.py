"""The pages of a paper one below the other: scrolled, enlarged, gone to."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from enum import Enum

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from clinic_app.ui.pdf_preview.file import PdfFile, Span
from clinic_app.ui.pdf_preview.page_view import SCREEN_PER_POINT, PageView
from clinic_app.ui.pdf_preview.text_search import Match
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_SMALLEST, _LARGEST = 0.1, 2.0
"""Of a page that is made to fit."""
_WHEEL_STEP = 120
"""What Qt counts for one notch."""


class Fit(Enum):
    """What a page is made to fit, until the person chooses a size."""

    WIDTH = "width"
    PAGE = "page"


class PageColumn(QScrollArea):
    """Shows the pages of a file. Those far away cost nothing but their place."""

    page_changed = Signal(int)
    zoom_changed = Signal()

    def __init__(self, file: PdfFile, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._fit: Fit | None = Fit.WIDTH
        self._zoom = 1.0
        self._current = 0
        self._turned = 0
        self._match: Match | None = None
        self._tops: list[int] = []
        self._sheet = QWidget()
        self.pages = [PageView(file, number, self._sheet) for number in range(len(file.sizes))]
        for page in self.pages:
            page.selecting.connect(self._select_nothing)
        # Always there, or the page that fits would make it appear and fit no more.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName(f"{name}, pages")
        self.setWidget(self._sheet)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._place()

    @property
    def zoom(self) -> float:
        """1 is the size on paper."""
        return self._zoom

    @property
    def fit(self) -> Fit | None:
        """What the pages fit, or None for a size that was chosen."""
        return self._fit

    @property
    def current(self) -> int:
        """The page that the person looks at."""
        return self._current

    def set_zoom(self, zoom: float, at: QPoint | None = None) -> None:
        """Show the pages in a size; what stands at a point of the viewport, or in its middle, stays there."""
        self._fit = None
        self._enlarge(zoom, at)

    def set_fit(self, fit: Fit) -> None:
        """Make the pages fit, now and when the window changes."""
        self._fit = fit
        self._enlarge(self._fitting(fit))
        if fit is Fit.PAGE:
            self.go_to(self._current)

    def zoom_in(self, at: QPoint | None = None) -> None:
        """One step larger."""
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.01), self._zoom), at)

    def zoom_out(self, at: QPoint | None = None) -> None:
        """One step smaller."""
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.01), self._zoom), at)

    def go_to(self, number: int, top: float = 0.0) -> None:
        """Scroll to a page, or to a height of it in points."""
        number = min(max(number, 0), len(self.pages) - 1)
        page = self.pages[number]
        self.verticalScrollBar().setValue(page.y() + page.point_of(top).y() - INSIDE)
        # The last pages may be in sight without being the topmost; the one asked for is the one looked at.
        self._set_current(number)

    def show_found(self, found: Mapping[int, Sequence[Span]], current: Match | None) -> None:
        """Mark what was found on each page, and scroll to ``current`` when it is another than before."""
        for number, page in enumerate(self.pages):
            here = current is not None and current.page == number
            page.show_found(found.get(number, ()), current.span if current is not None and here else None)
        if current is not None and current != self._match:
            place = self.pages[current.page].place_of(current.span)
            middle = self.pages[current.page].mapTo(self._sheet, place.center())
            room = self.viewport().size()
            self.ensureVisible(middle.x(), middle.y(), min(120, room.width() // 3), min(120, room.height() // 3))
            self._set_current(current.page)
        self._match = current

    def selected_text(self) -> str:
        """What the person selected on one of the pages, or ""."""
        return next((text for page in self.pages if (text := page.selected_text())), "")

    def scroll_by_key(self, event: QKeyEvent) -> bool:
        """Page Up and Down, Home and End. False for another key."""
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                by = 1 if event.key() == Qt.Key.Key_PageDown else -1
                if self._fit is Fit.PAGE:
                    self.go_to(self._current + by)
                else:
                    bar.setValue(bar.value() + by * bar.pageStep())
            case Qt.Key.Key_Home:
                bar.setValue(bar.minimum())
                self._set_current(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
                self._set_current(len(self.pages) - 1)
            case _:
                return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self.scroll_by_key(event):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, enlarge what is under the pointer."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()  # a touchpad turns in small parts of a notch
        notches = int(self._turned / _WHEEL_STEP)
        self._turned -= notches * _WHEEL_STEP
        at = self.viewport().mapFromGlobal(event.globalPosition().toPoint())
        for _ in range(abs(notches)):
            if notches > 0:
                self.zoom_in(at)
            else:
                self.zoom_out(at)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, or stay in the middle."""
        super().resizeEvent(event)
        number = self._current
        self._enlarge(self._zoom if self._fit is None else self._fitting(self._fit), QPoint(0, 0))
        if self._fit is Fit.PAGE:
            self.go_to(number)

    def _enlarge(self, zoom: float, at: QPoint | None = None) -> None:
        at = self.viewport().rect().center() if at is None else at
        on_sheet = self._sheet.mapFrom(self.viewport(), at)
        number = self._page_at(on_sheet.y())
        before = self.pages[number].geometry()
        right, down = on_sheet.x() - before.x(), on_sheet.y() - before.y()
        self._zoom = zoom
        self._place()
        after = self.pages[number].geometry()
        # The margins keep their size, only what is on the page grows.
        grown = after.height() / before.height()
        inside = min(max(down, 0), before.height())
        self.verticalScrollBar().setValue(after.y() + round(inside * grown) + (down - inside) - at.y())
        self.horizontalScrollBar().setValue(after.x() + round(right * grown) - at.x())
        self._look_around()
        self.zoom_changed.emit()

    def _place(self) -> None:
        sizes = [page.size_at(self._zoom) for page in self.pages]
        places, whole = placed(sizes, self.viewport().width())
        self._tops = [place.top() for place in places]
        self._sheet.resize(whole)
        for page, place in zip(self.pages, places, strict=True):
            page.setGeometry(place)

    def _page_at(self, y: int) -> int:
        """The page at a height of the column; between two, the one above."""
        return max(0, bisect_right(self._tops, y) - 1)

    def _fitting(self, fit: Fit) -> float:
        room = self.viewport().size()
        widest = max(width for width, _ in self._file.sizes) * SCREEN_PER_POINT
        zoom = (room.width() - 2 * AROUND) / widest
        if fit is Fit.PAGE:
            highest = max(height for _, height in self._file.sizes) * SCREEN_PER_POINT
            zoom = min(zoom, (room.height() - 2 * INSIDE) / highest)
        return max(_SMALLEST, min(_LARGEST, zoom))

    @Slot()
    def _scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        self._set_current(self._page_at(middle))
        self._look_around()

    def _look_around(self) -> None:
        seen = self.viewport().rect().translated(0, self.verticalScrollBar().value())
        near = QRect(0, seen.y() - seen.height(), self._sheet.width(), 3 * seen.height())
        for page in self.pages:
            if page.rendered() and not page.geometry().intersects(near):
                page.forget()

    def _set_current(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self.page_changed.emit(number)

    @Slot()
    def _select_nothing(self) -> None:
        for page in self.pages:
            page.select(None)


def placed(sizes: Sequence[QSize], width: int) -> tuple[list[QRect], QSize]:
    """Pages in the middle of a column at least ``width`` pixels wide, and how large the whole is."""
    width = max([width, *(size.width() + 2 * AROUND for size in sizes)])
    places: list[QRect] = []
    y = AROUND
    for size in sizes:
        places.append(QRect(QPoint((width - size.width()) // 2, y), size))
        y += size.height() + BETWEEN
    return places, QSize(width, y - BETWEEN + AROUND)
