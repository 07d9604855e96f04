"""The form that books an appointment. What is typed stays until it is booked or put aside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.schedule_data import AppointmentRow, Booking, ScheduleChoices, TypeRow
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.patient_choice import ChosenPatient, PatientChoice
from clinic_app.ui.schedule.panels import Panel, Refusal
from clinic_app.ui.schedule.place_fields import Place, PlaceFields
from clinic_app.ui.schedule.series_fields import SeriesFields
from clinic_app.ui.widgets.buttons import PrimaryButton
from clinic_app.ui.widgets.fields import TextArea
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

RoomFinder = Callable[[datetime, int], int | None]
"""Finds a room that is free at a time for some minutes."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """Everything that stands in the form, to bring it back."""

    patient: ChosenPatient | None
    type_id: int | None
    place: Place | None
    note: str
    follows_visit_id: int | None


class BookingForm(Panel):
    """Patient, kind, place, note; a clash stands as its sentence above the button."""

    booked = Signal(int)
    place_changed = Signal(object)
    """Where the appointment would stand, a ``Place`` or None."""
    message_offered = Signal(str, object)
    put_aside = Signal()
    """Closed with something typed in it; the message offers to bring it back."""

    def __init__(self, workplace: Workplace, find_room: RoomFinder, parent: QWidget | None = None) -> None:
        super().__init__("New appointment", parent)
        self._workplace = workplace
        self._find_room = find_room
        self._types: dict[int, TypeRow] = {}
        self._follows_visit_id: int | None = None
        self.patient_choice = PatientChoice(workplace, self, takes_calls=workplace.may(Act.REPORT_SIDE_EFFECT))
        self.type_field: ChoiceField[int] = ChoiceField("Kind", (), self, required=True)
        self.place_fields = PlaceFields(workplace.today, self)
        self.note_field = TextArea("Note", self, lines=2)
        self.series_fields = SeriesFields(workplace, self)
        self.refusal = Refusal(workplace.may(Act.OVERBOOK), self)
        self.book_button = PrimaryButton("Book appointment", self)
        self.book_button.setProperty("waits", True)
        parts = (self.patient_choice, self.type_field, self.place_fields, self.note_field, self.series_fields)
        for part in parts:
            self.content.addWidget(part)
        self.content.addStretch(1)
        # What was refused stands at the button, where the eye is, and does not scroll away.
        self.layout().insertWidget(3, self.refusal)  # type: ignore[union-attr]  # the panel made a box layout
        self.refusal.setContentsMargins(16, 8, 16, 0)
        self.foot.addStretch(1)
        self.foot.addWidget(self.book_button)
        self.patient_choice.chosen.connect(self._person_chosen)
        self.type_field.changed.connect(self._kind_chosen)
        self.place_fields.changed.connect(self._place_edited)
        self.note_field.changed.connect(self._tell_series)
        self.series_fields.changed.connect(self._series_changed)
        self.book_button.clicked.connect(self.submit)
        self.closed.connect(self._put_aside)

    def set_choices(self, choices: ScheduleChoices) -> None:
        """Offer kinds, injectors and rooms."""
        self._types = {kind.id: kind for kind in choices.types}
        self.type_field.set_choices([(kind.id, f"{kind.name} ({kind.minutes} min)") for kind in choices.types])
        if self.type_field.value() is None and choices.types:
            self.type_field.set_value(choices.types[0].id)
        self.place_fields.set_choices(choices)

    def usual_minutes(self) -> int:
        """The length of the chosen kind."""
        kind = self._types.get(self.type_field.value() or 0)
        return 30 if kind is None else kind.minutes

    def begin(self, injector_id: int, starts_at: datetime, minutes: int | None, room_id: int | None = None) -> None:
        """Book at this place. Who it is for, the kind and the note stay as they are.

        Without a room that the person pointed at, a free one is found.
        """
        if minutes is None:
            typed = self.place_fields.minutes_field.value()
            kept = int(typed) if self.place_fields.minutes_touched and typed is not None else None
            minutes = kept or self.usual_minutes()
        else:
            self.place_fields.minutes_touched = True
        room = self._find_room(starts_at, minutes) if room_id is None else room_id or None
        self.place_fields.show_place(Place(injector_id, starts_at, minutes, room))
        self.place_fields.room_touched = room_id is not None
        self.refusal.clear()
        self._tell_place()

    def begin_without_time(self) -> None:
        """Book where no free time is known: the person types it."""
        self.refusal.clear()
        self._tell_place()

    def book_for(self, patient: ChosenPatient, follows_visit_id: int | None = None) -> None:
        """Book for this patient."""
        self._follows_visit_id = follows_visit_id
        self.patient_choice.choose(patient)

    def copy(self, row: AppointmentRow, starts_at: datetime) -> None:
        """The same appointment again at another time: patient, kind, length, injector and note."""
        self._follows_visit_id = None
        self.patient_choice.choose(ChosenPatient(row.patient_id, row.patient_name, row.birth_date, row.record_number))
        self.type_field.set_value(row.type_id)
        self.note_field.set_value(row.note)
        self.begin(row.injector_id, starts_at, row.minutes)

    def focus_first(self) -> None:
        """Put the focus where something is missing."""
        missing = self.patient_choice.patient() is None
        target: QWidget = self.patient_choice.search if missing else self.book_button
        # The page may only now be coming on screen, and a hidden widget takes no focus.
        QTimer.singleShot(0, target, target.setFocus)

    def clear(self) -> None:
        """An empty form."""
        self._follows_visit_id = None
        self.patient_choice.choose(None)
        self.note_field.set_value("")
        self.place_fields.clear()
        self.series_fields.clear()
        self.refusal.forget()

    @Slot()
    def submit(self) -> None:
        """Book what the form says."""
        usable = [self.patient_choice.check(), self.type_field.check(), self.place_fields.check()]
        booking = self._booking()
        if not all(usable) or booking is None:
            return
        if self.series_fields.wanted():
            if self.series_fields.check():
                self._book_series(self.series_fields.bookings(), self.series_fields.weeks())
        elif self.refusal.check():
            self._book(booking)

    def _booking(self) -> Booking | None:
        """What the form says, or None while something is missing."""
        patient, type_id, place = self.patient_choice.patient(), self.type_field.value(), self.place_fields.place()
        if patient is None or type_id is None or place is None:
            return None
        passing = self.refusal.passing()
        return Booking(
            patient_id=patient.id,
            injector_id=place.injector_id,
            type_id=type_id,
            starts_at=place.starts_at,
            minutes=place.minutes,
            room_id=place.room_id,
            note=self.note_field.value(),
            follows_visit_id=self._follows_visit_id,
            overbook_reason=passing.reason,
            accepted=passing.accepted,
            told=passing.told,
            any_room=place.any_room,
            any_device=True,
        )

    def _book(self, booking: Booking) -> None:
        when = f"{weekday_date_text(booking.starts_at.date())}, {time_text(booking.starts_at)}"
        actor, schedule = self._workplace.actor, self._workplace.services.schedule
        self._run(lambda: schedule.book(actor, booking), f"booked for {when}.", self._refused)

    def _book_series(self, bookings: tuple[Booking, ...], weeks: int) -> None:
        actor, series = self._workplace.actor, self._workplace.services.series
        first = weekday_date_text(bookings[0].starts_at.date())
        said = f"{len(bookings)} appointments booked, the first on {first}."
        self._run(lambda: series.book(actor, bookings, weeks=weeks)[0], said, self.series_fields.show_error)

    def _run(self, work: Callable[[], int], said: str, failed: Callable[[ClinicError], object]) -> None:
        patient = self.patient_choice.patient()
        name = "" if patient is None else patient.name

        def booked(appointment_id: int) -> None:
            self.clear()
            self.message_offered.emit(f"{name}: {said}" if said[0].isdigit() else f"{name} {said}", None)
            self.booked.emit(appointment_id)

        self.set_busy(True)
        self._workplace.tasks.run(work, booked, failed, owner=self, ended=lambda: self.set_busy(False))

    def _refused(self, error: ClinicError) -> None:
        if error.field == "type":
            self.type_field.set_error(told(error))
        elif not self.place_fields.show_error(error):
            self.refusal.show_error(error)

    @Slot(object)
    def _person_chosen(self, patient: ChosenPatient | None) -> None:
        self.refusal.clear()
        if patient is None:
            self._follows_visit_id = None
        self._tell_series()

    @Slot()
    def _kind_chosen(self) -> None:
        if not self.place_fields.minutes_touched:
            self.place_fields.minutes_field.set_value(self.usual_minutes())
        self._place_edited()

    @Slot()
    def _place_edited(self) -> None:
        # Another place is another question: the old refusal and its reason no longer count.
        self.refusal.clear()
        place = self.place_fields.place()
        if place is not None and not self.place_fields.room_touched:
            self.place_fields.show_room(self._find_room(place.starts_at, place.minutes))
        self._tell_place()

    def _tell_place(self) -> None:
        self.place_changed.emit(self.place_fields.place())
        self._tell_series()

    @Slot()
    def _tell_series(self) -> None:
        self.series_fields.set_first(self._booking())

    @Slot()
    def _series_changed(self) -> None:
        count = len(self.series_fields.bookings())
        series = self.series_fields.wanted()
        self.book_button.setText(f"Book {count} appointments" if series and count else "Book appointment")

    @Slot()
    def _put_aside(self) -> None:
        patient, note = self.patient_choice.patient(), self.note_field.value()
        typed = _Typed(patient, self.type_field.value(), self.place_fields.place(), note, self._follows_visit_id)
        self.clear()
        self.put_aside.emit()
        if patient is not None or note:
            self.message_offered.emit("The booking was put aside.", lambda: self._bring_back(typed))

    def _bring_back(self, typed: _Typed) -> None:
        self.type_field.set_value(typed.type_id)
        self.note_field.set_value(typed.note)
        if typed.place is not None:
            self.place_fields.show_place(typed.place)
        if typed.patient is not None:
            self.book_for(typed.patient, typed.follows_visit_id)
        self.brought_back.emit()

    brought_back = Signal()
    """What was put aside stands in the form again and wants to be seen."""
