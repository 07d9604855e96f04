"""The recall view among the others: made when it is first shown, and the ways from it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from clinic_app.services.waiting import WishForm
from clinic_app.terms import ContactOutcome, ContactWay
from clinic_app.ui.clinic_window import INBOX, PATIENTS, RECALL, SCHEDULE, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.pdf_preview import PdfPreview
from clinic_app.ui.recall.view import RECALL as RECALL_PAGE
from clinic_app.ui.recall.view import REMINDERS, WAITING, RecallView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from tests.services.statements import counted
from tests.ui.clinic import Clinic
from tests.ui.desk import settle
from tests.ui.recall.conftest import due


@pytest.fixture
def window(
    clinic: Clinic, tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path
) -> Iterator[ClinicWindow]:
    failures = Failures(tmp_path / "logs")
    due(clinic, "Okafor")
    clinic.book(clinic.patient("Ben", "Weiss"), datetime(2026, 8, 5, 10))
    window = ClinicWindow(clinic.workplace(tasks), look, failures)
    window.window.show()
    settle(tasks)
    yield window
    settle(tasks)
    window.close()
    failures.uninstall()
    assert bugs == []


def shown(window: ClinicWindow) -> RecallView:
    next(each for each in window.window.commands() if each.data() == RECALL).trigger()
    settle(window.workplace.tasks)
    assert window.recall is not None
    return window.recall


def test_recall_stands_after_the_schedule_and_is_made_when_first_shown(window: ClinicWindow) -> None:
    assert window.window.views[:5] == (PATIENTS, INBOX, "muscle_map", SCHEDULE, RECALL)
    assert window.recall is None
    recall = shown(window)
    assert window.window.focusWidget() is recall.recall.list.table


def test_a_list_that_comes_to_the_front_is_asked_for_once(window: ClinicWindow, clinic: Clinic) -> None:
    shown(window)
    for _ in range(5):
        window.window.show_view(PATIENTS)
        settle(window.workplace.tasks)
        with counted(clinic.store.database) as sent:
            window.show_recall()
            settle(window.workplace.tasks)
        assert sum("treatment_cycle.due_on <=" in each and "JOIN patient" in each for each in sent) == 1
        assert window.window.current_view() == RECALL


def test_book_leads_to_the_proposal_in_the_schedule(window: ClinicWindow, clinic: Clinic) -> None:
    recall = shown(window)
    recall.recall.panel.book_button.click()
    settle(window.workplace.tasks)
    assert window.window.current_view() == SCHEDULE
    assert window.schedule.panels.currentWidget() is window.schedule.repeat_panel
    window.schedule.repeat_panel.book_button.click()
    settle(window.workplace.tasks)
    shown(window)
    assert recall.recall.list.table.rows_model.rows() == []


def test_an_appointment_and_a_patient_are_shown_by_their_views(window: ClinicWindow) -> None:
    recall = shown(window)
    recall.recall.panel.open_button.click()
    settle(window.workplace.tasks)
    assert window.window.current_view() == PATIENTS
    shown(window)
    recall.show_page(REMINDERS)
    settle(window.workplace.tasks)
    row = recall.reminders.list.table.rows_model.row_at(0)
    recall.reminders.list.table.activated_row.emit(row)
    settle(window.workplace.tasks)
    assert window.window.current_view() == SCHEDULE
    assert window.schedule.day == date(2026, 8, 5)


def test_letters_are_drawn_and_noted_as_sent_on_the_persons_word(window: ClinicWindow, clinic: Clinic) -> None:
    recall = shown(window)
    previews: list[PdfPreview] = []
    window.paper_shown.connect(previews.append)
    (row,) = recall.recall.list.table.rows_model.rows()
    recall.recall.panel.letter_button.click()
    settle(window.workplace.tasks)
    assert "Recall letters" in previews[0].windowTitle()
    previews[0].close()
    assert clinic.services.recall.attempts(clinic.actor, row.patient_id) == ()
    assert recall.recall.letters.first.text() == "Note 1 letter as sent"
    recall.recall.letters.first.click()
    settle(window.workplace.tasks)
    (attempt,) = clinic.services.recall.attempts(clinic.actor, row.patient_id)
    assert (attempt.way, attempt.outcome) == (ContactWay.LETTER, ContactOutcome.SENT)
    assert attempt.next_try_on is not None
    assert recall.recall.list.table.rows_model.rows() == []


def test_the_lists_are_drawn(window: ClinicWindow, clinic: Clinic) -> None:
    clinic.services.waiting.add(clinic.actor, WishForm(clinic.patient("Cleo", "Marsh"), clinic.kind("Review")))
    recall = shown(window)
    previews: list[PdfPreview] = []
    window.paper_shown.connect(previews.append)
    for page in (RECALL_PAGE, WAITING, REMINDERS):
        recall.show_page(page)
        settle(window.workplace.tasks)
        recall.print_paper()
        settle(window.workplace.tasks)
    titles = [preview.windowTitle() for preview in previews]
    assert [title.split(" – ")[0] for title in titles] == ["Recall list", "Waiting list", "Reminder list"]
    for preview in previews:
        preview.close()


def test_a_remark_that_was_not_noted_keeps_the_window_open(window: ClinicWindow) -> None:
    recall = shown(window)
    note = recall.recall.panel.form.note_field.editor
    note.setText("asks for a Monday")
    assert not window.window.close()
    assert window.window.messages.text().startswith("A remark is typed under Recall")
    note.setText("")
    assert window.window.close()
