"""Book repeat: the first free slots for the next injection, counted from what was given."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import DateTime, String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentDevice,
    AppointmentType,
    Clinic,
    Device,
    Patient,
    Room,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import EarlierInjection
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.calendar_data import grid_minutes
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.cycles import USUAL_WEEKS
from clinic_app.services.earlier_toxin import (
    authorization_problem,
    earlier_injections,
    earliest_injection_day,
)
from clinic_app.services.openings import Span, openings
from clinic_app.services.schedule_data import NOT_THERE, RepeatProposal, Slot

SEARCHED_DAYS = 182
READ_AT_ONCE = timedelta(weeks=4)


class Repeats:
    """Proposes where the next visit fits; booking it is the schedule's own use case."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def propose(self, actor: Actor, visit_id: int, *, weeks: int | None = None, count: int = 5) -> RepeatProposal:
        """The first free slots from the interval on: same weekday, hour and injector first.

        The interval is ``weeks``, else the visit's plan, else the patient's usual, else the product's minimum;
        no slot lies before the minimum interval counted over every toxin, elsewhere too.
        """
        require(actor, Act.BOOK)
        if weeks is not None and not 1 <= weeks <= 104:
            raise ClinicError("interval_impossible", field="weeks")
        now = local_now(self._clock, self._time_zone)
        with self._database.reading() as session:
            visit = session.get(Visit, visit_id)
            if visit is None:
                raise NotFound("visit_not_found")
            interval, from_what = _interval(session, visit, weeks)
            earlier = earlier_injections(session, visit.patient_id)
            minimum = earliest_injection_day(session, visit.patient_id, self._reference, earlier)
            earliest = max(minimum or visit.visited_on, now.date())
            wanted = max(visit.visited_on + timedelta(weeks=interval), earliest)
            before = session.scalar(select(Appointment).where(Appointment.visit_id == visit_id))
            usual = before.starts_at if before is not None else datetime.combine(visit.visited_on, time(10))
            kind = _injection_type(session, before)
            step = grid_minutes(session.scalars(select(Clinic.choices)).one())
            free = _free_slots(session, wanted, now, kind, usual, step)
            return RepeatProposal(
                patient_id=visit.patient_id,
                visit_id=visit_id,
                interval_weeks=interval,
                from_what=from_what,
                earliest=earliest,
                wanted=wanted,
                slots=_best(free, wanted, usual, visit, kind, count),
                authorization=_authorization(session, visit.patient_id, wanted, earlier),
                grid_minutes=step,
            )


def _authorization(session: Session, patient_id: int, day: date, earlier: Sequence[EarlierInjection]) -> str:
    """What speaks against the payer's authorization on the wanted day, in a sentence; empty when nothing does."""
    problem = authorization_problem(session, patient_id, day, earlier)
    return "" if problem is None else str(problem.parameters["said"])


def _interval(session: Session, visit: Visit, weeks: int | None) -> tuple[int, str]:
    if weeks is not None:
        return weeks, "chosen"
    if visit.interval_weeks is not None:
        return visit.interval_weeks, "plan"
    patient = session.get(Patient, visit.patient_id)
    if patient is not None and patient.usual_interval_weeks is not None:
        return patient.usual_interval_weeks, "usual"
    return USUAL_WEEKS, "minimum"


def _injection_type(session: Session, before: Appointment | None) -> AppointmentType:
    kind = session.get(AppointmentType, before.type_id) if before is not None else None
    if kind is None or not kind.is_injection:
        kind = session.scalar(
            select(AppointmentType)
            .where(AppointmentType.is_injection, AppointmentType.active)
            .order_by(AppointmentType.id)
        )
    if kind is None:
        raise ClinicError("booking_type_missing", field="type")
    return kind


_DAY = func.substr(cast(Appointment.starts_at, String), 1, 10)
_SPANS = func.aggregate_strings(
    func.substr(cast(Appointment.starts_at, String), 12, 8) + cast(Appointment.minutes, String), ","
)
_THERE = (
    Appointment.starts_at >= bindparam("first", type_=DateTime),
    Appointment.starts_at < bindparam("after", type_=DateTime),
    Appointment.state.not_in(NOT_THERE),
)
_TAKEN = (
    select(_DAY, _SPANS, Appointment.injector_id, Appointment.room_id)
    .where(*_THERE)
    .group_by(_DAY, Appointment.injector_id, Appointment.room_id)
)
_DEVICES_TAKEN = (
    select(_DAY, _SPANS, AppointmentDevice.device_id)
    .join(AppointmentDevice, AppointmentDevice.appointment_id == Appointment.id)
    .where(*_THERE)
    .group_by(_DAY, AppointmentDevice.device_id)
)
"""A day of an injector and room, or of a device, as one row: a full calendar has many appointments."""


class _Busy:
    """What is taken from a day on, by day: injectors, rooms and devices. Some weeks at a time are read, when asked for.

    The minutes of a day are the bits of a number, so that whether a span is free is one comparison however full the
    day is.
    """

    def __init__(self, session: Session, first: date) -> None:
        # By its connection: rows of a few columns need nothing of what the session does for records.
        self._connection = session.connection()
        self._first = first
        self._read_to: dict[bool, date] = {}
        self._taken: defaultdict[tuple[str, int, date], int] = defaultdict(int)

    def free(self, kind: str, number: int, start: datetime, end: datetime) -> bool:
        """Whether nothing of its day overlaps."""
        span = ((1 << _minutes_from(start, end)) - 1) << _minutes(start)
        return not self.taken(kind, number, start.date()) & span

    def taken(self, kind: str, number: int, day: date) -> int:
        """The minutes of the day that are taken, as bits."""
        while day >= self._read_to.get(kind == "device", self._first):
            self._read_on(devices=kind == "device")
        return self._taken.get((kind, number, day), 0)

    def _read_on(self, *, devices: bool) -> None:
        """Read the next weeks."""
        first = self._read_to.get(devices, self._first)
        self._read_to[devices] = first + READ_AT_ONCE
        span = {"first": datetime.combine(first, time()), "after": datetime.combine(first + READ_AT_ONCE, time())}
        rows = self._connection.execute(_DEVICES_TAKEN if devices else _TAKEN, span)
        kinds = ("device",) if devices else ("injector", "room")
        for written_day, spans, *numbers in rows.all():
            taken = 0
            for each in spans.split(","):
                taken |= _span(each)
            for kind, number in zip(kinds, numbers, strict=True):
                if number is not None:
                    self._taken[kind, number, date.fromisoformat(written_day)] |= taken


@lru_cache(maxsize=4096)
def _span(written: str) -> int:
    """The minutes of ``08:30:00`` and a length right behind it, as bits; a begun minute is taken whole."""
    begun = 0 if written[6:8] == "00" else 1
    return ((1 << int(written[8:]) + begun) - 1) << int(written[:2]) * 60 + int(written[3:5])


def _fitting(free: int, minutes: int) -> int:
    """The minutes from which on so many are free."""
    known = 1
    while known < minutes:
        step = min(known, minutes - known)
        free &= free >> step
        known += step
    return free


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a slot must have besides an injector: a room where there are rooms, and a device of each kind."""

    kind: AppointmentType
    rooms: tuple[int, ...]
    devices: tuple[tuple[int, ...], ...]

    def place(self, busy: _Busy, start: datetime, end: datetime) -> tuple[int | None, tuple[int, ...]] | None:
        """A free room and free devices, the first of each; None when something is taken."""
        room = next((each for each in self.rooms if busy.free("room", each, start, end)), None)
        if room is None and self.rooms:
            return None
        devices: list[int] = []
        for choices in self.devices:
            device = next((each for each in choices if busy.free("device", each, start, end)), None)
            if device is None:
                return None
            devices.append(device)
        return room, tuple(devices)


def _wanted(session: Session, kind: AppointmentType) -> _Wanted:
    rooms = tuple(session.scalars(select(Room.id).where(Room.active).order_by(Room.id)))
    by_kind: dict[str, list[int]] = {need: [] for need in kind.needs}
    for device in session.scalars(select(Device).where(Device.active).order_by(Device.id)):
        if device.kind.value in by_kind:
            by_kind[device.kind.value].append(device.id)
    return _Wanted(kind, rooms, tuple(tuple(choices) for choices in by_kind.values()))


def _free_slots(
    session: Session, first: date, now: datetime, kind: AppointmentType, usual: datetime, step: int
) -> list[Slot]:
    """Of each day and injector in the searched span the free slot on the grid that is nearest to the usual hour."""
    busy, wanted = _Busy(session, first), _wanted(session, kind)
    open_then = openings(session, first, first + timedelta(days=SEARCHED_DAYS - 1))
    names = dict(session.execute(select(Account.id, Account.full_name).where(Account.active)).all())
    length = timedelta(minutes=kind.minutes)
    found: list[Slot] = []
    days_with_slots = 0
    for number in range(SEARCHED_DAYS):
        day = first + timedelta(days=number)
        before = len(found)
        for injector_id, name in names.items():
            starts = _starts(open_then.hours(injector_id, day), busy, injector_id, day, kind.minutes, step)
            for minute in sorted(starts, key=lambda minute: (abs(minute - _minutes(usual)), minute)):
                start = datetime.combine(day, time(minute // 60, minute % 60))
                place = wanted.place(busy, start, start + length) if start > now else None
                if place is not None:
                    found.append(Slot(injector_id, name, start, kind.minutes, kind.id, place[0], 0.0, "", place[1]))
                    break
        days_with_slots += len(found) > before
        if days_with_slots >= 15:
            break  # three weeks of working days hold every slot that anybody would want to see first
    return found


def _starts(hours: Sequence[Span], busy: _Busy, injector_id: int, day: date, minutes: int, step: int) -> list[int]:
    """The minutes of the day, on the grid of each span of hours, from which on the injector is free for so long."""
    found = []
    for opens, closes in hours:
        begin, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
        open_minutes = ((1 << end - begin) - 1) << begin
        fitting = _fitting(open_minutes & ~busy.taken("injector", injector_id, day), minutes)
        if fitting:
            found += [minute for minute in range(begin, end, step) if fitting >> minute & 1]
    return found


def _best(
    free: list[Slot], wanted: date, usual: datetime, visit: Visit, kind: AppointmentType, count: int
) -> tuple[Slot, ...]:
    """Same injector, weekday and hour weigh more than a few days; one slot a day and injector is enough to choose."""

    def distance(slot: Slot) -> tuple[float, datetime]:
        late = (slot.starts_at.date() - wanted).days
        hours_off = abs(_minutes(slot.starts_at) - _minutes(usual)) / 60
        other_injector = slot.injector_id != visit.injector_id
        other_weekday = slot.starts_at.weekday() != usual.weekday()
        return late + 2 * hours_off + 14 * other_injector + 3 * other_weekday, slot.starts_at

    best: dict[date, tuple[tuple[float, datetime], Slot]] = {}
    for slot in free:
        far, day = distance(slot), slot.starts_at.date()
        if day not in best or far < best[day][0]:
            best[day] = far, slot
    chosen = [slot for _, slot in sorted(best.values(), key=itemgetter(0))[:count]]
    return tuple(
        replace(slot, weeks=(slot.starts_at.date() - visit.visited_on).days / 7, why=_why(slot, usual, visit))
        for slot in chosen
    )


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _minutes_from(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(minutes=1)


def _why(slot: Slot, usual: datetime, visit: Visit) -> str:
    same = []
    if slot.starts_at.weekday() == usual.weekday():
        same.append("weekday")
    if _minutes(slot.starts_at) == _minutes(usual):
        same.append("hour")
    if slot.injector_id == visit.injector_id:
        same.append("injector")
    return "same " + ", ".join(same) if same else "first free"
