"""A front desk that does anything in any order, and what of the schedule must hold after each act."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Appointment, AppointmentEvent, Closure, DayHours
from clinic_app.services.access import Actor
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.clock import local_now
from clinic_app.services.schedule import NEXT_STATES
from clinic_app.services.schedule_data import Before, Booking
from clinic_app.services.series import Scope
from clinic_app.terms import AppointmentState
from tests.services.desk_account import Kept, Stage, newly_booked, said

S = AppointmentState
Outcome = TypeVar("Outcome")
REASONS = ("", "travels far", " \x07 ")
"""Why to book over a clash; the last cleans to nothing and must not count."""
HOURS = (time(9), time(9, 15), time(9, 45), time(10), time(2), time(2, 30))
"""Few, so that much meets; two of them are skipped or repeated when clocks change."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who, what and where somebody wants it; ``beside`` another appointment by some minutes, or on a day and hour."""

    patient: int
    injector: int
    room: int
    device: int
    day: int
    hour: time
    minutes: int
    beside: int | None
    off: int


index = st.integers(0, 11)
yes_or_no = st.booleans()
minutes_long = st.sampled_from((15, 30, 45, 60, 90))
wish = st.builds(
    Wish, index, index, index, index, index, st.sampled_from(HOURS), minutes_long, st.none() | index,
    st.sampled_from((0, 0, -15, 15, 30, 45)),
)  # fmt: skip


class DeskMachine(RuleBasedStateMachine):
    """Books, moves, lengthens, repeats, closes, cancels and takes back at random, and keeps its own account of it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.schedule, self.series = stage.services.schedule, stage.services.series
        self.kept: dict[int, Kept] = {}
        self.in_series: dict[int, frozenset[int]] = {}
        self.closures: list[int] = []
        self.undo: Callable[[], None] | None = None

    # What the desk does.

    @rule(wish=wish, kind=st.sampled_from((3, 3, 1)), reason=st.sampled_from(REASONS), physician=yes_or_no,
          accepts=yes_or_no)  # fmt: skip
    def book(self, wish: Wish, kind: int, reason: str, physician: bool, accepts: bool) -> None:
        accepted = (AUTHORIZATION,) if accepts else ()
        wanted = replace(self._booking(wish), type_id=kind, overbook_reason=reason, accepted=accepted)
        number = self._try(lambda: self.schedule.book(self._actor(physician), wanted), newly_booked(wanted))
        if number is not None:
            self._booked(number, wanted)
        self.undo = None

    @precondition(lambda self: self.kept)
    @rule(which=index, wish=wish, with_devices=yes_or_no, reason=st.sampled_from(REASONS), physician=yes_or_no)
    def move(self, which: int, wish: Wish, with_devices: bool, reason: str, physician: bool) -> None:
        number = self._number(which)
        to = self._booking(wish)
        there = self.kept[number].after(
            starts_at=to.starts_at,
            minutes=to.minutes,
            injector_id=to.injector_id,
            room_id=to.room_id,
            device_ids=to.device_ids if with_devices else self.kept[number].device_ids,
        )
        self._move(number, there, reason, self._actor(physician), with_devices=with_devices)

    @precondition(lambda self: self.kept)
    @rule(which=index, minutes=minutes_long | st.sampled_from((5, 480, 481)), reason=st.sampled_from(REASONS),
          physician=yes_or_no)  # fmt: skip
    def lengthen_or_shorten(self, which: int, minutes: int, reason: str, physician: bool) -> None:
        number = self._number(which)
        self._move(number, self.kept[number].after(minutes=minutes), reason, self._actor(physician))

    @rule(wish=wish, weeks=st.sampled_from((1, 2, 12, 34, 52)), count=st.integers(2, 4), whole=yes_or_no)
    def book_series(self, wish: Wish, weeks: int, count: int, whole: bool) -> None:
        first = self._booking(wish)
        places = self.series.plan(self.stage.desk, first, weeks=weeks, count=count)
        assert [place.booking.starts_at for place in places] == [
            first.starts_at + timedelta(weeks=weeks * number) for number in range(count)
        ]
        wanted = [place.booking for place in places if whole or place.problem is None]
        free = all(place.problem is None for place in places if place.booking in wanted)
        if len(wanted) < 2:
            return
        numbers = self._try(lambda: self.series.book(self.stage.desk, wanted, weeks=weeks), *map(newly_booked, wanted))
        assert (numbers is not None) == free, "what was planned is what is booked"
        for number, each in zip(numbers or (), wanted, strict=False):
            self._booked(number, each)
            self.in_series[number] = frozenset(numbers or ())
        self.undo = None

    @precondition(lambda self: self.in_series)
    @rule(which=index, scope=st.sampled_from(Scope), days=st.integers(-8, 8), hour=st.sampled_from(HOURS),
          minutes=minutes_long)  # fmt: skip
    def move_series(self, which: int, scope: Scope, days: int, hour: time, minutes: int) -> None:
        number = sorted(self.in_series)[which % len(self.in_series)]
        version = self.kept[number].acts
        chosen = self.kept[number]
        to = datetime.combine(chosen.starts_at.date() + timedelta(days=days), hour)
        moved = self._try(
            lambda: self.series.move(self.stage.desk, number, version, scope, starts_at=to, minutes=minutes)
        )
        self.undo = None
        if moved is None:
            return
        were = {before.appointment_id: self.kept[before.appointment_id] for before in moved}
        assert were.keys() == self._in_scope(number, scope)
        for each, kept in were.items():
            at = datetime.combine(kept.starts_at.date() + timedelta(days=days), hour)
            self._changed(each, self._furnished(each, kept.after(starts_at=at, minutes=minutes, overbooked=False)))
        self.undo = lambda: self._put_back(moved, were)

    @precondition(lambda self: self.in_series)
    @rule(which=index, scope=st.sampled_from(Scope), reason=st.sampled_from(("ill", " ")))
    def cancel_series(self, which: int, scope: Scope, reason: str) -> None:
        number = sorted(self.in_series)[which % len(self.in_series)]
        cancelled = self._try(
            lambda: self.series.cancel(self.stage.desk, number, self.kept[number].acts, scope, reason)
        )
        assert reason.strip() or cancelled is None
        self.undo = None
        if cancelled is None:
            return
        were = {before.appointment_id: self.kept[before.appointment_id] for before in cancelled}
        assert were.keys() == self._in_scope(number, scope)
        for each, kept in were.items():
            self._changed(each, kept.after(state=S.CANCELLED))
        self.undo = lambda: self._put_back(cancelled, were)

    @precondition(lambda self: self.kept)
    @rule(which=index, state=st.sampled_from((S.CONFIRMED, S.CANCELLED, S.NO_SHOW, S.BOOKED, S.ARRIVED)))
    def set_state(self, which: int, state: AppointmentState) -> None:
        number = self._number(which)
        before = self.kept[number].state
        if not self._set_state(number, state):
            return

        def back() -> None:
            for each in _way_back(state, before):
                if not self._set_state(number, each):
                    return

        self.undo = back

    @precondition(lambda self: len(self.closures) < 2)
    @rule(day=index, days=st.integers(0, 2), injector=st.none() | index)
    def close(self, day: int, days: int, injector: int | None) -> None:
        first = self._day(day)
        who = None if injector is None else self._injector(injector)
        times, last = self.stage.services.working_times, first + timedelta(days=days)
        closure = self._try(lambda: times.close(self.stage.physician, first, last, "Training", injector_id=who))
        if closure is not None:
            self.closures.append(closure)
        self.undo = None

    @precondition(lambda self: self.closures)
    @rule()
    def open_again(self) -> None:
        with self.stage.store.database.writing(self.stage.physician.account_id, self.stage.clock()) as session:
            session.delete(session.get_one(Closure, self.closures.pop()))

    @rule(day=index, injector=index, works=yes_or_no)
    def give_a_day_its_own_hours(self, day: int, injector: int, works: bool) -> None:
        hours = (time(0, 30), time(14)) if works else (None, None)
        own = DayHours(injector_id=self._injector(injector), day=self._day(day), opens=hours[0], closes=hours[1])
        with self.stage.store.database.writing(self.stage.physician.account_id, self.stage.clock()) as session:
            here = session.scalar(select(DayHours).filter_by(injector_id=own.injector_id, day=own.day))
            if here is not None:
                session.delete(here)
            else:
                session.add(own)

    @rule(hours=st.sampled_from((1, 20, 50)))
    def let_time_pass(self, hours: int) -> None:
        self.stage.clock.forward(hours=hours)
        self.undo = None

    @precondition(lambda self: self.undo is not None)
    @rule()
    def take_back_the_last_act(self) -> None:
        assert self.undo is not None
        self.undo()
        self.undo = None

    # What holds after each act.

    @invariant()
    def nothing_is_lost_or_shifted(self) -> None:
        assert self._stored() == self.kept

    @invariant()
    def nobody_meets_anybody_whom_nobody_allowed(self) -> None:
        for one, other in combinations(self.kept.values(), 2):
            if one.clashes(other):
                assert one.patient_id != other.patient_id
                assert one.overbooked or other.overbooked

    @invariant()
    def the_history_told_from_its_first_line_leads_to_the_present(self) -> None:
        lines: dict[int, list[AppointmentEvent]] = {number: [] for number in self.kept}
        with self.stage.store.database.reading() as session:
            for line in session.scalars(select(AppointmentEvent).order_by(AppointmentEvent.id)):
                lines[line.appointment_id].append(line)
        for number, kept in self.kept.items():
            assert len(lines[number]) == kept.acts
            told = {"room_id": "None"}
            for line in lines[number]:
                before, after = said(line.before), said(line.after)
                assert before.items() <= told.items()
                told |= after
            assert told == kept.facts()

    # How it does and knows it.

    def _day(self, day: int) -> date:
        return self.stage.days[day % len(self.stage.days)]

    def _injector(self, injector: int) -> int:
        return self.stage.injectors[injector % len(self.stage.injectors)]

    def _room(self, room: int) -> int | None:
        return self.stage.rooms[room % len(self.stage.rooms)]

    def _devices(self, device: int) -> tuple[int, ...]:
        first, second = self.stage.devices
        return ((), (), (first,), (second,), (first, second))[device % 5]

    def _actor(self, physician: bool) -> Actor:
        return self.stage.physician if physician else self.stage.desk

    def _number(self, which: int) -> int:
        return sorted(self.kept)[which % len(self.kept)]

    def _booking(self, wish: Wish) -> Booking:
        at = datetime.combine(self._day(wish.day), wish.hour)
        if wish.beside is not None and self.kept:
            at = self.kept[self._number(wish.beside)].starts_at + timedelta(minutes=wish.off)
        return Booking(
            patient_id=self.stage.patients[wish.patient % len(self.stage.patients)],
            injector_id=self._injector(wish.injector),
            type_id=3,
            starts_at=at,
            minutes=wish.minutes,
            room_id=self._room(wish.room),
            device_ids=self._devices(wish.device),
        )

    def _booked(self, number: int, booking: Booking) -> None:
        assert number not in self.kept
        self.kept[number] = replace(
            newly_booked(booking), overbooked=self._is_overbooked(number, booking.overbook_reason)
        )

    def _changed(self, number: int, kept: Kept) -> None:
        self.kept[number] = kept

    def _move(self, number: int, to: Kept, reason: str, actor: Actor, *, with_devices: bool = False) -> None:
        were = {number: self.kept[number]}
        before = Before.of(self.schedule.appointment(self.stage.desk, number))
        if self._moved(number, to, reason, actor, with_devices=with_devices):
            self.undo = lambda: self._put_back((before,), were)

    def _put_back(self, changed: tuple[Before, ...], were: dict[int, Kept]) -> None:
        """Take a change back as the window does; a clash that was allowed there stands again."""
        desk, back = self.stage.desk, self.stage.services.taken_back
        there = [replace(kept, acts=self.kept[number].acts + 1) for number, kept in were.items()]

        def act() -> bool:
            back.put_back(desk, changed)
            return True

        if not self._try(act, *there):
            return
        for number, kept in zip(were, there, strict=True):
            overbooked = self._marked(number)
            assert kept.overbooked or not overbooked
            self._changed(number, replace(kept, overbooked=overbooked))

    def _moved(self, number: int, to: Kept, reason: str, actor: Actor, *, with_devices: bool = False) -> bool:
        version = self._try(
            lambda: self.schedule.move(
                actor, number, self.kept[number].acts, starts_at=to.starts_at, minutes=to.minutes,
                injector_id=to.injector_id, room_id=to.room_id, overbook_reason=reason, accepted=(AUTHORIZATION,),
                device_ids=to.device_ids if with_devices else None,
            ),
            to, itself=number,
        )  # fmt: skip
        if version is None:
            return False
        moved = to if with_devices else self._furnished(number, to)
        self._changed(number, replace(moved, overbooked=self._is_overbooked(number, reason)))
        assert version == self.kept[number].acts
        return True

    def _set_state(self, number: int, state: AppointmentState) -> bool:
        kept = self.kept[number]
        to = kept.after(state=state)
        version = self._try(
            lambda: self.schedule.set_state(self.stage.desk, number, self.kept[number].acts, state, "ill"),
            to, itself=number,
        )  # fmt: skip
        if version is None:
            return False
        assert state in NEXT_STATES[kept.state]
        overbooked = self._marked(number)
        assert kept.overbooked or not overbooked
        self._changed(number, replace(to, overbooked=overbooked))
        return True

    def _furnished(self, number: int, kept: Kept) -> Kept:
        """With the room and devices it has now: one that was taken gave way to a free one of its kind."""
        row = self.schedule.appointment(self.stage.desk, number)
        assert (row.room_id is None) == (kept.room_id is None)
        assert len(row.device_ids) == len(kept.device_ids)
        return replace(kept, room_id=row.room_id, device_ids=row.device_ids)

    def _try(self, act: Callable[[], Outcome], *wanted: Kept, itself: int | None = None) -> Outcome | None:
        """Do it, or be refused: a refusal for an overlap names one that is there."""
        try:
            return act()
        except ClinicError as refused:
            assert str(refused)
            if wanted and refused.code.startswith("booking_overlap"):
                others = [kept for number, kept in self.kept.items() if number != itself]
                assert any(each.clashes(other) for each in wanted for other in others)
            return None

    def _marked(self, number: int) -> bool:
        with self.stage.store.database.reading() as session:
            return session.get_one(Appointment, number).overbooked_by_id is not None

    def _is_overbooked(self, number: int, reason: str) -> bool:
        """Whether it was booked over something. Then there was a reason, and never one of no words."""
        with self.stage.store.database.reading() as session:
            by = session.get_one(Appointment, number).overbooked_by_id
        assert by is None or (by == self.stage.physician.account_id and reason.strip(" \x07"))
        return by is not None

    def _in_scope(self, number: int, scope: Scope) -> set[int]:
        if scope is Scope.THIS:
            return {number}
        first = datetime.min if scope is Scope.ALL else self.kept[number].starts_at
        now = local_now(self.stage.clock, self.stage.services.clinic.time_zone)
        return {number} | {
            each
            for each in self.in_series[number]
            if self.kept[each].state in (S.BOOKED, S.CONFIRMED) and self.kept[each].starts_at >= max(first, now)
        }

    def _stored(self) -> dict[int, Kept]:
        with self.stage.store.database.reading() as session:
            return {
                row.id: Kept(
                    row.patient_id, row.starts_at, row.minutes, row.injector_id, row.room_id,
                    tuple(sorted(each.device_id for each in row.devices)), row.state,
                    row.overbooked_by_id is not None, row.version,
                )
                for row in session.scalars(select(Appointment))
            }  # fmt: skip

    def teardown(self) -> None:
        self.stage.store.database.close()


def _way_back(now: AppointmentState, before: AppointmentState) -> tuple[AppointmentState, ...]:
    """The steps by which the window takes a state back."""
    if before in NEXT_STATES[now]:
        return (before,)
    return next(((step, before) for step in NEXT_STATES[now] if before in NEXT_STATES[step]), ())
