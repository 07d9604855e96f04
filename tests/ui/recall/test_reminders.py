"""The list of reminders on screen."""

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog

from clinic_app.terms import AppointmentState, ContactWay
from tests.ui.clinic import Clinic
from tests.ui.keyboard import press
from tests.ui.recall.conftest import RecallDesk, Sit

S = AppointmentState
WEDNESDAY = datetime(2026, 8, 5, 10)


def book(clinic: Clinic, family: str, at: datetime = WEDNESDAY) -> int:
    return clinic.book(clinic.patient("Ada", family), at)


def reminded(desk: RecallDesk) -> list[str]:
    model = desk.view.reminders.list.table.rows_model
    return [str(model.index(number, 8).data()) for number in range(model.rowCount())]


def test_who_comes_on_the_next_days_is_listed_and_the_first_not_reminded_is_chosen(clinic: Clinic, sit: Sit) -> None:
    first, _second = book(clinic, "First"), book(clinic, "Second", datetime(2026, 8, 6, 9))
    book(clinic, "Later", datetime(2026, 8, 7, 9))
    clinic.services.reminders.remind(clinic.actor, [first], ContactWay.TELEPHONE)
    desk = sit(clinic, "Reminders")
    assert desk.names() == ["Ada First", "Ada Second"]
    assert reminded(desk) == ["4 Aug, telephone", "not yet"]
    chosen = desk.view.reminders.list.table.selected()
    assert chosen is not None
    assert chosen.name == "Ada Second"
    assert desk.view.reminders.summary.text() == "2 appointments, 1 to remind"


def test_several_are_marked_as_reminded_at_once_and_that_is_taken_back(clinic: Clinic, sit: Sit) -> None:
    book(clinic, "First")
    book(clinic, "Second", datetime(2026, 8, 6, 9))
    desk = sit(clinic, "Reminders")
    page = desk.view.reminders
    page.list.table.selectAll()
    page.way_field.set_value(ContactWay.TEXT)
    press(page.list.table, Qt.Key.Key_R)
    desk.settle()
    assert reminded(desk) == ["4 Aug, text message", "4 Aug, text message"]
    assert not page.remind_button.isEnabled()
    assert desk.messages[-1][0] == "2 patients are reminded by text message."
    desk.undo()
    assert reminded(desk) == ["not yet", "not yet"]


def test_an_appointment_is_confirmed_and_booked_again_by_undo(clinic: Clinic, sit: Sit) -> None:
    number = book(clinic, "First")
    desk = sit(clinic, "Reminders")
    press(desk.view.reminders.list.table, Qt.Key.Key_C)
    desk.settle()
    assert clinic.row(number).state is S.CONFIRMED
    assert not desk.view.reminders.confirm_button.isEnabled()
    assert desk.messages[-1][0] == "Ada First is confirmed."
    desk.undo()
    assert clinic.row(number).state is S.BOOKED


def test_several_are_confirmed_or_none_when_another_desk_was_faster(clinic: Clinic, sit: Sit) -> None:
    first, second = book(clinic, "First"), book(clinic, "Second", datetime(2026, 8, 6, 9))
    desk = sit(clinic, "Reminders")
    clinic.store.database.announce = None
    clinic.services.schedule.set_state(clinic.actor, second, 1, S.CANCELLED, "ill")
    desk.view.reminders.list.table.selectAll()
    desk.view.reminders.confirm()
    desk.settle()
    assert clinic.row(first).state is S.BOOKED
    assert desk.messages[-1][1] is None, "nothing is there to undo"
    assert desk.names() == ["Ada First"], "what the other desk did is seen"


def test_what_was_changed_meanwhile_is_told_and_looked_at_again(clinic: Clinic, sit: Sit) -> None:
    number = book(clinic, "First")
    desk = sit(clinic, "Reminders")
    clinic.store.database.announce = None
    clinic.services.schedule.set_state(clinic.actor, number, 1, S.CANCELLED, "ill")
    desk.view.reminders.remind()
    desk.settle()
    assert desk.messages[-1][0].startswith("This appointment is not booked or confirmed any more.")
    assert desk.names() == []
    assert "next 2 working days" in desk.view.reminders.list.table.empty.sentence()


def test_the_days_are_remembered(clinic: Clinic, sit: Sit, settings: QSettings) -> None:
    book(clinic, "Later", datetime(2026, 8, 10, 9))
    desk = sit(clinic, "Reminders")
    assert desk.names() == []
    field = desk.view.reminders.days_field
    field.set_value(5)
    field.changed.emit()
    desk.settle()
    assert desk.names() == ["Ada Later"]
    assert sit(clinic).view.reminders.days_field.value() == 5
    settings.setValue("reminders/days_ahead", "-1")
    assert sit(clinic).view.reminders.days_field.value() == 2


def test_enter_shows_the_appointment_and_the_list_is_saved_and_printed(
    clinic: Clinic, sit: Sit, tmp_path: Path
) -> None:
    number = book(clinic, "First")
    desk = sit(clinic, "Reminders")
    page = desk.view.reminders
    press(page.list.table, Qt.Key.Key_Return)
    assert desk.appointments == [number]
    page.open_button.click()
    assert desk.patients == [clinic.row(number).patient_id]
    desk.view.print_paper()
    (kind, printed) = desk.documents[-1]
    assert (kind, len(printed)) == ("reminder_list", 1)
    asked: list[QFileDialog] = []
    page.csv.asked.connect(asked.append)
    page.csv_button.click()
    desk.settle()
    asked[0].fileSelected.emit(str(tmp_path / "reminders.csv"))
    asked[0].close()
    desk.settle()
    rows = list(csv.DictReader(StringIO((tmp_path / "reminders.csv").read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Ada First"]
