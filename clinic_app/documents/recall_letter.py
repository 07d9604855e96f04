"""The letter to patients who have no next appointment: one page each, several in one file, in plain words.

The address stands where the windows of the usual envelopes are. Neither there nor anywhere else does the letter name a
diagnosis or a medicine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from clinic_app.documents.blocks import bullets, heading, prose
from clinic_app.documents.envelope import SIDE, address, patient_address
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, PatientIdentity, first_head, identity
from clinic_app.documents.page import MARGIN, Document, Edition, Flow, footer, pages_of
from clinic_app.documents.style import PLAIN, PLAIN_SECTION
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import long_date

Why = Literal["due", "overdue", "cancelled", "no_show"]


@dataclass(frozen=True)
class RecallRecipient:
    """Who gets a letter in which language, and why: ``weeks`` is the interval, ``missed_on`` the day of what was
    cancelled or missed."""

    patient: PatientIdentity
    address_lines: tuple[str, ...]
    why: Why
    injected_on: date
    weeks: int
    missed_on: date | None = None
    language: str = "en"


@dataclass(frozen=True)
class RecallLetters:
    """The letters of a day, in the order in which they are printed."""

    clinic: Clinic
    written_on: date
    recipients: Sequence[RecallRecipient]
    edition: Edition = field(default_factory=Edition)


def recall_letter_document(letters: RecallLetters, to: RecallRecipient) -> Document:
    """The letter to one of them, on one page."""
    words, edition = letters.edition.speaking(to.language).worded("recall_letter")
    flow = pages_of(edition, NEXT_HEAD, SIDE)
    flow.y = flow.page_height - MARGIN
    _letter(flow, letters, to, words, edition.locale)
    clinic = one_line(letters.clinic.name)
    return Document(
        flow,
        (footer(flow, clinic[:120], identity(to.patient, edition)),),
        title=words["title"],
        author=clinic[:200],
        subject=words["title"],
        about=to.patient.name,
        day=letters.written_on,
    )


def _letter(flow: Flow, letters: RecallLetters, to: RecallRecipient, words: dict[str, Any], locale: str) -> None:
    first_head(flow, letters.clinic, words["title"], long_date(letters.written_on, locale))
    address(flow, patient_address(to.patient.name, to.address_lines), letters.edition.paper)
    prose(flow, words["dear"].format(name=one_line(to.patient.name)[:120]), PLAIN, Limit(200, 2))
    flow.down(8)
    prose(flow, words["last"].format(date=long_date(to.injected_on, locale), weeks=to.weeks), PLAIN)
    flow.down(4)
    prose(flow, words[to.why].format(missed=long_date(to.missed_on, locale)), PLAIN)
    heading(flow, words["heading_do"], PLAIN_SECTION, before=14)
    phone = one_line(letters.clinic.phone)[:60]
    call = words["call"].format(phone=phone) if phone else words["call_without_phone"]
    bullets(flow, [call, words["tell"], words["booked"]], PLAIN)
    heading(flow, words["heading_stop"], PLAIN_SECTION, before=11)
    prose(flow, words["stop"], PLAIN)
    flow.down(16)
    prose(flow, words["close"], PLAIN)
    flow.down(PLAIN.leading * 2)
    prose(flow, one_line(letters.clinic.name)[:150], PLAIN, Limit(150, 3))
