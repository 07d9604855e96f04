"""Reads the patients of a research export, some at a time, without names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clinic_app.exchange.research_rows import (
    GivenFact,
    ResponseFact,
    Scores,
    SideEffectFact,
    Subject,
    VisitFact,
    Vocabulary,
)
from clinic_app.models import (
    Injection,
    InjectionPoint,
    Patient,
    Response,
    ScaleResult,
    ScaleTotal,
    SideEffect,
    SideEffectAnswer,
    SuspectedMuscle,
    Vial,
    Visit,
)
from clinic_app.models.research_key import Disguise
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import Guidance, Side

AT_ONCE = 200
"""Patients in memory at one time."""

_BEFORE = (Visit.visited_on, Visit.id)
Written = InstrumentedAttribute[str]


def treated_patients(session: Session) -> list[tuple[int, datetime]]:
    """Id and moment of registration of everybody who was injected here."""
    injected = select(Injection.id).join(Visit).where(Visit.patient_id == Patient.id).exists()
    found = session.execute(select(Patient.id, Patient.created_at).where(injected))
    return [(patient_id, at) for patient_id, at in found]


def vocabulary(session: Session, reference: Reference) -> Vocabulary:
    """The ids that may stand in the files, and which products and scales have columns of their own.

    Each product of the reference has one, and each scale that was ever noted here.
    """
    known = {**reference.products, **reference.cosmetic_products}
    used = set(session.scalars(select(Vial.product).distinct()))
    noted, after = (
        {(scale, part) for scale, part in session.execute(select(table.scale, table.subscale).distinct())}
        for table in (ScaleTotal, ScaleResult)
    )
    scores = [(s.id, part) for s in reference.scales.values() for part in ("", *(each.id for each in s.subscales))]
    return Vocabulary(
        muscles=reference.muscles.keys(),
        products=known.keys(),
        indications=reference.indications.keys(),
        side_effects=reference.side_effects.keys(),
        guidance=frozenset(Guidance),
        product_columns=tuple(each for each in known if each in reference.products or each in used),
        score_columns=tuple(each for each in scores if each in noted),
        response_score_columns=tuple(each for each in scores if each in after),
        criteria=frozenset(reference.side_effects_file.seriousness.criteria),
    )


def subjects(session: Session, disguises: Mapping[int, Disguise], *, with_text: bool) -> Iterator[list[Subject]]:
    """Everybody in the order of the pseudonyms, which betrays nothing, ``AT_ONCE`` at a time.

    What people typed in their own words is read only ``with_text``.
    """
    ordered = sorted(disguises, key=lambda patient_id: disguises[patient_id].pseudonym)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        visits = _visits(session, some, with_text)
        people = session.execute(select(Patient.id, Patient.birth_date, Patient.sex).where(Patient.id.in_(some)))
        born = {patient_id: (birth_date, sex) for patient_id, birth_date, sex in people}
        yield [
            Subject(disguises[each].pseudonym, disguises[each].shift_days, *born[each], visits=tuple(visits[each]))
            for each in some
        ]


def _visits(session: Session, patients: Sequence[int], with_text: bool) -> dict[int, list[VisitFact]]:
    given, effects = _given(session, patients, with_text), _effects(session, patients, with_text)
    scores: dict[int, list[tuple[str, str, Decimal]]] = defaultdict(list)
    for visit_id, scale, subscale, points in session.execute(
        select(ScaleTotal.visit_id, ScaleTotal.scale, ScaleTotal.subscale, ScaleTotal.value)
        .join(Visit, Visit.id == ScaleTotal.visit_id)
        .where(Visit.patient_id.in_(patients))
    ):
        scores[visit_id].append((scale, subscale, points))
    measured = _measured(session, patients)
    found: dict[int, list[VisitFact]] = defaultdict(list)
    for row in session.execute(
        select(
            Visit.patient_id,
            Visit.id,
            Visit.visited_on,
            Visit.indication,
            Visit.interval_weeks,
            SideEffectAnswer.visit_id.is_not(None).label("asked_none"),
            _typed(Visit.assessment, with_text),
            _typed(Visit.plan, with_text),
            _typed(Visit.complications, with_text),
            Response.first_day,
            Response.best_percent,
            Response.wore_off_week,
            Response.patient_impression,
            Response.clinician_impression,
            Response.pain,
            func.coalesce(_typed(Response.note, with_text), "").label("note"),
        )
        .outerjoin(Response, Response.visit_id == Visit.id)
        .outerjoin(SideEffectAnswer, SideEffectAnswer.visit_id == Visit.id)
        .where(Visit.patient_id.in_(patients))
        .order_by(*_BEFORE)
    ):
        response = ResponseFact(
            row.first_day,
            row.best_percent,
            row.wore_off_week,
            row.patient_impression,
            row.clinician_impression,
            row.pain,
            row.note,
            *measured.get(row.id, (None, ())),
        )
        found[row.patient_id].append(
            VisitFact(
                visited_on=row.visited_on,
                indication=row.indication,
                planned_weeks=row.interval_weeks,
                injections=tuple(given[row.id]),
                side_effects=tuple(effects[row.id]),
                asked_none=bool(row.asked_none),
                response=response,
                scores=tuple(scores[row.id]),
                assessment=row.assessment,
                plan=row.plan,
                complications=row.complications,
            )
        )
    return found


def _measured(session: Session, patients: Sequence[int]) -> dict[int, tuple[date, Scores]]:
    """The scales that were measured for what a visit did, with their day."""
    found: dict[int, tuple[date, Scores]] = {}
    for row in session.scalars(
        select(ScaleResult)
        .where(ScaleResult.patient_id.in_(patients), ScaleResult.visit_id.is_not(None))
        .order_by(ScaleResult.id)
    ):
        if row.visit_id is not None:
            before = found[row.visit_id][1] if row.visit_id in found else ()
            found[row.visit_id] = row.measured_on, (*before, (row.scale, row.subscale, row.value))
    return found


def _given(session: Session, patients: Sequence[int], with_text: bool) -> dict[int, list[GivenFact]]:
    of_patients = Visit.patient_id.in_(patients)
    counted = (
        select(InjectionPoint.injection_id, func.count())
        .join(Injection, Injection.id == InjectionPoint.injection_id)
        .join(Visit, Visit.id == Injection.visit_id)
        .where(of_patients)
        .group_by(InjectionPoint.injection_id)
    )
    points = {row[0]: row[1] for row in session.execute(counted)}
    found: dict[int, list[GivenFact]] = defaultdict(list)
    for row in session.execute(
        select(
            Injection.id,
            Injection.visit_id,
            Injection.muscle,
            Injection.side,
            Injection.indication,
            Vial.product,
            Injection.units,
            Vial.size_units,
            Vial.diluent_ml,
            Injection.guidance,
            _typed(Injection.note, with_text),
        )
        .join(Vial, Vial.id == Injection.vial_id)
        .join(Visit, Visit.id == Injection.visit_id)
        .where(of_patients)
        .order_by(Injection.visit_id, Injection.position, Injection.id)
    ):
        found[row.visit_id].append(
            GivenFact(
                muscle=row.muscle,
                side=row.side,
                indication=row.indication or "",
                product=row.product,
                units=row.units,
                vial_units=row.size_units,
                diluent_ml=row.diluent_ml,
                guidance=tuple(row.guidance),
                points=points.get(row.id, 0),
                note=row.note,
            )
        )
    return found


def _effects(session: Session, patients: Sequence[int], with_text: bool) -> dict[int, list[SideEffectFact]]:
    of_patients = SideEffect.patient_id.in_(patients)
    muscles: dict[int, list[tuple[str, Side]]] = defaultdict(list)
    for effect_id, muscle, side in session.execute(
        select(SuspectedMuscle.side_effect_id, SuspectedMuscle.muscle, SuspectedMuscle.side)
        .join(SideEffect, SideEffect.id == SuspectedMuscle.side_effect_id)
        .where(of_patients)
        .order_by(SuspectedMuscle.id)
    ):
        muscles[effect_id].append((muscle, side))
    found: dict[int, list[SideEffectFact]] = defaultdict(list)
    for row in session.execute(
        select(
            SideEffect.id,
            SideEffect.visit_id,
            SideEffect.kind,
            SideEffect.severity,
            SideEffect.started_on,
            SideEffect.ended_on,
            SideEffect.red_flag,
            SideEffect.learned,
            SideEffect.serious,
            SideEffect.serious_criteria,
            _typed(SideEffect.other, with_text),
            _typed(SideEffect.action, with_text),
            _typed(SideEffect.resolved_note, with_text),
        )
        .where(of_patients)
        .order_by(SideEffect.id)
    ):
        found[row.visit_id].append(
            SideEffectFact(
                kind=row.kind,
                severity=row.severity,
                started_on=row.started_on,
                ended_on=row.ended_on,
                red_flag=row.red_flag,
                muscles=tuple(muscles[row.id]),
                learned=row.learned,
                serious=row.serious,
                criteria=tuple(row.serious_criteria),
                other=row.other,
                action=row.action,
                resolved_note=row.resolved_note,
            )
        )
    return found


def _typed(column: Written, with_text: bool) -> ColumnElement[str]:
    """The column, or nothing at all: what is not wanted does not even leave the database."""
    return (column if with_text else literal("")).label(column.key)
