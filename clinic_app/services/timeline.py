"""A patient's whole course on one axis of time, read in one go."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from clinic_app.errors import NotFound
from clinic_app.models import (
    Patient,
    PatientEntry,
    ScaleTotal,
    ToxinElsewhere,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.letterheads import letterhead_and_edition
from clinic_app.services.paper import Paper
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.treatment_rows import TreatmentRows
from clinic_app.terms import EntryKind, Side
from clinic_app.timeline.course import (
    Benefit,
    Course,
    CourseEffect,
    CourseVisit,
    Dose,
    ElsewhereDose,
    Score,
    Treatment,
    TreatmentKind,
)

_Who = dict[str, int]
"""The patient, as the questions below ask for them."""
_KINDS = {
    EntryKind.MEDICINE: TreatmentKind.MEDICINE,
    EntryKind.SURGERY: TreatmentKind.SURGERY,
    EntryKind.TREATMENT: TreatmentKind.THERAPY,
}

# Built once: to put a question together and find its text again takes several times as long as to ask it.
_WHO: BindParameter[int] = bindparam("patient_id")
_KNOWN = select(Patient.id).where(Patient.id == _WHO)
_ELSEWHERE = (
    select(ToxinElsewhere.given_on, ToxinElsewhere.product, ToxinElsewhere.units, ToxinElsewhere.place)
    .where(ToxinElsewhere.patient_id == _WHO)
    .order_by(ToxinElsewhere.given_on, ToxinElsewhere.id)
)
_SIGNED_SCORES = (
    select(Visit.visited_on, ScaleTotal.scale, ScaleTotal.subscale, ScaleTotal.value)
    .join(Visit, Visit.id == ScaleTotal.visit_id)
    .where(Visit.patient_id == _WHO)
    .order_by(ScaleTotal.id)
)
_TREATMENTS = (
    select(PatientEntry.kind, PatientEntry.code, PatientEntry.text, PatientEntry.since, PatientEntry.until)
    .where(PatientEntry.patient_id == _WHO, PatientEntry.kind.in_(_KINDS))
    .order_by(PatientEntry.since, PatientEntry.position, PatientEntry.id)
)


class Timeline:
    """The course of a patient."""

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, reference: Reference, records: RecordAccess
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def of_patient(self, actor: Actor, patient_id: int) -> Course:
        """Everything that was given and what it did, with as many statements for one visit as for many.

        Raises NotFound for a patient who is not there.
        """
        require(actor, Act.READ_RECORD)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            return self.course(session, patient_id)

    def course(self, session: Session, patient_id: int) -> Course:
        """The same inside a transaction that is open. Raises NotFound."""
        who = {"patient_id": patient_id}
        rows = TreatmentRows.of(session, patient_id)
        if not rows.visits and session.scalar(_KNOWN, who) is None:
            raise NotFound("patient_not_found")
        visits = self._visits(rows)
        elsewhere = tuple(ElsewhereDose(*row) for row in session.execute(_ELSEWHERE, who))
        return Course(
            today=local_today(self._clock, self._time_zone),
            visits=visits,
            effects=self._effects(rows),
            elsewhere=elsewhere,
            treatments=_treatments(session, who),
            scores=self._scores(rows, session, who),
            products=self._products(visits, elsewhere),
        )

    def paper(self, actor: Actor, patient_id: int) -> Paper:
        """The timeline as a document. Raises NotFound."""
        require(actor, Act.PRINT_NOTE)
        self._records.enter(actor, patient_id)
        from clinic_app.documents.letterhead import PatientIdentity
        from clinic_app.documents.timeline import TimelinePaper, timeline_document

        with self._database.reading() as session:
            course = self.course(session, patient_id)
            patient = session.get_one(Patient, patient_id)
            clinic, edition = letterhead_and_edition(session)
            name = f"{patient.given_name} {patient.family_name}".strip()
            who = PatientIdentity(name, patient.birth_date, patient.record_number)
        printed = TimelinePaper(clinic, who, course, edition)
        return Paper(
            "timeline",
            "Timeline",
            f"timeline-{course.today}",
            (partial(timeline_document, printed),),
            patients=(patient_id,),
        )

    def _visits(self, rows: TreatmentRows) -> tuple[CourseVisit, ...]:
        doses: defaultdict[int, dict[tuple[str, Side, str], Decimal]] = defaultdict(dict)
        for visit_id, muscle, side, product, units in rows.injections:
            given, what = doses[visit_id], (muscle, side, product)
            # Two lines of one muscle, from two vials of one product, are one dose.
            given[what] = given[what] + units if what in given else units
        names = {muscle: self._muscle(muscle) for muscle in {row[1] for row in rows.injections}}
        return tuple(
            CourseVisit(
                id=visit.id,
                visited_on=visit.visited_on,
                indication=self._indication(visit.indication),
                doses=tuple(
                    Dose(muscle, names[muscle], side, product, units)
                    for (muscle, side, product), units in doses[visit.id].items()
                ),
                benefit=_benefit(visit),
                asked_none=visit.id in rows.asked_none,
                brought_in=visit.import_id is not None,
            )
            for visit in rows.visits
        )

    def _effects(self, rows: TreatmentRows) -> tuple[CourseEffect, ...]:
        return tuple(
            CourseEffect(
                effect.id,
                effect.visit_id,
                effect.visited_on,
                self._effect(effect.kind, effect.other),
                effect.severity,
                effect.started_on,
                effect.ended_on,
                rows.suspected.get(effect.id, ()),
            )
            for effect in rows.side_effects
        )

    def _scores(self, rows: TreatmentRows, session: Session, who: _Who) -> tuple[Score, ...]:
        """What was scored in charts and with responses; of one score of one day, the signed one."""
        found: dict[tuple[date, str, str], Decimal] = {}
        for on, scale, part, value in session.execute(_SIGNED_SCORES, who):
            found.setdefault((on, scale, part), value)
        for noted in rows.scores:
            found.setdefault((noted.measured_on, noted.scale, noted.subscale), noted.value)
        days = sorted(found.items())  # a total stands before its subscales
        return tuple(self._score(*which, value) for which, value in days)

    def _score(self, on: date, scale: str, part: str, value: Decimal) -> Score:
        known = self._reference.scales.get(scale)
        if known is None:
            return Score(on, scale, value)
        found, name = known.score_range(part), known.score_name(part)
        return Score(on, name, value) if found is None else Score(on, name, value, found.min, found.max)

    def _products(
        self, visits: tuple[CourseVisit, ...], elsewhere: tuple[ElsewhereDose, ...]
    ) -> tuple[tuple[str, str], ...]:
        given = [(visit.visited_on, dose.product) for visit in visits for dose in visit.doses]
        given += [(dose.given_on, dose.product) for dose in elsewhere]
        given.sort(key=lambda each: each[0])
        ordered = dict.fromkeys(product for _, product in given)
        return tuple((product, self._product(product)) for product in ordered)

    def _product(self, product: str) -> str:
        known = self._reference.products.get(product)
        return product if known is None else known.generic_name

    def _muscle(self, muscle: str) -> str:
        known = self._reference.muscles.get(muscle)
        name = muscle.replace("_", " ") if known is None else known.name
        return name[:1].upper() + name[1:]

    def _effect(self, kind: str, other: str) -> str:
        known = self._reference.side_effects.get(kind)
        if known is None:
            return other or kind.replace("_", " ").capitalize()
        return f"{known.name}: {other}" if other else known.name

    def _indication(self, indication: str) -> str:
        known = self._reference.indications.get(indication)
        return indication.replace("_", " ") if known is None else known.name.partition(" (")[0]


def _benefit(visit: Any) -> Benefit | None:
    if visit.version is None:
        return None
    return Benefit(visit.first_day, visit.best_percent, visit.wore_off_week, visit.pain)


def _treatments(session: Session, who: _Who) -> tuple[Treatment, ...]:
    return tuple(
        Treatment(
            _KINDS[kind],
            _named(kind, code, text),
            PartialDate.read(since) if since else None,
            PartialDate.read(until) if until else None,
        )
        for kind, code, text, since, until in session.execute(_TREATMENTS, who)
    )


def _named(kind: EntryKind, code: str, text: str) -> str:
    """A medicine by its own name; an operation or therapy of the list by its kind, with what was said of it."""
    words = code.replace("_", " ").capitalize()
    if kind is EntryKind.MEDICINE or not words or words.casefold() == text.casefold():
        return text or words
    return f"{words}: {text}" if text else words
