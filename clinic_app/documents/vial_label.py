"""The label of a vial that was mixed for a patient: black on white, on one die-cut label of a label printer.

The strength stands largest. Of the patient it says what keeps two vials apart and no more.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clinic_app.documents.letterhead import PatientIdentity
from clinic_app.documents.page import Document, Edition, Flow, draw_line, draw_text, rule
from clinic_app.documents.style import MILLIMETRE, TextStyle
from clinic_app.documents.text import fitted, one_line, text_width
from clinic_app.documents.wording import date_and_time, millilitres, number, short_date, units

LABEL_SIZE = (62 * MILLIMETRE, 29 * MILLIMETRE)
"""A size that label printers have ready cut."""
_MARGIN = 2 * MILLIMETRE
_BLACK = "#000000"
_PRODUCT = TextStyle(8.5, 10, bold=True, colour=_BLACK)
_STRENGTHS = tuple(TextStyle(size, size, bold=True, colour=_BLACK) for size in (14.0, 12.0, 9.0, 6.5))
_LINE = TextStyle(6.8, 7.6, colour=_BLACK)
_LINE_BOLD = TextStyle(6.8, 7.6, bold=True, colour=_BLACK)


@dataclass(frozen=True)
class VialLabel:
    """One vial. Units are of ``product``; moments are the clinic's wall clock.

    ``use_by`` is the end of the hours that the label of the product allows, None where the reference has not verified
    them: the label then leaves room to write it, as it does for who mixed the vial, which no record holds.
    ``patient`` is whom the vial is for, with the family name and an initial; the ``clinic`` is named in the file alone.
    """

    product: str
    lot: str
    expires_on: date | None
    size_units: Decimal
    diluent: str
    diluent_ml: Decimal | None
    units_per_tenth_ml: Decimal | None
    mixed_at: datetime | None
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
    y -= 12.6
    per_tenth = label.units_per_tenth_ml
    strength = f"{number(per_tenth, locale)} U per 0.1 mL" if per_tenth is not None else units(label.size_units, locale)
    # Smaller before shortened: a figure without its end is another figure.
    style = next((each for each in _STRENGTHS if text_width(strength, each) <= room), _STRENGTHS[-1])
    draw_text(canvas, strength, left, y, style, room)
    y -= 9.2
    for style, words, to_write in _lines(label, locale):
        line = fitted(words, style, room)
        draw_line(canvas, line, left, y, style)
        if to_write:
            rule(canvas, left + line.width + 3, right, y - 0.8, _BLACK, 0.4)
        y -= style.leading
    rule(canvas, left, right, y + 4.6, _BLACK, 0.5)
    y -= 3.0
    draw_text(canvas, label.patient.name or "Name not recorded", left, y, _LINE_BOLD, room)
    born = short_date(label.patient.birth_date, locale) or "not recorded"
    whose = f"born {born} · {one_line(label.patient.record_number)[:40]}"
    draw_text(canvas, whose, left, y - _LINE.leading, _LINE, room)


def _lines(label: VialLabel, locale: str) -> list[tuple[TextStyle, str, bool]]:
    """Each with its style, and whether the rest of the line is written by hand."""
    contents = units(label.size_units, locale)
    if label.diluent_ml:
        contents = f"{contents} in {millilitres(label.diluent_ml, locale)} {one_line(label.diluent)[:60]}".strip()
    expiry = f"Expires {short_date(label.expires_on, locale)} · " if label.expires_on else ""
    lines = [
        (_LINE, contents, False),
        (_LINE, f"{expiry}Lot {one_line(label.lot)[:60] or 'not recorded'}", False),
    ]
    if label.mixed_at is not None:
        lines.append((_LINE, f"Mixed {date_and_time(label.mixed_at, locale)} by", True))
    until = date_and_time(label.use_by, locale)
    lines.append((_LINE_BOLD, f"Use by {until}".strip(), not until))
    return lines
