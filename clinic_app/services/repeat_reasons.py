"""Why an earlier time was not offered for the next visit: one reason for each day and injector."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import NotFound
from clinic_app.models import Account, Appointment, AppointmentDevice, AppointmentType, Device, Room, Visit
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.earlier_toxin import earlier_injections
from clinic_app.services.free_time import Stretch, joined, minutes_in, taken_within
from clinic_app.services.openings import Openings, openings
from clinic_app.services.schedule_data import LONGEST, NOT_THERE, RepeatProposal
from clinic_app.words import sentence

MOST_DAYS = 28
"""So many days are told at once; for a later one the person asks."""


class Why(StrEnum):
    """The id of a reason's sentence under ``not_offered`` in the words file."""

    PAST = "past"
    INTERVAL = "interval"
    INTERVAL_ELSEWHERE = "interval_elsewhere"
    CLOSED = "closed"
    CLOSED_UNSAID = "closed_unsaid"
    AWAY = "away"
    AWAY_UNSAID = "away_unsaid"
    NO_HOURS = "no_hours"
    FULL = "full"
    NO_GAP = "no_gap"
    NO_ROOM = "no_room"
    NO_DEVICE = "no_device"
    DEVICE_MISSING = "device_missing"
    BEFORE_WANTED = "before_wanted"
    RANKED_BEHIND = "ranked_behind"
    OFFERED = "offered"


FREE = frozenset({Why.BEFORE_WANTED, Why.RANKED_BEHIND, Why.OFFERED})
"""The day is free: it was a matter of choice."""


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Why a day was not offered, with one injector or, when ``injector_id`` is None, with anybody."""

    day: date
    injector_id: int | None
    injector_name: str
    why: Why
    parameters: Mapping[str, object] = field(default_factory=dict)


class RepeatReasons:
    """Answers why the proposal of Book repeat left a day out; it looks at the calendar as it is now."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def why_not(
        self, actor: Actor, proposal: RepeatProposal, day: date, injector_id: int | None = None
    ) -> tuple[NotOffered, ...]:
        """Why a day the person names was not offered, with each injector or with one.

        What holds for everybody (past, minimum interval over every toxin, closed) is told once. Raises NotFound for an
        injector who does not work here and for a visit that is not there.
        """
        require(actor, Act.BOOK)
        return self._reasons(proposal, day, day, injector_id)

    def why_not_earlier(self, actor: Actor, proposal: RepeatProposal) -> tuple[NotOffered, ...]:
        """Why the working days from the wanted one to the first time offered were not; at most four weeks of them."""
        require(actor, Act.BOOK)
        first_offered = min((slot.starts_at.date() for slot in proposal.slots), default=date.max)
        last = min(first_offered - timedelta(days=1), proposal.wanted + timedelta(days=MOST_DAYS - 1))
        if last < proposal.wanted:
            return ()
        rows = self._reasons(proposal, proposal.wanted, last)
        worked = {row.day for row in rows if row.why is not Why.NO_HOURS}
        return tuple(row for row in rows if row.day in worked)

    def _reasons(
        self, proposal: RepeatProposal, first: date, last: date, injector_id: int | None = None
    ) -> tuple[NotOffered, ...]:
        now = local_now(self._clock, self._time_zone)
        with self._database.reading() as session:
            asked = _Asked(session, proposal, first, last, now)
        if injector_id is not None and injector_id not in asked.names:
            raise NotFound("injector_missing")
        people = asked.names if injector_id is None else {injector_id: asked.names[injector_id]}
        found: list[NotOffered] = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            whole = asked.whole_day(day)
            if whole is not None:
                found.append(NotOffered(day, None, "", *whole))
                continue
            found += [NotOffered(day, who, name, *asked.with_injector(day, who)) for who, name in people.items()]
        return tuple(found)


_Reason = tuple[Why, dict[str, object]]


class _Asked:
    """Everything that decides about a span of days, read at once."""

    def __init__(self, session: Session, proposal: RepeatProposal, first: date, last: date, now: datetime) -> None:
        self._step = timedelta(minutes=proposal.grid_minutes)
        visit = session.get(Visit, proposal.visit_id)
        if visit is None:
            raise NotFound("visit_not_found")
        before = session.scalar(select(Appointment).where(Appointment.visit_id == proposal.visit_id))
        self._proposal, self._now = proposal, now
        self._visit_injector = visit.injector_id
        self._usual = before.starts_at if before is not None else datetime.combine(visit.visited_on, time(10))
        self._earlier = earlier_injections(session, proposal.patient_id)
        self._hours = openings(session, first, last)
        self._taken = _taken(session, first, last)
        self._kind = _kind(session, before)
        self._length = timedelta(minutes=self._kind.minutes if self._kind is not None else 0)
        self._rooms = tuple(session.scalars(select(Room.id).where(Room.active)))
        self._devices = _devices(session, self._kind)
        self.names = _names(session, self._hours)

    def whole_day(self, day: date) -> _Reason | None:
        """What speaks against the day whoever injects."""
        if day < self._now.date():
            return Why.PAST, {}
        if day < self._proposal.earliest and self._earlier:
            last = max(self._earlier, key=lambda given: (given.on, not given.elsewhere))
            days = (self._proposal.earliest - last.on).days
            weeks, rest = divmod(days, 7)
            interval = (
                sentence("not_offered.days", number=days) if rest else sentence("not_offered.weeks", number=weeks)
            )
            why = Why.INTERVAL_ELSEWHERE if last.elsewhere else Why.INTERVAL
            return why, {"interval": interval, "last_on": last.on, "earliest": self._proposal.earliest}
        if day in self._hours.closed:
            reason = self._hours.closed[day]
            return (Why.CLOSED, {"reason": reason}) if reason else (Why.CLOSED_UNSAID, {})
        return None

    def with_injector(self, day: date, injector_id: int) -> _Reason:
        """What speaks against the day with this injector, or why it is free and was not among the first."""
        key = injector_id, day
        if key in self._hours.away:
            reason = self._hours.away[key]
            return (Why.AWAY, {"reason": reason}) if reason else (Why.AWAY_UNSAID, {})
        if not self._hours.hours(injector_id, day):
            return Why.NO_HOURS, {}
        starts = [start for start in self._grid(injector_id, day) if self._is_free("injector", injector_id, start)]
        if not starts:
            return self._full(injector_id, day)
        coming = [start for start in starts if start > self._now]
        if not coming:
            return Why.PAST, {}
        with_room = [s for s in coming if not self._rooms or any(self._is_free("room", r, s) for r in self._rooms)]
        if not with_room:
            return Why.NO_ROOM, {}
        whole = [
            start for start in with_room if all(self._one_free(devices, start) for devices in self._devices.values())
        ]
        return self._free(day, injector_id, whole) if whole else self._no_device(with_room)

    def _grid(self, injector_id: int, day: date) -> Iterator[datetime]:
        for opens, closes in self._hours.hours(injector_id, day):
            start, end = datetime.combine(day, opens), datetime.combine(day, closes)
            while start + self._length <= end:
                yield start
                start += self._step

    def _is_free(self, what: str, number: int, start: datetime) -> bool:
        spans = self._taken.get((what, number, start.date()), ())
        return all(start + self._length <= begins or ends <= start for begins, ends in spans)

    def _one_free(self, devices: Mapping[int, str], start: datetime) -> bool:
        return any(self._is_free("device", number, start) for number in devices)

    def _full(self, injector_id: int, day: date) -> _Reason:
        spans = joined(
            (datetime.combine(day, opens), datetime.combine(day, closes))
            for opens, closes in self._hours.hours(injector_id, day)
        )
        booked = minutes_in(taken_within(spans, self._taken.get(("injector", injector_id, day), ())))
        figures = {
            "booked": booked,
            "open": minutes_in(spans),
            "minutes": minutes_in([(self._now, self._now + self._length)]),
        }
        return Why.FULL if booked == figures["open"] else Why.NO_GAP, {**figures}

    def _no_device(self, starts: Sequence[datetime]) -> _Reason:
        """The kind of device that is lacking at most of the times."""
        kind, devices = min(
            self._devices.items(), key=lambda each: sum(self._one_free(each[1], start) for start in starts)
        )
        if not devices:
            return Why.DEVICE_MISSING, {"kind": kind}
        return Why.NO_DEVICE, {"kind": kind, "devices": ", ".join(devices.values())}

    def _free(self, day: date, injector_id: int, starts: Sequence[datetime]) -> _Reason:
        offered = [slot.starts_at for slot in self._proposal.slots if slot.injector_id == injector_id]
        here = next((start for start in offered if start.date() == day), None)
        if here is not None:
            return Why.OFFERED, {"time": here.time()}
        nearest = min(starts, key=lambda start: abs(_minute(start) - _minute(self._usual)))
        if day < self._proposal.wanted:
            weeks, wanted = self._proposal.interval_weeks, self._proposal.wanted
            return Why.BEFORE_WANTED, {"time": nearest.time(), "weeks": weeks, "wanted": wanted}
        other = [
            sentence(f"not_offered.other_{name}")
            for name, differs in (
                ("weekday", day.weekday() != self._usual.weekday()),
                ("hour", nearest.time() != self._usual.time()),
                ("injector", injector_id != self._visit_injector),
            )
            if differs
        ]
        return Why.RANKED_BEHIND, {"time": nearest.time(), "other": ", ".join(other or [sentence("not_offered.later")])}


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _names(session: Session, hours: Openings) -> dict[int, str]:
    """Who has hours here at all, by name."""
    numbers = {*hours.weekly, *(injector_id for injector_id, _ in hours.single)}
    query = select(Account.id, Account.full_name).where(Account.active, Account.id.in_(numbers))
    return dict(session.execute(query.order_by(Account.full_name, Account.id)).all())


def _kind(session: Session, before: Appointment | None) -> AppointmentType | None:
    """The kind of injection of the visit's own appointment, else the clinic's first."""
    kind = session.get(AppointmentType, before.type_id) if before is not None else None
    if kind is not None and kind.is_injection:
        return kind
    query = select(AppointmentType).where(AppointmentType.is_injection, AppointmentType.active)
    return session.scalar(query.order_by(AppointmentType.id).limit(1))


def _devices(session: Session, kind: AppointmentType | None) -> dict[str, dict[int, str]]:
    """The devices of each kind that the appointment needs, by name."""
    found: dict[str, dict[int, str]] = {need: {} for need in (() if kind is None else kind.needs)}
    for device in session.scalars(select(Device).where(Device.active).order_by(Device.id)):
        if device.kind.value in found:
            found[device.kind.value][device.id] = device.name
    return found


def _taken(session: Session, first: date, last: date) -> dict[tuple[str, int, date], list[Stretch]]:
    """What injectors, rooms and devices are taken by, each day of the span."""
    start, end = datetime.combine(first, time()), datetime.combine(last, time()) + timedelta(days=1)
    within = (
        Appointment.starts_at > start - LONGEST,
        Appointment.starts_at < end,
        Appointment.state.not_in(NOT_THERE),
    )
    columns = Appointment.starts_at, Appointment.minutes
    rows = session.execute(select(Appointment.injector_id, Appointment.room_id, *columns).where(*within)).all()
    with_device = session.execute(
        select(AppointmentDevice.device_id, *columns)
        .join(Appointment, Appointment.id == AppointmentDevice.appointment_id)
        .where(*within)
    ).all()
    found: dict[tuple[str, int, date], list[Stretch]] = defaultdict(list)

    def take(what: str, number: int, starts_at: datetime, minutes: int) -> None:
        ends_at = starts_at + timedelta(minutes=minutes)
        for day in {starts_at.date(), ends_at.date()}:
            found[what, number, day].append((starts_at, ends_at))

    for injector_id, room_id, starts_at, minutes in rows:
        take("injector", injector_id, starts_at, minutes)
        if room_id is not None:
            take("room", room_id, starts_at, minutes)
    for device_id, starts_at, minutes in with_device:
        take("device", device_id, starts_at, minutes)
    return dict(found)
