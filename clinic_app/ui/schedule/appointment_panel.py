"""The chosen appointment: who, when, where it stands, the next step, and who did what."""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.access import Act
from clinic_app.services.schedule import NEXT_STATES
from clinic_app.services.schedule_data import AppointmentChange, AppointmentRow, ScheduleChoices
from clinic_app.services.series import Scope
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.schedule.actions import AppointmentActions, stays_text
from clinic_app.ui.schedule.appointment_facts import AppointmentFacts
from clinic_app.ui.schedule.appointment_history import AppointmentHistory
from clinic_app.ui.schedule.appointment_merging import Seen, shown
from clinic_app.ui.schedule.change_forms import CancelForm, MoveForm
from clinic_app.ui.schedule.panels import Panel, Passing
from clinic_app.ui.schedule.place_fields import Place, place_of
from clinic_app.ui.schedule.states import MOVABLE, WORDS, other_steps, step_text, usual_step
from clinic_app.ui.schedule.wording import Names
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.together import Outcome
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class _Known:
    """What one question about an appointment brings."""

    row: AppointmentRow
    history: tuple[AppointmentChange, ...]


class AppointmentPanel(Panel):
    """Everything the front desk does with one appointment, without a dialog."""

    patient_requested = Signal(int)
    telephone_requested = Signal(int)
    visit_requested = Signal(int, int)
    document_requested = Signal(str, int)
    repeat_requested = Signal(int)
    """Book the next visit after this one; carries the visit's id."""
    copy_requested = Signal(object)
    """Book the same again in another week; carries the row."""
    calendar_file_requested = Signal(int)

    def __init__(self, workplace: Workplace, actions: AppointmentActions, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._workplace = workplace
        self._actions = actions
        self._row: AppointmentRow | None = None
        self._names = Names()
        self.facts = AppointmentFacts(self)
        self.problem = Note(Level.STOP, self)
        self.content.setContentsMargins(16, 0, 16, 16)
        self.content.addWidget(self.facts)
        self.content.addWidget(self.problem)
        self._build_buttons()
        self._build_forms()
        self.history = AppointmentHistory(workplace.services.clinic.time_zone, self)
        self.content.addSpacing(TIGHT)
        self.content.addWidget(self.history)
        self.content.addStretch(1)

    @property
    def row(self) -> AppointmentRow | None:
        """The appointment shown."""
        return self._row

    def set_choices(self, choices: ScheduleChoices) -> None:
        """Names for ids, and what a move chooses from."""
        self._names = Names.of(choices)
        self.move_form.set_choices(choices)

    def show_row(self, row: AppointmentRow) -> None:
        """Show an appointment at once and ask for its history."""
        another = self._row is None or self._row.id != row.id
        if another:
            self._fold()
            self.problem.say("")
            self.history.show_changes((), self._names)
        self._show(row)
        self.reload()

    def reload(self) -> None:
        """Ask again for the appointment shown and its history."""
        if self._row is None:
            return
        actor, schedule, number = self._workplace.actor, self._workplace.services.schedule, self._row.id

        def work() -> _Known:
            return _Known(schedule.appointment(actor, number), schedule.history(actor, number))

        self._workplace.tasks.ask("schedule.appointment", work, self._loaded, self._failed)

    def forget(self) -> None:
        """Show nothing any more."""
        self._row = None
        self._workplace.tasks.drop("schedule.appointment")

    def begin_move(self, place: Place | None = None, error: ClinicError | None = None) -> None:
        """Unfold the form that moves, perhaps with a place that was refused and why."""
        if self._row is None or self._row.state not in MOVABLE:
            return
        self.move_form.begin(self._row, place)
        if error is not None:
            self.move_form.show_error(error)
        self._unfold(self.move_form)
        self._focus_later(self.move_form.fields.date_field)

    def begin_cancel(self) -> None:
        """Unfold the form that cancels."""
        if self._row is None or AppointmentState.CANCELLED not in NEXT_STATES[self._row.state]:
            return
        self.cancel_form.begin(self._row)
        self._unfold(self.cancel_form)
        self._focus_later(self.cancel_form.reason_field)

    @property
    def is_unfolded(self) -> bool:
        """Whether one of its forms is open."""
        return not (self.move_form.isHidden() and self.cancel_form.isHidden())

    def fold(self) -> bool:
        """Close the form that is open; False when none was."""
        was_open = self.is_unfolded
        self.move_form.hide()
        self.cancel_form.hide()
        self._everything.show()
        return was_open

    def focus_first(self) -> None:
        """Put the focus on the usual next step."""
        button = next((b for b in (self.next_button, self.open_button) if not b.isHidden()), self.open_button)
        self._focus_later(button)

    # Building

    def _build_buttons(self) -> None:
        self.next_button = PrimaryButton("", self)
        self.next_button.setToolTip("The usual next step (Space on the grid)")
        self.next_button.setProperty("waits", True)
        self.next_button.clicked.connect(self.take_usual_step)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self.open_button = PlainButton("Open patient", self)
        self.telephone_button = PlainButton("Telephone note", self)
        self.telephone_button.setToolTip("The patient tells of a side effect on the telephone")
        self.visit_button = PlainButton("Start visit", self)
        self.visit_button.setToolTip("Start visit (V)")
        self.card_button = PlainButton("Print card", self)
        self.repeat_button = PlainButton("Book repeat", self)
        self.move_button = PlainButton("Move", self)
        self.move_button.setToolTip("Move (M)")
        self.copy_button = PlainButton("Copy", self)
        self.copy_button.setToolTip("Book the same again in another week (Ctrl+C, then Ctrl+V in that week)")
        self.copy_button.setAccessibleName("Copy to another week")
        self.calendar_button = PlainButton("Calendar file", self)
        self.calendar_button.setToolTip("Save the appointment as a file that phones and calendars read (.ics)")
        self.cancel_button = PlainButton("Cancel", self)
        self.cancel_button.setAccessibleName("Cancel appointment")
        self.cancel_button.setToolTip("Cancel appointment (Delete)")
        self.open_button.clicked.connect(self._open_patient)
        self.telephone_button.clicked.connect(self._take_call)
        self.visit_button.clicked.connect(self.start_visit)
        self.card_button.clicked.connect(self._print_card)
        self.repeat_button.clicked.connect(self._book_repeat)
        self.calendar_button.clicked.connect(self._save_calendar_file)
        self.copy_button.clicked.connect(self._copy)
        self.move_button.clicked.connect(lambda: self.begin_move())
        self.cancel_button.clicked.connect(self.begin_cancel)
        self._everything = QWidget(self)
        inside = QVBoxLayout(self._everything)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(BETWEEN)
        steps = QHBoxLayout()
        steps.addLayout(self._steps, 1)
        steps.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(steps)
        self._grid = QGridLayout()
        self._grid.setSpacing(INSIDE)
        inside.addLayout(self._grid)
        self.content.addWidget(self._everything)
        self.show_foot(False)

    def _build_forms(self) -> None:
        self.move_form = MoveForm(self._workplace.today, self._workplace.may(Act.OVERBOOK), self)
        self.cancel_form = CancelForm(self)
        for form in (self.move_form, self.cancel_form):
            form.hide()
            form.folded.connect(self._fold)
            self.content.addWidget(form)
        self.move_form.move_wanted.connect(self._move)
        self.cancel_form.cancel_wanted.connect(self._cancel)

    # Showing

    def _show(self, row: AppointmentRow) -> None:
        self._row = row
        self.heading.setText(row.patient_name)
        self.facts.show_row(row, self._names, self._workplace.today(), self._workplace.services.clock())
        self._offer(row)

    def _offer(self, row: AppointmentRow) -> None:
        """Only what can be done now stands there."""
        day, today, may_book = row.starts_at.date(), self._workplace.today(), self._workplace.may(Act.BOOK)
        usual = usual_step(row.state, day, today) if may_book else None
        self.next_button.setText("" if usual is None else step_text(usual, row.state))
        self.next_button.setVisible(usual is not None)
        while (item := self._steps.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for step in other_steps(row.state, day, today) if may_book else ():
            button = LinkButton(step_text(step, row.state), self)
            button.setProperty("waits", True)
            button.clicked.connect(lambda _checked=False, wanted=step: self._set_state(wanted))
            self._steps.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._steps.addStretch(1)
        here = row.state not in GONE
        offered: list[tuple[QPushButton, bool]] = [
            (self.open_button, True),
            (
                self.visit_button,
                here and row.visit_id is None and day <= today and self._workplace.may(Act.DRAFT_CHART),
            ),
            (self.telephone_button, self._workplace.may(Act.REPORT_SIDE_EFFECT)),
            (self.repeat_button, row.visit_id is not None and may_book),
            (self.card_button, here and day >= today and self._workplace.may(Act.PRINT_HANDOUT)),
            (self.calendar_button, here and day >= today and self._workplace.may(Act.PRINT_HANDOUT)),
            (self.move_button, row.state in MOVABLE and may_book),
            (self.copy_button, may_book),
            (self.cancel_button, AppointmentState.CANCELLED in NEXT_STATES[row.state] and may_book),
        ]
        place = 0
        for action, wanted in offered:
            self._grid.removeWidget(action)
            action.setVisible(wanted)
            if wanted:
                self._grid.addWidget(action, place // 2, place % 2)
                place += 1

    def _loaded(self, known: _Known) -> None:
        if self._row is None or known.row.id != self._row.id:
            return
        # A single appointment does not know its neighbours; the board's mark stays.
        self._show(known.row._replace(similar_name=self._row.similar_name))
        self.history.show_changes(known.history, self._names)

    def _failed(self, error: ClinicError) -> None:
        self.problem.say(told(error))

    # Acting

    @Slot()
    def take_usual_step(self) -> None:
        """Move the appointment along as its day usually goes, where that is offered."""
        if self._row is not None and not self.next_button.isHidden():
            step = usual_step(self._row.state, self._row.starts_at.date(), self._workplace.today())
            if step is not None:
                self._set_state(step)

    def _set_state(self, state: AppointmentState) -> None:
        if self._row is not None:
            self.problem.say("")
            self.set_busy(True)
            self._actions.set_state(self._row, state, self._failed, self._state_met, ended=lambda: self.set_busy(False))

    def _state_met(self, outcome: Outcome[Seen]) -> None:
        self.problem.say(told(outcome.problem or RecordChanged("appointment_changed")))
        self.reload()

    @Slot(object, object, object)
    def _move(self, place: Place, passing: Passing, scope: Scope) -> None:
        row = self.move_form.row
        if row is None:
            return
        if self.move_form.keeps_theirs() and place_of(row) == replace(place, any_room=False):
            self._stay(row)
            return
        self.set_busy(True)
        self._actions.move(
            row,
            place,
            self.move_form.show_error,
            self.move_met,
            passing=passing,
            scope=scope,
            ended=lambda: self.set_busy(False),
        )

    def move_met(self, outcome: Outcome[Seen]) -> None:
        """Somebody else changed the appointment too: what was asked for stands in the form, theirs beside it."""
        form, seen = self.move_form, outcome.known
        if seen.row.state not in MOVABLE:
            self._ended(form, seen, "only a booked or confirmed one can be moved")
            return
        sentence = f"{seen.by} moved this appointment too. Choose what to keep, then move it again."
        if form.scope_field.scope() is not Scope.THIS:
            sentence += " The others of its series move by as many days as this one does from where it is now."
        self._ask(form, outcome, sentence)

    @Slot(str, object)
    def _cancel(self, reason: str, scope: Scope) -> None:
        row = self.cancel_form.row
        if row is None:
            return
        if self.cancel_form.keeps_theirs():
            self._stay(row)
            return
        self.set_busy(True)
        self._actions.cancel(
            row,
            reason,
            scope,
            self.cancel_form.show_error,
            self._cancel_met,
            ended=lambda: self.set_busy(False),
        )

    def _cancel_met(self, outcome: Outcome[Seen]) -> None:
        form, seen = self.cancel_form, outcome.known
        if AppointmentState.CANCELLED not in NEXT_STATES[seen.row.state]:
            self._ended(form, seen, "it cannot be cancelled any more")
            return
        self._ask(form, outcome, f"{seen.by} changed this appointment. Choose what to keep, then cancel it again.")

    def _ask(self, form: MoveForm | CancelForm, outcome: Outcome[Seen], sentence: str) -> None:
        words = partial(shown, self._names, self.cancel_form.reason_field.value())
        form.ask(outcome.known.row, sentence, outcome.clashes, words)
        if outcome.problem is not None:
            form.show_error(outcome.problem)
        self.reload()

    def _ended(self, form: MoveForm | CancelForm, seen: Seen, so: str) -> None:
        """Nothing can be merged into what is over; what is typed stays."""
        form.start(seen.row)
        note = self.problem if form.isHidden() else form.refusal
        note.say(f"{seen.by} set this appointment to “{WORDS[seen.row.state]}” meanwhile, and {so}.")
        self.reload()

    def _stay(self, row: AppointmentRow) -> None:
        self._fold()
        self._actions.message_offered.emit(stays_text(row), None)

    @Slot(int)
    def changed_here(self, appointment_id: int) -> None:
        """An action of this window went through: fold what was open and look again."""
        if self._row is not None and self._row.id == appointment_id:
            self._fold()
            self.problem.say("")
            self.reload()

    def _unfold(self, form: QWidget) -> None:
        for other in (self.move_form, self.cancel_form):
            other.setVisible(other is form)
        self._everything.hide()
        self.problem.say("")

    @Slot()
    def _fold(self) -> None:
        self.fold()

    def _focus_later(self, widget: QWidget) -> None:
        # What was just unfolded is not on screen yet, and a hidden widget takes no focus.
        QTimer.singleShot(0, widget, widget.setFocus)

    @Slot()
    def _open_patient(self) -> None:
        if self._row is not None:
            self.patient_requested.emit(self._row.patient_id)

    @Slot()
    def _take_call(self) -> None:
        if self._row is not None:
            self.telephone_requested.emit(self._row.patient_id)

    @Slot()
    def start_visit(self) -> None:
        """Chart the appointment's visit, where that is offered."""
        if self._row is not None and not self.visit_button.isHidden():
            self.visit_requested.emit(self._row.patient_id, self._row.id)

    @Slot()
    def _print_card(self) -> None:
        if self._row is not None:
            self.document_requested.emit("appointment_card", self._row.id)

    @Slot()
    def _save_calendar_file(self) -> None:
        if self._row is not None:
            self.calendar_file_requested.emit(self._row.id)

    @Slot()
    def _copy(self) -> None:
        if self._row is not None:
            self.copy_requested.emit(self._row)

    @Slot()
    def _book_repeat(self) -> None:
        if self._row is not None and self._row.visit_id is not None:
            self.repeat_requested.emit(self._row.visit_id)
