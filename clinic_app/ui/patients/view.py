"""Everything about patients: find, register, read, edit, and the way to the other views."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.patient_data import Banner, PatientDetails
from clinic_app.ui.patients.finder import Finder
from clinic_app.ui.patients.words import shortened, told
from clinic_app.ui.theme import AROUND, BETWEEN
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.notes import Note, Notice
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace

# The window is there before somebody is found in it; what shows a patient is imported with the first.
if TYPE_CHECKING:
    from clinic_app.ui.patients.form import PatientFormPage
    from clinic_app.ui.patients.page import PatientPage
    from clinic_app.ui.patients.record import PatientRecord
    from clinic_app.ui.patients.restricted_page import RestrictedPage


class PatientsView(QWidget):
    """The finder at the left; at the right a patient's page or form, or what to do first."""

    banner_changed = Signal(object)
    """The services' ``Banner`` of the patient shown, or None."""
    new_visit_requested = Signal(int, bool)
    """Patient id, and whether to start from the last pattern."""
    draft_requested = Signal(int)
    book_requested = Signal(int)
    """Patient id."""
    repeat_requested = Signal(int)
    """Visit id."""
    appointment_requested = Signal(int)
    document_requested = Signal(str, int)
    """A paper of a visit with its id, or "appointment_card" with an appointment id."""
    paper_requested = Signal(object)
    """Carries what gathers a paper."""
    message_offered = Signal(str, object)
    """A sentence and what undoes it, or None."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._patient_id: int | None = None
        self._tab = "summary"
        self._then: Callable[[], None] | None = None
        self._forms: dict[int | None, PatientFormPage] = {}
        self.finder = Finder(workplace, self)
        self.setFocusProxy(self.finder.search)  # whoever unlocks types a name at once
        self.problem = Note(Level.WARN, self)
        self.call = Notice(self)
        self.start = EmptyState(
            "users",
            "Find a patient at the left by name, birth date or record number, or register a new one.",
            self,
            action="New patient" if workplace.may(Act.REGISTER) else "",
        )
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.start)
        self._skeleton = Skeleton(self.stack)
        notices = QVBoxLayout()
        notices.setContentsMargins(AROUND, BETWEEN, AROUND, 0)  # nothing while no notice is shown
        notices.addWidget(self.call)
        notices.addWidget(self.problem)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(notices)
        right.addWidget(self.stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.finder)
        layout.addWidget(Hairline(self, vertical=True))
        layout.addLayout(right, 1)
        self._connect()

    @cached_property
    def page(self) -> PatientPage:
        """Made with the first patient that is opened."""
        from clinic_app.ui.patients.page import PatientPage

        page = PatientPage(self._workplace, self.stack)
        self.stack.addWidget(page)
        page.edit_requested.connect(self._edit)
        page.edit_history_requested.connect(self._edit_history)
        page.new_visit_requested.connect(self._new_visit)
        page.draft_requested.connect(self.draft_requested)
        page.book_requested.connect(self._book)
        page.repeat_requested.connect(self.repeat_requested)
        page.appointment_requested.connect(self.appointment_requested)
        page.document_requested.connect(self.document_requested)
        page.paper_requested.connect(self.paper_requested)
        page.message_offered.connect(self.message_offered)
        return page

    @property
    def _made_page(self) -> PatientPage | None:
        return vars(self).get("page")

    @cached_property
    def restricted(self) -> RestrictedPage:
        """Made with the first record that opens only to others."""
        from clinic_app.ui.patients.restricted_page import RestrictedPage

        restricted = RestrictedPage(self._workplace, self.stack)
        self.stack.addWidget(restricted)
        restricted.opened.connect(self.show_patient)
        return restricted

    def show_patient(self, patient_id: int, tab: str = "summary") -> None:
        """Open a patient's page at a tab; a form with unsaved typing for them comes back instead."""
        self._then = None
        self._open(patient_id, tab)

    def show_visit(self, patient_id: int, visit_id: int) -> None:
        """Open a patient's page at one of their visits; at its summary for whoever may not read the record."""
        readable = self._workplace.may(Act.READ_RECORD)
        self.show_patient(patient_id, "visits" if readable else "summary")
        if readable:
            self._then = partial(self.page.show_visit, visit_id)

    def new_patient(self) -> None:
        """Open the form for a new patient, with what was typed there before."""
        if not self._workplace.may(Act.REGISTER):
            return
        form = self._forms.get(None) or self._new_form(None)
        self._patient_id = None
        self._workplace.tasks.drop("patients.record")
        self._skeleton.stop()
        self.finder.show_selected(None)
        self.banner_changed.emit(None)
        self._show_form(form)

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.finder.focus_search()

    def record_side_effect(self, patient_id: int) -> None:
        """Open a patient with the form of a side effect."""
        self._open(patient_id, "effects")
        self._then = self.page.note_side_effect

    def take_call(self, patient_id: int) -> None:
        """Open a patient with the form of a side effect that is told on the telephone."""
        self.call.hide()
        self._open(patient_id, "effects")
        self._then = self.page.take_call

    def find_caller(self) -> None:
        """Ask who is calling: the patient chosen next opens with the form. Whoever is on screen is one step away."""
        record = self._record()
        ways: list[tuple[str, Callable[[], object]]] = [("Not a call", self.focus_search)]
        if record is not None and record.id == self._patient_id:
            form = record.details.form
            name = shortened(f"{form.given_name} {form.family_name}".strip())
            ways.insert(0, (f"It is {name}", partial(self.take_call, record.id)))
        self.call.offer(
            "Telephone note: find who is calling at the left; choosing the patient opens it.", Level.INFO, *ways
        )
        self.focus_search()

    def show_side_effect(self, patient_id: int, effect_id: int) -> None:
        """Open a patient with one of the side effects chosen."""
        self._open(patient_id, "effects")
        self._then = partial(self.page.show_side_effect, effect_id)

    def note_response(self, patient_id: int, visit_id: int) -> None:
        """Open a patient with the form of a visit's response."""
        self._open(patient_id, "effects")
        self._then = partial(self.page.note_response, visit_id)

    @Slot()
    def refresh(self) -> None:
        """Ask again for what is shown, without moving selection, scroll or typing."""
        self.finder.ask_again()
        if self._patient_id is not None:
            self._read(self._patient_id)

    # What the window's commands call

    def new_item(self) -> None:
        """Ctrl+N."""
        self.new_patient()

    def edit_item(self) -> None:
        """F2: the form, at the history when that is what is looked at."""
        page = self._made_page
        if page is not None and self.stack.currentWidget() is page and page.current_tab() == "history":
            self._edit_history()
        else:
            self._edit()

    def save_item(self) -> None:
        """Ctrl+S."""
        form = self._form_in_front()
        if form is not None:
            form.save()
        elif self._made_page is not None:
            self._made_page.save_panel()

    def go_back(self) -> None:
        """Esc: out of the form, or of a correction, which keeps what is typed; from a page to the search."""
        form = self._form_in_front()
        if form is not None:
            self._leave(form)
        elif self._made_page is None or not self._made_page.put_correction_away():
            self.focus_search()

    def print_paper(self) -> None:
        """Ctrl+P."""
        page = self._made_page
        if page is not None and self.stack.currentWidget() is page and page.record() is not None:
            page.print_chosen()

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is saved."""
        waiting = [form for form in self._forms.values() if form.dirty]
        if waiting:
            return f"The form of {shortened(waiting[0].name())} is not saved. Save or discard it first."
        return "" if self._made_page is None else self._made_page.unsaved()

    def patient_id(self) -> int | None:
        """Whose page is shown."""
        return self._patient_id

    def form(self) -> PatientFormPage | None:
        """The patient form in front, if one is."""
        return self._form_in_front()

    def _connect(self) -> None:
        finder = self.finder
        finder.chosen.connect(self._chosen)
        finder.new_requested.connect(self.new_item)
        finder.unfinished_chosen.connect(self._back_to_unfinished)
        self.start.action_requested.connect(self.new_item)
        self._workplace.changes.committed.connect(self._committed)

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if "patient" in kinds:
            self.finder.ask_again()
        if self._patient_id is None:
            return
        from clinic_app.ui.patients.record import KINDS

        if kinds & KINDS:
            self._read(self._patient_id)

    @Slot(int)
    def _chosen(self, patient_id: int) -> None:
        if self.call.waits:
            self.take_call(patient_id)
            return
        # Going from one patient to the next keeps the tab: whoever compares responses stays among responses.
        tab = self.page.current_tab() if self._patient_id is not None else "summary"
        self.show_patient(patient_id, tab)

    def _open(self, patient_id: int, tab: str) -> None:
        self._tab = tab
        if patient_id != self._patient_id:
            self._patient_id = patient_id
            self._skeleton.start()
        self.problem.say("")
        self.finder.show_selected(patient_id)
        form = self._forms.get(patient_id)
        if form is not None and form.dirty:
            self._show_form(form)
        elif form is not None:
            self._drop(form)  # nothing was typed there
        self._read(patient_id)

    def _read(self, patient_id: int) -> None:
        from clinic_app.ui.patients.record import read_record

        services, actor = self._workplace.services, self._workplace.actor
        self._workplace.tasks.ask(
            "patients.record", lambda: read_record(services, actor, patient_id), self._show, self._failed, owner=self
        )

    def _show(self, record: PatientRecord) -> None:
        if record.id != self._patient_id:
            return
        self._skeleton.stop()
        self.problem.say("")
        self.banner_changed.emit(record.banner)
        self.page.show_record(record)
        form = self._forms.get(record.id)
        if form is not None:
            form.fresh(record.details)
        elif self.stack.currentWidget() is not self.page:
            self.stack.setCurrentWidget(self.page)
            self._show_unfinished()
        if self._tab:
            self.page.show_tab(self._tab)
            self._tab = ""
        then, self._then = self._then, None
        if then is not None:
            then()

    def _failed(self, error: ClinicError) -> None:
        self._skeleton.stop()
        if error.code == "record_restricted" and self._patient_id is not None:
            self._show_restricted(self._patient_id)
            return
        self.problem.say(told(error))

    def _show_restricted(self, patient_id: int) -> None:
        patients, actor = self._workplace.services.patients, self._workplace.actor
        self.restricted.show_patient(patient_id)
        self.stack.setCurrentWidget(self.restricted)
        self._workplace.tasks.ask(
            "patients.banner", lambda: patients.banner(actor, patient_id), self._show_closed_banner, owner=self
        )

    @Slot(object)
    def _show_closed_banner(self, banner: Banner) -> None:
        if banner.id == self._patient_id and self.stack.currentWidget() is self.restricted:
            self.banner_changed.emit(banner)

    @Slot()
    def _edit(self) -> None:
        record = self._record()
        if record is None or record.id != self._patient_id or not self._workplace.may(Act.REGISTER):
            return
        self._show_form(self._forms.get(record.id) or self._new_form(record.details))

    @Slot()
    def _edit_history(self) -> None:
        self._edit()
        form = self._form_in_front()
        if form is not None:
            form.focus_history()

    def _new_form(self, details: PatientDetails | None) -> PatientFormPage:
        from clinic_app.ui.patients.form import PatientFormPage

        form = PatientFormPage(self._workplace, details, self)
        self._forms[form.patient_id] = form
        self.stack.addWidget(form)
        form.saved.connect(self._saved)
        form.cancelled.connect(self._cancelled)
        form.open_instead.connect(self._open_instead)
        form.dirty_changed.connect(self._show_unfinished)
        form.message_offered.connect(self.message_offered)
        return form

    def _show_form(self, form: PatientFormPage) -> None:
        self.stack.setCurrentWidget(form)
        self._show_unfinished()
        form.focus_first()

    def _record(self) -> PatientRecord | None:
        """What the page shows, or showed before a form came to the front."""
        return None if self._made_page is None else self._made_page.record()

    def _form_in_front(self) -> PatientFormPage | None:
        widget = self.stack.currentWidget()
        return next((form for form in self._forms.values() if form is widget), None)

    @Slot()
    def _show_unfinished(self) -> None:
        front = self._form_in_front()
        self.finder.show_unfinished(
            [(key, form.name()) for key, form in self._forms.items() if form.dirty and form is not front]
        )

    @Slot(object)
    def _back_to_unfinished(self, patient_id: int | None) -> None:
        if patient_id is None:
            self.new_patient()
        else:
            self.show_patient(patient_id)

    @Slot(int, str)
    def _saved(self, patient_id: int, sentence: str) -> None:
        form = self.sender()
        front = form is self._form_in_front()
        saved = next((each for each in self._forms.values() if each is form), None)
        if saved is not None:
            self._drop(saved)
        self.message_offered.emit(sentence, None)
        self.finder.ask_again()
        if front:
            self._open(patient_id, "summary" if patient_id != self._patient_id else self.page.current_tab())

    @Slot()
    def _cancelled(self) -> None:
        form = self._form_in_front()
        if form is not None:
            self._leave(form)

    def _leave(self, form: PatientFormPage) -> None:
        """Out of a form. Typing that is thrown away can be had back until the message goes."""
        self._forms.pop(form.patient_id, None)
        self.stack.removeWidget(form)
        form.hide()
        if form.dirty:
            form.setParent(self)
            what = "The new patient was" if form.patient_id is None else f"Changes to {shortened(form.name())} were"
            self.message_offered.emit(f"{what} discarded.", lambda: self._bring_back(form))
        else:
            form.deleteLater()
        shows_page = self._patient_id is not None and self._record() is not None
        self.stack.setCurrentWidget(self.page if shows_page else self.start)
        self._show_unfinished()
        self.finder.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring_back(self, form: PatientFormPage) -> None:
        before = self._forms.get(form.patient_id)
        if before is not None and before is not form:
            self._drop(before)
        self._forms[form.patient_id] = form
        self.stack.addWidget(form)
        if form.patient_id is None:
            self.new_patient()
        else:
            self.show_patient(form.patient_id)

    def _drop(self, form: PatientFormPage) -> None:
        self._forms.pop(form.patient_id, None)
        self.stack.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._show_unfinished()

    @Slot(int)
    def _open_instead(self, patient_id: int) -> None:
        self.show_patient(patient_id)
        self._show_unfinished()

    @Slot(bool)
    def _new_visit(self, repeat: bool) -> None:
        if self._patient_id is not None:
            self.new_visit_requested.emit(self._patient_id, repeat)

    @Slot()
    def _book(self) -> None:
        if self._patient_id is not None:
            self.book_requested.emit(self._patient_id)
