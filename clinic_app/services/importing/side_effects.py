"""Rows of side effects: each belongs to the visit it followed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import SideEffect, SideEffectAnswer, Visit
from clinic_app.services.importing.meanings import Meanings
from clinic_app.services.importing.on_record import KnownPatient, OnRecord
from clinic_app.services.importing.preview import Outcome, Verdict
from clinic_app.services.importing.sheet import Row, Sheet
from clinic_app.services.importing.whom import patient_of
from clinic_app.services.side_effect_checks import Spell
from clinic_app.terms import Severity

_LONGEST_ACTION = 5000


@dataclass(frozen=True, slots=True)
class NewSideEffect:
    """A side effect to be written: of the catalogue's ``kind``, or in the file's own words in ``other``."""

    patient_id: int
    visit_id: int
    kind: str
    other: str
    severity: Severity
    started_on: date
    ended_on: date | None
    action: str


def judge_side_effects(
    session: Session, sheet: Sheet, meanings: Meanings, record: OnRecord
) -> tuple[list[Verdict], list[NewSideEffect]]:
    """The verdict on every row, and the side effects that come in."""
    visits: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for patient_id, day, visit_id in session.execute(
        select(Visit.patient_id, Visit.visited_on, Visit.id).order_by(Visit.visited_on, Visit.id)
    ):
        visits[patient_id].append((day, visit_id))
    none_reported = set(session.scalars(select(SideEffectAnswer.visit_id)))
    spells: defaultdict[int, list[Spell]] = defaultdict(list)
    for visit_id, kind, other, started_on, ended_on in session.execute(_ON_RECORD):
        spells[visit_id].append(Spell(kind, other, started_on, ended_on))
    verdicts, plan = [], []
    for each in sheet.table.rows:
        row = Row(sheet, each)
        patient, found = _read(row, meanings, record, visits)
        outcome = Outcome.JOINS
        if found is not None:
            spell = Spell(found.kind, found.other, found.started_on, found.ended_on)
            if any(spell.same_as(other) for other in spells[found.visit_id]):
                row.refuse("kind", "effect_on_record")
                outcome = Outcome.DUPLICATE
            elif found.visit_id in none_reported:
                row.refuse("kind", "effect_none_reported")
        if row.refused:
            outcome = outcome if outcome is Outcome.DUPLICATE else Outcome.REFUSED
        elif found is not None:
            plan.append(found)
            spells[found.visit_id].append(Spell(found.kind, found.other, found.started_on, found.ended_on))
        verdicts.append(_verdict(row, patient, outcome))
    return verdicts, plan


_ON_RECORD = select(SideEffect.visit_id, SideEffect.kind, SideEffect.other, SideEffect.started_on, SideEffect.ended_on)


def _read(
    row: Row, meanings: Meanings, record: OnRecord, visits: dict[int, list[tuple[date, int]]]
) -> tuple[KnownPatient | None, NewSideEffect | None]:
    patient, began, ended = patient_of(row, record), row.day("began"), row.day("ended")
    if began is None and not row.text("began"):
        row.refuse("began", "cell_empty")
    (kind, other), severity = meanings.effect(row), meanings.severity(row)
    action, visit_day = row.text("action", _LONGEST_ACTION), row.day("visit_day")
    today = row.sheet.today
    if began is not None and began > today:
        row.refuse_error("began", ClinicError("side_effect_in_future"))
    if ended is not None and not (began or ended) <= ended <= today:
        row.refuse_error("ended", ClinicError("side_effect_end_impossible"))
    if patient is None or began is None:
        return patient, None
    if patient.died_on is not None and began > patient.died_on:
        row.refuse("began", "day_after_death", day=began, died_on=patient.died_on)
    visit_id = _visit(row, visits.get(patient.row.id, []), began, visit_day)
    if visit_id is None or severity is None or row.refused:
        return patient, None
    return patient, NewSideEffect(patient.row.id, visit_id, kind, other, severity, began, ended, action)


def _visit(row: Row, visits: list[tuple[date, int]], began: date, visit_day: date | None) -> int | None:
    """The visit of the day that stands in the row, or else the latest before the side effect began."""
    if visit_day is not None:
        found = [visit_id for day, visit_id in visits if day == visit_day]
        if visit_day > began:
            row.refuse_error("visit_day", ClinicError("side_effect_before_visit", visited_on=visit_day))
        elif not found:
            row.refuse("visit_day", "no_visit_on", day=visit_day)
        return found[-1] if found else None
    before = [visit_id for day, visit_id in visits if day <= began]
    if not before:
        row.refuse("began", "no_visit_before", day=began)
        return None
    return before[-1]


def _verdict(row: Row, patient: KnownPatient | None, outcome: Outcome) -> Verdict:
    existing = None if patient is None else patient.row
    who = (
        row.text("record_number") or row.text("family_name") or row.text("name") if existing is None else existing.name
    )
    said = " · ".join(part for part in (who, row.text("kind"), row.text("began")) if part)
    return Verdict(row.number, outcome, said, tuple(row.reasons), (), existing, waits=row.waits)
