"""What was reported after a visit: benefit, when it wore off, side effects with the muscles under suspicion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.models import Injection, Response, SideEffect, SideEffectAnswer, Vial, Visit
from clinic_app.terms import Severity, Side

_Given = dict[tuple[int, str, Side], tuple[Decimal, str]]


@dataclass(frozen=True, slots=True)
class ReportedEffect:
    """A side effect; ``first_day`` and ``last_day`` count from the injection, None for the last while it goes on.

    ``doses`` are what the suspected muscles had got in that visit, in their order: units and their product, None for
    one that was not injected then.
    """

    kind: str
    other: str
    severity: Severity
    first_day: int
    last_day: int | None
    muscles: tuple[tuple[str, Side], ...]
    doses: tuple[tuple[Decimal, str] | None, ...] = ()
    waits_for_review: bool = False
    """A red flag that no physician has resolved."""


@dataclass(frozen=True, slots=True)
class AfterVisit:
    """What is on record after a visit. ``asked_none`` says that somebody asked and no side effect was reported."""

    visit_id: int
    visited_on: date
    best_percent: int | None = None
    first_day: int | None = None
    wore_off_week: int | None = None
    pain: int | None = None
    effects: tuple[ReportedEffect, ...] = ()
    asked_none: bool = False


def after_visits(session: Session, visit_ids: Sequence[int]) -> tuple[AfterVisit, ...]:
    """What was reported after each of these visits, in their order."""
    if not visit_ids:
        return ()
    days = {visit.id: visit.visited_on for visit in session.scalars(select(Visit).where(Visit.id.in_(visit_ids)))}
    responses = {
        response.visit_id: response
        for response in session.scalars(select(Response).where(Response.visit_id.in_(visit_ids)))
    }
    asked = set(session.scalars(select(SideEffectAnswer.visit_id).where(SideEffectAnswer.visit_id.in_(visit_ids))))
    told = session.scalars(
        select(SideEffect)
        .where(SideEffect.visit_id.in_(visit_ids))
        .order_by(SideEffect.started_on, SideEffect.id)
        .options(selectinload(SideEffect.muscles))
    ).all()
    given = _given(session, visit_ids) if told else {}
    effects: dict[int, list[ReportedEffect]] = {}
    for effect in told:
        effects.setdefault(effect.visit_id, []).append(_reported(effect, days[effect.visit_id], given))
    return tuple(
        _after(visit_id, days[visit_id], responses.get(visit_id), effects.get(visit_id, []), visit_id in asked)
        for visit_id in visit_ids
    )


def _after(
    visit_id: int, visited_on: date, response: Response | None, effects: Sequence[ReportedEffect], asked: bool
) -> AfterVisit:
    return AfterVisit(
        visit_id=visit_id,
        visited_on=visited_on,
        best_percent=response.best_percent if response is not None else None,
        first_day=response.first_day if response is not None else None,
        wore_off_week=response.wore_off_week if response is not None else None,
        pain=response.pain if response is not None else None,
        effects=tuple(effects),
        asked_none=asked and not effects,
    )


def _given(session: Session, visit_ids: Sequence[int]) -> _Given:
    """Units and product of each muscle and side; of one injected twice, both together."""
    given: _Given = {}
    query = (
        select(Injection.visit_id, Injection.muscle, Injection.side, Injection.units, Vial.product)
        .join(Vial, Vial.id == Injection.vial_id)
        .where(Injection.visit_id.in_(visit_ids))
    )
    for visit_id, muscle, side, units, product in session.execute(query):
        before, _ = given.get((visit_id, muscle, side), (Decimal(0), product))
        given[visit_id, muscle, side] = before + units, product
    return given


def _reported(effect: SideEffect, visited_on: date, given: _Given) -> ReportedEffect:
    return ReportedEffect(
        kind=effect.kind,
        other=effect.other,
        severity=effect.severity,
        first_day=(effect.started_on - visited_on).days,
        last_day=None if effect.ended_on is None else (effect.ended_on - visited_on).days,
        muscles=tuple((each.muscle, each.side) for each in effect.muscles),
        doses=tuple(given.get((effect.visit_id, each.muscle, each.side)) for each in effect.muscles),
        waits_for_review=effect.red_flag and not effect.resolved_note,
    )
