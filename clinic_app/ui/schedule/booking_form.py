"""The form that books an appointment. What is typed stays until it is booked or put aside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.schedule_data import Booking, ScheduleChoices, TypeRow
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.patient_choice import ChosenPatient, PatientChoice
from clinic_app.ui.schedule.panels import Panel, Refusal
from clinic_app.ui.schedule.place_fields import Place, PlaceFields
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
        self.patient_choice = PatientChoice(workplace, self)
        self.type_field: ChoiceField[int] = ChoiceField("Kind", (), self, required=True)
        self.place_fields = PlaceFields(workplace.today, self)
        self.note_field = TextArea("Note", self, lines=2)
        self.refusal = Refusal(workplace.may(Act.OVERBOOK), self)
        self.book_button = PrimaryButton("Book appointment", self)
        self.book_button.setProperty("waits", True)
        for part in (self.patient_choice, self.type_field, self.place_fields, self.note_field):
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

    def begin(self, injector_id: int, starts_at: datetime, minutes: int | None) -> None:
        """Book at this place. Who it is for, the kind and the note stay as they are."""
        if minutes is None:
            typed = self.place_fields.minutes_field.value()
            kept = int(typed) if self.place_fields.minutes_touched and typed is not None else None
            minutes = kept or self.usual_minutes()
        else:
            self.place_fields.minutes_touched = True
        self.place_fields.show_place(Place(injector_id, starts_at, minutes, self._find_room(starts_at, minutes)))
        self.place_fields.room_touched = False
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
        self.refusal.forget()

    @Slot()
    def submit(self) -> None:
        """Book what the form says."""
        usable = [self.patient_choice.check(), self.type_field.check(), self.place_fields.check()]
        patient, type_id, place = self.patient_choice.patient(), self.type_field.value(), self.place_fields.place()
        if not all(usable) or patient is None or type_id is None or place is None:
            return
        if not self.refusal.check():
            return
        passing = self.refusal.passing()
        booking = Booking(
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
        )
        when = f"{weekday_date_text(place.starts_at.date())}, {time_text(place.starts_at)}"
        actor, schedule = self._workplace.actor, self._workplace.services.schedule

        def booked(appointment_id: int) -> None:
            self.clear()
            self.message_offered.emit(f"{patient.name} booked for {when}.", None)
            self.booked.emit(appointment_id)

        self.set_busy(True)
        self._workplace.tasks.run(
            lambda: schedule.book(actor, booking),
            booked,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

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
