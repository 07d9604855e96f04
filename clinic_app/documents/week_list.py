"""The appointments of a week on paper, injector by injector and day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from clinic_app.documents.blocks import heading, prose
from clinic_app.documents.letterhead import Clinic, PatientIdentity, first_head, next_head
from clinic_app.documents.lists import KEEP_SECRET, ROW_LIMIT, counted, lying_flow
from clinic_app.documents.page import Document, Edition, Flow, Furniture, footer, plain
from clinic_app.documents.style import BODY
from clinic_app.documents.tables import Band, Column, table
from clinic_app.documents.text import one_line
from clinic_app.documents.wording import long_date, short_date, time_of_day, weekday_date

DAYS = 7
MOST_APPOINTMENTS = 400
"""Of one injector."""
_COLUMNS = (
    Column("Time", 10, "right", bold=True),
    Column("Length", 8, "right"),
    Column("Patient", 36, bold=True),
    Column("Birth date", 15),
    Column("Record number", 17),
    Column("Kind", 16),
    Column("Room", 11),
    Column("State", 16),
    Column("Marks", 35),
)


@dataclass(frozen=True)
class WeekEntry:
    """One appointment, ``minutes`` long. ``noted``: the schedule holds a note about it, which is not printed."""

    starts_at: datetime
    minutes: int
    patient: PatientIdentity
    kind: str
    state: str
    room: str = ""
    overbooked_by: str = ""
    similar_name: bool = False
    noted: bool = False


@dataclass(frozen=True)
class WeekDay:
    """A day of one injector; ``closed`` says whether and why nobody, or this injector, works."""

    day: date
    entries: Sequence[WeekEntry] = ()
    closed: str = ""


@dataclass(frozen=True)
class InjectorWeek:
    """The days of one injector on which there is work, a closure or an appointment."""

    injector: str
    days: Sequence[WeekDay]

    @property
    def count(self) -> int:
        """Number of appointments."""
        return sum(len(day.entries) for day in self.days)


@dataclass(frozen=True)
class WeekList:
    """The week that begins on ``first_day``, in the order in which it is printed."""

    clinic: Clinic
    first_day: date
    weeks: Sequence[InjectorWeek]
    printed_on: date
    edition: Edition = field(default_factory=Edition)


def week_list_document(week_list: WeekList) -> Document:
    """The week; each injector who has appointments begins a page, to be handed out; the others follow."""
    locale = week_list.edition.locale
    last_day = week_list.first_day + timedelta(days=DAYS - 1)
    span = f"{long_date(week_list.first_day, locale)} – {long_date(last_day, locale)}"
    flow = lying_flow(week_list.edition)
    count = sum(week.count for week in week_list.weeks)
    first_head(flow, week_list.clinic, "Appointments of the week", f"{span} · {_count(count)}")
    if not count:
        prose(flow, "Nothing is booked in this week.", BODY)
    owners: list[str] = []
    for week in sorted(week_list.weeks, key=lambda week: week.count == 0):
        if week.count and owners:
            flow.new_page()
        _injector(flow, week, locale)
        owners += [week.injector] * (len(flow.pages) - len(owners))
    clinic = one_line(week_list.clinic.name)
    title = f"Appointments · {span}"
    printed = f"{clinic[:120]} · printed on {short_date(week_list.printed_on, locale)}"
    return Document(
        flow,
        (_whose(flow, owners, title), footer(flow, printed, plain(title), above=KEEP_SECRET)),
        title=title,
        author=clinic[:200],
        subject="Appointments of a week",
        day=week_list.printed_on,
    )


def _injector(flow: Flow, week: InjectorWeek, locale: str) -> None:
    name = one_line(week.injector)[:120]
    headed = f"{name} · {_count(week.count)}"
    rows: list[tuple[str, ...]] = []
    bands: list[Band] = []
    for day in week.days:
        bands.append(Band(len(rows), _day(day, locale)))
        rows += [_row(entry, locale) for entry in day.entries]
    if rows:
        table(flow, _COLUMNS, rows, most=MOST_APPOINTMENTS, limit=ROW_LIMIT, bands=bands, headed=headed)
        return
    heading(flow, headed)
    for day in week.days:
        if day.closed:
            prose(flow, f"{weekday_date(day.day, locale)} · {one_line(day.closed)}", BODY, ROW_LIMIT)


def _day(day: WeekDay, locale: str) -> str:
    parts = weekday_date(day.day, locale), one_line(day.closed)[:120], _count(len(day.entries))
    return " · ".join(part for part in parts if part)


def _count(appointments: int) -> str:
    return counted(appointments, "appointment", "appointments") if appointments else "nothing booked"


def _row(entry: WeekEntry, locale: str) -> tuple[str, ...]:
    return (
        time_of_day(entry.starts_at, locale),
        f"{entry.minutes}\u00a0min",
        entry.patient.name,
        short_date(entry.patient.birth_date, locale) or "not recorded",
        entry.patient.record_number,
        entry.kind,
        entry.room,
        entry.state,
        " · ".join(_marks(entry)),
    )


def _marks(entry: WeekEntry) -> list[str]:
    return [
        *([f"Overbooked by {one_line(entry.overbooked_by)[:80]}"] if entry.overbooked_by else []),
        *(["Similar name"] if entry.similar_name else []),
        *(["Note"] if entry.noted else []),
    ]


def _whose(flow: Flow, owners: Sequence[str], title: str) -> Furniture:
    """From the second page on: which week it is, and whose page."""

    def draw(canvas: Any, number: int, total: int) -> None:
        whose = one_line(owners[number - 1])[:80] if number <= len(owners) else ""
        next_head(flow, None, f"{title} · {whose}" if whose else title)(canvas, number, total)

    return draw
