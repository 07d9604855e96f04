"""Series at the desk: booked day by day, changed one, from here on, or all."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QTimer

from clinic_app.services.series import Scope
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.series_fields import SeriesFields
from tests.ui.clinic import Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit

TEN = datetime(2026, 8, 5, 10, 0)


def typed(desk: ScheduleDesk, clinic: Clinic, patient_id: int, weeks: int, count: int) -> SeriesFields:
    """The form with a series in it, and its days looked at."""
    form = desk.view.booking_form
    desk.view.book_for(patient_id)
    desk.settle()
    form.begin(clinic.injector("Dr Ruth Abara"), TEN, None)
    fields = form.series_fields
    fields.series_field.editor.click()
    fields.weeks_field.set_value(weeks)
    fields.count_field.set_value(count)
    fields.plan()
    desk.settle()
    return fields


def series(desk: ScheduleDesk, clinic: Clinic, patient_id: int, weeks: int = 2, count: int = 3) -> list[int]:
    typed(desk, clinic, patient_id, weeks, count)
    desk.view.booking_form.submit()
    desk.settle()
    rows = clinic.services.schedule.of_patient(clinic.actor, patient_id)
    return [row.id for row in sorted(rows, key=lambda row: row.starts_at)]


def days(clinic: Clinic, patient_id: int) -> list[datetime]:
    rows = clinic.services.schedule.of_patient(clinic.actor, patient_id)
    return sorted(row.starts_at for row in rows if row.state is not AppointmentState.CANCELLED)


def test_a_series_is_booked_in_one_go(clinic: Clinic, sit: Sit) -> None:
    ada, desk = clinic.patient(), sit(clinic)
    typed(desk, clinic, ada, 12, 3)
    assert desk.view.booking_form.book_button.text() == "Book 3 appointments"
    desk.view.booking_form.submit()
    desk.settle()
    assert days(clinic, ada) == [TEN + timedelta(weeks=12 * number) for number in range(3)]
    assert desk.messages[-1][0] == "Ada Okafor: 3 appointments booked, the first on Wed 5 Aug 2026."
    assert desk.view.booking_form.series_fields.wanted() is False


def test_a_day_that_is_closed_says_so_and_stays_out(clinic: Clinic, sit: Sit) -> None:
    clinic.services.working_times.close(clinic.actor, date(2026, 8, 19), date(2026, 8, 19), "Staff training")
    ada, desk = clinic.patient(), sit(clinic)
    fields = typed(desk, clinic, ada, 2, 3)
    assert [(box.isChecked(), box.isEnabled()) for box in fields.boxes] == [(True, True), (False, False), (True, True)]
    assert "Staff training" in fields.boxes[1].accessibleDescription()
    desk.view.booking_form.submit()
    desk.settle()
    assert days(clinic, ada) == [TEN, TEN + timedelta(weeks=4)]


def test_one_day_left_is_no_series(clinic: Clinic, sit: Sit) -> None:
    ada, desk = clinic.patient(), sit(clinic)
    fields = typed(desk, clinic, ada, 2, 2)
    fields.boxes[1].click()
    desk.view.booking_form.submit()
    desk.settle()
    assert days(clinic, ada) == []


def test_the_days_follow_what_is_typed(clinic: Clinic, sit: Sit) -> None:
    ada, desk = clinic.patient(), sit(clinic)
    fields = typed(desk, clinic, ada, 2, 3)
    desk.view.booking_form.place_fields.time_field.editor.setText("1100")
    later = fields.findChild(QTimer)
    assert later is not None
    assert later.isActive(), "looked at again after a pause in typing"
    fields.plan()
    desk.settle()
    assert [box.text() for box in fields.boxes][:2] == ["Wed 5 Aug 2026, 11:00", "Wed 19 Aug 2026, 11:00"]


def test_a_move_goes_as_far_as_was_chosen_and_comes_back_whole(clinic: Clinic, sit: Sit) -> None:
    ada, desk = clinic.patient(), sit(clinic)
    numbers = series(desk, clinic, ada)
    before = days(clinic, ada)
    desk.view.show_appointment(numbers[1])
    desk.settle()
    panel = desk.view.appointment_panel
    panel.begin_move()
    panel.move_form.scope_field.set_value(Scope.LATER)
    panel.move_form.fields.time_field.editor.setText("1130")
    panel.move_form.action.click()
    desk.settle()
    assert [at.strftime("%H:%M") for at in days(clinic, ada)] == ["10:00", "11:30", "11:30"]
    assert desk.messages[-1][0] == "2 appointments of Ada Okafor moved, this one to Wed 19 Aug 2026, 11:30."
    desk.undo()
    assert days(clinic, ada) == before


def test_a_series_is_cancelled_with_one_reason_and_comes_back_whole(clinic: Clinic, sit: Sit) -> None:
    ada, desk = clinic.patient(), sit(clinic)
    numbers = series(desk, clinic, ada)
    before = days(clinic, ada)
    desk.view.show_appointment(numbers[0])
    desk.settle()
    panel = desk.view.appointment_panel
    panel.begin_cancel()
    panel.cancel_form.scope_field.set_value(Scope.ALL)
    panel.cancel_form.reason_field.set_value("Moves house")
    panel.cancel_form.action.click()
    desk.settle()
    assert days(clinic, ada) == []
    assert desk.messages[-1][0] == "Ada Okafor: 3 appointments of the series cancelled."
    desk.undo()
    assert days(clinic, ada) == before


def test_an_appointment_alone_is_not_asked_about_a_series(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    desk.view.appointment_panel.begin_move()
    assert desk.view.appointment_panel.move_form.scope_field.isHidden()
