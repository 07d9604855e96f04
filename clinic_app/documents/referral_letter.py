"""The letter to the doctor who referred a patient: what was done and what to look for, on one page as a rule.

It holds what a colleague treats by and nothing that is the clinic's own: no answered checks, consent, waste or codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from clinic_app.documents.blocks import prose, strong
from clinic_app.documents.envelope import ADDRESS, ADDRESS_WIDTH, SIDE, address
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, PatientIdentity, first_head, identity, next_head
from clinic_app.documents.page import MARGIN, Document, Edition, Flow, draw_line, draw_text, footer, pages_of, rule
from clinic_app.documents.style import ACCENT, BODY, QUIET, SMALL, TextStyle
from clinic_app.documents.tables import Band, Column, table
from clinic_app.documents.text import Limit, Line, one_line, with_ellipsis, wrapped
from clinic_app.documents.visit_content import NoteAddendum, NoteResponse, NoteSignature, NoteTotal
from clinic_app.documents.wording import date_and_time, long_date, number, units

MOST_MUSCLES = 20
MOST_CORRECTIONS = 2
WATCH = (
    "Botulinum toxin can weaken muscles beyond those injected, hours to weeks later. Trouble swallowing, speaking or "
    "breathing needs emergency care at once. Aminoglycoside antibiotics and medicines that block neuromuscular "
    "transmission may strengthen the effect. Botulinum toxin of any kind given elsewhere, also for cosmetic reasons, "
    "may add to it."
)
"""The boxed warning and the interactions in ``class_facts`` of ``resources/reference/toxins.yaml``, sources there."""
OWN_UNITS = "Units of different products cannot be compared or converted."
"""``class_facts``, ``non_interchangeability``, of the same file."""

_INDENT = 76.0
_SUBJECT = TextStyle(10.5, 14, bold=True)
_LABEL = TextStyle(9, 12, bold=True, colour=ACCENT)
_MOST_ADDRESS_LINES = 5
_LONG, _SHORT = Limit(2500, 14), Limit(900, 6)
_NOTE, _CELL = Limit(300, 2), Limit(120, 1)
_SIDES = ("left", "right", "midline")


@dataclass(frozen=True)
class LetterInjection:
    """One muscle and side as given, in units of ``product``; ``reason`` where it treats another than the visit's."""

    muscle: str
    side: str
    units: Decimal
    product: str
    reason: str = ""


@dataclass(frozen=True)
class ReferralLetter:
    """What the letter says. ``to`` is the referring doctor as the record names them, "" for whom it may concern.

    ``indication`` stands in the middle of a sentence; ``response`` is to the injections before.
    """

    clinic: Clinic
    patient: PatientIdentity
    to: str
    written_on: date
    visited_on: date
    injector: str
    indication: str
    signature: NoteSignature
    injections: Sequence[LetterInjection]
    totals: Sequence[NoteTotal]
    icd10cm: str = ""
    response: NoteResponse | None = None
    assessment: str = ""
    scale_totals: Sequence[tuple[str, str]] = ()
    complications: str = ""
    plan: str = ""
    next_interval: str = ""
    next_visit: datetime | None = None
    corrections: Sequence[NoteAddendum] = ()
    edition: Edition = field(default_factory=Edition)


def referral_letter_document(letter: ReferralLetter) -> Document:
    """The letter, laid out."""
    locale = letter.edition.locale
    flow = pages_of(letter.edition, NEXT_HEAD, SIDE)
    flow.y = flow.page_height - MARGIN
    first_head(flow, letter.clinic, "Treatment letter", long_date(letter.written_on, locale))
    _opening(flow, letter, _address_lines(letter.to))
    _corrections(flow, letter)
    _response(flow, letter)
    _injections(flow, letter)
    _findings(flow, letter)
    _plan(flow, letter)
    _labelled(flow, "Watch for", WATCH)
    _close(flow, letter)
    title = f"Treatment letter · {long_date(letter.visited_on, locale)}"
    clinic = one_line(letter.clinic.name)
    return Document(
        flow,
        (
            next_head(flow, letter.patient, title),
            footer(flow, clinic[:120], identity(letter.patient, letter.edition)),
        ),
        title=title,
        author=clinic[:200],
        subject="Letter to the referring doctor",
        about=letter.patient.name,
        day=letter.written_on,
    )


def _address_lines(to: str) -> list[Line]:
    """The doctor as typed in one field, where semicolons part name and address."""
    lines, cut = wrapped(to.replace(";", "\n"), ADDRESS, ADDRESS_WIDTH, Limit(300, _MOST_ADDRESS_LINES))
    if cut and lines:
        lines[-1] = with_ellipsis(lines[-1], ADDRESS, ADDRESS_WIDTH)
    return [line for line in lines if line.runs]


def _labelled(flow: Flow, label: str, *paragraphs: str, limit: Limit = _SHORT) -> None:
    """Paragraphs with what they are about at their left, which takes less of the page than a heading."""
    told = [words for words in paragraphs if words.strip()]
    if not told:
        return
    flow.down(5)
    flow.ensure(BODY.leading * 2)
    baseline = flow.y - BODY.leading * 0.78
    flow.add(lambda canvas: draw_text(canvas, label, flow.left, baseline, _LABEL, _INDENT - 4))
    for words in told:
        prose(flow, words, BODY, limit, _INDENT)


def _opening(flow: Flow, letter: ReferralLetter, to: Sequence[Line]) -> None:
    """To whom and about whom, and the gist: who reads no further knows what was given for what."""
    locale, known = letter.edition.locale, bool(to)
    if known:
        address(flow, to, letter.edition.paper)
    else:
        flow.down(30)
    subject = identity(letter.patient, letter.edition)(_SUBJECT, flow.width)
    baseline = flow.y - _SUBJECT.leading * 0.78
    flow.add(lambda canvas: draw_line(canvas, subject, flow.left, baseline, _SUBJECT))
    flow.y -= _SUBJECT.leading + 6
    prose(flow, "Dear colleague," if known else "To whom it may concern,", BODY)
    flow.down(5)
    name, day = one_line(letter.patient.name)[:120] or "this patient", long_date(letter.visited_on, locale)
    given = " and ".join(
        f"{one_line(total.product)[:120]}, {units(total.units, locale)} in total," for total in letter.totals[:6]
    )
    indication = one_line(letter.indication)[:160] or "an indication that is not recorded"
    if letter.icd10cm.strip():
        indication = f"{indication} (ICD-10-CM {one_line(letter.icd10cm)[:20]})"
    begun = f"Thank you for referring {name}. On {day}" if known else f"We treated {name}: on {day}"
    prose(flow, f"{begun} we injected {given} for {indication}.", BODY, _SHORT)


def _response(flow: Flow, letter: ReferralLetter) -> None:
    response = letter.response
    if response is None:
        return
    before = long_date(response.injected_on, letter.edition.locale) or "the visit before"
    benefit = [
        f"best benefit {response.best_percent} %" if response.best_percent is not None else "",
        f"from day {response.first_day}" if response.first_day is not None else "",
        f"worn off in week {response.wore_off_week}" if response.wore_off_week is not None else "",
    ]
    told = ", ".join(part for part in benefit if part) or "benefit not recorded"
    effects = "; ".join(one_line(effect) for effect in response.side_effects[:12])
    effects = effects or ("none reported" if response.side_effects_asked else "not asked")
    words = f"After the injections of {before}: {told}. Side effects: {effects}."
    _labelled(flow, "Response", words, response.remark)


def _injections(flow: Flow, letter: ReferralLetter) -> None:
    """One row for each muscle, its sides beside each other; each product and reason under its own band."""
    locale = letter.edition.locale
    products = [total.product for total in letter.totals]
    rows: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for given in sorted(letter.injections, key=lambda each: (products.index(each.product), each.reason)):
        sides = rows.setdefault((given.product, given.reason, given.muscle), {})
        side = given.side if given.side in _SIDES else "midline"
        sides[side] = sides.get(side, Decimal(0)) + given.units
    groups = [(product, reason) for product, reason, _ in rows]
    bands = [
        Band(groups.index(group), ", ".join(one_line(part) for part in group if part))
        for group in dict.fromkeys(groups)
    ]
    flow.down(6)
    table(
        flow,
        [
            Column("Muscle", 30, bold=True),
            Column("Left (U)", 13, "decimal"),
            Column("Right (U)", 13, "decimal"),
            Column("Midline (U)", 13, "decimal"),
        ],
        [(muscle, *(number(sides.get(side), locale) for side in _SIDES)) for (_, _, muscle), sides in rows.items()],
        most=MOST_MUSCLES,
        limit=_CELL,
        bands=bands if len(bands) > 1 else (),
    )
    flow.down(3)
    several = len(products) > 1
    whose = "each product's own" if several else f"those of {''.join(one_line(each)[:120] for each in products)}"
    prose(flow, f"Units (U) are {whose}. {OWN_UNITS}", SMALL, _NOTE)


def _findings(flow: Flow, letter: ReferralLetter) -> None:
    scales = "; ".join(f"{one_line(name)[:80]} {one_line(total)[:20]}" for name, total in letter.scale_totals[:12])
    _labelled(flow, "Assessment", letter.assessment, f"Scale totals: {scales}." if scales else "", limit=_LONG)
    _labelled(flow, "Complications", letter.complications if letter.complications.strip() else "None recorded.")


def _plan(flow: Flow, letter: ReferralLetter) -> None:
    coming = date_and_time(letter.next_visit, letter.edition.locale)
    interval = f"Next injections planned after {letter.next_interval}. " if letter.next_interval.strip() else ""
    _labelled(flow, "Plan", letter.plan, f"{interval}Next appointment: {coming or 'not booked yet'}.")


def _corrections(flow: Flow, letter: ReferralLetter) -> None:
    """What was corrected after the signature: who treats by this letter must not treat by the error."""
    for correction in letter.corrections[-MOST_CORRECTIONS:]:
        signed = date_and_time(correction.signed_at, letter.edition.locale)
        who = f"Signed on {signed} by {one_line(correction.author)[:80]}:"
        _labelled(flow, "Correction", who, correction.text)
    if len(letter.corrections) > MOST_CORRECTIONS:
        strong(flow, f"… {len(letter.corrections) - MOST_CORRECTIONS} earlier corrections in the record")


def _close(flow: Flow, letter: ReferralLetter) -> None:
    locale, signature = letter.edition.locale, letter.signature
    flow.down(9)
    flow.ensure(58)
    phone = one_line(letter.clinic.phone)[:60]
    prose(flow, f"Please call us with any question: {phone}." if phone else "Please call us with any question.", BODY)
    top = flow.y - 6
    flow.add(lambda canvas: rule(canvas, flow.left, flow.right, top, QUIET, 0.6))
    flow.y = top - 5
    strong(flow, signature.name)
    signed = f"Signed electronically by {one_line(signature.name)[:50]} on {date_and_time(signature.signed_at, locale)}"
    if letter.injector.strip() and letter.injector != signature.name:
        signed = f"{signed}. Injected by {one_line(letter.injector)[:50]}"
    prose(flow, f"{signed}.", SMALL, _NOTE)
