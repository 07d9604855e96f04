"""Recall: who was injected and has nothing booked, and what was tried to reach them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import ClinicError, NotFound
from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Account, Appointment, AppointmentType, ContactAttempt, Patient, TreatmentCycle, Visit
from clinic_app.models.database import Database
from clinic_app.models.schedule import NOT_KEPT
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.working_days import working_days
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay
from clinic_app.typed_text import clean

_GONE = (AppointmentState.CANCELLED, AppointmentState.NO_SHOW)
_ENDING = (ContactOutcome.DECLINED, ContactOutcome.MOVED_AWAY)
"""What ends the calls until the day to ask again."""


class RecallKind(StrEnum):
    """Why somebody stands on the list."""

    DUE = "due"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How somebody tried to reach a patient, and what came of it."""

    at: datetime
    by: str
    way: ContactWay
    outcome: ContactOutcome
    note: str = ""
    next_try_on: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class AttemptForm:
    """What is typed about a try. ``next_try_on`` is when to try again, or to ask again after a refusal."""

    way: ContactWay
    outcome: ContactOutcome
    note: str = ""
    next_try_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A patient to call. ``due_on`` is the last injection plus the interval of its plan, in ``weeks``.

    ``missed_on`` is the day of the appointment that was cancelled or not kept. ``waits_until`` is the day before which
    nobody is to try again.
    """

    patient_id: int
    name: str
    record_number: str
    birth_date: date
    phone: str
    preferred_contact: str
    address: str
    language: str
    kind: RecallKind
    visit_id: int
    injected_on: date
    weeks: int
    due_on: date
    missed_on: date | None = None
    reason: str = ""
    attempts: int = 0
    last: Attempt | None = None
    waits_until: date | None = None


@dataclass(frozen=True, slots=True)
class _Missed:
    """An appointment that was cancelled or not kept."""

    starts_at: datetime
    state: AppointmentState
    reason: str


class Recall:
    """The use cases of the recall list."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def rows(
        self, actor: Actor, *, weeks_ahead: int = 2, waiting: bool = False, only: Collection[int] | None = None
    ) -> tuple[RecallRow, ...]:
        """Who was injected and has nothing booked, the longest overdue first.

        ``weeks_ahead`` is how far ahead an interval may end. With ``waiting`` also those who are not to be tried yet:
        the next try is later, or they declined or moved away until a day that has not come (or for good). ``only``
        keeps to these patients' ids. Raises ClinicError for more than a year ahead.
        """
        require(actor, Act.BOOK)
        if not 0 <= weeks_ahead <= 52:
            raise ClinicError("weeks_ahead_impossible", field="weeks_ahead")
        today = local_today(self._clock, self._time_zone)
        with self._database.reading() as session:
            asked = [TreatmentCycle.due_on <= today + timedelta(weeks=weeks_ahead)]
            if only is not None:
                asked.append(TreatmentCycle.patient_id.in_(only))
            rows = _due(session, today, asked, _missed(session, asked), _tries(session, asked))
        kept = (row for row in rows if waiting or row.waits_until is None)
        return tuple(sorted(kept, key=lambda row: (row.due_on, row.name, row.patient_id)))

    def attempts(self, actor: Actor, patient_id: int) -> tuple[Attempt, ...]:
        """Every try to reach a patient, the latest first."""
        require(actor, Act.BOOK)
        with self._database.reading() as session:
            rows = session.execute(_ATTEMPTS.where(ContactAttempt.patient_id == patient_id))
            return tuple(Attempt(*row[1:]) for row in rows)[::-1]

    def note(self, actor: Actor, patient_id: int, form: AttemptForm) -> int:
        """Write down a try. Raises ClinicError for a next try in the past."""
        return self.note_all(actor, [patient_id], form)[0]

    def note_all(self, actor: Actor, patient_ids: Sequence[int], form: AttemptForm) -> tuple[int, ...]:
        """The same try for each of these patients, such as a letter sent to all of them: for all or for none."""
        require(actor, Act.BOOK)
        today = local_today(self._clock, self._time_zone)
        if form.next_try_on is not None and form.next_try_on <= today:
            raise ClinicError("next_try_in_past", field="next_try_on")
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            known = set(session.scalars(select(Patient.id).where(Patient.id.in_(patient_ids))))
            if not known.issuperset(patient_ids):
                raise NotFound("patient_not_found")
            attempts = [
                ContactAttempt(
                    patient_id=patient_id,
                    at=at,
                    account_id=actor.account_id,
                    way=form.way,
                    outcome=form.outcome,
                    note=clean(form.note)[:1000],
                    next_try_on=form.next_try_on,
                )
                for patient_id in patient_ids
            ]
            session.add_all(attempts)
            session.flush()
            return tuple(attempt.id for attempt in attempts)

    def take_back(self, actor: Actor, attempt_ids: Iterable[int]) -> None:
        """Strike tries that were noted by mistake; the audit trail keeps them.

        Raises NotFound when one is gone, ClinicError when somebody else noted it or a later one stands.
        """
        require(actor, Act.BOOK)
        with self._database.writing(actor.account_id, self._clock()) as session:
            for attempt_id in attempt_ids:
                attempt = session.get(ContactAttempt, attempt_id)
                if attempt is None:
                    raise NotFound("attempt_not_found")
                latest = session.scalar(
                    select(func.max(ContactAttempt.id)).where(ContactAttempt.patient_id == attempt.patient_id)
                )
                if attempt.account_id != actor.account_id or attempt.id != latest:
                    raise ClinicError("attempt_stays")
                session.delete(attempt)

    def next_working_days(self, actor: Actor, count: int = 10) -> tuple[date, ...]:
        """The next days on which the clinic works, tomorrow at the earliest: when a call makes sense."""
        require(actor, Act.BOOK)
        today = local_today(self._clock, self._time_zone)
        with self._database.reading() as session:
            return working_days(session, today + timedelta(days=1), count)

    def mail_merge(self, actor: Actor, patient_ids: Iterable[int], *, weeks_ahead: int = 2) -> str:
        """The chosen rows as text for a spreadsheet or a mail merge."""
        rows = self.rows(actor, weeks_ahead=weeks_ahead, waiting=True, only=frozenset(patient_ids))
        header = ("record number", "name", "birth date", "address", "telephone", "contact by", "injected on", "due on")
        return csv_text(
            header,
            [
                (
                    r.record_number,
                    r.name,
                    r.birth_date,
                    r.address,
                    r.phone,
                    r.preferred_contact,
                    r.injected_on,
                    r.due_on,
                )
                for r in rows
            ],
        )


_ATTEMPTS = (
    select(
        ContactAttempt.patient_id,
        ContactAttempt.at,
        Account.full_name,
        ContactAttempt.way,
        ContactAttempt.outcome,
        ContactAttempt.note,
        ContactAttempt.next_try_on,
        ContactAttempt.id,
    )
    .join(Account, Account.id == ContactAttempt.account_id)
    .order_by(ContactAttempt.at, ContactAttempt.id)
)


def _due(
    session: Session,
    today: date,
    asked: Sequence[ColumnElement[bool]],
    missed: Mapping[int, _Missed],
    tries: Mapping[int, tuple[int, Attempt]],
) -> list[RecallRow]:
    """Everybody asked for who has no injection booked, with what happened since."""
    booked = (
        select(Appointment.patient_id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .where(
            Appointment.starts_at >= datetime.combine(today, time()),
            Appointment.state.not_in(_GONE),
            AppointmentType.is_injection,
        )
    )
    query = (
        select(
            Patient.id,
            Patient.given_name,
            Patient.family_name,
            Patient.record_number,
            Patient.birth_date,
            Patient.phone,
            Patient.preferred_contact,
            Patient.address,
            TreatmentCycle.visit_id,
            TreatmentCycle.injected_on,
            TreatmentCycle.weeks,
            TreatmentCycle.due_on,
            Patient.language,
        )
        .join(Patient, Patient.id == TreatmentCycle.patient_id)
        .where(*asked, TreatmentCycle.patient_id.not_in(booked))
    )
    rows = []
    for each in session.connection().execute(query).all():
        patient_id, injected_on, due_on = each[0], each[9], each[11]
        kind, missed_on, reason = RecallKind.OVERDUE if due_on < today else RecallKind.DUE, None, ""
        gone = missed.get(patient_id)
        if gone is not None and gone.starts_at.date() > injected_on:
            kind = RecallKind.NO_SHOW if gone.state is AppointmentState.NO_SHOW else RecallKind.CANCELLED
            missed_on, reason = gone.starts_at.date(), gone.reason
        attempts, last = tries.get(patient_id, (0, None))
        rows.append(
            RecallRow(
                patient_id=patient_id,
                name=f"{each[1]} {each[2]}".strip(),
                record_number=each[3],
                birth_date=each[4],
                phone=each[5],
                preferred_contact=each[6],
                address=each[7],
                language=each[12],
                kind=kind,
                visit_id=each[8],
                injected_on=injected_on,
                weeks=each[10],
                due_on=due_on,
                missed_on=missed_on,
                reason=reason,
                attempts=attempts,
                last=last,
                waits_until=None if last is None else _waits_until(last, today),
            )
        )
    return rows


def _missed(session: Session, asked: Sequence[ColumnElement[bool]]) -> dict[int, _Missed]:
    """The latest injection booked for each patient asked for, where it was cancelled or not kept."""
    later = aliased(Appointment)
    # Asked as "one of these" and not as a table joined: with one more table to choose from, SQLite begins with all that
    # was ever not kept (docs/decisions/0010).
    injections = select(AppointmentType.id).where(AppointmentType.is_injection).scalar_subquery()
    after_it = (
        select(later.id)
        .where(
            later.patient_id == Appointment.patient_id,
            later.starts_at > Appointment.starts_at,
            later.type_id.in_(injections),
        )
        .exists()
    )
    query = (
        select(Appointment.patient_id, Appointment.starts_at, Appointment.state, Appointment.reason)
        .join(TreatmentCycle, TreatmentCycle.patient_id == Appointment.patient_id)
        .where(
            *asked,
            text(NOT_KEPT),
            Appointment.type_id.in_(injections),
            Appointment.starts_at > TreatmentCycle.injected_on,
            ~after_it,
        )
    )
    rows = session.connection().execute(query).all()
    return {patient_id: _Missed(starts_at, state, reason) for patient_id, starts_at, state, reason in rows}


def _tries(session: Session, asked: Sequence[ColumnElement[bool]]) -> dict[int, tuple[int, Attempt]]:
    """How often somebody tried to reach the patients asked for since they were injected, and the last try."""
    query = (
        _ATTEMPTS.join(TreatmentCycle, TreatmentCycle.patient_id == ContactAttempt.patient_id)
        .join(Visit, Visit.id == TreatmentCycle.visit_id)
        .where(*asked, ContactAttempt.at > Visit.signed_at)
    )
    counts: defaultdict[int, int] = defaultdict(int)
    last: dict[int, Sequence[Any]] = {}
    for row in session.connection().execute(query).all():
        counts[row.patient_id] += 1
        last[row.patient_id] = row[1:]
    return {patient_id: (counts[patient_id], Attempt(*row)) for patient_id, row in last.items()}


def _waits_until(last: Attempt, today: date) -> date | None:
    """The day before which nobody is to try again, given the last try; None when anybody may."""
    if last.next_try_on is not None and last.next_try_on > today:
        return last.next_try_on
    return date.max if last.outcome in _ENDING and last.next_try_on is None else None
