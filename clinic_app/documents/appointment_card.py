"""The card with the next appointment, and a code that a telephone reads into its calendar."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.logo import LOGO_GAP, logo_within
from clinic_app.documents.page import Document, Edition, Flow, draw_line, draw_text, rule
from clinic_app.documents.style import ACCENT, INK, MILLIMETRE, QUIET, TextStyle, rgb
from clinic_app.documents.text import Limit, fitted, one_line, text_width, wrapped
from clinic_app.documents.wording import opening, time_of_day, weekday_date

CARD_SIZE = (148 * MILLIMETRE, 105 * MILLIMETRE)  # A6, lying

_CODE_SIZE = 46 * MILLIMETRE
_MARGIN = 9 * MILLIMETRE
_LOGO_SIZE = (90.0, 27.0)  # as high as the two lines beside it
_QUIET_SMALL = TextStyle(8, 10.5, colour=QUIET)


@dataclass(frozen=True)
class AppointmentCard:
    """One appointment. ``starts_at`` carries the clinic's zone, so that the telephone shows the right hour."""

    clinic: Clinic
    patient_name: str
    starts_at: datetime
    minutes: int
    injector: str = ""
    edition: Edition = field(default_factory=Edition)


def calendar_event(card: AppointmentCard) -> str:
    """The event as telephones read it from a code: iCalendar, without what they do not need.

    A code that holds less is coarser and reads more easily from paper, so UID and time stamp are left out; no
    reader of codes asks for them. Nothing tells a stranger who sees the telephone what the appointment is for.
    """
    words, _ = card.edition.worded("appointment_card")
    starts_at = card.starts_at if card.starts_at.tzinfo is None else card.starts_at.astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=card.minutes)  # on the clinic's wall the clock may have been changed
    place = ", ".join(one_line(line) for line in card.clinic.address_lines[:3] if line.strip())
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(words['event'].format(clinic=one_line(card.clinic.name)[:60]))}",
        f"DTSTART:{_moment(starts_at)}",
        f"DTEND:{_moment(ends_at)}",
    ]
    if place:
        lines.append(f"LOCATION:{_escaped(place[:120])}")
    return "\r\n".join([*lines, "END:VEVENT"])


def appointment_card_document(card: AppointmentCard) -> Document:
    """The card, laid out on one A6 page."""
    words, edition = card.edition.worded("appointment_card")
    width, height = CARD_SIZE
    flow = Flow(width, height, _MARGIN, _MARGIN, _MARGIN, edition)
    day = opening(weekday_date(card.starts_at.date(), edition.locale))
    hour = time_of_day(card.starts_at, edition.locale)
    flow.add(lambda canvas: _draw(canvas, card, words, day, hour))
    return Document(
        flow,
        (),
        title=f"{words['title']} · {day}",
        author=one_line(card.clinic.name)[:200],
        subject=words["title"],
        about=card.patient_name,
        day=card.starts_at.date(),
    )


def _draw(canvas: Any, card: AppointmentCard, words: dict[str, Any], day: str, hour: str) -> None:
    width, height = CARD_SIZE
    left, right, top = _MARGIN, width - _MARGIN, height - _MARGIN
    clinic = card.clinic
    logo, room = logo_within(clinic.logo, *_LOGO_SIZE), right - left
    if logo is not None:
        logo.draw(canvas, right - logo.width, top)
        room -= logo.width + LOGO_GAP
    draw_text(canvas, clinic.name, left, top - 11, TextStyle(12, 15, bold=True, colour=ACCENT), room)
    address = " · ".join(line for line in (*clinic.address_lines[:3], clinic.phone) if line.strip())
    draw_text(canvas, address, left, top - 24, _QUIET_SMALL, room)
    rule(canvas, left, right, top - 33, ACCENT, 1.2)

    column = right - left - _CODE_SIZE - 16
    y = top - 56
    draw_text(canvas, words["title"], left, y, _QUIET_SMALL, column)
    name_style = TextStyle(14, 17, bold=True)
    names, cut = wrapped(card.patient_name, name_style, column, Limit(120, 2))
    if cut:
        names = [fitted(card.patient_name, name_style, column)]
    for line in names:
        y -= 18
        draw_line(canvas, line, left, y, name_style)
    y -= 34
    day_style = TextStyle(13, 16, bold=True, colour=INK)
    if text_width(day, day_style) > column:
        day = day.replace(", ", ",\n", 1)  # the weekday above, the whole date below
    for line in wrapped(day, day_style, column, Limit(80, 2))[0]:
        draw_line(canvas, line, left, y, day_style)
        y -= 18
    y -= 16
    draw_text(canvas, hour, left, y, TextStyle(28, 32, bold=True, colour=ACCENT), column)
    if card.injector.strip():
        y -= 24
        draw_text(canvas, words["with"].format(injector=one_line(card.injector)), left, y, TextStyle(11, 14), column)

    code_bottom = top - 44 - _CODE_SIZE
    _draw_code(canvas, calendar_event(card), right - _CODE_SIZE, code_bottom)
    scan = fitted(words["scan"], TextStyle(7, 9, colour=QUIET), _CODE_SIZE + 10)
    draw_line(canvas, scan, right - _CODE_SIZE / 2, code_bottom - 9, TextStyle(7, 9, colour=QUIET), "centre")

    rule(canvas, left, right, _MARGIN + 15)
    phone = one_line(clinic.phone)
    sentence = words["cannot_come"].format(phone=phone) if phone else words["cannot_come_without_phone"]
    draw_text(canvas, sentence, left, _MARGIN + 3, TextStyle(8.5, 11), right - left)


def code_modules(payload: str) -> list[list[bool]]:
    """The dark and light squares of the code, row by row."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    widget = QrCodeWidget(payload, barLevel="M")
    widget.qr.make()
    return [[bool(dark) for dark in row] for row in widget.qr.modules]


def _draw_code(canvas: Any, payload: str, left: float, bottom: float) -> None:
    """The code as one path: hundreds of single squares would leave hairline gaps between them."""
    rows = code_modules(payload)
    module = _CODE_SIZE / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        y = bottom + _CODE_SIZE - (number + 1) * module
        start: int | None = None
        for column, dark in enumerate([*row, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.rect(left + start * module, y, (column - start) * module, module)
                start = None
    canvas.setFillColorRGB(*rgb("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}{'' if moment.tzinfo is None else 'Z'}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
