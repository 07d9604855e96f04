"""The day's appointments on paper, for the desk and for the day the computers are down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.lists import counted, list_document
from clinic_app.documents.page import Document, Edition
from clinic_app.documents.tables import Column
from clinic_app.documents.text import one_line
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


def day_list_document(day_list: DayList) -> Document:
    """The list, laid out."""
    locale = day_list.edition.locale
    whose = one_line(day_list.injector)[:120] or "All injectors"
    return list_document(
        day_list.clinic,
        day_list.edition,
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
        title="Appointments",
        subtitle=weekday_date(day_list.day, locale),
        lead=f"{whose} · {counted(len(day_list.entries), 'appointment', 'appointments')}",
        empty="Nothing is booked on this day.",
        subject="Appointments of a day",
        day=day_list.day,
        most=MOST_APPOINTMENTS,
    )
