"""Lists of people on lying paper: to work through at a desk, line by line."""

from collections.abc import Sequence
from datetime import date

from clinic_app.documents.blocks import prose
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, PatientIdentity, first_head, next_head
from clinic_app.documents.page import Document, Edition, Flow, footer, plain
from clinic_app.documents.style import BODY, SMALL, paper_size
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import short_date

MOST_ROWS = 1000
ROW_LIMIT = Limit(200, 3)
TO_FILL_IN = "_" * 16
KEEP_SECRET = "Contains patient data. Destroy after use."


def list_document(
    clinic: Clinic,
    edition: Edition,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    title: str,
    subtitle: str,
    lead: str,
    empty: str,
    subject: str,
    day: date,
    most: int = MOST_ROWS,
) -> Document:
    """The list; ``lead`` stands above it, ``empty`` in the place of no rows."""
    flow = lying_flow(edition)
    first_head(flow, clinic, title, subtitle)
    prose(flow, lead, BODY)
    flow.down(6)
    if not rows:
        prose(flow, empty, BODY)
    table(flow, columns, rows, most=most, limit=ROW_LIMIT)
    flow.down(4)
    prose(flow, KEEP_SECRET, SMALL)
    whole, name = f"{title} · {subtitle}", one_line(clinic.name)
    return Document(
        flow,
        (next_head(flow, None, whole), footer(flow, name[:120], plain(whole))),
        title=whole,
        author=name[:200],
        subject=subject,
        day=day,
    )


def lying_flow(edition: Edition) -> Flow:
    """An empty flow on the paper of ``edition``, lying: many columns of names and numbers."""
    width, height = paper_size(edition.paper)
    return Flow(height, width, NEXT_HEAD, edition=edition)


def counted(number: int, one: str, many: str) -> str:
    """For example "1 appointment" and "2 appointments"."""
    return f"{number} {one if number == 1 else many}"


def born_and_number(patient: PatientIdentity, locale: str) -> str:
    """Birth date over record number, as they stand in one cell."""
    return f"{short_date(patient.birth_date, locale) or 'not recorded'}\n{patient.record_number}"
