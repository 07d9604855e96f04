"""Papers to look at, and a preview on the screen."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from clinic_app.documents import fonts
from clinic_app.ui.pdf_preview import PdfPreview

A5 = (420.0, 595.0)
A4 = (595.0, 842.0)

Written = Sequence[str]
"""The lines of one page."""


@pytest.fixture(scope="module")
def paper() -> bytes:
    """Two A5 pages: the left half of the first is red, the second is blue all over."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A5, initialFontName="Helvetica")
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 210, 595, stroke=0, fill=1)
    canvas.showPage()
    canvas.setFillColorRGB(0, 0, 1)
    canvas.rect(0, 0, 420, 595, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def written(
    *pages: Written,
    size: tuple[float, float] = A4,
    sizes: Sequence[tuple[float, float]] = (),
    bookmarks: Sequence[tuple[str, int, int, float]] = (),
) -> bytes:
    """A paper with lines of text; ``bookmarks`` are words, page, level, and points below the page's upper edge."""
    fonts.widths(fonts.REGULAR)
    file = BytesIO()
    canvas = Canvas(file, pagesize=size, initialFontName=fonts.REGULAR)
    for number, lines in enumerate(pages):
        height = (sizes[number] if sizes else size)[1]
        canvas.setPageSize(sizes[number] if sizes else size)
        canvas.setFont(fonts.REGULAR, 12)
        for at, line in enumerate(lines):
            canvas.drawString(50, height - 60 - 20 * at, line)
        for key, (_, page, _, below) in enumerate(bookmarks):
            if page == number:
                canvas.bookmarkHorizontal(str(key), 0, height - below)
        canvas.showPage()
    for key, (words, _, level, _) in enumerate(bookmarks):
        canvas.addOutlineEntry(words, str(key), level=level)
    canvas.save()
    return file.getvalue()


Show = Callable[[bytes], PdfPreview]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Shows a paper; nothing is remembered from test to test."""
    for group in ("printing", "saved_files"):
        QSettings().remove(group)

    def on_screen(pdf: bytes) -> PdfPreview:
        preview = PdfPreview("Visit note", pdf, kind="visit_note", file_name="visit-note-2026-11-26.pdf")
        qtbot.addWidget(preview)
        preview.resize(640, 700)
        with qtbot.waitActive(preview):
            preview.show()
        return preview

    yield on_screen
    for group in ("printing", "saved_files"):
        QSettings().remove(group)
