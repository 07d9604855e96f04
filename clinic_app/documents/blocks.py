"""The parts that documents are made of: headings, prose, lists, facts."""

from collections.abc import Sequence
from typing import Any

from clinic_app.documents.page import Drawing, Flow, draw_line, draw_text
from clinic_app.documents.style import (
    BODY,
    BODY_BOLD,
    LABEL,
    QUIET,
    SECTION,
    TextStyle,
    rgb,
)
from clinic_app.documents.text import (
    CELL_LIMIT,
    PROSE_LIMIT,
    REMARK_LIMIT,
    Limit,
    Line,
    fitted,
    wrapped,
)

_ASCENT = 0.78  # of the leading: where a baseline sits below the top of its line
_GUTTER = 8.0


def heading(
    flow: Flow, words: str, style: TextStyle = SECTION, keep: float = 30, before: float = 9, level: int = 0
) -> None:
    """A section title that stays with at least ``keep`` points of what follows, and its bookmark of that ``level``."""
    flow.down(before)
    flow.ensure(style.leading + keep)
    flow.bookmark(words, level)
    top = flow.y
    flow.add(lambda canvas: draw_text(canvas, words, flow.left, top - style.leading * _ASCENT, style, flow.width))
    flow.y -= style.leading + 1


def prose(flow: Flow, words: str, style: TextStyle = BODY, limit: Limit = PROSE_LIMIT, indent: float = 0) -> None:
    """Running text. What passes the limit is left out, and a sentence says so."""
    lines, cut = wrapped(words, style, flow.width - indent, limit)
    elsewhere = flow.edition.words["full_text_elsewhere"]
    notice = wrapped(elsewhere, _notice(style), flow.width - indent, Limit(200, 1))[0] if cut else []
    place(flow, lines, style, indent)
    place(flow, notice, _notice(style), indent)


def _notice(style: TextStyle) -> TextStyle:
    return TextStyle(style.size, style.leading, bold=True, colour=QUIET)


def place(flow: Flow, lines: list[Line], style: TextStyle, indent: float) -> None:
    """Lines one under the other over as many pages as they need; no page begins or ends with a single one."""
    position = 0
    while position < len(lines):
        left = len(lines) - position
        fits = min(left, int(flow.room / style.leading))
        if fits < left and (fits < 2 or left - fits == 1):
            fits = fits - 1 if fits > 2 else 0  # no single line alone at the foot or the head of a page
        if fits <= 0:
            flow.new_page()
            continue
        for line in lines[position : position + fits]:
            _place_line(flow, line, style, indent)
        position += fits


def _place_line(flow: Flow, line: Line, style: TextStyle, indent: float) -> None:
    baseline = flow.y - style.leading * _ASCENT
    x, align = (flow.right, "right") if line.right_to_left else (flow.left + indent, "left")
    flow.add(lambda canvas: draw_line(canvas, line, x, baseline, style, align))
    flow.y -= style.leading


def bullets(
    flow: Flow,
    items: Sequence[str],
    style: TextStyle,
    indent: float = 14,
    gap: float = 3,
    limit: Limit = REMARK_LIMIT,
) -> None:
    """A list with dots."""
    for item in items:
        flow.ensure(style.leading * 2)
        middle = flow.y - style.leading * _ASCENT + style.size * 0.27
        flow.add(_dot(flow.left + 4, middle, style.colour))
        prose(flow, item, style, limit, indent)
        flow.y -= gap


def _dot(x: float, y: float, colour: str) -> Drawing:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(*rgb(colour))
        canvas.circle(x, y, 1.6, stroke=0, fill=1)

    return draw


def facts(flow: Flow, pairs: Sequence[tuple[str, str]], columns: int = 2, label_width: float = 68) -> None:
    """Label and value side by side, in columns, read row by row; pairs without a value are left out."""
    shown = [(label, value) for label, value in pairs if value.strip()]
    column_width = (flow.width - _GUTTER * (columns - 1)) / columns
    for start in range(0, len(shown), columns):
        row = []
        for column, (label, value) in enumerate(shown[start : start + columns]):
            # The last pair alone in its row takes the whole row: long values belong there.
            alone = start + column == len(shown) - 1 and column == 0
            room = (flow.width if alone else column_width) - label_width
            row.append((column, label, _limited(flow, value, BODY, room, CELL_LIMIT)))
        height = max(len(lines) for _, _, lines in row) * BODY.leading
        flow.ensure(height)
        top = flow.y
        for column, label, lines in row:
            x = flow.left + column * (column_width + _GUTTER)
            flow.add(_fact(label, lines, x, top, label_width))
        flow.y -= height + 1


def _fact(label: str, lines: list[Line], x: float, top: float, label_width: float) -> Drawing:
    def draw(canvas: Any) -> None:
        baseline = top - BODY.leading * _ASCENT
        draw_text(canvas, label, x, baseline, LABEL, label_width - 4)
        for number, line in enumerate(lines):
            draw_line(canvas, line, x + label_width, baseline - number * BODY.leading, BODY)

    return draw


def _limited(flow: Flow, words: str, style: TextStyle, width: float, limit: Limit) -> list[Line]:
    lines, cut = wrapped(words, style, width, limit)
    if cut:
        lines = [*lines[: limit.lines - 1], fitted(flow.edition.words["full_text_elsewhere"], style, width)]
    return lines


def labelled_prose(flow: Flow, label: str, words: str, limit: Limit = PROSE_LIMIT) -> None:
    """A section with running text, left out when there is none."""
    if words.strip():
        heading(flow, label)
        prose(flow, words, BODY, limit)


def strong(flow: Flow, words: str) -> None:
    """One emphasised line."""
    flow.ensure(BODY_BOLD.leading)
    place(flow, [fitted(words, BODY_BOLD, flow.width)], BODY_BOLD, 0)
