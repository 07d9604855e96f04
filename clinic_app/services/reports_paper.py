"""A report as a document: its cells as the clinic's locale writes them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from clinic_app.services.letterheads import letterhead_and_edition
from clinic_app.services.paper import Paper
from clinic_app.services.reports_data import Cell, Heading, Kind, Report, ReportFilters

if TYPE_CHECKING:
    from clinic_app.documents.tables import Column

_SHARES = {Kind.TEXT: 22.0, Kind.MONTH: 13.0}
_FIGURE_SHARE = 12.0


def report_paper(session: Session, report: Report, printed_on: date) -> Paper:
    """Gather what the paper says; drawing it comes later and needs no database."""
    from clinic_app.documents.report import ReportPaper, report_document

    clinic, edition = letterhead_and_edition(session)
    page = ReportPaper(
        clinic=clinic,
        title=report.title,
        period=period_words(report.filters, edition.locale),
        applied=report.applied,
        picture=report.picture,
        columns=[_column(heading) for heading in report.headings],
        rows=[_row(report.headings, line.cells, line.small, edition.locale) for line in report.lines],
        notes=(*report.notes, *(["* Small count: read with care."] if any(e.small for e in report.lines) else [])),
        printed_on=printed_on,
        edition=edition,
    )
    return Paper(
        "report", report.title, f"report-{report.question.value.replace('_', '-')}", (partial(report_document, page),)
    )


def period_words(filters: ReportFilters, locale: str) -> str:
    """The period in words: "3 Mar 2025 – 2 Mar 2026"."""
    from clinic_app.documents.wording import short_date

    first, last = (short_date(day, locale) for day in (filters.first_day, filters.last_day))
    if first and last:
        return f"{first} – {last}"
    return f"From {first}" if first else f"Until {last}" if last else "All visits"


def _column(heading: Heading) -> "Column":
    from clinic_app.documents.tables import Column

    title = f"{heading.title} ({heading.unit})" if heading.unit else heading.title
    align = "left" if heading.kind in _SHARES else "decimal"
    return Column(title, _SHARES.get(heading.kind, max(_FIGURE_SHARE, 1.05 * len(title))), align)


def _row(headings: Sequence[Heading], cells: Sequence[Cell], small: bool, locale: str) -> list[str]:
    words = [_written(heading, cell, locale) for heading, cell in zip(headings, cells, strict=True)]
    if small:
        words[0] += " *"
    return words


def _written(heading: Heading, cell: Cell, locale: str) -> str:
    from clinic_app.documents.wording import figure, month_and_year, number

    match cell:
        case None:
            return "–"
        case date():
            return month_and_year(cell, locale)
        case Decimal():
            return figure(cell, locale) if heading.kind is Kind.FIGURE else number(cell, locale)
        case _:
            return str(cell)
