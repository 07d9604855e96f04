"""One patient's page: tabs, each told the same record."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.ui.patients.appointments import AppointmentsPage
from clinic_app.ui.patients.effects import EffectsPage
from clinic_app.ui.patients.history import HistoryPage
from clinic_app.ui.patients.papers import PapersPage
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.restriction_dialog import RestrictionDialog
from clinic_app.ui.patients.summary import SummaryPage
from clinic_app.ui.patients.timeline_view import TimelinePage
from clinic_app.ui.patients.visits import VisitsPage
from clinic_app.ui.theme import AROUND
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.list_menu import OF_PATIENT
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace


class PatientPage(QWidget):
    """The tabs of a patient. Each is filled when it is first looked at after a change."""

    edit_requested = Signal()
    edit_history_requested = Signal()
    new_visit_requested = Signal(bool)
    draft_requested = Signal(int)
    book_requested = Signal()
    repeat_requested = Signal(int)
    appointment_requested = Signal(int)
    document_requested = Signal(str, int)
    message_offered = Signal(str, object)
    paper_requested = Signal(object)
    """Carries what gathers a paper."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._record: PatientRecord | None = None
        self._stale: set[str] = set()
        self._keys: list[str] = []
        self._fill: dict[str, Callable[[PatientRecord], None]] = {}
        self.summary = SummaryPage(workplace, self)
        self.timeline = TimelinePage(workplace, self)
        self.history = HistoryPage(workplace, self)
        self.visits = VisitsPage(workplace, self)
        self.effects = EffectsPage(workplace, self)
        self.papers = PapersPage(workplace, self)
        self.appointments = AppointmentsPage(workplace, self)
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Pages of the patient")
        self.stack = QStackedWidget(self)
        self._add_tabs()
        self.edit_button = PlainButton("Edit patient", self, icon="pencil")
        self.edit_button.setToolTip("Edit patient (F2)")
        self.edit_button.setVisible(workplace.may(Act.REGISTER))
        self.edit_button.clicked.connect(self.edit_requested)
        self.restrict_button = LinkButton("", self, icon="lock")
        self.restrict_button.setVisible(workplace.may(Act.RESTRICT))
        self.restrict_button.clicked.connect(self.restrict)
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, 6, AROUND, 0)
        top.addWidget(self.tabs, 1)
        top.addWidget(self.restrict_button)
        top.addWidget(self.edit_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(6)
        layout.addWidget(Hairline(self))
        layout.addWidget(self.stack, 1)
        self._connect()

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient. Only the tab in front is filled now."""
        self._record = record
        self.setProperty(OF_PATIENT, record.id)
        self.restrict_button.setText("Restricted" if record.restricted else "Restrict")
        self.restrict_button.setToolTip(
            "Opens only to some: see and change to whom" if record.restricted else "Let the record open only to some"
        )
        self._stale = set(self._keys)
        self._fill_current()

    def record(self) -> PatientRecord | None:
        """What is shown."""
        return self._record

    def show_tab(self, key: str) -> None:
        """Bring a tab to the front: "summary", "timeline", "history", "visits", "effects", "documents",
        "appointments".

        A tab that the account does not have leaves the summary.
        """
        self.tabs.setCurrentIndex(self._keys.index(key) if key in self._keys else 0)

    def current_tab(self) -> str:
        """The key of the tab in front."""
        return self._keys[self.tabs.currentIndex()]

    def tab_keys(self) -> tuple[str, ...]:
        """The tabs that this account has."""
        return tuple(self._keys)

    @Slot()
    def note_side_effect(self) -> None:
        """Open the form of a side effect."""
        if "effects" in self._keys:
            self.show_tab("effects")
            self.effects.note_side_effect()

    @Slot()
    def take_call(self) -> None:
        """Open the form of a side effect that is told on the telephone."""
        if "effects" in self._keys:
            self.show_tab("effects")
            self.effects.take_call()

    def show_side_effect(self, effect_id: int) -> None:
        """Bring the side effects to the front with this one chosen."""
        self.show_tab("effects")
        chosen = [effect for effect in self._record.side_effects if effect.id == effect_id] if self._record else []
        if chosen:
            self.effects.effects.table.select(chosen[0])

    @Slot()
    def restrict(self) -> None:
        """Ask to whom the record is to open."""
        if self._record is None:
            return
        form = self._record.details.form
        name = f"{form.given_name} {form.family_name}".strip()
        dialog = RestrictionDialog(self._workplace, self._record.id, name, self)
        dialog.done_and_said.connect(lambda said: self.message_offered.emit(said, None))
        dialog.open()

    @Slot(int)
    def note_response(self, visit_id: int) -> None:
        """Open the form of a response."""
        self.show_tab("effects")
        self.effects.note_response(visit_id)

    @Slot(int)
    def show_visit(self, visit_id: int) -> None:
        """Open a signed visit."""
        self.show_tab("visits")
        self.visits.choose(visit_id)

    def print_chosen(self) -> None:
        """Open the document that belongs to what is on screen."""
        if self.current_tab() == "documents":
            self.papers.open_chosen()
        elif self.current_tab() == "timeline":
            self.timeline.print_paper()
        elif self.current_tab() == "visits" and self.visits.visit.visit() is not None:
            self.visits.visit.note_button.click()
        else:
            self.show_tab("documents")

    def _add_tabs(self) -> None:
        clinical = self._workplace.may(Act.READ_RECORD)
        reports = self._workplace.may(Act.REPORT_SIDE_EFFECT)
        papers = self._workplace.may(Act.PRINT_HANDOUT) or self._workplace.may(Act.PRINT_NOTE)
        effects_title = "Effects and response" if clinical else "Side effect by telephone"
        offered: tuple[tuple[str, str, QWidget, Callable[[PatientRecord], None], bool], ...] = (
            ("summary", "Summary", self.summary, self.summary.show_record, True),
            ("timeline", "Timeline", self.timeline, self.timeline.show_record, clinical),
            ("history", "History", self.history, self.history.show_record, clinical),
            ("visits", "Visits", self.visits, self.visits.show_record, clinical),
            ("effects", effects_title, self.effects, self.effects.show_record, reports),
            ("documents", "Documents", self.papers, self.papers.show_record, papers),
            ("appointments", "Appointments", self.appointments, self.appointments.show_record, True),
        )
        for key, title, page, fill, allowed in offered:
            if not allowed:
                page.hide()
                continue
            self._keys.append(key)
            self._fill[key] = fill
            self.tabs.addTab(title)
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self._tab_changed)

    def _connect(self) -> None:
        summary, visits, effects = self.summary, self.visits, self.effects
        summary.new_visit_requested.connect(self.new_visit_requested)
        visits.new_visit_requested.connect(self.new_visit_requested)
        for part in (summary.next, visits):
            part.repeat_requested.connect(self.repeat_requested)
        for part_with_booking in (summary.next, self.appointments):
            part_with_booking.book_requested.connect(self.book_requested)
            part_with_booking.appointment_requested.connect(self.appointment_requested)
        summary.next.draft_requested.connect(self.draft_requested)
        summary.next.effects_requested.connect(self._show_effects)
        summary.next.side_effect_requested.connect(self.note_side_effect)
        summary.next.response_requested.connect(self.note_response)
        self.history.edit_requested.connect(self.edit_history_requested)
        summary.timeline_requested.connect(self._show_timeline)
        self.timeline.visit_requested.connect(self.show_visit)
        self.timeline.new_visit_requested.connect(self.new_visit_requested)
        for part_with_papers in (self.timeline, visits, self.papers, self.appointments):
            part_with_papers.document_requested.connect(self.document_requested)
        self.papers.paper_requested.connect(self.paper_requested)
        for part_with_messages in (self.timeline, visits, effects, self.papers):
            part_with_messages.message_offered.connect(self.message_offered)

    @Slot()
    def _show_timeline(self) -> None:
        self.show_tab("timeline")
        self.timeline.chart.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _show_effects(self) -> None:
        self.show_tab("effects")
        record = self._record
        if record is not None and record.unreviewed():
            self.effects.effects.table.select(record.unreviewed()[0])

    @Slot(int)
    def _tab_changed(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self._fill_current()

    def _fill_current(self) -> None:
        key = self.current_tab()
        if self._record is not None and key in self._stale:
            self._stale.discard(key)
            self._fill[key](self._record)
