"""The recall list on screen: whom to call, what was tried, and on to the next."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from clinic_app.services.recall import AttemptForm
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay
from clinic_app.ui.recall.wording import why_level
from clinic_app.ui.tokens import Level
from tests.ui.clinic import TODAY, Clinic
from tests.ui.keyboard import press, type_text
from tests.ui.recall.conftest import RecallDesk, Sit, due

SAID = ContactOutcome


def why(desk: RecallDesk) -> list[str]:
    model = desk.view.recall.list.table.rows_model
    return [str(model.index(number, 2).data()) for number in range(model.rowCount())]


def choose(desk: RecallDesk, name: str) -> None:
    table = desk.view.recall.list.table
    table.select(next(row for row in table.rows_model.rows() if row.name == name))
    desk.settle()


def test_those_due_longest_stand_first_and_the_first_is_shown(clinic: Clinic, sit: Sit) -> None:
    due(clinic, "Soon", date(2026, 5, 18))
    due(clinic, "Long", date(2026, 4, 1), phone="555-0101", preferred_contact="telephone")
    due(clinic, "Later", date(2026, 6, 1))
    desk = sit(clinic)
    assert desk.names() == ["Ada Long", "Ada Soon"]
    assert why(desk) == ["Overdue by 5 w 6 d", "Due in 6 d"]
    panel = desk.view.recall.panel
    assert panel.name.text() == "Ada Long"
    assert panel.phone.text() == "555-0101"
    assert ("Prefers", "telephone") in panel.facts.facts()
    assert desk.view.recall.summary.text() == "2 patients, 1 overdue"


@pytest.mark.parametrize(
    ("on", "level"),
    [(date(2026, 5, 12), None), (date(2026, 5, 11), Level.WARN), (date(2026, 4, 14), Level.STOP)],
)
def test_the_longer_overdue_the_louder(clinic: Clinic, sit: Sit, on: date, level: Level | None) -> None:
    due(clinic, "Okafor", on)
    desk = sit(clinic)
    (row,) = desk.view.recall.list.table.rows_model.rows()
    assert why_level(row, TODAY) is level


def test_who_did_not_come_is_told_with_the_day_and_who_cancelled_with_the_reason(clinic: Clinic, sit: Sit) -> None:
    missed, _ = due(clinic, "Missed")
    cancelled, _ = due(clinic, "Cancelled")
    at = clinic.book(missed, datetime(2026, 8, 4, 10), kind="Injection")
    gone = clinic.book(cancelled, datetime(2026, 8, 6, 10), kind="Injection")
    clinic.set_state(at, AppointmentState.NO_SHOW)
    clinic.services.schedule.set_state(clinic.actor, gone, 1, AppointmentState.CANCELLED, "has the flu")
    desk = sit(clinic)
    assert sorted(why(desk)) == ["Cancelled 6 Aug", "No-show 4 Aug"]
    choose(desk, "Ada Cancelled")
    facts = dict(desk.view.recall.panel.facts.facts())
    assert facts["Missed"] == "Cancelled the appointment of Thu 6 Aug 2026: has the flu"


def test_three_keys_note_that_nobody_answered_and_go_on_to_the_next(clinic: Clinic, sit: Sit) -> None:
    first, _ = due(clinic, "First", date(2026, 4, 1))
    due(clinic, "Second", date(2026, 4, 2))
    due(clinic, "Third", date(2026, 4, 3))
    desk = sit(clinic)
    page = desk.view.recall
    page.list.table.setFocus()
    press(page.list.table, Qt.Key.Key_N)
    press(page.focusWidget(), Qt.Key.Key_N)
    assert page.panel.form.outcome_field.value() is SAID.NO_ANSWER
    assert page.panel.form.next_field.value() == date(2026, 8, 5)
    press(page.focusWidget(), Qt.Key.Key_Return)
    desk.settle()
    assert desk.names() == ["Ada Second", "Ada Third"]
    assert page.panel.name.text() == "Ada Second"
    assert page.panel.form.outcome_field.value() is None
    assert page.focusWidget() is page.list.table
    (attempt,) = clinic.services.recall.attempts(clinic.actor, first)
    assert (attempt.way, attempt.outcome, attempt.next_try_on) == (
        ContactWay.TELEPHONE,
        SAID.NO_ANSWER,
        date(2026, 8, 5),
    )
    assert desk.messages[-1][0] == "Noted for Ada First: no answer. Next try Wed 5 Aug 2026."


def test_a_try_is_taken_back_and_its_patient_stands_there_again(clinic: Clinic, sit: Sit) -> None:
    first, _ = due(clinic, "First", date(2026, 4, 1))
    due(clinic, "Second", date(2026, 4, 2))
    desk = sit(clinic)
    form = desk.view.recall.panel.form
    form.outcome_field.chip(SAID.LEFT_MESSAGE).click()
    form.submit()
    desk.settle()
    assert desk.names() == ["Ada Second"]
    desk.undo()
    assert desk.names() == ["Ada First", "Ada Second"]
    assert desk.view.recall.panel.name.text() == "Ada First"
    assert clinic.services.recall.attempts(clinic.actor, first) == ()


@pytest.mark.parametrize(
    ("outcome", "day"),
    [
        (SAID.NO_ANSWER, date(2026, 8, 5)),
        (SAID.LEFT_MESSAGE, date(2026, 8, 7)),
        (SAID.WILL_CALL, date(2026, 8, 11)),
        (SAID.SENT, date(2026, 8, 18)),
        (SAID.DECLINED, None),
        (SAID.MOVED_AWAY, None),
    ],
)
def test_each_outcome_proposes_its_next_try(clinic: Clinic, sit: Sit, outcome: SAID, day: date | None) -> None:
    due(clinic, "Okafor")
    form = sit(clinic).view.recall.panel.form
    form.outcome_field.chip(outcome).click()
    assert form.next_field.value() == day
    ending = outcome in (SAID.DECLINED, SAID.MOVED_AWAY)
    assert form.next_field.label.text() == ("Ask again on" if ending else "Next try")


def test_who_declined_is_asked_again_in_the_weeks_typed_and_leaves_the_list(clinic: Clinic, sit: Sit) -> None:
    patient_id, _ = due(clinic, "Okafor")
    desk = sit(clinic)
    form = desk.view.recall.panel.form
    form.outcome_field.chip(SAID.DECLINED).click()
    type_text(form.next_field.editor, "2w")
    form.outcome_field.chip(SAID.MOVED_AWAY).click()
    form.outcome_field.chip(SAID.DECLINED).click()
    assert form.next_field.editor.text() == "2w", "what a person typed stays"
    form.submit()
    desk.settle()
    assert desk.names() == []
    assert clinic.services.recall.attempts(clinic.actor, patient_id)[0].next_try_on == date(2026, 8, 18)
    desk.view.recall.waiting_box.editor.click()
    desk.settle()
    assert desk.names() == ["Ada Okafor"]
    model = desk.view.recall.list.table.rows_model
    assert [model.index(0, column).data() for column in (6, 7, 8)] == ["1", "Declined", "18 Aug 2026"]


def test_a_booking_needs_no_next_try(clinic: Clinic, sit: Sit) -> None:
    patient_id, _ = due(clinic, "Okafor")
    desk = sit(clinic)
    form = desk.view.recall.panel.form
    form.outcome_field.chip(SAID.NO_ANSWER).click()
    form.outcome_field.chip(SAID.BOOKED).click()
    assert form.next_field.isHidden()
    form.submit()
    desk.settle()
    (attempt,) = clinic.services.recall.attempts(clinic.actor, patient_id)
    assert attempt.next_try_on is None


@pytest.mark.parametrize(("typed", "error"), [("t", "Not before Wed 5 Aug 2026."), ("soon", "Write a date")])
def test_a_next_try_that_cannot_be_stands_under_the_field(clinic: Clinic, sit: Sit, typed: str, error: str) -> None:
    patient_id, _ = due(clinic, "Okafor")
    desk = sit(clinic)
    form = desk.view.recall.panel.form
    form.submit()
    assert form.outcome_field.error() == "Choose what came of it."
    form.outcome_field.chip(SAID.WILL_CALL).click()
    form.next_field.editor.setText(typed)
    form.submit()
    desk.settle()
    assert form.next_field.error().startswith(error)
    assert clinic.services.recall.attempts(clinic.actor, patient_id) == ()


def test_every_try_is_told_with_who_how_and_when(clinic: Clinic, sit: Sit) -> None:
    patient_id, _ = due(clinic, "Okafor")
    recall = clinic.services.recall
    recall.note(clinic.actor, patient_id, AttemptForm(ContactWay.LETTER, SAID.SENT))
    clinic.clock.forward(days=1)
    recall.note(clinic.actor, patient_id, AttemptForm(ContactWay.TELEPHONE, SAID.WILL_CALL, "after the holidays"))
    desk = sit(clinic)
    assert desk.view.recall.panel.attempt_texts() == [
        "Will call back · telephone, 5 Aug 2026, 09:00 · Dr Ruth Abara, after the holidays",
        "Sent · letter, 4 Aug 2026, 09:00 · Dr Ruth Abara",
    ]


def test_a_remark_stays_with_its_patient_and_keeps_the_window_open(clinic: Clinic, sit: Sit) -> None:
    due(clinic, "First", date(2026, 4, 1))
    due(clinic, "Second", date(2026, 4, 2))
    desk = sit(clinic)
    form = desk.view.recall.panel.form
    form.note_field.editor.setText("asks for a Monday")
    assert desk.view.unsaved()
    choose(desk, "Ada Second")
    assert form.note_field.value() == ""
    assert desk.view.unsaved()
    choose(desk, "Ada First")
    assert form.note_field.value() == "asks for a Monday"
    form.outcome_field.chip(SAID.NO_ANSWER).click()
    form.submit()
    desk.settle()
    assert desk.view.unsaved() == ""


def test_book_and_letter_are_asked_of_the_window(clinic: Clinic, sit: Sit) -> None:
    first, visit = due(clinic, "First", date(2026, 4, 1))
    second, _ = due(clinic, "Second", date(2026, 4, 2))
    desk = sit(clinic)
    table = desk.view.recall.list.table
    press(table, Qt.Key.Key_B)
    press(table, Qt.Key.Key_L)
    assert desk.repeats == [visit]
    assert desk.documents == [("recall_letter", (first,))]
    desk.view.recall.panel.open_button.click()
    assert desk.patients == [first]
    table.selectAll()
    desk.settle()
    assert desk.view.recall.panel.name.text() == "2 patients"
    assert not desk.view.recall.panel.book_button.isEnabled()
    press(table, Qt.Key.Key_L)
    assert desk.documents[-1] == ("recall_letter", (first, second))


def test_a_letter_to_several_is_noted_once_for_all(clinic: Clinic, sit: Sit) -> None:
    ids = [due(clinic, name, date(2026, 4, 1))[0] for name in ("First", "Second")]
    desk = sit(clinic)
    desk.view.recall.list.table.selectAll()
    desk.settle()
    form = desk.view.recall.panel.form
    assert form.note_button.text() == "Note for 2 patients"
    form.outcome_field.chip(SAID.SENT).click()
    form.submit()
    desk.settle()
    said = [clinic.services.recall.attempts(clinic.actor, each)[0] for each in ids]
    assert [each.way for each in said] == [ContactWay.LETTER, ContactWay.LETTER]
    desk.undo()
    assert desk.names() == ["Ada First", "Ada Second"]


def test_several_stay_selected_when_the_list_is_looked_at_again(clinic: Clinic, sit: Sit) -> None:
    for name in ("First", "Second", "Third"):
        due(clinic, name, date(2026, 4, 1))
    desk = sit(clinic)
    table = desk.view.recall.list.table
    table.selectAll()
    desk.settle()
    clinic.patient("Somebody", "Else")
    desk.settle()
    assert len(table.selected_rows()) == 3


def test_the_same_list_is_laid_out_anew_only_when_another_day_began(clinic: Clinic, sit: Sit) -> None:
    due(clinic, "Long", date(2026, 4, 1))
    desk = sit(clinic)
    resets: list[None] = []
    desk.view.recall.list.table.rows_model.modelReset.connect(lambda: resets.append(None))
    desk.view.refresh()
    desk.settle()
    assert resets == []
    clinic.clock.forward(days=1)
    desk.view.refresh()
    desk.settle()
    assert why(desk) == ["Overdue by 6 w"]


def test_who_is_booked_meanwhile_leaves_by_itself(clinic: Clinic, sit: Sit) -> None:
    first, _ = due(clinic, "First", date(2026, 4, 1))
    due(clinic, "Second", date(2026, 4, 2))
    desk = sit(clinic)
    clinic.book(first, datetime(2026, 8, 6, 10), kind="Injection")
    desk.settle()
    assert desk.names() == ["Ada Second"]


def test_how_far_ahead_is_remembered(clinic: Clinic, sit: Sit, settings: QSettings) -> None:
    due(clinic, "Later", date(2026, 6, 1))
    desk = sit(clinic)
    assert desk.names() == []
    assert "within 2 weeks" in desk.view.recall.list.table.empty.sentence()
    field = desk.view.recall.weeks_field
    field.set_value(4)
    field.changed.emit()
    desk.settle()
    assert desk.names() == ["Ada Later"]
    assert sit(clinic).view.recall.weeks_field.value() == 4
    settings.setValue("recall/weeks_ahead", "many")
    assert sit(clinic).view.recall.weeks_field.value() == 2


def test_the_mail_merge_is_saved_where_the_person_says(clinic: Clinic, sit: Sit, tmp_path: Path) -> None:
    due(clinic, "First", date(2026, 4, 1), address="12 High Street")
    due(clinic, "Second", date(2026, 4, 2))
    desk = sit(clinic)
    asked: list[QFileDialog] = []
    desk.view.recall.csv.asked.connect(asked.append)
    desk.view.recall.list.csv_button.click()
    desk.settle()
    (dialog,) = asked
    dialog.fileSelected.emit(str(tmp_path / "recall.csv"))
    dialog.close()
    desk.settle()
    text = (tmp_path / "recall.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [(row["name"], row["address"]) for row in rows] == [("Ada First", "12 High Street"), ("Ada Second", "")]
    desk.view.print_paper()
    kind, printed = desk.documents[-1]
    assert (kind, len(printed)) == ("recall_list", 2)


def test_the_telephone_number_is_copied(clinic: Clinic, sit: Sit) -> None:
    due(clinic, "Okafor", phone="555-0101")
    desk = sit(clinic)
    desk.view.recall.panel.copy_button.click()
    assert QGuiApplication.clipboard().text() == "555-0101"


def test_escape_leads_from_the_form_to_the_list(clinic: Clinic, sit: Sit) -> None:
    due(clinic, "Okafor")
    desk = sit(clinic)
    desk.view.new_item()
    assert desk.view.recall.panel.form.isAncestorOf(desk.view.focusWidget() or desk.view)
    desk.view.go_back()
    assert desk.view.focusWidget() is desk.view.recall.list.table


def test_the_front_desk_works_here_too(open_clinic: Callable[[str], Clinic], sit: Sit) -> None:
    ruth = open_clinic("ruth")
    due(ruth, "Okafor")
    desk = sit(open_clinic("rosa"))
    assert desk.names() == ["Ada Okafor"]
