"""The tab of the timeline: the picture with what its signs mean, and the ways to take it away on paper or as a file."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.timeline.course import Course
from clinic_app.timeline.legend import legend
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.timeline_chart import STEP, TimelineChart
from clinic_app.ui.patients.timeline_file import timeline_png
from clinic_app.ui.patients.timeline_painting import Painted, screen_writing
from clinic_app.ui.saved_file import PICTURE, SavedFile
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.workplace import Workplace

_NOTHING = "No injections yet. From the first signed visit on, doses, benefit and side effects stand here over time."


class TimelinePage(QWidget):
    """The picture of a patient's whole course."""

    visit_requested = Signal(int)
    new_visit_requested = Signal(bool)
    document_requested = Signal(str, int)
    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: PatientRecord | None = None
        self.chart = TimelineChart(self)
        self.undated = Muted("", self, wrap=True)
        self.empty = EmptyState(
            "activity", _NOTHING, self, action="New visit" if workplace.may(Act.DRAFT_CHART) else ""
        )
        self.picture_file = SavedFile(PICTURE, workplace, self)
        self.zoom_in = IconButton("zoom-in", "Zoom in (+)", self)
        self.zoom_out = IconButton("zoom-out", "Zoom out (−)", self)
        self.whole_button = PlainButton("Whole course", self)
        self.whole_button.setToolTip("Show everything from the first injection to today (0)")
        self.paper_button = PlainButton("Print or save PDF…", self, icon="printer")
        self.paper_button.setToolTip("The whole course on paper, with name, birth date and record number")
        self.paper_button.setVisible(workplace.may(Act.PRINT_NOTE))
        self.picture_button = PlainButton("Save picture…", self, icon="download")
        self.picture_button.setToolTip("What is shown now, as a PNG picture with name, birth date and record number")
        self.picture_button.setVisible(workplace.may(Act.PRINT_NOTE))
        self.stack = QStackedWidget(self)
        self._lay_out()
        self.zoom_in.clicked.connect(self._closer)
        self.zoom_out.clicked.connect(self._farther)
        self.whole_button.clicked.connect(self.chart.show_all)
        self.paper_button.clicked.connect(self.print_paper)
        self.picture_button.clicked.connect(self.save_picture)
        self.chart.visit_requested.connect(self.visit_requested)
        self.empty.action_requested.connect(self._start_empty)
        self.picture_file.message_offered.connect(self.message_offered)
        self.setFocusProxy(self.chart)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient's course; a refresh keeps zoom and place."""
        another = self._record is None or self._record.id != record.id
        self._record = record
        course = record.course
        if course is None or course.empty:
            self.stack.setCurrentWidget(self.empty)
            return
        self.chart.set_course(course, keep_place=not another)
        self.undated.setText(_undated(course))
        self.undated.setVisible(bool(self.undated.text()))
        self.stack.setCurrentIndex(1)

    @Slot()
    def print_paper(self) -> None:
        """Preview the timeline as a document (Ctrl+P)."""
        if self._record is not None and self.stack.currentIndex() == 1 and not self.paper_button.isHidden():
            self.document_requested.emit("timeline", self._record.id)

    @Slot()
    def save_picture(self) -> None:
        """Save what is shown now as a picture."""
        record = self._record
        if record is None or record.course is None:
            return
        form = record.details.form
        who = f"{form.given_name} {form.family_name}".strip()
        born = f"born {date_text(form.birth_date)}" if form.birth_date else "birth date not recorded"
        head = f"{who} · {born} · {form.record_number}"
        left, right = self.chart.seen()
        course, per_day = record.course, self.chart.per_day
        self.picture_file.save(f"timeline-{course.today}", lambda: timeline_png(course, per_day, left, right, head))

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(INSIDE)
        hint = Muted("Drag to move, turn the wheel to zoom, click a bar to open its visit.", self, wrap=True)
        tools.addWidget(hint, 1)
        for button in (self.zoom_out, self.zoom_in, self.whole_button, self.picture_button, self.paper_button):
            tools.addWidget(button)
        card = Card(self, margin=1, spacing=0)
        card.layout_inside.addWidget(self.chart, 1)
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        layout.setSpacing(INSIDE)
        layout.addLayout(tools)
        layout.addWidget(card, 1)
        layout.addWidget(self.undated)
        layout.addWidget(Legend(self))
        self.stack.addWidget(self.empty)
        self.stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    @Slot()
    def _closer(self) -> None:
        self.chart.zoom(STEP * STEP)

    @Slot()
    def _farther(self) -> None:
        self.chart.zoom(1 / STEP / STEP)

    @Slot()
    def _start_empty(self) -> None:
        self.new_visit_requested.emit(False)


class Legend(QWidget):
    """What the signs mean, in as many lines as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        drawing, height = legend(screen_writing(), 10_000)
        self.setAccessibleName("What the signs mean")
        self.setAccessibleDescription(", ".join(text.text for text in drawing.texts))
        self.setFixedHeight(round(height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the signs and their words."""
        painter = QPainter(self)
        Painted(legend(screen_writing(), self.width())[0], current_theme()).paint(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many lines as are needed."""
        super().resizeEvent(event)
        self.setFixedHeight(round(legend(screen_writing(), self.width())[1]))

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(600, self.height())


def _undated(course: Course) -> str:
    names = [each.name for each in course.treatments if each.since is None and each.until is None]
    return f"Without a date, so not on the axis: {', '.join(dict.fromkeys(names))}." if names else ""
