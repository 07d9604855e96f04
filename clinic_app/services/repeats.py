"""Book repeat: the first free slots for the next injection, counted from what was given."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentType,
    Closure,
    Patient,
    Room,
    Visit,
    WorkingHours,
)
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.booking_checks import NOT_THERE, earliest_injection_day
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.schedule_data import RepeatProposal, Slot

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
            )


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
    """What is taken in the searched span: per injector and per room, by day."""

    def __init__(self, session: Session, first: date) -> None:
        start = datetime.combine(first, time())
        self.by_injector: dict[tuple[int, date], list[tuple[datetime, datetime]]] = {}
        self.by_room: dict[tuple[int, date], list[tuple[datetime, datetime]]] = {}
        for a in session.scalars(
            select(Appointment).where(
                Appointment.starts_at >= start,
                Appointment.starts_at < start + timedelta(days=SEARCHED_DAYS),
                Appointment.state.not_in(NOT_THERE),
            )
        ):
            span = (a.starts_at, a.starts_at + timedelta(minutes=a.minutes))
            self.by_injector.setdefault((a.injector_id, a.starts_at.date()), []).append(span)
            if a.room_id is not None:
                self.by_room.setdefault((a.room_id, a.starts_at.date()), []).append(span)


def _free(spans: list[tuple[datetime, datetime]], start: datetime, end: datetime) -> bool:
    return all(end <= taken_from or taken_to <= start for taken_from, taken_to in spans)


def _free_slots(session: Session, first: date, now: datetime, kind: AppointmentType) -> list[Slot]:
    """Every free slot on the grid in the searched span."""
    busy = _Busy(session, first)
    closures = list(session.scalars(select(Closure).where(Closure.last_day >= first)))
    names = {a.id: a.full_name for a in session.scalars(select(Account).where(Account.active))}
    rooms = [room.id for room in session.scalars(select(Room).where(Room.active).order_by(Room.id))]
    weekly = list(session.scalars(select(WorkingHours).order_by(WorkingHours.opens)))
    length = timedelta(minutes=kind.minutes)
    found = []
    for number in range(SEARCHED_DAYS):
        day = first + timedelta(days=number)
        shut = {c.injector_id for c in closures if c.first_day <= day <= c.last_day}
        if None in shut:
            continue
        for hours in weekly:
            if hours.weekday != day.weekday() or hours.injector_id in shut or hours.injector_id not in names:
                continue
            taken = busy.by_injector.get((hours.injector_id, day), [])
            start, closes = datetime.combine(day, hours.opens), datetime.combine(day, hours.closes)
            while start + length <= closes:
                if start > now and _free(taken, start, start + length):
                    room = next(
                        (r for r in rooms if _free(busy.by_room.get((r, day), []), start, start + length)), None
                    )
                    if room is not None or not rooms:
                        found.append(
                            Slot(
                                hours.injector_id,
                                names[hours.injector_id],
                                start,
                                kind.minutes,
                                kind.id,
                                room,
                                0.0,
                                "",
                            )
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
        Slot(
            s.injector_id,
            s.injector_name,
            s.starts_at,
            s.minutes,
            s.type_id,
            s.room_id,
            weeks=(s.starts_at.date() - visit.visited_on).days / 7,
            why=_why(s, usual, visit),
        )
        for s in chosen
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
