"""Two people change one appointment."""

from datetime import datetime

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton

from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import AppointmentState
from clinic_app.ui.differences import Keep
from tests.ui.clinic import Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit
from tests.ui.schedule.test_day import drag

S = AppointmentState
TEN, ELEVEN, TWO = (datetime(2026, 8, 4, hour, 0) for hour in (10, 11, 14))
BY = "Dr Ruth Abara"


def shown(clinic: Clinic, sit: Sit) -> tuple[int, ScheduleDesk]:
    """An appointment at ten, chosen on the schedule."""
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    return number, desk


def move(clinic: Clinic, number: int, at: datetime, minutes: int = 30) -> AppointmentRow:
    """What somebody else does."""
    row = clinic.row(number)
    clinic.services.schedule.move(
        clinic.actor, number, row.version, starts_at=at, minutes=minutes, injector_id=row.injector_id
    )
    return clinic.row(number)


def begin_move(desk: ScheduleDesk, time: str = "11:00") -> None:
    form = desk.view.appointment_panel.move_form
    desk.view.appointment_panel.begin_move()
    form.fields.time_field.editor.setText(time)


def submit(desk: ScheduleDesk) -> None:
    desk.view.appointment_panel.move_form.action.click()
    desk.settle()


@pytest.mark.parametrize("seen_live", [True, False])
def test_a_move_goes_together_with_a_state_that_somebody_else_set(clinic: Clinic, sit: Sit, seen_live: bool) -> None:
    number, desk = shown(clinic, sit)
    begin_move(desk)
    clinic.set_state(number, S.CONFIRMED)
    if seen_live:
        desk.settle()
    submit(desk)
    row = clinic.row(number)
    assert (row.starts_at, row.state) == (ELEVEN, S.CONFIRMED)
    assert desk.messages[-1][0] == (
        f"Ada Okafor moved to Tue 4 Aug 2026, 11:00, together with what {BY} changed meanwhile: state."
    )
    desk.undo()
    row = clinic.row(number)
    assert (row.starts_at, row.state) == (TEN, S.CONFIRMED)


@pytest.mark.parametrize("seen_live", [True, False])
@pytest.mark.parametrize(("keep", "ends"), [(Keep.MINE, ELEVEN), (Keep.THEIRS, TWO)])
def test_who_moves_what_somebody_else_moved_chooses_between_both_places(
    clinic: Clinic, sit: Sit, keep: Keep, ends: datetime, seen_live: bool
) -> None:
    number, desk = shown(clinic, sit)
    begin_move(desk)
    move(clinic, number, TWO, minutes=45)
    if seen_live:
        desk.settle()
    submit(desk)
    form = desk.view.appointment_panel.move_form
    assert clinic.row(number).starts_at == TWO, "nobody's move is undone unasked"
    assert form.fields.time_field.editor.text() == "11:00"
    buttons = {button.accessibleName(): button for button in form.clash.findChildren(QRadioButton)}
    theirs = "When and where, theirs: Tue 4 Aug 2026, 14:00 · 45 min\nDr Ruth Abara · no room"
    mine = "When and where, yours: Tue 4 Aug 2026, 11:00 · 30 min\nDr Ruth Abara · no room"
    assert QApplication.focusWidget() is buttons[theirs]
    QTest.keyClick(buttons[theirs], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.fields.date_field.editor, "after the choice comes the form"
    submit(desk)
    assert form.isVisible(), "it waits for the choice"
    QTest.keyClick(buttons[mine if keep is Keep.MINE else theirs], Qt.Key.Key_Space)
    submit(desk)
    row = clinic.row(number)
    assert (row.starts_at, row.minutes) == (ends, 30 if keep is Keep.MINE else 45)
    assert form.isHidden()
    told = {
        Keep.MINE: "Ada Okafor moved to Tue 4 Aug 2026, 11:00.",
        Keep.THEIRS: "Ada Okafor stays at Tue 4 Aug 2026, 14:00.",
    }
    assert desk.messages[-1][0] == told[keep]


def test_mine_still_passes_the_checks_of_booking(clinic: Clinic, sit: Sit) -> None:
    number, desk = shown(clinic, sit)
    begin_move(desk)
    move(clinic, number, TWO)
    clinic.book(clinic.patient("Ben", "Adler"), ELEVEN)
    submit(desk)
    form = desk.view.appointment_panel.move_form
    form.clash.choose("When and where", Keep.MINE)
    submit(desk)
    assert "Ben Adler" in form.refusal.text() or "11:00" in form.refusal.text()
    assert clinic.row(number).starts_at == TWO


def test_nothing_is_moved_that_was_cancelled_meanwhile_and_what_is_typed_stays(clinic: Clinic, sit: Sit) -> None:
    number, desk = shown(clinic, sit)
    begin_move(desk)
    clinic.services.schedule.set_state(clinic.actor, number, clinic.row(number).version, S.CANCELLED, "ill")
    submit(desk)
    form = desk.view.appointment_panel.move_form
    assert form.refusal.text() == (
        f"{BY} set this appointment to “Cancelled” meanwhile, and only a booked or confirmed one can be moved."
    )
    assert form.fields.time_field.editor.text() == "11:00"
    assert clinic.row(number).state is S.CANCELLED


def test_two_who_move_to_one_place_have_nothing_to_choose(clinic: Clinic, sit: Sit) -> None:
    number, desk = shown(clinic, sit)
    begin_move(desk)
    version = move(clinic, number, ELEVEN).version
    submit(desk)
    assert clinic.row(number).version == version
    assert desk.messages[-1][0] == "Ada Okafor stays at Tue 4 Aug 2026, 11:00."


def test_a_step_along_the_day_goes_together_with_a_move(clinic: Clinic, sit: Sit) -> None:
    number, desk = shown(clinic, sit)
    clinic.store.database.announce = None
    move(clinic, number, ELEVEN)
    desk.view.appointment_panel.next_button.click()
    desk.settle()
    row = clinic.row(number)
    assert (row.starts_at, row.state) == (ELEVEN, S.ARRIVED)
    assert desk.messages[-1][0] == (f"Ada Okafor: arrived, together with what {BY} changed meanwhile: when and where.")


def test_a_step_that_somebody_else_took_already_is_not_taken_again(clinic: Clinic, sit: Sit) -> None:
    number, desk = shown(clinic, sit)
    clinic.store.database.announce = None
    clinic.set_state(number, S.ARRIVED)
    desk.view.appointment_panel.next_button.click()
    desk.settle()
    assert desk.messages[-1][0] == f"Ada Okafor: arrived already, by {BY}."
    assert desk.view.appointment_panel.facts.pill.text() == "Arrived"


@pytest.mark.parametrize("keep", [Keep.MINE, Keep.THEIRS])
def test_who_cancels_what_was_moved_meanwhile_is_asked_first(clinic: Clinic, sit: Sit, keep: Keep) -> None:
    number, desk = shown(clinic, sit)
    panel = desk.view.appointment_panel
    panel.begin_cancel()
    panel.cancel_form.reason_field.editor.setText("ill")
    move(clinic, number, TWO)
    panel.cancel_form.action.click()
    desk.settle()
    assert clinic.row(number).state is S.BOOKED
    said = {button.accessibleName() for button in panel.cancel_form.clash.findChildren(QRadioButton)}
    assert said == {
        "Appointment, theirs: Tue 4 Aug 2026, 14:00 · 30 min\nDr Ruth Abara · no room · Booked",
        "Appointment, yours: cancelled (ill)",
    }
    panel.cancel_form.clash.choose("Appointment", keep)
    panel.cancel_form.action.click()
    desk.settle()
    row = clinic.row(number)
    assert (row.state, row.reason) == ((S.CANCELLED, "ill") if keep is Keep.MINE else (S.BOOKED, ""))
    assert not panel.is_unfolded


def test_a_carried_appointment_that_somebody_else_moved_is_asked_about_in_the_panel(clinic: Clinic, sit: Sit) -> None:
    number, desk = shown(clinic, sit)
    grid = desk.view.grid
    start = grid.block_place(number)
    target = grid.minute_place(TEN.date(), clinic.injector("Dr Ruth Abara"), 11 * 60)
    assert start is not None and target is not None
    clinic.store.database.announce = None
    move(clinic, number, TWO)
    drag(desk, QPointF(start.center().x(), start.top() + 8), QPointF(target.x(), target.y() + 8))
    form = desk.view.appointment_panel.move_form
    assert clinic.row(number).starts_at == TWO
    assert form.clash.open_parts() == ["When and where"]
    form.clash.choose("When and where", Keep.MINE)
    submit(desk)
    assert clinic.row(number).starts_at == ELEVEN
