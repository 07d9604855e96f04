"""The schedule: a month and who waits at the left, the grid, and what was chosen at the right."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.access import Act
from clinic_app.services.patient_data import Banner
from clinic_app.services.schedule_data import AppointmentRow, ScheduleChoices
from clinic_app.services.schedule_data import Slot as FreeSlot
from clinic_app.ui.patient_choice import ChosenPatient
from clinic_app.ui.schedule.frame import ScheduleFrame
from clinic_app.ui.schedule.grid import FreePlace
from clinic_app.ui.schedule.grid_model import Mode, free_room, monday_of, next_free_place
from clinic_app.ui.schedule.loading import Loaded, load
from clinic_app.ui.schedule.panels import Panel
from clinic_app.ui.schedule.place_fields import Place
from clinic_app.ui.schedule.wording import Names
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_CONCERNS = frozenset(
    {"appointment", "patient", "closure", "working_hours", "room", "appointment_type", "account", "visit"}
)
_TICK_MS = 20_000


class ScheduleView(ScheduleFrame):
    """Book, move, cancel and follow appointments through their day."""

    patient_requested = Signal(int)
    visit_requested = Signal(int, int)
    """Start or go on with a visit: patient id, appointment id."""
    document_requested = Signal(str, int)
    """"appointment_card" and an appointment id."""
    day_list_requested = Signal(object)
    """Print the list of this date."""
    message_offered = Signal(str, object)
    """A sentence for the message line and a callable that takes back what it tells, or None."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, self._find_room, parent)
        self._mode = Mode.DAY
        self._day = workplace.today()
        self._before_repeat: tuple[date, int | None] = (self._day, None)
        self._loaded: Loaded | None = None
        self._wanted_appointment: int | None = None
        self._connect()
        self.setTabOrder(self.grid, self.panels)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.grid.set_now(workplace.now())
        self._show_period()
        self.refresh()

    # What others ask for

    def show_day(self, day: date) -> None:
        """Go to a day, or in week mode to its week."""
        self._day = day
        self._show_period()
        self.refresh()

    def show_appointment(self, appointment_id: int) -> None:
        """Go to an appointment and choose it."""
        actor, schedule = self._workplace.actor, self._workplace.services.schedule
        self._workplace.tasks.ask(
            "schedule.find", lambda: schedule.appointment(actor, appointment_id), self._found, self._offer_error
        )

    def book_for(self, patient_id: int) -> None:
        """Open the booking form for a patient."""
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._workplace.tasks.ask(
            "schedule.book_for", lambda: patients.banner(actor, patient_id), self._book_for, self._offer_error
        )

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
        """Ctrl+P: the list of the day shown."""
        self._print_day_list()

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
        if not self._workplace.may(Act.BOOK):
            return
        place = self._next_free_place()
        self._open_form(place)
        self.booking_form.focus_first()

    @Slot()
    def refresh(self) -> None:
        """Ask for the days shown again."""
        first, days = self._period()
        now, actor, schedule = self._workplace.now(), self._workplace.actor, self._workplace.services.schedule
        if self._loaded is None:
            self.skeleton.start()
        self._workplace.tasks.ask(
            "schedule.board", lambda: load(schedule, actor, first, days, now), self._show, self._load_failed
        )

    def set_mode(self, mode: Mode) -> None:
        """Show a day, a week, or a day as a list."""
        if mode is self._mode:
            return
        self._mode = mode
        self.center.setCurrentWidget(self.day_list if mode is Mode.LIST else self.grid)
        self._show_period()
        self.refresh()

    @property
    def day(self) -> date:
        """The day shown, or the day that its week was reached by."""
        return self._day

    @property
    def mode(self) -> Mode:
        """How it is shown."""
        return self._mode

    # Building

    def _connect(self) -> None:
        self._workplace.changes.committed.connect(self._committed)
        self.toolbar.mode_chosen.connect(self.set_mode)
        self.toolbar.stepped.connect(self._step)
        self.toolbar.today_asked.connect(self._go_today)
        self.toolbar.print_asked.connect(self._print_day_list)
        self.side.day_chosen.connect(self.show_day)
        self.side.injectors_changed.connect(self._show_board)
        self.side.appointment_chosen.connect(self.show_appointment)
        self.side.new_asked.connect(self.new_appointment)
        for source in (self.grid, self.day_list):
            source.appointment_chosen.connect(self._choose)
            source.appointment_opened.connect(self._open)
            source.new_asked.connect(self.new_appointment)
        self.grid.free_chosen.connect(self._choose_place)
        self.grid.move_wanted.connect(self._drop)
        self.grid.visit_asked.connect(self._ask_visit)
        self.grid.move_asked.connect(self._ask_move)
        self.grid.cancel_asked.connect(self._ask_cancel)
        self.grid.let_go.connect(self._let_go)
        panel, form, repeat = self.appointment_panel, self.booking_form, self.repeat_panel
        panel.patient_requested.connect(self.patient_requested)
        panel.visit_requested.connect(self.visit_requested)
        panel.repeat_requested.connect(self.propose_repeat)
        panel.closed.connect(self._let_go)
        form.booked.connect(self._booked)
        form.put_aside.connect(self._let_go)
        form.brought_back.connect(self._show_form)
        form.place_changed.connect(self._mark)
        repeat.booked.connect(self._repeat_booked)
        repeat.closed.connect(self._leave_repeat)
        repeat.appointment_requested.connect(self.show_appointment)
        repeat.other_time_requested.connect(self._other_time)
        repeat.slot_chosen.connect(self._look_at_slot)
        self.overview.repeat_requested.connect(self.propose_repeat)
        for source_of_documents in (panel, repeat):
            source_of_documents.document_requested.connect(self.document_requested)
        self.appointment_actions.message_offered.connect(self.message_offered)
        form.message_offered.connect(self.message_offered)
        self.appointment_actions.done.connect(panel.changed_here)
        self.appointment_actions.done.connect(self._follow)
        may_book = self._workplace.may(Act.BOOK)
        self.side.new_button.setVisible(may_book)

    # Showing

    def _period(self) -> tuple[date, int]:
        return (monday_of(self._day), 7) if self._mode is Mode.WEEK else (self._day, 1)

    def _show_period(self) -> None:
        first, days = self._period()
        shown = [first + timedelta(days=number) for number in range(days)]
        self.side.month.days.set_shown(shown, self._day)
        self.toolbar.set_period(first, days, self._mode)

    def _show(self, loaded: Loaded) -> None:
        first, days = self._period()
        if (loaded.board.first_day, loaded.board.days) != (first, days):
            return  # the person has gone on meanwhile, and the answer to that is on its way
        self.skeleton.stop()
        self.problem.say("")
        new_choices = self._loaded is None or self._loaded.choices != loaded.choices
        self._loaded = loaded
        if new_choices:
            self._show_choices(loaded.choices)
        self.side.set_waiting(loaded.today.appointments, self._workplace.services.clock())
        self.overview.set_unbooked(loaded.unbooked, self._workplace.today())
        self._show_board()
        if self._wanted_appointment is not None:
            self._choose(self._wanted_appointment)
            self._wanted_appointment = None
        elif self.appointment_panel.row is not None:
            row = self._row(self.appointment_panel.row.id)
            if row is not None and row != self.appointment_panel.row:
                self.appointment_panel.show_row(row)

    def _show_choices(self, choices: ScheduleChoices) -> None:
        self.side.set_injectors(choices.injectors)
        self.appointment_panel.set_choices(choices)
        self.booking_form.set_choices(choices)

    @Slot()
    def _show_board(self) -> None:
        if self._loaded is None:
            return
        board, choices = self._loaded.board, self._loaded.choices
        off = self.side.unticked()
        shown = frozenset({i.id for i in choices.injectors} | {a.injector_id for a in board.appointments}) - off
        self.grid.set_now(self._workplace.now())
        self.grid.set_board(board, choices, self._mode, shown)
        rows = tuple(row for row in board.appointments if row.injector_id in shown)
        on_day = tuple(row for row in rows if row.starts_at.date() == self._day)
        if self._mode is Mode.LIST:
            self.day_list.set_day(self._day, on_day, Names.of(choices))
            self.day_list.select(self.grid.selected)
        self.overview.set_day(self._day, on_day, somebody_works=self.grid.sheet.somebody_works)

    def _load_failed(self, error: ClinicError) -> None:
        self.skeleton.stop()
        self.problem.say(told(error))

    def _row(self, appointment_id: int) -> AppointmentRow | None:
        rows = () if self._loaded is None else self._loaded.board.appointments
        return next((row for row in rows if row.id == appointment_id), None)

    # Choosing

    @Slot(int)
    def _choose(self, appointment_id: int) -> None:
        row = self._row(appointment_id)
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
        self.show_day(row.starts_at.date())

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
        self.show_day(day)
        self.grid.select(chosen)

    @Slot(object)
    def _choose_place(self, place: FreePlace) -> None:
        if self._workplace.may(Act.BOOK):
            self._open_form(place)
            self.booking_form.focus_first()

    def _open_form(self, place: FreePlace | None) -> None:
        self.grid.select(None)
        self.appointment_panel.forget()
        self.panels.setCurrentWidget(self.booking_form)
        if place is None:
            self.booking_form.begin_without_time()
        else:
            self.booking_form.begin(place.injector_id, place.starts_at, place.minutes)

    @Slot()
    def _show_form(self) -> None:
        self._open_form(None)

    @Slot(object)
    def _mark(self, place: Place | None) -> None:
        self.grid.mark_place(None if place is None else FreePlace(place.injector_id, place.starts_at, place.minutes))

    def _book_for(self, patient: Banner) -> None:
        self.new_appointment()
        chosen = ChosenPatient(patient.id, patient.name, patient.birth_date, patient.record_number)
        self.booking_form.book_for(chosen)
        self.booking_form.focus_first()

    @Slot(object, int)
    def _other_time(self, patient: ChosenPatient, visit_id: int) -> None:
        self._open_form(self._next_free_place())
        self.booking_form.book_for(patient, visit_id)
        self.booking_form.focus_first()

    @Slot(object)
    def _look_at_slot(self, slot: FreeSlot | None) -> None:
        if slot is None:
            self.grid.mark_place(None)
            return
        self.show_day(slot.starts_at.date())
        self.grid.mark_place(FreePlace(slot.injector_id, slot.starts_at, slot.minutes))

    def _next_free_place(self) -> FreePlace | None:
        if self._loaded is None:
            return None
        board, choices = self._loaded.board, self._loaded.choices
        minutes, now = self.booking_form.usual_minutes(), self._workplace.now()
        found = next_free_place(board, choices, self._day, self.side.unticked(), minutes, now)
        return None if found is None else FreePlace(found[1], found[0])

    def _find_room(self, starts_at: datetime, minutes: int) -> int | None:
        if self._loaded is None:
            return None
        return free_room(self._loaded.board, self._loaded.choices, starts_at, minutes)

    # Acting

    @Slot(int, object)
    def _drop(self, appointment_id: int, place: FreePlace) -> None:
        row = self._row(appointment_id)
        if row is None:
            return
        wanted = Place(place.injector_id, place.starts_at, row.minutes, row.room_id)

        def refused(error: ClinicError) -> None:
            self.appointment_panel.begin_move(wanted, error)
            if isinstance(error, RecordChanged):
                self.refresh()

        self.appointment_actions.move(row, wanted, refused)

    @Slot(int)
    def _ask_move(self, appointment_id: int) -> None:
        self._choose(appointment_id)
        self.appointment_panel.begin_move()

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
        if shown is not None and shown.id == appointment_id:
            self.show_appointment(appointment_id)
        else:
            self.refresh()

    # The toolbar and the world outside

    @Slot(int)
    def _step(self, direction: int) -> None:
        days = 7 if self._mode is Mode.WEEK else 1
        self.show_day(self._day + timedelta(days=direction * days))

    @Slot()
    def _go_today(self) -> None:
        self.show_day(self._workplace.today())

    @Slot()
    def _print_day_list(self) -> None:
        self.day_list_requested.emit(self._day)

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if kinds & _CONCERNS:
            self.refresh()

    @Slot()
    def _tick(self) -> None:
        self.grid.set_now(self._workplace.now())
        self.side.set_now(self._workplace.services.clock())
        self.side.month.days.set_today(self._workplace.today())

    def _offer_error(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)
