"""What a chart is checked against: the patient's record as plain data, read once when the chart opens."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select, true
from sqlalchemy.orm import Session

from clinic_app.errors import NotFound
from clinic_app.models import (
    Clinic,
    Diagnosis,
    DystoniaHistory,
    Injection,
    Patient,
    PatientComponent,
    SideEffect,
    SuspectedMuscle,
    Vial,
)
from clinic_app.rules import chart as charted
from clinic_app.rules.chart import ClinicChoices, EarlierInjection, EarlierSideEffect, PatientFacts
from clinic_app.services.after_visit import AfterVisit, after_visits
from clinic_app.services.answers import signers
from clinic_app.services.chart_data import ChartVial, Pattern
from clinic_app.services.clinic_rules import for_checks, own_limits, read_choices
from clinic_app.services.dose_colours import Limits, read_limits
from clinic_app.services.earlier_toxin import earlier_injections
from clinic_app.services.latest_patterns import latest_patterns
from clinic_app.services.patient_data import Entry
from clinic_app.services.patient_rows import read_entries
from clinic_app.services.vial_conflicts import VialConflicts, vial_conflicts
from clinic_app.terms import EntryKind, LabelRegion, Severity, Side


@dataclass(frozen=True, slots=True)
class ChartContext:
    """The record as the checks read it. ``region`` is whose labels the clinic works by.

    ``facts`` is what goes on without an end, ``ended`` what held until some day: ``facts_on`` has both for a visit.
    """

    patient_id: int
    birth_date: date
    region: LabelRegion
    facts: PatientFacts
    earlier: tuple[EarlierInjection, ...]
    side_effects: tuple[EarlierSideEffect, ...]
    previous_product: str
    previous: tuple[tuple[str, Side, Decimal, str], ...]
    """Muscle, side, units and product of every line of the last visit, for the differences shown."""
    dose_limits: Mapping[str, Limits]
    """The clinic's own limits of the map's dose colours, by product."""
    clinic: ClinicChoices = field(default_factory=ClinicChoices)
    """The clinic's own limits of the checks, and what it allows."""
    waste_witness: bool = False
    """Whether every waste names a second person."""
    syringe_marks: bool = False
    """Whether volumes stand as marks of a U-100 syringe too."""
    conflicts: VialConflicts = field(default_factory=VialConflicts)
    """Which of the charted vials belong to other patients."""
    patterns: tuple[Pattern, ...] = ()
    """The latest signed pattern of each indication, the most recent first."""
    indications: tuple[str, ...] = ()
    """What the patient is treated for: the history's indication, then the further diagnoses."""
    reported: tuple[AfterVisit, ...] = ()
    """What was reported after each visit that ``patterns`` come from."""
    may_override: frozenset[int] = frozenset()
    """The accounts whose written reason overrides a stop."""
    ended: tuple[Entry, ...] = ()
    """Allergies, conditions and medicines with a last day."""

    def facts_on(self, day: date) -> PatientFacts:
        """The facts with the allergies, conditions and medicines that held on a day."""
        held = [entry for entry in self.ended if entry.holds_on(day)]
        return replace(
            self.facts,
            allergies=self.facts.allergies + _listed(held, EntryKind.ALLERGY),
            conditions=self.facts.conditions + _listed(held, EntryKind.CONDITION),
            medicine_classes=self.facts.medicine_classes + _listed(held, EntryKind.MEDICINE),
        )

    @property
    def last_visit(self) -> tuple[Pattern, ...]:
        """All that the last visit gave."""
        return tuple(each for each in self.patterns if each.visit_id == self.patterns[0].visit_id)

    def last_of(self, indications: Collection[str]) -> tuple[Pattern, ...]:
        """The latest pattern of each of these indications; while none is chosen, all of the last visit."""
        chosen = {each for each in indications if each}
        return tuple(each for each in self.patterns if each.indication in chosen) if chosen else self.last_visit

    def previous_product_of(self, indication: str) -> str:
        """The product of the indication's latest pattern, else of the last visit."""
        latest = next((each for each in self.patterns if each.indication == indication), None)
        return latest.products[0] if latest is not None and latest.products else self.previous_product


# Built once: to put a question together takes several times as long as to ask it.
_WHO: BindParameter[int] = bindparam("patient_id")
_RECORD = (
    select(
        Patient.birth_date,
        Patient.sex,
        Patient.weight_kg,
        Patient.pregnant,
        Patient.breastfeeding,
        DystoniaHistory.indication,
        Clinic.label_region,
        Clinic.choices,
        Clinic.time_zone,
    )
    .outerjoin(DystoniaHistory, DystoniaHistory.patient_id == Patient.id)
    .join(Clinic, true())  # always one row
    .where(Patient.id == _WHO)
)
_COMPONENTS = (
    select(PatientComponent.component, PatientComponent.side)
    .where(PatientComponent.patient_id == _WHO)
    .order_by(PatientComponent.id)
)
_DIAGNOSES = select(Diagnosis.indication).where(Diagnosis.patient_id == _WHO).order_by(Diagnosis.id)
_SIDE_EFFECTS = (
    select(
        SideEffect.id,
        SideEffect.kind,
        SideEffect.severity,
        SuspectedMuscle.muscle,
        SuspectedMuscle.side,
        Injection.units,
        Vial.product,
    )
    .outerjoin(SuspectedMuscle, SuspectedMuscle.side_effect_id == SideEffect.id)
    .outerjoin(
        Injection,
        (Injection.visit_id == SideEffect.visit_id)
        & (Injection.muscle == SuspectedMuscle.muscle)
        & (Injection.side == SuspectedMuscle.side),
    )
    .outerjoin(Vial, Vial.id == Injection.vial_id)
    .where(SideEffect.patient_id == _WHO)
    .order_by(SideEffect.id)
)


def chart_context(session: Session, patient_id: int, vials: tuple[ChartVial, ...] = ()) -> ChartContext:
    """Read it, with what the chart's ``vials`` have to do with other patients. Raises NotFound."""
    connection = session.connection()
    who = {"patient_id": patient_id}
    record: Any = connection.execute(_RECORD, who).one_or_none()  # beside the outer join anything can be None
    if record is None:
        raise NotFound("patient_not_found")
    choices = replace(read_choices(record.label_region, record.choices), limits=own_limits(session))
    patterns = latest_patterns(session, patient_id)
    last = tuple(line for each in patterns if each.visit_id == patterns[0].visit_id for line in each.lines)
    visits = tuple(dict.fromkeys(each.visit_id for each in patterns))
    entries = read_entries(session, patient_id)
    indications = (record.indication, *connection.scalars(_DIAGNOSES, who))
    return ChartContext(
        patient_id=patient_id,
        birth_date=record.birth_date,
        region=record.label_region,
        facts=_facts(record, entries, connection.execute(_COMPONENTS, who).all()),
        earlier=earlier_injections(session, patient_id),
        side_effects=_side_effects(session, patient_id),
        previous_product=last[0].product if last else "",
        previous=tuple((line.muscle, line.side, line.units, line.product) for line in last),
        dose_limits=read_limits(record.choices),
        clinic=for_checks(choices, record.time_zone),
        waste_witness=choices.waste_witness,
        syringe_marks=choices.syringe_marks,
        conflicts=vial_conflicts(session, patient_id, vials),
        patterns=patterns,
        indications=tuple(dict.fromkeys(each for each in indications if each)),
        reported=after_visits(session, visits),
        may_override=frozenset(signers(session)),
        ended=tuple(entry for entry in entries if entry.until is not None),
    )


def _facts(record: Any, entries: Iterable[Entry], components: Sequence[Row[str, Side | None]]) -> PatientFacts:
    going_on = [entry for entry in entries if entry.until is None]
    return PatientFacts(
        birth_date=record.birth_date,
        sex=record.sex.value,
        weight_kg=record.weight_kg,
        allergies=_listed(going_on, EntryKind.ALLERGY),
        conditions=_listed(going_on, EntryKind.CONDITION),
        medicine_classes=_listed(going_on, EntryKind.MEDICINE),
        pregnant=record.pregnant,
        breastfeeding=record.breastfeeding,
        components=tuple((component, side.value if side else "") for component, side in components),
    )


def _listed(entries: Iterable[Entry], kind: EntryKind) -> tuple[str, ...]:
    return tuple(entry.code or entry.text for entry in entries if entry.kind is kind)


def _side_effects(session: Session, patient_id: int) -> tuple[EarlierSideEffect, ...]:
    """Each side effect with the suspected muscles and what each had got in the visit it followed."""
    found: dict[int, tuple[str, Severity]] = {}
    muscles: dict[int, list[charted.SuspectedMuscle]] = {}
    products: dict[int, str] = {}
    rows: Iterable[Any] = session.connection().execute(_SIDE_EFFECTS, {"patient_id": patient_id})
    for number, effect, severity, muscle, side, units, product in rows:
        found[number] = effect, severity
        if muscle is not None:
            muscles.setdefault(number, []).append(charted.SuspectedMuscle(muscle, side.value, units))
        if product is not None:
            products[number] = product
    return tuple(
        EarlierSideEffect(
            effect=effect,
            severity=severity.value,
            muscles=tuple(muscles.get(number, ())),
            product=products.get(number, ""),
        )
        for number, (effect, severity) in found.items()
    )
