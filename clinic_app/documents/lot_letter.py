"""The letter about a lot: one for each patient who got it, in one file, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clinic_app.documents.blocks import bullets, heading, prose
from clinic_app.documents.envelope import SIDE, address, patient_address
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, PatientIdentity, first_head, identity, next_head
from clinic_app.documents.page import MARGIN, Document, Edition, Flow, footer, pages_of
from clinic_app.documents.style import PLAIN, PLAIN_BOLD, PLAIN_SECTION
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import long_date

_REASON_LIMIT = Limit(2000, 80)
_MOST_DAYS = 12


@dataclass(frozen=True)
class LetterRecipient:
    """Who gets a letter: where it goes, on which days the lot was given, the first day first, and in which language."""

    patient: PatientIdentity
    address_lines: tuple[str, ...]
    given_on: tuple[date, ...]
    language: str = "en"


@dataclass(frozen=True)
class LotLetter:
    """The letter. ``reason`` is the clinic's own text on why it writes."""

    clinic: Clinic
    product: str
    lot: str
    reason: str
    written_on: date
    recipients: Sequence[LetterRecipient]
    edition: Edition = field(default_factory=Edition)


def lot_letter_document(letter: LotLetter, to: LetterRecipient) -> Document:
    """The letter to one of them."""
    words, edition = letter.edition.speaking(to.language).worded("lot_letter")
    flow = pages_of(edition, NEXT_HEAD, SIDE)
    flow.y = flow.page_height - MARGIN
    _letter(flow, letter, to, words, edition.locale)
    clinic = one_line(letter.clinic.name)
    return Document(
        flow,
        (next_head(flow, to.patient, words["title"]), footer(flow, clinic[:120], identity(to.patient, edition))),
        title=f"{words['title']} · {one_line(letter.lot)[:60]}",
        author=clinic[:200],
        subject=words["title"],
        about=to.patient.name,
        day=letter.written_on,
    )


def _letter(flow: Flow, letter: LotLetter, to: LetterRecipient, words: dict[str, Any], locale: str) -> None:
    first_head(flow, letter.clinic, words["title"], long_date(letter.written_on, locale))
    address(flow, patient_address(to.patient.name, to.address_lines), letter.edition.paper)
    prose(flow, words["dear"].format(name=one_line(to.patient.name)[:120]), PLAIN, Limit(200, 2))
    flow.down(8)
    prose(flow, _given(letter, to, words, locale), PLAIN)
    flow.down(4)
    prose(flow, words["lot"].format(lot=one_line(letter.lot)[:60]), PLAIN)
    heading(flow, words["heading_why"], PLAIN_SECTION, before=14)
    prose(flow, letter.reason, PLAIN, _REASON_LIMIT)
    heading(flow, words["heading_do"], PLAIN_SECTION, keep=60, before=14)
    phone = one_line(letter.clinic.phone)[:60]
    call = words["call"].format(phone=phone) if phone else words["call_without_phone"]
    bullets(flow, [call, words["tell"], words["show"]], PLAIN)
    heading(flow, words["heading_urgent"], PLAIN_SECTION, keep=60, before=11)
    prose(flow, words["urgent"], PLAIN_BOLD)
    flow.down(16)
    flow.ensure(PLAIN.leading * 5)
    prose(flow, words["close"], PLAIN)
    flow.down(PLAIN.leading * 2)
    prose(flow, letter.clinic.name, PLAIN, Limit(200, 2))


def _given(letter: LotLetter, to: LetterRecipient, words: dict[str, Any], locale: str) -> str:
    product = one_line(letter.product)[:100]
    days = [long_date(day, locale) for day in to.given_on[-_MOST_DAYS:]]
    if len(days) == 1:
        return str(words["given_once"].format(date=days[0], product=product))
    listed = words["and"].join(part for part in (", ".join(days[:-1]), days[-1]) if part)
    return str(words["given_often"].format(dates=listed, product=product))
