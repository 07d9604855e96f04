"""One patient's page: tabs, each told the same record."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.restriction_dialog import RestrictionDialog
from clinic_app.ui.patients.summary import SummaryPage
from clinic_app.ui.theme import AROUND
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.list_menu import OF_PATIENT
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace

# Whoever finds a patient reads the summary; each other page is imported and made when it is first looked at.
if TYPE_CHECKING:
    from clinic_app.ui.patients.appointments import AppointmentsPage
    from clinic_app.ui.patients.effects import EffectsPage
    from clinic_app.ui.patients.history import HistoryPage
    from clinic_app.ui.patients.papers import PapersPage
    from clinic_app.ui.patients.timeline_view import TimelinePage
    from clinic_app.ui.patients.visits import VisitsPage

    Page = SummaryPage | TimelinePage | HistoryPage | VisitsPage | EffectsPage | PapersPage | AppointmentsPage


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
        self._pages: dict[str, Callable[[], Page]] = {}
        self.summary = SummaryPage(workplace, self)
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
        self._connect_summary()

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient. Only the tab in front is filled now."""
        self._record = record
        self.setProperty(OF_PATIENT, record.id)
        self.restrict_button.setText("Restricted" if record.restricted else "Restrict")
        self.restrict_button.setToolTip(
            "Opens only to some: see and change to whom" if record.restricted else "Let the record open only to some"
        )
        self._stale = set(self._pages)
        self._fill_current()

    def record(self) -> PatientRecord | None:
        """What is shown."""
        return self._record

    def show_tab(self, key: str) -> None:
        """Bring a tab to the front: "summary", "timeline", "history", "visits", "effects", "documents",
        "appointments".

        A tab that the account does not have leaves the summary.
        """
        self.tabs.setCurrentIndex(self.tab_keys().index(key) if key in self._pages else 0)

    def current_tab(self) -> str:
        """The key of the tab in front."""
        return self.tab_keys()[self.tabs.currentIndex()]

    def tab_keys(self) -> tuple[str, ...]:
        """The tabs that this account has."""
        return tuple(self._pages)

    @Slot()
    def note_side_effect(self) -> None:
        """Open the form of a side effect."""
        if "effects" in self._pages:
            self.show_tab("effects")
            self.effects.note_side_effect()

    @Slot()
    def take_call(self) -> None:
        """Open the form of a side effect that is told on the telephone."""
        if "effects" in self._pages:
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
        offered: tuple[tuple[str, str, Callable[[], Page], bool], ...] = (
            ("summary", "Summary", lambda: self.summary, True),
            ("timeline", "Timeline", lambda: self.timeline, clinical),
            ("history", "History", lambda: self.history, clinical),
            ("visits", "Visits", lambda: self.visits, clinical),
            ("effects", effects_title, lambda: self.effects, reports),
            ("documents", "Documents", lambda: self.papers, papers),
            ("appointments", "Appointments", lambda: self.appointments, True),
        )
        for key, title, page, allowed in offered:
            if allowed:
                self._pages[key] = page
                self.tabs.addTab(title)
        self.stack.addWidget(self.summary)
        self.tabs.currentChanged.connect(self._tab_changed)

    @cached_property
    def timeline(self) -> TimelinePage:
        """Made when it is first looked at, as are those that follow."""
        from clinic_app.ui.patients.timeline_view import TimelinePage

        timeline = TimelinePage(self._workplace, self.stack)
        self.stack.addWidget(timeline)
        timeline.visit_requested.connect(self.show_visit)
        timeline.new_visit_requested.connect(self.new_visit_requested)
        timeline.document_requested.connect(self.document_requested)
        timeline.message_offered.connect(self.message_offered)
        return timeline

    @cached_property
    def history(self) -> HistoryPage:
        """What is known from before and besides."""
        from clinic_app.ui.patients.history import HistoryPage

        history = HistoryPage(self._workplace, self.stack)
        self.stack.addWidget(history)
        history.edit_requested.connect(self.edit_history_requested)
        return history

    @cached_property
    def visits(self) -> VisitsPage:
        """The signed visits."""
        from clinic_app.ui.patients.visits import VisitsPage

        visits = VisitsPage(self._workplace, self.stack)
        self.stack.addWidget(visits)
        visits.new_visit_requested.connect(self.new_visit_requested)
        visits.repeat_requested.connect(self.repeat_requested)
        visits.document_requested.connect(self.document_requested)
        visits.message_offered.connect(self.message_offered)
        return visits

    @cached_property
    def effects(self) -> EffectsPage:
        """Side effects, responses, diaries."""
        from clinic_app.ui.patients.effects import EffectsPage

        effects = EffectsPage(self._workplace, self.stack)
        self.stack.addWidget(effects)
        effects.message_offered.connect(self.message_offered)
        return effects

    @cached_property
    def papers(self) -> PapersPage:
        """Notes, letters, handouts."""
        from clinic_app.ui.patients.papers import PapersPage

        papers = PapersPage(self._workplace, self.stack)
        self.stack.addWidget(papers)
        papers.document_requested.connect(self.document_requested)
        papers.paper_requested.connect(self.paper_requested)
        papers.message_offered.connect(self.message_offered)
        return papers

    @cached_property
    def appointments(self) -> AppointmentsPage:
        """Booked, past, waited for."""
        from clinic_app.ui.patients.appointments import AppointmentsPage

        appointments = AppointmentsPage(self._workplace, self.stack)
        self.stack.addWidget(appointments)
        appointments.book_requested.connect(self.book_requested)
        appointments.appointment_requested.connect(self.appointment_requested)
        appointments.document_requested.connect(self.document_requested)
        return appointments

    def unsaved(self) -> str:
        """A sentence on what is typed and not saved; "" when all is."""
        effects, visits = self._made_effects, self._made_visits
        if effects is not None and effects.unsaved():
            return "A side effect, response or diary is not saved. Save or cancel it first."
        if visits is not None and visits.visit.unsigned_correction():
            return "A correction of a visit is not signed. Sign or discard it first."
        return ""

    def save_panel(self) -> None:
        """Save the form of a side effect, response or diary that is open."""
        panel = None if self._made_effects is None else self._made_effects.panel()
        if panel is not None and panel.isVisible():
            panel.save()

    def put_correction_away(self) -> bool:
        """Leave a correction, which keeps what is typed; whether one was open."""
        return self._made_visits is not None and self._made_visits.visit.put_correction_away()

    @property
    def _made_effects(self) -> EffectsPage | None:
        return vars(self).get("effects")

    @property
    def _made_visits(self) -> VisitsPage | None:
        return vars(self).get("visits")

    def _connect_summary(self) -> None:
        summary, ahead = self.summary, self.summary.next
        summary.new_visit_requested.connect(self.new_visit_requested)
        summary.timeline_requested.connect(self._show_timeline)
        ahead.repeat_requested.connect(self.repeat_requested)
        ahead.book_requested.connect(self.book_requested)
        ahead.appointment_requested.connect(self.appointment_requested)
        ahead.draft_requested.connect(self.draft_requested)
        ahead.effects_requested.connect(self._show_effects)
        ahead.side_effect_requested.connect(self.note_side_effect)
        ahead.response_requested.connect(self.note_response)

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
    def _tab_changed(self, _index: int) -> None:
        self.stack.setCurrentWidget(self._pages[self.current_tab()]())
        self._fill_current()

    def _fill_current(self) -> None:
        key = self.current_tab()
        if self._record is not None and key in self._stale:
            self._stale.discard(key)
            self._pages[key]().show_record(self._record)
