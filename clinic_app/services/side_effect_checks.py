"""What can be true of a side effect, what it asks for, and whether it is on record already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Injection, SideEffect, SuspectedMuscle, Visit
from clinic_app.reference.catalogue import Reference
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import ReportState, Severity
from clinic_app.typed_text import clean

LONGEST_OTHER = 300
SERIOUS_IN_ITSELF = {Severity.LIFE_THREATENING: "life threatening", Severity.FATAL: "death"}
"""Severities that are a criterion of seriousness, with the reference's word for it."""


def checked(session: Session, reference: Reference, form: SideEffectForm, today: date) -> Visit:
    """The visit that the side effect followed. Raises ClinicError with the field that cannot be."""
    visit = session.get(Visit, form.visit_id)
    if visit is None:
        raise NotFound("visit_not_found")
    other = clean(form.other)
    if not form.kind and not other:
        raise ClinicError("side_effect_kind_missing", field="kind")
    if form.kind and form.kind not in reference.side_effects:
        raise ClinicError("side_effect_kind_missing", field="kind")
    if len(other) > LONGEST_OTHER:
        raise ClinicError("text_too_long", field="other", limit=LONGEST_OTHER)
    if form.kind and form.red_flag is None and reference.side_effects[form.kind].red_flag == "conditional":
        raise ClinicError("red_flag_not_asked", field="red_flag")
    if form.severity is None:
        raise ClinicError("side_effect_severity_missing", field="severity")
    _check_days(form, visit.visited_on, today)
    unknown = set(form.serious_criteria) - set(reference.side_effects_file.seriousness.criteria)
    if unknown or (form.serious is True and not _criteria(form)):
        raise ClinicError("side_effect_criteria_missing", field="serious_criteria")
    query = select(Injection.muscle, Injection.side).where(Injection.visit_id == visit.id)
    injected = {(muscle, side) for muscle, side in session.execute(query)}
    for muscle, side in form.muscles:
        if (muscle, side) not in injected:
            name = reference.muscle(muscle).name
            raise ClinicError(
                "side_effect_muscle_not_injected", field="muscles", muscle=name, side=side.value, day=visit.visited_on
            )
    return visit


def fill(effect: SideEffect, reference: Reference, form: SideEffectForm) -> None:
    """Write a checked form into the record.

    A correction can raise a red flag but never lowers one: only a physician's note resolves it. A report that was
    made stays made.
    """
    assert form.severity is not None and form.started_on is not None  # checked before
    entry = reference.side_effects.get(form.kind)
    effect.kind, effect.other = form.kind, clean(form.other)
    effect.severity = form.severity
    effect.started_on, effect.ended_on = form.started_on, form.ended_on
    effect.action = clean(form.action)
    effect.muscles = [SuspectedMuscle(muscle=muscle, side=side) for muscle, side in dict.fromkeys(form.muscles)]
    if form.learned is not None:
        effect.learned = form.learned
    effect.red_answer = form.red_flag if entry is not None and entry.red_flag == "conditional" else None
    always = entry is not None and entry.always_red_flag
    effect.red_flag = bool(effect.red_flag) or always or form.red_flag is True
    effect.serious_criteria = list(_criteria(form))
    effect.serious = True if effect.serious_criteria else form.serious
    if effect.report is not ReportState.REPORTED:
        effect.report = report_needed(effect, reference)


def raises_another_flag(effect: SideEffect, reference: Reference, form: SideEffectForm) -> bool:
    """Whether the change is a red flag that the physician who resolved this one did not see."""
    entry = reference.side_effects.get(form.kind)
    if entry is not None and entry.always_red_flag:
        return form.kind != effect.kind
    return form.red_flag is True and (form.kind, True) != (effect.kind, effect.red_answer)


def report_needed(effect: SideEffect, reference: Reference) -> ReportState:
    """Whether the regulator must hear of it: kinds that the reference says always, the others when serious."""
    entry = reference.side_effects.get(effect.kind)
    always = entry is not None and entry.reportable == "always"
    return ReportState.TO_BE_REPORTED if always or effect.serious is True else ReportState.NOT_NEEDED


@dataclass(frozen=True, slots=True)
class Spell:
    """What a side effect is and when it lasted; ``ended_on`` is None while it goes on. Both days belong to it."""

    kind: str
    other: str
    started_on: date
    ended_on: date | None

    def same_as(self, other: "Spell") -> bool:
        """The same kind at an overlapping time; in own words, the same words."""
        if (self.kind, self._words()) != (other.kind, other._words()):
            return False
        return self._begins_by(other.ended_on) and other._begins_by(self.ended_on)

    def _words(self) -> str:
        return "" if self.kind else " ".join(self.other.casefold().split())

    def _begins_by(self, day: date | None) -> bool:
        return day is None or self.started_on <= day


def twin_of(session: Session, form: SideEffectForm, changed: SideEffect | None = None) -> SideEffect | None:
    """Another report of the same thing after the same visit.

    A change of ``changed`` is asked about only where it makes two reports one that were not before.
    """
    assert form.started_on is not None
    own = Spell(form.kind, clean(form.other), form.started_on, form.ended_on)
    others = session.scalars(select(SideEffect).where(SideEffect.visit_id == form.visit_id).order_by(SideEffect.id))
    return _first_twin(own, others, changed)


def _first_twin(own: Spell, others: Iterable[SideEffect], changed: SideEffect | None) -> SideEffect | None:
    for other in others:
        if changed is not None and (other.id == changed.id or _spell(changed).same_as(_spell(other))):
            continue
        if own.same_as(_spell(other)):
            return other
    return None


def _spell(effect: SideEffect) -> Spell:
    return Spell(effect.kind, effect.other, effect.started_on, effect.ended_on)


def _check_days(form: SideEffectForm, visited_on: date, today: date) -> None:
    if form.started_on is None:
        raise ClinicError("side_effect_start_missing", field="started_on")
    if form.started_on > today:
        raise ClinicError("side_effect_in_future", field="started_on")
    if form.started_on < visited_on:
        raise ClinicError("side_effect_before_visit", field="started_on", visited_on=visited_on)
    if form.ended_on is not None and not form.started_on <= form.ended_on <= today:
        raise ClinicError("side_effect_end_impossible", field="ended_on")


def _criteria(form: SideEffectForm) -> tuple[str, ...]:
    """The criteria named, with the one that the severity is in itself."""
    severe = SERIOUS_IN_ITSELF.get(form.severity) if form.severity is not None else None
    return tuple(dict.fromkeys((*form.serious_criteria, *((severe,) if severe else ()))))
