"""The ways to a new appointment: a free place, the next free time, a copy, a repeat at another time."""

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.services.access import Act
from clinic_app.services.patient_data import Banner
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.services.schedule_data import Slot as FreeSlot
from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.patient_choice import ChosenPatient
from clinic_app.ui.schedule.calendar import ScheduleCalendar
from clinic_app.ui.schedule.grid import FreePlace
from clinic_app.ui.schedule.grid_model import Mode, free_injector, monday_of, next_free_place
from clinic_app.ui.schedule.place_fields import Place
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


class BookingDesk(QObject):
    """Opens the booking form where it was asked for, and shows on the grid where the appointment would stand."""

    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, calendar: ScheduleCalendar) -> None:
        super().__init__(calendar)
        self._workplace = workplace
        self._calendar = calendar
        self._copied: AppointmentRow | None = None
        form = calendar.booking_form
        form.brought_back.connect(lambda: self.open(None))
        form.place_changed.connect(self._mark)
        calendar.grid.free_chosen.connect(self._place_chosen)
        calendar.grid.copy_asked.connect(self._copy_asked)
        calendar.grid.paste_asked.connect(self.paste)
        calendar.appointment_panel.copy_requested.connect(self.copy_to_next_week)
        calendar.repeat_panel.other_time_requested.connect(self._other_time)
        calendar.repeat_panel.slot_chosen.connect(self._look_at_slot)

    def new(self) -> None:
        """Open the booking form at the next free time of the days shown."""
        if self._workplace.may(Act.BOOK):
            self.open(self._next_free_place())
            self._calendar.booking_form.focus_first()

    def book_for(self, patient_id: int) -> None:
        """Open the booking form for a patient."""
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._workplace.tasks.ask(
            "schedule.book_for",
            lambda: patients.banner(actor, patient_id),
            self._book_for,
            lambda error: self.message_offered.emit(told(error), None),
        )

    def open(self, place: FreePlace | None) -> None:
        """Open the booking form at a place, or without a time where none is known."""
        calendar, form = self._calendar, self._calendar.booking_form
        if calendar.mode in (Mode.MONTH, Mode.AHEAD):
            calendar.set_mode(Mode.DAY)
        calendar.grid.select(None)
        calendar.appointment_panel.forget()
        calendar.panels.setCurrentWidget(form)
        injector_id = None if place is None else self._injector(place, form.usual_minutes())
        if place is None or injector_id is None:
            form.begin_without_time()
        else:
            form.begin(injector_id, place.starts_at, place.minutes, place.room_id)

    @Slot(object)
    def copy_to_next_week(self, row: AppointmentRow) -> None:
        """Open the form with the same appointment a week on; date and everything else can be changed there."""
        self._copied = row
        week = timedelta(weeks=1)
        at = row.starts_at + week
        while at < self._workplace.now():
            at += week
        self._open_copy(row, at)

    @Slot()
    def paste(self) -> None:
        """Put the copied appointment on its weekday and hour into the week shown."""
        row = self._copied
        if row is None or not self._workplace.may(Act.BOOK):
            self.message_offered.emit("Choose an appointment and press Ctrl+C first.", None)
            return
        day = monday_of(self._calendar.day) + timedelta(days=row.starts_at.weekday())
        self._open_copy(row, datetime.combine(day, row.starts_at.time()))

    def _open_copy(self, row: AppointmentRow, at: datetime) -> None:
        self._calendar.open_day(at.date())
        self.open(None)
        self._calendar.booking_form.copy(row, at)
        self._calendar.booking_form.focus_first()

    @Slot(int)
    def _copy_asked(self, appointment_id: int) -> None:
        row = self._calendar.row(appointment_id)
        if row is not None:
            self._copied = row
            what = f"{row.patient_name}, {weekday_date_text(row.starts_at.date())}, is copied."
            self.message_offered.emit(f"{what} Go to another week and press Ctrl+V.", None)

    @Slot(object)
    def _place_chosen(self, place: FreePlace) -> None:
        if self._workplace.may(Act.BOOK):
            self.open(place)
            self._calendar.booking_form.focus_first()

    @Slot(object)
    def _mark(self, place: Place | None) -> None:
        self._calendar.grid.mark_place(
            None if place is None else FreePlace(place.injector_id, place.starts_at, place.minutes, place.room_id or 0)
        )

    @Slot(object, int)
    def _other_time(self, patient: ChosenPatient, visit_id: int) -> None:
        self.open(self._next_free_place())
        self._calendar.booking_form.book_for(patient, visit_id)
        self._calendar.booking_form.focus_first()

    @Slot(object)
    def _look_at_slot(self, slot: FreeSlot | None) -> None:
        if slot is None:
            self._calendar.grid.mark_place(None)
            return
        self._calendar.open_day(slot.starts_at.date())
        self._calendar.grid.mark_place(FreePlace(slot.injector_id, slot.starts_at, slot.minutes, slot.room_id or 0))

    def _book_for(self, patient: Banner) -> None:
        self.new()
        self._calendar.booking_form.book_for(
            ChosenPatient(patient.id, patient.name, patient.birth_date, patient.record_number)
        )
        self._calendar.booking_form.focus_first()

    def _injector(self, place: FreePlace, minutes: int) -> int | None:
        """Whose time it is; in a room's column somebody who is free then."""
        loaded = self._calendar.loaded
        if place.injector_id is not None or loaded is None:
            return place.injector_id
        length = place.minutes or minutes
        return free_injector(loaded.board, loaded.choices, place.starts_at, length, self._calendar.side.unticked())

    def _next_free_place(self) -> FreePlace | None:
        loaded, calendar = self._calendar.loaded, self._calendar
        if loaded is None:
            return None
        minutes, now = calendar.booking_form.usual_minutes(), self._workplace.now()
        found = next_free_place(loaded.board, loaded.choices, calendar.day, calendar.side.unticked(), minutes, now)
        return None if found is None else FreePlace(found[1], found[0])
