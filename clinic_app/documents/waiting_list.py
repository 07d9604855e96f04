"""The waiting list on paper: who would come earlier, when, and at how short notice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.lists import born_and_number, counted, list_document
from clinic_app.documents.page import Document, Edition
from clinic_app.documents.tables import Column
from clinic_app.documents.wording import long_date, short_date, time_of_day, weekday_name


@dataclass(frozen=True)
class WaitingEntry:
    """A wish. ``weekdays`` (0 is Monday), times and days are of the clinic's clock; none means any.

    ``notice_days`` is how many days before the visit the patient must know, ``due_on`` the first day on which the
    minimum interval has passed, ``booked_at`` the appointment that an earlier one would replace.
    """

    patient: PatientIdentity
    phone: str
    kind: str
    minutes: int
    since: date
    injector: str = ""
    weekdays: tuple[int, ...] = ()
    not_before: time | None = None
    not_after: time | None = None
    first_day: date | None = None
    last_day: date | None = None
    notice_days: int = 0
    booked_at: datetime | None = None
    due_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class WaitingPaper:
    """The list of a day, in the order in which it is printed."""

    clinic: Clinic
    printed_on: date
    entries: Sequence[WaitingEntry]
    edition: Edition = field(default_factory=Edition)


def waiting_list_document(paper: WaitingPaper) -> Document:
    """The list, laid out."""
    locale = paper.edition.locale
    return list_document(
        paper.clinic,
        paper.edition,
        [
            Column("Patient", 30, bold=True),
            Column("Born, number", 23),
            Column("Phone", 28),
            Column("Waits for", 34),
            Column("When", 36),
            Column("Notice", 13),
            Column("Earliest", 23),
            Column("Booked", 23),
            Column("Waits since", 23),
            Column("Note", 24),
        ],
        [
            (
                entry.patient.name,
                born_and_number(entry.patient, locale),
                entry.phone,
                f"{entry.kind}, {entry.minutes}\u00a0min\n{entry.injector and f'with {entry.injector}'}",
                _when(entry, locale),
                counted(entry.notice_days, "day", "days") if entry.notice_days else "none",
                short_date(entry.due_on, locale),
                _booked(entry.booked_at, locale),
                short_date(entry.since, locale),
                entry.note,
            )
            for entry in paper.entries
        ],
        title="Waiting list",
        subtitle=long_date(paper.printed_on, locale),
        lead=f"{counted(len(paper.entries), 'patient', 'patients')} who would come earlier, the longest waiting first",
        empty="Nobody waits for an earlier appointment.",
        subject="Patients who would come earlier",
        day=paper.printed_on,
    )


def _when(entry: WaitingEntry, locale: str) -> str:
    days = ", ".join(weekday_name(day, locale) for day in entry.weekdays)
    parts = (
        days,
        _span(_clock(entry.not_before, locale), _clock(entry.not_after, locale)),
        _span(short_date(entry.first_day, locale), short_date(entry.last_day, locale)),
    )
    return "\n".join(part for part in parts if part) or "any time"


def _span(first: str, last: str) -> str:
    if first and last:
        return f"{first} – {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


def _clock(at: time | None, locale: str) -> str:
    return "" if at is None else time_of_day(datetime.combine(date.min, at), locale)


def _booked(at: datetime | None, locale: str) -> str:
    return "" if at is None else f"{short_date(at.date(), locale)}\n{time_of_day(at, locale)}"
