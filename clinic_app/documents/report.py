"""A report on paper: its picture, its table, and on every page whose it is and of what time. And its picture alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clinic_app.documents.blocks import prose
from clinic_app.documents.chart import chart
from clinic_app.documents.chart_content import Inks, Picture
from clinic_app.documents.letterhead import Clinic, first_head, next_head
from clinic_app.documents.lists import counted, lying_flow
from clinic_app.documents.page import Document, Edition, Flow, footer, plain
from clinic_app.documents.style import BODY, SMALL, rgb
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import short_date

MOST_ROWS = 1500
_PICTURE_HEIGHT = 210.0
_SMALLEST = 90.0
_CELL = Limit(200, 2)


@dataclass(frozen=True)
class ReportPaper:
    """A report as it is printed: the period and the filters in words, the columns, the cells as written."""

    clinic: Clinic
    title: str
    period: str
    applied: Sequence[str]
    picture: Picture
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str]
    printed_on: date
    edition: Edition = field(default_factory=Edition)


def report_document(paper: ReportPaper) -> Document:
    """The report, laid out."""
    edition = paper.edition
    flow = lying_flow(edition)
    applied = [one_line(each)[:120] for each in paper.applied]  # injectors may be among them
    of = " · ".join((paper.period, *applied))
    first_head(flow, paper.clinic, paper.title, paper.period)
    printed = f"Printed {short_date(paper.printed_on, edition.locale)}"
    only = ", ".join(applied)
    lead = f"Only {only}. " if only else ""
    prose(flow, f"{lead}{counted(len(paper.rows), 'row', 'rows')}. {printed}.", BODY)
    flow.down(6)
    if not paper.rows:
        prose(flow, "Nothing in this period with these filters.", BODY)
    if not paper.picture.empty:
        _place_picture(flow, paper.picture, edition.locale)
    table(flow, paper.columns, paper.rows, most=MOST_ROWS, limit=_CELL)
    flow.down(4)
    for note in paper.notes:
        prose(flow, note, SMALL)
    whole, name = f"{paper.title} · {of}", one_line(paper.clinic.name)
    return Document(
        flow,
        (next_head(flow, None, whole), footer(flow, name[:120], plain(whole))),
        title=whole,
        author=name[:200],
        subject="Report",
        day=paper.printed_on,
    )


def picture_document(picture: Picture, width: float, height: float, inks: Inks, locale: str) -> Document:
    """The picture alone on one page of its own size in points, for the screen."""
    flow = Flow(width, height, 0, margin=0, foot=0, edition=Edition(locale=locale))
    inside = 8.0

    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(*rgb(inks.ground))
        canvas.rect(0, 0, width, height, stroke=0, fill=1)
        _draw(canvas, picture, (inside, inside, width - 2 * inside, height - 2 * inside), inks, locale)

    flow.add(draw)
    return Document(flow, (), title=picture.title, author="", subject="Picture")


def _place_picture(flow: Flow, picture: Picture, locale: str) -> None:
    height = min(_PICTURE_HEIGHT, max(_SMALLEST, 50.0 + 16 * len(picture.categories))) if picture.lying else 190.0
    bottom = flow.y - height
    flow.add(lambda canvas: _draw(canvas, picture, (flow.left, bottom, flow.width, height), Inks(), locale))
    flow.y = bottom - 10


def _draw(canvas: Any, picture: Picture, place: tuple[float, float, float, float], inks: Inks, locale: str) -> None:
    from reportlab.graphics import renderPDF

    left, bottom, width, height = place
    renderPDF.draw(chart(picture, width, height, inks, locale), canvas, left, bottom, showBoundary=False)
