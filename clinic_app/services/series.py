"""Series: appointments some weeks apart, each a record of its own; one, this and later, or all of them change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Appointment, AppointmentSeries, Patient
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.appointment_history import as_before, as_booking, facts, tell
from clinic_app.services.appointment_writing import write_booking, write_move
from clinic_app.services.booking_checks import refuse_clashes, refuse_too_far
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.needs import furnished
from clinic_app.services.schedule_data import Before, Booking
from clinic_app.terms import AppointmentState
from clinic_app.typed_text import clean

LONGEST_WEEKS, MOST = 104, 52
_MOVABLE = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)


class Scope(StrEnum):
    """How far a change of one appointment goes in its series."""

    THIS = "this"
    LATER = "later"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """A place that a series would take, and what speaks against it (None when nothing does)."""

    booking: Booking
    problem: ClinicError | None


class Series:
    """The use cases of series."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def plan(self, actor: Actor, first: Booking, *, weeks: int, count: int) -> tuple[SeriesPlace, ...]:
        """The places of a series, at the same hour of the clinic's clock, each with what speaks against it.

        Nothing is booked. Raises ClinicError for a distance or number that cannot be.
        """
        require(actor, Act.BOOK)
        _refuse(weeks, count)
        refuse_too_far(first.starts_at)
        with self._database.reading() as session:
            places = [furnished(session, booking) for booking in _repeated(first, weeks, count)]
            return tuple(SeriesPlace(booking, self._problem(session, actor, booking)) for booking in places)

    def book(self, actor: Actor, places: Sequence[Booking], *, weeks: int) -> tuple[int, ...]:
        """Book the places as one series, all of them or none; returns the appointments. Raises the first clash."""
        require(actor, Act.BOOK)
        _refuse(weeks, len(places))
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            patient_id = places[0].patient_id
            if session.get(Patient, patient_id) is None:
                raise NotFound("patient_not_found")
            series = AppointmentSeries(patient_id=patient_id, weeks=weeks, made_at=now, made_by_id=actor.account_id)
            session.add(series)
            session.flush()
            return tuple(self._book(session, actor, replace(each, series_id=series.id), now) for each in places)

    def move(
        self,
        actor: Actor,
        appointment_id: int,
        version: int,
        scope: Scope,
        *,
        starts_at: datetime,
        minutes: int,
        injector_id: int | None = None,
        accepted: tuple[str, ...] = (),
    ) -> tuple[Before, ...]:
        """Move one of a series, and with it the later ones or all by as many days and to the same hour.

        Those that were injected, cancelled or missed stay, and so do those whose time has passed; a room or device that
        is taken gives way to a free one. Returns what was moved as it was before; raises the first clash, and then
        nothing is moved.
        """
        require(actor, Act.BOOK)
        refuse_too_far(starts_at)
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            chosen = _get(session, appointment_id, version)
            days = (starts_at.date() - chosen.starts_at.date()).days
            moved = []
            changed = _in_scope(session, chosen, scope, self._now())
            # Away from those behind them, so that no appointment meets the next one's old place.
            for each in sorted(changed, key=lambda row: row.starts_at, reverse=days > 0):
                at = _same_hour(each.starts_at + timedelta(days=days), starts_at.time())
                wanted = replace(
                    as_booking(each),
                    starts_at=at,
                    minutes=minutes,
                    injector_id=each.injector_id if injector_id is None else injector_id,
                    accepted=accepted,
                    any_room=each.room_id is not None,
                    any_device=True,
                )
                moved.append(self._place(session, actor, each, furnished(session, wanted, each.id), now))
            return tuple(sorted(moved, key=lambda before: before.booking.starts_at))

    def cancel(self, actor: Actor, appointment_id: int, version: int, scope: Scope, reason: str) -> tuple[Before, ...]:
        """Cancel one of a series, the later ones with it, or all that are still to come. Raises without a reason."""
        require(actor, Act.BOOK)
        reason = clean(reason)[:500]
        if not reason:
            raise ClinicError("cancel_reason_missing", field="reason")
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            cancelled = []
            for each in _in_scope(session, _get(session, appointment_id, version), scope, self._now()):
                was, before = facts(each), as_before(each)
                each.state, each.reason = AppointmentState.CANCELLED, reason
                each.version += 1
                tell(session, each, actor, now, AppointmentState.CANCELLED.value, was, reason)
                cancelled.append(before)
            return tuple(cancelled)

    def _place(self, session: Session, actor: Actor, row: Appointment, wanted: Booking, now: datetime) -> Before:
        """Move one appointment to where it is wanted; returns what it was."""
        passed = self._check(session, actor, wanted, row.id)
        before = as_before(row)
        write_move(session, actor, row, wanted, passed, now)
        session.flush()
        return before

    def _book(self, session: Session, actor: Actor, booking: Booking, now: datetime) -> int:
        passed = self._check(session, actor, booking, None)
        return write_booking(session, actor, booking, passed, now)

    def _problem(self, session: Session, actor: Actor, booking: Booking) -> ClinicError | None:
        try:
            self._check(session, actor, booking, None)
        except ClinicError as error:
            return error
        return None

    def _check(self, session: Session, actor: Actor, booking: Booking, itself: int | None) -> tuple[ClinicError, ...]:
        return refuse_clashes(
            session, actor, booking, itself, now=self._now(), time_zone=self._time_zone, reference=self._reference
        )

    def _now(self) -> datetime:
        return local_now(self._clock, self._time_zone)


def _refuse(weeks: int, count: int) -> None:
    if not 1 <= weeks <= LONGEST_WEEKS:
        raise ClinicError("number_out_of_range", field="weeks", lowest=1, highest=LONGEST_WEEKS)
    if not 2 <= count <= MOST:
        raise ClinicError("number_out_of_range", field="count", lowest=2, highest=MOST)


def _repeated(first: Booking, weeks: int, count: int) -> list[Booking]:
    later = replace(first, follows_visit_id=None)  # only the first is the repeat of a visit
    return [
        first,
        *(replace(later, starts_at=first.starts_at + timedelta(weeks=weeks * number)) for number in range(1, count)),
    ]


def _same_hour(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour)


def _get(session: Session, appointment_id: int, version: int) -> Appointment:
    appointment = session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound("appointment_not_found")
    if appointment.version != version:
        raise RecordChanged("appointment_changed")
    if appointment.state not in _MOVABLE:
        raise ClinicError("appointment_not_movable")
    return appointment


def _in_scope(session: Session, chosen: Appointment, scope: Scope, now: datetime) -> list[Appointment]:
    """The chosen appointment and those of its series that the change goes to: still to come and able to change."""
    if scope is Scope.THIS or chosen.series_id is None:
        return [chosen]
    query = (
        select(Appointment)
        .where(
            Appointment.series_id == chosen.series_id,
            Appointment.state.in_(_MOVABLE),
            or_(Appointment.starts_at >= now, Appointment.id == chosen.id),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    if scope is Scope.LATER:
        query = query.where(Appointment.starts_at >= chosen.starts_at)
    return list(session.scalars(query))
