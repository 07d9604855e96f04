"""The account that a test keeps of the schedule beside the store: what every act must have left."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.schedule_data import NOT_THERE, Booking
from clinic_app.services.stores import OpenStore
from clinic_app.terms import AppointmentState
from tests.clinics import StandingClock


@dataclass(frozen=True, slots=True)
class Stage:
    """An open clinic with people, rooms and devices, and the days around which its clocks change."""

    store: OpenStore
    services: Services
    clock: StandingClock
    physician: Actor
    desk: Actor
    patients: tuple[int, ...]
    injectors: tuple[int, ...]
    rooms: tuple[int | None, ...]
    devices: tuple[int, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An appointment as the acts that succeeded have left it."""

    patient_id: int
    starts_at: datetime
    minutes: int
    injector_id: int
    room_id: int | None
    device_ids: tuple[int, ...]
    state: AppointmentState
    overbooked: bool
    acts: int
    """How many acts made it so: the first is its booking. Its version says the same."""

    def after(self, **changes: object) -> "Kept":
        """The same after one more act."""
        return replace(self, acts=self.acts + 1, **changes)  # type: ignore[arg-type]  # names are checked by replace

    @property
    def ends_at(self) -> datetime:
        """Start plus length."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def clashes(self, other: "Kept") -> bool:
        """Whether both want the same person, room or device at one time."""
        if self.state in NOT_THERE or other.state in NOT_THERE:
            return False
        shared = (
            self.patient_id == other.patient_id
            or self.injector_id == other.injector_id
            or (self.room_id is not None and self.room_id == other.room_id)
            or set(self.device_ids) & set(other.device_ids)
        )
        return bool(shared) and self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def facts(self) -> dict[str, str]:
        """What its history tells."""
        return {
            "starts_at": self.starts_at.isoformat(timespec="minutes"),
            "minutes": str(self.minutes),
            "injector_id": str(self.injector_id),
            "room_id": str(self.room_id),
            "device_ids": str(list(self.device_ids)),
            "state": self.state.value,
        }


def newly_booked(booking: Booking) -> Kept:
    """The appointment that a booking becomes."""
    return Kept(
        booking.patient_id, booking.starts_at, booking.minutes, booking.injector_id, booking.room_id,
        booking.device_ids, AppointmentState.BOOKED, False, 1,
    )  # fmt: skip


def said(facts: dict[str, object]) -> dict[str, str]:
    """The facts of a line of history as text, without the reasons."""
    without = ("reason", "overbooked_by_id", "overbook_reason", "overbooked_over")
    return {key: str(value) for key, value in facts.items() if key not in without}
