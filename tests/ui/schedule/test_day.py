"""A day at the desk: along the states, moving, cancelling, taking back, and what happens elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.grid_model import Mode
from tests.ui.clinic import TODAY, Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit

S = AppointmentState


def drag(desk: ScheduleDesk, start: QPointF, end: QPointF) -> None:
    port = desk.view.grid.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(port, end.toPoint())
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end.toPoint())
    desk.settle()


def test_the_usual_next_step_leads_through_the_day(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    panel, seen = desk.view.appointment_panel, []
    while panel.next_button.isVisible():
        seen.append(panel.next_button.text())
        panel.next_button.click()
        desk.settle()
    assert seen == ["Mark arrived", "Take to room", "Mark injected", "Check out"]
    assert clinic.row(number).state is S.CHECKED_OUT
    assert panel.facts.pill.text() == "Checked out"


def test_a_key_starts_the_chosen_appointments_visit_where_there_is_one_to_start(clinic: Clinic, sit: Sit) -> None:
    patient = clinic.patient("Ada", "Okafor")
    number = clinic.book(patient, datetime(2026, 8, 4, 10, 0))
    tomorrow = clinic.book(patient, datetime(2026, 8, 5, 10, 0))
    desk = sit(clinic)
    wanted: list[tuple[int, int]] = []
    desk.view.visit_requested.connect(lambda who, which: wanted.append((who, which)))
    for each in (number, tomorrow):
        desk.view.show_appointment(each)
        desk.settle()
        desk.view.grid.setFocus()
        QTest.keyClick(desk.view.grid, Qt.Key.Key_V)
    assert wanted == [(patient, number)], "nobody is injected before the day"


def test_who_arrived_waits_at_the_left_and_for_how_long(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    clinic.set_state(number, S.ARRIVED)
    clinic.clock.moment += timedelta(minutes=65)
    desk = sit(clinic)
    assert desk.view.side.waiting.item(0).text() == "Ada Okafor\nArrived · 1 h 05 min"


def test_a_change_by_somebody_else_is_seen_without_asking(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    clinic.set_state(number, S.ARRIVED)
    desk.settle()
    assert desk.view.appointment_panel.facts.pill.text() == "Arrived"
    assert desk.view.side.waiting.count() == 1


def test_an_appointment_dragged_to_another_injector_moves_and_can_be_moved_back(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    block = desk.view.grid.block_place(number)
    target = desk.view.grid.minute_place(TODAY, clinic.injector("Dr Mei Chen"), 14 * 60)
    assert block is not None
    assert target is not None
    drag(desk, QPointF(block.center().x(), block.top() + 10), target)
    moved = clinic.row(number)
    assert (moved.starts_at, moved.injector_id) == (datetime(2026, 8, 4, 14, 0), clinic.injector("Dr Mei Chen"))
    text, undo = desk.messages[-1]
    assert text == "Ada Okafor moved to Tue 4 Aug 2026, 14:00."
    assert undo is not None
    undo()
    desk.settle()
    back = clinic.row(number)
    assert (back.starts_at, back.injector_id) == (datetime(2026, 8, 4, 10, 0), clinic.injector("Dr Ruth Abara"))
    assert desk.messages[-1][0] == "Ada Okafor is back where it was."


def test_a_drop_on_a_taken_time_opens_the_move_form_with_the_reason(
    open_clinic: Callable[[str], Clinic], sit: Sit
) -> None:
    clinic = open_clinic("rosa")
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    clinic.book(clinic.patient("Ben", "Weiss"), datetime(2026, 8, 4, 14, 0))
    desk = sit(clinic)
    block = desk.view.grid.block_place(number)
    target = desk.view.grid.minute_place(TODAY, clinic.injector("Dr Ruth Abara"), 14 * 60 + 15)
    assert block is not None
    assert target is not None
    drag(desk, QPointF(block.center().x(), block.top() + 10), target)
    form = desk.view.appointment_panel.move_form
    assert clinic.row(number).starts_at == datetime(2026, 8, 4, 10, 0)
    assert form.isVisible()
    assert form.refusal.text() == "Dr Ruth Abara already sees Ben Weiss at 14:00. Choose another time or injector."
    form.fields.time_field.editor.setText("1500")
    form.action.click()
    desk.settle()
    assert clinic.row(number).starts_at == datetime(2026, 8, 4, 15, 0)
    assert not form.isVisible()


def test_the_keyboard_walks_opens_moves_and_cancels(clinic: Clinic, sit: Sit) -> None:
    first = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0), injector="Dr Mei Chen")
    second = clinic.book(clinic.patient("Ben", "Weiss"), datetime(2026, 8, 4, 10, 30))
    desk = sit(clinic)
    grid, panel = desk.view.grid, desk.view.appointment_panel
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.selected == first
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.selected == second
    assert "Ben Weiss" in grid.accessibleDescription()
    QTest.keyClick(grid, Qt.Key.Key_M)
    desk.settle()
    assert panel.move_form.isVisible()
    panel.move_form.fields.date_field.editor.setText("+1")
    QTest.keyClick(panel.move_form.fields.date_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert clinic.row(second).starts_at == datetime(2026, 8, 5, 10, 30)
    assert desk.view.day == TODAY + timedelta(days=1)
    desk.view.show_day(TODAY)
    desk.settle()
    grid.select(first)
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    desk.settle()
    assert panel.cancel_form.isVisible()
    panel.cancel_form.reason_field.editor.setText("Has the flu")
    QTest.keyClick(panel.cancel_form.reason_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert clinic.row(first).state is S.CANCELLED


def test_cancelling_asks_for_the_reason_and_can_be_taken_back(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    clinic.set_state(number, S.ARRIVED)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    panel = desk.view.appointment_panel
    panel.cancel_button.click()
    panel.cancel_form.action.click()
    desk.settle()
    assert panel.cancel_form.reason_field.error() == "Type why it is cancelled."
    panel.cancel_form.reason_field.editor.setText("Felt unwell")
    panel.cancel_form.action.click()
    desk.settle()
    row = clinic.row(number)
    assert (row.state, row.reason) == (S.CANCELLED, "Felt unwell")
    _, undo = desk.messages[-1]
    assert undo is not None
    undo()
    desk.settle()
    assert clinic.row(number).state is S.ARRIVED


def test_a_stale_step_says_so_and_shows_what_is_true_now(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    # Another workstation: its change is in the store, but its announcement has not reached this window.
    row = clinic.row(number)
    clinic.store.database.announce = None
    clinic.services.schedule.set_state(clinic.actor, number, row.version, S.CONFIRMED)
    desk.view.appointment_panel.next_button.click()
    desk.settle()
    assert desk.view.appointment_panel.problem.text() == (
        "Somebody else changed this appointment. Look at it again and repeat what you wanted."
    )
    assert desk.view.appointment_panel.facts.pill.text() == "Confirmed"


def test_the_history_tells_who_did_what(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    row = clinic.row(number)
    clinic.services.schedule.move(
        clinic.actor,
        number,
        row.version,
        starts_at=datetime(2026, 8, 4, 11, 0),
        minutes=30,
        injector_id=row.injector_id,
    )
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    assert desk.view.appointment_panel.history.texts() == [
        "Moved\nTue 4 Aug 2026, 10:00 → Tue 4 Aug 2026, 11:00",
        "Booked",
    ]


def test_similar_names_on_one_day_are_marked(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    clinic.book(clinic.patient("Ben", "Okafer"), datetime(2026, 8, 4, 11, 0))
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    desk.view.appointment_panel.reload()
    desk.settle()
    assert desk.view.appointment_panel.facts.similar.text() == (
        "Somebody with a similar name comes that day. Check the birth date."
    )


def test_the_list_shows_the_same_day_and_prints_it(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    printed: list[object] = []
    desk.view.day_list_requested.connect(printed.append)
    desk.view.toolbar.modes.press("List")
    desk.settle()
    table = desk.view.day_list.table
    model = table.rows_model
    cells = [model.index(0, column).data() for column in range(model.columnCount())]
    record_number = clinic.row(number).record_number
    assert cells == ["10:00", "Ada Okafor", "12 Mar 1961", record_number, "Dr Ruth Abara", "Review", "Booked"]
    table.select(model.row_at(0))
    desk.settle()
    assert desk.view.appointment_panel.row is not None
    desk.view.print_paper()
    assert printed == [TODAY]


def test_a_week_shows_its_days_and_steps_by_weeks(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.set_mode(Mode.WEEK)
    desk.settle()
    assert len(desk.view.grid.sheet.days) == 5
    desk.view.toolbar.after.click()
    desk.settle()
    assert desk.view.grid.sheet.days[0] == TODAY + timedelta(days=6)
    desk.view.toolbar.today.click()
    desk.settle()
    assert TODAY in desk.view.grid.sheet.days


def test_only_what_the_role_allows_is_offered(open_clinic: Callable[[str], Clinic], sit: Sit) -> None:
    clinic = open_clinic("rosa")
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    assert desk.view.appointment_panel.visit_button.isHidden()
    assert not desk.view.appointment_panel.card_button.isHidden()


def test_a_physician_starts_the_visit_from_the_appointment(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Ada", "Okafor")
    number = clinic.book(ada, datetime(2026, 8, 4, 10, 0))
    desk = sit(clinic)
    started: list[tuple[int, int]] = []
    desk.view.visit_requested.connect(lambda patient, appointment: started.append((patient, appointment)))
    desk.view.show_appointment(number)
    desk.settle()
    desk.view.appointment_panel.visit_button.click()
    assert started == [(ada, number)]


def test_a_closure_is_named_and_offers_no_time(clinic: Clinic, sit: Sit) -> None:
    clinic.services.working_times.close(clinic.actor, TODAY, TODAY, "Staff training")
    desk = sit(clinic)
    assert {column.closed for column in desk.view.grid.sheet.columns} == {"Staff training"}
    assert desk.view.grid.accessibleDescription() == "Nobody works on Tuesday 4 August. Choose another day."
