"""The schedule: a month and who waits at the left, the grid, and what was chosen at the right."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.services.waiting import FreePlace as WaitingPlace
from clinic_app.ui.schedule.appointment_merging import Seen
from clinic_app.ui.schedule.booking_desk import BookingDesk
from clinic_app.ui.schedule.calendar import ScheduleCalendar
from clinic_app.ui.schedule.grid import FreePlace
from clinic_app.ui.schedule.grid_model import NO_ROOM, Mode
from clinic_app.ui.schedule.panels import Panel
from clinic_app.ui.schedule.place_fields import Place
from clinic_app.ui.together import Outcome
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


class ScheduleView(ScheduleCalendar):
    """Book, move, cancel and follow appointments through their day."""

    patient_requested = Signal(int)
    telephone_requested = Signal(int)
    """A side effect is told on the telephone; carries the patient's id."""
    visit_requested = Signal(int, int)
    """Start or go on with a visit: patient id, appointment id."""
    document_requested = Signal(str, int)
    """"appointment_card" and an appointment id."""
    day_list_requested = Signal(object)
    """Print the list of this date."""
    day_papers_requested = Signal(object)
    """Print what the visits signed on this date leave behind."""
    week_list_requested = Signal(object, object)
    """Print the week that begins on this date, of the injectors with these ids."""
    message_offered = Signal(str, object)
    """A sentence for the message line and a callable that takes back what it tells, or None."""

    calendar_file_requested = Signal(int)
    """Save the file of this appointment."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._before_repeat: tuple[date, int | None] = (self._day, None)
        self._wanted_appointment: int | None = None
        self._move_wanted = False
        self.desk = BookingDesk(workplace, self)
        self._connect()
        self.setTabOrder(self.grid, self.panels)
        self._show_period()
        self.refresh()

    # What others ask for

    def show_appointment(self, appointment_id: int) -> None:
        """Go to an appointment and choose it."""
        actor, schedule = self._workplace.actor, self._workplace.services.schedule
        self._workplace.tasks.ask(
            "schedule.find", lambda: schedule.appointment(actor, appointment_id), self._found, self._offer_error
        )

    def move_appointment(self, appointment_id: int) -> None:
        """Go to an appointment and open the form that moves it."""
        self._move_wanted = True
        self.show_appointment(appointment_id)

    def book_for(self, patient_id: int) -> None:
        """Open the booking form for a patient."""
        self.desk.book_for(patient_id)

    def propose_repeat(self, visit_id: int) -> None:
        """Show the first free times for the visit after this one."""
        if self.panels.currentWidget() is not self.repeat_panel:
            self._before_repeat = self._day, self.grid.selected
        self.panels.setCurrentWidget(self.repeat_panel)
        self.repeat_panel.propose(visit_id, focus=True)

    # What the window's commands call

    def new_item(self) -> None:
        """Ctrl+N."""
        self.new_appointment()

    def edit_item(self) -> None:
        """F2: move the chosen appointment."""
        self.appointment_panel.begin_move()

    def print_paper(self) -> None:
        """Ctrl+P: the list of the week shown, else of the day."""
        self._print()

    def go_back(self) -> None:
        """Esc: from what was begun last to the grid."""
        panel = self.panels.currentWidget()
        if self.grid.give_up_drag():
            return
        if panel is self.appointment_panel and self.appointment_panel.fold():
            self.appointment_panel.focus_first()
            return
        if isinstance(panel, Panel) and panel is not self.overview:
            panel.closed.emit()

    @Slot()
    def new_appointment(self) -> None:
        """Open the booking form at the next free time of the day shown."""
        self.desk.new()

    # Building

    def _connect(self) -> None:
        self.toolbar.print_asked.connect(self._print)
        self.toolbar.papers_asked.connect(lambda: self.day_papers_requested.emit(self._day))
        self.side.appointment_chosen.connect(self.show_appointment)
        self.side.new_asked.connect(self.new_appointment)
        for source in (self.grid, self.day_list):
            source.appointment_chosen.connect(self._choose)
            source.appointment_opened.connect(self._open)
            source.new_asked.connect(self.new_appointment)
        self.grid.move_wanted.connect(self._drop)
        self.grid.step_asked.connect(self._ask_step)
        self.grid.visit_asked.connect(self._ask_visit)
        self.grid.move_asked.connect(self._ask_move)
        self.grid.cancel_asked.connect(self._ask_cancel)
        self.grid.let_go.connect(self._let_go)
        panel, form, repeat = self.appointment_panel, self.booking_form, self.repeat_panel
        panel.patient_requested.connect(self.patient_requested)
        for source_of_calls in (panel, form.patient_choice):
            source_of_calls.telephone_requested.connect(self.telephone_requested)
        panel.visit_requested.connect(self.visit_requested)
        panel.repeat_requested.connect(self.propose_repeat)
        panel.calendar_file_requested.connect(self.calendar_file_requested)
        panel.closed.connect(self._let_go)
        form.booked.connect(self._booked)
        form.put_aside.connect(self._let_go)
        repeat.booked.connect(self._repeat_booked)
        repeat.closed.connect(self._leave_repeat)
        repeat.appointment_requested.connect(self.show_appointment)
        self.overview.repeat_requested.connect(self.propose_repeat)
        for source_of_documents in (panel, repeat):
            source_of_documents.document_requested.connect(self.document_requested)
        for source_of_messages in (self.appointment_actions, form, self.desk, self.offers_panel):
            source_of_messages.message_offered.connect(self.message_offered)
        self.appointment_actions.checked_out.connect(self._checked_out)
        self.appointment_actions.place_left.connect(self._place_left)
        self.offers_panel.somebody_fits.connect(self._show_offers)
        self.offers_panel.booked.connect(self._booked)
        self.offers_panel.place_freed.connect(self.offers_panel.offer)
        self.offers_panel.closed.connect(self._let_go)
        self.offers_panel.patient_requested.connect(self.patient_requested)
        self.appointment_actions.done.connect(panel.changed_here)
        self.appointment_actions.done.connect(self._follow)
        self.side.new_button.setVisible(self._workplace.may(Act.BOOK))

    def board_shown(self) -> None:
        """Choose what was waited for; show what changed of the chosen one."""
        if self._wanted_appointment is not None:
            self._choose(self._wanted_appointment)
            self._wanted_appointment = None
            if self._move_wanted:
                self._move_wanted = False
                self.appointment_panel.begin_move()
        elif self.appointment_panel.row is not None:
            row = self.row(self.appointment_panel.row.id)
            if row is not None and row != self.appointment_panel.row:
                self.appointment_panel.show_row(row)

    # Choosing

    @Slot(int)
    def _choose(self, appointment_id: int) -> None:
        row = self.row(appointment_id)
        if row is None:
            return
        self.grid.select(appointment_id)
        self.day_list.select(appointment_id)
        self.appointment_panel.show_row(row)
        self.panels.setCurrentWidget(self.appointment_panel)

    @Slot(int)
    def _open(self, appointment_id: int) -> None:
        self._choose(appointment_id)
        self.appointment_panel.focus_first()

    def _found(self, row: AppointmentRow) -> None:
        self._wanted_appointment = row.id
        self.open_day(row.starts_at.date())

    @Slot()
    def _let_go(self) -> None:
        self.grid.select(None)
        self.grid.mark_place(None)
        self.day_list.select(None)
        self.appointment_panel.forget()
        self.panels.setCurrentWidget(self.overview)
        (self.day_list.table if self._mode is Mode.LIST else self.grid).setFocus()

    @Slot()
    def _leave_repeat(self) -> None:
        """Back to the day from which the proposal led twelve weeks ahead, and to the appointment on it."""
        day, chosen = self._before_repeat
        self._let_go()
        self.open_day(day)
        self.grid.select(chosen)

    # Acting

    @Slot(int, object)
    def _drop(self, appointment_id: int, place: FreePlace) -> None:
        row = self.row(appointment_id)
        if row is None:
            return
        wanted = _dropped(row, place)

        def refused(error: ClinicError) -> None:
            self.appointment_panel.begin_move(wanted, error)

        def met(outcome: Outcome[Seen]) -> None:
            self.appointment_panel.begin_move(wanted)
            self.appointment_panel.move_met(outcome)
            self.refresh()

        self.appointment_actions.move(row, wanted, refused, met)

    @Slot(int)
    def _ask_move(self, appointment_id: int) -> None:
        self._choose(appointment_id)
        self.appointment_panel.begin_move()

    @Slot(int)
    def _ask_step(self, appointment_id: int) -> None:
        self._choose(appointment_id)
        self.appointment_panel.take_usual_step()

    @Slot(object)
    def _checked_out(self, row: AppointmentRow) -> None:
        """Whoever leaves without a next visit is booked at once: late injections come from calling later."""
        unbooked = () if self.loaded is None else self.loaded.unbooked
        if row.visit_id is not None and row.visit_id in {someone.visit_id for someone in unbooked}:
            self.propose_repeat(row.visit_id)

    @Slot(object)
    def _place_left(self, row: AppointmentRow) -> None:
        """Ask the waiting list who would take a place that became free."""
        if row.starts_at > self._workplace.now():
            self.offers_panel.offer(WaitingPlace(row.injector_id, row.starts_at, row.minutes, row.room_id))

    @Slot()
    def _show_offers(self) -> None:
        """Beside what the person does: nothing that is being typed or proposed goes away for it."""
        current = self.panels.currentWidget()
        if current is self.overview or (current is self.appointment_panel and not self.appointment_panel.is_unfolded):
            self._wanted_appointment = None  # it is chosen on the grid; beside it stands who could come instead
            self.panels.setCurrentWidget(self.offers_panel)

    @Slot(int)
    def _ask_visit(self, appointment_id: int) -> None:
        self._choose(appointment_id)
        self.appointment_panel.start_visit()

    @Slot(int)
    def _ask_cancel(self, appointment_id: int) -> None:
        self._choose(appointment_id)
        self.appointment_panel.begin_cancel()

    @Slot(int)
    def _booked(self, appointment_id: int) -> None:
        self.grid.mark_place(None)
        self.show_appointment(appointment_id)

    @Slot(int)
    def _repeat_booked(self, appointment_id: int) -> None:
        self.grid.mark_place(None)
        self.grid.select(appointment_id)
        self.refresh()

    @Slot(int)
    def _follow(self, appointment_id: int) -> None:
        """Look again after an action; go along when the appointment went to another day."""
        shown = self.appointment_panel.row
        on_screen = self.panels.currentWidget() is self.appointment_panel
        if on_screen and shown is not None and shown.id == appointment_id:
            self.show_appointment(appointment_id)
        else:
            self.refresh()

    @Slot()
    def _print(self) -> None:
        loaded, mode = self.loaded, self.mode
        if mode is Mode.WEEK and loaded is not None:
            injectors = {column.number for column in self.grid.sheet.columns}
            self.week_list_requested.emit(loaded.shown.first_day, frozenset(injectors))
        else:
            self.day_list_requested.emit(self._day)

    def _offer_error(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)


def _dropped(row: AppointmentRow, place: FreePlace) -> Place:
    """Where it was dropped: a room's column keeps the injector, an injector's the room where that is free."""
    injector_id = row.injector_id if place.injector_id is None else place.injector_id
    minutes = place.minutes or row.minutes
    if place.room_id is None:
        return Place(injector_id, place.starts_at, minutes, row.room_id, any_room=row.room_id is not None)
    return Place(injector_id, place.starts_at, minutes, place.room_id if place.room_id != NO_ROOM else None)
