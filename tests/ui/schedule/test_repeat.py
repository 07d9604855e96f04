"""Book repeat: from a signed visit to the card."""

from datetime import date, datetime

from clinic_app.terms import AppointmentState
from tests.ui.clinic import Clinic
from tests.ui.schedule.conftest import Sit, sign_visit

S = AppointmentState


def signed(clinic: Clinic, weeks: int | None = 12) -> tuple[int, int]:
    ada = clinic.patient("Ada", "Okafor")
    number = clinic.book(ada, datetime(2026, 8, 4, 10, 0), kind="Injection")
    clinic.set_state(number, S.ARRIVED, S.IN_ROOM)
    return ada, sign_visit(clinic, number, weeks)


def test_the_best_time_is_booked_and_the_card_is_offered(clinic: Clinic, sit: Sit) -> None:
    ada, visit = signed(clinic)
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    panel = desk.view.repeat_panel
    assert panel.choices()[0].text() == "Tue 27 Oct 2026, 10:00"
    assert panel.choices()[0].detail() == "Dr Ruth Abara · 12 w\nSame weekday, hour, injector"
    assert len(panel.choices()) == 5
    panel.book_button.click()
    desk.settle()
    booked = clinic.services.schedule.of_patient(clinic.actor, ada)[0]
    assert booked.starts_at == datetime(2026, 10, 27, 10, 0)
    assert panel.done_note.text() == "Ada Okafor is booked for Tue 27 Oct 2026, 10:00 with Dr Ruth Abara."
    panel.card_button.click()
    assert desk.documents == [("appointment_card", booked.id)]


def test_leaving_the_proposal_leads_back_to_the_day_it_came_from(clinic: Clinic, sit: Sit) -> None:
    _, visit = signed(clinic)
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    assert desk.view.day == date(2026, 10, 27)
    desk.view.go_back()
    desk.settle()
    assert desk.view.day == date(2026, 8, 4)
    assert desk.view.panels.currentWidget() is desk.view.overview


def test_one_click_chooses_another_time(clinic: Clinic, sit: Sit) -> None:
    ada, visit = signed(clinic)
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    panel = desk.view.repeat_panel
    wanted = panel.choices()[2].text()
    panel.choices()[2].click()
    desk.settle()
    assert desk.view.grid.sheet.days[0] > date(2026, 10, 26)
    panel.book_button.click()
    desk.settle()
    booked = clinic.services.schedule.of_patient(clinic.actor, ada)[0]
    assert f"{booked.starts_at:%-d %b %Y, %H:%M}" in wanted


def test_another_interval_is_proposed_but_never_before_the_minimum(clinic: Clinic, sit: Sit) -> None:
    _, visit = signed(clinic)
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    panel = desk.view.repeat_panel
    panel.weeks_field.editor.setText("16")
    panel.weeks_field.editor.returnPressed.emit()
    desk.settle()
    assert panel.choices()[0].text() == "Tue 24 Nov 2026, 10:00"
    panel.weeks_field.editor.setText("4")
    panel.weeks_field.editor.returnPressed.emit()
    desk.settle()
    assert panel.choices()[0].text() == "Tue 27 Oct 2026, 10:00"


def test_a_time_taken_meanwhile_is_told_and_replaced(clinic: Clinic, sit: Sit) -> None:
    _, visit = signed(clinic)
    ben = clinic.patient("Ben", "Weiss")
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    clinic.store.database.announce = None
    clinic.book(ben, datetime(2026, 10, 27, 10, 0))
    panel = desk.view.repeat_panel
    panel.book_button.click()
    desk.settle()
    assert panel.refusal.text() == "Dr Ruth Abara already sees Ben Weiss at 10:00. Choose another time or injector."
    assert "Tue 27 Oct 2026, 10:00" not in [choice.text() for choice in panel.choices()]


def test_who_left_without_a_next_visit_stands_at_the_right_until_it_is_booked(clinic: Clinic, sit: Sit) -> None:
    signed(clinic)
    desk = sit(clinic)
    (button,) = desk.view.overview.people()
    assert button.text() == "Ada Okafor"
    button.click()
    desk.settle()
    desk.view.repeat_panel.book_button.click()
    desk.settle()
    assert desk.view.overview.people() == []


def test_none_of_these_times_leads_to_the_form_with_the_patient(clinic: Clinic, sit: Sit) -> None:
    ada, visit = signed(clinic)
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    desk.view.repeat_panel.other_button.click()
    desk.settle()
    patient = desk.view.booking_form.patient_choice.patient()
    assert patient is not None
    assert patient.id == ada
    assert desk.view.panels.currentWidget() is desk.view.booking_form
