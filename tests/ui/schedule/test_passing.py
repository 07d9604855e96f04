"""What stands in the way of a booking and can be passed: by anybody who accepts it, or by some with a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from clinic_app.services.patient_data import AuthorizationForm
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.booking_form import BookingForm
from tests.ui.clinic import BOTOX, Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit, sign_visit

S = AppointmentState
LAPSED = AuthorizationForm("A1", BOTOX, None, None, date(2025, 9, 1), date(2026, 8, 31))
LAPSES = "The authorization ends on 31 Aug 2026, before the visit. Ask the payer, or book all the same."
SEPTEMBER = datetime(2026, 9, 8, 10, 0)


def click(desk: ScheduleDesk, button: QAbstractButton) -> None:
    """Click where the mark or the text of a button begins."""
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, button.height() // 2))
    desk.settle()


def form_for(desk: ScheduleDesk, clinic: Clinic, patient_id: int, at: datetime, kind: str = "Injection") -> BookingForm:
    """The booking form with the patient, the kind and the place."""
    desk.view.book_for(patient_id)
    desk.settle()
    form = desk.view.booking_form
    form.type_field.set_value(clinic.kind(kind))
    form.begin(clinic.injector("Dr Ruth Abara"), at, 30)
    return form


def booked_at(clinic: Clinic, patient_id: int) -> list[datetime]:
    return [row.starts_at for row in clinic.services.schedule.of_patient(clinic.actor, patient_id)]


def test_the_desk_is_told_that_the_payer_will_not_pay_and_books_all_the_same(
    open_clinic: Callable[[str], Clinic], sit: Sit
) -> None:
    ada = open_clinic("ruth").patient("Ada", "Okafor", authorizations=(LAPSED,))
    clinic = open_clinic("rosa")
    desk = sit(clinic)
    form = form_for(desk, clinic, ada, SEPTEMBER)
    assert form.refusal.isHidden()
    click(desk, form.book_button)
    assert form.refusal.text() == LAPSES
    assert form.refusal.reason_field.isHidden(), "no permission is needed"
    assert not form.refusal.accept_field.value(), "nobody accepts it by accident"
    click(desk, form.book_button)
    assert form.refusal.text() == LAPSES
    assert booked_at(clinic, ada) == []
    click(desk, form.refusal.accept_field.editor)
    click(desk, form.book_button)
    assert booked_at(clinic, ada) == [SEPTEMBER]
    assert desk.messages[-1][0] == "Ada Okafor booked for Tue 8 Sept 2026, 10:00."
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ada)
    assert row.overbooked_by == ""


def test_what_was_accepted_for_one_booking_is_not_accepted_for_the_next(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor", authorizations=(LAPSED,))
    ben = clinic.patient("Ben", "Weiss", authorizations=(LAPSED,))
    desk = sit(clinic)
    form = form_for(desk, clinic, ada, SEPTEMBER)
    click(desk, form.book_button)
    click(desk, form.refusal.accept_field.editor)
    click(desk, form.book_button)
    form = form_for(desk, clinic, ben, SEPTEMBER.replace(hour=11))
    click(desk, form.book_button)
    assert form.refusal.text() == LAPSES
    assert not form.refusal.accept_field.value()
    assert booked_at(clinic, ben) == []


def test_the_repeat_says_beforehand_what_the_payer_did_not_agree_to_and_books(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor", authorizations=(LAPSED,))
    number = clinic.book(ada, datetime(2026, 8, 4, 10, 0), kind="Injection")
    clinic.set_state(number, S.ARRIVED, S.IN_ROOM)
    desk = sit(clinic)
    desk.view.propose_repeat(sign_visit(clinic, number))
    desk.settle()
    panel = desk.view.repeat_panel
    (note,) = [each for each in panel.findChildren(type(panel.done_note)) if each.isVisible()]
    assert note.text() == "The authorization ends on 31 Aug 2026, before the visit. Ask the payer."
    click(desk, panel.book_button)
    assert datetime(2026, 10, 27, 10, 0) in booked_at(clinic, ada)
    assert panel.done_note.isVisible()


def test_an_authorization_that_lapsed_while_the_repeat_was_looked_at_is_told_before_it_is_booked(
    clinic: Clinic, sit: Sit
) -> None:
    ada = clinic.patient("Ada", "Okafor")
    number = clinic.book(ada, datetime(2026, 8, 4, 10, 0), kind="Injection")
    clinic.set_state(number, S.ARRIVED, S.IN_ROOM)
    desk = sit(clinic)
    desk.view.propose_repeat(sign_visit(clinic, number))
    desk.settle()
    clinic.store.database.announce = None
    details = clinic.services.patients.details(clinic.actor, ada)
    form = replace(details.form, authorizations=(LAPSED,))
    clinic.services.patients.save(clinic.actor, ada, details.version, form)
    panel = desk.view.repeat_panel
    click(desk, panel.book_button)
    assert len(booked_at(clinic, ada)) == 1, "only the visit of today"
    told = [each.text() for each in panel.findChildren(type(panel.done_note)) if each.isVisible()]
    assert told == [LAPSES]
    click(desk, panel.book_button)
    assert datetime(2026, 10, 27, 10, 0) in booked_at(clinic, ada)


def test_a_reason_is_asked_for_before_a_clash_is_booked_over_and_stands_on_the_appointment(
    clinic: Clinic, sit: Sit
) -> None:
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.book(ada, SEPTEMBER)
    desk = sit(clinic)
    form = form_for(desk, clinic, ben, SEPTEMBER, "Review")
    click(desk, form.book_button)
    assert form.refusal.text() == "Dr Ruth Abara already sees Ada Okafor at 10:00. Choose another time or injector."
    assert form.refusal.accept_field.isHidden(), "a clash is not accepted by a tick"
    click(desk, form.book_button)
    assert form.refusal.reason_field.error() == "Type the reason, or choose another time."
    QTest.keyClicks(form.refusal.reason_field.editor, "Severe pain")
    click(desk, form.book_button)
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ben)
    assert (row.overbooked_by, row.overbook_reason) == ("Dr Ruth Abara", "Severe pain")


def test_another_time_forgets_the_reason_for_the_clash(clinic: Clinic, sit: Sit) -> None:
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.book(ada, SEPTEMBER)
    desk = sit(clinic)
    form = form_for(desk, clinic, ben, SEPTEMBER, "Review")
    click(desk, form.book_button)
    QTest.keyClicks(form.refusal.reason_field.editor, "Severe pain")
    form.place_fields.time_field.editor.setText("1030")
    assert form.refusal.isHidden()
    click(desk, form.book_button)
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ben)
    assert (row.starts_at, row.overbooked_by, row.overbook_reason) == (SEPTEMBER.replace(minute=30), "", "")


def test_who_may_not_overbook_gets_no_field_for_a_reason(open_clinic: Callable[[str], Clinic], sit: Sit) -> None:
    clinic = open_clinic("rosa")
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.book(ada, SEPTEMBER)
    desk = sit(clinic)
    form = form_for(desk, clinic, ben, SEPTEMBER, "Review")
    click(desk, form.book_button)
    assert form.refusal.isVisible()
    assert form.refusal.reason_field.isHidden()
    assert form.refusal.accept_field.isHidden()
    assert booked_at(clinic, ben) == []


def test_the_hour_that_comes_twice_is_asked_about_under_the_time(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = form_for(desk, clinic, clinic.patient("Ada", "Okafor"), datetime(2026, 10, 25, 1, 30), "Review")
    click(desk, form.book_button)
    said = "The clocks go back that day: 01:30 comes twice. Choose another time."
    assert form.place_fields.time_field.error() == said
    form.place_fields.date_field.set_value(date(2027, 3, 28))
    click(desk, form.book_button)
    said = "The clocks go forward that day: 01:30 does not exist. Choose another time."
    assert form.place_fields.time_field.error() == said


def test_every_clash_is_told_before_a_reason_counts(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    clinic.visit(ada)
    clinic.book(clinic.patient("Ben", "Weiss"), datetime(2026, 8, 5, 10, 0))
    desk = sit(clinic)
    desk.view.book_for(ada)
    desk.settle()
    form = desk.view.booking_form
    form.type_field.set_value(clinic.kind("Injection"))
    form.begin(clinic.injector("Dr Ruth Abara"), datetime(2026, 8, 5, 10, 0), 30)
    form.submit()
    desk.settle()
    told = form.refusal.text().split("\n")
    assert told[0].startswith("Dr Ruth Abara already sees Ben Weiss at 10:00.")
    assert told[1].startswith("The minimum interval has not passed.")
    form.refusal.reason_field.set_value("Severe pain")
    form.submit()
    desk.settle()
    assert [row.overbook_reason for row in clinic.services.schedule.of_patient(clinic.actor, ada)] == ["Severe pain"]
