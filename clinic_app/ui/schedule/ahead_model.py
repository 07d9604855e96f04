"""The sentences about the weeks ahead."""

from collections.abc import Sequence

from clinic_app.services.capacity_data import CapacityAhead, WeekAhead
from clinic_app.ui.locale import day_month_text
from clinic_app.ui.schedule.wording import week_number, week_text


def headline(data: CapacityAhead) -> str:
    """How many of the weeks are overfull and when the first begins; what to do where nothing can be said."""
    weeks = data.weeks
    overfull = [week for week in weeks if week.overfull]
    if not any(week.free_places or week.booked or week.demand for week in weeks):
        return (
            f"Nobody works and nobody comes due in the next {len(weeks)} weeks. Set the injectors' working hours first."
        )
    if not overfull:
        return f"None of the next {len(weeks)} weeks is overfull."
    when = day_month_text(overfull[0].first_day)
    this = overfull[0] is weeks[0]
    if len(overfull) == 1:
        return f"1 of the next {len(weeks)} weeks is overfull: " + ("this one." if this else f"it begins {when}.")
    begins = "the first is this week" if this else f"the first begins {when}"
    return f"{len(overfull)} of the next {len(weeks)} weeks are overfull; {begins}."


def figures(week: WeekAhead, *, current: bool = False) -> str:
    """A week in words: what is booked, what is free, who comes due, and how many find no place."""
    due = f"{week.demand} due and not booked"
    if week.overdue:
        due += f" ({week.overdue} of them overdue)"
    parts = [
        f"{_count(week.booked, 'injection')} booked",
        f"{_count(week.free_places, 'place')} free",
        due,
    ]
    said = f"{week_name(week, current=current)}: {', '.join(parts)}."
    if week.overfull:
        said += f" Overfull: {week.lacking} more than fit."
    return said


def week_name(week: WeekAhead, *, current: bool = False) -> str:
    """A week as a person says it: "Week 7, 15 – 21 February 2027"."""
    this = " (this week)" if current else ""
    return f"Week {week_number(week.first_day)}{this}, {week_text(week.first_day, week.last_day)}"


def most_stacked(weeks: Sequence[WeekAhead]) -> int:
    """The height of the highest column: booked, and on it the free places or those who come due."""
    return max((week.booked + max(week.free_places, week.demand) for week in weeks), default=0)


def steps(highest: int, most: int) -> list[int]:
    """Round numbers for the lines of an axis from 0 to not above ``highest``, at most so many after the 0."""
    size = next(digit * 10**power for power in range(10) for digit in (1, 2, 5) if highest <= most * digit * 10**power)
    return list(range(0, highest + 1, size))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
