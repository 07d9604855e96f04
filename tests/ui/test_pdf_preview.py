from io import BytesIO
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QColor, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from clinic_app.ui.pdf_preview import PdfPreview, page_image, page_sizes


@pytest.fixture(scope="module")
def paper() -> bytes:
    """Two A5 pages: the left half of the first is red, the second is blue all over."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(420, 595), initialFontName="Helvetica")
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 210, 595, stroke=0, fill=1)
    canvas.showPage()
    canvas.setFillColorRGB(0, 0, 1)
    canvas.rect(0, 0, 420, 595, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_a_page_becomes_a_picture_of_the_width_asked_for(paper: bytes, qtbot: QtBot) -> None:
    image = page_image(paper, 0, 840)
    assert (image.width(), image.height()) == (840, 1190)
    assert image.pixelColor(100, 600) == QColor("#FF0000")
    assert image.pixelColor(700, 600) == QColor("#FFFFFF")
    assert page_image(paper, 1, 100).pixelColor(50, 50) == QColor("#0000FF")
    assert page_sizes(paper) == [(420, 595), (420, 595)]


def test_only_pages_that_are_seen_are_rendered(paper: bytes, qtbot: QtBot) -> None:
    preview = PdfPreview("Visit note", paper)
    qtbot.addWidget(preview)
    preview.resize(500, 400)
    preview.show()
    qtbot.waitUntil(lambda: preview.pages[0].rendered())
    assert not preview.pages[1].rendered()


def test_a_page_fits_the_width_until_the_person_zooms(paper: bytes, qtbot: QtBot) -> None:
    preview = PdfPreview("Visit note", paper)
    qtbot.addWidget(preview)
    preview.resize(640, 700)
    preview.show()
    qtbot.waitUntil(lambda: 560 < preview.pages[0].width() < 640)
    assert not preview._scroll.horizontalScrollBar().isVisible()
    before = preview.pages[0].width()
    preview.zoom_in()
    assert preview.pages[0].width() > before
    preview.zoom_out()
    preview.zoom_out()
    assert preview.pages[0].width() < before


def test_what_is_saved_is_what_was_seen(paper: bytes, qtbot: QtBot, tmp_path: Path) -> None:
    preview = PdfPreview("Visit note", paper)
    qtbot.addWidget(preview)
    target = tmp_path / "note.pdf"
    with qtbot.waitSignal(preview.saved):
        assert preview.save_to(target)
    assert target.read_bytes() == paper


def test_a_folder_that_refuses_is_told_in_a_sentence(paper: bytes, qtbot: QtBot, tmp_path: Path) -> None:
    preview = PdfPreview("Visit note", paper)
    qtbot.addWidget(preview)
    with qtbot.waitSignal(preview.failed) as failed:
        assert not preview.save_to(tmp_path / "no such folder" / "note.pdf")
    assert failed.args == ["The PDF could not be saved there. Choose another folder."]


def test_every_page_is_printed_once_and_fills_the_sheet(paper: bytes, qtbot: QtBot, tmp_path: Path) -> None:
    preview = PdfPreview("Visit note", paper)
    qtbot.addWidget(preview)
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageSize(QPageSize(QSizeF(420, 595), QPageSize.Unit.Point))
    printer.setPageMargins(QMarginsF(10, 10, 10, 10), QPageLayout.Unit.Millimeter)
    with qtbot.waitSignal(preview.printed):
        assert preview.print_with(printer)
    printed = (tmp_path / "printed.pdf").read_bytes()
    assert len(page_sizes(printed)) == 2
    first = page_image(printed, 0, 420)
    assert first.pixelColor(150, 300) == QColor("#FF0000")
    assert first.pixelColor(205, 300).red() > 200
    assert first.pixelColor(216, 300) == QColor("#FFFFFF")
    assert page_image(printed, 1, 420).pixelColor(200, 300) == QColor("#0000FF")
