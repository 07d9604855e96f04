"""The reports among the other views."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinic_app.services.reports_data import Question
from clinic_app.ui.clinic_window import PATIENTS, REPORTS, STOCK, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.pdf_preview import PdfPreview
from clinic_app.ui.reports.view import ReportsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from tests.ui.clinic import Clinic
from tests.ui.desk import settle
from tests.ui.reports.conftest import Injected

Show = Callable[[Clinic], ClinicWindow]


@pytest.fixture
def open_window(tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path) -> Iterator[Show]:
    failures = Failures(tmp_path / "logs")
    opened: list[ClinicWindow] = []

    def show(clinic: Clinic) -> ClinicWindow:
        window = ClinicWindow(clinic.workplace(tasks), look, failures)
        opened.append(window)
        window.window.show()
        settle(tasks)
        return window

    yield show
    settle(tasks)
    for window in opened:
        window.close()
    failures.uninstall()
    assert bugs == []


def shown(window: ClinicWindow) -> ReportsView:
    window.window.show_view(REPORTS)
    settle(window.workplace.tasks)
    assert window.reports is not None
    return window.reports


def test_reports_stand_after_the_stock_and_are_made_when_first_shown(open_window: Show, clinic: Clinic) -> None:
    window = open_window(clinic)
    views = window.window.views
    assert views.index(REPORTS) == views.index(STOCK) + 1
    assert window.reports is None
    assert window.window.focusWidget() is not None
    shown(window)


def test_a_visit_behind_a_row_is_opened_on_its_patients_page(
    open_window: Show, clinic: Clinic, injected: Injected
) -> None:
    window = open_window(clinic)
    reports = shown(window)
    table = reports.answer_table()
    assert table is not None
    table.opened.emit(reports.report().lines[0])  # type: ignore[union-attr]  # it is shown
    settle(window.workplace.tasks)
    reports.behind.table.activated_row.emit(reports.behind.table.selected())
    settle(window.workplace.tasks)
    assert window.window.current_view() == PATIENTS
    visits = window.patients.page.visits
    assert visits.table.selected().id == injected.visits[1]  # type: ignore[union-attr]
    assert visits.isVisible()


def test_print_opens_the_preview(open_window: Show, clinic: Clinic, injected: Injected) -> None:
    window = open_window(clinic)
    previews: list[PdfPreview] = []
    window.paper_shown.connect(previews.append)
    reports = shown(window)
    reports.questions.choose(Question.DOSES)
    settle(window.workplace.tasks)
    reports.print_paper()
    settle(window.workplace.tasks)
    assert previews[0].windowTitle() == "Units given"
    previews[0].close()


def test_a_manager_sees_reports_and_from_there_the_page_but_no_record(
    open_window: Show, open_clinic: Callable[[str], Clinic], injected: Injected
) -> None:
    window = open_window(open_clinic("max"))
    reports = shown(window)
    reports.visit_requested.emit(injected.okafor, injected.visits[0])
    settle(window.workplace.tasks)
    assert window.window.current_view() == PATIENTS
    assert window.patients.page.current_tab() == "summary"
