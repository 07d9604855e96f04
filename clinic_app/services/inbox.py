"""The inbox: what waits for somebody. It is computed, never kept: what was done is gone from it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from clinic_app.models import (
    Account,
    Injection,
    Lot,
    Patient,
    Response,
    SideEffect,
    SideEffectAnswer,
    StockMovement,
    TreatmentCycle,
    Vial,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.answers import signers
from clinic_app.services.charts import Charts
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.inbox_data import FlagFacts, InboxKind, InboxRow, Whom, gravity, seen_by
from clinic_app.services.rebooking import Rebooking
from clinic_app.services.recall import Recall
from clinic_app.services.record_access import RecordAccess
from clinic_app.terms import PatientStatus, Role
from clinic_app.words import sentence

OUTCOME_WEEKS = 13
"""How long after the end of a cycle its missing outcome is asked for. Later nobody remembers it well enough."""

_UNSIGNED = {0: "inbox.unsigned_empty", 1: "inbox.unsigned_one"}
_WHOM = (Patient.id, Patient.given_name, Patient.family_name, Patient.birth_date, Patient.record_number)


class Inbox:
    """The list of everything that waits, with who it waits for."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        time_zone: str,
        reference: Reference,
        charts: Charts,
        recall: Recall,
        rebooking: Rebooking,
        records: RecordAccess,
    ) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._charts = charts
        self._recall = recall
        self._rebooking = rebooking
        self._records = records

    def rows(
        self, actor: Actor, kinds: Collection[InboxKind] | None = None, *, outcome_weeks: int = OUTCOME_WEEKS
    ) -> tuple[InboxRow, ...]:
        """What waits, of these kinds or of all that the roles may see: red flags first, then the actor's own.

        Missing outcomes are those of cycles that ended within ``outcome_weeks`` weeks. Every kind costs a fixed number
        of statements.
        """
        require(actor, Act.READ_SUMMARY)
        wanted = seen_by(actor) if kinds is None else seen_by(actor).intersection(kinds)
        today = local_today(self._clock, self._time_zone)
        rows: list[InboxRow] = []
        if wanted & {InboxKind.RED_FLAG, InboxKind.VIAL, InboxKind.OUTCOME}:
            with self._database.reading() as session:
                owners = _Owners(actor, signers(session))
                if InboxKind.RED_FLAG in wanted:
                    rows += self._red_flags(session, owners)
                if InboxKind.VIAL in wanted:
                    rows += self._vials(session, actor, today)
                if InboxKind.OUTCOME in wanted:
                    rows += _outcomes(session, owners, today, outcome_weeks)
        of_others: Mapping[InboxKind, Callable[[Actor, date], Iterable[InboxRow]]] = {
            InboxKind.UNSIGNED: self._unsigned,
            InboxKind.OPENED: self._opened,
            InboxKind.REBOOK: self._to_rebook,
            InboxKind.RECALL: self._due,
        }
        for kind, look in of_others.items():
            if kind in wanted:
                rows += look(actor, today)
        return tuple(sorted(rows, key=gravity))

    def _red_flags(self, session: Session, owners: "_Owners") -> Iterator[InboxRow]:
        query = (
            select(SideEffect, Visit.visited_on, Visit.injector_id, Account.full_name, *_WHOM)
            .join(Visit, Visit.id == SideEffect.visit_id)
            .join(Patient, Patient.id == SideEffect.patient_id)
            .join(Account, Account.id == SideEffect.recorded_by_id)
            .where(SideEffect.red_flag, SideEffect.resolved_at.is_(None), SideEffect.resolved_note == "")
        )
        zone = ZoneInfo(self._time_zone)
        for effect, visited_on, injector_id, by, *patient in session.execute(query):
            known = self._reference.side_effects.get(effect.kind)
            name = (known.name if known is not None else "") or effect.other
            name, owner, role, mine = name[:1].upper() + name[1:], *owners.of(injector_id)
            yield InboxRow(
                InboxKind.RED_FLAG,
                sentence("inbox.red_flag", effect=name, severity=effect.severity.value.replace("_", "-")),
                mine,
                owner,
                role,
                since=effect.recorded_at.astimezone(zone).date(),
                patient=_whom(patient),
                record_id=effect.id,
                visited_on=visited_on,
                flag=FlagFacts(
                    effect.kind, name, effect.severity, effect.started_on, effect.action, by, effect.version
                ),
            )

    def _vials(self, session: Session, actor: Actor, today: date) -> Iterator[InboxRow]:
        """Opened vials of earlier days of which the ledger does not say where every unit went."""
        left = func.sum(StockMovement.units)
        open_ended = (
            select(StockMovement.vial_id, StockMovement.lot_id, left.label("left"))
            .where(StockMovement.vial_id.is_not(None))
            .group_by(StockMovement.vial_id, StockMovement.lot_id)
            .having(left != 0)
            .subquery()
        )
        query = (
            select(open_ended.c.vial_id, open_ended.c.left, Lot, Visit.visited_on, *_WHOM)
            .join(Lot, Lot.id == open_ended.c.lot_id)
            .join(Vial, Vial.id == open_ended.c.vial_id)
            .join(Visit, Visit.id == Vial.visit_id)
            .join(Patient, Patient.id == Visit.patient_id)
            .where(Visit.visited_on < today)
        )
        for vial_id, units, lot, visited_on, *patient in session.execute(query):
            yield InboxRow(
                InboxKind.VIAL,
                sentence(
                    "inbox.vial_left" if units > 0 else "inbox.vial_over",
                    units=_plain(abs(units)),
                    size=_plain(lot.size_units),
                    product=lot.product,
                    number=lot.number,
                ),
                Role.NURSE in actor.roles,
                owner_role=Role.NURSE,
                since=visited_on,
                patient=_whom(patient),
                record_id=lot.id,
                vial_id=vial_id,
                visited_on=visited_on,
            )

    def _unsigned(self, actor: Actor, today: date) -> Iterator[InboxRow]:
        """Charts of earlier days. Each waits for its injector, and while nobody is chosen for whoever kept it last."""
        for row in self._charts.drafts(actor):
            if row.visited_on < today:
                yield InboxRow(
                    InboxKind.UNSIGNED,
                    sentence(_UNSIGNED.get(row.lines, "inbox.unsigned"), lines=row.lines),
                    row.mine,
                    row.injector or row.saved_by,
                    since=row.visited_on,
                    patient=Whom(row.patient_id, row.patient_name, row.birth_date, row.record_number),
                    record_id=row.id,
                    visited_on=row.visited_on,
                )

    def _opened(self, actor: Actor, _today: date) -> Iterator[InboxRow]:
        """Restricted records that somebody opened with a reason: the manager reads it."""
        for opened in self._records.waiting(actor):
            yield InboxRow(
                InboxKind.OPENED,
                sentence("inbox.opened", name=opened.by, reason=opened.reason),
                mine=True,
                owner_role=Role.MANAGER,
                since=opened.at.date(),
                patient=Whom(opened.patient_id, opened.patient_name, opened.birth_date, opened.record_number),
                record_id=opened.grant_id,
            )

    def _to_rebook(self, actor: Actor, _today: date) -> Iterator[InboxRow]:
        rows = self._rebooking.rows(actor)
        if rows:
            yield _list_row(actor, InboxKind.REBOOK, len(rows))

    def _due(self, actor: Actor, _today: date) -> Iterator[InboxRow]:
        """Whoever's interval has ended with nothing booked, without those who are not to be tried yet."""
        rows = self._recall.rows(actor, weeks_ahead=0)
        if rows:
            yield _list_row(actor, InboxKind.RECALL, len(rows), rows[0].due_on)


class _Owners:
    """Whose a line is: the injector's, or, when that person signs here no more, any physician's."""

    def __init__(self, actor: Actor, names: Mapping[int, str]) -> None:
        self._actor = actor
        self._names = names

    def of(self, injector_id: int) -> tuple[str, Role | None, bool]:
        """The owner's name or role, and whether it is the actor."""
        if injector_id in self._names:
            return self._names[injector_id], None, injector_id == self._actor.account_id
        return "", Role.PHYSICIAN, Role.PHYSICIAN in self._actor.roles


def _outcomes(session: Session, owners: _Owners, today: date, weeks: int) -> Iterator[InboxRow]:
    """Cycles that ended without response or without an answer about side effects.

    A cycle is what follows a visit with injections. It ends with the next such visit, where the patient is asked; if
    none followed, when the interval is over. Only of patients whom the clinic still follows.
    """
    since = today - timedelta(weeks=weeks)
    own, following, before = aliased(Visit), aliased(Visit), aliased(Visit)
    # From the ends to their beginnings: of years of cycles only those that ended lately are looked at.
    last_before = (
        select(before.id)
        .where(
            before.patient_id == following.patient_id,
            tuple_(before.visited_on, before.id) < tuple_(following.visited_on, following.id),
            _injected(before),
        )
        .order_by(before.visited_on.desc(), before.id.desc())
        .limit(1)
        .correlate(following)
        .scalar_subquery()
    )
    ends = union_all(
        select(last_before.label("visit_id"), following.visited_on.label("ended_on")).where(
            following.visited_on >= since, following.visited_on < today, _injected(following)
        ),
        select(TreatmentCycle.visit_id, TreatmentCycle.due_on).where(
            TreatmentCycle.due_on >= since, TreatmentCycle.due_on < today
        ),
    ).subquery()
    answered = select(Response.visit_id).where(Response.visit_id == ends.c.visit_id).exists()
    asked = (
        select(SideEffectAnswer.visit_id).where(SideEffectAnswer.visit_id == ends.c.visit_id).exists()
        | select(SideEffect.id).where(SideEffect.visit_id == ends.c.visit_id).exists()
    )
    # Of the visit itself nothing is read but for the few that are found.
    cycles = (
        select(ends.c.visit_id, ends.c.ended_on, answered.label("answered"), asked.label("asked"))
        .where(~(answered & asked))
        .subquery()
    )
    query = (
        select(own.id, own.visited_on, own.injector_id, cycles.c.ended_on, cycles.c.answered, cycles.c.asked, *_WHOM)
        .select_from(cycles)
        .join(own, own.id == cycles.c.visit_id)
        .join(Patient, Patient.id == own.patient_id)
        .where(Patient.status == PatientStatus.ACTIVE, own.import_id.is_(None))  # nobody here could have asked
    )
    for visit_id, visited_on, injector_id, ended, has_response, was_asked, *patient in session.execute(query):
        missing = "outcome_effects" if has_response else "outcome_response" if was_asked else "outcome_nothing"
        owner, role, mine = owners.of(injector_id)
        yield InboxRow(
            InboxKind.OUTCOME,
            sentence(f"inbox.{missing}"),
            mine,
            owner,
            role,
            since=ended,
            patient=_whom(patient),
            record_id=visit_id,
            visited_on=visited_on,
            lacks_response=not has_response,
            lacks_answer=not was_asked,
        )


def _injected(visit: type[Visit]) -> ColumnElement[bool]:
    return select(Injection.id).where(Injection.visit_id == visit.id).correlate(visit).exists()


def _list_row(actor: Actor, kind: InboxKind, count: int, since: date | None = None) -> InboxRow:
    code = f"inbox.{kind.value}_one" if count == 1 else f"inbox.{kind.value}"
    return InboxRow(
        kind,
        sentence(code, count=count),
        Role.FRONT_DESK in actor.roles,
        owner_role=Role.FRONT_DESK,
        since=since,
        count=count,
    )


def _whom(columns: Sequence[Any]) -> Whom:
    """The patient, of the columns ``_WHOM``."""
    patient_id, given, family, birth_date, record_number = columns
    return Whom(patient_id, f"{given} {family}".strip(), birth_date, record_number)


def _plain(units: Decimal) -> str:
    return f"{units.normalize():f}"
