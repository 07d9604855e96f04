"""The next days on which the clinic works: what a promise to call again, or to remind, is counted in."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from clinic_app.services.openings import openings

_SEARCHED = 92
"""Days. A clinic that is closed for longer has other worries than a call."""


def working_days(session: Session, first: date, count: int) -> tuple[date, ...]:
    """The first ``count`` days from ``first`` on on which somebody works, fewer where a quarter has not as many.

    While no hours were typed yet, every Monday to Friday that is no closure counts.
    """
    days = [first + timedelta(days=number) for number in range(_SEARCHED)]
    open_then = openings(session, days[0], days[-1])
    injectors = {*open_then.weekly, *(injector for injector, _ in open_then.single)}

    def works(day: date) -> bool:
        if not injectors:
            return day.weekday() < 5 and day not in open_then.closed
        return any(open_then.hours(injector, day) for injector in injectors)

    return tuple(day for day in days if works(day))[:count]
