"""Whom something is for: search as you type, then the right patient stays in sight with birth date and number."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.patient_data import PatientRow
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import AppointmentState, PatientStatus
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.theme import TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.search import AT_ONCE, SearchField
from clinic_app.ui.wording import person_text, told
from clinic_app.ui.workplace import Workplace

_TO_COME = frozenset({AppointmentState.BOOKED, AppointmentState.CONFIRMED})
_OFFERED = 8
_ROW = 44


@dataclass(frozen=True, slots=True)
class ChosenPatient:
    """The patient that something is for."""

    id: int
    name: str
    birth_date: date
    record_number: str


class PatientChoice(QWidget):
    """A search field with its answers; once somebody is chosen, who it is and, on wish, what is booked already."""

    chosen = Signal(object)
    """The ``ChosenPatient``, or None."""
    telephone_requested = Signal(int)
    """Note a side effect that the chosen patient tells on the telephone; carries the patient's id."""

    def __init__(
        self,
        workplace: Workplace,
        parent: QWidget | None = None,
        *,
        name: str = "schedule",
        label: str = "Patient",
        tells_bookings: bool = True,
        takes_calls: bool = False,
    ) -> None:
        """``name`` keeps the questions of one form apart from those of another; ``takes_calls`` offers the note."""
        super().__init__(parent)
        self._workplace = workplace
        self._question, self._bookings = f"{name}.patients", f"{name}.booked"
        self._tells_bookings = tells_bookings
        self._patient: ChosenPatient | None = None
        self._found: tuple[PatientRow, ...] = ()
        self._label = Muted(label, self)
        self.search = SearchField("Name, birth date or record number", self, pause_ms=AT_ONCE)
        self.results = QListWidget(self)
        self.results.setAccessibleName("Patients found")
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nobody = Muted("Nobody fits. Register new patients under Patients first.", self, wrap=True)
        self._error = FieldError(self)
        self._card = QWidget(self)
        self._name, self._person = Strong("", self), Muted("", self, wrap=True)
        self._change = LinkButton("Change", self)
        self.telephone = LinkButton("Telephone note", self, icon="phone")
        self.telephone.setToolTip("The patient tells of a side effect: note it beside what they called for")
        self.telephone.setVisible(takes_calls)
        self._booked = Note(Level.INFO, self)
        self._lay_out()
        self.search.searched.connect(self._ask)
        self.search.moved_down.connect(self._enter_results)
        self.search.submitted.connect(self._take_first)
        self.results.itemClicked.connect(self._picked)
        self.results.itemActivated.connect(self._picked)
        self._change.clicked.connect(self._start_again)
        self.telephone.clicked.connect(self._take_call)
        self._show_parts()

    def patient(self) -> ChosenPatient | None:
        """Who is chosen."""
        return self._patient

    def choose(self, patient: ChosenPatient | None) -> None:
        """Choose somebody, or nobody."""
        self._patient = patient
        self._error.hide()
        self._found = ()
        self._workplace.tasks.drop(self._question)
        self._workplace.tasks.drop(self._bookings)
        self.search.set_text("")
        self._booked.say("")
        if patient is not None:
            self._name.setText(patient.name)
            today = self._workplace.today()
            self._person.setText(person_text(patient.birth_date, patient.record_number, today))
            if self._tells_bookings:
                self._ask_bookings(patient.id)
        self._show_parts()
        self.chosen.emit(patient)

    def check(self) -> bool:
        """Whether somebody is chosen; says so when not."""
        if self._patient is None:
            self._say("Choose the patient from the list.")
            self.search.setFocus()
        return self._patient is not None

    def error(self) -> str:
        """What it complains of."""
        return self._error.text() if not self._error.isHidden() else ""

    def booked_already(self) -> str:
        """What it says of the patient's next appointment."""
        return self._booked.text()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self._name, 1)
        top.addWidget(self._change)
        card = QVBoxLayout(self._card)
        card.setContentsMargins(0, 0, 0, 0)
        card.setSpacing(0)
        card.addLayout(top)
        card.addWidget(self._person)
        card.addWidget(self.telephone, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        for part in (self._label, self.search, self.results, self._nobody, self._card, self._booked, self._error):
            layout.addWidget(part)

    def _show_parts(self) -> None:
        nobody = self._patient is None
        self.search.setVisible(nobody)
        self.results.setVisible(nobody and bool(self._found))
        self._nobody.hide()
        self._card.setVisible(not nobody)
        self.setFocusProxy(self.search if nobody else self._change)

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))

    @Slot(str)
    def _ask(self, text: str) -> None:
        self._say("")
        if not text:
            self._workplace.tasks.drop(self._question)
            self._show_found(())
            self._nobody.hide()
            return
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._workplace.tasks.ask(
            self._question, lambda: patients.search(actor, text, _OFFERED), self._show_found, self._failed
        )

    def _ask_bookings(self, patient_id: int) -> None:
        actor, schedule = self._workplace.actor, self._workplace.services.schedule
        self._workplace.tasks.ask(
            self._bookings, lambda: schedule.of_patient(actor, patient_id), self._show_booked, self._failed
        )

    def _show_found(self, rows: tuple[PatientRow, ...]) -> None:
        self._found = rows
        today = self._workplace.today()
        self.results.clear()
        for row in rows:
            person = person_text(row.birth_date, row.record_number, today)
            status = {PatientStatus.MOVED_AWAY: " · moved away", PatientStatus.DIED: " · died"}.get(row.status, "")
            similar = " · similar name" if row.alike else ""
            item = QListWidgetItem(f"{row.name}\n{person}{status}{similar}")
            item.setSizeHint(QSize(100, _ROW))
            self.results.addItem(item)
        self.results.setFixedHeight(min(len(rows), 5) * _ROW + 4)
        if rows:
            self.results.setCurrentRow(0)
        self.results.setVisible(bool(rows) and self._patient is None)
        self._nobody.setVisible(not rows and self._patient is None)

    def _show_booked(self, rows: tuple[AppointmentRow, ...]) -> None:
        now = self._workplace.now()
        coming = [row for row in rows if row.starts_at > now and row.state in _TO_COME]
        if coming:
            row = coming[-1]
            when = f"{weekday_date_text(row.starts_at.date())}, {time_text(row.starts_at)}"
            more = f", and {len(coming) - 1} more" if len(coming) > 1 else ""
            self._booked.say(f"Already booked: {when} ({row.type_name}){more}.")

    def _failed(self, error: ClinicError) -> None:
        self._say(told(error))

    @Slot(str)
    def _take_first(self, text: str) -> None:
        # The only one who fits what was typed is meant by Enter; of several, or of similar names, the person chooses.
        fitting = [number for number, row in enumerate(self._found) if not row.alike]
        if len(fitting) == 1:
            self._take(fitting[0])
        elif self._found:
            self._enter_results()

    @Slot()
    def _enter_results(self) -> None:
        if self._found:
            self.results.setFocus()

    @Slot(QListWidgetItem)
    def _picked(self, item: QListWidgetItem) -> None:
        self._take(self.results.row(item))

    def _take(self, number: int) -> None:
        if 0 <= number < len(self._found):
            row = self._found[number]
            self.choose(ChosenPatient(row.id, row.name, row.birth_date, row.record_number))

    @Slot()
    def _take_call(self) -> None:
        if self._patient is not None:
            self.telephone_requested.emit(self._patient.id)

    @Slot()
    def _start_again(self) -> None:
        self.choose(None)
        self.search.setFocus()
