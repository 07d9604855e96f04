"""The label of a vial that was mixed for a patient: black on white, on one die-cut label of a label printer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clinic_app.documents.letterhead import PatientIdentity
from clinic_app.documents.page import Document, Edition, Flow, draw_text, rule
from clinic_app.documents.style import MILLIMETRE, TextStyle
from clinic_app.documents.text import one_line
from clinic_app.documents.wording import date_and_time, millilitres, number, short_date, units

LABEL_SIZE = (62 * MILLIMETRE, 29 * MILLIMETRE)
"""A size that label printers have ready cut."""
_MARGIN = 2 * MILLIMETRE
_BLACK = "#000000"
_PRODUCT = TextStyle(8.5, 10, bold=True, colour=_BLACK)
_STRENGTH = TextStyle(13, 15, bold=True, colour=_BLACK)
_LINE = TextStyle(6.8, 7.6, colour=_BLACK)
_LINE_BOLD = TextStyle(6.8, 7.6, bold=True, colour=_BLACK)


@dataclass(frozen=True)
class VialLabel:
    """One vial. Units are of ``product``; moments are the clinic's wall clock.

    ``use_by`` is the end of the hours that the label of the product allows, None where the reference has not verified
    them: the label then leaves room to write it. ``patient`` is whom the vial is for; the
    ``clinic`` is named in the file alone.
    """

    product: str
    lot: str
    expires_on: date | None
    size_units: Decimal
    diluent: str
    diluent_ml: Decimal | None
    units_per_tenth_ml: Decimal | None
    mixed_at: datetime | None
    mixed_by: str
    use_by: datetime | None
    patient: PatientIdentity
    clinic: str
    edition: Edition = field(default_factory=Edition)


def vial_label_document(label: VialLabel) -> Document:
    """The label, laid out on one label."""
    width, height = LABEL_SIZE
    flow = Flow(width, height, _MARGIN, _MARGIN, _MARGIN, edition=label.edition)
    flow.add(lambda canvas: _draw(canvas, label))
    mixed_on = label.mixed_at.date() if label.mixed_at is not None else None
    return Document(
        flow,
        (),
        title="Vial label",
        author=one_line(label.clinic)[:200],
        subject="Vial label",
        day=mixed_on,
        about=label.patient.name,
    )


def _draw(canvas: Any, label: VialLabel) -> None:
    width, height = LABEL_SIZE
    left, right, locale = _MARGIN, width - _MARGIN, label.edition.locale
    room = right - left
    y = height - _MARGIN - 7.3  # a capital letter with its accent stays within the margin's half
    draw_text(canvas, label.product, left, y, _PRODUCT, room)
    y -= 12.2
    per_tenth = label.units_per_tenth_ml
    strength = f"{number(per_tenth, locale)} U per 0.1 mL" if per_tenth is not None else units(label.size_units, locale)
    draw_text(canvas, strength, left, y, _STRENGTH, room)
    y -= 9
    for style, words in _lines(label, locale):
        draw_text(canvas, words, left, y, style, room)
        y -= style.leading
    rule(canvas, left, right, y + 5.2, _BLACK, 0.5)
    y -= 3
    draw_text(canvas, label.patient.name or "Name not recorded", left, y, _LINE_BOLD, room)
    born = short_date(label.patient.birth_date, locale) or "not recorded"
    whose = f"born {born} · {one_line(label.patient.record_number)[:40]}"
    draw_text(canvas, whose, left, y - _LINE.leading, _LINE, room)


def _lines(label: VialLabel, locale: str) -> list[tuple[TextStyle, str]]:
    contents = units(label.size_units, locale)
    if label.diluent_ml:
        contents = f"{contents} in {millilitres(label.diluent_ml, locale)} {one_line(label.diluent)[:60]}".strip()
    expiry = f" · expires {short_date(label.expires_on, locale)}" if label.expires_on else ""
    lines = [(_LINE, contents), (_LINE, f"Lot {one_line(label.lot)[:40] or 'not recorded'}{expiry}")]
    if label.mixed_at is not None:
        by = f" · {one_line(label.mixed_by)[:60]}" if label.mixed_by else ""
        lines.append((_LINE, f"Mixed {date_and_time(label.mixed_at, locale)}{by}"))
    until = date_and_time(label.use_by, locale) if label.use_by is not None else "________________"
    lines.append((_LINE_BOLD, f"Use by {until}"))
    return lines
