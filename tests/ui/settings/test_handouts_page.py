"""The clinic's own handouts: written, looked at, kept, reviewed, taken back; what is typed is not lost."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from clinic_app.services.paper import Paper
from clinic_app.terms import Role
from clinic_app.ui.settings.handouts_page import HandoutsPage
from tests.documents.reading import whole_text
from tests.ui.settings.conftest import SettingsDesk


@pytest.fixture(autouse=True)
def nothing_remembered(qapp: QApplication) -> None:
    QSettings().remove("handouts")


def page_of(desk: SettingsDesk) -> HandoutsPage:
    desk.view.show_page(desk.view.handouts)
    desk.settle()
    desk.settle()
    return desk.view.handouts


def type_more(desk: SettingsDesk, page: HandoutsPage) -> str:
    typed = page.editor.toPlainText() + "\nOur own last line.\n"
    page.editor.setPlainText(typed)
    desk.settle()
    return typed


def undo(desk: SettingsDesk) -> None:
    act = desk.messages[-1][1]
    assert act is not None
    act()
    desk.settle()
    desk.settle()


def test_a_text_is_changed_looked_at_kept_and_taken_back(open_settings: Callable[[Role], SettingsDesk]) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    papers: list[Paper] = []
    page.paper_requested.connect(lambda gather: papers.append(gather()))
    before = page.editor.toPlainText()
    assert not page.keep_button.isEnabled()
    typed = type_more(desk, page)
    page.look_button.click()
    assert "Our own last line." in whole_text(papers[-1].render())
    page.keep_button.click()
    desk.settle()
    row = page.table.selected()
    assert row is not None and row.own
    assert page.editor.toPlainText() == typed
    assert not page.keep_button.isEnabled()
    undo(desk)
    row = page.table.selected()
    assert row is not None and not row.own
    assert page.editor.toPlainText() == before


def test_a_physician_stands_by_a_text_and_may_take_that_back(open_settings: Callable[[Role], SettingsDesk]) -> None:
    desk = open_settings(Role.PHYSICIAN)
    page = page_of(desk)
    page.review_button.click()
    desk.settle()
    row = page.table.selected()
    assert row is not None and row.reviewed_by == "Dr. Tomas Reyes"
    assert not page.review_button.isEnabled()
    undo(desk)
    row = page.table.selected()
    assert row is not None and row.reviewed_by == ""


def test_what_is_typed_stays_with_its_handout_until_it_is_kept_or_discarded(
    open_settings: Callable[[Role], SettingsDesk],
) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    typed = type_more(desk, page)
    rows = page.table.rows_model.rows()
    page.table.select(rows[1])
    desk.settle()
    assert page.editor.toPlainText() != typed
    page.table.select(rows[0])
    desk.settle()
    assert page.editor.toPlainText() == typed
    page.shipped_button.click()
    assert page.editor.toPlainText() != typed
    undo(desk)
    assert page.editor.toPlainText() == typed


def test_what_somebody_else_wrote_meanwhile_is_told_before_it_is_replaced(
    open_settings: Callable[[Role], SettingsDesk],
) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    typed = type_more(desk, page)
    handouts, actor = desk.workplace.services.handouts, desk.workplace.actor
    row = page.table.selected()
    assert row is not None
    before = handouts.source(actor, row.name, row.language)
    theirs = handouts.keep_own(actor, before, before.source + "\nTheir line.\n")
    desk.settle()
    desk.settle()
    assert "Somebody else changed this text" in page.problem.text()
    assert page.editor.toPlainText() == typed
    page.shipped_button.click()
    assert page.editor.toPlainText() == theirs.source
    assert page.problem.isHidden()
    undo(desk)
    assert "Somebody else changed this text" in page.problem.text()
    page.keep_button.click()
    desk.settle()
    assert handouts.source(actor, row.name, row.language).source == typed


def test_discarding_what_was_typed_leaves_the_clinics_own_text_as_it_is(
    open_settings: Callable[[Role], SettingsDesk],
) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    own = type_more(desk, page)
    page.keep_button.click()
    desk.settle()
    typed = type_more(desk, page)
    page.shipped_button.click()
    desk.settle()
    assert page.editor.toPlainText() == own
    row = page.table.selected()
    assert row is not None and row.own
    undo(desk)
    assert page.editor.toPlainText() == typed
    page.editor.setPlainText("")
    assert page.keep_button.isEnabled()
    assert not page.review_button.isEnabled()


def test_a_head_that_cannot_be_read_is_told_under_the_text_and_not_kept(
    open_settings: Callable[[Role], SettingsDesk],
) -> None:
    desk = open_settings(Role.MANAGER)
    page = page_of(desk)
    page.editor.setPlainText("No head at all.")
    page.keep_button.click()
    desk.settle()
    assert not page.problem.isHidden()
    row = page.table.selected()
    assert row is not None and not row.own
    assert page.editor.toPlainText() == "No head at all."
