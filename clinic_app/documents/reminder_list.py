"""Whom to remind of an appointment, on paper: to be called and ticked off one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.lists import TO_FILL_IN, born_and_number, counted, list_document
from clinic_app.documents.page import Document, Edition
from clinic_app.documents.tables import Column
from clinic_app.documents.wording import long_date, short_date, time_of_day


@dataclass(frozen=True, slots=True)
class Reminder:
    """One appointment to remind of. ``starts_at`` is the clinic's wall clock; ``contact_by`` how the patient wishes."""

    patient: PatientIdentity
    phone: str
    contact_by: str
    starts_at: datetime
    injector: str
    kind: str = ""
    remark: str = ""


@dataclass(frozen=True)
class ReminderList:
    """The list of a day, in the order in which it is printed."""

    clinic: Clinic
    printed_on: date
    reminders: Sequence[Reminder]
    edition: Edition = field(default_factory=Edition)


def reminder_list_document(reminder_list: ReminderList) -> Document:
    """The list, laid out."""
    locale = reminder_list.edition.locale
    return list_document(
        reminder_list.clinic,
        reminder_list.edition,
        [
            Column("Patient", 32, bold=True),
            Column("Born, number", 18),
            Column("Phone", 24),
            Column("Contact by", 17),
            Column("Day", 17, bold=True),
            Column("Time", 11, "right", bold=True),
            Column("With", 28),
            Column("Kind", 20),
            Column("Remark", 22),
            Column("Reminded on, by", 24),
        ],
        [
            (
                each.patient.name,
                born_and_number(each.patient, locale),
                each.phone,
                each.contact_by,
                short_date(each.starts_at.date(), locale),
                time_of_day(each.starts_at, locale),
                each.injector,
                each.kind,
                each.remark,
                TO_FILL_IN,
            )
            for each in reminder_list.reminders
        ],
        title="Reminders",
        subtitle=long_date(reminder_list.printed_on, locale),
        lead=f"{counted(len(reminder_list.reminders), 'appointment', 'appointments')} to remind of",
        empty="Nobody is to be reminded.",
        subject="Appointments to remind of",
        day=reminder_list.printed_on,
    )
