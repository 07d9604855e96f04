"""Moves an appointment and sets its state through the services, and offers to take it back."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from clinic_app.errors import ClinicError
from clinic_app.services.access import Actor
from clinic_app.services.schedule import NEXT_STATES, Schedule
from clinic_app.services.schedule_data import AppointmentRow, Before
from clinic_app.services.series import Scope
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.differences import Parts
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.schedule.appointment_merging import (
    Met,
    Seen,
    brought_to,
    moved_to,
    place_and_state,
    read,
    whole,
)
from clinic_app.ui.schedule.panels import Passing
from clinic_app.ui.schedule.place_fields import Place
from clinic_app.ui.schedule.states import WORDS
from clinic_app.ui.together import Outcome, save_together, together_text
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
        met: Met,
        *,
        passing: Passing = NOTHING_PASSED,
        scope: Scope = Scope.THIS,
        ended: Ended | None = None,
    ) -> None:
        """Move or lengthen an appointment, and with it others of its series; the message offers to take it back."""
        actor, services = self._actor, self._workplace.services

        def save(seen: Seen, _parts: Parts) -> tuple[Before, ...]:
            if scope is Scope.THIS:
                _move(services.schedule, actor, seen.row, place, passing)
                return (Before.of(seen.row),)
            return services.series.move(
                actor,
                row.id,
                seen.row.version,
                scope,
                starts_at=place.starts_at,
                minutes=place.minutes,
                injector_id=None if place.injector_id == row.injector_id else place.injector_id,
                accepted=passing.accepted,
            )

        def moved(outcome: Outcome[Seen]) -> None:
            before: tuple[Before, ...] = outcome.result or ()
            was, by = outcome.known.row, outcome.known.by
            if not outcome.saved:
                met(outcome)
            elif outcome.nothing_left:
                self._tell(row, stays_text(was), None)
            else:
                said = f"{_moved_text(was, place, len(before))}{together_text(outcome.theirs, by)}."
                self._tell(row, said, lambda: self._put_back(row, before))
                if _elsewhere(was, place):
                    self.place_left.emit(was)

        work = partial(self._together, row, moved_to(row, place), place_and_state, save)
        self._workplace.tasks.run(work, moved, failed, owner=self, ended=ended)

    def cancel(self, row: AppointmentRow, reason: str, scope: Scope, failed: Failed, met: Met, *, ended: Ended) -> None:
        """Cancel an appointment, and with it others of its series; the message offers to take it back."""
        if scope is Scope.THIS:
            self.set_state(row, AppointmentState.CANCELLED, failed, met, reason=reason, ended=ended)
            return
        actor, series = self._actor, self._workplace.services.series

        def save(seen: Seen, _parts: Parts) -> tuple[Before, ...]:
            return series.cancel(actor, row.id, seen.row.version, scope, reason)

        def cancelled(outcome: Outcome[Seen]) -> None:
            before: tuple[Before, ...] = outcome.result or ()
            if not outcome.saved:
                met(outcome)
            elif outcome.nothing_left:
                self._tell(row, _already_text(outcome.known), None)
            else:
                several = f" {len(before)} appointments of the series" if len(before) > 1 else ""
                said = f"{row.patient_name}:{several} cancelled."
                self._tell(row, said, lambda: self._put_back(row, before))
                self.place_left.emit(outcome.known.row)

        work = partial(self._together, row, brought_to(row, AppointmentState.CANCELLED), whole, save)
        self._workplace.tasks.run(work, cancelled, failed, owner=self, ended=ended)

    def set_state(
        self,
        row: AppointmentRow,
        state: AppointmentState,
        failed: Failed,
        met: Met,
        *,
        reason: str = "",
        ended: Ended | None = None,
    ) -> None:
        """Set a state; the message offers the state before."""
        schedule, actor = self._schedule, self._actor

        def save(seen: Seen, _parts: Parts) -> int:
            return schedule.set_state(actor, row.id, seen.row.version, state, reason)

        def changed(outcome: Outcome[Seen]) -> None:
            was, version = outcome.known.row, outcome.result
            if not outcome.saved:
                met(outcome)
                return
            if outcome.nothing_left:
                self._tell(row, _already_text(outcome.known), None)
                return
            if state is AppointmentState.CHECKED_OUT:
                self.checked_out.emit(was)
            back = partial(self._set_back, was, version, state) if _way_back(state, was.state) else None
            with_theirs = together_text(outcome.theirs, outcome.known.by)
            self._tell(row, f"{row.patient_name}: {WORDS[state].lower()}{with_theirs}.", back)
            if state in (AppointmentState.CANCELLED, AppointmentState.NO_SHOW):
                self.place_left.emit(was)

        parts = whole if state in GONE else place_and_state
        work = partial(self._together, row, brought_to(row, state), parts, save)
        self._workplace.tasks.run(work, changed, failed, owner=self, ended=ended)

    def _together(
        self,
        row: AppointmentRow,
        mine: Parts,
        parts: Callable[[Seen], Parts],
        save: Callable[[Seen, Parts], object],
    ) -> Outcome[Seen]:
        """Asks the services; the window is not touched."""
        schedule, actor = self._schedule, self._actor
        return save_together(Seen(row), mine, parts=parts, read=lambda: read(schedule, actor, row.id), save=save)

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


def stays_text(row: AppointmentRow) -> str:
    """What is told where nothing was left to move."""
    return f"{row.patient_name} stays at {weekday_date_text(row.starts_at.date())}, {time_text(row.starts_at)}."


def _already_text(seen: Seen) -> str:
    return f"{seen.row.patient_name}: {WORDS[seen.row.state].lower()} already, by {seen.by}."


def _elsewhere(row: AppointmentRow, place: Place) -> bool:
    """Whether another could have the old place now."""
    return place.injector_id != row.injector_id or not row.starts_at <= place.starts_at < row.ends_at


def _moved_text(row: AppointmentRow, place: Place, count: int) -> str:
    if (place.starts_at, place.injector_id) == (row.starts_at, row.injector_id) and place.minutes != row.minutes:
        return f"{row.patient_name} now has {place.minutes} min"
    where = f"{weekday_date_text(place.starts_at.date())}, {time_text(place.starts_at)}"
    if count > 1:
        return f"{count} appointments of {row.patient_name} moved, this one to {where}"
    return f"{row.patient_name} moved to {where}"


def _way_back(now: AppointmentState, before: AppointmentState) -> tuple[AppointmentState, ...]:
    """The steps from one state back to another: at most one in between, none when there is no way."""
    if before in NEXT_STATES[now]:
        return (before,)
    for between in NEXT_STATES[now]:
        if before in NEXT_STATES[between]:
            return between, before
    return ()
