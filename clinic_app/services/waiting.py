"""The waiting list: who would come earlier, and who of them fits a place that became free. It never books by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Account, Appointment, AppointmentType, Patient, WaitingWish
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.appointment_history import as_booking
from clinic_app.services.appointment_writing import write_booking, write_move
from clinic_app.services.booking_checks import refuse_clashes
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.earlier_toxin import earliest_injection_days
from clinic_app.services.needs import furnished
from clinic_app.services.openings import openings
from clinic_app.services.schedule_data import NOT_THERE, Booking
from clinic_app.terms import AppointmentState, PatientStatus, WishEnd
from clinic_app.typed_text import clean

MOST_NOTICE = 60
"""Days."""
_MOVABLE = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class WishForm:
    """When a patient could come. ``weekdays`` (0 is Monday) and times are of the clinic's clock; empty means any.

    ``notice_days`` is how many days before the visit the patient must know.
    """

    patient_id: int
    type_id: int
    injector_id: int | None = None
    weekdays: tuple[int, ...] = ()
    not_before: time | None = None
    not_after: time | None = None
    first_day: date | None = None
    last_day: date | None = None
    notice_days: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A place that became free: an injector's time of so many minutes, and the room that was left, if one was."""

    injector_id: int
    starts_at: datetime
    minutes: int
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Replaceable:
    """A later appointment of the wished kind that can be moved to an earlier place. ``place`` is what it leaves."""

    appointment_id: int
    version: int
    place: FreePlace

    @property
    def starts_at(self) -> datetime:
        """When it is now."""
        return self.place.starts_at


@dataclass(frozen=True, slots=True)
class WishRow:
    """An entry of the list. ``booked_at`` is the patient's next appointment, which an earlier one would replace.

    ``replaces`` is that appointment where it is of the wished kind and can be moved.
    """

    id: int
    version: int
    name: str
    record_number: str
    birth_date: date
    phone: str
    type_name: str
    minutes: int
    injector: str
    wished_at: datetime
    form: WishForm
    booked_at: datetime | None = None
    due_on: date | None = None
    replaces: Replaceable | None = None


class WaitingList:
    """The use cases of the waiting list."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def rows(self, actor: Actor) -> tuple[WishRow, ...]:
        """Everybody who waits, the longest first."""
        require(actor, Act.BOOK)
        with self._database.reading() as session:
            return _rows(session, local_now(self._clock, self._time_zone), self._reference)

    def add(self, actor: Actor, form: WishForm) -> int:
        """Put a patient on the list. Raises ClinicError that names the field."""
        require(actor, Act.BOOK)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            _refuse(session, form)
            wish = WaitingWish(wished_at=at, wished_by_id=actor.account_id, **_columns(form))
            session.add(wish)
            session.flush()
            return wish.id

    def change(self, actor: Actor, wish_id: int, version: int, form: WishForm) -> int:
        """Another wish in the place of this one; returns the new version. Raises RecordChanged for a stale one."""
        require(actor, Act.BOOK)
        with self._database.writing(actor.account_id, self._clock()) as session:
            wish = _get(session, wish_id, version)
            _refuse(session, form)
            for name, value in _columns(form).items():
                setattr(wish, name, value)
            wish.version += 1
            return wish.version

    def end(self, actor: Actor, wish_id: int, version: int, end: WishEnd, appointment_id: int | None = None) -> int:
        """The wish is fulfilled by an appointment, or withdrawn; returns the new version."""
        require(actor, Act.BOOK)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            return _end(_get(session, wish_id, version), end, at, appointment_id)

    def take_back(self, actor: Actor, wish_id: int, version: int) -> int:
        """The patient waits on, as long as before; returns the new version.

        What was booked meanwhile stays booked. Raises NotFound when the wish had not ended, RecordChanged for a
        version that is not the one of its end.
        """
        require(actor, Act.BOOK)
        with self._database.writing(actor.account_id, self._clock()) as session:
            wish = session.get(WaitingWish, wish_id)
            if wish is None or wish.ended_at is None:
                raise NotFound("wish_not_found")
            _refuse_stale(wish, version)
            wish.end, wish.ended_at, wish.appointment_id = None, None, None
            wish.version += 1
            return wish.version

    def fulfil(
        self,
        actor: Actor,
        wish_id: int,
        version: int,
        place: FreePlace,
        *,
        replaces: Replaceable | None = None,
        overbook_reason: str = "",
        accepted: tuple[str, ...] = (),
        told: frozenset[str] | None = None,
    ) -> int:
        """Book the patient who waits into a free place and end the wish, both or neither; returns the appointment.

        With ``replaces`` this later appointment is moved there and none is added. Room and devices are the first free
        ones, the place's own room before others. Raises ClinicError that names the clash, as booking does, and
        RecordChanged where wish or appointment were changed meanwhile.
        """
        require(actor, Act.BOOK)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            wish = _get(session, wish_id, version)
            later = None if replaces is None else _movable(session, replaces, wish.patient_id)
            wanted = _wanted(session, wish, later, place)
            booking = replace(wanted, overbook_reason=overbook_reason, accepted=accepted, told=told)
            passed = refuse_clashes(
                session,
                actor,
                booking,
                None if later is None else later.id,
                now=local_now(self._clock, self._time_zone),
                time_zone=self._time_zone,
                reference=self._reference,
            )
            if later is None:
                booked = write_booking(session, actor, booking, passed, at)
            else:
                write_move(session, actor, later, booking, passed, at)
                booked = later.id
            _end(wish, WishEnd.BOOKED, at, booked)
            return booked

    def offers(self, actor: Actor, place: FreePlace) -> tuple[WishRow, ...]:
        """Who fits a free place; who is due longest first, then whose visit is furthest off.

        Nobody before the minimum interval over every toxin has passed, nobody with less notice than wished, and nobody
        whose visit does not fit in the minutes or who is booked earlier already. Nobody at all where the place has
        passed or the injector does not work: it became free because of that.
        """
        require(actor, Act.BOOK)
        now = local_now(self._clock, self._time_zone)
        with self._database.reading() as session:
            day = place.starts_at.date()
            open_then = openings(session, day, day)
            works = open_then.hours(place.injector_id, day) and open_then.holds(
                place.injector_id, place.starts_at, place.minutes
            )
            if place.starts_at <= now or not works:
                return ()
            fitting = [row for row in _rows(session, now, self._reference) if _fits(row, place, now.date())]
        return tuple(sorted(fitting, key=lambda row: _rank(row, place)))


def _fits(row: WishRow, place: FreePlace, today: date) -> bool:
    form, day, at = row.form, place.starts_at.date(), place.starts_at.time()
    ends_at = (place.starts_at + timedelta(minutes=row.minutes)).time()
    return (
        row.minutes <= place.minutes
        and form.injector_id in (None, place.injector_id)
        and (not form.weekdays or day.weekday() in form.weekdays)
        and (form.not_before is None or form.not_before <= at)
        and (form.not_after is None or ends_at <= form.not_after)
        and (form.first_day is None or form.first_day <= day)
        and (form.last_day is None or day <= form.last_day)
        and (day - today).days >= form.notice_days
        and (row.due_on is None or row.due_on <= day)
        and (row.booked_at is None or place.starts_at < row.booked_at)
    )


def _rank(row: WishRow, place: FreePlace) -> tuple[object, ...]:
    waits_most = (row.booked_at or datetime.max) - place.starts_at
    return row.due_on is None, row.due_on or date.max, -waits_most, row.wished_at, row.id


def _refuse(session: Session, form: WishForm) -> None:
    patient = session.get(Patient, form.patient_id)
    if patient is None:
        raise NotFound("patient_not_found")
    if patient.status is PatientStatus.DIED:
        raise ClinicError("booking_patient_died", name=f"{patient.given_name} {patient.family_name}".strip())
    if session.get(AppointmentType, form.type_id) is None:
        raise ClinicError("booking_type_missing", field="type")
    if any(not 0 <= day <= 6 for day in form.weekdays):
        raise ValueError(f"no weekday: {form.weekdays}")
    if form.not_before is not None and form.not_after is not None and form.not_after <= form.not_before:
        raise ClinicError("hours_impossible", field="not_after")
    if form.first_day is not None and form.last_day is not None and form.last_day < form.first_day:
        raise ClinicError("closure_impossible", field="last_day")
    if not 0 <= form.notice_days <= MOST_NOTICE:
        raise ClinicError("number_out_of_range", field="notice_days", lowest=0, highest=MOST_NOTICE)


def _columns(form: WishForm) -> dict[str, object]:
    return {
        "patient_id": form.patient_id,
        "type_id": form.type_id,
        "injector_id": form.injector_id,
        "weekdays": sorted(set(form.weekdays)),
        "not_before": form.not_before,
        "not_after": form.not_after,
        "first_day": form.first_day,
        "last_day": form.last_day,
        "notice_days": form.notice_days,
        "note": clean(form.note)[:1000],
    }


def _get(session: Session, wish_id: int, version: int) -> WaitingWish:
    wish = session.get(WaitingWish, wish_id)
    if wish is None or wish.ended_at is not None:
        raise NotFound("wish_not_found")
    _refuse_stale(wish, version)
    return wish


def _refuse_stale(wish: WaitingWish, version: int) -> None:
    if wish.version != version:
        raise RecordChanged("wish_changed")


def _end(wish: WaitingWish, end: WishEnd, at: datetime, appointment_id: int | None) -> int:
    wish.end, wish.ended_at, wish.appointment_id = end, at, appointment_id
    wish.version += 1
    return wish.version


def _movable(session: Session, replaces: Replaceable, patient_id: int) -> Appointment:
    later = session.get(Appointment, replaces.appointment_id)
    if later is None or later.patient_id != patient_id:
        raise NotFound("appointment_not_found")
    if later.version != replaces.version:
        raise RecordChanged("appointment_changed")
    if later.state not in _MOVABLE:
        raise ClinicError("appointment_not_movable")
    return later


def _wanted(session: Session, wish: WaitingWish, later: Appointment | None, place: FreePlace) -> Booking:
    """What is to be booked: the later appointment in the place, or a new one of the wished kind and usual length."""
    kind = session.get_one(AppointmentType, wish.type_id if later is None else later.type_id)
    itself, minutes = (None, kind.minutes) if later is None else (later.id, later.minutes)
    usual = Booking(wish.patient_id, place.injector_id, kind.id, place.starts_at, minutes)
    wanted = usual if later is None else replace(as_booking(later), injector_id=place.injector_id)
    there = replace(wanted, starts_at=place.starts_at, room_id=place.room_id, any_room=True, any_device=True)
    return furnished(session, there, itself)


def _rows(session: Session, now: datetime, reference: Reference) -> tuple[WishRow, ...]:
    query = (
        select(WaitingWish, Patient, AppointmentType, Account.full_name)
        .join(Patient, Patient.id == WaitingWish.patient_id)
        .join(AppointmentType, AppointmentType.id == WaitingWish.type_id)
        .outerjoin(Account, Account.id == WaitingWish.injector_id)
        .where(WaitingWish.ended_at.is_(None), Patient.status != PatientStatus.DIED)
        .order_by(WaitingWish.wished_at, WaitingWish.id)
    )
    found = session.execute(query).all()
    ids = [patient.id for _, patient, _, _ in found]
    booked, due = _booked(session, ids, now), earliest_injection_days(session, ids, reference)
    return tuple(
        WishRow(
            id=wish.id,
            version=wish.version,
            name=f"{patient.given_name} {patient.family_name}".strip(),
            record_number=patient.record_number,
            birth_date=patient.birth_date,
            phone=patient.phone,
            type_name=kind.name,
            minutes=kind.minutes,
            injector=injector or "",
            wished_at=wish.wished_at,
            form=_form(wish),
            booked_at=booked[patient.id].starts_at if patient.id in booked else None,
            due_on=due.get(patient.id) if kind.is_injection else None,
            replaces=_replaceable(booked.get(patient.id), kind),
        )
        for wish, patient, kind, injector in found
    )


def _booked(session: Session, patient_ids: Sequence[int], now: datetime) -> dict[int, Appointment]:
    """The next appointment of each patient."""
    query = (
        select(Appointment)
        .where(
            Appointment.patient_id.in_(patient_ids), Appointment.starts_at >= now, Appointment.state.not_in(NOT_THERE)
        )
        .order_by(Appointment.starts_at.desc(), Appointment.id.desc())
    )
    return {appointment.patient_id: appointment for appointment in session.scalars(query)}


def _replaceable(booked: Appointment | None, kind: AppointmentType) -> Replaceable | None:
    """Only a visit of the same kind is the one that would come earlier."""
    if booked is None or booked.type_id != kind.id or booked.state not in _MOVABLE:
        return None
    left = FreePlace(booked.injector_id, booked.starts_at, booked.minutes, booked.room_id)
    return Replaceable(booked.id, booked.version, left)


def _form(wish: WaitingWish) -> WishForm:
    return WishForm(
        wish.patient_id,
        wish.type_id,
        wish.injector_id,
        tuple(wish.weekdays),
        wish.not_before,
        wish.not_after,
        wish.first_day,
        wish.last_day,
        wish.notice_days,
        wish.note,
    )
