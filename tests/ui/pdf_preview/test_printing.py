from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMarginsF, QRectF, QSettings, QSizeF, Qt
from PySide6.QtGui import QColor, QPageLayout, QPageRanges, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from clinic_app.ui.pdf_preview import PdfPreview, page_image, page_sizes
from clinic_app.ui.pdf_preview.print_choices import (
    Colour,
    Duplex,
    Offers,
    PrintChoices,
    Tray,
    apply,
    fitting,
    remember,
    remembered,
)
from clinic_app.ui.pdf_preview.printing import on_sheet, set_paper
from tests.ui.keyboard import CTRL, press
from tests.ui.pdf_preview.conftest import A4, Show, written

LETTER = (612.0, 792.0)


def to_file(path: Path, size: tuple[float, float] = A4) -> QPrinter:
    """A printer that writes a PDF file."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    set_paper(printer, size)
    return printer


def print_all(preview: PdfPreview, printer: QPrinter, qtbot: QtBot) -> bytes:
    """Print, and return what came out."""
    with qtbot.waitSignal(preview.printed):
        preview.print_with(printer)
    return Path(printer.outputFileName()).read_bytes()


def test_every_page_is_printed_once_and_fills_the_sheet(show: Show, paper: bytes, qtbot: QtBot, tmp_path: Path) -> None:
    printer = to_file(tmp_path / "printed.pdf", (420, 595))
    printer.setPageMargins(QMarginsF(10, 10, 10, 10), QPageLayout.Unit.Millimeter)
    printed = print_all(show(paper), printer, qtbot)
    assert len(page_sizes(printed)) == 2
    first = page_image(printed, 0, 420)
    assert first.pixelColor(150, 300) == QColor("#FF0000")
    assert first.pixelColor(205, 300).red() > 200
    assert first.pixelColor(216, 300) == QColor("#FFFFFF")
    assert page_image(printed, 1, 420).pixelColor(200, 300) == QColor("#0000FF")


def test_letter_on_a4_is_made_smaller_and_not_cut(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    lines = [f"{'edge to edge ' * 8}{number}" for number in range(35)]
    preview = show(written(lines, size=LETTER))
    printer = to_file(tmp_path / "printed.pdf", LETTER)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printed = print_all(preview, printer, qtbot)
    assert page_sizes(printed)[0] == pytest.approx(A4, abs=1)
    scale = A4[0] / LETTER[0]
    image = page_image(printed, 0, 595)
    dark = {(x, y) for x in range(595) for y in range(842) if image.pixelColor(x, y).lightness() < 128}
    above = (A4[1] - LETTER[1] * scale) / 2
    assert min(x for x, _ in dark) == pytest.approx(50 * scale, abs=3)
    assert max(y for _, y in dark) == pytest.approx(above + (60 + 34 * 20) * scale, abs=4)


def test_pages_that_lie_are_printed_lying_among_those_that_stand(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    sizes = [LETTER, (LETTER[1], LETTER[0]), LETTER]
    preview = show(written(["one"], ["two"], ["three"], sizes=sizes))
    printed = print_all(preview, to_file(tmp_path / "printed.pdf", LETTER), qtbot)
    assert len(page_sizes(printed)) == 3
    # The text is at the upper left of each.
    for number, (width, height) in enumerate(sizes):
        assert page_sizes(printed)[number] == pytest.approx((width, height), abs=1)
        image = page_image(printed, number, round(width))
        dark = [
            (x, y)
            for x in range(round(width))
            for y in range(round(height) - 1)
            if image.pixelColor(x, y).value() < 128
        ]
        assert min(x for x, _ in dark) == pytest.approx(50, abs=3)
        assert max(y for _, y in dark) == pytest.approx(60, abs=5)


@pytest.mark.parametrize(
    ("ranges", "order", "copies", "collated", "expected"),
    [
        ("", "first", 1, True, "01234"),
        ("2-3", "first", 1, True, "12"),
        ("1, 3-4, 9", "first", 1, True, "023"),
        ("", "last", 1, True, "43210"),
        ("4-5", "first", 2, True, "3434"),
        ("4-5", "first", 3, False, "333444"),
    ],
)
def test_pages_and_copies_are_those_chosen(
    show: Show, qtbot: QtBot, tmp_path: Path, ranges: str, order: str, copies: int, collated: bool, expected: str
) -> None:
    """Each page bears as many lines as its number."""
    preview = show(written(*(["H" * 20] * number for number in range(5))))
    printer = to_file(tmp_path / "printed.pdf")
    if ranges:
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setPageRanges(QPageRanges.fromString(ranges))
    if order == "last":
        printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    printer.setCopyCount(copies)
    printer.setCollateCopies(collated)
    printed = print_all(preview, printer, qtbot)
    assert "".join(str(_lines(printed, page)) for page in range(len(page_sizes(printed)))) == expected


def _lines(pdf: bytes, page: int) -> int:
    """How many lines are on a page."""
    image = page_image(pdf, page, 595)
    inked = [any(image.pixelColor(x, y).value() < 160 for x in range(50, 90)) for y in range(842)]
    return sum(inked[y] and not inked[y - 1] for y in range(1, 842))


def test_the_current_page_is_the_one_that_is_seen(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(*(["H" * 20] * number for number in range(5))))
    preview.column.go_to(3)
    printer = to_file(tmp_path / "printed.pdf")
    printer.setPrintRange(QPrinter.PrintRange.CurrentPage)
    printed = print_all(preview, printer, qtbot)
    assert [_lines(printed, page) for page in range(len(page_sizes(printed)))] == [3]


def test_pages_that_the_paper_has_not_are_told(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(["one"], ["two"]))
    printer = to_file(tmp_path / "printed.pdf")
    printer.setPageRanges(QPageRanges.fromString("5-6"))
    with qtbot.assertNotEmitted(preview.printed):
        preview.print_with(printer)
    assert preview.notice.text() == "This paper has pages 1 to 2 only. Choose among these."
    assert preview.print_button.isEnabled()


def test_a_grey_printer_gets_grey(show: Show, paper: bytes, qtbot: QtBot, tmp_path: Path) -> None:
    printer = to_file(tmp_path / "printed.pdf", (420, 595))
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    printed = print_all(show(paper), printer, qtbot)
    color = page_image(printed, 0, 420).pixelColor(100, 300)
    assert color.red() == color.green() == color.blue() < 200


@pytest.mark.qt_log_ignore("QPainter::begin.*Returned false", extend=True)
def test_a_printer_that_does_not_answer_is_told(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(["one"]))
    with qtbot.assertNotEmitted(preview.printed):
        preview.print_with(to_file(tmp_path / "no folder" / "printed.pdf"))
    assert preview.notice.text() == "The printer did not answer. Check it and print again."


def test_a_printing_that_fails_midway_is_told(show: Show, qtbot: QtBot) -> None:
    preview = show(written(*([f"page {number}"] for number in range(40))))
    with qtbot.assertNotEmitted(preview.printed):
        preview.print_with(to_file(Path("/dev/full")))
        qtbot.waitUntil(lambda: preview.notice.text().startswith("The printer stopped at page "))
    assert preview.print_button.isEnabled()
    assert preview.stop_button.isHidden()


def test_a_file_that_the_full_disk_cut_off_was_not_printed(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["one page fits into what is written at the end"]))
    with qtbot.assertNotEmitted(preview.printed):
        preview.print_with(to_file(Path("/dev/full")))
        qtbot.waitUntil(lambda: preview.notice.text().startswith("The paper was not printed to its end."))


def test_long_printing_is_stopped(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(*([f"page {number}"] for number in range(60))))
    with qtbot.assertNotEmitted(preview.printed):
        preview.print_with(to_file(tmp_path / "printed.pdf"))
        qtbot.waitUntil(lambda: preview.notice.text().startswith("Printing: "))
        preview.stop_button.click()
    assert preview.notice.text() == "The printing was stopped. What the printer has already may still come out."
    assert preview.print_button.isEnabled()


def test_closing_waits_for_the_last_page(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(*([f"page {number}"] for number in range(6))))
    happened: list[str] = []
    preview.printed.connect(lambda: happened.append("printed"))
    preview.finished.connect(lambda _: happened.append("closed"))
    preview.print_with(to_file(tmp_path / "printed.pdf"))
    preview.close()
    assert happened == []
    qtbot.waitUntil(lambda: happened == ["printed", "closed"])


# The dialog, and what is remembered of it.


Answer = Callable[[QPrinter, int, QWidget], bool]


def answering(path: Path, choose: Callable[[QPrinter], object], *, accept: bool = True) -> Answer:
    """Stands for the system's dialog: chooses, and turns the printer into a file."""

    def answer(printer: QPrinter, pages: int, window: QWidget) -> bool:
        choose(printer)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        printer.setResolution(72)
        return accept

    return answer


def test_what_was_chosen_is_there_again_for_the_same_kind_of_paper(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    seen: list[tuple[int, bool]] = []

    def press_print(preview: PdfPreview, copies: int) -> None:
        def choose(printer: QPrinter) -> None:
            seen.append((printer.copyCount(), printer.collateCopies()))
            printer.setCopyCount(copies)
            printer.setCollateCopies(copies == 1)

        preview.printers = lambda: ["Front desk"]
        preview.ask_how_to_print = answering(tmp_path / "printed.pdf", choose)
        with qtbot.waitSignal(preview.printed):
            press(preview, Qt.Key.Key_P, CTRL)

    first = show(written(["one"]))
    press_print(first, 3)
    press_print(first, 1)
    press_print(show(written(["two"])), 1)
    other = PdfPreview("Day list", written(["three"]), kind="day_list")
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
    remember(QSettings(), "visit_note", PrintChoices(copies=7))
    press_print(other, 1)
    assert seen == [(1, True), (3, False), (1, True), (1, True)]


def test_a_dialog_that_is_closed_prints_and_remembers_nothing(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(["one"]))
    preview.printers = lambda: ["Front desk"]
    preview.ask_how_to_print = answering(tmp_path / "printed.pdf", lambda p: p.setCopyCount(9), accept=False)
    with qtbot.assertNotEmitted(preview.printed, wait=1):
        preview.print_paper()
    assert remembered(QSettings(), "visit_note") == PrintChoices()
    assert not (tmp_path / "printed.pdf").exists()


@pytest.mark.parametrize("size", [LETTER, A4, (LETTER[1], LETTER[0]), (298.0, 420.0)])
def test_the_dialog_starts_with_the_paper_of_the_document(
    show: Show, tmp_path: Path, size: tuple[float, float]
) -> None:
    preview = show(written(["one"], size=size))
    asked: list[QSizeF] = []
    preview.printers = lambda: ["Front desk"]
    preview.ask_how_to_print = answering(
        tmp_path / "printed.pdf",
        lambda printer: asked.append(printer.pageLayout().fullRect(QPageLayout.Unit.Point).size()),
        accept=False,
    )
    preview.print_paper()
    assert (asked[0].width(), asked[0].height()) == pytest.approx(size, abs=1)


def test_without_a_printer_the_way_to_a_file_is_offered(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["one"]))
    looked: list[None] = []

    def none() -> list[str]:
        looked.append(None)
        return []

    preview.printers = none
    assert not looked
    press(preview.print_button, Qt.Key.Key_Return)
    assert len(looked) == 1
    assert preview.notice.text().startswith("This computer has no printer. Save the PDF")
    assert preview.notice.way_button.text() == "Save PDF…"
    preview.notice.way_button.click()
    (dialog,) = preview.findChildren(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()


CHOICES = st.builds(
    PrintChoices,
    st.sampled_from(["", "Front desk", "Büro 2 / Fach=3"]),
    st.integers(1, 99),
    st.booleans(),
    st.none() | st.sampled_from(list(Duplex)),
    st.none() | st.sampled_from(list(Tray)),
    st.none() | st.sampled_from(list(Colour)),
)


@given(CHOICES, CHOICES)
def test_choices_are_read_as_they_were_kept(older: PrintChoices, choices: PrintChoices) -> None:
    settings = QSettings()
    remember(settings, "day_list", older)
    remember(settings, "day_list", choices)
    settings.sync()
    assert remembered(settings, "day_list") == choices
    assert remembered(settings, "week_list") == PrintChoices()
    settings.remove("printing")


def test_settings_that_make_no_sense_are_as_if_never_chosen() -> None:
    settings = QSettings()
    for name, value in (
        ("copies", "-4"),
        ("duplex", "DuplexSideways"),
        ("tray", "7"),
        ("colour", ""),
        ("collate", "?"),
    ):
        settings.setValue(f"printing/diary/{name}", value)
    assert remembered(settings, "diary") == PrintChoices()
    settings.setValue("printing/diary/copies", "100000")
    assert remembered(settings, "diary").copies == 99
    settings.remove("printing")


def test_a_printer_follows_what_it_can() -> None:
    chosen = PrintChoices("Front desk", 2, True, Duplex.DuplexLongSide, Tray.Lower, Colour.GrayScale)
    able = Offers([Duplex.DuplexNone, Duplex.DuplexLongSide], [Tray.Upper, Tray.Lower], [Colour.GrayScale])
    assert fitting(chosen, "Front desk", able) == chosen
    assert fitting(chosen, "Front desk", Offers()) == PrintChoices("Front desk", 2, tray=Tray.Lower)
    assert fitting(chosen, "Front desk", Offers(trays=[Tray.Upper])) == PrintChoices("Front desk", 2)
    assert fitting(chosen, "Other", able) == PrintChoices(
        "Other", 2, True, Duplex.DuplexLongSide, None, Colour.GrayScale
    )


def test_a_printer_that_is_gone_leaves_the_default_one() -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    default = printer.printerName()
    apply(PrintChoices("Gone", 2, False, Duplex.DuplexLongSide, Tray.Lower, Colour.GrayScale), printer, ["Here"])
    assert printer.isValid()
    assert (printer.printerName(), printer.copyCount(), printer.collateCopies()) == (default, 2, False)
    assert printer.duplex() is Duplex.DuplexNone


@given(
    st.tuples(st.floats(20, 3000), st.floats(20, 3000)),
    st.tuples(st.floats(20, 30000), st.floats(20, 30000)),
    st.floats(0.5, 17),
)
def test_a_page_is_whole_on_the_sheet_and_never_larger_than_it_is(
    page: tuple[float, float], sheet: tuple[float, float], per_point: float
) -> None:
    whole = QRectF(0, 0, *sheet)
    place = on_sheet(page, whole, per_point)
    assert whole.adjusted(-0.01, -0.01, 0.01, 0.01).contains(place)
    assert place.width() <= page[0] * per_point + 0.01
    assert place.width() / place.height() == pytest.approx(page[0] / page[1], rel=1e-6)
    assert place.center().x() == pytest.approx(sheet[0] / 2)


def test_the_queue_of_the_printer_tells_the_kind_of_paper(show: Show, tmp_path: Path) -> None:
    preview = show(written(["one"]))
    told: list[str] = []
    preview.printers = lambda: ["Front desk"]
    preview.ask_how_to_print = answering(
        tmp_path / "printed.pdf", lambda printer: told.append(printer.docName()), accept=False
    )
    preview.print_paper()
    assert told == [preview.windowTitle()]
