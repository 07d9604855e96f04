import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from clinic_app.ui.pdf_preview import PdfPreview
from clinic_app.ui.pdf_preview.text_search import FoldedText
from clinic_app.ui.theme import LIGHT
from tests.ui.keyboard import CTRL, press, type_text
from tests.ui.pdf_preview.conftest import Show, written

SHIFT = Qt.KeyboardModifier.ShiftModifier


def ask(preview: PdfPreview, qtbot: QtBot, words: str) -> None:
    """Type words over whatever the search held, and wait until every page was looked through."""
    press(preview, Qt.Key.Key_F, CTRL)
    with qtbot.waitSignal(preview.search_line.asked, check_params_cb=lambda asked: asked == words):
        if words.isascii():
            type_text(preview.search_line.field.editor, words)
        else:
            preview.search_line.field.editor.insert(words)
    qtbot.waitUntil(lambda: not preview.search.searching)


def test_places_are_counted_and_gone_to_one_after_the_other(show: Show, qtbot: QtBot) -> None:
    pages = [[f"page {number}", *(["a lot of toxin"] if number in (2, 30, 31) else [])] for number in range(40)]
    preview = show(written(*pages))
    ask(preview, qtbot, "toxin")
    editor, line = preview.search_line.field.editor, preview.search_line

    def at() -> tuple[str, int]:
        return line.count_text(), preview.column.current

    assert at() == ("1 of 3", 2)
    press(editor, Qt.Key.Key_Return)
    assert at() == ("2 of 3", 30)
    press(editor, Qt.Key.Key_F3)
    assert at() == ("3 of 3", 31)
    press(editor, Qt.Key.Key_F3)
    assert at() == ("1 of 3", 2)
    press(editor, Qt.Key.Key_Return, SHIFT)
    assert at() == ("3 of 3", 31)
    press(preview.column, Qt.Key.Key_F3, SHIFT)
    assert at() == ("2 of 3", 30)
    line.next_button.click()
    line.previous_button.click()
    assert at() == ("2 of 3", 30)


def test_the_search_begins_at_the_page_that_is_seen(show: Show, qtbot: QtBot) -> None:
    preview = show(written(*([f"page {number} of all"] for number in range(12))))
    preview.column.go_to(7)
    ask(preview, qtbot, "of all")
    assert (preview.search_line.count_text(), preview.column.current) == ("8 of 12", 7)
    ask(preview, qtbot, "page 3")
    assert (preview.search_line.count_text(), preview.column.current) == ("1 of 1", 3)


def test_what_is_not_there_is_said(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["something"]))
    ask(preview, qtbot, "elephant")
    assert preview.search_line.count_text() == "Not found"
    assert not preview.search_line.next_button.isEnabled()
    preview.search.step(1)
    assert preview.search_line.count_text() == "Not found"


def test_esc_closes_the_search_first_and_the_window_only_then(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["something else"]))
    ask(preview, qtbot, "else")
    press(preview.search_line.field.editor, Qt.Key.Key_Escape)
    assert preview.search_line.isHidden()
    assert preview.isVisible()
    assert preview.search.matches == []
    press(preview, Qt.Key.Key_F, CTRL)
    assert preview.search_line.field.text() == "else"
    qtbot.waitUntil(lambda: preview.search_line.count_text() == "1 of 1")
    press(preview.print_button, Qt.Key.Key_Escape)
    assert preview.search_line.isHidden()
    with qtbot.waitSignal(preview.finished):
        press(preview.print_button, Qt.Key.Key_Escape)


def test_enter_in_the_search_prints_nothing(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["something"]))
    asked: list[None] = []
    preview.printers = lambda: asked.append(None) or []  # type: ignore[func-returns-value]  # counts the looks
    ask(preview, qtbot, "some")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        press(preview.search_line.field.editor, key)
    assert not asked
    press(preview.print_button, Qt.Key.Key_Return)
    assert asked


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("José MÜLLER", "jose muller"),
        ("Jose Muller", "JOSÉ MÜLLER"),
        ("Łukasz Żak", "lukasz zak"),
        ("Straße 5", "strasse"),
        ("Ærø Ødegård", "aero odegard"),
        ("Tromsø", "Tromsø"),
        ("Ελένη Παπά", "ελενη"),
        ("Йосиф", "иосиф"),
        ("cm² and µL", "cm2 and μl"),
    ],
)
def test_case_and_accents_make_no_difference(show: Show, qtbot: QtBot, line: str, words: str) -> None:
    preview = show(written([f"before {line} after"]))
    ask(preview, qtbot, words)
    assert preview.search_line.count_text() == "1 of 1"
    (match,) = preview.search.matches
    found = preview.pages[0]
    found.select(match.span)
    assert found.selected_text().casefold() in line.casefold()


def test_words_are_found_across_the_end_of_a_line(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["the left splenius", "capitis muscle"]))
    ask(preview, qtbot, "splenius  capitis")
    assert preview.search_line.count_text() == "1 of 1"


def test_the_place_looked_at_stands_out_on_the_page(show: Show, qtbot: QtBot) -> None:
    preview = show(written(["here toxin is", "and toxin too"]))
    ask(preview, qtbot, "toxin")
    page = preview.pages[0]
    first, second = (page.place_of(match.span) for match in preview.search.matches)
    picture = QImage(page.size(), QImage.Format.Format_RGB32)
    page.render(picture)
    assert QColor(LIGHT.accent).name() in _colours(picture, first.adjusted(-4, -3, 4, 3))
    assert QColor(LIGHT.accent_soft).name() in _colours(picture, first)
    assert QColor(LIGHT.warn_soft).name() in _colours(picture, second)
    preview.search_line.close_search()
    page.render(picture)
    assert QColor(LIGHT.warn_soft).name() not in _colours(picture, page.rect())


def _colours(picture: QImage, place: QRect) -> set[str]:
    return {
        picture.pixelColor(x, y).name()
        for x in range(place.left(), place.right() + 1)
        for y in range(place.top(), place.bottom() + 1)
    }


LETTERS = st.text(st.sampled_from("aAbßÄäéłŁ ﬁ\r\n\t\u00ad\u0301ıİأ中²-"), max_size=40)


@given(LETTERS, st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    asked = FoldedText(text[first:last]).text.strip()
    spans = FoldedText(text).spans(text[first:last])
    assert bool(spans) == bool(asked)
    end = 0
    for start, count in spans:
        assert start >= end
        assert count > 0
        end = start + count
        assert asked in FoldedText(text[start:end]).text
    assert end <= len(text)


@given(st.text(max_size=60), st.text(max_size=5))
def test_no_text_breaks_the_search(text: str, words: str) -> None:
    folded = FoldedText(text)
    for start, count in folded.spans(words):
        assert 0 <= start < start + count <= len(text)
