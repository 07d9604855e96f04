"""Where and when: the fields that a booking and a move share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.schedule_data import AppointmentRow, ScheduleChoices
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.fields import check_all
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField, TimeField
from clinic_app.ui.wording import told

_NO_ROOM = 0


@dataclass(frozen=True, slots=True)
class Place:
    """An injector's time and perhaps a room; with ``any_room`` the person did not choose it, and another will do."""

    injector_id: int
    starts_at: datetime
    minutes: int
    room_id: int | None
    any_room: bool = False


def place_of(row: AppointmentRow) -> Place:
    """Where an appointment is."""
    return Place(row.injector_id, row.starts_at, row.minutes, row.room_id)


class PlaceFields(QWidget):
    """Date, time, length, room and injector."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.date_field = DateField("Date", self, required=True, today=today)
        self.time_field = TimeField("Time", self, required=True)
        self.minutes_field = NumberField("Length", self, unit="min", decimals=0, smallest=5, largest=480, required=True)
        self.room_field: ChoiceField[int] = ChoiceField("Room", (), self)
        self.injector_field: ChoiceField[int] = ChoiceField("Injector", (), self, required=True)
        self.room_touched = False
        self.minutes_touched = False
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(BETWEEN)
        layout.setVerticalSpacing(BETWEEN)
        layout.addWidget(self.date_field, 0, 0)
        layout.addWidget(self.time_field, 0, 1)
        layout.addWidget(self.injector_field, 1, 0, 1, 2)
        layout.addWidget(self.room_field, 2, 0)
        layout.addWidget(self.minutes_field, 2, 1)
        layout.setColumnStretch(0, 3)
        layout.setColumnStretch(1, 2)
        for field in (self.date_field, self.time_field, self.injector_field):
            field.changed.connect(self.changed)
        self.room_field.changed.connect(self._room_chosen)
        self.minutes_field.changed.connect(self._minutes_typed)

    def set_choices(self, choices: ScheduleChoices) -> None:
        """Offer injectors and rooms."""
        self.injector_field.set_choices([(injector.id, injector.name) for injector in choices.injectors])
        self.room_field.set_choices([(_NO_ROOM, "No room"), *((room.id, room.name) for room in choices.rooms)])

    def show_place(self, place: Place) -> None:
        """Fill every field."""
        self.injector_field.set_value(place.injector_id)
        self.date_field.set_value(place.starts_at.date())
        self.time_field.set_value(place.starts_at.time())
        self.minutes_field.set_value(place.minutes)
        self.show_room(place.room_id)

    def show_room(self, room_id: int | None) -> None:
        """Choose a room, or none."""
        self.room_field.set_value(_NO_ROOM if room_id is None else room_id)

    def clear(self) -> None:
        """Empty everything."""
        self.injector_field.set_value(None)
        self.date_field.set_value(None)
        self.time_field.set_value(None)
        self.minutes_field.set_value(None)
        self.show_room(None)
        self.room_touched = self.minutes_touched = False

    def check(self) -> bool:
        """Check the fields, and put the focus on the first that is wrong."""
        return check_all([self.date_field, self.time_field, self.injector_field, self.room_field, self.minutes_field])

    def place(self) -> Place | None:
        """What the fields say, or None while something is missing or not understood."""
        day, time = self.date_field.value(), self.time_field.value()
        injector, minutes = self.injector_field.value(), self.minutes_field.value()
        if day is None or time is None or injector is None or minutes is None or not 5 <= minutes <= 480:
            return None
        room, starts_at = self.room_field.value() or None, datetime.combine(day, time)
        return Place(injector, starts_at, int(minutes), room, any_room=not self.room_touched)

    def show_error(self, error: ClinicError) -> bool:
        """Show an error under the field it belongs to; False when it belongs to none of these."""
        field = {
            "minutes": self.minutes_field,
            "injector": self.injector_field,
            "starts_at": self.time_field,
        }.get(error.field)
        if field is None:
            return False
        field.set_error(told(error))
        field.setFocus()
        return True

    @Slot()
    def _room_chosen(self) -> None:
        self.room_touched = True
        self.changed.emit()

    @Slot()
    def _minutes_typed(self) -> None:
        self.minutes_touched = True
        self.changed.emit()
