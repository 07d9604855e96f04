"""A place that became free is offered to those who wait, beside what the person does, and never booked by itself."""

from datetime import datetime

from clinic_app.services.waiting import WishForm
from clinic_app.terms import AppointmentState
from tests.ui.clinic import Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit

TEN = datetime(2026, 8, 6, 10, 0)


def cancelled(clinic: Clinic, sit: Sit) -> tuple[ScheduleDesk, int]:
    """Ada cancels by telephone while Ben waits for any earlier place."""
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.services.waiting.add(clinic.actor, WishForm(ben, clinic.kind("Review")))
    number = clinic.book(ada, TEN)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    panel = desk.view.appointment_panel
    panel.begin_cancel()
    panel.cancel_form.reason_field.set_value("ill")
    panel.cancel_form.action.click()
    desk.settle()
    return desk, ben


def test_who_waits_is_offered_the_place_that_was_cancelled_and_booked_by_a_click(clinic: Clinic, sit: Sit) -> None:
    desk, ben = cancelled(clinic, sit)
    panel = desk.view.offers_panel
    assert desk.view.panels.currentWidget() is panel
    assert clinic.services.schedule.of_patient(clinic.actor, ben) == ()
    (card,) = panel.cards
    card.book_button.click()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, ben)
    assert row.starts_at == TEN
    assert clinic.services.waiting.rows(clinic.actor) == ()
    assert desk.view.grid.selected == row.id


def test_the_cancellation_can_still_be_taken_back_from_the_message_line(clinic: Clinic, sit: Sit) -> None:
    desk, _ben = cancelled(clinic, sit)
    assert desk.messages[-1][0] == "Ada Okafor: cancelled."
    desk.undo()
    states = [row.state for row in clinic.services.schedule.board(clinic.actor, TEN.date(), 1).appointments]
    assert states == [AppointmentState.BOOKED]


def test_a_place_that_nobody_wants_opens_nothing(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), TEN)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    row = desk.view.row(number)
    assert row is not None
    desk.view.appointment_actions.place_left.emit(row)
    desk.settle()
    assert desk.view.panels.currentWidget() is desk.view.appointment_panel


def test_a_booking_being_typed_does_not_go_away_for_an_offer(clinic: Clinic, sit: Sit) -> None:
    ada, ben = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    clinic.services.waiting.add(clinic.actor, WishForm(ben, clinic.kind("Review")))
    number = clinic.book(ada, TEN)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    row = desk.view.row(number)
    assert row is not None
    desk.view.new_item()
    desk.view.appointment_actions.place_left.emit(row)
    desk.settle()
    assert desk.view.panels.currentWidget() is desk.view.booking_form
