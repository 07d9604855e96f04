"""Recall: who was injected and has nothing booked, and what was tried to reach them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Executable,
    String,
    bindparam,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from clinic_app.errors import ClinicError, NotFound
from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Account, Appointment, AppointmentType, ContactAttempt, Patient, TreatmentCycle, Visit
from clinic_app.models.database import Database
from clinic_app.models.schedule import NOT_KEPT
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.working_days import working_days
from clinic_app.terms import GONE, AppointmentState, ContactOutcome, ContactWay
from clinic_app.typed_text import clean

_ENDING = (ContactOutcome.DECLINED, ContactOutcome.MOVED_AWAY)
"""What ends the calls until the day to ask again."""
_WAYS: dict[str, ContactWay] = {way: way for way in ContactWay}
_OUTCOMES: dict[str, ContactOutcome] = {outcome: outcome for outcome in ContactOutcome}


class RecallKind(StrEnum):
    """Why somebody stands on the list."""

    DUE = "due"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Attempt(NamedTuple):
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


class RecallRow(NamedTuple):
    """A patient to call. ``due_on`` is the last injection plus the interval of its plan, in ``weeks``.

    ``missed_on`` is the day of the appointment that was cancelled or not kept. ``waits_until`` is the day before which
    nobody is to try again. A tuple: a list holds thousands, and to make that many frozen dataclasses takes as long as
    to read them.
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
        values = {"until": today + timedelta(weeks=weeks_ahead), "today": datetime.combine(today, time()), "only": only}
        with self._database.reading() as session:
            rows = _rows(session.connection(), _EVERYBODY if only is None else _CHOSEN, values, today)
        kept = rows if waiting else [row for row in rows if row.waits_until is None]
        return tuple(sorted(kept, key=_LONGEST_DUE_FIRST))

    def attempts(self, actor: Actor, patient_id: int) -> tuple[Attempt, ...]:
        """Every try to reach a patient, the latest first."""
        require(actor, Act.BOOK)
        with self._database.reading() as session:
            rows = session.execute(_ATTEMPTS.where(ContactAttempt.patient_id == patient_id))
            return tuple(_attempt(row) for row in rows)[::-1]

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


_LONGEST_DUE_FIRST = attrgetter("due_on", "name", "patient_id")
_ATTEMPTS = (
    # Zone and kind are given to what is shown: to call a type for each of thousands takes as long as to read them.
    select(
        ContactAttempt.patient_id,
        type_coerce(ContactAttempt.at, DateTime()),
        Account.full_name,
        type_coerce(ContactAttempt.way, String()),
        type_coerce(ContactAttempt.outcome, String()),
        ContactAttempt.note,
        ContactAttempt.next_try_on,
        ContactAttempt.id,
    )
    .join(Account, Account.id == ContactAttempt.account_id)
    .order_by(ContactAttempt.at, ContactAttempt.id)
)
# Asked as "one of these" and not as a table joined: with one more table to choose from, SQLite begins with all that
# was ever not kept (docs/decisions/0010).
_INJECTIONS = select(AppointmentType.id).where(AppointmentType.is_injection).scalar_subquery()
_BOOKED = select(Appointment.patient_id).where(
    Appointment.starts_at >= bindparam("today"),
    Appointment.state.not_in(GONE),
    Appointment.type_id.in_(_INJECTIONS),
)
_DUE = (
    select(
        Patient.id,
        Patient.given_name,
        Patient.family_name,
        Patient.record_number,
        Patient.birth_date,
        Patient.phone,
        Patient.preferred_contact,
        Patient.address,
        Patient.language,
        TreatmentCycle.visit_id,
        TreatmentCycle.injected_on,
        TreatmentCycle.weeks,
        TreatmentCycle.due_on,
    )
    .join(Patient, Patient.id == TreatmentCycle.patient_id)
    .where(TreatmentCycle.patient_id.not_in(_BOOKED))
)
"""Who has no injection booked."""
_LATER = aliased(Appointment)
_MISSED = (
    select(Appointment.patient_id, Appointment.starts_at, type_coerce(Appointment.state, String()), Appointment.reason)
    .join(TreatmentCycle, TreatmentCycle.patient_id == Appointment.patient_id)
    .where(
        text(NOT_KEPT),
        Appointment.type_id.in_(_INJECTIONS),
        Appointment.starts_at > TreatmentCycle.injected_on,
        ~select(_LATER.id)
        .where(
            _LATER.patient_id == Appointment.patient_id,
            _LATER.starts_at > Appointment.starts_at,
            _LATER.type_id.in_(_INJECTIONS),
        )
        .exists(),
    )
)
"""The latest injection booked for a patient, where it was cancelled or not kept."""
_TRIES = (
    _ATTEMPTS.join(TreatmentCycle, TreatmentCycle.patient_id == ContactAttempt.patient_id)
    .join(Visit, Visit.id == TreatmentCycle.visit_id)
    .where(ContactAttempt.at > Visit.signed_at)
)
"""How somebody tried to reach a patient since the injection, the last try last."""


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked about the cycles of some conditions."""

    due: Executable
    missed: Executable
    tries: Executable

    @classmethod
    def of(cls, *asked: ColumnElement[bool]) -> "_Questions":
        return cls(_DUE.where(*asked), _MISSED.where(*asked), _TRIES.where(*asked))


# Built once: to put a question together and find its text again takes a tenth of the time of the answer.
_UNTIL = TreatmentCycle.due_on <= bindparam("until")
_EVERYBODY = _Questions.of(_UNTIL)
_CHOSEN = _Questions.of(_UNTIL, TreatmentCycle.patient_id.in_(bindparam("only", expanding=True)))


def _rows(connection: Connection, asked: _Questions, values: Mapping[str, object], today: date) -> list[RecallRow]:
    """Everybody asked for who has no injection booked, with what happened since."""
    missed = {row[0]: row[1:] for row in connection.execute(asked.missed, values).all()}
    tries = connection.execute(asked.tries, values).all()
    counts = Counter([row[0] for row in tries])
    last = {row[0]: row for row in tries}
    rows = []
    for (
        patient_id, given, family, record_number, birth_date, phone, preferred, address, language,
        visit_id, injected_on, weeks, due_on,
    ) in connection.execute(asked.due, values).all():  # fmt: skip
        kind, missed_on, reason = RecallKind.OVERDUE if due_on < today else RecallKind.DUE, None, ""
        if patient_id in missed:
            starts_at, state, why = missed[patient_id]
            if starts_at.date() > injected_on:
                kind = RecallKind.NO_SHOW if state == AppointmentState.NO_SHOW else RecallKind.CANCELLED
                missed_on, reason = starts_at.date(), why
        attempt = _attempt(last[patient_id]) if patient_id in last else None
        rows.append(
            RecallRow(
                patient_id,
                f"{given} {family}".strip(),
                record_number,
                birth_date,
                phone,
                preferred,
                address,
                language,
                kind,
                visit_id,
                injected_on,
                weeks,
                due_on,
                missed_on,
                reason,
                counts[patient_id],
                attempt,
                None if attempt is None else _waits_until(attempt, today),
            )
        )
    return rows


def _attempt(row: Sequence[Any]) -> Attempt:
    """A row of ``_ATTEMPTS``."""
    _, at, by, way, outcome, note, next_try_on, number = row
    return Attempt(at.replace(tzinfo=UTC), by, _WAYS[way], _OUTCOMES[outcome], note, next_try_on, number)


def _waits_until(last: Attempt, today: date) -> date | None:
    """The day before which nobody is to try again, given the last try; None when anybody may."""
    if last.next_try_on is not None and last.next_try_on > today:
        return last.next_try_on
    return date.max if last.outcome in _ENDING and last.next_try_on is None else None
