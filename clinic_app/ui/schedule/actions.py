"""Moves an appointment and sets its state through the services, and offers to take it back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from clinic_app.errors import ClinicError
from clinic_app.services.access import Actor
from clinic_app.services.schedule import NEXT_STATES, Schedule
from clinic_app.services.schedule_data import AppointmentRow, Before
from clinic_app.services.series import Scope
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


class AppointmentActions(QObject):
    """What can be done to an appointment that exists."""

    message_offered = Signal(str, object)
    """A sentence and a callable that takes back what it tells, or None."""
    done = Signal(int)
    """An appointment was changed from here."""
    checked_out = Signal(object)
    """The row of an appointment whose patient leaves: the moment to book the next one."""
    place_left = Signal(object)
    """The row of an appointment whose place became free: it was cancelled, moved away, or its patient did not come."""

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
        scope: Scope = Scope.THIS,
        ended: Ended | None = None,
    ) -> None:
        """Move or lengthen an appointment, and with it others of its series; the message offers to take it back."""
        actor, services = self._actor, self._workplace.services

        def work() -> tuple[Before, ...]:
            if scope is Scope.THIS:
                _move(services.schedule, actor, row, place, passing)
                return (Before.of(row),)
            return services.series.move(
                actor,
                row.id,
                row.version,
                scope,
                starts_at=place.starts_at,
                minutes=place.minutes,
                injector_id=None if place.injector_id == row.injector_id else place.injector_id,
                accepted=passing.accepted,
            )

        def moved(before: tuple[Before, ...]) -> None:
            self._tell(row, _moved_text(row, place, len(before)), lambda: self._put_back(row, before))
            if _elsewhere(row, place):
                self.place_left.emit(row)

        self._workplace.tasks.run(work, moved, failed, owner=self, ended=ended)

    def cancel(self, row: AppointmentRow, reason: str, scope: Scope, failed: Failed, *, ended: Ended) -> None:
        """Cancel an appointment, and with it others of its series; the message offers to take it back."""
        actor, series = self._actor, self._workplace.services.series

        def cancelled(before: tuple[Before, ...]) -> None:
            several = f" {len(before)} appointments of the series" if len(before) > 1 else ""
            said = f"{row.patient_name}:{several} cancelled."
            self._tell(row, said, lambda: self._put_back(row, before))
            self.place_left.emit(row)

        if scope is Scope.THIS:
            self.set_state(row, AppointmentState.CANCELLED, failed, reason=reason, ended=ended)
        else:
            self._workplace.tasks.run(
                lambda: series.cancel(actor, row.id, row.version, scope, reason),
                cancelled,
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
        ended: Ended | None = None,
    ) -> None:
        """Set a state; the message offers the state before."""
        schedule, actor = self._schedule, self._actor

        def changed(version: int) -> None:
            back = None
            if state is AppointmentState.CHECKED_OUT:
                self.checked_out.emit(row)
            if _way_back(state, row.state):
                back = lambda: self._set_back(row, version, state)  # noqa: E731 - one of two values
            self._tell(row, f"{row.patient_name}: {WORDS[state].lower()}.", back)
            if state in (AppointmentState.CANCELLED, AppointmentState.NO_SHOW):
                self.place_left.emit(row)

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

    def _put_back(self, row: AppointmentRow, before: Sequence[Before]) -> None:
        actor, taken_back = self._actor, self._workplace.services.taken_back
        said = f"{row.patient_name} is back where it was."
        if len(before) > 1:
            said = f"{len(before)} appointments of {row.patient_name} are back where they were."
        self._workplace.tasks.run(
            lambda: taken_back.put_back(actor, before),
            lambda _none: self._tell(row, said, None),
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


def _move(schedule: Schedule, actor: Actor, row: AppointmentRow, place: Place, passing: Passing) -> int:
    return schedule.move(
        actor,
        row.id,
        row.version,
        starts_at=place.starts_at,
        minutes=place.minutes,
        injector_id=place.injector_id,
        room_id=place.room_id,
        overbook_reason=passing.reason,
        accepted=passing.accepted,
        told=passing.told,
        any_room=place.any_room,
    )


def _elsewhere(row: AppointmentRow, place: Place) -> bool:
    """Whether another could have the old place now."""
    return place.injector_id != row.injector_id or not row.starts_at <= place.starts_at < row.ends_at


def _moved_text(row: AppointmentRow, place: Place, count: int) -> str:
    if (place.starts_at, place.injector_id) == (row.starts_at, row.injector_id) and place.minutes != row.minutes:
        return f"{row.patient_name} now has {place.minutes} min."
    where = f"{weekday_date_text(place.starts_at.date())}, {time_text(place.starts_at)}"
    if count > 1:
        return f"{count} appointments of {row.patient_name} moved, this one to {where}."
    return f"{row.patient_name} moved to {where}."


def _way_back(now: AppointmentState, before: AppointmentState) -> tuple[AppointmentState, ...]:
    """The steps from one state back to another: at most one in between, none when there is no way."""
    if before in NEXT_STATES[now]:
        return (before,)
    for between in NEXT_STATES[now]:
        if before in NEXT_STATES[between]:
            return between, before
    return ()
