"""The audit trail as people read it: who did what to which record, filtered, and who was in a patient's record."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic_app.errors import NotFound
from clinic_app.models import Account, AuditEntry, Clinic, ClinicFile, Patient, Visit
from clinic_app.models.database import Database, tell
from clinic_app.models.small_files import IMPORTED
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.audit_words import act_of, done
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.letterheads import identity_of, letterhead_and_edition
from clinic_app.services.paper import Paper, Printable
from clinic_app.services.unlock_tries import Tries

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is empty or None does not narrow them. Both days are the clinic's, and count."""

    patient_id: int | None = None
    account_id: int | None = None
    kinds: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry; ``at`` is the clinic's wall clock, ``act`` one of ``audit_words``, ``patient`` a name or empty."""

    id: int
    at: datetime
    who: str
    workstation: str
    act: str
    kind: str
    record_id: int | None
    patient_id: int | None
    patient: str
    before: dict[str, object] = field(hash=False)
    after: dict[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What one person did in a patient's record on one day, between two moments of the clinic's wall clock."""

    first: datetime
    last: datetime
    who: str
    roles: tuple[str, ...]
    workstations: tuple[str, ...]
    acts: tuple[str, ...]


class AuditTrail:
    """The use cases around the trail: the manager's."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._zone = ZoneInfo(time_zone)

    def rows(
        self, actor: Actor, wanted: AuditFilter, *, before_id: int | None = None, limit: int = AT_ONCE
    ) -> tuple[AuditRow, ...]:
        """The latest ``limit`` entries first; ``before_id`` goes on behind an entry."""
        require(actor, Act.SETTINGS)
        query = (
            select(AuditEntry, Account.full_name, Patient.given_name, Patient.family_name)
            .outerjoin(Account, Account.id == AuditEntry.account_id)
            .outerjoin(Patient, Patient.id == AuditEntry.patient_id)
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
        if before_id is not None:
            query = query.where(AuditEntry.id < before_id)
        if wanted.patient_id is not None:
            query = query.where(AuditEntry.patient_id == wanted.patient_id)
        if wanted.account_id is not None:
            query = query.where(AuditEntry.account_id == wanted.account_id)
        if wanted.kinds:
            query = query.where(AuditEntry.kind.in_(wanted.kinds))
        if wanted.acts:
            query = query.where(AuditEntry.what.in_(wanted.acts))
        if wanted.first_day is not None:
            query = query.where(AuditEntry.at >= self._begins(wanted.first_day))
        if wanted.last_day is not None:
            query = query.where(AuditEntry.at < self._begins(wanted.last_day + timedelta(days=1)))
        with self._database.reading() as session:
            return tuple(
                AuditRow(
                    entry.id,
                    self._local(entry.at),
                    who or "",
                    entry.workstation,
                    act_of(entry.what, entry.kind, entry.after),
                    entry.kind,
                    entry.record_id,
                    entry.patient_id,
                    f"{given or ''} {family or ''}".strip(),
                    entry.before,
                    entry.after,
                )
                for entry, who, given, family in session.execute(query)
            )

    def people(self, actor: Actor) -> tuple[tuple[int, str], ...]:
        """Everybody who ever had an account, by name."""
        require(actor, Act.SETTINGS)
        with self._database.reading() as session:
            query = select(Account.id, Account.full_name).order_by(Account.full_name, Account.id)
            return tuple((account_id, name) for account_id, name in session.execute(query))

    def accesses(self, actor: Actor, patient_id: int) -> tuple[Access, ...]:
        """Who was in a patient's record, day by day and person by person, the latest day first."""
        require(actor, Act.SETTINGS)
        with self._database.reading() as session:
            return self._accesses(session, patient_id)

    def access_list(self, actor: Actor, patient_id: int) -> Paper:
        """The same on paper, for a patient who asks. Raises NotFound."""
        require(actor, Act.SETTINGS)
        from clinic_app.documents.access_list import AccessLine, AccessList, access_list_document

        with self._database.reading() as session:
            patient = session.get(Patient, patient_id)
            if patient is None:
                raise NotFound("patient_not_found")
            clinic, edition = letterhead_and_edition(session)
            day = local_today(self._clock, self._time_zone)
            lines = [
                AccessLine(
                    each.first,
                    each.last,
                    each.who,
                    ", ".join(role.replace("_", " ") for role in each.roles),
                    ", ".join(each.workstations),
                    ", ".join(each.acts),
                )
                for each in self._accesses(session, patient_id)
            ]
            page = AccessList(clinic, identity_of(patient), day, lines, edition)
        documents = (partial(access_list_document, page),)
        return Paper("access_list", "Who was in the record", f"access-{day}", documents, patients=(patient_id,))

    def went_out(self, actor: Actor, printable: Printable, way: str) -> None:
        """Note that paper was printed or saved, for each patient whom it is about."""
        parts: Sequence[Paper] = printable.papers or ((printable,) if isinstance(printable, Paper) else ())
        with self._database.writing(actor.account_id, self._clock()) as session:
            if not parts:
                tell(session, way, "paper", after={"paper": printable.kind})
            for part in parts:
                whom: Iterable[int | None] = part.patients or (None,)
                if part.of_visit is not None:
                    whom = session.scalars(select(Visit.patient_id).where(Visit.id == part.of_visit)).all()
                for patient_id in whom:
                    tell(session, way, "paper", part.of_visit, patient_id, after={"paper": part.kind})

    def exported(self, actor: Actor, what: str, name: str, patient_id: int | None = None) -> None:
        """Note that a file left the program: ``what`` kind of file, under which ``name``."""
        with self._database.writing(actor.account_id, self._clock()) as session:
            tell(session, "exported", "file", None, patient_id, after={"file": what, "name": name})

    def closed(self, actor: Actor, way: str) -> None:
        """Note that somebody locked the clinic, or ended the program."""
        with self._database.writing(actor.account_id, self._clock()) as session:
            tell(session, way, "account", actor.account_id)

    def _accesses(self, session: Session, patient_id: int) -> tuple[Access, ...]:
        query = (
            select(
                AuditEntry.at, AuditEntry.workstation, AuditEntry.what, AuditEntry.kind, AuditEntry.after, Account,
            )
            .outerjoin(Account, Account.id == AuditEntry.account_id)
            .where(AuditEntry.patient_id == patient_id)
            .order_by(AuditEntry.id)
        )  # fmt: skip
        found: dict[tuple[date, int], list[tuple[datetime, str, str]]] = {}
        people: dict[int, tuple[str, tuple[str, ...]]] = {0: ("", ())}
        for at, workstation, what, kind, after, account in session.execute(query):
            local, who = self._local(at), 0
            if account is not None:
                who = account.id
                people[who] = account.full_name, tuple(each.role.value for each in account.roles)
            found.setdefault((local.date(), who), []).append((local, workstation, done(what, kind, after)))
        return tuple(
            Access(
                min(at for at, _, _ in did),
                max(at for at, _, _ in did),
                *people[who],
                _each_once(workstation for _, workstation, _ in did),
                _each_once(acts for _, _, acts in did),
            )
            for (_, who), did in sorted(found.items(), key=lambda each: (-each[0][0].toordinal(), each[1][0][0]))
        )

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)


def note_unlocked(database: Database, actor: Actor, at: datetime, wrong_before: Tries | None) -> None:
    """Note that somebody unlocked the clinic, and the wrong passphrases since the last time, which it could not note.

    The record was closed when they were typed, so nobody knows whose they were.
    """
    with database.writing(actor.account_id, at) as session:
        if wrong_before is not None:
            after: dict[str, object] = {"wrong": wrong_before.wrong, "last": wrong_before.at.isoformat()}
            tell(session, "refused", "account", None, after=after)
        _note_imported(session)
        tell(session, "unlocked", "account", actor.account_id)


def _note_imported(session: Session) -> None:
    """The first line that a clinic has of its own after it was read from an export."""
    imported = session.scalar(select(ClinicFile.content).where(ClinicFile.name == IMPORTED))
    if imported is not None:
        session.execute(delete(ClinicFile).where(ClinicFile.name == IMPORTED))
        clinic_id = session.scalars(select(Clinic.id)).one()
        tell(session, "changed", "clinic", clinic_id, after=json.loads(imported))


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
