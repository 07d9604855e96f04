"""The diary that a patient keeps after a visit: twelve weekly rows to write in, on one page."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from clinic_app.documents.blocks import bullets, prose
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, PatientIdentity, first_head, identity, patient_band
from clinic_app.documents.page import Document, Edition, Flow, draw_text, footer, pages_of, panel, rule
from clinic_app.documents.style import CELL, QUIET, SHADE, TextStyle
from clinic_app.documents.text import one_line
from clinic_app.documents.wording import long_date, short_date

WEEKS = 12
_TITLE = TextStyle(9, 12, bold=True, colour=QUIET)
_WEEK = TextStyle(13, 16, bold=True)
_TEXT = TextStyle(10.5, 14)
_WIDTHS = (44.0, 84.0, 84.0, 62.0)
_HEAD = 30.0
_LOWEST_ROW = 27.0
_HIGHEST_ROW = 36.0


@dataclass(frozen=True)
class Diary:
    """Whose diary it is, and the day of the injections that it follows: week 1 begins on the day after."""

    clinic: Clinic
    patient: PatientIdentity
    injected_on: date
    edition: Edition = field(default_factory=Edition)


def diary_document(diary: Diary) -> Document:
    """The diary, laid out."""
    words, edition = diary.edition.worded("diary")
    locale = edition.locale
    flow = pages_of(edition, NEXT_HEAD)
    first_head(flow, diary.clinic, words["title"], words["subtitle"].format(date=long_date(diary.injected_on, locale)))
    flow.down(4)
    patient_band(flow, diary.patient)
    flow.down(10)
    prose(flow, words["intro"], _TEXT)
    flow.down(5)
    bullets(flow, [words["benefit_how"], words["pain_how"], words["remark_how"]], _TEXT)
    flow.down(4)
    _rows(flow, diary.injected_on, words, locale)
    flow.down(10)
    phone = one_line(diary.clinic.phone)[:60]
    prose(flow, words["call"].format(phone=phone) if phone else words["call_without_phone"], _TEXT)
    return Document(
        flow,
        (footer(flow, one_line(diary.clinic.name)[:120], identity(diary.patient, edition)),),
        title=words["title"],
        author=one_line(diary.clinic.name)[:200],
        subject=words["title"],
        about=diary.patient.name,
        day=diary.injected_on,
    )


def _rows(flow: Flow, injected_on: date, words: dict[str, Any], locale: str) -> None:
    """The rows take the room of the page that the last sentence leaves, so that a hand can write in them."""
    free = flow.room - _HEAD - 2 * _TEXT.leading - 12
    height = min(max(free / WEEKS, _LOWEST_ROW), _HIGHEST_ROW)
    flow.ensure(_HEAD + height * WEEKS)
    top = flow.y
    lefts = [flow.left]
    for width in _WIDTHS:
        lefts.append(lefts[-1] + width)
    titles = (
        (words["week"], ""),
        (words["days"], ""),
        (words["benefit"], words["benefit_range"]),
        (words["pain"], words["pain_range"]),
        (words["remark"], ""),
    )

    def draw(canvas: Any) -> None:
        panel(canvas, flow.left, top - _HEAD, flow.width, _HEAD, SHADE)
        for left, right, (title, below) in zip(lefts, [*lefts[1:], flow.right], titles, strict=True):
            draw_text(canvas, title, left + 6, top - 12, _TITLE, right - left - 8)
            draw_text(canvas, below, left + 6, top - 24, TextStyle(8.5, 11, colour=QUIET), right - left - 8)
        for week in range(WEEKS):
            head, foot = top - _HEAD - week * height, top - _HEAD - (week + 1) * height
            first = injected_on + timedelta(days=7 * week + 1)
            last = first + timedelta(days=6)
            middle = (head + foot) / 2
            draw_text(canvas, str(week + 1), lefts[0] + 6, middle - 4.5, _WEEK, _WIDTHS[0] - 8)
            draw_text(canvas, short_date(first, locale), lefts[1] + 6, middle + 2.5, CELL, _WIDTHS[1] - 8)
            until = words["to"].format(date=short_date(last, locale))
            draw_text(canvas, until, lefts[1] + 6, middle - 8.5, CELL, _WIDTHS[1] - 8)
            rule(canvas, flow.left, flow.right, foot)
        canvas.setLineWidth(0.5)
        for left in lefts[2:]:
            canvas.line(left, top - _HEAD, left, top - _HEAD - WEEKS * height)

    flow.add(draw)
    flow.y = top - _HEAD - WEEKS * height
