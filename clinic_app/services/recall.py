"""Recall: who was injected and has nothing booked, and what was tried to reach them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import ClinicError, NotFound
from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Account, Appointment, AppointmentType, ContactAttempt, Injection, Patient, Visit
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.repeats import USUAL_WEEKS
from clinic_app.services.typed_text import clean
from clinic_app.services.working_days import working_days
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay, PatientStatus

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

    def rows(self, actor: Actor, *, weeks_ahead: int = 2, waiting: bool = False) -> tuple[RecallRow, ...]:
        """Who was injected and has nothing booked, the longest overdue first.

        ``weeks_ahead`` is how far ahead an interval may end. With ``waiting`` also those who are not to be tried yet:
        the next try is later, or they declined or moved away until a day that has not come (or for good). Raises
        ClinicError for more than a year ahead.
        """
        require(actor, Act.BOOK)
        if not 0 <= weeks_ahead <= 52:
            raise ClinicError("weeks_ahead_impossible", field="weeks_ahead")
        today = local_today(self._clock, self._time_zone)
        with self._database.reading() as session:
            due = _due(session, today, today + timedelta(weeks=weeks_ahead))
            ids = [row.patient_id for row in due]
            missed, tries = _missed(session, ids), _attempts(session, ids)
        rows = [_with(row, missed.get(row.patient_id), self._since(row, tries), today) for row in due]
        kept = (row for row in rows if waiting or row.waits_until is None)
        return tuple(sorted(kept, key=lambda row: (row.due_on, row.name, row.patient_id)))

    def attempts(self, actor: Actor, patient_id: int) -> tuple[Attempt, ...]:
        """Every try to reach a patient, the latest first."""
        require(actor, Act.BOOK)
        with self._database.reading() as session:
            return tuple(reversed(_attempts(session, [patient_id]).get(patient_id, ())))

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

    def _since(self, row: RecallRow, tries: dict[int, tuple[Attempt, ...]]) -> list[Attempt]:
        """The tries after the last injection: those before were about that one."""
        zone = ZoneInfo(self._time_zone)
        own = tries.get(row.patient_id, ())
        return [each for each in own if each.at.astimezone(zone).date() > row.injected_on]

    def mail_merge(self, actor: Actor, patient_ids: Iterable[int], *, weeks_ahead: int = 2) -> str:
        """The chosen rows as text for a spreadsheet or a mail merge."""
        wanted = frozenset(patient_ids)
        rows = [row for row in self.rows(actor, weeks_ahead=weeks_ahead, waiting=True) if row.patient_id in wanted]
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


def _due(session: Session, today: date, until: date) -> list[RecallRow]:
    """Everybody whose interval ends by then and who has no injection booked, still without what was tried."""
    booked = (
        select(Appointment.id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .where(
            Appointment.patient_id == Patient.id,
            Appointment.starts_at >= datetime.combine(today, time()),
            Appointment.state.not_in(_GONE),
            AppointmentType.is_injection,
        )
        .exists()
    )
    later = aliased(Visit)
    latest = (
        select(later.id)
        .where(later.patient_id == Patient.id, select(Injection.id).where(Injection.visit_id == later.id).exists())
        .order_by(later.visited_on.desc(), later.id.desc())
        .limit(1)
        .correlate(Patient)
        .scalar_subquery()
    )
    query = (
        select(Patient, Visit).join(Visit, Visit.id == latest).where(Patient.status == PatientStatus.ACTIVE, ~booked)
    )
    rows = []
    for patient, visit in session.execute(query):
        weeks = visit.interval_weeks or patient.usual_interval_weeks or USUAL_WEEKS
        due_on = visit.visited_on + timedelta(weeks=weeks)
        if due_on <= until:
            rows.append(
                RecallRow(
                    patient_id=patient.id,
                    name=f"{patient.given_name} {patient.family_name}".strip(),
                    record_number=patient.record_number,
                    birth_date=patient.birth_date,
                    phone=patient.phone,
                    preferred_contact=patient.preferred_contact,
                    address=patient.address,
                    kind=RecallKind.OVERDUE if due_on < today else RecallKind.DUE,
                    visit_id=visit.id,
                    injected_on=visit.visited_on,
                    weeks=weeks,
                    due_on=due_on,
                )
            )
    return rows


def _missed(session: Session, patient_ids: Sequence[int]) -> dict[int, Appointment]:
    """The latest appointment of each patient, where it was cancelled or not kept."""
    latest = (
        select(Appointment.patient_id, func.max(Appointment.starts_at).label("starts_at"))
        .where(Appointment.patient_id.in_(patient_ids))
        .group_by(Appointment.patient_id)
        .subquery()
    )
    query = (
        select(Appointment)
        .join(
            latest,
            and_(Appointment.patient_id == latest.c.patient_id, Appointment.starts_at == latest.c.starts_at),
        )
        .where(Appointment.state.in_(_GONE))
    )
    return {appointment.patient_id: appointment for appointment in session.scalars(query)}


def _attempts(session: Session, patient_ids: Sequence[int]) -> dict[int, tuple[Attempt, ...]]:
    """Every try, by patient, the first one first."""
    query = (
        select(ContactAttempt, Account.full_name)
        .join(Account, Account.id == ContactAttempt.account_id)
        .where(ContactAttempt.patient_id.in_(patient_ids))
        .order_by(ContactAttempt.at, ContactAttempt.id)
    )
    found: dict[int, tuple[Attempt, ...]] = {}
    for row, by in session.execute(query):
        attempt = Attempt(row.at, by, row.way, row.outcome, row.note, row.next_try_on, row.id)
        found[row.patient_id] = (*found.get(row.patient_id, ()), attempt)
    return found


def _with(row: RecallRow, missed: Appointment | None, tries: Sequence[Attempt], today: date) -> RecallRow:
    """The row with what happened since the injection."""
    if missed is not None and missed.starts_at.date() > row.injected_on:
        no_show = missed.state is AppointmentState.NO_SHOW
        row = replace(
            row,
            kind=RecallKind.NO_SHOW if no_show else RecallKind.CANCELLED,
            missed_on=missed.starts_at.date(),
            reason=missed.reason,
        )
    if not tries:
        return row
    last = tries[-1]
    waits = last.next_try_on if last.next_try_on is not None and last.next_try_on > today else None
    if waits is None and last.outcome in _ENDING and last.next_try_on is None:
        waits = date.max
    return replace(row, attempts=len(tries), last=last, waits_until=waits)
