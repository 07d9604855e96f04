"""Shows a PDF page by page, prints it and saves it."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QPoint, QRectF, QSize, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QKeySequence,
    QPageLayout,
    QPageSize,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import IconButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import Heading, Muted

_SCREEN_PER_POINT = 96 / 72
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_PRINT_DPI_LIMIT = 600
"""More shows no difference on paper and costs memory by the square."""


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in points."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document.get_page_size(number) for number in range(len(document))]
    finally:
        document.close()


def page_image(pdf: bytes, page: int, width_px: int) -> QImage:
    """One page as a picture so many pixels wide."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return _render(document, page, width_px)
    finally:
        document.close()


def _render(document: pypdfium2.PdfDocument, number: int, width_px: int) -> QImage:
    page = document[number]
    try:
        bitmap = page.render(scale=width_px / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
        form = QImage.Format.Format_RGBX8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888
        # The copy owns its pixels; the bitmap's end with it.
        image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, form).copy()
        bitmap.close()
        return image
    finally:
        page.close()


class PageView(QWidget):
    """One page, rendered when it is first seen and again when its size changes."""

    def __init__(self, document: pypdfium2.PdfDocument, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._number = number
        self._points = document.get_page_size(number)
        self._image: QImage | None = None
        self.setAccessibleName(f"Page {number + 1}")

    def set_zoom(self, zoom: float) -> None:
        """Show the page larger or smaller; 1 is its size on paper."""
        width, height = self._points
        self.setFixedSize(QSizeF(width * zoom * _SCREEN_PER_POINT, height * zoom * _SCREEN_PER_POINT).toSize())
        self._image = None
        self.update()

    def rendered(self) -> bool:
        """Whether the page has been painted at its present size."""
        return self._image is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page, as sharp as the screen."""
        scale = self.devicePixelRatioF()
        width = round(self.width() * scale)
        if self._image is None or self._image.width() != width:
            self._image = _render(self._document, self._number, width)
        painter = QPainter(self)
        painter.drawImage(QRectF(self.rect()), self._image)
        painter.setPen(QColor(current_theme().hairline))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PdfPreview(QDialog):
    """A paper before it is printed. The pages seen are the pages printed and saved."""

    printed = Signal()
    saved = Signal(str)
    """Carries the path."""
    failed = Signal(str)
    """Carries a sentence for the message bar."""

    def __init__(self, title: str, pdf: bytes, parent: QWidget | None = None, *, file_name: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = title
        self._pdf = pdf
        self._file_name = file_name or f"{title}.pdf"
        self._document = pypdfium2.PdfDocument(pdf)
        self._fits = True
        self._zoom = 1.0
        self.pages = [PageView(self._document, number) for number in range(len(self._document))]
        self.print_button = PrimaryButton("Print", self, icon="printer", shortcut="Ctrl+P")
        self.print_button.clicked.connect(self.print_paper)
        self.save_button = PlainButton("Save PDF…", self, icon="download", shortcut="Ctrl+S")
        self.save_button.clicked.connect(self.ask_where_to_save)
        self._zoom_label = Muted("", self)
        self._zoom_label.setMinimumWidth(44)
        self._zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()
        self.finished.connect(self._close_document)
        self.resize(self._first_size())

    def _build(self) -> None:
        smaller = IconButton("zoom-out", "Smaller", self, shortcut="Ctrl+-")
        larger = IconButton("zoom-in", "Larger", self, shortcut="Ctrl++")
        smaller.clicked.connect(self.zoom_out)
        larger.clicked.connect(self.zoom_in)
        QShortcut(QKeySequence("Ctrl+="), self).activated.connect(self.zoom_in)
        close = PlainButton("Close", self)
        close.setToolTip("Close (Esc)")
        close.clicked.connect(self.reject)
        count = len(self.pages)
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, INSIDE, AROUND, INSIDE)
        top.setSpacing(INSIDE)
        top.addWidget(Heading(self._title, self))
        top.addWidget(Muted("1 page" if count == 1 else f"{count} pages", self))
        top.addStretch(1)
        for widget in (smaller, self._zoom_label, larger):
            top.addWidget(widget)
        paper = QWidget(self)
        column = QVBoxLayout(paper)
        column.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        column.setSpacing(BETWEEN)
        for page in self.pages:
            column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        # Always there, or the page that fits would make it appear and fit no more.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setAccessibleName(f"{self._title}, pages")
        self._scroll.setWidget(paper)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        bottom.setSpacing(INSIDE)
        bottom.addWidget(close)
        bottom.addStretch(1)
        bottom.addWidget(self.save_button)
        bottom.addWidget(self.print_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(bottom)
        self._set_zoom(1.0)
        self.print_button.setDefault(True)
        self.print_button.setFocus()

    @Slot()
    def zoom_in(self) -> None:
        """One step larger."""
        self._step([zoom for zoom in _ZOOMS if zoom > self._zoom + 0.01][:1])

    @Slot()
    def zoom_out(self) -> None:
        """One step smaller."""
        self._step([zoom for zoom in _ZOOMS if zoom < self._zoom - 0.01][-1:])

    @Slot()
    def print_paper(self) -> None:
        """Ask for the printer and print every page, or those chosen there."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        self._set_paper(printer)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self.pages))
        # exec() and not open(): Windows shows its own dialog from exec() only.
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_with(printer)
        dialog.deleteLater()

    def print_with(self, printer: QPrinter) -> bool:
        """Paint the pages onto a printer at its own resolution. False when the printer refused."""
        printer.setResolution(min(printer.resolution(), _PRINT_DPI_LIMIT))
        first = printer.fromPage() or 1
        last = printer.toPage() or len(self.pages)
        painter = QPainter()
        if not painter.begin(printer):
            self.failed.emit("The printer did not answer. Check it and print again.")
            return False
        # Without it Qt packs the pages as JPEG when the printer is a file, and small print blurs.
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        for number in range(first - 1, min(last, len(self.pages))):
            if number > first - 1:
                printer.newPage()
            self._print_page(painter, printer, number)
        painter.end()
        self.printed.emit()
        return True

    def save_to(self, path: Path) -> bool:
        """Write the file. False when the folder refused it."""
        try:
            path.write_bytes(self._pdf)
        except OSError:
            self.failed.emit("The PDF could not be saved there. Choose another folder.")
            return False
        self.saved.emit(str(path))
        return True

    @Slot()
    def ask_where_to_save(self) -> None:
        """Ask for the place and save the PDF."""
        dialog = QFileDialog(self, "Save PDF", self._file_name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save_chosen)
        dialog.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the width until the person zooms."""
        super().resizeEvent(event)
        if self._fits:
            QTimer.singleShot(0, self, self._fit)

    def _print_page(self, painter: QPainter, printer: QPrinter, number: int) -> None:
        paper = printer.pageLayout().fullRectPixels(printer.resolution())
        inside = printer.pageLayout().paintRectPixels(printer.resolution())
        width, height = self._document.get_page_size(number)
        scale = min(paper.width() / width, paper.height() / height)
        image = _render(self._document, number, round(width * scale))
        # The page has its own margins: paint it onto the whole sheet, not into the printer's margins.
        painter.drawImage(QRectF(-inside.x(), -inside.y(), width * scale, height * scale), image)

    def _set_paper(self, printer: QPrinter) -> None:
        if self.pages:
            width, height = self._document.get_page_size(0)
            upright = QSizeF(min(width, height), max(width, height))
            printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point))
            lying = width > height
            printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)

    @Slot(str)
    def _save_chosen(self, path: str) -> None:
        self.save_to(Path(path))

    def _first_size(self) -> QSize:
        screen = QGuiApplication.primaryScreen().availableSize()
        return QSize(min(920, screen.width() - 80), min(1000, screen.height() - 60))

    @Slot()
    def _fit(self) -> None:
        if self._fits and self.pages:
            widest = max(self._document.get_page_size(number)[0] for number in range(len(self.pages)))
            room = self._scroll.viewport().width() - 2 * AROUND
            self._set_zoom(max(0.25, min(2.0, room / (widest * _SCREEN_PER_POINT))))

    def _step(self, next_zoom: list[float]) -> None:
        self._fits = False
        if next_zoom:
            self._set_zoom(next_zoom[0])

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self._zoom_label.setText(f"{round(100 * zoom)} %")
        for page in self.pages:
            page.set_zoom(zoom)

    @Slot()
    def _close_document(self) -> None:
        for page in self.pages:
            page.hide()  # nothing is painted from a closed document
        self._document.close()


def show_preview(
    title: str,
    pdf: bytes,
    parent: QWidget,
    *,
    file_name: str = "",
    failed: Callable[[str], object] | None = None,
    aside: bool = False,
) -> PdfPreview:
    """Open the preview over a window without blocking it, and return it.

    ``aside``: the person goes on in the window and looks at the paper when they like; it takes neither focus nor keys.
    """
    preview = PdfPreview(title, pdf, parent, file_name=file_name)
    if failed is not None:
        preview.failed.connect(failed)
    if aside:
        preview.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        preview.move(parent.mapToGlobal(QPoint(AROUND, AROUND)))
        preview.show()
        parent.activateWindow()  # not every window system keeps a new window from taking the keys
    else:
        preview.open()
    return preview
