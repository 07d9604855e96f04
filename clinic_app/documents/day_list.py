"""The day's appointments on paper, for the desk and for the day the computers are down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from clinic_app.documents.blocks import prose
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, first_head, next_head
from clinic_app.documents.page import Edition, Flow, footer, plain, to_pdf
from clinic_app.documents.style import BODY, SMALL, paper_size
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import short_date, time_of_day, weekday_date

MOST_APPOINTMENTS = 400


@dataclass(frozen=True)
class DayEntry:
    """One appointment of the day; ``remark`` is for what the desk must see, such as a similar name."""

    starts_at: datetime
    patient_name: str
    birth_date: date | None
    record_number: str
    injector: str
    kind: str
    state: str
    room: str = ""
    remark: str = ""


@dataclass(frozen=True)
class DayList:
    """The appointments of one day, in the order they are printed."""

    clinic: Clinic
    day: date
    entries: Sequence[DayEntry]
    injector: str = ""
    edition: Edition = field(default_factory=Edition)


def day_list_pdf(day_list: DayList) -> bytes:
    """The list as a PDF file."""
    locale = day_list.edition.locale
    width, height = paper_size(day_list.edition.paper)
    flow = Flow(height, width, NEXT_HEAD)  # lying: nine columns of names and numbers
    day = weekday_date(day_list.day, locale)
    first_head(flow, day_list.clinic, "Appointments", day)
    whose = one_line(day_list.injector)[:120] or "All injectors"
    count = len(day_list.entries)
    prose(flow, f"{whose} · {count} appointment{'' if count == 1 else 's'}", BODY)
    flow.down(6)
    if not day_list.entries:
        prose(flow, "Nothing is booked on this day.", BODY)
    table(
        flow,
        [
            Column("Time", 11, "right", bold=True),
            Column("Patient", 36, bold=True),
            Column("Birth date", 16),
            Column("Record number", 18),
            Column("Injector", 30),
            Column("Kind", 17),
            Column("Room", 9),
            Column("State", 14),
            Column("Remark", 20),
        ],
        [
            (
                time_of_day(entry.starts_at, locale),
                entry.patient_name,
                short_date(entry.birth_date, locale) or "not recorded",
                entry.record_number,
                entry.injector,
                entry.kind,
                entry.room,
                entry.state,
                entry.remark,
            )
            for entry in day_list.entries
        ],
        most=MOST_APPOINTMENTS,
        limit=Limit(200, 3),
    )
    flow.down(4)
    prose(flow, "Contains patient data. Destroy after use.", SMALL)
    clinic = one_line(day_list.clinic.name)
    return to_pdf(
        flow,
        (
            next_head(flow, None, f"Appointments · {day}", locale),
            footer(clinic[:120], plain(f"Appointments · {day}")),
        ),
        title=f"Appointments · {day}",
        author=clinic[:200],
        subject="Appointments of a day",
        edition=day_list.edition,
    )
