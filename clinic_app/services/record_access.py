"""The door to a patient's record: whether it opens to a person, and that it was opened.

Every use case that shows what is in a record enters here first, so no screen can forget either. A record marked
restricted opens to those named on it; to anybody else with a reason, until the day ends, and the manager is told.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotAllowed, NotFound, StoreProblem
from clinic_app.models import Account, Patient, RecordGrant, Restriction, Visit
from clinic_app.models.database import Database, tell
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock
from clinic_app.typed_text import clean

SAME_LOOK = timedelta(minutes=15)
"""A record that somebody has open is read again and again: that is one look."""
SAME_MOMENT = timedelta(seconds=5)
"""A page reads a record many times at once: the door is asked once."""
LONGEST_REASON = 500
LOOKED = "looked"

_CLOSED = select(
    exists().where(Restriction.patient_id == bindparam("patient_id")),
    exists().where(
        RecordGrant.patient_id == bindparam("patient_id"),
        RecordGrant.account_id == bindparam("account_id"),
        or_(RecordGrant.until.is_(None), RecordGrant.until > bindparam("now")),
    ),
)


_RESTRICTED = select(Restriction.patient_id).where(Restriction.patient_id == bindparam("patient_id"))
_ALL_CLOSED = select(Restriction.patient_id).where(
    ~exists().where(
        RecordGrant.patient_id == Restriction.patient_id,
        RecordGrant.account_id == bindparam("account_id"),
        or_(RecordGrant.until.is_(None), RecordGrant.until > bindparam("now")),
    )
)


@dataclass(frozen=True, slots=True)
class RestrictionFacts:
    """Why a record is restricted, by whom, when (the clinic's wall clock), and the accounts to which it opens."""

    reason: str
    by: str
    at: datetime
    named: frozenset[int]


@dataclass(frozen=True, slots=True)
class OpenedWithReason:
    """A restricted record that somebody opened; ``at`` is the clinic's wall clock."""

    grant_id: int
    patient_id: int
    patient_name: str
    birth_date: date
    record_number: str
    by: str
    at: datetime
    reason: str


class RecordAccess:
    """Lets people in, and notes it."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._opened: dict[tuple[int, int], datetime] = {}
        self._looked: dict[tuple[int, int], datetime] = {}
        self._untold: deque[tuple[int, int, datetime]] = deque()

    def enter(self, actor: Actor, patient_id: int) -> None:
        """Open the record, and write into the audit trail that it was looked at.

        Raises NotAllowed where it is restricted and does not open to the actor.
        """
        who, now = (actor.account_id, patient_id), self._clock()
        if not self.is_open(actor, patient_id):
            raise NotAllowed("record_restricted", field="record")
        self._note(who, now)

    @contextmanager
    def opened(self, actor: Actor, patient_id: int) -> Iterator[None]:
        """Enter, and read all that the block asks from one moment, each part of it once. Raises NotAllowed."""
        self.enter(actor, patient_id)
        with self._database.one_moment():
            yield

    def enter_of_visit(self, actor: Actor, visit_id: int) -> None:
        """The same by a visit; one that is not there opens nothing, and is told by who asks for it."""
        with self._database.reading() as session:
            patient_id = session.scalar(select(Visit.patient_id).where(Visit.id == visit_id))
        if patient_id is not None:
            self.enter(actor, patient_id)

    def is_open(self, actor: Actor, patient_id: int) -> bool:
        """Whether the record opens to the actor now."""
        who, now = (actor.account_id, patient_id), self._clock()
        if _since(self._opened.get(who), now, SAME_MOMENT):
            return True
        asked = {"patient_id": patient_id, "account_id": actor.account_id, "now": now}
        with self._database.reading() as session:
            restricted, granted = session.execute(_CLOSED, asked).one()
        opens: bool = granted or not restricted
        if opens:
            self._opened[who] = now
        return opens

    def is_restricted(self, patient_id: int) -> bool:
        """Whether the record opens only to some."""
        with self._database.reading() as session:
            return session.scalar(_RESTRICTED, {"patient_id": patient_id}) is not None

    def restriction(self, actor: Actor, patient_id: int) -> RestrictionFacts | None:
        """Why and for whom the record is restricted; None where it is not."""
        require(actor, Act.RESTRICT)
        with self._database.reading() as session:
            query = select(Restriction, Account.full_name).join(Account, Account.id == Restriction.set_by_id)
            found = session.execute(query.where(Restriction.patient_id == patient_id)).first()
            if found is None:
                return None
            restriction, by = found
            named = session.scalars(
                select(RecordGrant.account_id).where(RecordGrant.patient_id == patient_id, RecordGrant.until.is_(None))
            )
            return RestrictionFacts(restriction.reason, by, self._local(restriction.set_at), frozenset(named))

    def treating(self, actor: Actor, patient_id: int) -> frozenset[int]:
        """Who signed a visit of the patient, and the actor: to whom a restricted record should go on to open."""
        require(actor, Act.RESTRICT)
        with self._database.reading() as session:
            signed = (Visit.patient_id == patient_id, Visit.import_id.is_(None))
            signers = select(Visit.signed_by_id).where(*signed).distinct()
            return frozenset({*session.scalars(signers), actor.account_id} - {None})

    def restrict(self, actor: Actor, patient_id: int, reason: str, named: Iterable[int]) -> None:
        """Let the record open only to those ``named``. Raises ClinicError with the field, or NotFound."""
        require(actor, Act.RESTRICT)
        reason, chosen = _checked(reason), set(named)
        if not chosen:
            raise ClinicError("restriction_for_nobody", field="named")
        with self._database.writing(actor.account_id, self._clock()) as session:
            if session.get(Patient, patient_id) is None:
                raise NotFound("patient_not_found")
            kept = session.get(Restriction, patient_id)
            if kept is None:
                kept = Restriction(patient_id=patient_id)
                session.add(kept)
            kept.reason, kept.set_at, kept.set_by_id = reason, self._clock(), actor.account_id
            self._name(session, patient_id, chosen, reason)

    def lift(self, actor: Actor, patient_id: int) -> None:
        """Let the record open to everybody whose role covers it again."""
        require(actor, Act.RESTRICT)
        with self._database.writing(actor.account_id, self._clock()) as session:
            kept = session.get(Restriction, patient_id)
            if kept is not None:
                session.delete(kept)
            self._name(session, patient_id, set(), "")

    def open_with_reason(self, actor: Actor, patient_id: int, reason: str) -> None:
        """Open a restricted record until the clinic's day ends. The manager is told who did, and why.

        Raises ClinicError without a reason.
        """
        require(actor, Act.READ_SUMMARY)
        reason, at = _checked(reason), self._clock()
        ends = datetime.combine(self._local(at).date() + timedelta(days=1), time(), self._zone)
        with self._database.writing(actor.account_id, at) as session:
            session.add(
                RecordGrant(patient_id=patient_id, account_id=actor.account_id, at=at, until=ends, reason=reason)
            )

    def waiting(self, actor: Actor) -> tuple[OpenedWithReason, ...]:
        """Which restricted records were opened with a reason that no manager has read yet, the earliest first."""
        require(actor, Act.SETTINGS)
        query = (
            select(RecordGrant, Patient, Account.full_name)
            .join(Patient, Patient.id == RecordGrant.patient_id)
            .join(Account, Account.id == RecordGrant.account_id)
            .where(RecordGrant.until.is_not(None), RecordGrant.seen_at.is_(None))
            .order_by(RecordGrant.at, RecordGrant.id)
        )
        with self._database.reading() as session:
            return tuple(
                OpenedWithReason(
                    grant.id,
                    patient.id,
                    f"{patient.given_name} {patient.family_name}".strip(),
                    patient.birth_date,
                    patient.record_number,
                    by,
                    self._local(grant.at),
                    grant.reason,
                )
                for grant, patient, by in session.execute(query)
            )

    def read(self, actor: Actor, grant_id: int) -> None:
        """The manager has read why a restricted record was opened. Raises NotFound."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            grant = session.get(RecordGrant, grant_id)
            if grant is None:
                raise NotFound("record_grant_not_found")
            grant.seen_at, grant.seen_by_id = self._clock(), actor.account_id

    def unread(self, actor: Actor, grant_id: int) -> None:
        """Take back that it was read. Raises NotFound."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            grant = session.get(RecordGrant, grant_id)
            if grant is None:
                raise NotFound("record_grant_not_found")
            grant.seen_at = grant.seen_by_id = None

    def _name(self, session: Session, patient_id: int, named: set[int], reason: str) -> None:
        self._opened.clear()
        for grant in session.scalars(
            select(RecordGrant).where(RecordGrant.patient_id == patient_id, RecordGrant.until.is_(None))
        ):
            if grant.account_id in named:
                named.remove(grant.account_id)
            else:
                session.delete(grant)
        for account_id in sorted(named):
            session.add(RecordGrant(patient_id=patient_id, account_id=account_id, at=self._clock(), reason=reason))

    def _note(self, who: tuple[int, int], now: datetime) -> None:
        if not _since(self._looked.get(who), now, SAME_LOOK):
            self._looked[who] = now
            self._untold.append((*who, now))
        # A full disk keeps nobody from reading a record: what could not be noted is noted with the next look.
        with suppress(StoreProblem):
            while self._untold:
                account_id, whom, at = self._untold[0]
                with self._database.writing(account_id, at, again=True) as session:
                    tell(session, LOOKED, "patient", whom, whom)
                self._untold.popleft()

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)


def closed_records(session: Session, account_id: int, now: datetime) -> frozenset[int]:
    """Every restricted record that does not open to this account now, by patient."""
    return frozenset(session.scalars(_ALL_CLOSED, {"account_id": account_id, "now": now}))


def _since(before: datetime | None, now: datetime, shorter: timedelta) -> bool:
    """Whether it was lately; a clock that was set back makes nothing late."""
    return before is not None and timedelta(0) <= now - before < shorter


def _checked(reason: str) -> str:
    reason = clean(reason)
    if not reason:
        raise ClinicError("restriction_reason_missing", field="reason")
    if len(reason) > LONGEST_REASON:
        raise ClinicError("text_too_long", field="reason", limit=LONGEST_REASON)
    return reason
