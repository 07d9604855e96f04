"""Book repeat: the first free slots for the next injection, counted from what was given."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentType,
    Device,
    Patient,
    Room,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.booking_checks import authorization_problem, earliest_injection_day
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.openings import openings
from clinic_app.services.schedule_data import NOT_THERE, RepeatProposal, Slot

USUAL_WEEKS = 12
SEARCHED_DAYS = 182
GRID = timedelta(minutes=15)


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
            minimum = earliest_injection_day(session, visit.patient_id, self._reference)
            earliest = max(minimum or visit.visited_on, now.date())
            wanted = max(visit.visited_on + timedelta(weeks=interval), earliest)
            before = session.scalar(select(Appointment).where(Appointment.visit_id == visit_id))
            usual = before.starts_at if before is not None else datetime.combine(visit.visited_on, time(10))
            kind = _injection_type(session, before)
            free = _free_slots(session, wanted, now, kind)
            return RepeatProposal(
                patient_id=visit.patient_id,
                visit_id=visit_id,
                interval_weeks=interval,
                from_what=from_what,
                earliest=earliest,
                wanted=wanted,
                slots=_best(free, wanted, usual, visit, kind, count),
                authorization=_authorization(session, visit.patient_id, wanted),
            )


def _authorization(session: Session, patient_id: int, day: date) -> str:
    """What speaks against the payer's authorization on the wanted day, in a sentence; empty when nothing does."""
    problem = authorization_problem(session, patient_id, day)
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


class _Busy:
    """What is taken in the searched span, by day: injectors, rooms and devices."""

    def __init__(self, session: Session, first: date) -> None:
        start = datetime.combine(first, time())
        self._taken: dict[tuple[str, int, date], list[tuple[datetime, datetime]]] = {}
        for a in session.scalars(
            select(Appointment)
            .where(
                Appointment.starts_at >= start,
                Appointment.starts_at < start + timedelta(days=SEARCHED_DAYS),
                Appointment.state.not_in(NOT_THERE),
            )
            .options(selectinload(Appointment.devices))
        ):
            span = (a.starts_at, a.starts_at + timedelta(minutes=a.minutes))
            who = [("injector", a.injector_id), *(("device", each.device_id) for each in a.devices)]
            who += [("room", a.room_id)] if a.room_id is not None else []
            for kind, number in who:
                self._taken.setdefault((kind, number, a.starts_at.date()), []).append(span)

    def free(self, kind: str, number: int, start: datetime, end: datetime) -> bool:
        """Whether nothing of its day overlaps."""
        spans = self._taken.get((kind, number, start.date()), ())
        return all(end <= taken_from or taken_to <= start for taken_from, taken_to in spans)


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


def _free_slots(session: Session, first: date, now: datetime, kind: AppointmentType) -> list[Slot]:
    """Every free slot on the grid in the searched span."""
    busy, wanted = _Busy(session, first), _wanted(session, kind)
    open_then = openings(session, first, first + timedelta(days=SEARCHED_DAYS - 1))
    names = {a.id: a.full_name for a in session.scalars(select(Account).where(Account.active))}
    length = timedelta(minutes=kind.minutes)
    found: list[Slot] = []
    for number in range(SEARCHED_DAYS):
        day = first + timedelta(days=number)
        for injector_id, name in names.items():
            for opens, closes in open_then.hours(injector_id, day):
                start, end = datetime.combine(day, opens), datetime.combine(day, closes)
                while start + length <= end:
                    place = None
                    if start > now and busy.free("injector", injector_id, start, start + length):
                        place = wanted.place(busy, start, start + length)
                    if place is not None:
                        room, devices = place
                        found.append(
                            Slot(injector_id, name, start, kind.minutes, kind.id, room, 0.0, "", device_ids=devices)
                        )
                    start += GRID
        if len({slot.starts_at.date() for slot in found}) >= 15:
            break  # three weeks of working days hold every slot that anybody would want to see first
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

    chosen: list[Slot] = []
    for slot in sorted(free, key=distance):
        if all(slot.starts_at.date() != other.starts_at.date() for other in chosen):
            chosen.append(slot)
        if len(chosen) == count:
            break
    return tuple(
        replace(slot, weeks=(slot.starts_at.date() - visit.visited_on).days / 7, why=_why(slot, usual, visit))
        for slot in chosen
    )


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _why(slot: Slot, usual: datetime, visit: Visit) -> str:
    same = []
    if slot.starts_at.weekday() == usual.weekday():
        same.append("weekday")
    if _minutes(slot.starts_at) == _minutes(usual):
        same.append("hour")
    if slot.injector_id == visit.injector_id:
        same.append("injector")
    return "same " + ", ".join(same) if same else "first free"
