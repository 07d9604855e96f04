"""The schedule: book, move, cancel, and every state an appointment passes through on its day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import (
    Account,
    AccountRole,
    Appointment,
    AppointmentEvent,
    AppointmentType,
    Clinic,
    Device,
    Room,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.appointment_history import as_booking, devices_of, facts, overbooked, tell
from clinic_app.services.appointment_rows import marked_between, row_of, rows_of_patient
from clinic_app.services.appointment_writing import write_booking, write_move
from clinic_app.services.booking_checks import refuse_clashes, stand_again
from clinic_app.services.calendar_data import grid_minutes
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.needs import furnished
from clinic_app.services.openings import openings
from clinic_app.services.patients import clean
from clinic_app.services.schedule_data import (
    AppointmentChange,
    AppointmentRow,
    Board,
    Booking,
    DeviceRow,
    Injector,
    RoomRow,
    ScheduleChoices,
    TypeRow,
)
from clinic_app.terms import GONE, AppointmentState, DeviceKind, Role

S = AppointmentState

# From each state to those that a person may set next. Cancelled and no-show can be taken back.
NEXT_STATES: dict[S, tuple[S, ...]] = {
    S.BOOKED: (S.CONFIRMED, S.ARRIVED, S.CANCELLED, S.NO_SHOW),
    S.CONFIRMED: (S.ARRIVED, S.BOOKED, S.CANCELLED, S.NO_SHOW),
    S.ARRIVED: (S.IN_ROOM, S.INJECTED, S.BOOKED, S.CONFIRMED, S.CANCELLED),
    S.IN_ROOM: (S.INJECTED, S.ARRIVED, S.CHECKED_OUT),
    S.INJECTED: (S.CHECKED_OUT, S.IN_ROOM, S.ARRIVED),
    S.CHECKED_OUT: (S.INJECTED, S.IN_ROOM),
    S.CANCELLED: (S.BOOKED, S.CONFIRMED),
    S.NO_SHOW: (S.BOOKED, S.CONFIRMED, S.ARRIVED),
}

_INJECTORS = (
    select(Account.id, Account.full_name)
    .join(AccountRole, AccountRole.account_id == Account.id)
    .where(AccountRole.role == Role.PHYSICIAN, Account.active)
    .order_by(Account.full_name, Account.id)
)

_COMING = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)


class Schedule:
    """The use cases of the front desk."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def choices(self, actor: Actor) -> ScheduleChoices:
        """Injectors, rooms and kinds of appointment."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return ScheduleChoices(
                injectors=_injectors(session),
                rooms=tuple(
                    RoomRow(r.id, r.name) for r in session.scalars(select(Room).where(Room.active).order_by(Room.id))
                ),
                types=tuple(
                    TypeRow(
                        t.id,
                        t.name,
                        t.minutes,
                        t.is_injection,
                        t.colour,
                        t.needs_room,
                        tuple(DeviceKind(kind) for kind in t.needs),
                    )
                    for t in session.scalars(
                        select(AppointmentType).where(AppointmentType.active).order_by(AppointmentType.id)
                    )
                ),
                devices=tuple(
                    DeviceRow(d.id, d.name, d.kind)
                    for d in session.scalars(select(Device).where(Device.active).order_by(Device.id))
                ),
                grid_minutes=grid_minutes(session.scalars(select(Clinic)).one().choices),
            )

    def injectors(self, actor: Actor) -> tuple[Injector, ...]:
        """Whoever has appointments of their own."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return _injectors(session)

    def board(self, actor: Actor, first_day: date, days: int) -> Board:
        """Appointments, working hours and closures of ``days`` days from ``first_day`` on."""
        require(actor, Act.READ_SUMMARY)
        start = datetime.combine(first_day, datetime.min.time())
        with self._database.reading() as session:
            rows = marked_between(session, start, start + timedelta(days=days))
            open_then = openings(session, first_day, first_day + timedelta(days=days - 1))
            return Board(first_day, days, rows, *open_then.rows())

    def of_patient(self, actor: Actor, patient_id: int) -> tuple[AppointmentRow, ...]:
        """All appointments of a patient, the latest first."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return tuple(reversed(rows_of_patient(session, patient_id)))

    def with_next_injection(self, actor: Actor, patient_ids: Collection[int]) -> frozenset[int]:
        """Those of some patients who have an injection booked after this moment."""
        require(actor, Act.READ_SUMMARY)
        if not patient_ids:
            return frozenset()
        query = (
            select(Appointment.patient_id)
            .join(AppointmentType)
            .where(
                AppointmentType.is_injection,
                Appointment.patient_id.in_(patient_ids),
                Appointment.starts_at > local_now(self._clock, self._time_zone),
                Appointment.state.in_(_COMING),
            )
            .distinct()
        )
        with self._database.reading() as session:
            return frozenset(session.scalars(query))

    def appointment(self, actor: Actor, appointment_id: int) -> AppointmentRow:
        """One appointment."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            row = row_of(session, appointment_id)
            if row is None:
                raise NotFound("appointment_not_found")
            return row

    def book(self, actor: Actor, booking: Booking) -> int:
        """Book and return the id. Raises ClinicError that names the clash.

        A reason in ``overbook_reason`` books over it, for those who may.
        """
        require(actor, Act.BOOK)
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            if booking.follows_visit_id is not None and session.get(Visit, booking.follows_visit_id) is None:
                raise NotFound("visit_not_found")
            booking = furnished(session, booking)
            passed = self._check(session, actor, booking, None)
            return write_booking(session, actor, booking, passed, now)

    def move(
        self,
        actor: Actor,
        appointment_id: int,
        version: int,
        *,
        starts_at: datetime,
        minutes: int,
        injector_id: int,
        room_id: int | None = None,
        device_ids: Sequence[int] | None = None,
        overbook_reason: str = "",
        accepted: tuple[str, ...] = (),
        any_room: bool = False,
        told: frozenset[str] | None = None,
    ) -> int:
        """Move or lengthen; returns the new version. Raises ClinicError that names the clash.

        Without ``device_ids`` the appointment keeps its devices, or gets free ones of their kinds; with ``any_room`` a
        room that is taken gives way to a free one.
        """
        require(actor, Act.BOOK)
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            appointment = _get(session, appointment_id, version)
            if appointment.state not in (S.BOOKED, S.CONFIRMED):
                raise ClinicError("appointment_not_movable")
            booking = Booking(
                patient_id=appointment.patient_id,
                injector_id=injector_id,
                type_id=appointment.type_id,
                starts_at=starts_at,
                minutes=minutes,
                room_id=room_id,
                follows_visit_id=appointment.follows_visit_id,
                overbook_reason=overbook_reason,
                device_ids=devices_of(appointment) if device_ids is None else tuple(device_ids),
                accepted=accepted,
                any_room=any_room,
                any_device=device_ids is None,
                told=told,
            )
            booking = furnished(session, booking, appointment_id)
            passed = self._check(session, actor, booking, appointment_id)
            write_move(session, actor, appointment, booking, passed, now)
            return appointment.version

    def set_state(
        self, actor: Actor, appointment_id: int, version: int, state: AppointmentState, reason: str = ""
    ) -> int:
        """Move the appointment along, cancel it with a reason, or take either back; returns the new version."""
        require(actor, Act.BOOK)
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            return self._move_along(session, actor, appointment_id, version, state, clean(reason)[:500], now)

    def set_states(self, actor: Actor, versions: Mapping[int, int], state: AppointmentState) -> None:
        """Move several appointments along, each in the version that was seen: all of them or, if one is refused, none.

        Keyed by appointment id.
        """
        require(actor, Act.BOOK)
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            for appointment_id, version in versions.items():
                self._move_along(session, actor, appointment_id, version, state, "", now)

    def history(self, actor: Actor, appointment_id: int) -> tuple[AppointmentChange, ...]:
        """Who did what, when, before and after."""
        require(actor, Act.READ_SUMMARY)
        query = (
            select(AppointmentEvent, Account.full_name)
            .join(Account, Account.id == AppointmentEvent.account_id)
            .where(AppointmentEvent.appointment_id == appointment_id)
            .order_by(AppointmentEvent.id)
        )
        with self._database.reading() as session:
            return tuple(
                AppointmentChange(e.at, name, e.what, _pairs(e.before), _pairs(e.after))
                for e, name in session.execute(query)
            )

    def _move_along(
        self,
        session: Session,
        actor: Actor,
        appointment_id: int,
        version: int,
        state: AppointmentState,
        reason: str,
        now: datetime,
    ) -> int:
        appointment = _get(session, appointment_id, version)
        if state not in NEXT_STATES[appointment.state]:
            raise ClinicError("appointment_state_impossible", now=appointment.state, wanted=state)
        if state is S.CANCELLED and not reason:
            raise ClinicError("cancel_reason_missing", field="reason")
        before = facts(appointment)
        today = local_now(self._clock, self._time_zone).date()
        if state in (S.ARRIVED, S.IN_ROOM, S.INJECTED, S.NO_SHOW) and appointment.starts_at.date() > today:
            raise ClinicError("appointment_in_future")
        if appointment.state in GONE:
            # Somebody may have taken the place meanwhile.
            stand_again(
                session,
                actor,
                appointment,
                as_booking(appointment),
                overbooked(appointment),
                now=local_now(self._clock, self._time_zone),
                time_zone=self._time_zone,
                reference=self._reference,
            )
        appointment.state = state
        appointment.reason = reason if state in GONE else ""
        appointment.version += 1
        tell(session, appointment, actor, now, state.value, before, reason)
        return appointment.version

    def _check(self, session: Session, actor: Actor, booking: Booking, itself: int | None) -> tuple[ClinicError, ...]:
        return refuse_clashes(
            session,
            actor,
            booking,
            itself,
            now=local_now(self._clock, self._time_zone),
            time_zone=self._time_zone,
            reference=self._reference,
        )


def _injectors(session: Session) -> tuple[Injector, ...]:
    return tuple(Injector(account_id, name) for account_id, name in session.execute(_INJECTORS))


def _get(session: Session, appointment_id: int, version: int) -> Appointment:
    appointment = session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound("appointment_not_found")
    if appointment.version != version:
        raise RecordChanged("appointment_changed")
    return appointment


def _pairs(facts: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((key, str(value)) for key, value in facts.items())
