"""Where an address stands so that it shows through the window of a usual envelope."""

from collections.abc import Sequence
from typing import Any

from clinic_app.documents.page import Flow, draw_line
from clinic_app.documents.style import MILLIMETRE, TextStyle
from clinic_app.documents.text import Limit, Line, fitted, with_ellipsis, wrapped

SIDE = 25 * MILLIMETRE
"""Free at both sides: an address that begins here is inside every window, however the letter lies in its envelope."""
WINDOW_MIDDLE = {"Letter": 204.0, "A4": 69 * MILLIMETRE}
"""From the top of the page to the middle of what the window shows, in points.

A letter folded in three is lower than its envelope and slips. Of a #10 envelope (4 1/8 inches high, the window from
2 1/2 to 3 5/8 inches below its top) the window always shows 2 1/2 to 3 1/6 inches of the page; of a DL envelope (110 mm
high, the window from 57 to 92 mm) always 57 to 81 mm, which also lie inside the address field of DIN 5008, form B.
"""
WINDOW_END = {"Letter": 3.7 * 72, "A4": 98 * MILLIMETRE}
"""From the top of the page: below it nothing shows through the window."""
ADDRESS = TextStyle(10.5, 12.5)
ADDRESS_WIDTH = 80 * MILLIMETRE
_MOST_LINES = 5
_NAME = Limit(300, 2)


def address(flow: Flow, lines: Sequence[Line], paper: str) -> None:
    """Lines around the middle of the window; the content goes on below its end."""
    top = flow.page_height - WINDOW_MIDDLE[paper] + len(lines) * ADDRESS.leading / 2

    def draw(canvas: Any) -> None:
        for number, line in enumerate(lines):
            draw_line(canvas, line, flow.left, top - (number + 0.78) * ADDRESS.leading, ADDRESS)

    flow.add(draw)
    flow.y = flow.page_height - WINDOW_END[paper]


def patient_address(name: str, address_lines: Sequence[str]) -> list[Line]:
    """A patient's name, on two lines where it is long, over where they live."""
    lines, cut = wrapped(name, ADDRESS, ADDRESS_WIDTH, _NAME)
    if cut and lines:
        lines[-1] = with_ellipsis(lines[-1], ADDRESS, ADDRESS_WIDTH)
    written = [line for line in address_lines if line.strip()][:_MOST_LINES]
    return [line for line in (*lines, *(fitted(line, ADDRESS, ADDRESS_WIDTH) for line in written)) if line.runs]
