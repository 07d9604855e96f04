"""What the grid paints, prepared from a board: columns, headings, open hours, closures and blocks. No Qt."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from clinic_app.services.schedule_data import AppointmentRow, Board, ScheduleChoices
from clinic_app.terms import GONE
from clinic_app.ui.schedule.geometry import lanes, shown_span
from clinic_app.ui.schedule.wording import minutes_of


class Mode(Enum):
    """How the schedule is shown."""

    DAY = "Day"
    WEEK = "Week"
    MONTH = "Month"
    AHEAD = "Ahead"
    LIST = "List"


class Across(Enum):
    """What a day's columns are."""

    INJECTORS = "Injectors"
    ROOMS = "Rooms"


NO_ROOM = 0
"""The column of those who have no room."""


@dataclass(frozen=True, slots=True)
class Column:
    """One injector or room on one day, with the spans of minutes in which somebody works there."""

    day: date
    number: int
    """The injector's or the room's."""
    title: str
    open: tuple[tuple[int, int], ...]
    closed: str | None
    """Why nobody works here, or None."""
    across: Across = Across.INJECTORS

    @property
    def injector_id(self) -> int | None:
        """Whose column it is, where it is somebody's."""
        return self.number if self.across is Across.INJECTORS else None

    @property
    def room_id(self) -> int | None:
        """Which room it is (``NO_ROOM`` for none), where it is one."""
        return self.number if self.across is Across.ROOMS else None


class Block(NamedTuple):
    """An appointment in its column and lane."""

    row: AppointmentRow
    column: int
    start: int
    lane: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the grid."""

    mode: Mode
    days: tuple[date, ...]
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    """Those whose place is free come first, so that others are painted over them."""
    span: tuple[int, int]
    step: int = 15
    """Minutes between two lines."""

    @property
    def per_day(self) -> int:
        """Columns of each day."""
        return len(self.columns) // max(1, len(self.days))

    @property
    def all_closed(self) -> bool:
        """Whether nobody works because of closures."""
        return bool(self.columns) and all(column.closed is not None for column in self.columns)

    @property
    def somebody_works(self) -> bool:
        """Whether any time can be booked."""
        return any(column.open and column.closed is None for column in self.columns)


def sheet_of(
    board: Board,
    choices: ScheduleChoices,
    mode: Mode,
    shown_injectors: Collection[int] | None = None,
    across: Across = Across.INJECTORS,
) -> Sheet:
    """Prepare a board; ``shown_injectors`` are those ticked in the list, None means all."""
    people = [
        (number, name)
        for number, name in _people(board, choices)
        if shown_injectors is None or number in shown_injectors
    ]
    days = _days(board, mode)
    columns = tuple(_column(board, day, number, name) for day in days for number, name in people)
    shown = {number for number, _ in people}
    there = set(days)
    inside = [row for row in board.appointments if row.injector_id in shown and row.starts_at.date() in there]
    if across is Across.ROOMS:
        rooms = _rooms(inside, choices)
        columns = tuple(_room_column(columns, day, number, name) for day in days for number, name in rooms)
    places = {(column.day, column.number): number for number, column in enumerate(columns)}
    blocks = _blocks(inside, places, across)
    times = [span for column in columns for span in column.open]
    times += [(block.start, block.start + block.row.minutes) for block in blocks]
    return Sheet(mode, days, columns, blocks, shown_span(times), choices.grid_minutes)


def monday_of(day: date) -> date:
    """The first day of a week."""
    return day - timedelta(days=day.weekday())


def free_room(board: Board | None, choices: ScheduleChoices, starts_at: datetime, minutes: int) -> int | None:
    """A room that nobody uses at that time as far as the board shows, or None when all are taken."""
    taken: set[int] = set()
    if board is not None:
        ends_at = starts_at + timedelta(minutes=minutes)
        taken = {
            row.room_id
            for row in board.appointments
            if row.room_id is not None and row.state not in GONE and row.starts_at < ends_at and row.ends_at > starts_at
        }
    return next((room.id for room in choices.rooms if room.id not in taken), None)


def free_injector(
    board: Board, choices: ScheduleChoices, starts_at: datetime, minutes: int, hidden: Collection[int]
) -> int | None:
    """Who works and is free then, of those whose columns are shown; the first of them when nobody is."""
    shown = [injector.id for injector in choices.injectors if injector.id not in hidden]
    day, ends_at = starts_at.date(), starts_at + timedelta(minutes=minutes)
    for injector_id in shown:
        taken = any(
            row.injector_id == injector_id
            and row.state not in GONE
            and row.starts_at < ends_at
            and row.ends_at > starts_at
            for row in board.appointments
        )
        works = any(
            datetime.combine(day, hours.opens) <= starts_at and ends_at <= datetime.combine(day, hours.closes)
            for hours in board.hours
            if (hours.day, hours.injector_id) == (day, injector_id)
        )
        away = any(closed.day == day and closed.injector_id in (None, injector_id) for closed in board.closed)
        if works and not taken and not away:
            return injector_id
    return shown[0] if shown else None


def next_free(
    board: Board, day: date, injector_id: int, minutes: int, now: datetime, step: int = 15
) -> datetime | None:
    """The first free time of an injector on a day, for a booking that begins without a click on the grid."""
    taken = [
        (row.starts_at, row.ends_at)
        for row in board.appointments
        if row.injector_id == injector_id and row.state not in GONE
    ]
    length = timedelta(minutes=minutes)
    if any(closed.day == day and closed.injector_id in (None, injector_id) for closed in board.closed):
        return None
    for hours in board.hours:
        if hours.day != day or hours.injector_id != injector_id:
            continue
        start, closes = datetime.combine(day, hours.opens), datetime.combine(day, hours.closes)
        while start + length <= closes:
            if start > now and all(start + length <= begins or ends <= start for begins, ends in taken):
                return start
            start += timedelta(minutes=step)
    return None


def next_free_place(
    board: Board, choices: ScheduleChoices, day: date, hidden: frozenset[int], minutes: int, now: datetime
) -> tuple[datetime, int] | None:
    """The first free time from ``day`` on in the board, with its injector; ``hidden`` injectors are left out."""
    for number in range(board.days):
        wanted = board.first_day + timedelta(days=number)
        if wanted < day:
            continue
        found = [
            (start, injector.id)
            for injector in choices.injectors
            if injector.id not in hidden
            and (start := next_free(board, wanted, injector.id, minutes, now, choices.grid_minutes)) is not None
        ]
        if found:
            return min(found)
    return None


def _people(board: Board, choices: ScheduleChoices) -> list[tuple[int, str]]:
    known = [(injector.id, injector.name) for injector in choices.injectors]
    # Somebody who left may still have appointments; they must be seen to be moved.
    left = {row.injector_id for row in board.appointments} - {number for number, _ in known}
    return known + [(number, "Former injector") for number in sorted(left)]


def _rooms(rows: Collection[AppointmentRow], choices: ScheduleChoices) -> list[tuple[int, str]]:
    known = [(room.id, room.name) for room in choices.rooms]
    used = {row.room_id or NO_ROOM for row in rows} - {number for number, _ in known}
    former = [(number, "Former room") for number in sorted(used - {NO_ROOM})]
    return known + former + ([(NO_ROOM, "No room")] if NO_ROOM in used or not known else [])


def _room_column(people: Collection[Column], day: date, number: int, name: str) -> Column:
    """A room is open while anybody shown works, and closed when nobody does."""
    columns = [column for column in people if column.day == day]
    spans = sorted(span for column in columns if column.closed is None for span in column.open)
    reasons = {column.closed for column in columns}
    closed = next(iter(reasons)) if len(reasons) == 1 else None
    return Column(day, number, name, tuple(_joined(spans)), closed, Across.ROOMS)


def _joined(spans: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for opens, closes in spans:
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], closes)
        else:
            joined.append((opens, closes))
    return joined


def _days(board: Board, mode: Mode) -> tuple[date, ...]:
    span = [board.first_day + timedelta(days=number) for number in range(board.days)]
    if mode is not Mode.WEEK:
        return tuple(span)
    busy = {row.starts_at.date() for row in board.appointments} | {hours.day for hours in board.hours}
    return tuple(day for day in span if day.weekday() < 5 or day in busy)


def _column(board: Board, day: date, injector_id: int, name: str) -> Column:
    closed = next((c.reason for c in board.closed if c.day == day and c.injector_id in (None, injector_id)), None)
    hours = tuple(
        (minutes_of(h.opens), minutes_of(h.closes))
        for h in board.hours
        if h.day == day and h.injector_id == injector_id
    )
    return Column(day, injector_id, name, hours, closed)


def _blocks(rows: list[AppointmentRow], places: dict[tuple[date, int], int], across: Across) -> tuple[Block, ...]:
    by_column: defaultdict[tuple[int, bool], list[AppointmentRow]] = defaultdict(list)
    for row in rows:
        number = row.injector_id if across is Across.INJECTORS else row.room_id or NO_ROOM
        by_column[places[row.starts_at.date(), number], row.state in GONE].append(row)
    gone: list[Block] = []
    here: list[Block] = []
    for (column, is_gone), inside in by_column.items():
        spans = [(start := minutes_of(row.starts_at), start + row.minutes) for row in inside]
        blocks = gone if is_gone else here
        for row, (start, _), (lane, count) in zip(inside, spans, lanes(spans), strict=True):
            blocks.append(Block(row, column, start, lane, count))
    return (*gone, *here)
