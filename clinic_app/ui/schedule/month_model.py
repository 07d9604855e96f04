"""What the month shows of the clinic's capacity: a cell for each day, and the sentences about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from clinic_app.services.capacity_data import DayCapacity, InjectorDay, MonthCapacity
from clinic_app.ui.schedule.wording import long_day_text
from clinic_app.ui.widgets.dates import add_months


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the month, summed over the injectors that are shown. ``injectors`` are those days by name."""

    day: date
    in_month: bool
    injectors: tuple[tuple[str, InjectorDay], ...] = ()
    closed: str | None = None

    @property
    def open_minutes(self) -> int:
        """How long they work together."""
        return sum(each.open_minutes for _, each in self.injectors)

    @property
    def booked_share(self) -> float:
        """How much of that is booked, from 0 to 1."""
        booked = sum(each.booked_minutes for _, each in self.injectors)
        return booked / self.open_minutes if self.open_minutes else 0.0

    @property
    def booked(self) -> int:
        """Appointments."""
        return sum(each.booked for _, each in self.injectors)

    @property
    def overbooked(self) -> int:
        """Those of them that somebody booked over a clash on purpose."""
        return sum(each.overbooked for _, each in self.injectors)

    @property
    def free_places(self) -> int:
        """Places for an injection."""
        return sum(each.free_places for _, each in self.injectors)

    @property
    def away(self) -> tuple[str, ...]:
        """The names of those who are away."""
        return tuple(name for name, each in self.injectors if each.away is not None)


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """Whole weeks that hold a month."""

    month: date
    cells: tuple[DayCell, ...]
    place_minutes: int

    @property
    def weeks(self) -> int:
        """How many rows."""
        return len(self.cells) // 7

    def cell(self, day: date) -> DayCell | None:
        """The cell of a day."""
        return next((cell for cell in self.cells if cell.day == day), None)


def month_span(day: date, first_weekday: int) -> tuple[date, int]:
    """The first day and the number of days of the whole weeks that hold a day's month: what to ask the service for.

    ``first_weekday`` is 1 for Monday to 7 for Sunday.
    """
    first = day.replace(day=1)
    start = first - timedelta(days=(first.isoweekday() - first_weekday) % 7)
    after = add_months(first, 1)
    return start, -(-(after - start).days // 7) * 7


def month_sheet(data: MonthCapacity, shown: Collection[int] | None, first_weekday: int) -> MonthSheet:
    """Prepare a month; ``shown`` are the injectors ticked in the list, None means all.

    The month is that of the span's middle day, so that a span of whole weeks may begin and end in its neighbours.
    """
    month = data.days[len(data.days) // 2].day.replace(day=1)
    names = {each.id: each.name for each in data.injectors if shown is None or each.id in shown}
    known = {each.day: each for each in data.days}
    first, days = month_span(month, first_weekday)
    span = [first + timedelta(days=number) for number in range(days)]
    return MonthSheet(month, tuple(_cell(day, month, known.get(day), names) for day in span), data.place_minutes)


def _cell(day: date, month: date, known: DayCapacity | None, names: Mapping[int, str]) -> DayCell:
    in_month = (day.year, day.month) == (month.year, month.month)
    if known is None:
        return DayCell(day, in_month)
    own = tuple((names[each.injector_id], each) for each in known.injectors if each.injector_id in names)
    return DayCell(day, in_month, own, known.closed)


def free_text(cell: DayCell, place_minutes: int, today: date) -> str:
    """What is free, in the room of a cell: "6 free", "Full"; nothing of a day that has passed or has no hours."""
    if cell.day < today or not cell.open_minutes or not place_minutes:
        return ""
    return f"{cell.free_places} free" if cell.free_places else "Full"


def spoken_day(cell: DayCell, place_minutes: int, today: date) -> str:
    """A day for those who listen instead of looking."""
    parts = [long_day_text(cell.day)]
    if cell.day == today:
        parts.append("today")
    if cell.closed is not None:
        parts.append(closed_text(cell))
    elif not cell.open_minutes:
        parts.append("nobody works")
    parts.append(f"{cell.booked} booked" if cell.booked else "nothing booked")
    if free_text(cell, place_minutes, today):
        parts.append(_places(cell.free_places, place_minutes))
    if cell.overbooked:
        parts.append(f"{cell.overbooked} overbooked")
    parts += [f"{name} away" for name in cell.away]
    return ", ".join(parts)


def closed_text(cell: DayCell) -> str:
    """Why the clinic is closed."""
    return f"Closed: {cell.closed}" if cell.closed else "Closed"


def tooltip_text(cell: DayCell, place_minutes: int, today: date) -> str:
    """The day injector by injector."""
    lines = [long_day_text(cell.day)]
    if cell.closed is not None:
        lines.append(closed_text(cell))
    for name, each in cell.injectors:
        if each.away is not None:
            said = f"away: {each.away}" if each.away else "away"
            if each.booked:
                said += f", {each.booked} still booked"
        elif not each.open_minutes:
            said = f"no hours, {each.booked} booked" if each.booked else "" if cell.closed is not None else "no hours"
        else:
            said = f"{each.booked} booked, {each.booked_minutes} of {each.open_minutes} min"
            if cell.day >= today and place_minutes:
                said += f"; {_places(each.free_places, place_minutes)}"
            if each.overbooked:
                said += f"; {each.overbooked} overbooked"
        if said:
            lines.append(f"{name}: {said}")
    return "\n".join(lines)


def _places(number: int, minutes: int) -> str:
    if not number:
        return f"no {minutes} min free"
    return f"{number} {'place' if number == 1 else 'places'} of {minutes} min free"
