"""The recovery code on paper, in groups that a person can copy without a mistake."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clinic_app.documents.blocks import bullets, heading, prose
from clinic_app.documents.fonts import CODE, run_width
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, first_head
from clinic_app.documents.page import Document, Edition, Flow, footer, pages_of, panel, plain
from clinic_app.documents.style import INK, PLAIN, PLAIN_SECTION, QUIET, SHADE, TextStyle, rgb
from clinic_app.documents.text import one_line
from clinic_app.documents.wording import long_date

_GROUP = 4
_GROUPS_IN_ROW = 4
_MOST_SIGNS = 160


@dataclass(frozen=True)
class RecoverySheet:
    """The code and what it belongs to. ``store`` names the record when the clinic has more than one."""

    clinic: Clinic
    code: str
    made_on: date
    store: str = ""
    edition: Edition = field(default_factory=Edition)


def code_groups(code: str) -> list[str]:
    """The code in groups of four, whatever groups it came in."""
    signs = "".join(sign for sign in code[: _MOST_SIGNS * 2].upper() if sign.isalnum())[:_MOST_SIGNS]
    return [signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP)]


def recovery_sheet_document(sheet: RecoverySheet) -> Document:
    """The sheet, laid out on one page."""
    words, edition = sheet.edition.worded("recovery_sheet")
    flow = pages_of(edition, NEXT_HEAD)
    day = long_date(sheet.made_on, edition.locale)
    clinic = one_line(sheet.clinic.name)
    first_head(flow, sheet.clinic, words["title"], day)
    flow.down(8)
    prose(flow, words["intro"], PLAIN)
    flow.down(12)
    _code(flow, code_groups(sheet.code))
    flow.down(8)
    prose(flow, words["made"].format(date=day, clinic=clinic[:120]), TextStyle(9.5, 13, colour=QUIET))
    if sheet.store.strip():
        store = words["store"].format(store=one_line(sheet.store)[:120])
        prose(flow, store, TextStyle(9.5, 13, colour=QUIET))
    for part in ("keep", "use"):
        heading(flow, words[f"heading_{part}"], PLAIN_SECTION, before=14)
        bullets(flow, words[part], PLAIN)
    heading(flow, words["heading_lost"], PLAIN_SECTION, before=14)
    prose(flow, words["lost"], PLAIN)
    return Document(
        flow,
        (footer(flow, clinic[:120], plain(f"{words['title']} · {day}")),),
        title=f"{words['title']} · {clinic[:100]}",
        author=clinic[:200],
        subject=words["title"],
        day=sheet.made_on,
    )


def _code(flow: Flow, groups: list[str]) -> None:
    rows = [groups[start : start + _GROUPS_IN_ROW] for start in range(0, len(groups), _GROUPS_IN_ROW)]
    # Four groups of four fill two thirds of the width: large enough to copy from across a desk.
    size = 25.0 if len(rows) <= 3 else 14.0
    leading, inset = size * 1.6, 16.0
    height = leading * len(rows) + 2 * inset - size * 0.5
    flow.ensure(height)
    top = flow.y

    def draw(canvas: Any) -> None:
        panel(canvas, flow.left, top - height, flow.width, height, SHADE)
        sign = run_width(CODE, "0") * size / 1000
        step = flow.width / _GROUPS_IN_ROW
        for row_number, row in enumerate(rows):
            baseline = top - inset - size * 0.78 - row_number * leading
            for column, group in enumerate(row):
                text = canvas.beginText(flow.left + step * (column + 0.5) - sign * len(group) / 2, baseline)
                text.setFont(CODE, size)
                text.setFillColorRGB(*rgb(INK))
                text.textOut(group)
                canvas.drawText(text)

    flow.add(draw)
    flow.y -= height
