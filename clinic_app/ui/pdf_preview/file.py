"""A PDF file in memory: its pages as pictures, their text with its places, and its bookmarks."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

Span = tuple[int, int]
"""Characters of a page: the first of them, and how many."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the file's table of contents; ``level`` counts from 0, ``top`` in points from the page's upper edge."""

    words: str
    level: int
    page: int
    top: float


class PdfFile:
    """Reads a PDF without writing it anywhere. Pages count from 0, lengths are points from the upper left corner.

    PDFium knows no threads: use it in the GUI thread only.
    """

    def __init__(self, pdf: bytes) -> None:
        self._document = pypdfium2.PdfDocument(pdf)
        self.sizes: list[tuple[float, float]] = [
            self._document.get_page_size(number) for number in range(len(self._document))
        ]
        self._read: int | None = None
        self._page: Any = None
        self._text: Any = None

    def picture(self, number: int, width_px: int, *, grey: bool = False) -> QImage:
        """A page as a picture so many pixels wide."""
        with closing(self._document[number]) as page:
            scale = width_px / page.get_width()
            with closing(page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True, grayscale=grey)) as bitmap:
                form = {
                    1: QImage.Format.Format_Grayscale8,
                    3: QImage.Format.Format_RGB888,
                    4: QImage.Format.Format_RGBX8888,
                }[bitmap.n_channels]
                # The copy owns its pixels; the bitmap's end with it.
                return QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, form).copy()

    def characters(self, number: int) -> str:
        """The text of a page in reading order, one character for each that has a place."""
        text = self._text_of(number)
        one = pypdfium2.raw.FPDFText_GetUnicode
        return "".join([chr(one(text, place)) for place in range(text.count_chars())])

    def words(self, number: int, span: Span) -> str:
        """The text of a span as it is copied."""
        copied: str = self._text_of(number).get_text_range(*span)
        return copied.replace("\r\n", "\n")

    def boxes(self, number: int, span: Span) -> list[QRectF]:
        """Where the characters of a span stand: a rectangle for each of its lines."""
        text, height = self._text_of(number), self.sizes[number][1]
        lines: list[QRectF] = []
        for place in range(span[0], span[0] + span[1]):
            left, bottom, right, top = text.get_charbox(place, loose=True)
            box = QRectF(left, height - top, right - left, top - bottom)
            if box.isEmpty():  # a line's end, or a space that only the reader's eye sees
                continue
            if lines and _goes_on(lines[-1], box):
                lines[-1] = lines[-1].united(box)
            else:
                lines.append(box)
        return lines

    def character_at(self, number: int, at: QPointF, reach: float) -> int | None:
        """Which character of a page stands at a point or beside it, on a line no further from it than ``reach``."""
        width, height = self.sizes[number]
        found: int | None = self._text_of(number).get_index(at.x(), height - at.y(), width, reach)
        return found

    def bookmarks(self) -> list[Bookmark]:
        """The table of contents, without lines that lead nowhere."""
        found: list[Bookmark] = []
        for line in self._document.get_toc():
            target = line.get_dest()
            page = None if target is None else target.get_index()
            if page is None:
                continue
            mode, places = target.get_view()
            height = self.sizes[page][1]
            at = {pypdfium2.raw.PDFDEST_VIEW_XYZ: 1, pypdfium2.raw.PDFDEST_VIEW_FITH: 0}.get(mode)
            known = at is not None and at < len(places) and places[at] is not None
            top = min(max(height - places[at], 0.0), height) if known else 0.0
            found.append(Bookmark(line.get_title(), line.level, page, top))
        return found

    def close(self) -> None:
        """Let go of it; nothing can be asked afterwards."""
        self._let_go()
        self._document.close()

    def _text_of(self, number: int) -> Any:
        # One page at a time: the text of them all would take more room than the file many times over.
        if self._read != number:
            self._let_go()
            self._page = self._document[number]
            self._text = self._page.get_textpage()
            self._read = number
        return self._text

    def _let_go(self) -> None:
        if self._read is not None:
            self._text.close()
            self._page.close()
            self._read = None


def page_sizes(pdf: bytes) -> Sequence[tuple[float, float]]:
    """Width and height of every page in points."""
    with closing(PdfFile(pdf)) as file:
        return file.sizes


def page_image(pdf: bytes, page: int, width_px: int) -> QImage:
    """One page as a picture so many pixels wide."""
    with closing(PdfFile(pdf)) as file:
        return file.picture(page, width_px)


def _goes_on(line: QRectF, box: QRectF) -> bool:
    """Whether a character stands beside those before it, on either side: some scripts run to the left."""
    shared = min(line.bottom(), box.bottom()) - max(line.top(), box.top())
    gap = max(box.left() - line.right(), line.left() - box.right())
    return shared > 0.5 * min(line.height(), box.height()) and gap < box.height()
