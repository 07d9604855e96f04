"""Words that several pages of the settings share."""

from datetime import date

from clinic_app.services.calendar_data import PlaceEntry, TypeEntry
from clinic_app.services.openings import Span
from clinic_app.services.rebooking import ToRebook
from clinic_app.ui.locale import date_text, time_text, weekday_date_text
from clinic_app.ui.theme import current_theme


def days_text(first_day: date, last_day: date) -> str:
    """A day with its weekday, or a span of days: "Thu 3 Dec 2026", "3 Dec 2026 – 5 Dec 2026"."""
    if first_day == last_day:
        return weekday_date_text(first_day)
    return f"{date_text(first_day)} – {date_text(last_day)}"


def spans_text(spans: tuple[Span, ...]) -> str:
    """Hours: "08:30 – 12:30, 13:30 – 17:00"; "Away" without any."""
    return ", ".join(f"{time_text(opens)} – {time_text(closes)}" for opens, closes in spans) or "Away"


def lying_in(rows: tuple[ToRebook, ...], first_day: date, last_day: date, injector_id: int | None) -> str:
    """How many of what must be booked again lie in a span of days, as a sentence, or ""."""
    number = sum(
        first_day <= row.starts_at.date() <= last_day and injector_id in (None, row.injector_id) for row in rows
    )
    if not number:
        return ""
    return " 1 booked appointment lies in it." if number == 1 else f" {number} booked appointments lie in it."


def state_text(entry: TypeEntry | PlaceEntry) -> str:
    """What a list says of an entry that is not offered any more."""
    return "" if entry.active else "Retired"


def state_colour(_entry: TypeEntry | PlaceEntry) -> str:
    """That word is quiet."""
    return current_theme().muted
