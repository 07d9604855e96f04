"""Reports: questions at the left, the picture of the answer and its table, or the export for research."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.documents.page import to_pdf
from clinic_app.documents.report import picture_document
from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.reports_data import Behind, FilterChoices, Line, Question, Report
from clinic_app.ui.reports.answer_splitter import AnswerSplitter
from clinic_app.ui.reports.answer_table import AnswerTable, BehindList, row_title
from clinic_app.ui.reports.filter_bar import FilterBar
from clinic_app.ui.reports.picture import ReportPicture, screen_inks
from clinic_app.ui.reports.question_list import QuestionList
from clinic_app.ui.reports.wording import ASKS, locale_name, summary_text
from clinic_app.ui.research_panel import ResearchPanel
from clinic_app.ui.saved_file import CSV, SavedFile
from clinic_app.ui.tasks import Lane, Steps
from clinic_app.ui.theme import AROUND, BETWEEN, GROUPS, INSIDE, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.widgets.sections import Hairline, Scroll, show_if
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

KEYS = (
    ("↑ ↓", "From question to question"),
    ("Enter", "The visits behind a row; open a visit"),
    ("Esc", "Stop reading; back to the report"),
)
"""What the keys do in the reports."""
_CONCERNS = frozenset(
    {"visit", "appointment", "response", "side_effect", "side_effect_answer", "suspected_muscle", "account"}
)
_WIDEST_PANEL = 760


class ReportsView(QWidget):
    """Asks when a question or filter is chosen, and when it comes in front after something has changed."""

    visits_requested = Signal(object)
    """A tuple of the ids of the visits behind the row that was opened."""
    visit_requested = Signal(int, int)
    """A patient and one of their visits, to be opened."""
    patient_requested = Signal(int)
    paper_requested = Signal(object)
    """Carries what gathers the paper."""
    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._report: Report | None = None
        self._stale = True
        self._answers: dict[Question, AnswerTable] = {}
        self.questions = QuestionList(self, exports=workplace.may(Act.RESEARCH))
        self.filters = FilterBar(workplace.today, self)
        self.title = Title("", self)
        self.sentence = Muted("", self)
        self.summary = Muted("", self)
        self.progress = WorkProgress("Progress of the report", _reading, "the last answer stays", self)
        self.problem = Note(Level.STOP, self)
        self.picture = ReportPicture(self)
        self.notes = Muted("", self, wrap=True)
        self.behind = BehindList(self)
        self.tables = QStackedWidget(self)
        self.splitter = AnswerSplitter(self.picture, self.notes, self.tables, self)
        self.research = ResearchPanel(workplace, self) if workplace.may(Act.RESEARCH) else None
        self.answer_sheet = QWidget(self)
        self.sheets = QStackedWidget(self)
        self.csv = SavedFile(CSV, workplace, self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.questions)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed while another view was in front."""
        super().showEvent(event)
        if self._stale:
            self.refresh()
        if self.focusWidget() is None:
            self.questions.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    @Slot()
    def refresh(self) -> None:
        """Ask the chosen question again; the last answer stays until the new one comes."""
        question = self.questions.question()
        if question is None:
            self._show_export()
            return
        self.sheets.setCurrentWidget(self.answer_sheet)
        filters = self.filters.value()
        if filters is None:
            return
        self._stale = False
        self._ask_choices()
        reports, actor = self._workplace.services.reports, self._workplace.actor
        steps = Steps()
        # On the lane of long work, so that nobody's search waits for it.
        self._workplace.tasks.ask(
            "reports.answer",
            lambda: reports.answer(actor, question, filters, steps),
            self._show,
            self._failed,
            lane=Lane.PAPER,
            owner=self,
            ended=self.progress.stop,
            steps=steps,
        )
        self.progress.start(steps)

    @Slot()
    def cancel(self) -> None:
        """Stop reading. The last answer stays."""
        self._stop_reading()
        if self._report is None:
            self.summary.setText("Stopped. Choose a question to start again.")
        elif self._report.question is not self.questions.question():
            blocked = self.questions.blockSignals(True)
            self.questions.choose(self._report.question)
            self.questions.blockSignals(blocked)

    def answer_table(self) -> AnswerTable | None:
        """The table of the question in front."""
        return None if self._report is None else self._answers[self._report.question]

    def report(self) -> Report | None:
        """The answer that is shown."""
        return self._report

    # What the window's commands call

    @Slot()
    def print_paper(self) -> None:
        """Ctrl+P: picture and table."""
        report = self._report
        if report is not None and report.lines and self._answers_in_front():
            reports, actor = self._workplace.services.reports, self._workplace.actor
            self.paper_requested.emit(lambda: reports.paper(actor, report))

    @Slot()
    def go_back(self) -> None:
        """Esc: from the export to the answer; stop reading, else back to the answer, else to the questions."""
        table = self.answer_table()
        if not self._answers_in_front():
            self.questions.choose(next(iter(Question)) if self._report is None else self._report.question)
            self.questions.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.progress.isHidden():
            self.cancel()
        elif table is not None and self.tables.currentWidget() is self.behind:
            self.tables.setCurrentWidget(table)
            table.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.questions.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Ctrl+F: the filter of the rows where there is one."""
        page = self.tables.currentWidget()
        if self._answers_in_front() and isinstance(page, AnswerTable | BehindList):
            (page.table if page.filter.isHidden() else page.filter).setFocus()

    def leave(self) -> None:
        """End what is under way: the window closes and would have to wait for it."""
        self._stop_reading()
        if self.research is not None:
            self.research.stop()

    def _answers_in_front(self) -> bool:
        return self.sheets.currentWidget() is self.answer_sheet

    def _stop_reading(self) -> None:
        self._workplace.tasks.drop("reports.answer")
        self.progress.stop()

    def _show_export(self) -> None:
        self._stop_reading()
        self.sheets.setCurrentIndex(1)

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        heading.setSpacing(BETWEEN)
        named = QVBoxLayout()
        named.setSpacing(TIGHT)
        named.addWidget(self.title)
        named.addWidget(self.sentence)
        heading.addLayout(named)
        heading.addStretch(1)
        heading.addWidget(self.progress)
        heading.addWidget(self.summary, 0, Qt.AlignmentFlag.AlignBottom)
        self.tables.addWidget(QWidget(self))  # until the first answer comes
        self.tables.addWidget(self.behind)
        above = QHBoxLayout()
        above.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        above.addWidget(self.filters)
        right = QVBoxLayout(self.answer_sheet)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(above)
        right.addWidget(Hairline(self))
        right.addLayout(heading)
        right.addWidget(self.problem)
        right.addWidget(self.splitter, 1)
        questions = QVBoxLayout()
        questions.setContentsMargins(INSIDE, GROUPS - INSIDE, INSIDE, INSIDE)
        questions.addWidget(self.questions)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(questions)
        layout.addWidget(Hairline(self, vertical=True))
        self.sheets.addWidget(self.answer_sheet)
        if self.research is not None:
            self.sheets.addWidget(_sheet_of(self.research))
        layout.addWidget(self.sheets, 1)
        show_if(self.picture, False)

    def _connect(self) -> None:
        self._workplace.changes.committed.connect(self._committed)
        self.questions.chosen.connect(self.refresh)
        self.filters.changed.connect(self.refresh)
        self.progress.cancelled.connect(self.cancel)
        self.picture.wanted.connect(self._draw_picture)
        self.behind.back_asked.connect(self.go_back)
        self.behind.opened.connect(self._open)
        self.behind.copied.connect(self._copied)
        self.csv.message_offered.connect(self.message_offered)

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        """An answer that is looked at stays as it is; it is asked for again when the view comes in front."""
        if kinds & _CONCERNS:
            self._stale = True

    def _ask_choices(self) -> None:
        reports, actor = self._workplace.services.reports, self._workplace.actor
        self._workplace.tasks.ask("reports.choices", lambda: reports.choices(actor), self._show_choices, owner=self)

    def _show_choices(self, choices: FilterChoices) -> None:
        self.filters.set_choices(choices)

    # Showing

    def _show(self, report: Report) -> None:
        another = self._report is None or self._report.question is not report.question
        self.problem.say("")
        self._report = report
        self.title.setText(report.title)
        self.sentence.setText(f"{ASKS[report.question]}.")
        self.summary.setText(summary_text(report))
        self.notes.setText("\n".join(report.notes))
        show_if(self.notes, bool(report.lines))
        if another or report.picture.empty:
            self.picture.show_pdf(b"", "")
        self.picture.set_rows(len(report.picture.categories) if report.picture.lying else 0)
        show_if(self.picture, not report.picture.empty)
        show_if(self.splitter.told, bool(report.lines))
        self.splitter.stand(lying=report.picture.lying)
        table = self._answers.get(report.question) or self._new_table(report)
        table.show_report(report)
        self.tables.setCurrentWidget(table)
        column = self.splitter.told.layout()
        if column is not None:
            column.activate()  # the picture has its size now, and is drawn for it
        self._draw_picture()

    def _new_table(self, report: Report) -> AnswerTable:
        table = AnswerTable(report, self.tables)
        table.opened.connect(self._ask_behind)
        table.csv_asked.connect(self._save)
        table.print_asked.connect(self.print_paper)
        table.copied.connect(self._copied)
        self.tables.addWidget(table)
        self._answers[report.question] = table
        return table

    def _failed(self, error: ClinicError) -> None:
        if error.field == "last_day":
            self.filters.last_field.set_error(told(error))
        else:
            self.problem.say(told(error))

    @Slot()
    def _draw_picture(self) -> None:
        """Draw the picture of the answer in the size and colours of its place."""
        report = self._report
        if report is None or report.picture.empty:
            return
        size, inks, locale = self.picture.page_size(), screen_inks(), locale_name()

        def show(pdf: bytes) -> None:
            if report is self._report:
                self.picture.show_pdf(pdf, f"{report.picture.title}, as in the table")

        self._workplace.tasks.ask(
            "reports.picture",
            lambda: to_pdf(picture_document(report.picture, *size, inks, locale)),
            show,
            lane=Lane.PAPER,
            owner=self,
        )

    # What stands behind a row

    @Slot(object)
    def _ask_behind(self, line: Line) -> None:
        report = self._report
        if report is None:
            return
        reports, actor = self._workplace.services.reports, self._workplace.actor

        def show(rows: tuple[Behind, ...]) -> None:
            if report is not self._report:
                return
            self.behind.show_visits(row_title(report, line), rows)
            self.tables.setCurrentWidget(self.behind)
            self.behind.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if rows:
                self.behind.table.select(rows[0])
            self.visits_requested.emit(tuple(row.visit_id for row in rows if row.visit_id is not None))

        self._workplace.tasks.ask(
            "reports.behind", lambda: reports.behind(actor, report, line), show, self._failed, owner=self
        )

    @Slot(object)
    def _open(self, row: Behind) -> None:
        if row.visit_id is None:
            self.patient_requested.emit(row.patient_id)
        else:
            self.visit_requested.emit(row.patient_id, row.visit_id)

    # Leaving the program

    @Slot()
    def _save(self) -> None:
        report = self._report
        if report is not None:
            reports, actor = self._workplace.services.reports, self._workplace.actor
            self.csv.save(f"{report.title}-{self._workplace.today()}", lambda: reports.csv(actor, report))

    @Slot(int)
    def _copied(self, rows: int) -> None:
        said = "1 row is" if rows == 1 else f"{rows} rows are"
        self.message_offered.emit(f"{said} on the clipboard for a minute.", None)


def _sheet_of(panel: ResearchPanel) -> Scroll:
    """The panel at the top of a sheet, no wider than its sentences are read well."""
    content = QWidget()
    panel.setMaximumWidth(_WIDEST_PANEL)
    layout = QVBoxLayout(content)
    layout.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
    layout.addWidget(panel)
    layout.addStretch(1)
    return Scroll(content)


def _reading(done: int, of: int) -> str:
    return f"Reading part {done + 1} of {of}" if 0 <= done < of else "Reading the record"
