"""Questions, answers and the way to the visits behind a row."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from clinic_app.services.reports_data import Question, Report, ReportFilters
from clinic_app.ui.reports.wording import ASKS, NOTHING, RESEARCH, Preset, days_of
from clinic_app.ui.theme import Appearance, Look
from tests.ui.clinic import TODAY, Clinic
from tests.ui.reports.conftest import Injected, Sit


def test_every_question_stands_with_its_sentence_and_the_first_is_answered(
    sit: Sit, clinic: Clinic, injected: Injected
) -> None:
    desk = sit(clinic)
    items = [desk.view.questions.item(row) for row in range(desk.view.questions.count())]
    assert [item.toolTip() for item in items] == [*ASKS.values(), RESEARCH[1]]
    assert desk.view.title.text() == "Cycle length"
    assert desk.view.summary.text() == "1 Aug 2025 – 4 Aug 2026 · 2 rows"
    assert desk.cells()[0] == ["Jun 2026", "few · 1", "12.0", "12.0", "12.0", "12.0", "12.0"]
    assert desk.view.picture.has_picture()


@pytest.mark.parametrize("question", list(Question))
def test_an_empty_clinic_is_told_what_to_do(sit: Sit, clinic: Clinic, question: Question) -> None:
    desk = sit(clinic)
    table = desk.ask(question)
    assert not table.table.empty.isHidden()
    assert table.table.empty.sentence() == NOTHING[question]
    assert desk.view.splitter.told.isHidden()
    assert not table.print_button.isEnabled()
    desk.view.print_paper()
    assert desk.papers == []


def test_months_stand_above_their_table_and_names_beside_it_and_no_table_scrolls_sideways(
    sit: Sit, clinic: Clinic, injected: Injected
) -> None:
    desk = sit(clinic)
    for question in Question:
        table = desk.ask(question).table
        picture = desk.view.picture
        if not picture.isVisible():
            continue
        below = table.mapTo(desk.view, QPoint()).y() > picture.mapTo(desk.view, QPoint(0, picture.height())).y()
        report = desk.view.report()
        assert report is not None
        assert below is not report.picture.lying
        assert table.horizontalScrollBar().maximum() == 0


def test_filters_narrow_the_answer_at_once(sit: Sit, clinic: Clinic, injected: Injected) -> None:
    desk = sit(clinic)
    desk.ask(Question.DOSES)
    assert [row[3] for row in desk.cells()] == ["few · 4", "few · 4"]
    desk.view.filters.set_period(Preset.QUARTER)
    desk.settle()
    assert [row[3] for row in desk.cells()] == ["few · 3", "few · 3"]
    desk.view.filters.injector_field.set_value(clinic.actor.account_id)
    desk.view.filters.product_field.set_value("abobotulinumtoxinA")
    desk.view.filters.changed.emit()
    desk.settle()
    assert desk.cells() == []
    assert "abobotulinumtoxinA" in desk.view.summary.text()
    assert "Dr Ruth Abara" in desk.view.summary.text()


def test_days_typed_are_a_period_of_ones_own_unless_they_are_a_known_one(
    sit: Sit, clinic: Clinic, injected: Injected
) -> None:
    desk, filters = sit(clinic), None
    filters = desk.view.filters
    filters.first_field.editor.setFocus()
    filters.first_field.editor.selectAll()
    QTest.keyClicks(filters.first_field.editor, "1 Jul 2026")
    QTest.keyClick(filters.first_field.editor, Qt.Key.Key_Tab)
    desk.settle()
    assert filters.period_field.value() is Preset.OWN
    assert filters.value() == ReportFilters(date(2026, 7, 1), TODAY)
    assert [row[0] for row in desk.cells()] == ["Jul 2026"]
    filters.first_field.set_value(date(2026, 1, 1))
    filters.first_field.left.emit()
    assert filters.period_field.value() is Preset.THIS_YEAR


def test_a_period_that_ends_before_it_begins_is_told_under_its_field(sit: Sit, clinic: Clinic) -> None:
    desk = sit(clinic)
    desk.view.filters.first_field.set_value(date(2026, 7, 2))
    desk.view.filters.last_field.set_value(date(2026, 7, 1))
    desk.view.refresh()
    desk.settle()
    assert desk.view.filters.last_field.error().startswith("The period ends before it begins.")


def test_presets_end_today_and_begin_with_a_whole_month() -> None:
    leap = date(2024, 2, 29)
    assert days_of(Preset.YEAR, leap) == (date(2023, 2, 1), leap)
    assert days_of(Preset.QUARTER, date(2026, 5, 31)) == (date(2026, 2, 1), date(2026, 5, 31))
    assert days_of(Preset.THIS_YEAR, leap) == (date(2024, 1, 1), leap)
    assert days_of(Preset.ALL, leap) == (None, None)


def test_enter_lists_the_visits_behind_a_row_and_opens_one_and_esc_goes_back(
    sit: Sit, clinic: Clinic, injected: Injected
) -> None:
    desk = sit(clinic)
    table = desk.ask(Question.MISSING).table
    table.select(table.rows_model.row_at(table.rows_model.rowCount() - 1))
    QTest.keyClick(table, Qt.Key.Key_Return)
    desk.settle()
    july = (injected.visits[2], injected.visits[3])
    assert desk.behind == [july]
    assert desk.view.tables.currentWidget() is desk.view.behind
    assert desk.view.behind.title.text() == "Jul 2026, Dr Ruth Abara"
    QTest.keyClick(desk.view.behind.table, Qt.Key.Key_Return)
    assert desk.visits == [(injected.okafor, injected.visits[2])]
    desk.view.go_back()
    assert desk.view.tables.currentWidget() is desk.view.answer_table()
    desk.view.go_back()
    assert desk.view.questions.hasFocus()


def test_a_bug_leaves_no_progress_behind_and_is_told(
    sit: Sit, clinic: Clinic, bugs: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sit(clinic)
    monkeypatch.setattr(type(clinic.services.reports), "answer", lambda *_: 1 / 0)
    desk.view.questions.choose(Question.LATE)
    desk.settle()
    assert desk.view.progress.isHidden()
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    bugs.clear()


@pytest.mark.parametrize("name", ["C", "en_GB", "de_DE", "ar_EG", "nb_NO"])
def test_the_picture_is_drawn_in_every_locale(sit: Sit, clinic: Clinic, injected: Injected, name: str) -> None:
    QLocale.setDefault(QLocale(name))
    desk = sit(clinic)
    assert desk.view.picture.has_picture()


def test_rows_sort_by_value_and_copy_with_their_titles(sit: Sit, clinic: Clinic, injected: Injected) -> None:
    desk = sit(clinic)
    table = desk.table().table
    table.rows_model.sort(2)
    assert [row[2] for row in desk.cells()] == ["7.0", "12.0"]
    desk.table().copy_button.click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0].startswith("Month\tCycles\tMedian, wk")
    assert len(copied) == 3
    assert desk.messages[-1][0] == "2 rows are on the clipboard for a minute."


def test_the_spreadsheet_is_saved_where_the_person_wants_it(
    sit: Sit, clinic: Clinic, injected: Injected, tmp_path: Path
) -> None:
    desk = sit(clinic)
    asked: list[QFileDialog] = []
    desk.view.csv.asked.connect(asked.append)
    desk.table().csv_button.click()
    desk.settle()
    asked[0].fileSelected.emit(str(tmp_path / "cycles.csv"))
    desk.settle()
    asked[0].close()
    lines = (tmp_path / "cycles.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Month,Cycles,Median (weeks)")
    assert lines[1] == "2026-06-01,1,12,12,12,12,12,yes"


def test_print_draws_picture_and_table(sit: Sit, clinic: Clinic, injected: Injected) -> None:
    desk = sit(clinic)
    desk.view.print_paper()
    paper = desk.papers[0]()
    assert paper.title == "Cycle length"  # type: ignore[attr-defined]  # a Paper
    assert paper.render().startswith(b"%PDF")  # type: ignore[attr-defined]


def test_the_picture_is_drawn_anew_in_another_size_and_theme(
    sit: Sit, clinic: Clinic, injected: Injected, look: Look, qtbot: QtBot
) -> None:
    desk = sit(clinic)

    def corner() -> int:
        return desk.view.picture.grab().toImage().pixelColor(6, desk.view.picture.height() // 2).lightness()

    assert corner() > 200
    with qtbot.waitSignal(desk.view.picture.wanted):
        look.set_appearance(Appearance.DARK)
    desk.settle()
    assert corner() < 60
    with qtbot.waitSignal(desk.view.picture.wanted):
        desk.view.resize(1500, 900)
    desk.settle()
    assert desk.view.picture.has_picture()


def test_a_long_report_shows_its_progress_and_stops_when_cancelled(
    sit: Sit, clinic: Clinic, injected: Injected, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desk = sit(clinic)
    shown, go_on, heard = threading.Event(), threading.Event(), []
    really = clinic.services.reports.answer

    def slow(actor: object, question: Question, filters: ReportFilters, steps: Callable[[int, int], None]) -> Report:
        steps(2, 10)
        shown.set()
        assert go_on.wait(20)
        heard.append("goes on")
        steps(3, 10)
        heard.append("was not stopped")
        return really(clinic.actor, question, filters)

    monkeypatch.setattr(type(clinic.services.reports), "answer", lambda _self, *given: slow(*given))
    desk.view.questions.choose(Question.WASTE)
    assert shown.wait(20)
    qtbot.waitUntil(lambda: desk.view.progress.isVisible())
    assert desk.view.progress.words.text() == "Reading part 3 of 10"
    assert desk.view.progress.bar.value() == 2
    desk.view.progress.cancel_button.click()
    go_on.set()
    desk.settle()
    QCoreApplication.processEvents()
    assert heard == ["goes on"]
    assert desk.view.progress.isHidden()
    assert desk.view.title.text() == "Cycle length"
    assert desk.view.questions.question() is Question.CYCLES


def test_the_export_for_research_stands_below_the_questions_and_esc_leads_back(
    sit: Sit, clinic: Clinic, injected: Injected
) -> None:
    desk = sit(clinic)
    desk.ask(Question.WASTE)
    desk.view.questions.choose_export()
    assert desk.view.research is not None and desk.view.research.isVisible()
    assert not desk.view.title.isVisible()
    desk.view.print_paper()
    assert desk.papers == []

    desk.view.go_back()
    desk.settle()
    assert desk.view.questions.question() is Question.WASTE
    assert desk.view.title.isVisible() and not desk.view.research.isVisible()


def test_whoever_may_not_export_sees_the_questions_alone(sit: Sit, open_clinic: Callable[[str], Clinic]) -> None:
    desk = sit(open_clinic("mei"))
    assert desk.view.research is None
    assert desk.view.questions.count() == len(Question)
    desk.view.questions.choose_export()
    assert desk.view.questions.question() is Question.CYCLES
