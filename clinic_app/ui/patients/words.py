"""The plain words of the patient's page: ids of the reference and of the record as a person says them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from clinic_app.errors import ClinicError
from clinic_app.rules.names import product_name
from clinic_app.terms import AppointmentState, EntryKind, Learned, PatientStatus, Severity, Sex, Side
from clinic_app.ui.locale import age, date_text, number_text, time_text, weekday_date_text, weeks_text
from clinic_app.words import sentence

if TYPE_CHECKING:
    from clinic_app.reference.catalogue import Reference
    from clinic_app.services.patient_data import Component, PatientRow
    from clinic_app.services.visit_data import SideEffectRow

STATUSES = {
    PatientStatus.ACTIVE: "Active",
    PatientStatus.MOVED_AWAY: "Moved away",
    PatientStatus.DIED: "Died",
}
SEXES = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.OTHER: "Other", Sex.UNKNOWN: "Unknown"}
SIDES = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.MIDLINE: "Midline"}
SEVERITIES = {
    Severity.MILD: "Mild",
    Severity.MODERATE: "Moderate",
    Severity.SEVERE: "Severe",
    Severity.LIFE_THREATENING: "Life-threatening",
    Severity.FATAL: "Fatal",
}
LEARNED = {Learned.TELEPHONE: "By telephone", Learned.VISIT: "At a visit"}
STATES = {
    AppointmentState.BOOKED: "Booked",
    AppointmentState.CONFIRMED: "Confirmed",
    AppointmentState.ARRIVED: "Arrived",
    AppointmentState.IN_ROOM: "In room",
    AppointmentState.INJECTED: "Injected",
    AppointmentState.CHECKED_OUT: "Checked out",
    AppointmentState.CANCELLED: "Cancelled",
    AppointmentState.NO_SHOW: "No-show",
}
WAITED_FOR = frozenset({AppointmentState.BOOKED, AppointmentState.CONFIRMED})
"""States of appointments that are still to come."""
PRESENT = frozenset({AppointmentState.ARRIVED, AppointmentState.IN_ROOM, AppointmentState.INJECTED})
"""States of appointments whose patient is in the clinic."""
LISTS = {
    EntryKind.ALLERGY: "Allergies",
    EntryKind.CONDITION: "Conditions that matter",
    EntryKind.MEDICINE: "Medicines",
    EntryKind.TREATMENT: "Therapy",
    EntryKind.SURGERY: "Operations",
    EntryKind.TEST: "Tests",
}
_CLASSES = {
    "aminoglycosides": "Aminoglycoside antibiotic",
    "neuromuscular_transmission_blockers": "Blocks nerve-to-muscle transmission",
    "anticholinergics": "Anticholinergic",
    "muscle_relaxants": "Muscle relaxant, baclofen or benzodiazepine",
    "other_botulinum_toxin": "Another botulinum toxin",
    "anticoagulants_antiplatelets": "Anticoagulant or antiplatelet",
    "neuromuscular_junction_or_motor_neuron_disease": "Neuromuscular disease",
    "preexisting_dysphagia_or_breathing_difficulty": "Trouble swallowing or breathing",
    "compromised_respiratory_function": "Weak lungs",
    "preexisting_cardiovascular_disease": "Heart or vessel disease",
    "weakness_or_atrophy_or_inflammation_at_site": "Weakness, thinning or inflammation at the site",
    "pregnancy_or_lactation": "Pregnancy or breastfeeding",
    "hypersensitivity": "Botulinum toxin or an ingredient",
    "cows_milk_protein_allergy": "Cow's milk protein",
}
_OWN_CLASSES = {
    "dopaminergic": "Dopaminergic",
    "vmat2_inhibitor": "VMAT2 inhibitor",
}
"""Classes that the record distinguishes although the toxin's reference has nothing to say of them."""
_NOT_CONDITIONS = ("pregnancy_or_lactation", "human_albumin_excipient")
DISTRIBUTIONS = {
    "focal": "Focal: one region",
    "segmental": "Segmental: neighbouring regions",
    "multifocal": "Multifocal: regions apart",
    "generalized": "Generalized",
    "hemidystonia": "Hemidystonia: one half of the body",
}
_COMPONENT_NAMES = {"head_tremor_no_no": "Head tremor, no-no", "head_tremor_yes_yes": "Head tremor, yes-yes"}
_TOWARDS_A_SIDE = frozenset(
    {
        "torticollis",
        "torticaput",
        "laterocollis",
        "laterocaput",
        "lateral_shift",
        "jaw_deviation",
        "tongue_laterotrusion",
    }
)
"""Components that go to a side; the others are on one."""


def told(error: ClinicError) -> str:
    """The error's sentence; days in it stand as the person's locale writes them."""
    parameters = {
        name: weekday_date_text(value) if isinstance(value, date) and not isinstance(value, datetime) else value
        for name, value in error.parameters.items()
    }
    return sentence(f"errors.{error.code}", **parameters)


def born_text(birth_date: date, today: date) -> str:
    """Birth date with the age: "12 Mar 1961 (65)"."""
    return f"{date_text(birth_date)} ({age(birth_date, today)})"


def row_detail(row: PatientRow, today: date) -> str:
    """The quiet line under a name in a list."""
    return f"{born_text(row.birth_date, today)} · {row.record_number}"


def row_marks(row: PatientRow) -> str:
    """What stands out about a row: that its name is only similar to what was typed, and its status when it matters."""
    marks = ["Similar name"] if row.alike else []
    if row.status is not PatientStatus.ACTIVE:
        marks.append(STATUSES[row.status])
    return " · ".join(marks)


def plain_id(code: str) -> str:
    """An id without a word of its own, readable."""
    return code.replace("_", " ").strip().capitalize()


def class_name(code: str) -> str:
    """The class of a medicine, condition or allergy."""
    return _CLASSES.get(code) or _OWN_CLASSES.get(code) or plain_id(code)


def class_choices(reference: Reference, kind: EntryKind) -> list[tuple[str, str]]:
    """The classes that an entry of this kind can have, the empty one first."""
    facts = reference.class_facts
    if kind is EntryKind.MEDICINE:
        codes = [entry.id for entry in facts.drug_interactions if entry.id != "other_botulinum_toxin"]
        codes += list(_OWN_CLASSES)
        none = "No class that matters"
    elif kind is EntryKind.CONDITION:
        codes = [entry.id for entry in facts.caution_conditions if entry.id not in _NOT_CONDITIONS]
        none = "None of the label's cautions"
    else:
        found = {entry.id for product in reference.products.values() for entry in product.contraindications}
        codes = [code for code in ("hypersensitivity", "cows_milk_protein_allergy") if code in found]
        none = "Neither toxin nor ingredient"
    return [("", none), *((code, class_name(code)) for code in codes)]


def muscle_name(reference: Reference, muscle: str) -> str:
    """A muscle by its English name."""
    known = reference.muscles.get(muscle)
    return plain_id(muscle) if known is None else f"{known.name[:1].upper()}{known.name[1:]}"


def muscle_latin(reference: Reference, muscle: str) -> str:
    """A muscle by its Latin name, for tooltips."""
    known = reference.muscles.get(muscle)
    return "" if known is None else known.latin


def sided_muscle(reference: Reference, muscle: str, side: Side) -> str:
    """Muscle and side: "Splenius capitis, left"."""
    name = muscle_name(reference, muscle)
    return name if side is Side.MIDLINE else f"{name}, {side.value}"


def product_text(reference: Reference, product: str, region: str) -> str:
    """The product with the region's brand."""
    return product_name(reference, product, region)


def units_text(units: Decimal | None) -> str:
    """An amount with its unit: "12.5 U"."""
    return "" if units is None else f"{number_text(units)} U"


def totals_text(totals: Iterable[tuple[str, Decimal]]) -> str:
    """Units per product on one line."""
    return ", ".join(f"{product} {units_text(units)}" for product, units in totals)


def indication_name(reference: Reference, indication: str) -> str:
    """What is treated."""
    known = reference.indications.get(indication)
    return plain_id(indication) if known is None else known.name


def component_name(component: str) -> str:
    """A component without its side."""
    return _COMPONENT_NAMES.get(component) or plain_id(component)


def component_text(component: Component) -> str:
    """A component with its side: "Torticollis to the right", "Wrist flexion, left"."""
    name = component_name(component.component)
    if component.side not in (Side.LEFT, Side.RIGHT):
        return name
    return f"{name} to the {component.side.value}" if goes_to_a_side(component) else f"{name}, {component.side.value}"


def goes_to_a_side(component: Component) -> bool:
    """Whether the side is where it goes, such as that of a turned head, rather than where it is."""
    return component.component in _TOWARDS_A_SIDE


def effect_name(reference: Reference, kind: str, other: str = "") -> str:
    """A side effect in plain words."""
    known = reference.side_effects.get(kind)
    if known is None:
        return other or plain_id(kind)
    return f"{known.name}: {other}" if other else known.name


def started_text(effect: SideEffectRow) -> str:
    """When a side effect began: "2 Oct 2026 (day 8)"."""
    return f"{date_text(effect.started_on)} (day {effect.days_after})"


def ended_text(effect: SideEffectRow) -> str:
    """How long it lasted, or that it goes on."""
    if effect.ended_on is None:
        return "going on"
    days = (effect.ended_on - effect.started_on).days
    return f"{date_text(effect.ended_on)} (after {weeks_text(days)})" if days else date_text(effect.ended_on)


def ago_text(day: date, today: date) -> str:
    """How far a day lies back or ahead: "9 w 2 d ago", "in 3 w", "today"."""
    days = (today - day).days
    if days == 0:
        return "today"
    return f"{weeks_text(days)} ago" if days > 0 else f"in {weeks_text(-days)}"


def moment_text(moment: datetime) -> str:
    """Day and time: "Thu 3 Dec 2026, 10:00"."""
    return f"{weekday_date_text(moment.date())}, {time_text(moment)}"


def shortened(text: str, longest: int = 40) -> str:
    """A name for a button or message, cut with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
