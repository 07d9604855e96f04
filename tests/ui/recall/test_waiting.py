"""The waiting list on screen: add a wish, change it, end it, and take that back."""

from dataclasses import fields, replace
from datetime import date, datetime, time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton

from clinic_app.services.waiting import WishForm
from clinic_app.terms import WishEnd
from clinic_app.ui.differences import Keep, Together
from clinic_app.ui.recall.wish_merging import LAYOUT, shown
from clinic_app.ui.recall.wording import wish_text
from tests.ui.clinic import Clinic
from tests.ui.keyboard import press, type_text
from tests.ui.recall.conftest import RecallDesk, Sit


def wish(clinic: Clinic, family: str = "Okafor", **wished: Any) -> int:
    patient_id = clinic.patient("Ada", family, phone="555-0101")
    return clinic.services.waiting.add(clinic.actor, WishForm(patient_id, clinic.kind("Injection"), **wished))


def cells(desk: RecallDesk, row: int = 0) -> list[str]:
    model = desk.view.waiting.list.table.rows_model
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (WishForm(1, 1), "Any day and hour"),
        (WishForm(1, 1, weekdays=(0, 2)), "Mon, Wed"),
        (WishForm(1, 1, not_before=time(12), not_after=time(14, 30)), "12:00 to 14:30"),
        (WishForm(1, 1, weekdays=(4,), not_after=time(11)), "Fri · until 11:00"),
        (WishForm(1, 1, not_before=time(9), first_day=date(2026, 8, 3)), "from 09:00 · not before 3 Aug 2026"),
        (WishForm(1, 1, last_day=date(2026, 10, 4)), "not after 4 Oct 2026"),
    ],
)
def test_a_wish_is_told_in_words(form: WishForm, text: str) -> None:
    assert wish_text(form) == text


def test_the_list_tells_who_could_come_when_and_what_is_booked(clinic: Clinic, sit: Sit) -> None:
    wish(clinic, weekdays=(1,), notice_days=3, injector_id=clinic.injector("Dr Mei Chen"))
    patient_id = clinic.services.waiting.rows(clinic.actor)[0].form.patient_id
    clinic.book(patient_id, datetime(2026, 8, 20, 10), kind="Injection")
    desk = sit(clinic, "Waiting list")
    assert cells(desk) == [
        "Ada Okafor", "Injection", "Dr Mei Chen", "Tue", "3 days", "555-0101", "4 Aug 2026", "20 Aug, 10:00", "",
    ]  # fmt: skip
    facts = dict(desk.view.waiting.panel.facts.facts())
    assert (facts["Notice"], facts["Booked now"]) == ("3 days", "Thu 20 Aug 2026, 10:00")


def test_a_patient_is_added_with_days_hours_and_notice(clinic: Clinic, sit: Sit) -> None:
    clinic.patient("Ada", "Okafor")
    desk = sit(clinic, "Waiting list")
    page = desk.view.waiting
    assert page.list.table.empty.isVisible()
    desk.view.new_item()
    form = page.form
    type_text(form.patient_choice.search.editor, "oka")
    press(form.patient_choice.search.editor, Qt.Key.Key_Return)
    desk.settle()
    press(form.patient_choice.search.editor, Qt.Key.Key_Return)
    desk.settle()
    for day in ("1", "3"):
        form.weekday_field.chip(day).click()
    type_text(form.from_field.editor, "930")
    type_text(form.last_field.editor, "4w")
    type_text(form.notice_field.editor, "2")
    assert desk.view.unsaved()
    desk.view.save_item()
    desk.settle()
    (row,) = clinic.services.waiting.rows(clinic.actor)
    assert row.form.weekdays == (1, 3)
    assert (row.form.not_before, row.form.last_day, row.form.notice_days) == (time(9, 30), date(2026, 9, 1), 2)
    assert row.form.injector_id is None
    assert desk.names() == ["Ada Okafor"]
    assert page.side.currentWidget() is page.panel
    assert desk.messages[-1][0] == "Ada Okafor is on the waiting list."
    assert desk.view.unsaved() == ""


def test_what_is_missing_or_cannot_be_is_said_under_the_field(clinic: Clinic, sit: Sit) -> None:
    wish(clinic)
    desk = sit(clinic, "Waiting list")
    form = desk.view.waiting.form
    desk.view.new_item()
    desk.view.save_item()
    assert form.patient_choice.error() == "Choose the patient from the list."
    desk.view.go_back()
    desk.view.edit_item()
    form.from_field.editor.setText("12:00")
    form.until_field.editor.setText("11:00")
    desk.view.save_item()
    desk.settle()
    assert form.until_field.error()
    form.notice_field.editor.setText("61")
    desk.view.save_item()
    assert form.notice_field.error() == "At most 60."


def test_a_change_keeps_what_is_typed_for_a_new_wish(clinic: Clinic, sit: Sit) -> None:
    wish(clinic, weekdays=(1,))
    desk = sit(clinic, "Waiting list")
    form = desk.view.waiting.form
    desk.view.new_item()
    form.note_field.editor.setPlainText("mornings")
    desk.view.go_back()
    desk.view.edit_item()
    assert form.note_field.value() == ""
    form.weekday_field.chip("4").click()
    form.submit()
    desk.settle()
    assert cells(desk)[3] == "Tue, Fri"
    desk.view.new_item()
    assert form.note_field.value() == "mornings"
    assert form.patient_choice.patient() is None


@pytest.mark.parametrize("fulfilled", [True, False])
def test_a_wish_that_is_over_leaves_the_list_until_that_is_taken_back(
    clinic: Clinic, sit: Sit, fulfilled: bool
) -> None:
    wish(clinic)
    desk = sit(clinic, "Waiting list")
    panel = desk.view.waiting.panel
    (panel.booked_button if fulfilled else panel.withdraw_button).click()
    desk.settle()
    assert desk.names() == []
    assert desk.view.waiting.side.currentWidget() is desk.view.waiting.start
    desk.undo()
    assert desk.names() == ["Ada Okafor"]
    assert desk.messages[-1][0] == "Ada Okafor waits again."


def change(clinic: Clinic, **changes: Any) -> None:
    """What somebody else makes of the only wish."""
    (row,) = clinic.services.waiting.rows(clinic.actor)
    clinic.services.waiting.change(clinic.actor, row.id, row.version, replace(row.form, **changes))


def test_a_wish_goes_together_with_what_somebody_else_changed(clinic: Clinic, sit: Sit) -> None:
    wish(clinic)
    desk = sit(clinic, "Waiting list")
    desk.view.edit_item()
    desk.view.waiting.form.note_field.editor.setPlainText("mornings")
    change(clinic, weekdays=(1, 2), notice_days=3)
    desk.view.save_item()
    desk.settle()
    (row,) = clinic.services.waiting.rows(clinic.actor)
    assert (row.form.weekdays, row.form.notice_days, row.form.note) == ((1, 2), 3, "mornings")
    assert desk.messages[-1][0] == (
        "The wish of Ada Okafor is changed, together with what somebody else changed meanwhile: days, notice needed."
    )


def test_what_two_people_changed_of_a_wish_is_chosen_in_its_form(clinic: Clinic, sit: Sit) -> None:
    wish(clinic)
    desk = sit(clinic, "Waiting list")
    desk.view.edit_item()
    form = desk.view.waiting.form
    form.note_field.editor.setPlainText("mornings")
    form.weekday_field.chip("4").click()
    form.from_field.editor.setText("930")
    mei = clinic.injector("Dr Mei Chen")
    change(clinic, weekdays=(1,), not_after=time(12), injector_id=mei)
    desk.view.save_item()
    desk.settle()
    assert form.clash.open_parts() == ["Days", "Hours"]
    assert (form.injector_field.value(), form.note_field.value()) == (mei, "mornings")
    said = {button.accessibleName() for button in form.clash.findChildren(QRadioButton)}
    assert said == {
        "Days, theirs: Tue",
        "Days, yours: Fri",
        "Days, both: Tue, Fri",
        "Hours, theirs: until 12:00",
        "Hours, yours: from 09:30",
    }
    form.clash.choose("Days", Keep.BOTH)
    form.clash.choose("Hours", Keep.THEIRS)
    desk.view.save_item()
    desk.settle()
    (row,) = clinic.services.waiting.rows(clinic.actor)
    assert (row.form.weekdays, row.form.not_before, row.form.not_after) == ((1, 4), None, time(12))
    assert (row.form.injector_id, row.form.note) == (mei, "mornings")


def test_a_wish_that_is_over_is_not_changed_and_what_was_typed_can_be_wished_again(clinic: Clinic, sit: Sit) -> None:
    number = wish(clinic)
    desk = sit(clinic, "Waiting list")
    form = desk.view.waiting.form
    desk.view.edit_item()
    form.note_field.editor.setPlainText("mornings")
    clinic.services.waiting.end(clinic.actor, number, 1, WishEnd.WITHDRAWN)
    desk.view.save_item()
    desk.settle()
    assert form.problem.text().startswith("Somebody else took this wish off the waiting list.")
    assert clinic.services.waiting.rows(clinic.actor) == ()
    assert (form.save_button.text(), form.note_field.value()) == ("Add to waiting list", "mornings")
    desk.view.save_item()
    desk.settle()
    (row,) = clinic.services.waiting.rows(clinic.actor)
    assert row.form.note == "mornings"


def test_every_field_of_a_wish_belongs_to_one_part() -> None:
    assert sorted(name for names in LAYOUT.values() for name in names) == sorted(each.name for each in fields(WishForm))


def test_every_part_of_a_wish_is_told_in_words(clinic: Clinic) -> None:
    choices = clinic.services.schedule.choices(clinic.actor)
    said = {
        ("Patient", 7): "Ada Okafor",
        ("Kind", clinic.kind("Injection")): "Injection",
        ("Injector", None): "any",
        ("Injector", clinic.injector("Dr Mei Chen")): "Dr Mei Chen",
        ("Days", ()): "any day",
        ("Days", (4, 1)): "Tue, Fri",
        ("Hours", Together((None, None))): "any hour",
        ("Hours", Together((time(9, 30), time(12)))): "09:30 to 12:00",
        ("First and last day", Together((None, None))): "any day",
        ("First and last day", Together((None, date(2026, 10, 1)))): "not after 1 Oct 2026",
        ("Notice needed", 0): "none",
        ("Note", ""): "empty",
    }
    assert {key: shown(choices, {7: "Ada Okafor"}, *key) for key in said} == said
