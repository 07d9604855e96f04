"""The sentences of the schedule, with dates and times as the person's locale writes them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale

from clinic_app.services.schedule_data import AppointmentChange, AppointmentRow, RepeatProposal, ScheduleChoices
from clinic_app.terms import AppointmentState
from clinic_app.ui.locale import date_text, time_text, weekday_date_text
from clinic_app.ui.schedule.states import WORDS

S = AppointmentState

SIMILAR = "Somebody with a similar name comes that day. Check the birth date."

_DONE: dict[str, str] = {
    "booked": "Booked",
    "moved": "Moved",
    "taken_back": "Taken back",
    S.CONFIRMED.value: "Confirmed",
    S.ARRIVED.value: "Marked arrived",
    S.IN_ROOM.value: "Taken to room",
    S.INJECTED.value: "Marked injected",
    S.CHECKED_OUT.value: "Checked out",
    S.CANCELLED.value: "Cancelled",
    S.NO_SHOW.value: "Marked no-show",
}

_SAID_OTHERWISE = ("state", "reason", "overbooked_by_id", "overbook_reason", "overbooked_over")
"""Facts of a change that its own words tell already."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in an appointment's history are called."""

    injectors: Mapping[int, str] = field(default_factory=dict)
    rooms: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, choices: ScheduleChoices) -> "Names":
        """The names of what a booking chooses from."""
        return cls(
            {i.id: i.name for i in choices.injectors},
            {r.id: r.name for r in choices.rooms},
            {d.id: d.name for d in choices.devices},
        )

    def injector(self, injector_id: int) -> str:
        """The injector's name; whoever left has none here."""
        return self.injectors.get(injector_id, "former injector")

    def room(self, room_id: int | None) -> str:
        """The room's name."""
        return "no room" if room_id is None else self.rooms.get(room_id, "former room")

    def of_devices(self, device_ids: Collection[int]) -> str:
        """The devices' names in a row."""
        return ", ".join(self.devices.get(each, "former device") for each in device_ids) or "no device"

    def where(self, row: AppointmentRow) -> str:
        """Room and devices of an appointment."""
        return " · ".join(
            [self.room(row.room_id).capitalize(), *([self.of_devices(row.device_ids)] * bool(row.device_ids))]
        )


def long_day_text(day: date) -> str:
    """A day as a heading says it: "Monday 3 August"."""
    locale = QLocale()
    name = locale.dayName(day.isoweekday(), QLocale.FormatType.LongFormat)
    month = locale.standaloneMonthName(day.month, QLocale.FormatType.LongFormat)
    # The locale decides whether the day or the month comes first.
    form = locale.dateFormat(QLocale.FormatType.ShortFormat)
    inside = f"{day.day} {month}" if form.index("d") < form.index("M") else f"{month} {day.day}"
    return f"{name} {inside}"


def week_text(first: date, last: date) -> str:
    """A span of days as a heading: "3 – 7 August 2026"."""
    locale = QLocale()
    if first.month == last.month:
        month = locale.standaloneMonthName(first.month, QLocale.FormatType.LongFormat)
        form = locale.dateFormat(QLocale.FormatType.ShortFormat)
        if form.index("d") < form.index("M"):
            return f"{first.day} – {last.day} {month} {first.year}"
        return f"{month} {first.day} – {last.day}, {first.year}"
    return f"{date_text(first)} – {date_text(last)}"


def week_number(day: date) -> int:
    """The ISO week."""
    return QDate(day.year, day.month, day.day).weekNumber()[0]


def span_text(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when: "10:00 – 10:30"."""
    return f"{time_text(starts_at)} – {time_text(ends_at)}"


def carried_text(begins: datetime, minutes: int, column: str) -> str:
    """Where an appointment being carried would stand, for those who listen."""
    until = span_text(begins, begins + timedelta(minutes=minutes))
    return f"{long_day_text(begins.date())}, {until}, {column}. Enter moves it there, Esc leaves it."


def duration_text(minutes: int) -> str:
    """How long somebody waits: "4 min", "1 h 05 min"."""
    hours, rest = divmod(max(0, minutes), 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def empty_text(day: date, last: date | None = None, *, somebody_works: bool = True) -> str:
    """What stands on a grid without appointments; it teaches how to fill it."""
    when = f"on {long_day_text(day)}" if last is None else f"from {long_day_text(day)} to {long_day_text(last)}"
    if not somebody_works:
        return f"Nobody works {when}. Choose another day."
    return f"Nothing booked {when}. Click a free time or press Ctrl+N to book."


def overbooked_text(row: AppointmentRow) -> str:
    """Who booked over a clash on purpose, and why."""
    return f"Booked over a clash by {row.overbooked_by}: {row.overbook_reason}"


def spoken_appointment(row: AppointmentRow, names: Names) -> str:
    """One appointment for those who listen instead of looking."""
    parts = [
        f"{long_day_text(row.starts_at.date())}, {span_text(row.starts_at, row.ends_at)}",
        row.patient_name,
        f"born {date_text(row.birth_date)}",
        row.type_name,
        names.injector(row.injector_id),
        WORDS[row.state],
    ]
    if row.similar_name:
        parts.append("similar name that day")
    if row.overbooked_by:
        parts.append(overbooked_text(row))
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of who did what."""

    what: str
    who_when: str
    detail: str


def history_line(change: AppointmentChange, names: Names, time_zone: str) -> HistoryLine:
    """A change as a person reads it: what, who and when, and what it was before."""
    at = change.at.astimezone(ZoneInfo(time_zone)) if change.at.tzinfo is not None else change.at
    before, after = dict(change.before), dict(change.after)
    parts = []
    if before:
        for key, value in after.items():
            if key not in _SAID_OTHERWISE:
                parts.append(f"{_fact(key, before.get(key, ''), names)} → {_fact(key, value, names)}")
    if after.get("reason"):
        parts.append(f"Reason: {after['reason']}")
    what = "Taken back" if change.what == "booked" and before else _DONE.get(change.what, change.what.capitalize())
    return HistoryLine(what, f"{change.by} · {date_text(at.date())}, {time_text(at)}", "\n".join(parts))


def _fact(key: str, value: str, names: Names) -> str:
    if key == "starts_at":
        moment = datetime.fromisoformat(value)
        return f"{weekday_date_text(moment.date())}, {time_text(moment)}"
    if key == "minutes":
        return f"{value} min"
    if key == "injector_id":
        return names.injector(int(value))
    if key == "room_id":
        return names.room(int(value) if value.isdecimal() else None)
    if key == "device_ids":
        return names.of_devices([int(each) for each in re.findall(r"\d+", value)])
    return value


def counted_from_text(proposal: RepeatProposal) -> str:
    """Where the interval of a proposal comes from."""
    weeks = f"{proposal.interval_weeks} weeks"
    return {
        "chosen": f"{weeks}, as typed here",
        "plan": f"{weeks}, as the visit's plan says",
        "usual": f"{weeks}, this patient's usual interval",
        "minimum": f"{weeks}, the clinic's usual; the visit has no plan",
    }.get(proposal.from_what, weeks)


def minutes_of(moment: time | datetime) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def at_minute(day: date, minute: int) -> datetime:
    """The wall-clock moment of a minute of a day."""
    return datetime.combine(day, time(minute // 60, minute % 60))
