"""Who was in a patient's record, on paper: for the patient who asks, and for whoever looks into a complaint."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from clinic_app.documents.blocks import prose
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, PatientIdentity, first_head, next_head, patient_band
from clinic_app.documents.page import Document, Edition, Flow, footer, plain
from clinic_app.documents.style import BODY, paper_size
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import long_date, short_date, time_of_day

MOST_ROWS = 5000
_TITLE = "Who was in the record"


@dataclass(frozen=True)
class AccessLine:
    """What one person did on one day, between two moments of the clinic's wall clock."""

    first: datetime
    last: datetime
    who: str
    roles: str
    workstations: str
    acts: str


@dataclass(frozen=True)
class AccessList:
    """The list of one patient, the latest day first."""

    clinic: Clinic
    patient: PatientIdentity
    printed_on: date
    lines: Sequence[AccessLine]
    edition: Edition = field(default_factory=Edition)


def access_list_document(access: AccessList) -> Document:
    """The list, laid out."""
    locale = access.edition.locale
    width, height = paper_size(access.edition.paper)
    flow = Flow(width, height, NEXT_HEAD, edition=access.edition)
    day = long_date(access.printed_on, locale)
    first_head(flow, access.clinic, _TITLE, day)
    patient_band(flow, access.patient)
    flow.down(8)
    lead = "Everybody who looked at, changed, printed or signed something in this record, one line a person and day."
    prose(flow, lead if access.lines else "Nobody was in this record since it is kept.", BODY)
    flow.down(6)
    table(
        flow,
        [
            Column("Day", 17),
            Column("From, to", 17),
            Column("Who", 26),
            Column("Workstation", 18),
            Column("What", 56),
        ],
        [
            (
                short_date(line.first.date(), locale),
                _between(line, locale),
                f"{line.who or 'the program itself'}\n{line.roles}".strip(),
                line.workstations,
                line.acts,
            )
            for line in access.lines
        ],
        most=MOST_ROWS,
        limit=Limit(2000, 12),
    )
    whole, name = f"{_TITLE} · {day}", one_line(access.clinic.name)
    return Document(
        flow,
        (next_head(flow, access.patient, whole), footer(flow, name[:120], plain(whole))),
        title=whole,
        author=name[:200],
        subject="Who looked at, changed, printed or signed something in a patient's record",
        about=access.patient.name,
        day=access.printed_on,
    )


def _between(line: AccessLine, locale: str) -> str:
    first, last = time_of_day(line.first, locale), time_of_day(line.last, locale)
    return first if first == last else f"{first}\n{last}"
