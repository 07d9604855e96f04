"""The table of one question, and the list of the visits behind one of its rows."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.reports_data import Behind, Cell, Heading, Kind, Line, Report
from clinic_app.ui.locale import date_text
from clinic_app.ui.reports.wording import NOTHING, cell_text, title_text
from clinic_app.ui.theme import INSIDE, current_theme
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable

_FEW = "few"


class AnswerTable(TablePage[Line]):
    """The rows of an answer. Enter lists the visits behind a row."""

    opened = Signal(object)
    """Carries the ``Line`` whose visits are wanted."""
    csv_asked = Signal()
    print_asked = Signal()

    def __init__(self, report: Report, parent: QWidget | None = None) -> None:
        table: RowTable[Line] = RowTable(
            _columns(report.headings),
            name=f"reports-{report.question.value}",
            label=report.title,
            key=lambda line: line.key,
            empty=EmptyState("chart-column", NOTHING[report.question]),
            dense=True,
        )
        super().__init__(table, "Filter the rows", parent, own_file=True)
        table.setToolTip("Enter lists the visits behind a row")
        self.csv_button = self.add_tool("CSV…", "download", "Save all rows for a spreadsheet")
        self.print_button = self.add_tool("Print…", "printer", "Print picture and table (Ctrl+P)")
        self.csv_button.clicked.connect(self.csv_asked)
        self.print_button.clicked.connect(self.print_asked)
        table.activated_row.connect(self.opened)

    def show_report(self, report: Report) -> None:
        """Show an answer to the same question; selection and place stay."""
        self.set_rows(list(report.lines))
        # Beside the sentence in the place of the rows there is nothing to scroll to.
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if report.lines else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.table.setHorizontalScrollBarPolicy(bar)
        for button in (self.csv_button, self.print_button):
            button.setEnabled(bool(report.lines))


class BehindList(TablePage[Behind]):
    """The visits behind a row. Enter opens one, Esc goes back to the answer."""

    back_asked = Signal()
    opened = Signal(object)
    """Carries the ``Behind`` that is to be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        table: RowTable[Behind] = RowTable(
            (
                Column("Day", lambda row: date_text(row.day), lambda row: row.day, width=88, fit=Fit.CONTENT),
                Column("Patient", lambda row: row.name, tooltip=_who, width=110, fit=Fit.CONTENT),
                Column("Record number", lambda row: row.record_number, width=96, fit=Fit.CONTENT, spared=True),
                Column("Injector", lambda row: row.injector, width=96, fit=Fit.CONTENT, spared=True),
                Column("What", lambda row: row.said, tooltip=lambda row: row.said, width=160, stretch=True),
            ),
            name="reports-behind",
            label="Visits behind the row",
            key=lambda row: (row.visit_id, row.patient_id, row.day, row.said),
            empty=EmptyState("inbox", "No visit stands behind this row: nothing was found in those it counts."),
        )
        super().__init__(table, "Filter the visits", parent)
        table.setToolTip("Enter opens the visit")
        self.title = Strong("", self)
        self.back_button = LinkButton("Back to the report", self, icon="arrow-left")
        self.back_button.setToolTip("Back to the report (Esc)")
        self.back_button.clicked.connect(self.back_asked)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self.title, 1)
        top.addWidget(self.back_button)
        self.inside.insertLayout(0, top)
        table.activated_row.connect(self.opened)
        back = QShortcut(QKeySequence(Qt.Key.Key_Backspace), table)
        back.setContext(Qt.ShortcutContext.WidgetShortcut)
        back.activated.connect(self.back_asked)

    def show_visits(self, title: str, rows: Sequence[Behind]) -> None:
        """Show the visits of a row."""
        self.title.setText(title)
        self.set_rows(list(rows))


def row_title(report: Report, line: Line) -> str:
    """Which row it is: "Mar 2026, Dr. Ivo Brandt"."""
    named = [
        cell_text(heading, cell)
        for heading, cell in zip(report.headings, line.cells, strict=True)
        if heading.kind in (Kind.MONTH, Kind.TEXT)
    ]
    return ", ".join(named)


def _who(row: Behind) -> str:
    return f"{row.name}, {row.record_number}, {row.injector}"


def _columns(headings: Sequence[Heading]) -> tuple[Column[Line], ...]:
    counted = next(number for number, heading in enumerate(headings) if heading.kind is Kind.COUNT)
    return tuple(_column(number, heading, number == counted) for number, heading in enumerate(headings))


def _column(number: int, heading: Heading, is_count: bool) -> Column[Line]:
    text = heading.kind is Kind.TEXT

    def key(line: Line) -> Cell:
        cell = line.cells[number]
        return cell.casefold() if isinstance(cell, str) else cell

    def shown(line: Line) -> str:
        written = cell_text(heading, line.cells[number])
        return f"{_FEW} · {written}" if is_count and line.small else written

    def color(line: Line) -> str:
        return current_theme().muted if line.small else ""

    return Column(
        title_text(heading),
        shown,
        key,
        numeric=not text and heading.kind is not Kind.MONTH,
        tooltip=_tip(heading, number),
        color=color,
        width=104 if text else 84 if heading.kind is Kind.MONTH else 82 if is_count else 60,
        fit=Fit.CONTENT if text else Fit.WHOLE,
    )


def _tip(heading: Heading, number: int) -> Callable[[Line], str]:
    def tip(line: Line) -> str:
        few = f"Rests on {line.count} only: read with care." if line.small else ""
        own = str(line.cells[number]) if heading.kind is Kind.TEXT else ""
        return "\n".join(part for part in (own, heading.tip, few) if part)

    return tip
