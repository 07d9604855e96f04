"""Who is to be reached about the next visit, on paper: to be called and ticked off one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.lists import TO_FILL_IN, born_and_number, counted, list_document
from clinic_app.documents.page import Document, Edition
from clinic_app.documents.tables import Column
from clinic_app.documents.wording import long_date, short_date


@dataclass(frozen=True)
class RecallEntry:
    """One patient: the day of the last injections and the day on which the next are due.

    ``why`` is a word such as overdue or no-show, ``missed_on`` the day of what was cancelled or missed; ``tried`` says
    how it was tried last and what came of it, on ``tried_on``, after so many ``attempts``.
    """

    patient: PatientIdentity
    phone: str
    contact_by: str
    why: str
    injected_on: date
    due_on: date
    missed_on: date | None = None
    attempts: int = 0
    tried_on: date | None = None
    tried: str = ""


@dataclass(frozen=True)
class RecallList:
    """The list of a day, in the order in which it is printed.

    ``weeks_ahead`` is how far it looks; None where somebody chose the rows.
    """

    clinic: Clinic
    printed_on: date
    weeks_ahead: int | None
    entries: Sequence[RecallEntry]
    edition: Edition = field(default_factory=Edition)


def recall_list_document(recall_list: RecallList) -> Document:
    """The list, laid out."""
    locale = recall_list.edition.locale
    weeks = recall_list.weeks_ahead
    due = "" if weeks is None else f", due within {counted(weeks, 'week', 'weeks')} or overdue"
    return list_document(
        recall_list.clinic,
        recall_list.edition,
        [
            Column("Patient", 30, bold=True),
            Column("Born, number", 18),
            Column("Phone", 24),
            Column("Contact by", 16),
            Column("Last injections", 17),
            Column("Due", 17),
            Column("Why", 22),
            Column("Tried", 34),
            Column("Reached on, by", 26),
        ],
        [
            (
                entry.patient.name,
                born_and_number(entry.patient, locale),
                entry.phone,
                entry.contact_by,
                short_date(entry.injected_on, locale),
                short_date(entry.due_on, locale),
                f"{entry.why}\n{short_date(entry.missed_on, locale)}",
                _tried(entry, locale),
                TO_FILL_IN,
            )
            for entry in recall_list.entries
        ],
        title="Recall",
        subtitle=long_date(recall_list.printed_on, locale),
        lead=f"{counted(len(recall_list.entries), 'patient', 'patients')} without a next injection booked{due}",
        empty="Nobody is to be reached.",
        subject="Patients to reach about the next visit",
        day=recall_list.printed_on,
    )


def _tried(entry: RecallEntry, locale: str) -> str:
    if not entry.attempts:
        return ""
    often = "Once" if entry.attempts == 1 else f"{entry.attempts} times, last"
    return f"{often} {short_date(entry.tried_on, locale)}\n{entry.tried}"
