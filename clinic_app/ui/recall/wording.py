"""The words of recall, waiting list and reminders, with dates and times as the person's locale writes them."""

from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale

from clinic_app.services.recall import Attempt, RecallKind, RecallRow
from clinic_app.services.waiting import FreePlace, WishForm, WishRow
from clinic_app.terms import ContactOutcome, ContactWay
from clinic_app.ui.locale import date_text, day_month_text, time_text, weekday_date_text, weeks_text
from clinic_app.ui.tokens import Level

WAYS: dict[ContactWay, str] = {
    ContactWay.TELEPHONE: "Telephone",
    ContactWay.TEXT: "Text message",
    ContactWay.EMAIL: "E-mail",
    ContactWay.LETTER: "Letter",
    ContactWay.IN_PERSON: "In person",
}
OUTCOMES: dict[ContactOutcome, tuple[str, str]] = {
    ContactOutcome.NO_ANSWER: ("No answer", "Nobody picked up: to be tried again on the next working day"),
    ContactOutcome.LEFT_MESSAGE: ("Left message", "On the machine or with somebody else"),
    ContactOutcome.WILL_CALL: ("Will call back", "Reached; the patient wants to think or look first"),
    ContactOutcome.SENT: ("Sent", "A letter or message is on its way"),
    ContactOutcome.BOOKED: ("Booked", "Reached, and an appointment is agreed"),
    ContactOutcome.DECLINED: ("Declined", "Does not want an appointment, for now or for good"),
    ContactOutcome.MOVED_AWAY: ("Moved away", "Is treated elsewhere from now on"),
}
"""What came of a try: its word, and what it means."""

ENDING = frozenset({ContactOutcome.DECLINED, ContactOutcome.MOVED_AWAY})
"""After these nobody is called until the day to ask again, if there is one."""

_SEVERE_WEEKS = 4
"""Overdue by so many weeks the effect has worn off for most."""
_KIND_ICONS = {RecallKind.DUE: "clock", RecallKind.CANCELLED: "x", RecallKind.NO_SHOW: "minus"}


def why_text(kind: RecallKind, missed_on: date | None, days: int) -> str:
    """Why somebody stands on the list who is due in so many days: "Due in 5 d", "Overdue by 3 w", "Cancelled 4 Aug".

    It is told what it depends on alone, so that a list of thousands has to make only the few texts that differ.
    """
    if missed_on is not None:
        word = "No-show" if kind is RecallKind.NO_SHOW else "Cancelled"
        return f"{word} {day_month_text(missed_on)}"
    if days > 0:
        return f"Due in {weeks_text(days)}"
    return "Due today" if not days else f"Overdue by {weeks_text(-days)}"


def why_level(row: RecallRow, today: date) -> Level | None:
    """How loud that is: by how long the interval has been over, louder where an appointment was missed."""
    overdue = (today - row.due_on).days
    if overdue >= 7 * _SEVERE_WEEKS:
        return Level.STOP
    return Level.WARN if overdue > 0 or row.missed_on is not None else None


def why_icon(row: RecallRow, today: date) -> str:
    """Its shape."""
    octagon = why_level(row, today) is Level.STOP
    return _KIND_ICONS.get(row.kind, "octagon-alert" if octagon else "triangle-alert")


def missed_text(row: RecallRow) -> str:
    """The appointment that was missed, with the reason; empty when none was."""
    if row.missed_on is None:
        return ""
    word = "Did not come on" if row.kind is RecallKind.NO_SHOW else "Cancelled the appointment of"
    reason = f": {row.reason}" if row.reason else ""
    return f"{word} {weekday_date_text(row.missed_on)}{reason}"


def injected_text(row: RecallRow) -> str:
    """The last injection and what follows from it."""
    return f"{weekday_date_text(row.injected_on)}, due after {row.weeks} weeks on {weekday_date_text(row.due_on)}"


def next_try_text(row: RecallRow) -> str:
    """When to try again; empty where nobody said."""
    if row.waits_until == date.max:
        return "not again"
    if row.waits_until is not None:
        return date_text(row.waits_until)
    return "" if row.last is None or row.last.next_try_on is None else date_text(row.last.next_try_on)


def outcome_text(attempt: Attempt | None) -> str:
    """What came of a try."""
    return "" if attempt is None else OUTCOMES[attempt.outcome][0]


def wish_text(form: WishForm) -> str:
    """When a patient could come: "Mon, Wed · from 12:00 · until 14:30 · from 3 Aug 2026"."""
    locale = QLocale()
    parts = [", ".join(locale.dayName(day + 1, QLocale.FormatType.ShortFormat) for day in form.weekdays)]
    if form.not_before is not None and form.not_after is not None:
        parts.append(f"{time_text(form.not_before)} to {time_text(form.not_after)}")
    elif form.not_before is not None:
        parts.append(f"from {time_text(form.not_before)}")
    elif form.not_after is not None:
        parts.append(f"until {time_text(form.not_after)}")
    if form.first_day is not None:
        parts.append(f"not before {date_text(form.first_day)}")
    if form.last_day is not None:
        parts.append(f"not after {date_text(form.last_day)}")
    return " · ".join(part for part in parts if part) or "Any day and hour"


def notice_text(days: int) -> str:
    """How many days before a visit the patient must know."""
    return "none" if not days else "1 day" if days == 1 else f"{days} days"


def place_text(place: FreePlace, injector: str) -> str:
    """A place that became free."""
    when = f"{weekday_date_text(place.starts_at.date())}, {time_text(place.starts_at)}"
    return " · ".join(part for part in (when, f"{place.minutes} min", injector) if part)


def fits_text(row: WishRow, today: date, zone: ZoneInfo) -> str:
    """Why somebody is offered a place, in the order in which the offers are ranked."""
    parts = []
    if row.due_on is not None:
        parts.append(f"due since {date_text(row.due_on)}" if row.due_on <= today else f"due {date_text(row.due_on)}")
    if row.booked_at is not None:
        parts.append(f"booked {weekday_date_text(row.booked_at.date())}, {time_text(row.booked_at)}")
    else:
        parts.append("nothing booked")
    parts.append(f"waits since {date_text(row.wished_at.astimezone(zone).date())}")
    return " · ".join(parts)


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: "1 patient", "3 patients"."""
    return f"{count} {one if count == 1 else many}"
