"""Moves an appointment and sets its state through the services, and offers to take it back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from clinic_app.errors import ClinicError
from clinic_app.services.access import Actor
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.schedule import NEXT_STATES, Schedule
from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import AppointmentState
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.schedule.panels import Passing
from clinic_app.ui.schedule.place_fields import Place
from clinic_app.ui.schedule.states import WORDS
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

Failed = Callable[[ClinicError], object]
Ended = Callable[[], object]
NOTHING_PASSED = Passing()
_BACK = Passing(accepted=(AUTHORIZATION,))
"""Where an appointment stood before it may stand again: what the payer agreed to did not change by that."""


class AppointmentActions(QObject):
    """What can be done to an appointment that exists."""

    message_offered = Signal(str, object)
    """A sentence and a callable that takes back what it tells, or None."""
    done = Signal(int)
    """An appointment was changed from here."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace

    def move(
        self,
        row: AppointmentRow,
        place: Place,
        failed: Failed,
        *,
        passing: Passing = NOTHING_PASSED,
        ended: Callable[[], object] | None = None,
    ) -> None:
        """Move an appointment; the message offers to move it back."""
        where = f"{weekday_date_text(place.starts_at.date())}, {time_text(place.starts_at)}"

        def moved(version: int) -> None:
            before = Place(row.injector_id, row.starts_at, row.minutes, row.room_id)
            self._tell(row, f"{row.patient_name} moved to {where}.", lambda: self._move_back(row, version, before))

        self._workplace.tasks.run(
            lambda: _move(self._schedule, self._actor, row.id, row.version, place, passing),
            moved,
            failed,
            owner=self,
            ended=ended,
        )

    def set_state(
        self,
        row: AppointmentRow,
        state: AppointmentState,
        failed: Failed,
        *,
        reason: str = "",
        ended: Callable[[], object] | None = None,
    ) -> None:
        """Set a state; the message offers the state before."""
        schedule, actor = self._schedule, self._actor

        def changed(version: int) -> None:
            back = None
            if _way_back(state, row.state):
                back = lambda: self._set_back(row, version, state)  # noqa: E731 - one of two values
            self._tell(row, f"{row.patient_name}: {WORDS[state].lower()}.", back)

        self._workplace.tasks.run(
            lambda: schedule.set_state(actor, row.id, row.version, state, reason),
            changed,
            failed,
            owner=self,
            ended=ended,
        )

    @property
    def _schedule(self) -> Schedule:
        return self._workplace.services.schedule

    @property
    def _actor(self) -> Actor:
        return self._workplace.actor

    def _tell(self, row: AppointmentRow, text: str, back: Callable[[], object] | None) -> None:
        self.done.emit(row.id)
        self.message_offered.emit(text, back)

    def _move_back(self, row: AppointmentRow, version: int, before: Place) -> None:
        self._workplace.tasks.run(
            lambda: _move(self._schedule, self._actor, row.id, version, before, _BACK),
            lambda _version: self._tell(row, f"{row.patient_name} is back where it was.", None),
            self._refused,
            owner=self,
        )

    def _set_back(self, row: AppointmentRow, version: int, now: AppointmentState) -> None:
        schedule, actor = self._schedule, self._actor

        def work() -> None:
            current = version
            for state in _way_back(now, row.state):
                current = schedule.set_state(actor, row.id, current, state, row.reason)

        self._workplace.tasks.run(
            work,
            lambda _none: self._tell(row, f"{row.patient_name}: {WORDS[row.state].lower()} again.", None),
            self._refused,
            owner=self,
        )

    def _refused(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)


def _move(schedule: Schedule, actor: Actor, number: int, version: int, place: Place, passing: Passing) -> int:
    return schedule.move(
        actor,
        number,
        version,
        starts_at=place.starts_at,
        minutes=place.minutes,
        injector_id=place.injector_id,
        room_id=place.room_id,
        overbook_reason=passing.reason,
        accepted=passing.accepted,
    )


def _way_back(now: AppointmentState, before: AppointmentState) -> tuple[AppointmentState, ...]:
    """The steps from one state back to another: at most one in between, none when there is no way."""
    if before in NEXT_STATES[now]:
        return (before,)
    for between in NEXT_STATES[now]:
        if before in NEXT_STATES[between]:
            return between, before
    return ()
