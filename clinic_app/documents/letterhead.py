"""Whose paper it is and whom it is about: the clinic at the head, the patient on every page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic_app.documents.logo import LOGO_GAP, LOGO_SIZE, logo_within
from clinic_app.documents.page import Edition, Fitting, Flow, Furniture, draw_line, draw_text, panel, rule
from clinic_app.documents.style import (
    BODY,
    BODY_BOLD,
    CLINIC_NAME,
    LABEL,
    MILLIMETRE,
    PATIENT_NAME,
    SHADE,
    SMALL,
    TITLE,
    TextStyle,
)
from clinic_app.documents.text import Limit, Line, fitted, one_line, text_width, with_ellipsis, wrapped
from clinic_app.documents.wording import long_date

NEXT_HEAD = 24 * MILLIMETRE


@dataclass(frozen=True)
class Clinic:
    """The clinic as it signs its paper."""

    name: str
    address_lines: tuple[str, ...] = ()
    phone: str = ""
    logo: bytes = b""
    """A small PNG picture, or nothing."""


@dataclass(frozen=True)
class PatientIdentity:
    """What must stand on every page about a patient."""

    name: str
    birth_date: date | None
    record_number: str


def identity(patient: PatientIdentity, edition: Edition) -> Fitting:
    """Name, birth date and record number in one line; where it is too long, it is the name that is shortened.

    The name is laid out by itself: written from right to left, it must not turn the order of what follows.
    """
    rest = "".join(f" · {part}" for part in (_born(patient, edition), one_line(patient.record_number)[:40]) if part)

    def line(style: TextStyle, width: float) -> Line:
        tail = fitted(f"|{rest}", style, width)  # the bar keeps the space before the first dot
        bar = fitted("|", style, width)
        font, piece = tail.runs[0]
        runs = ((font, piece[1:]), *tail.runs[1:])
        tail_width = tail.width - bar.width
        name = fitted(patient.name or edition.words["name_not_recorded"], style, max(width - tail_width, 40))
        return Line((*name.runs, *runs), name.width + tail_width)

    return line


def _born(patient: PatientIdentity, edition: Edition) -> str:
    if patient.birth_date is None:
        return str(edition.words["birth_date_not_recorded"])
    return str(edition.words["born"].format(date=long_date(patient.birth_date, edition.locale)))


def first_head(flow: Flow, clinic: Clinic, title: str, subtitle: str) -> None:
    """The clinic at the left and the document's title at the right, on the first page."""
    top, half = flow.y, flow.width * 0.58
    logo = logo_within(clinic.logo, *LOGO_SIZE)
    beside = logo.width + LOGO_GAP if logo is not None else 0.0
    room, left = half - beside, flow.left + beside
    name = fitted(clinic.name, CLINIC_NAME, room)
    address = [fitted(line, SMALL, room) for line in clinic.address_lines[:3] if line.strip()]
    if clinic.phone.strip():
        address.append(fitted(clinic.phone, SMALL, room))
    address = [line for line in address if line.runs]
    written = max(CLINIC_NAME.leading + SMALL.leading * len(address), TITLE.leading + BODY.leading)
    height = max(written, 0.0 if logo is None else logo.height) + 7

    def draw(canvas: Any) -> None:
        if logo is not None:
            logo.draw(canvas, flow.left, top)
        draw_line(canvas, name, left, top - 11, CLINIC_NAME)
        for number, line in enumerate(address, start=1):
            draw_line(canvas, line, left, top - 11 - 2 - SMALL.leading * number, SMALL)
        draw_text(canvas, title, flow.right, top - 13, TITLE, flow.width - half, "right")
        draw_text(canvas, subtitle, flow.right, top - 14 - BODY.leading, BODY, flow.width - half, "right")

    flow.add(draw)
    flow.y -= height


def patient_band(flow: Flow, patient: PatientIdentity) -> None:
    """The patient's name, birth date and record number, on a shaded band."""
    words, value_style = flow.edition.words, TextStyle(10, 13, bold=True)
    born = long_date(patient.birth_date, flow.edition.locale) or words["not_recorded"]
    inner, record_width = 10.0, 104.0
    born_width = max(118.0, text_width(born, value_style) + 6)  # in some languages a date is long
    name_width = flow.width - 2 * inner - born_width - record_width - 20
    lines, cut = wrapped(patient.name or words["name_not_recorded"], PATIENT_NAME, name_width, Limit(300, 3))
    if cut and lines:
        lines[-1] = with_ellipsis(lines[-1], PATIENT_NAME, name_width)
    height = LABEL.leading + max(len(lines), 1) * PATIENT_NAME.leading + 9
    bottom = flow.y - height
    values = (
        (words["birth_date"], born, born_width),
        (words["record_number"], patient.record_number or words["none"], record_width),
    )

    def draw(canvas: Any) -> None:
        panel(canvas, flow.left, bottom, flow.width, height, SHADE)
        top = bottom + height - 5
        x = flow.left + inner
        draw_text(canvas, words["patient"], x, top - 8, LABEL, name_width)
        for number, line in enumerate(lines):
            draw_line(canvas, line, x, top - LABEL.leading - 12 - number * PATIENT_NAME.leading, PATIENT_NAME)
        x += name_width + 10
        for label, value, width in values:
            draw_text(canvas, label, x, top - 8, LABEL, width)
            draw_text(canvas, value, x, top - LABEL.leading - 12, value_style, width - 4)
            x += width + 10

    flow.add(draw)
    flow.y = bottom


def next_head(flow: Flow, patient: PatientIdentity | None, words: str) -> Furniture:
    """From the second page on: whose page it is at the left, what it is at the right."""

    def draw(canvas: Any, number: int, total: int) -> None:
        del total
        if number == 1:
            return
        baseline = flow.page_height - NEXT_HEAD + 18
        right = fitted(words, SMALL, flow.width * 0.4)
        draw_line(canvas, right, flow.right, baseline, SMALL, "right")
        if patient is not None:
            who = identity(patient, flow.edition)(BODY_BOLD, flow.width - right.width - 12)
            draw_line(canvas, who, flow.left, baseline, BODY_BOLD)
        rule(canvas, flow.left, flow.right, baseline - 6)

    return draw
