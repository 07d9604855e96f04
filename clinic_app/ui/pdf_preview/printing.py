"""Puts the pages of a paper onto a printer, one between two looks at keys and pointer."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSizeF, QTimer, Signal, Slot
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from clinic_app.ui.pdf_preview.file import PdfFile
from clinic_app.ui.spool import spooled

_DPI_LIMIT = 600
"""More shows no difference on paper and costs memory by the square."""
_END = b"%%EOF"
_LYING, _UPRIGHT = QPageLayout.Orientation.Landscape, QPageLayout.Orientation.Portrait


class Printing(QObject):
    """One paper on its way to the printer. It ends with ``finished`` or with ``failed``."""

    progressed = Signal(int, int)
    """How many sheets' sides are done, and of how many."""
    finished = Signal()
    failed = Signal(str)
    """Carries a sentence."""

    def __init__(self, file: PdfFile, printer: QPrinter, current: int = 0, parent: QObject | None = None) -> None:
        """``current`` is the page that "current page" means."""
        super().__init__(parent)
        # The painter goes before the printer that it paints on.
        self._painter = QPainter()
        self._printer = printer
        self._file = file
        self._pages = page_order(printer, len(file.sizes), current)
        self._done = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._print_next)

    @property
    def running(self) -> bool:
        """Whether pages are still to come."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin; the pages follow from the event loop."""
        printer = self._printer
        printer.setResolution(min(printer.resolution(), _DPI_LIMIT))
        if not self._pages:
            self.failed.emit(f"This paper has pages 1 to {len(self._file.sizes)} only. Choose among these.")
            return
        self._turn(self._pages[0])
        try:
            with spooled():
                begun = self._painter.begin(printer)
        except OSError:
            self.failed.emit("The clinic's folder has no room for what is printed. Free some space and print again.")
            return
        if not begun:
            self.failed.emit("The printer did not answer. Check it and print again.")
            return
        # Without it Qt packs the pages as JPEG when the printer is a file, and small print blurs.
        self._painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        self._timer.start()

    @Slot()
    def stop(self) -> None:
        """Print no further. What the printer has already cannot be called back."""
        if self.running:
            self._give_up("The printing was stopped. What the printer has already may still come out.")

    @Slot()
    def _print_next(self) -> None:
        if self._done:
            self._turn(self._pages[self._done])
            if not self._printer.newPage():
                self._stopped_midway()
                return
        self._paint(self._pages[self._done])
        self._done += 1
        if self._printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
            self._stopped_midway()
            return
        self.progressed.emit(self._done, len(self._pages))
        if self._done == len(self._pages):
            self._timer.stop()
            if self._painter.end() and _is_whole(self._printer):
                self.finished.emit()
            else:
                self.failed.emit("The paper was not printed to its end. Check the printer and print again.")

    def _stopped_midway(self) -> None:
        page = self._pages[min(self._done, len(self._pages) - 1)] + 1
        self._give_up(f"The printer stopped at page {page}. Check it, then print from that page on.")

    def _give_up(self, sentence: str) -> None:
        self._timer.stop()
        self._printer.abort()
        self._painter.end()
        self.failed.emit(sentence)

    def _turn(self, number: int) -> None:
        """Lay the sheet as the page lies: papers bound into one file do not all lie alike."""
        width, height = self._file.sizes[number]
        lying = _LYING if width > height else _UPRIGHT
        if self._printer.pageLayout().orientation() != lying:
            self._printer.setPageOrientation(lying)

    def _paint(self, number: int) -> None:
        printer = self._printer
        sheet = printer.pageLayout().fullRectPixels(printer.resolution())
        inside = printer.pageLayout().paintRectPixels(printer.resolution())
        place = on_sheet(self._file.sizes[number], QRectF(sheet), printer.resolution() / 72)
        grey = printer.colorMode() == QPrinter.ColorMode.GrayScale
        image = self._file.picture(number, max(1, round(place.width())), grey=grey)
        # The page has its own margins: paint it onto the whole sheet, not into the printer's margins.
        self._painter.drawImage(round(place.x()) - inside.x(), round(place.y()) - inside.y(), image)


def set_paper(printer: QPrinter, size: tuple[float, float]) -> None:
    """Ask for the paper of a document, whatever the printer had before. The size is in points."""
    printer.setPageSize(QPageSize(QSizeF(min(size), max(size)), QPageSize.Unit.Point))
    printer.setPageOrientation(_LYING if size[0] > size[1] else _UPRIGHT)


def on_sheet(page: tuple[float, float], sheet: QRectF, per_point: float) -> QRectF:
    """Where a page stands on a sheet: in its middle, as large as it is, or smaller where the sheet is.

    Never larger: a card is cut out in its size. ``page`` is in points, the sheet in dots, a point has
    ``per_point`` of them.
    """
    width, height = page
    scale = min(per_point, sheet.width() / width, sheet.height() / height)
    place = QRectF(0, 0, width * scale, height * scale)
    place.moveCenter(sheet.center())
    return place


def page_order(printer: QPrinter, count: int, current: int) -> list[int]:
    """The pages that were chosen, counted from 0, in the order in which they are printed, each as often as wanted."""
    if printer.printRange() is QPrinter.PrintRange.CurrentPage:
        pages = [current]
    else:
        ranges = printer.pageRanges()
        pages = [number for number in range(count) if ranges.isEmpty() or ranges.contains(number + 1)]
    if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
        pages.reverse()
    # Where neither printer nor system makes the copies, the program does.
    copies = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    if printer.collateCopies():
        return pages * copies
    return [page for page in pages for _ in range(copies)]


def _is_whole(printer: QPrinter) -> bool:
    """Whether a PDF file that stands for a printer was written to its end: Qt does not say when the disk was full."""
    if not printer.outputFileName() or printer.outputFormat() is not QPrinter.OutputFormat.PdfFormat:
        return True
    try:
        with Path(printer.outputFileName()).open("rb") as written:
            written.seek(-len(_END) - 2, os.SEEK_END)
            return _END in written.read(len(_END) + 2)
    except OSError:
        return False
