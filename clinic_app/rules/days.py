"""Calendar arithmetic that the checks share."""

import calendar
from datetime import date


def age_in_years(birth_date: date, on: date) -> int:
    """Completed years of life on a day; a birthday on 29 February is kept on 1 March in other years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
