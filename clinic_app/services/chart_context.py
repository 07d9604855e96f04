"""What a chart is checked against: the patient's record as plain data, read once when the chart opens."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.errors import NotFound
from clinic_app.models import Clinic, Injection, Patient, SideEffect, SuspectedMuscle
from clinic_app.rules import chart as charted
from clinic_app.rules.chart import ClinicChoices, EarlierInjection, EarlierSideEffect, PatientFacts
from clinic_app.services.after_visit import AfterVisit, after_visits
from clinic_app.services.answers import signers
from clinic_app.services.chart_data import ChartVial, Pattern
from clinic_app.services.clinic_rules import for_checks, rule_choices
from clinic_app.services.dose_colours import Limits, read_limits
from clinic_app.services.earlier_toxin import earlier_injections
from clinic_app.services.latest_patterns import latest_patterns
from clinic_app.services.patient_data import Entry
from clinic_app.services.patient_rows import entries_of
from clinic_app.services.vial_conflicts import VialConflicts, vial_conflicts
from clinic_app.terms import EntryKind, LabelRegion, Side


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


def chart_context(session: Session, patient_id: int, vials: tuple[ChartVial, ...] = ()) -> ChartContext:
    """Read it, with what the chart's ``vials`` have to do with other patients. Raises NotFound."""
    patient = session.get(Patient, patient_id)
    if patient is None:
        raise NotFound("patient_not_found")
    clinic = session.scalars(select(Clinic)).one()
    choices = rule_choices(session, clinic)
    patterns = latest_patterns(session, patient_id)
    last = tuple(line for each in patterns if each.visit_id == patterns[0].visit_id for line in each.lines)
    visits = tuple(dict.fromkeys(each.visit_id for each in patterns))
    entries = entries_of(patient)
    return ChartContext(
        patient_id=patient_id,
        birth_date=patient.birth_date,
        region=clinic.label_region,
        facts=_facts(patient, entries),
        earlier=earlier_injections(session, patient_id),
        side_effects=_side_effects(session, patient_id),
        previous_product=last[0].product if last else "",
        previous=tuple((line.muscle, line.side, line.units, line.product) for line in last),
        dose_limits=read_limits(clinic.choices),
        clinic=for_checks(choices, clinic.time_zone),
        waste_witness=choices.waste_witness,
        syringe_marks=choices.syringe_marks,
        conflicts=vial_conflicts(session, patient_id, vials),
        patterns=patterns,
        indications=_indications(patient),
        reported=after_visits(session, visits),
        may_override=frozenset(signers(session)),
        ended=tuple(entry for entry in entries if entry.until is not None),
    )


def _indications(patient: Patient) -> tuple[str, ...]:
    own = patient.history.indication if patient.history is not None else ""
    return tuple(dict.fromkeys(each for each in (own, *(d.indication for d in patient.diagnoses)) if each))


def _facts(patient: Patient, entries: Iterable[Entry]) -> PatientFacts:
    going_on = [entry for entry in entries if entry.until is None]
    return PatientFacts(
        birth_date=patient.birth_date,
        sex=patient.sex.value,
        weight_kg=patient.weight_kg,
        allergies=_listed(going_on, EntryKind.ALLERGY),
        conditions=_listed(going_on, EntryKind.CONDITION),
        medicine_classes=_listed(going_on, EntryKind.MEDICINE),
        pregnant=patient.pregnant,
        breastfeeding=patient.breastfeeding,
        components=tuple((c.component, c.side.value if c.side else "") for c in patient.components),
    )


def _listed(entries: Iterable[Entry], kind: EntryKind) -> tuple[str, ...]:
    return tuple(entry.code or entry.text for entry in entries if entry.kind is kind)


def _side_effects(session: Session, patient_id: int) -> tuple[EarlierSideEffect, ...]:
    """Each side effect with the suspected muscles and what each had got in the visit it followed."""
    rows = session.execute(
        select(SideEffect, SuspectedMuscle, Injection)
        .outerjoin(SuspectedMuscle, SuspectedMuscle.side_effect_id == SideEffect.id)
        .outerjoin(
            Injection,
            (Injection.visit_id == SideEffect.visit_id)
            & (Injection.muscle == SuspectedMuscle.muscle)
            & (Injection.side == SuspectedMuscle.side),
        )
        .where(SideEffect.patient_id == patient_id)
        .options(selectinload(Injection.vial))
        .order_by(SideEffect.id)
    )
    effects: dict[int, SideEffect] = {}
    muscles: dict[int, list[charted.SuspectedMuscle]] = {}
    products: dict[int, str] = {}
    for effect, suspect, injection in rows:
        effects[effect.id] = effect
        if suspect is not None:
            units = None if injection is None else injection.units
            muscles.setdefault(effect.id, []).append(charted.SuspectedMuscle(suspect.muscle, suspect.side.value, units))
        if injection is not None:
            products[effect.id] = injection.vial.product
    return tuple(
        EarlierSideEffect(
            effect=effect.kind,
            severity=effect.severity.value,
            muscles=tuple(muscles.get(key, ())),
            product=products.get(key, ""),
        )
        for key, effect in effects.items()
    )
