"""What was reported after a visit: benefit, when it wore off, side effects with the muscles under suspicion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from clinic_app.models import Injection, Response, SideEffect, SideEffectAnswer, SuspectedMuscle, Vial, Visit
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


# Built once: to put a question together takes several times as long as to ask it.
_VISITS: BindParameter[list[int]] = bindparam("visits", expanding=True)
_AFTER = (
    select(
        Visit.id,
        Visit.visited_on,
        Response.best_percent,
        Response.first_day,
        Response.wore_off_week,
        Response.pain,
        SideEffectAnswer.visit_id,
    )
    .outerjoin(Response, Response.visit_id == Visit.id)
    .outerjoin(SideEffectAnswer, SideEffectAnswer.visit_id == Visit.id)
    .where(Visit.id.in_(_VISITS))
)
_EFFECTS = (
    select(
        SideEffect.id,
        SideEffect.visit_id,
        SideEffect.kind,
        SideEffect.other,
        SideEffect.severity,
        SideEffect.started_on,
        SideEffect.ended_on,
        SideEffect.red_flag,
        SideEffect.resolved_note,
        SuspectedMuscle.muscle,
        SuspectedMuscle.side,
    )
    .outerjoin(SuspectedMuscle, SuspectedMuscle.side_effect_id == SideEffect.id)
    .where(SideEffect.visit_id.in_(_VISITS))
    .order_by(SideEffect.started_on, SideEffect.id, SuspectedMuscle.id)
)
_GIVEN = (
    select(Injection.visit_id, Injection.muscle, Injection.side, Injection.units, Vial.product)
    .join(Vial, Vial.id == Injection.vial_id)
    .where(Injection.visit_id.in_(_VISITS))
)


def after_visits(session: Session, visit_ids: Sequence[int]) -> tuple[AfterVisit, ...]:
    """What was reported after each of these visits, in their order."""
    if not visit_ids:
        return ()
    visits = {"visits": list(visit_ids)}
    rows = {row[0]: row for row in session.connection().execute(_AFTER, visits)}
    effects = _effects(session, visits, {visit_id: row.visited_on for visit_id, row in rows.items()})
    found = []
    for visit_id in visit_ids:
        _, day, best_percent, first_day, wore_off_week, pain, asked = rows[visit_id]
        reported = tuple(effects.get(visit_id, ()))
        asked_none = asked is not None and not reported
        found.append(AfterVisit(visit_id, day, best_percent, first_day, wore_off_week, pain, reported, asked_none))
    return tuple(found)


def _effects(
    session: Session, visits: Mapping[str, Sequence[int]], days: Mapping[int, date]
) -> dict[int, list[ReportedEffect]]:
    """The side effects after each visit, the earliest first."""
    told: dict[int, Any] = {}
    muscles: dict[int, list[tuple[str, Side]]] = {}
    for row in session.connection().execute(_EFFECTS, visits):
        told[row.id] = row
        of_effect = muscles.setdefault(row.id, [])
        if row.muscle is not None:
            of_effect.append((row.muscle, row.side))
    given = _given(session, visits) if told else {}
    effects: dict[int, list[ReportedEffect]] = {}
    for effect_id, effect in told.items():
        reported = _reported(effect, muscles[effect_id], days[effect.visit_id], given)
        effects.setdefault(effect.visit_id, []).append(reported)
    return effects


def _given(session: Session, visits: Mapping[str, Sequence[int]]) -> _Given:
    """Units and product of each muscle and side; of one injected twice, both together."""
    given: _Given = {}
    for visit_id, muscle, side, units, product in session.connection().execute(_GIVEN, visits):
        before, _ = given.get((visit_id, muscle, side), (Decimal(0), product))
        given[visit_id, muscle, side] = before + units, product
    return given


def _reported(effect: Any, muscles: Sequence[tuple[str, Side]], visited_on: date, given: _Given) -> ReportedEffect:
    """By a row of ``_EFFECTS``."""
    return ReportedEffect(
        kind=effect.kind,
        other=effect.other,
        severity=effect.severity,
        first_day=(effect.started_on - visited_on).days,
        last_day=None if effect.ended_on is None else (effect.ended_on - visited_on).days,
        muscles=tuple(muscles),
        doses=tuple(given.get((effect.visit_id, muscle, side)) for muscle, side in muscles),
        waits_for_review=effect.red_flag and not effect.resolved_note,
    )
