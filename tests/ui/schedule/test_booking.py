"""Booking at the desk: who, where, and what stands in the way."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.grid import FreePlace
from tests.ui.clinic import TODAY, Clinic
from tests.ui.schedule.conftest import Sit

S = AppointmentState


def test_a_click_on_a_free_time_and_a_name_book_an_appointment(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    desk = sit(clinic)
    place = desk.view.grid.minute_place(TODAY, clinic.injector("Dr Mei Chen"), 10 * 60 + 15)
    assert place is not None
    QTest.mouseClick(desk.view.grid.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    form = desk.view.booking_form
    assert desk.view.panels.currentWidget() is form
    form.patient_choice.search.editor.setText("okaf")
    QTest.keyClick(form.patient_choice.search.editor, Qt.Key.Key_Return)
    desk.settle()
    QTest.keyClick(form.patient_choice.search.editor, Qt.Key.Key_Return)
    desk.settle()
    form.book_button.click()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ada)
    assert row.starts_at == datetime(2026, 8, 4, 10, 15)
    assert row.injector_id == clinic.injector("Dr Mei Chen")
    assert row.minutes == 30
    assert row.room_id is not None
    assert desk.messages[-1][0] == "Ada Okafor booked for Tue 4 Aug 2026, 10:15."
    assert desk.view.panels.currentWidget() is desk.view.appointment_panel
    assert desk.view.grid.selected == row.id


def test_dragging_over_free_time_sets_the_length(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    grid, injector = desk.view.grid, clinic.injector("Dr Mei Chen")
    first, last = (grid.minute_place(TODAY, injector, minute) for minute in (600, 630))
    assert first is not None
    assert last is not None
    QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=first.toPoint())
    QTest.mouseMove(grid.viewport(), last.toPoint())
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=last.toPoint())
    place = desk.view.booking_form.place_fields.place()
    assert place is not None
    assert (place.starts_at, place.minutes) == (datetime(2026, 8, 4, 10, 0), 45)


def test_a_clash_is_told_at_the_form_and_nothing_typed_is_lost(open_clinic: Callable[[str], Clinic], sit: Sit) -> None:
    clinic = open_clinic("rosa")
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.book(ada, datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    desk.view.book_for(ben)
    desk.settle()
    form = desk.view.booking_form
    form.begin(clinic.injector("Dr Ruth Abara"), datetime(2026, 8, 4, 10, 15), None)
    form.note_field.set_value("Comes by taxi")
    form.submit()
    desk.settle()
    assert form.refusal.text() == "Dr Ruth Abara already sees Ada Okafor at 10:00. Choose another time or injector."
    assert form.refusal.reason_field.isHidden()
    assert form.note_field.value() == "Comes by taxi"
    assert clinic.services.schedule.of_patient(clinic.actor, ben) == ()
    form.place_fields.time_field.editor.setText("1030")
    assert form.refusal.text() == ""
    form.submit()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ben)
    assert (row.starts_at, row.note) == (datetime(2026, 8, 4, 10, 30), "Comes by taxi")


def test_a_physician_books_over_a_clash_with_a_reason(clinic: Clinic, sit: Sit) -> None:
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.book(ada, datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    desk.view.book_for(ben)
    desk.settle()
    form = desk.view.booking_form
    form.begin(clinic.injector("Dr Ruth Abara"), datetime(2026, 8, 4, 10, 0), 20)
    form.submit()
    desk.settle()
    assert not form.refusal.reason_field.isHidden()
    form.submit()
    desk.settle()
    assert form.refusal.reason_field.error() == "Type the reason, or choose another time."
    form.refusal.reason_field.set_value("Severe pain")
    form.submit()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ben)
    (change,) = clinic.services.schedule.history(clinic.actor, row.id)
    assert dict(change.after)["reason"] == "Severe pain"


def test_a_time_that_has_passed_is_told_under_the_time(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    desk = sit(clinic)
    desk.view.book_for(ada)
    desk.settle()
    form = desk.view.booking_form
    form.begin(clinic.injector("Dr Ruth Abara"), datetime(2026, 8, 4, 8, 30), 30)
    form.submit()
    desk.settle()
    assert form.place_fields.time_field.error() == "This time has passed. Choose a later one."


def test_booking_without_a_patient_says_what_is_missing(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.new_item()
    desk.view.booking_form.submit()
    assert desk.view.booking_form.patient_choice.error() == "Choose the patient from the list."


def test_a_new_appointment_begins_at_the_next_free_time(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    clinic.book(ada, datetime(2026, 8, 4, 9, 15), injector="Dr Mei Chen")
    desk = sit(clinic)
    desk.view.side.injectors[clinic.injector("Dr Ruth Abara")].click()
    desk.view.new_item()
    place = desk.view.booking_form.place_fields.place()
    assert place is not None
    assert place.starts_at == datetime(2026, 8, 4, 9, 45)


def test_what_is_booked_already_is_shown_before_booking_again(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    clinic.book(ada, datetime(2026, 8, 6, 9, 0))
    desk = sit(clinic)
    desk.view.book_for(ada)
    desk.settle()
    assert desk.view.booking_form.patient_choice.booked_already() == ("Already booked: Thu 6 Aug 2026, 09:00 (Review).")


def test_a_form_put_aside_can_be_brought_back(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    desk = sit(clinic)
    desk.view.book_for(ada)
    desk.settle()
    form = desk.view.booking_form
    form.begin(clinic.injector("Dr Mei Chen"), datetime(2026, 8, 4, 11, 0), 60)
    form.note_field.set_value("Interpreter")
    desk.view.go_back()
    assert desk.view.panels.currentWidget() is desk.view.overview
    assert form.patient_choice.patient() is None
    text, undo = desk.messages[-1]
    assert text == "The booking was put aside."
    assert undo is not None
    undo()
    desk.settle()
    patient, place = form.patient_choice.patient(), form.place_fields.place()
    assert patient is not None
    assert place is not None
    assert (patient.id, form.note_field.value()) == (ada, "Interpreter")
    assert place.starts_at == datetime(2026, 8, 4, 11, 0)
    assert desk.view.panels.currentWidget() is form


def test_another_free_time_keeps_the_patient_and_the_note(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    desk = sit(clinic)
    desk.view.book_for(ada)
    desk.settle()
    desk.view.booking_form.note_field.set_value("Interpreter")
    desk.view.grid.free_chosen.emit(FreePlace(clinic.injector("Dr Mei Chen"), datetime(2026, 8, 4, 15, 0)))
    patient, place = desk.view.booking_form.patient_choice.patient(), desk.view.booking_form.place_fields.place()
    assert patient is not None
    assert place is not None
    assert (patient.id, place.starts_at) == (ada, datetime(2026, 8, 4, 15, 0))
    assert desk.view.booking_form.note_field.value() == "Interpreter"


def test_an_empty_day_teaches_how_to_book(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.show_day(date(2026, 8, 5))
    desk.settle()
    hint = "Nothing booked on Wednesday 5 August. Click a free time or press Ctrl+N to book."
    assert desk.view.grid.accessibleDescription() == hint
