"""The visit note: what was found, given, checked and planned, as it was signed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from clinic_app.documents.blocks import facts, heading, labelled_prose, prose
from clinic_app.documents.letterhead import (
    NEXT_HEAD,
    first_head,
    identity,
    next_head,
    patient_band,
)
from clinic_app.documents.map_picture import maps
from clinic_app.documents.page import Document, Flow, draw_text, footer, pages_of, rule, watermark
from clinic_app.documents.style import BODY, BODY_BOLD, QUIET, SMALL, WARNING, TextStyle
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import PROSE_LIMIT, REMARK_LIMIT, Limit, one_line
from clinic_app.documents.visit_content import NoteTotal, NoteVial, VisitNote
from clinic_app.documents.wording import (
    SIDES,
    date_and_time,
    long_date,
    millilitres,
    number,
    short_date,
    time_of_day,
    units,
)

MOST_INJECTIONS = 120
MOST_VIALS = 24
MOST_CHECKS = 40
MOST_ADDENDA = 12


def visit_note_document(note: VisitNote) -> Document:
    """The note, laid out."""
    locale = note.edition.locale
    flow = pages_of(note.edition, NEXT_HEAD)
    visited = long_date(note.visited_on, locale)
    first_head(flow, note.clinic, "Visit note", visited)
    patient_band(flow, note.patient)
    flow.down(8)
    _visit_facts(flow, note)
    _since_last_visit(flow, note)
    _assessment(flow, note)
    _vials(flow, note)
    _injections(flow, note)
    if note.pictures:
        maps(flow, note.pictures, locale, note.dose_limits)
    _checks(flow, note)
    _waste(flow, note)
    labelled_prose(flow, "Immediate complications", note.complications, REMARK_LIMIT)
    _plan(flow, note)
    _signature(flow, note)
    _addenda(flow, note)

    title = f"Visit note · {visited}"
    sealed = "signed content" if note.brought_in is None else "content as it was brought in"
    digest = f"SHA-256 of the {sealed}: {note.signature.digest[:128]}" if note.signature else ""
    furniture = [
        next_head(flow, note.patient, title),
        footer(flow, one_line(note.clinic.name)[:120], identity(note.patient, note.edition), above=digest),
    ]
    if note.signature is None:
        furniture.append(watermark(note.edition.words["draft"]))
    return Document(
        flow,
        tuple(furniture),
        title=title,
        author=one_line(note.clinic.name)[:200],
        subject="Visit note",
        about=note.patient.name,
        day=note.visited_on,
    )


def _visit_facts(flow: Flow, note: VisitNote) -> None:
    indication = one_line(note.indication)
    if note.icd10cm:
        indication = f"{indication} (ICD-10-CM {one_line(note.icd10cm)})"
    facts(
        flow,
        [
            ("Visited on", long_date(note.visited_on, note.edition.locale)),
            ("Injector", note.injector),
            ("Indication", indication),
            ("Corrected", _corrected(note)),
        ],
    )


def _corrected(note: VisitNote) -> str:
    """Tells on the first page that what stands there was corrected, and where to read it."""
    if not note.addenda:
        return ""
    latest = date_and_time(note.addenda[-1].signed_at, note.edition.locale)
    if len(note.addenda) == 1:
        return f"{latest}; see the end of the note"
    return f"{len(note.addenda)} times, last {latest}; see the end of the note"


def _since_last_visit(flow: Flow, note: VisitNote) -> None:
    response = note.response
    if response is None and not note.history.strip():
        return
    heading(flow, "Since the last visit")
    if response is not None:
        effects = "; ".join(one_line(effect) for effect in response.side_effects[:30])
        facts(
            flow,
            [
                ("Injected on", _weeks_before(response.injected_on, note)),
                ("Best benefit", f"{response.best_percent} %" if response.best_percent is not None else ""),
                ("Benefit began", f"day {response.first_day}" if response.first_day is not None else ""),
                ("Wore off", f"week {response.wore_off_week}" if response.wore_off_week is not None else ""),
                ("Pain", f"{response.pain} of 10" if response.pain is not None else ""),
                ("Patient says", response.patient_impression),
                ("Clinician says", response.clinician_impression),
                ("Side effects", effects or ("none reported" if response.side_effects_asked else "not asked")),
            ],
        )
        if response.remark.strip():
            prose(flow, response.remark, BODY, REMARK_LIMIT)
    if note.history.strip():
        prose(flow, note.history, BODY, PROSE_LIMIT)


def _weeks_before(injected_on: date | None, note: VisitNote) -> str:
    if injected_on is None:
        return ""
    weeks = round((note.visited_on - injected_on).days / 7)
    return f"{short_date(injected_on, note.edition.locale)}, {weeks} {'week' if weeks == 1 else 'weeks'} before"


def _assessment(flow: Flow, note: VisitNote) -> None:
    scales = "; ".join(f"{one_line(name)} {one_line(total)}" for name, total in note.scale_totals[:20])
    if not note.assessment.strip() and not scales:
        return
    heading(flow, "Assessment")
    prose(flow, note.assessment, BODY, PROSE_LIMIT)
    facts(flow, [("Scale totals", scales)])


def _injections(flow: Flow, note: VisitNote) -> None:
    locale = note.edition.locale
    if not note.injections:
        heading(flow, "Injections")
        prose(flow, "No injection was given.")
        return
    several = len({injection.vial_lot for injection in note.injections}) > 1
    rows = [
        (
            injection.muscle,
            SIDES.get(str(injection.side), str(injection.side)),
            number(injection.units, locale),
            number(injection.volume_ml, locale),
            str(injection.points) if injection.points else "",
            ", ".join(injection.guidance),
            injection.vial_lot if several else "",
            injection.remark,
        )
        for injection in note.injections
    ]
    points = sum(injection.points for injection in note.injections)
    # One product only: its total closes the table. Several stand below, each by itself.
    only = note.totals[0] if len(note.totals) == 1 else None
    total: Sequence[str] = ()
    if only is not None:
        total = (
            f"Total {one_line(only.product)}",
            "",
            number(only.units, locale),
            number(only.volume_ml, locale),
            str(points) if points else "",
            "",
            "",
            "",
        )
    table(
        flow,
        [
            Column("Muscle", 32, bold=True),
            Column("Side", 10),
            Column("Units (U)", 11, "decimal"),
            Column("mL", 8, "decimal"),
            Column("Points", 8, "right"),
            Column("Guidance", 22),
            Column("Lot", 13),
            Column("Remark", 22),
        ],
        rows,
        total=total,
        most=MOST_INJECTIONS,
        headed="Injections",
    )
    if len(note.totals) > 1:
        flow.down(4)
        facts(flow, [(f"Total {index}", _total(each, locale)) for index, each in enumerate(note.totals[:12], start=1)])


def _total(total: NoteTotal, locale: str) -> str:
    volume = f", {millilitres(total.volume_ml, locale)}" if total.volume_ml is not None else ""
    return f"{one_line(total.product)}: {units(total.units, locale)}{volume}"


_NOT_KNOWN = "not known"
"""What a file of before did not tell; an empty place would leave it open."""


def _vials(flow: Flow, note: VisitNote) -> None:
    """What was agreed to and what it was given from, before what was given."""
    locale = note.edition.locale
    heading(flow, "Consent and vials", keep=50)
    facts(flow, [("Consent", note.consent or "Not recorded")])
    flow.down(2)
    not_known = _NOT_KNOWN if note.brought_in is not None else ""
    rows = [
        (
            vial.product,
            ", serial ".join(one_line(part) for part in (vial.lot, vial.serial) if part) or not_known,
            short_date(vial.expires_on, locale) or not_known,
            units(vial.size_units, locale) or not_known,
            ", ".join(part for part in (_diluent(vial, locale), _prepared(vial, note.visited_on, locale)) if part)
            or not_known,
            number(vial.units_per_tenth_ml, locale),
        )
        for vial in note.vials
    ]
    table(
        flow,
        [
            Column("Product", 30),
            Column("Lot", 14, bold=True),
            Column("Expiry", 15.5),
            Column("Size", 13 if not_known else 10, "right"),
            Column("Reconstituted", 41 if not_known else 44),
            Column("U/0.1 mL", 10, "right"),
        ],
        rows,
        most=MOST_VIALS,
    )


def _waste(flow: Flow, note: VisitNote) -> None:
    """Where the units of each vial went: given and wasted are all that was in it."""
    locale = note.edition.locale
    if not any(vial.size_units is not None or vial.wasted_units is not None for vial in note.vials):
        return
    table(
        flow,
        [
            Column("Product", 30),
            Column("Lot", 20, bold=True),
            Column("In the vial", 11, "right"),
            Column("Given", 11, "right"),
            Column("Wasted", 11, "right"),
            Column("Reason", 24),
            Column("Seen by", 20),
        ],
        [
            (
                vial.product,
                vial.lot or _NOT_KNOWN,
                units(vial.size_units, locale) or _NOT_KNOWN,
                units(vial.given_units, locale),
                units(vial.wasted_units, locale) or _NOT_KNOWN,
                vial.waste_reason,
                vial.witness,
            )
            for vial in note.vials
        ],
        headed="Given and wasted",
        most=MOST_VIALS,
    )


def _diluent(vial: NoteVial, locale: str) -> str:
    return " ".join(part for part in (millilitres(vial.diluent_ml, locale), one_line(vial.diluent)) if part)


def _prepared(vial: NoteVial, visited_on: date, locale: str) -> str:
    if vial.reconstituted_at is not None and vial.reconstituted_at.date() != visited_on:
        return date_and_time(vial.reconstituted_at, locale)
    return time_of_day(vial.reconstituted_at, locale)


def _checks(flow: Flow, note: VisitNote) -> None:
    if not note.checks:
        return
    rows = [(check.action, check.said, check.reason, check.by) for check in note.checks]
    table(
        flow,
        [
            Column("Done", 14, bold=True),
            Column("What the check said", 42),
            Column("Reason given", 26),
            Column("By", 18),
        ],
        rows,
        most=MOST_CHECKS,
        headed="Checks",
        limit=Limit(1000, 8),
    )


def _plan(flow: Flow, note: VisitNote) -> None:
    locale = note.edition.locale
    codes = ", ".join(one_line(code) for code in note.codes[:40])
    coming = [("Next interval", note.next_interval), ("Next visit", date_and_time(note.next_visit, locale))]
    if not codes and not note.plan.strip() and not any(value.strip() for _, value in coming):
        return
    heading(flow, "Codes and plan")
    facts(flow, [("Codes", codes)])
    prose(flow, note.plan, BODY, PROSE_LIMIT)
    facts(flow, coming)


def _signature(flow: Flow, note: VisitNote) -> None:
    flow.down(10)
    flow.ensure(34)
    top, signature, origin = flow.y, note.signature, note.brought_in

    def draw(canvas: Any) -> None:
        rule(canvas, flow.left, flow.right, top, QUIET, 0.6)
        if signature is None:
            style = TextStyle(9, 12, bold=True, colour=WARNING)
            draw_text(canvas, "Draft. Not signed: not part of the record yet.", flow.left, top - 14, style, flow.width)
            return
        if origin is not None:
            at = date_and_time(origin.at, note.edition.locale)
            words = f"Brought in from {one_line(origin.file_name)[:60]} on {at} by {one_line(origin.by)[:60]}."
            draw_text(canvas, words, flow.left, top - 14, BODY_BOLD, flow.width)
            draw_text(canvas, "Nobody signed it in this program.", flow.left, top - 25, BODY, flow.width)
            return
        draw_text(canvas, one_line(signature.name), flow.left, top - 14, BODY_BOLD, flow.width)
        words = f"Signed electronically on {date_and_time(signature.signed_at, note.edition.locale)}"
        draw_text(canvas, words, flow.left, top - 25, SMALL, flow.width)

    flow.add(draw)
    flow.y -= 32 if signature is not None else 20


def _addenda(flow: Flow, note: VisitNote) -> None:
    for addendum in note.addenda[:MOST_ADDENDA]:
        signed = date_and_time(addendum.signed_at, note.edition.locale)
        heading(flow, f"Correction · {signed} · {one_line(addendum.author)[:120]}")
        if addendum.reason.strip():
            facts(flow, [("Reason", addendum.reason)])
        prose(flow, addendum.text, BODY, PROSE_LIMIT)
        if addendum.digest:
            flow.down(2)
            prose(flow, f"SHA-256 of the correction and of the visit: {addendum.digest[:128]}", SMALL, REMARK_LIMIT)
    if len(note.addenda) > MOST_ADDENDA:
        flow.down(6)
        prose(flow, f"… {len(note.addenda) - MOST_ADDENDA} more corrections in the record", BODY_BOLD)
