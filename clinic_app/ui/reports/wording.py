"""The words of the reports: what each question asks, periods, and cells as the person's locale writes them."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QLocale

from clinic_app.documents.wording import known_locale
from clinic_app.partial_dates import PartialDate
from clinic_app.services.reports_data import Cell, Heading, Kind, Question, Report, ReportFilters
from clinic_app.ui.locale import date_text, number_text, partial_date_text
from clinic_app.ui.widgets.dates import add_months

ASKS = {
    Question.CYCLES: "How many weeks lie between injections, and how much that varies",
    Question.LATE: "Who is injected later than due, with and without booking at sign-off",
    Question.DOSES: "How many units each product gives to which muscle",
    Question.WASTE: "How much of what was opened was thrown away, and why",
    Question.SIDE_EFFECTS: "How often a side effect follows, by muscle, product and dose",
    Question.BENEFIT: "How much it helps and when it wears off, by product and dose",
    Question.NO_SHOWS: "How many do not come to their appointment",
    Question.MISSING: "What signed visits leave out, by injector and month",
}
"""What each answers, under its title; without the full stop."""

RESEARCH = ("Export for research", "Rows for a statistics program, without names")
"""Title and sentence of the way out, as the questions have them."""

NOTHING = {
    Question.CYCLES: "No cycle ended in this period. A cycle ends when somebody is injected for the second time.",
    Question.LATE: "No visit of this period is followed by another, and nobody is due. Widen the period.",
    Question.DOSES: "Nothing was injected in this period with these filters. Widen the period or take a filter away.",
    Question.WASTE: "No waste was written down in this period. It is asked for at signing.",
    Question.SIDE_EFFECTS: "Nothing was injected in this period with these filters. "
    "Rates appear once side effects are asked about at the return.",
    Question.BENEFIT: "Nothing was injected in this period with these filters. "
    "Responses are noted under Effects and response of the patient.",
    Question.NO_SHOWS: "No appointment of this period has passed. Mark those who do not come in the schedule.",
    Question.MISSING: "No visit was signed in this period with these filters. Widen the period or take a filter away.",
}
"""What stands in the place of no rows."""


class Preset(StrEnum):
    """The periods that are asked for most."""

    QUARTER = "Last 3 months"
    YEAR = "Last 12 months"
    THIS_YEAR = "This year"
    ALL = "All"
    OWN = "From – to"


def days_of(preset: Preset, today: date) -> tuple[date | None, date | None]:
    """First and last day of a preset; both None for all and for one's own.

    Reports count by months: so many whole ones, and the one that has begun. A first month that is cut would look poorer
    than it was, and would have to be counted anew each day.
    """
    match preset:
        case Preset.QUARTER:
            return add_months(today, -3).replace(day=1), today
        case Preset.YEAR:
            return add_months(today, -12).replace(day=1), today
        case Preset.THIS_YEAR:
            return date(today.year, 1, 1), today
        case _:
            return None, None


def period_text(filters: ReportFilters) -> str:
    """The period in words: "3 Mar 2025 – 2 Mar 2026"."""
    first, last = filters.first_day, filters.last_day
    if first is not None and last is not None:
        return f"{date_text(first)} – {date_text(last)}"
    if first is not None:
        return f"From {date_text(first)}"
    return f"Until {date_text(last)}" if last is not None else "All visits"


def summary_text(report: Report) -> str:
    """What the answer is of: period, filters, rows."""
    rows = "1 row" if len(report.lines) == 1 else f"{len(report.lines)} rows"
    return " · ".join((period_text(report.filters), *report.applied, rows))


_SHORT = {"weeks": "wk", "days": "d"}


def title_text(heading: Heading) -> str:
    """A column's title with its unit, as short as a narrow column wants it: "Median, wk"."""
    return f"{heading.title}, {_SHORT.get(heading.unit, heading.unit)}" if heading.unit else heading.title


def cell_text(heading: Heading, cell: Cell) -> str:
    """A cell as the locale writes it; a dash where nothing can be said."""
    match cell:
        case None:
            return "–"
        case date():
            return month_text(cell)
        case Decimal():
            return number_text(cell, 1 if heading.kind is Kind.FIGURE else None)
        case _:
            return str(cell)


def month_text(month: date) -> str:
    """A month: "Mar 2026"."""
    return partial_date_text(PartialDate(month.year, month.month))


def locale_name() -> str:
    """The person's locale as documents name it."""
    return known_locale(QLocale().name())
