from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from clinic_app.ui.pdf_preview import PdfPreview, page_image, page_sizes
from clinic_app.ui.pdf_preview.page_column import Fit, placed
from tests.ui.keyboard import CTRL, press, type_text
from tests.ui.pdf_preview.conftest import A4, Show, written


def test_a_page_becomes_a_picture_of_the_width_asked_for(paper: bytes, qtbot: QtBot) -> None:
    image = page_image(paper, 0, 840)
    assert (image.width(), image.height()) == (840, 1190)
    assert image.pixelColor(100, 600) == QColor("#FF0000")
    assert image.pixelColor(700, 600) == QColor("#FFFFFF")
    assert page_image(paper, 1, 100).pixelColor(50, 50) == QColor("#0000FF")
    assert page_sizes(paper) == [(420, 595), (420, 595)]


def test_of_many_pages_only_those_near_the_seen_ones_hold_a_picture(show: Show, qtbot: QtBot) -> None:
    preview = show(written(*([f"page {number}"] for number in range(300))))

    def held() -> set[int]:
        return {number for number, page in enumerate(preview.pages) if page.rendered()}

    qtbot.waitUntil(lambda: 0 in held())
    assert max(held()) <= 2
    for number in (40, 150, 299):
        preview.column.go_to(number)
        qtbot.waitUntil(lambda number=number: number in held())  # type: ignore[misc]  # mypy takes no defaults in lambdas
        assert min(held()) >= number - 3
        assert len(held()) <= 6


def test_a_page_fits_the_width_until_the_person_zooms(show: Show, paper: bytes) -> None:
    preview = show(paper)
    assert 560 < preview.pages[0].width() < 640
    assert not preview.column.horizontalScrollBar().isVisible()
    preview.resize(800, 700)
    before = preview.pages[0].width()
    assert before > 640
    preview.column.zoom_in()
    assert preview.pages[0].width() > before
    preview.column.zoom_out()
    preview.column.zoom_out()
    after = preview.pages[0].width()
    assert after < before
    preview.resize(640, 700)
    assert preview.pages[0].width() == after


def test_a_whole_page_is_seen_and_turned_by_page_down(show: Show) -> None:
    preview = show(written(["one"], ["two"], ["three"]))
    press(preview, Qt.Key.Key_8, CTRL)
    column = preview.column
    for number in range(3):
        place = preview.pages[number].geometry().translated(0, -column.verticalScrollBar().value())
        assert column.viewport().rect().contains(place)
        assert column.current == number
        press(preview, Qt.Key.Key_PageDown)
    assert column.fit is Fit.PAGE
    press(preview, Qt.Key.Key_0, CTRL)
    assert preview.pages[0].width() == round(A4[0] * 96 / 72)
    assert preview.top_line.zoom_button.text() == "100 %"


def test_the_size_is_chosen_from_the_menu(show: Show) -> None:
    preview = show(written(["one"]))
    actions = {action.text(): action for action in preview.top_line.zoom_button.menu().actions()}
    assert actions["Fit to width"].isChecked()
    actions["50 %"].trigger()
    assert preview.pages[0].width() == round(A4[0] * 96 / 144)
    assert [text for text, action in actions.items() if action.isChecked()] == ["50 %"]
    actions["Fit to width"].trigger()
    assert [text for text, action in actions.items() if action.isChecked()] == ["Fit to width"]


def test_the_wheel_enlarges_what_is_under_the_pointer(show: Show) -> None:
    preview = show(written(["one"], ["two"], ["three"]))
    column = preview.column
    column.set_zoom(1.0)
    column.go_to(1)
    at = QPoint(200, 300)
    page = preview.pages[1]

    def under() -> tuple[float, float]:
        inside = page.mapFrom(column.viewport(), at)
        return inside.x() / page.width(), inside.y() / page.height()

    before = under()
    for turn in (60, 60, 240):  # a touchpad's half notches count too
        place = QPointF(column.viewport().mapToGlobal(at))
        wheel = QWheelEvent(
            QPointF(at),
            place,
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QGuiApplication.sendEvent(column.viewport(), wheel)
    assert page.width() == round(A4[0] * 96 / 72 * 2)
    assert under() == pytest.approx(before, abs=0.01)


def test_a_page_is_gone_to_by_its_number_and_enter_prints_nothing(show: Show) -> None:
    preview = show(written(*([f"page {number}"] for number in range(7))))
    asked: list[int] = []
    preview.printers = lambda: asked.append(1) or []  # type: ignore[func-returns-value]  # counts the looks
    editor = preview.top_line.page_field.editor
    assert (editor.text(), editor.accessibleName()) == ("1", "Page, of 7")
    editor.setFocus()
    editor.selectAll()
    type_text(editor, "5")
    assert preview.column.current == 0
    press(editor, Qt.Key.Key_Return)
    assert preview.column.current == 4
    assert preview.pages[4].y() - preview.column.verticalScrollBar().value() < 20
    type_text(editor, "9")
    press(editor, Qt.Key.Key_Return)
    assert (editor.text(), preview.column.current) == ("7", 6)
    type_text(editor, "0")
    press(editor, Qt.Key.Key_Enter)
    assert (editor.text(), preview.column.current) == ("1", 0)
    type_text(editor, "4")
    preview.print_button.setFocus()
    assert editor.text() == "1"
    assert not asked


def test_the_number_follows_what_is_scrolled_to(show: Show) -> None:
    preview = show(written(*([f"page {number}"] for number in range(4))))
    editor = preview.top_line.page_field.editor
    press(preview.print_button, Qt.Key.Key_End)
    assert editor.text() == "4"
    bar = preview.column.verticalScrollBar()
    assert bar.value() == bar.maximum()
    press(preview.print_button, Qt.Key.Key_PageUp)
    assert bar.value() == bar.maximum() - bar.pageStep()
    press(preview.column, Qt.Key.Key_Home)
    assert (editor.text(), bar.value()) == ("1", 0)


def test_a_single_page_has_no_number_to_type(show: Show) -> None:
    preview = show(written(["only"]))
    field = preview.top_line.page_field
    assert not field.editor.isVisible()
    assert [label.text() for label in field.findChildren(QLabel) if label.isVisible()] == ["1 page"]


def test_bookmarks_are_listed_where_there_are_several_and_lead_to_their_place(show: Show) -> None:
    pages = [[f"page {number}"] for number in range(6)]
    marks = [("Ada Okafor", 0, 0, 0.0), ("Injections", 0, 1, 400.0), ("Ben Weiss", 3, 0, 0.0), ("Vials", 4, 1, 300.0)]
    preview = show(written(*pages, bookmarks=marks))
    bookmarks = preview.bookmarks
    assert bookmarks is not None
    assert [_words(bookmarks.topLevelItem(row)) for row in range(2)] == ["Ada Okafor", "Ben Weiss"]
    bookmarks.setFocus()
    assert preview.column.verticalScrollBar().value() == 0
    press(bookmarks, Qt.Key.Key_Down)
    assert preview.column.current == 3
    press(bookmarks, Qt.Key.Key_Right)
    press(bookmarks, Qt.Key.Key_Down)
    page, bar = preview.pages[4], preview.column.verticalScrollBar()
    below = (bar.value() - page.y()) / page.height()
    assert below == pytest.approx(300 / A4[1], abs=0.03)
    preview.column.go_to(1)
    assert _words(bookmarks.currentItem()) == "Ada Okafor"
    preview.column.go_to(5)
    assert _words(bookmarks.currentItem()) == "Vials"


def _words(item: QTreeWidgetItem | None) -> str:
    assert item is not None
    return item.text(0)


@pytest.mark.parametrize("marks", [(), [("Visit note", 0, 0, 0.0)]])
def test_one_bookmark_needs_no_list(show: Show, marks: list[tuple[str, int, int, float]]) -> None:
    assert show(written(["one"], ["two"], bookmarks=marks)).bookmarks is None


def test_text_is_selected_with_the_pointer_and_copied(show: Show) -> None:
    preview = show(written(["left splenius capitis 40 U", "right trapezius 25 U"], ["second page"]))
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    press(preview, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == "before"
    page = preview.pages[0]
    scale = page.width() / A4[0]
    _drag(preview, 0, QPoint(round(51 * scale), round(57 * scale)), QPoint(round(300 * scale), round(77 * scale)))
    press(preview, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == "left splenius capitis 40 U\nright trapezius 25 U"
    _drag(preview, 1, QPoint(round(51 * scale), round(57 * scale)), QPoint(round(86 * scale), round(57 * scale)))
    assert page.selected_text() == ""
    press(preview, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == "second"


def _drag(preview: PdfPreview, number: int, start: QPoint, end: QPoint) -> None:
    page, left, none = preview.pages[number], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(page, left, none, start)
    place = page.mapToGlobal(QPointF(end))
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(end), place, Qt.MouseButton.NoButton, left, none)
    QGuiApplication.sendEvent(page, move)
    QTest.mouseRelease(page, left, none, end)


def test_every_control_has_a_name_and_is_reached_by_the_keyboard(show: Show) -> None:
    preview = show(written(["one"], ["two"], bookmarks=[("One", 0, 0, 0.0), ("Two", 1, 0, 0.0)]))
    press(preview, Qt.Key.Key_F, CTRL)
    reached: list[str] = []
    for _ in range(30):
        press(preview.focusWidget(), Qt.Key.Key_Tab)
        focused = preview.focusWidget()
        reached.append(focused.accessibleName() or getattr(focused, "text", str)())
    assert all(reached)
    assert {
        "Find in this paper",
        "Close the search",
        "Page, of 2",
        "Find",
        "Smaller",
        "Size, 100 %",
        "Larger",
        "Bookmarks",
        "Visit note, pages",
        "Close",
        "Save PDF…",
        "Print",
    } <= {name if not name.startswith("Size") else "Size, 100 %" for name in reached}


@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 5000)), min_size=1, max_size=20), st.integers(1, 2000))
def test_pages_stand_below_each_other_in_the_middle(sizes: list[tuple[int, int]], width: int) -> None:
    places, whole = placed([QSize(*size) for size in sizes], width)
    assert whole.width() >= width
    assert [(place.width(), place.height()) for place in places] == sizes
    for above, below in pairwise(places):
        assert above.bottom() < below.top()
    for place in places:
        assert abs((place.left() + place.right()) - (whole.width() - 1)) <= 1
        assert place.left() >= 0
        assert place.right() < whole.width()
    assert places[-1].bottom() < whole.height()


def test_of_several_bookmarks_of_a_page_the_first_is_marked(show: Show) -> None:
    marks = [("Injections", 0, 0, 0.0), ("Checks", 0, 0, 400.0), ("Vials", 2, 0, 0.0), ("Signature", 2, 0, 300.0)]
    preview = show(written(["one"], ["two"], ["three"], bookmarks=marks))
    bookmarks = preview.bookmarks
    assert bookmarks is not None
    assert _words(bookmarks.currentItem()) == "Injections"
    preview.column.go_to(2)
    assert _words(bookmarks.currentItem()) == "Vials"
    preview.column.go_to(1)
    assert _words(bookmarks.currentItem()) == "Checks", "the last one before a page that has none"
