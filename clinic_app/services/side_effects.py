"""Side effects: noted at the visit or by telephone, tied to the visit they followed; 'none reported' is an answer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Injection, SideEffect, SideEffectAnswer, Visit
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.side_effect_checks import checked, fill, raises_another_flag, report_needed, twin_of
from clinic_app.services.treatment_rows import TreatmentRows
from clinic_app.services.visit_data import SideEffectForm, SideEffectRow
from clinic_app.terms import ReportState, Side
from clinic_app.typed_text import clean

LONGEST_REFERENCE = 200


@dataclass(frozen=True, slots=True)
class Suspect:
    """A muscle of the visit; ``likely`` when the reference says that it can cause the side effect."""

    muscle: str
    side: Side
    units: Decimal
    product: str
    likely: bool


@dataclass(frozen=True, slots=True)
class FollowedVisit:
    """A visit that a side effect can have followed."""

    id: int
    visited_on: date


class SideEffects:
    """The use cases around side effects."""

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, reference: Reference, records: RecordAccess
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def of_patient(self, actor: Actor, patient_id: int) -> tuple[SideEffectRow, ...]:
        """All side effects of a patient, the latest first."""
        require(actor, Act.READ_RECORD)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            rows = TreatmentRows.of(session, patient_id)
            given = _given_by_visit(rows) if rows.side_effects else {}
            return tuple(_row(effect, rows, given) for effect in reversed(rows.side_effects))

    def followed(self, actor: Actor, patient_id: int) -> tuple[FollowedVisit, ...]:
        """The visits of a patient that a side effect can have followed, the latest first."""
        require(actor, Act.REPORT_SIDE_EFFECT)
        query = (
            select(Visit.id, Visit.visited_on)
            .where(Visit.patient_id == patient_id)
            .order_by(Visit.visited_on.desc(), Visit.id.desc())
        )
        with self._database.reading() as session:
            return tuple(FollowedVisit(visit_id, visited_on) for visit_id, visited_on in session.execute(query))

    def suspects(self, actor: Actor, visit_id: int, kind: str) -> tuple[Suspect, ...]:
        """The muscles of the visit, those first that can cause this side effect."""
        require(actor, Act.REPORT_SIDE_EFFECT)
        self._records.enter_of_visit(actor, visit_id)
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
        """Note a side effect and return its id.

        Raises ClinicError with the field that is wrong; ``side_effect_twice`` with the ``effect_id`` on record where
        the same was reported at an overlapping time and the form does not say ``keep_both``.
        """
        require(actor, Act.REPORT_SIDE_EFFECT)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            visit = checked(session, self._reference, form, self._today())
            _refuse_twin(session, form)
            effect = SideEffect(
                patient_id=visit.patient_id,
                visit_id=visit.id,
                recorded_at=at,
                recorded_by_id=actor.account_id,
            )
            fill(effect, self._reference, form)
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
            effect = _unchanged(session, effect_id, version)
            visit = checked(session, self._reference, form, self._today())
            if visit.patient_id != effect.patient_id:
                raise NotFound("visit_not_found")
            _refuse_twin(session, form, effect)
            if effect.resolved_note and raises_another_flag(effect, self._reference, form):
                raise ClinicError("red_flag_resolved_before", field="kind")
            effect.visit_id = visit.id
            fill(effect, self._reference, form)
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
            if session.scalar(select(SideEffect.id).where(SideEffect.visit_id == visit_id).limit(1)) is not None:
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
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            effect = _unchanged(session, effect_id, version)
            if not effect.red_flag or effect.resolved_note:
                raise ClinicError("no_open_red_flag", field="note")
            effect.resolved_note = note
            effect.resolved_by_id, effect.resolved_at = actor.account_id, at
            effect.version += 1
            return effect.version

    def mark_reported(self, actor: Actor, effect_id: int, version: int, day: date | None, reference: str) -> int:
        """The regulator was told on this day, under this reference; returns the new version.

        Raises ClinicError with the field ``reported_on`` or ``report_reference`` that cannot be.
        """
        require(actor, Act.EDIT_HISTORY)
        reference = clean(reference)
        if day is None:
            raise ClinicError("report_day_missing", field="reported_on")
        if len(reference) > LONGEST_REFERENCE:
            raise ClinicError("text_too_long", field="report_reference", limit=LONGEST_REFERENCE)
        with self._database.writing(actor.account_id, self._clock()) as session:
            effect = _unchanged(session, effect_id, version)
            if not effect.started_on <= day <= self._today():
                raise ClinicError("report_day_impossible", field="reported_on")
            effect.report, effect.reported_on, effect.report_reference = ReportState.REPORTED, day, reference
            effect.version += 1
            return effect.version

    def take_report_back(self, actor: Actor, effect_id: int, version: int) -> int:
        """It was marked as reported by mistake; returns the new version."""
        require(actor, Act.EDIT_HISTORY)
        with self._database.writing(actor.account_id, self._clock()) as session:
            effect = _unchanged(session, effect_id, version)
            effect.report, effect.reported_on, effect.report_reference = (
                report_needed(effect, self._reference),
                None,
                "",
            )
            effect.version += 1
            return effect.version

    def _today(self) -> date:
        return local_today(self._clock, self._time_zone)


def _unchanged(session: Session, effect_id: int, version: int) -> SideEffect:
    effect = session.get(SideEffect, effect_id)
    if effect is None:
        raise NotFound("side_effect_not_found")
    if effect.version != version:
        raise RecordChanged("side_effect_changed")
    return effect


def _refuse_twin(session: Session, form: SideEffectForm, changed: SideEffect | None = None) -> None:
    if form.keep_both:
        return
    twin = twin_of(session, form, changed)
    if twin is not None:
        raise ClinicError("side_effect_twice", field="kind", effect_id=twin.id, started_on=twin.started_on)


def _row(effect: Any, rows: TreatmentRows, given: dict[tuple[int, str, Side], tuple[Decimal, str]]) -> SideEffectRow:
    return SideEffectRow(
        id=effect.id,
        version=effect.version,
        visit_id=effect.visit_id,
        visited_on=effect.visited_on,
        kind=effect.kind,
        other=effect.other,
        severity=effect.severity,
        started_on=effect.started_on,
        ended_on=effect.ended_on,
        action=effect.action,
        red_flag=effect.red_flag,
        resolved_note=effect.resolved_note,
        recorded_by=effect.recorded_by,
        muscles=tuple(
            (muscle, side, *given.get((effect.visit_id, muscle, side), (None, "")))
            for muscle, side in rows.suspected.get(effect.id, ())
        ),
        recorded_at=effect.recorded_at,
        learned=effect.learned,
        red_answer=effect.red_answer,
        resolved_by=effect.resolved_by or "",
        resolved_at=effect.resolved_at,
        serious=effect.serious,
        serious_criteria=tuple(effect.serious_criteria),
        report=effect.report,
        reported_on=effect.reported_on,
        report_reference=effect.report_reference,
    )


def _given_by_visit(rows: TreatmentRows) -> dict[tuple[int, str, Side], tuple[Decimal, str]]:
    """Units and product of each muscle and side of each visit; of one injected twice, both together."""
    given: dict[tuple[int, str, Side], tuple[Decimal, str]] = {}
    for visit_id, muscle, side, product, units in rows.injections:
        before, first = given.get((visit_id, muscle, side), (Decimal(0), product))
        given[visit_id, muscle, side] = before + units, first
    return given
