"""What is on record of a patient's treatment, as plain rows: read once, told by visits, side effects and timeline."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, aliased

from clinic_app.models import (
    Account,
    Injection,
    Response,
    ScaleResult,
    SideEffect,
    SideEffectAnswer,
    SuspectedMuscle,
    Vial,
    Visit,
)
from clinic_app.terms import Side

# Built once: to put a question together and find its text again takes several times as long as to ask it.
_WHO: BindParameter[int] = bindparam("patient_id")
_VISITS = (
    select(
        Visit.id,
        Visit.visited_on,
        Visit.indication,
        Visit.import_id,
        Account.full_name,
        Response.version,
        Response.first_day,
        Response.best_percent,
        Response.wore_off_week,
        Response.patient_impression,
        Response.clinician_impression,
        Response.pain,
        Response.note,
    )
    .join(Account, Account.id == Visit.injector_id)
    .outerjoin(Response, Response.visit_id == Visit.id)
    .where(Visit.patient_id == _WHO)
    .order_by(Visit.visited_on, Visit.id)
)
_INJECTIONS = (
    select(Injection.visit_id, Injection.muscle, Injection.side, Vial.product, Injection.units)
    .join(Vial, Vial.id == Injection.vial_id)
    .join(Visit, Visit.id == Injection.visit_id)
    .where(Visit.patient_id == _WHO)
    .order_by(Injection.visit_id, Injection.position)
)
_ASKED = select(SideEffectAnswer.visit_id).where(SideEffectAnswer.patient_id == _WHO)
_resolver = aliased(Account)
_EFFECTS = (
    select(
        SideEffect.id,
        SideEffect.version,
        SideEffect.visit_id,
        SideEffect.kind,
        SideEffect.other,
        SideEffect.severity,
        SideEffect.started_on,
        SideEffect.ended_on,
        SideEffect.action,
        SideEffect.red_flag,
        SideEffect.red_answer,
        SideEffect.learned,
        SideEffect.recorded_at,
        SideEffect.resolved_at,
        SideEffect.resolved_note,
        SideEffect.serious,
        SideEffect.serious_criteria,
        SideEffect.report,
        SideEffect.reported_on,
        SideEffect.report_reference,
        Visit.visited_on,
        Account.full_name.label("recorded_by"),
        _resolver.full_name.label("resolved_by"),
    )
    .join(Visit, Visit.id == SideEffect.visit_id)
    .join(Account, Account.id == SideEffect.recorded_by_id)
    .outerjoin(_resolver, _resolver.id == SideEffect.resolved_by_id)
    .where(SideEffect.patient_id == _WHO)
    .order_by(SideEffect.started_on, SideEffect.id)
)
_SUSPECTED = (
    select(SuspectedMuscle.side_effect_id, SuspectedMuscle.muscle, SuspectedMuscle.side)
    .join(SideEffect, SideEffect.id == SuspectedMuscle.side_effect_id)
    .where(SideEffect.patient_id == _WHO)
    .order_by(SuspectedMuscle.id)
)
_SCORES = (
    select(
        ScaleResult.visit_id,
        ScaleResult.measured_on,
        ScaleResult.scale,
        ScaleResult.subscale,
        ScaleResult.value,
    )
    .where(ScaleResult.patient_id == _WHO)
    .order_by(ScaleResult.id)
)


class TreatmentRows:
    """The rows of a patient in one transaction that reads; each question is asked when it is first needed.

    Columns are read rather than records: nothing of them is changed, and many are read.
    """

    def __init__(self, session: Session, patient_id: int) -> None:
        self._session = session
        self._who = {"patient_id": patient_id}

    @classmethod
    def of(cls, session: Session, patient_id: int) -> "TreatmentRows":
        """Those that the transaction has read already, or will: it sees one moment, so that they cannot grow old."""
        key = (cls, patient_id)
        if key not in session.info:
            session.info[key] = cls(session, patient_id)
        found: TreatmentRows = session.info[key]
        return found

    @cached_property
    def visits(self) -> Sequence[Any]:
        """Visits with their injector and response, the earliest first."""
        return self._rows(_VISITS)

    @cached_property
    def injections(self) -> Sequence[tuple[int, str, Side, str, Decimal]]:
        """Visit, muscle, side, product and units of each injection, visit by visit in the order of the chart."""
        return self._rows(_INJECTIONS)

    @cached_property
    def asked_none(self) -> frozenset[int]:
        """The visits after which somebody asked for side effects and none were reported."""
        return frozenset(visit_id for (visit_id,) in self._rows(_ASKED))

    @cached_property
    def side_effects(self) -> Sequence[Any]:
        """Side effects with the day of their visit and whoever recorded and resolved them, the earliest first."""
        return self._rows(_EFFECTS)

    @cached_property
    def suspected(self) -> dict[int, tuple[tuple[str, Side], ...]]:
        """The muscles and sides of which each side effect is suspected."""
        found: defaultdict[int, list[tuple[str, Side]]] = defaultdict(list)
        for effect_id, muscle, side in self._rows(_SUSPECTED):
            found[effect_id].append((muscle, side))
        return {effect_id: tuple(muscles) for effect_id, muscles in found.items()}

    @cached_property
    def scores(self) -> Sequence[Any]:
        """Scores that were noted with responses or without, in the order in which they were."""
        return self._rows(_SCORES)

    def _rows(self, query: Any) -> Sequence[Any]:
        return self._session.connection().execute(query, self._who).all()
