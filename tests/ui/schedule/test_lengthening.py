"""Lengthening, carrying and copying on the grid: by the pointer, by the keys, and taken back."""

from datetime import date, datetime, time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from clinic_app.ui.schedule.grid_model import NO_ROOM, Across, Mode
from tests.ui.clinic import TODAY, Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit

TEN = datetime(2026, 8, 4, 10, 0)
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def drag(desk: ScheduleDesk, start: QPointF, end: QPointF) -> None:
    viewport = desk.view.grid.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(viewport, (start + (end - start) / 2).toPoint())
    QTest.mouseMove(viewport, end.toPoint())
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end.toPoint())
    desk.settle()


def press(desk: ScheduleDesk, key: Qt.Key, held: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(desk.view.grid, key, held)
    desk.settle()


def span(clinic: Clinic, number: int) -> tuple[time, int]:
    row = clinic.row(number)
    return row.starts_at.time(), row.minutes


def test_dragging_the_lower_edge_lengthens_and_can_be_taken_back(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    block = desk.view.grid.block_place(number)
    to = desk.view.grid.minute_place(TODAY, clinic.injector("Dr Ruth Abara"), 10 * 60 + 45)
    assert block is not None
    assert to is not None
    drag(desk, QPointF(block.center().x(), block.bottom() - 2), to)
    assert span(clinic, number) == (time(10), 60)
    assert desk.messages[-1][0] == "Ada Okafor now has 60 min."
    desk.undo()
    assert span(clinic, number) == (time(10), 30)


def test_dragging_the_upper_edge_begins_earlier_and_ends_as_before(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    block = desk.view.grid.block_place(number)
    to = desk.view.grid.minute_place(TODAY, clinic.injector("Dr Ruth Abara"), 9 * 60 + 30)
    assert block is not None
    assert to is not None
    drag(desk, QPointF(block.center().x(), block.top() + 2), to)
    assert span(clinic, number) == (time(9, 30), 60)


def test_what_is_dragged_shows_where_it_would_stand_and_esc_leaves_it(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    grid = desk.view.grid
    block = grid.block_place(number)
    assert block is not None
    down = QPoint(round(block.center().x()), round(block.bottom() - 2))
    QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=down)
    QTest.mouseMove(grid.viewport(), down + QPoint(0, 30))
    ghost = grid.ghost()
    assert ghost is not None
    assert (ghost.start, ghost.minutes, ghost.title) == (600, 60, "Ada Okafor")
    desk.view.go_back()
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=down + QPoint(0, 30))
    desk.settle()
    assert span(clinic, number) == (time(10), 30)


def test_the_keys_lengthen_shorten_and_carry_to_another_time_and_injector(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), TEN, injector="Dr Mei Chen")
    desk = sit(clinic)
    grid = desk.view.grid
    press(desk, Qt.Key.Key_Down)
    assert grid.selected == number
    press(desk, Qt.Key.Key_Down, SHIFT, 2)
    press(desk, Qt.Key.Key_Up, SHIFT)
    press(desk, Qt.Key.Key_Down, CTRL, 4)
    press(desk, Qt.Key.Key_Right, CTRL)
    assert span(clinic, number) == (time(10), 30), "only carried so far"
    ghost = grid.ghost()
    assert ghost is not None
    assert (ghost.start, ghost.minutes) == (11 * 60, 45)
    press(desk, Qt.Key.Key_Return)
    assert span(clinic, number) == (time(11), 45)
    assert clinic.row(number).injector_id == clinic.injector("Dr Ruth Abara")
    desk.undo()
    assert (span(clinic, number), clinic.row(number).injector_id) == (
        (time(10), 30),
        clinic.injector("Dr Mei Chen"),
    )


def test_esc_leaves_what_the_keys_carried_and_only_then_lets_go(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    press(desk, Qt.Key.Key_Down)
    press(desk, Qt.Key.Key_Down, CTRL)
    press(desk, Qt.Key.Key_Escape)
    assert desk.view.grid.ghost() is None
    chosen = [desk.view.grid.selected]
    press(desk, Qt.Key.Key_Escape)
    chosen.append(desk.view.grid.selected)
    assert chosen == [number, None]
    assert span(clinic, number) == (time(10), 30)


@pytest.mark.parametrize(("step", "minutes"), [(5, 35), (60, 60)])
def test_the_clinics_grid_says_how_far_a_step_goes(clinic: Clinic, sit: Sit, step: int, minutes: int) -> None:
    clinic.services.calendar_rules.set_grid_minutes(clinic.actor, step)
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    press(desk, Qt.Key.Key_Down)
    press(desk, Qt.Key.Key_Down, SHIFT)
    press(desk, Qt.Key.Key_Return)
    assert span(clinic, number) == (time(10), minutes)


def test_a_copy_keeps_weekday_hour_and_length_in_the_week_shown(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    number = clinic.book(ada, TEN, minutes=45)
    desk = sit(clinic)
    press(desk, Qt.Key.Key_Down)
    press(desk, Qt.Key.Key_C, CTRL)
    assert desk.messages[-1][0] == "Ada Okafor, Tue 4 Aug 2026, is copied. Go to another week and press Ctrl+V."
    desk.view.show_day(date(2026, 10, 29))
    desk.settle()
    press(desk, Qt.Key.Key_V, CTRL)
    desk.view.booking_form.submit()
    desk.settle()
    copy, original = clinic.services.schedule.of_patient(clinic.actor, ada)
    assert original.id == number
    assert (copy.starts_at, copy.minutes, copy.injector_id) == (datetime(2026, 10, 27, 10), 45, original.injector_id)


def test_the_panels_copy_proposes_the_week_after(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    number = clinic.book(ada, TEN)
    desk = sit(clinic)
    desk.view.show_appointment(number)
    desk.settle()
    desk.view.appointment_panel.copy_button.click()
    desk.settle()
    assert desk.view.day == date(2026, 8, 11)
    desk.view.booking_form.submit()
    desk.settle()
    copy, _ = clinic.services.schedule.of_patient(clinic.actor, ada)
    assert copy.starts_at == datetime(2026, 8, 11, 10)


def test_without_a_copy_ctrl_v_says_how_to_make_one(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    press(desk, Qt.Key.Key_V, CTRL)
    assert desk.messages[-1][0] == "Choose an appointment and press Ctrl+C first."


def test_a_day_by_rooms_shows_who_is_where_and_a_drag_changes_the_room_only(clinic: Clinic, sit: Sit) -> None:
    second = clinic.services.calendar_rules.add_room(clinic.actor, "Room 2")
    number = clinic.book(clinic.patient(), TEN)
    desk = sit(clinic)
    desk.view.side.across.press("Rooms")
    grid = desk.view.grid
    assert [column.title for column in grid.sheet.columns] == ["Room 1", "Room 2", "No room"]
    block, to = grid.block_place(number), grid.minute_place(TODAY, second, 11 * 60)
    assert block is not None
    assert to is not None
    drag(desk, QPointF(block.center().x(), block.top() + 10), to)
    row = clinic.row(number)
    assert (row.room_id, row.starts_at.hour, row.injector_id) == (second, 11, clinic.injector("Dr Ruth Abara"))
    none = grid.minute_place(TODAY, NO_ROOM, 11 * 60)
    block = grid.block_place(number)
    assert block is not None
    if none is not None:
        drag(desk, QPointF(block.center().x(), block.top() + 10), none)
        assert clinic.row(number).room_id is None


def test_a_free_time_in_a_rooms_column_books_that_room_with_somebody_who_is_free(clinic: Clinic, sit: Sit) -> None:
    second = clinic.services.calendar_rules.add_room(clinic.actor, "Room 2")
    clinic.book(clinic.patient(), TEN, injector="Dr Mei Chen")
    desk = sit(clinic)
    desk.view.side.across.press("Rooms")
    at = desk.view.grid.minute_place(TODAY, second, 10 * 60)
    assert at is not None
    QTest.mouseClick(desk.view.grid.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    place = desk.view.booking_form.place_fields.place()
    assert place is not None
    assert (place.room_id, place.injector_id) == (second, clinic.injector("Dr Ruth Abara"))
    ghost = desk.view.grid.ghost()
    assert ghost is not None
    assert desk.view.grid.sheet.columns[ghost.column].title == "Room 2"


def test_rooms_or_injectors_is_asked_of_a_day_only_and_remembered(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.side.across.press("Rooms")
    desk.view.set_mode(Mode.WEEK)
    desk.settle()
    assert desk.view.side.across.isHidden()
    assert {column.across for column in desk.view.grid.sheet.columns} == {Across.INJECTORS}
    assert sit(clinic).view.across is Across.ROOMS
