"""Rows of appointments: those to come keep every rule of booking, those of before say what became of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Account, Appointment, AppointmentType
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Actor
from clinic_app.services.booking_checks import AUTHORIZATION, Clash, refuse_clashes
from clinic_app.services.importing.choices import Ask, ImportChoices
from clinic_app.services.importing.injectors import Injector, Injectors
from clinic_app.services.importing.meanings import Meanings, Named
from clinic_app.services.importing.on_record import KnownPatient, OnRecord
from clinic_app.services.importing.preview import Outcome, Verdict
from clinic_app.services.importing.sheet import Row, Sheet
from clinic_app.services.importing.times import read_time
from clinic_app.services.importing.whom import person_of
from clinic_app.services.needs import furnished
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import GONE, AppointmentState
from clinic_app.words import shown

_TO_COME = frozenset({AppointmentState.BOOKED, AppointmentState.CONFIRMED, AppointmentState.CANCELLED})
_OF_BEFORE = frozenset(AppointmentState) - {AppointmentState.BOOKED, AppointmentState.CONFIRMED}


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """An appointment to be written. ``passed`` are the clashes over which it is booked on purpose."""

    booking: Booking
    injector: Injector
    state: AppointmentState
    passed: tuple[ClinicError, ...] = ()


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books, when and by which rules. ``accept`` hears of each row that comes in, before the next is looked at."""

    session: Session
    actor: Actor
    reference: Reference
    now: datetime
    time_zone: str
    accept: Callable[[NewAppointment], None]


def judge_appointments(
    sheet: Sheet, meanings: Meanings, record: OnRecord, choices: ImportChoices, booker: Booker
) -> tuple[list[Verdict], list[NewAppointment]]:
    """The verdict on every row, and the appointments that come in."""
    return _Judging(sheet, meanings, record, choices, booker).all()


class _Judging:
    def __init__(
        self, sheet: Sheet, meanings: Meanings, record: OnRecord, choices: ImportChoices, booker: Booker
    ) -> None:
        self._sheet = sheet
        self._meanings = meanings
        self._record = record
        self._choices = choices
        self._booker = booker
        self._injectors = Injectors(record, sheet.asking)
        self._types, self._rooms = record.types(), record.rooms()
        session = booker.session
        minutes = select(AppointmentType.id, AppointmentType.minutes)
        self._minutes = {row[0]: row[1] for row in session.execute(minutes)}
        self._active = set(session.scalars(select(Account.id).where(Account.active)))
        query = select(Appointment.patient_id, Appointment.starts_at)
        self._on_record = {(row[0], row[1]) for row in session.execute(query)}
        self._taken: list[NewAppointment] = []

    def all(self) -> tuple[list[Verdict], list[NewAppointment]]:
        verdicts, plan = [], []
        for each in self._sheet.table.rows:
            row = Row(self._sheet, each)
            patient, found = self._read(row)
            outcome = Outcome.JOINS
            if found is not None and (found.booking.patient_id, found.booking.starts_at) in self._on_record:
                row.refuse("day", "appointment_on_record")
                outcome = Outcome.DUPLICATE
            elif found is not None and not row.refused:
                found = self._placed(row, found)
            if row.refused:
                outcome = outcome if outcome is Outcome.DUPLICATE else Outcome.REFUSED
            elif found is not None:
                plan.append(found)
                self._booker.accept(found)
                self._on_record.add((found.booking.patient_id, found.booking.starts_at))
                if found.state not in GONE:
                    self._taken.append(found)
            verdicts.append(_verdict(row, patient, found, outcome))
        return verdicts, plan

    def _read(self, row: Row) -> tuple[KnownPatient | None, NewAppointment | None]:
        patient, day = person_of(row, self._record), row.day("day")
        if day is None and not row.text("day"):
            row.refuse("day", "cell_empty")
        hour = None
        if row.needed("time"):
            try:
                hour = read_time(row.text("time"))
            except ClinicError as error:
                row.refuse_error("time", error)
        minutes = row.whole_number("minutes", 5, 480)
        kind = self._meanings.one_of(row, Ask.TYPE, "type", self._types, optional=False)
        room = self._meanings.one_of(row, Ask.ROOM, "room", self._rooms, optional=True)
        state, note, injector = self._meanings.state(row), row.text("note", 1000), self._injectors.of(row)
        if patient is None or day is None or hour is None or kind is None:
            return patient, None
        starts_at = datetime.combine(day, hour)
        booking = Booking(
            patient_id=patient.row.id,
            injector_id=injector.account_id or 0,
            type_id=kind.id,
            starts_at=starts_at,
            minutes=minutes or self._minutes[kind.id],
            room_id=_id(room),
            note=note,
            overbook_reason=self._choices.clash_reason,
            accepted=(AUTHORIZATION,),
        )
        self._refuse_impossible(row, patient, starts_at, state, injector)
        return patient, NewAppointment(booking, injector, state or AppointmentState.BOOKED)

    def _refuse_impossible(
        self, row: Row, patient: KnownPatient, starts_at: datetime, state: AppointmentState | None, injector: Injector
    ) -> None:
        day = starts_at.date()
        if day < patient.row.birth_date:
            row.refuse("day", "day_before_birth", day=day, birth_date=patient.row.birth_date)
        if patient.died_on is not None and day > patient.died_on:
            row.refuse("day", "day_after_death", day=day, died_on=patient.died_on)
        if starts_at < self._booker.now:
            if state not in _OF_BEFORE:
                row.refuse("state", "past_without_state", day=day)
        elif state is not None and state not in _TO_COME:
            row.refuse("state", "state_to_come", day=day)
        elif injector.account_id not in self._active:
            row.refuse("injector", "injector_to_come", name=injector.full_name)

    def _placed(self, row: Row, found: NewAppointment) -> NewAppointment:
        """The appointment where it can be; what of booking's rules speaks against it, and was not passed, is said."""
        booking, booker = found.booking, self._booker
        if found.state in GONE or booking.starts_at < booker.now:
            return found
        booking = furnished(booker.session, booking)
        problems = list(self._clashes_in_file(booking))
        try:
            passed = refuse_clashes(
                booker.session,
                booker.actor,
                booking,
                None,
                now=booker.now,
                time_zone=booker.time_zone,
                reference=booker.reference,
            )
        except Clash as clash:
            passed, problems = (), [*problems, *clash.problems]
        except ClinicError as error:
            passed, problems = (), [*problems, error]
        passable = all(problem.code in ("booking_overlap_injector", "booking_overlap_room") for problem in problems)
        if problems and passable and self._choices.clash_reason:
            passed, problems = tuple({each.code: each for each in (*passed, *problems)}.values()), []
        for problem in {problem.code: problem for problem in problems}.values():
            row.refuse_error("day", problem)
        return replace(found, booking=booking, passed=passed)

    def _clashes_in_file(self, booking: Booking) -> Iterator[ClinicError]:
        ends_at = booking.starts_at + timedelta(minutes=booking.minutes)
        for other in (each.booking for each in self._taken):
            if other.starts_at >= ends_at or other.starts_at + timedelta(minutes=other.minutes) <= booking.starts_at:
                continue
            time = f"{other.starts_at:%H:%M}"
            if other.patient_id == booking.patient_id:
                yield ClinicError("booking_overlap_patient", time=time, day=other.starts_at.date())
            elif other.injector_id == booking.injector_id:
                names = {each.row.id: each.row.name for each in self._record.patients}
                injector = next(
                    (each.name for each in self._record.accounts.values() if each.id == booking.injector_id), ""
                )
                patient = names.get(other.patient_id, "")
                yield ClinicError("booking_overlap_injector", name=injector, patient=patient, time=time)
            elif booking.room_id is not None and other.room_id == booking.room_id:
                room = next((each.name for each in self._rooms.values() if each.id == booking.room_id), "")
                yield ClinicError("booking_overlap_room", room=room, time=time)


def _id(named: Named | None) -> int | None:
    return None if named is None else named.id


def _verdict(row: Row, patient: KnownPatient | None, found: NewAppointment | None, outcome: Outcome) -> Verdict:
    existing = None if patient is None else patient.row
    who = (
        row.text("record_number") or row.text("family_name") or row.text("name") if existing is None else existing.name
    )
    when = "" if found is None else f"{shown(found.booking.starts_at.date())} {found.booking.starts_at:%H:%M}"
    said = " · ".join(part for part in (who, when, row.text("type")) if part)
    return Verdict(row.number, outcome, said, tuple(row.reasons), tuple(row.warnings), existing, waits=row.waits)
