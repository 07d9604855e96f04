"""Hours as spreadsheets hold them: 10:30, 10.30 Uhr, 10h30, 2:15 pm."""

import re
from datetime import time

from clinic_app.errors import ClinicError

_TIME = re.compile(
    r"(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2})\s*(?:[:.hH]\s*(\d{2}))?(?:\s*:\s*\d{2}(?:\.\d+)?)?\s*"
    r"(am|pm|a\.?\s?m\.?|p\.?\s?m\.?|uhr|h)?",
    re.ASCII | re.IGNORECASE,
)


def read_time(text: str) -> time:
    """The hour and minute in a cell. Raises ClinicError ``time_unreadable``; a bare number needs a word beside it."""
    found = _TIME.fullmatch(text.strip()) if len(text) < 40 else None
    if found is None or (found[2] is None and found[3] is None and "h" not in text.casefold()):
        raise ClinicError("time_unreadable", typed=text.strip()[:40])
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()[:1]
    if half in ("a", "p"):
        if not 1 <= hour <= 12:
            raise ClinicError("time_unreadable", typed=text.strip()[:40])
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise ClinicError("time_unreadable", typed=text.strip()[:40])
    return time(hour, minute)
