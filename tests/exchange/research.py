"""Invented subjects of a research export."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from clinic_app.exchange.research_rows import GivenFact, SideEffectFact, Subject, VisitFact, Vocabulary
from clinic_app.terms import Severity, Sex, Side

WORDS = Vocabulary(
    muscles={"splenius_capitis", "levator_scapulae"},
    products={"onabotulinumtoxinA", "rimabotulinumtoxinB"},
    indications={"cervical_dystonia", "blepharospasm"},
    side_effects={"dysphagia"},
    guidance={"EMG", "ultrasound"},
    product_columns=("onabotulinumtoxinA", "rimabotulinumtoxinB"),
    score_columns=(("twstrs", ""), ("twstrs", "pain")),
    response_score_columns=(("tsui", ""),),
    criteria={"death"},
)
GIVEN = GivenFact(
    muscle="splenius_capitis",
    side=Side.RIGHT,
    indication="",
    product="onabotulinumtoxinA",
    units=Decimal(50),
    vial_units=Decimal(100),
    diluent_ml=Decimal(2),
    guidance=("EMG", "ultrasound"),
    points=3,
)
EFFECT = SideEffectFact(
    kind="dysphagia",
    severity=Severity.MODERATE,
    started_on=date(2026, 3, 9),
    ended_on=date(2026, 3, 20),
    red_flag=False,
    muscles=(("splenius_capitis", Side.RIGHT),),
)
VISIT = VisitFact(
    visited_on=date(2026, 3, 2),
    indication="cervical_dystonia",
    planned_weeks=12,
    injections=(GIVEN,),
    side_effects=(),
    asked_none=False,
)


def subject(*visits: VisitFact, born: date = date(1961, 3, 12), shift_days: int = -40) -> Subject:
    return Subject("PTEST", shift_days, born, Sex.FEMALE, visits or (VISIT,))


def visit(day: date, *effects: SideEffectFact, injected: bool = True) -> VisitFact:
    return replace(VISIT, visited_on=day, injections=(GIVEN,) if injected else (), side_effects=effects)


def effect(start: date, days: int | None = None) -> SideEffectFact:
    return replace(EFFECT, started_on=start, ended_on=None if days is None else start + timedelta(days=days))
