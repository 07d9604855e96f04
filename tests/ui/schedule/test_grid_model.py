"""What the grid shows of a board."""

from datetime import date, datetime, time, timedelta

from clinic_app.services.schedule_data import (
    AppointmentRow,
    Board,
    ClosedDay,
    Hours,
    Injector,
    RoomRow,
    ScheduleChoices,
    TypeRow,
)
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.grid_model import (
    NO_ROOM,
    Across,
    Mode,
    free_injector,
    free_room,
    monday_of,
    next_free_place,
    sheet_of,
)

MONDAY = date(2026, 8, 3)
S = AppointmentState
CHOICES = ScheduleChoices(
    (Injector(1, "Dr Ruth Abara"), Injector(2, "Dr Mei Chen")),
    (RoomRow(1, "Room 1"), RoomRow(2, "Room 2")),
    (TypeRow(1, "Injection", 30, True),),
)


def row(number: int, at: datetime, *, injector: int = 1, room: int | None = 1, state: S = S.BOOKED) -> AppointmentRow:
    return AppointmentRow(
        id=number, version=1, patient_id=number, patient_name="Ada Okafor", record_number="MRN1",
        birth_date=date(1961, 3, 12), injector_id=injector, room_id=room, type_id=1, type_name="Injection",
        starts_at=at, minutes=30, state=state, reason="", note="", since=None, visit_id=None,
    )  # fmt: skip


def board(*rows: AppointmentRow, days: int = 7, closed: tuple[ClosedDay, ...] = ()) -> Board:
    hours = tuple(
        Hours(injector, MONDAY + timedelta(days=n), time(9), time(12))
        for n in range(min(5, days))
        for injector in (1, 2)
    )
    return Board(MONDAY, days, rows, hours, closed)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute))


def test_a_week_has_no_empty_weekend() -> None:
    assert [day.weekday() for day in sheet_of(board(), CHOICES, Mode.WEEK).days] == [0, 1, 2, 3, 4]


def test_a_saturday_with_an_appointment_is_shown() -> None:
    sheet = sheet_of(board(row(1, at(5, 10))), CHOICES, Mode.WEEK)
    assert [day.weekday() for day in sheet.days] == [0, 1, 2, 3, 4, 5]


def test_the_appointments_of_somebody_who_left_are_still_seen() -> None:
    sheet = sheet_of(board(row(1, at(0, 10), injector=9), days=1), CHOICES, Mode.DAY)
    assert [column.title for column in sheet.columns] == ["Dr Ruth Abara", "Dr Mei Chen", "Former injector"]
    assert [block.column for block in sheet.blocks] == [2]


def test_who_is_not_ticked_has_no_column() -> None:
    sheet = sheet_of(board(row(1, at(0, 10), injector=2), days=1), CHOICES, Mode.DAY, frozenset({1}))
    assert [column.number for column in sheet.columns] == [1]
    assert sheet.blocks == ()


def test_a_cancelled_appointment_takes_no_width_from_the_one_in_its_place() -> None:
    gone, here = row(1, at(0, 10), state=S.CANCELLED), row(2, at(0, 10))
    sheet = sheet_of(board(gone, here, days=1), CHOICES, Mode.DAY)
    assert [(block.row.id, block.lanes) for block in sheet.blocks] == [(1, 1), (2, 1)]


def test_a_closure_of_one_injector_leaves_the_other_open() -> None:
    sheet = sheet_of(board(days=1, closed=(ClosedDay(MONDAY, 2, "Congress"),)), CHOICES, Mode.DAY)
    assert [column.closed for column in sheet.columns] == [None, "Congress"]
    assert sheet.somebody_works
    assert not sheet.all_closed


def test_an_appointment_before_hours_widens_the_span() -> None:
    assert sheet_of(board(row(1, at(0, 7, 30)), days=1), CHOICES, Mode.DAY).span == (7 * 60, 12 * 60)


def test_a_room_in_use_is_not_proposed() -> None:
    taken = board(row(1, at(0, 10), room=1), days=1)
    assert free_room(taken, CHOICES, at(0, 10, 15), 30) == 2
    assert free_room(taken, CHOICES, at(0, 10, 30), 30) == 1
    assert free_room(board(row(1, at(0, 10), state=S.CANCELLED), days=1), CHOICES, at(0, 10), 30) == 1


def test_the_next_free_place_is_after_now_and_after_what_is_taken() -> None:
    taken = board(row(1, at(0, 10)), row(2, at(0, 10), injector=2), days=1)
    assert next_free_place(taken, CHOICES, MONDAY, frozenset(), 30, at(0, 9, 40)) == (at(0, 10, 30), 1)
    assert next_free_place(taken, CHOICES, MONDAY, frozenset({1}), 30, at(0, 9, 40)) == (at(0, 10, 30), 2)
    assert next_free_place(taken, CHOICES, MONDAY, frozenset(), 30, at(0, 11, 45)) is None


def test_a_week_begins_on_monday() -> None:
    assert monday_of(date(2026, 8, 9)) == MONDAY
    assert monday_of(MONDAY) == MONDAY


def test_rooms_across_show_every_room_and_those_without_one() -> None:
    shown = board(row(1, at(0, 10), room=2), row(2, at(0, 10), injector=2, room=None), days=1)
    sheet = sheet_of(shown, CHOICES, Mode.DAY, across=Across.ROOMS)
    assert [column.title for column in sheet.columns] == ["Room 1", "Room 2", "No room"]
    assert [column.room_id for column in sheet.columns] == [1, 2, NO_ROOM]
    assert {column.injector_id for column in sheet.columns} == {None}
    assert [(block.row.id, block.column) for block in sheet.blocks] == [(1, 1), (2, 2)]


def test_a_room_is_open_while_anybody_works_and_closed_when_nobody_does() -> None:
    shifts = (
        Hours(1, MONDAY, time(9), time(12)),
        Hours(2, MONDAY, time(11), time(13)),
        Hours(2, MONDAY, time(14), time(16)),
    )
    one_away = Board(MONDAY, 1, (), shifts, (ClosedDay(MONDAY, 1, "Congress"),))
    all_away = Board(MONDAY, 1, (), shifts, (ClosedDay(MONDAY, None, "Holiday"),))
    both = Board(MONDAY, 1, (), shifts, ())
    spans = [
        next((each.open, each.closed) for each in sheet_of(shown, CHOICES, Mode.DAY, across=Across.ROOMS).columns)
        for shown in (both, one_away, all_away)
    ]
    assert spans == [
        (((540, 780), (840, 960)), None),
        (((660, 780), (840, 960)), None),
        ((), "Holiday"),
    ]


def test_in_a_rooms_column_whoever_works_and_is_free_takes_the_appointment() -> None:
    taken = board(row(1, at(0, 10)), days=1)
    assert free_injector(taken, CHOICES, at(0, 10), 30, frozenset()) == 2
    assert free_injector(taken, CHOICES, at(0, 11), 30, frozenset()) == 1
    assert free_injector(taken, CHOICES, at(0, 11), 30, frozenset({1})) == 2
    assert free_injector(taken, CHOICES, at(0, 7), 30, frozenset({1})) == 2, "nobody works: the checks will say so"
    assert free_injector(taken, CHOICES, at(0, 11), 30, frozenset({1, 2})) is None
