"""Side effects: noted at the visit or by telephone, tied to the visit they followed; 'none reported' is an answer."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Account, Injection, SideEffect, SideEffectAnswer, SuspectedMuscle, Visit
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.patients import clean
from clinic_app.services.visit_data import SideEffectForm, SideEffectRow
from clinic_app.terms import Side


@dataclass(frozen=True, slots=True)
class Suspect:
    """A muscle of the visit; ``likely`` when the reference says that it can cause the side effect."""

    muscle: str
    side: Side
    units: Decimal
    product: str
    likely: bool


class SideEffects:
    """The use cases around side effects."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def of_patient(self, actor: Actor, patient_id: int) -> tuple[SideEffectRow, ...]:
        """All side effects of a patient, the latest first."""
        require(actor, Act.READ_RECORD)
        query = (
            select(SideEffect, Visit.visited_on, Account.full_name)
            .join(Visit, Visit.id == SideEffect.visit_id)
            .join(Account, Account.id == SideEffect.recorded_by_id)
            .where(SideEffect.patient_id == patient_id)
            .order_by(SideEffect.started_on.desc(), SideEffect.id.desc())
            .options(selectinload(SideEffect.muscles))
        )
        with self._database.reading() as session:
            given = _given_by_visit(session, patient_id)
            return tuple(
                SideEffectRow(
                    id=e.id,
                    version=e.version,
                    visit_id=e.visit_id,
                    visited_on=visited_on,
                    kind=e.kind,
                    other=e.other,
                    severity=e.severity,
                    started_on=e.started_on,
                    ended_on=e.ended_on,
                    action=e.action,
                    red_flag=e.red_flag,
                    resolved_note=e.resolved_note,
                    reported=e.reported,
                    recorded_by=name,
                    muscles=tuple(
                        (m.muscle, m.side, *given.get((e.visit_id, m.muscle, m.side), (None, ""))) for m in e.muscles
                    ),
                )
                for e, visited_on, name in session.execute(query)
            )

    def suspects(self, actor: Actor, visit_id: int, kind: str) -> tuple[Suspect, ...]:
        """The muscles of the visit, those first that can cause this side effect."""
        require(actor, Act.REPORT_SIDE_EFFECT)
        with self._database.reading() as session:
            visit = session.scalar(
                select(Visit)
                .where(Visit.id == visit_id)
                .options(selectinload(Visit.injections).selectinload(Injection.vial))
            )
            if visit is None:
                raise NotFound("visit_not_found")
            found = [
                Suspect(
                    i.muscle,
                    i.side,
                    i.units,
                    i.vial.product,
                    kind in {effect.id for effect in self._reference.effects_of(i.muscle)},
                )
                for i in visit.injections
            ]
        return tuple(sorted(found, key=lambda suspect: (not suspect.likely, -suspect.units)))

    def record(self, actor: Actor, form: SideEffectForm) -> int:
        """Note a side effect and return its id. Raises ClinicError with the field that is wrong."""
        require(actor, Act.REPORT_SIDE_EFFECT)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            visit = self._checked(session, form)
            effect = SideEffect(
                patient_id=visit.patient_id,
                visit_id=visit.id,
                recorded_at=at,
                recorded_by_id=actor.account_id,
            )
            _fill(effect, form)
            effect.red_flag = form.red_flag or self._always_red(form.kind)
            session.add(effect)
            # "None reported" was true until now; it no longer is.
            answer = session.get(SideEffectAnswer, visit.id)
            if answer is not None:
                session.delete(answer)
            session.flush()
            return effect.id

    def change(self, actor: Actor, effect_id: int, version: int, form: SideEffectForm) -> int:
        """Change what was noted (an end date, a severity); returns the new version."""
        require(actor, Act.EDIT_HISTORY)
        with self._database.writing(actor.account_id, self._clock()) as session:
            effect = session.get(SideEffect, effect_id)
            if effect is None:
                raise NotFound("side_effect_not_found")
            if effect.version != version:
                raise RecordChanged("side_effect_changed")
            self._checked(session, form)
            _fill(effect, form)
            # A correction can raise a flag but never lowers one: only a physician's note resolves it.
            effect.red_flag = effect.red_flag or form.red_flag or self._always_red(form.kind)
            effect.version += 1
            return effect.version

    def none_reported(self, actor: Actor, visit_id: int) -> None:
        """Somebody asked after this visit and no side effect was reported."""
        require(actor, Act.REPORT_SIDE_EFFECT)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            visit = session.get(Visit, visit_id)
            if visit is None:
                raise NotFound("visit_not_found")
            if session.scalar(select(SideEffect.id).where(SideEffect.visit_id == visit_id)) is not None:
                raise ClinicError("side_effects_on_record")
            answer = session.get(SideEffectAnswer, visit_id)
            if answer is None:
                answer = SideEffectAnswer(visit_id=visit_id, patient_id=visit.patient_id, times_asked=0)
                session.add(answer)
            answer.times_asked += 1
            answer.asked_at, answer.asked_by_id = at, actor.account_id

    def resolve(self, actor: Actor, effect_id: int, version: int, note: str) -> int:
        """Close a red flag with what was done about it; returns the new version."""
        require(actor, Act.SIGN)
        note = clean(note)
        if not note:
            raise ClinicError("resolve_note_missing", field="note")
        with self._database.writing(actor.account_id, self._clock()) as session:
            effect = session.get(SideEffect, effect_id)
            if effect is None:
                raise NotFound("side_effect_not_found")
            if effect.version != version:
                raise RecordChanged("side_effect_changed")
            effect.resolved_note = note
            effect.version += 1
            return effect.version

    def _always_red(self, kind: str) -> bool:
        return bool(kind) and self._reference.side_effect(kind).red_flag is True

    def _checked(self, session: Session, form: SideEffectForm) -> Visit:
        visit = session.get(Visit, form.visit_id)
        if visit is None:
            raise NotFound("visit_not_found")
        if not form.kind and not form.other.strip():
            raise ClinicError("side_effect_kind_missing", field="kind")
        if form.kind:
            self._reference.side_effect(form.kind)
        if form.severity is None:
            raise ClinicError("side_effect_severity_missing", field="severity")
        if form.started_on is None:
            raise ClinicError("side_effect_start_missing", field="started_on")
        today = local_today(self._clock, self._time_zone)
        if form.started_on > today:
            raise ClinicError("side_effect_in_future", field="started_on")
        if form.started_on < visit.visited_on:
            raise ClinicError("side_effect_before_visit", field="started_on", visited_on=visit.visited_on)
        if form.ended_on is not None and not form.started_on <= form.ended_on <= today:
            raise ClinicError("side_effect_end_impossible", field="ended_on")
        return visit


def _fill(effect: SideEffect, form: SideEffectForm) -> None:
    assert form.severity is not None and form.started_on is not None  # checked before
    effect.kind, effect.other = form.kind, clean(form.other)[:300]
    effect.severity = form.severity
    effect.started_on, effect.ended_on = form.started_on, form.ended_on
    effect.action = clean(form.action)
    effect.muscles = [SuspectedMuscle(muscle=muscle, side=side) for muscle, side in form.muscles]


def _given_by_visit(session: Session, patient_id: int) -> dict[tuple[int, str, Side], tuple[Decimal, str]]:
    query = (
        select(Injection)
        .join(Visit, Visit.id == Injection.visit_id)
        .where(Visit.patient_id == patient_id)
        .options(selectinload(Injection.vial))
    )
    return {(i.visit_id, i.muscle, i.side): (i.units, i.vial.product) for i in session.scalars(query)}
