"""Patients as the research export tells them: pseudonyms for names, shifted dates, ages over 89 grouped."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from clinic_app.exchange.research_tables import response_score_name, score_name, severity_name, units_name
from clinic_app.terms import Learned, Severity, Sex, Side

Row = dict[str, object]
Scores = tuple[tuple[str, str, Decimal], ...]
"""Scale, subscale ("" for the total) and points."""
OTHER = "other"
OLDEST_AGE = 89
"""Older ages are one group: HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C)."""
_MICROLITRE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class GivenFact:
    """One muscle and side. ``units`` and ``vial_units`` are of ``product``, volumes in mL.

    None stands for what a visit that was brought in does not tell.
    """

    muscle: str
    side: Side
    indication: str
    product: str
    units: Decimal
    vial_units: Decimal | None
    diluent_ml: Decimal | None
    guidance: tuple[str, ...]
    points: int
    note: str = ""

    @property
    def volume_ml(self) -> Decimal | None:
        """What was injected, to the microlitre."""
        if self.vial_units is None or self.diluent_ml is None:
            return None
        return (self.units * self.diluent_ml / self.vial_units).quantize(_MICROLITRE)


@dataclass(frozen=True, slots=True)
class SideEffectFact:
    """A side effect. ``kind`` is an id of the catalogue or empty; ``muscles`` the suspected ones with their sides.

    ``learned`` and ``serious`` are None where nobody said.
    """

    kind: str
    severity: Severity
    started_on: date
    ended_on: date | None
    red_flag: bool
    muscles: tuple[tuple[str, Side], ...]
    learned: Learned | None = None
    serious: bool | None = None
    criteria: tuple[str, ...] = ()
    other: str = ""
    action: str = ""
    resolved_note: str = ""


@dataclass(frozen=True, slots=True)
class ResponseFact:
    """What a visit did, in days, percent, weeks and points; None where nobody noted it.

    ``scores`` were measured on ``measured_on`` for what the visit did: scale, subscale ("" for the total) and points.
    """

    first_day: int | None = None
    best_percent: int | None = None
    wore_off_week: int | None = None
    patient_impression: int | None = None
    clinician_impression: int | None = None
    pain: int | None = None
    note: str = ""
    measured_on: date | None = None
    scores: Scores = ()


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A signed visit with what followed it. ``scores`` are scale, subscale ("" for the total) and points."""

    visited_on: date
    indication: str
    planned_weeks: int | None
    injections: tuple[GivenFact, ...]
    side_effects: tuple[SideEffectFact, ...]
    asked_none: bool
    response: ResponseFact = ResponseFact()
    scores: Scores = ()
    assessment: str = ""
    plan: str = ""
    complications: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient under a pseudonym. Dates here are true; ``shift_days`` is what the files add to each of them.

    ``visits`` are in their order.
    """

    pseudonym: str
    shift_days: int
    birth_date: date
    sex: Sex
    visits: tuple[VisitFact, ...]

    @property
    def cycles(self) -> tuple[VisitFact, ...]:
        """The visits in which something was injected."""
        return tuple(visit for visit in self.visits if visit.injections)

    def shifted(self, day: date) -> date:
        """The day as the files tell it."""
        return day + timedelta(days=self.shift_days)

    def age_on(self, day: date) -> int:
        """Whole years."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def over_89(self) -> bool:
        """Whether the patient is over 89 on the last day in the files: ages before it would then tell the age too."""
        days = [visit.visited_on for visit in self.visits]
        days += [
            day
            for visit in self.visits
            for each in visit.side_effects
            for day in (each.started_on, each.ended_on)
            if day
        ]
        days += [visit.response.measured_on for visit in self.visits if visit.response.measured_on]
        return bool(days) and self.age_on(max(days)) > OLDEST_AGE


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ids of the reference. Anything else becomes "other", so that no words of a person pass as an id."""

    muscles: Collection[str]
    products: Collection[str]
    indications: Collection[str]
    side_effects: Collection[str]
    guidance: Collection[str]
    product_columns: Sequence[str] = ()
    score_columns: Sequence[tuple[str, str]] = field(default=())
    response_score_columns: Sequence[tuple[str, str]] = field(default=())
    criteria: Collection[str] = ()


def injection_rows(subject: Subject, words: Vocabulary) -> Iterator[Row]:
    """One row for each muscle and side of each cycle."""
    for cycle, visit in enumerate(subject.cycles, 1):
        for number, given in enumerate(visit.injections, 1):
            yield {
                "patient": subject.pseudonym,
                "cycle": cycle,
                "injection": number,
                "injected_on": subject.shifted(visit.visited_on),
                "indication": _known(given.indication or visit.indication, words.indications),
                "product": _known(given.product, words.products),
                "muscle": _known(given.muscle, words.muscles),
                "side": given.side,
                "units": given.units,
                "volume_ml": given.volume_ml,
                "points": given.points,
                "guidance": _listed(_known(way, words.guidance) for way in given.guidance),
                "vial_units": given.vial_units,
                "diluent_ml": given.diluent_ml,
                "note": given.note,
            }


def cycle_rows(subject: Subject, words: Vocabulary) -> Iterator[Row]:
    """One row for each visit in which something was injected; units for each product by itself."""
    cycles, over_89 = subject.cycles, subject.over_89
    for place, visit in enumerate(cycles):
        before = cycles[place - 1] if place else None
        after = cycles[place + 1] if place + 1 < len(cycles) else None
        row: Row = {
            "patient": subject.pseudonym,
            "cycle": place + 1,
            "injected_on": subject.shifted(visit.visited_on),
            "sex": subject.sex,
            "age_years": None if over_89 else subject.age_on(visit.visited_on),
            "over_89": over_89,
            "indication": _known(visit.indication, words.indications),
            "products": _listed(sorted({_known(each.product, words.products) for each in visit.injections})),
            "muscles": len({(each.muscle, each.side) for each in visit.injections}),
            "planned_weeks": visit.planned_weeks,
            "days_since_previous": None if before is None else (visit.visited_on - before.visited_on).days,
            "days_to_next": None if after is None else (after.visited_on - visit.visited_on).days,
            "side_effects_asked": visit.asked_none or bool(visit.side_effects),
            "side_effects": len(visit.side_effects),
            "assessment": visit.assessment,
            "plan": visit.plan,
            "complications": visit.complications,
        }
        for product in words.product_columns:
            given = (each.units for each in visit.injections if each.product == product)
            row[units_name(product)] = sum(given, Decimal(0))
        for severity in Severity:
            row[severity_name(severity)] = sum(each.severity is severity for each in visit.side_effects)
        row |= _response(visit.response, visit.visited_on)
        row |= _scores(visit.scores, words.score_columns, score_name)
        row |= _scores(visit.response.scores, words.response_score_columns, response_score_name)
        yield row


def side_effect_rows(subject: Subject, words: Vocabulary) -> Iterator[Row]:
    """One row for each side effect, in the order of their starts."""
    cycle, followed = 0, []
    for visit in subject.visits:
        cycle += bool(visit.injections)
        followed += [(effect, visit, cycle if visit.injections else None) for effect in visit.side_effects]
    followed.sort(key=lambda each: (each[0].started_on, each[1].visited_on))
    for number, (effect, visit, cycle_or_none) in enumerate(followed, 1):
        ended = effect.ended_on
        muscles = ((_known(muscle, words.muscles), side) for muscle, side in effect.muscles)
        yield {
            "patient": subject.pseudonym,
            "side_effect": number,
            "cycle": cycle_or_none,
            "kind": _known(effect.kind, words.side_effects),
            "severity": effect.severity,
            "started_on": subject.shifted(effect.started_on),
            "ended_on": None if ended is None else subject.shifted(ended),
            "days_after_injection": (effect.started_on - visit.visited_on).days,
            "days_long": None if ended is None else (ended - effect.started_on).days,
            "red_flag": effect.red_flag,
            "learned": effect.learned,
            "serious": effect.serious,
            "serious_criteria": _listed(_known(each, words.criteria) for each in effect.criteria),
            "suspected_muscles": _listed(f"{muscle}:{side}" for muscle, side in muscles),
            "other": effect.other,
            "action": effect.action,
            "resolved_note": effect.resolved_note,
        }


def _response(response: ResponseFact, visited_on: date) -> Row:
    measured = response.measured_on
    return {
        "response_first_day": response.first_day,
        "response_best_percent": response.best_percent,
        "response_wore_off_week": response.wore_off_week,
        "response_patient_impression": response.patient_impression,
        "response_clinician_impression": response.clinician_impression,
        "response_pain": response.pain,
        "response_scales_day": None if measured is None else (measured - visited_on).days,
        "response_note": response.note,
    }


def _scores(scores: Scores, columns: Sequence[tuple[str, str]], name: Callable[[str, str], str]) -> Row:
    row: Row = {}
    for wanted in columns:
        noted = [points for scale, subscale, points in scores if (scale, subscale) == wanted]
        row[name(*wanted)] = noted[0] if len(noted) == 1 else None
    return row


def _known(word: str, words: Collection[str]) -> str:
    return word if word in words else OTHER


def _listed(words: Iterator[str] | list[str]) -> str:
    return ";".join(words)
