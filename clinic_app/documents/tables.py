"""Tables on paper: titles that repeat, rows that are never split, numbers that stand under each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from clinic_app.documents.blocks import heading
from clinic_app.documents.page import Drawing, Flow, draw_line, draw_text, panel, rule
from clinic_app.documents.style import CELL, CELL_BOLD, COLUMN_TITLE, HAIRLINE, QUIET, SHADE, TextStyle
from clinic_app.documents.text import Limit, Line, fitted, text_width, with_ellipsis, wrapped

_ASCENT = 0.78
_PADDING = 2.5
_GUTTER = 8.0
_TITLE_HEIGHT = COLUMN_TITLE.leading + 4
_NOTICE = TextStyle(7.5, 10, bold=True, colour=QUIET)
CELL_LIMIT = Limit(500, 6)
_BAND_GAP = 4.0
_BAND_HEIGHT = _BAND_GAP + CELL_BOLD.leading + 2 * _PADDING


@dataclass(frozen=True)
class Column:
    """One column: its share of the width in any unit; ``align`` is "left", "right" or "decimal"."""

    title: str
    share: float
    align: str = "left"
    bold: bool = False


@dataclass(frozen=True)
class Band:
    """A shaded line above row number ``before``: what the rows under it have in common, such as their day.

    Where they go on on the next page, so does the band; behind the last row it stands for rows that there are not.
    """

    before: int
    words: str


@dataclass(frozen=True)
class _Place:
    """Where a column stands; numbers end at ``number_end`` so that their decimal signs stand under each other."""

    left: float
    width: float
    number_end: float

    def x(self, align: str) -> float:
        return self.left if align == "left" else self.left + self.width


def table(
    flow: Flow,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    total: Sequence[str] = (),
    most: int = 80,
    limit: Limit = CELL_LIMIT,
    bands: Sequence[Band] = (),
    headed: str = "",
) -> None:
    """Place a table, under a heading that goes with its first rows to the next page.

    Columns in which no row says anything are left out. At most ``most`` rows are printed; a line tells how many
    more the record holds, another whether a cell was shortened.
    """
    everything = [*rows[:most], *([total] if total else [])]
    if not everything:
        return
    used = [number for number in range(len(columns)) if any(row[number].strip() for row in everything)]
    columns = [columns[number] for number in used]
    everything = [[row[number] for number in used] for row in everything]
    places = _places(flow, columns, everything)
    shortened = False
    laid_out: list[list[list[Line]]] = []
    for position, row in enumerate(everything):
        is_total = bool(total) and position == len(everything) - 1
        cells, cut = _laid_out(row, columns, places, limit, is_total)
        laid_out.append(cells)
        shortened = shortened or cut
    bands = [band for band in bands if band.before <= most]
    if headed:
        heading(flow, headed, keep=_first_rows(laid_out, bands))
    _place_rows(flow, columns, places, laid_out, bool(total), bands)
    if len(rows) > most:
        _notice(flow, flow.edition.words["more_rows"].format(count=len(rows) - most))
    if shortened:
        _notice(flow, flow.edition.words["shortened"])


def _row_height(row: list[list[Line]]) -> float:
    return max(len(cell) for cell in row) * CELL.leading + 2 * _PADDING


def _first_rows(rows: list[list[list[Line]]], bands: Sequence[Band]) -> float:
    """The height of titles, the bands above and two rows: less of a table does not begin a page's foot."""
    return _TITLE_HEIGHT + sum(_BAND_HEIGHT for band in bands if band.before == 0) + sum(map(_row_height, rows[:2]))


def _place_rows(
    flow: Flow,
    columns: Sequence[Column],
    places: list[_Place],
    rows: list[list[list[Line]]],
    has_total: bool,
    bands: Sequence[Band],
) -> None:
    heights = [_row_height(row) for row in rows]
    flow.ensure(_first_rows(rows, bands))
    _titles(flow, columns, places)
    whole_page = flow.page_height - flow.head - flow.bottom - _TITLE_HEIGHT
    under = ""
    for position, (cells, height) in enumerate(zip(rows, heights, strict=True)):
        above = [band.words for band in bands if band.before == position]
        # The last row does not go to the next page alone, and a total goes with the row above it.
        needed = len(above) * _BAND_HEIGHT + height + (heights[-1] if position == len(heights) - 2 else 0)
        if needed > flow.room and flow.room < whole_page:
            flow.new_page()
            _titles(flow, columns, places)
            if under and not above:
                _band(flow, under, flow.edition.words["continued"])
        for under in above:
            _band(flow, under)
        is_total = has_total and position == len(rows) - 1
        flow.add(_row(flow, cells, columns, places, flow.y, height, is_total))
        flow.y -= height
    for band in bands:
        if band.before >= len(rows):
            flow.ensure(_BAND_HEIGHT)
            _band(flow, band.words)


def _band(flow: Flow, words: str, more: str = "") -> None:
    bottom = flow.y - _BAND_HEIGHT + 1

    def draw(canvas: Any) -> None:
        panel(canvas, flow.left, bottom, flow.width, _BAND_HEIGHT - _BAND_GAP, SHADE)
        baseline = bottom + _PADDING + (1 - _ASCENT) * CELL_BOLD.leading
        mark = fitted(more, CELL, flow.width)
        draw_line(canvas, mark, flow.right - 4, baseline, CELL, "right")
        draw_text(canvas, words, flow.left + 4, baseline, CELL_BOLD, flow.width - mark.width - 16)

    flow.add(draw)
    flow.y -= _BAND_HEIGHT


def _places(flow: Flow, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[_Place]:
    # A number that ends where a text begins wants more air than two texts do.
    gaps = [
        _GUTTER * (2 if column.align != "left" and following.align == "left" else 1)
        for column, following in pairwise(columns)
    ] + [0.0]
    free = flow.width - sum(gaps)
    whole = sum(column.share for column in columns)
    places, x = [], flow.left
    for number, (column, gap) in enumerate(zip(columns, gaps, strict=True)):
        width = free * column.share / whole
        fraction = 0.0
        if column.align == "decimal":
            fraction = max(text_width(_fraction(row[number]), CELL) for row in rows)
        places.append(_Place(x, width, x + width - fraction))
        x += width + gap
    return places


def _fraction(words: str) -> str:
    for position, character in enumerate(words):
        if character in ".,٫":
            return words[position:]
    return ""


def _laid_out(
    row: Sequence[str], columns: Sequence[Column], places: list[_Place], limit: Limit, bold: bool
) -> tuple[list[list[Line]], bool]:
    cells, shortened = [], False
    for number, (words, column, place) in enumerate(zip(row, columns, places, strict=True)):
        style = CELL_BOLD if bold or column.bold else CELL
        width = _reach(row, places, number) if bold and column.align == "left" else place.width
        lines, cut = wrapped(words, style, width, limit)
        if cut and lines:
            shortened = True
            lines[-1] = with_ellipsis(lines[-1], style, width)
        cells.append(lines)
    return cells, shortened


def _reach(row: Sequence[str], places: list[_Place], number: int) -> float:
    """The width from column ``number`` over the empty ones after it: a total's words may run into them."""
    last = number
    while last + 1 < len(row) and not row[last + 1].strip():
        last += 1
    return places[last].left + places[last].width - places[number].left


def _titles(flow: Flow, columns: Sequence[Column], places: list[_Place]) -> None:
    top = flow.y

    def draw(canvas: Any) -> None:
        for column, place in zip(columns, places, strict=True):
            align = "left" if column.align == "left" else "right"
            baseline = top - COLUMN_TITLE.leading * _ASCENT
            draw_text(canvas, column.title, place.x(align), baseline, COLUMN_TITLE, place.width + _GUTTER, align)
        rule(canvas, flow.left, flow.right, top - _TITLE_HEIGHT + 1, QUIET, 0.6)

    flow.add(draw)
    flow.y -= _TITLE_HEIGHT


def _row(
    flow: Flow,
    cells: list[list[Line]],
    columns: Sequence[Column],
    places: list[_Place],
    top: float,
    height: float,
    is_total: bool,
) -> Drawing:
    def draw(canvas: Any) -> None:
        for lines, column, place in zip(cells, columns, places, strict=True):
            style = CELL_BOLD if is_total or column.bold else CELL
            for number, line in enumerate(lines):
                baseline = top - _PADDING - (number + _ASCENT) * CELL.leading
                if column.align == "decimal":
                    written = "".join(piece for _, piece in line.runs)
                    x = place.number_end + text_width(_fraction(written), style)
                    draw_line(canvas, line, x, baseline, style, "right")
                else:
                    draw_line(canvas, line, place.x(column.align), baseline, style, column.align)
        if is_total:
            rule(canvas, flow.left, flow.right, top, QUIET, 0.6)
        else:
            rule(canvas, flow.left, flow.right, top - height, HAIRLINE, 0.35)

    return draw


def _notice(flow: Flow, words: str) -> None:
    flow.ensure(_NOTICE.leading + 2)
    baseline = flow.y - 2 - _NOTICE.leading * _ASCENT
    line = fitted(words, _NOTICE, flow.width)
    flow.add(lambda canvas: draw_line(canvas, line, flow.left, baseline, _NOTICE))
    flow.y -= _NOTICE.leading + 2
