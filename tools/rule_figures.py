"""What each rule rests on: the figures and statements of the reference that it reads, with their sources."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clinic_app.reference import Reference
from clinic_app.reference.entries import Cited
from clinic_app.reference.toxins import Contraindication, LabelIndication, Product
from clinic_app.reference.units import show_ml, show_units
from clinic_app.rules import patient
from clinic_app.rules.dose import STERNOCLEIDOMASTOID, indication_figures
from clinic_app.rules.findings import KNOWLEDGE
from clinic_app.rules.muscle_range import ranges_shown
from clinic_app.rules.names import indication_name

ADULT, CHILD = 40, 10
"""Ages in years that stand for the populations of labels."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure or statement, what it is about, and where it comes from."""

    about: str
    says: str
    source: tuple[str, ...]
    verified: bool


def figures_of(rule: str, reference: Reference) -> tuple[Stated, ...]:
    """What the rule rests on, without repetition; empty for a rule of the program."""
    read = _READ_BY.get(rule)
    return () if read is None else tuple(dict.fromkeys(read(reference)))


def _stated(about: str, says: str, entry: Cited, verified: bool | None = None) -> Stated:
    return Stated(about, says, entry.source, entry.fully_verified if verified is None else verified)


def _intervals(reference: Reference) -> Iterator[Stated]:
    for product in reference.products.values():
        entry = product.min_interval_weeks
        for use, weeks in (
            ("", entry.value),
            (", sialorrhea", entry.sialorrhea),
            (", upper limb of a child", entry.pediatric_upper_limb),
        ):
            if weeks is not None:
                yield _stated(f"{product.id}{use}", f"{weeks} weeks ({weeks * 7} days)", entry, entry.verified)


def _general_caps(reference: Reference) -> Iterator[Stated]:
    for product in reference.products.values():
        cap = product.session_cap
        verified = cap.fully_verified and cap.is_label_maximum
        says = show_units(cap.adult_units) + (f", {cap.window}" if cap.window else "")
        yield _stated(product.id, says if cap.is_label_maximum else f"{says}, a choice of the program", cap, verified)
        if cap.pediatric:
            yield _stated(f"{product.id}, child", cap.pediatric, cap, verified)


def _visit_caps(reference: Reference) -> Iterator[Stated]:
    yield from _general_caps(reference)
    for product in reference.products.values():
        for indication in reference.indications:
            for age in (ADULT, CHILD):
                for figure in indication_figures(product, indication, age):
                    about = f"{product.id}, {indication_name(reference, indication)}" + (
                        ", child"
                        if age == CHILD and figure not in indication_figures(product, indication, ADULT)
                        else ""
                    )
                    yield Stated(about, show_units(figure.amount), figure.source, figure.verified)


def _muscle_ranges(reference: Reference) -> Iterator[Stated]:
    for product in reference.products:
        for muscle in reference.muscles.values():
            for indication in reference.indications:
                for row in (
                    each.dose for each in ranges_shown(reference, muscle.id, product, indication) if each.compared
                ):
                    uses = " or ".join(indication_name(reference, each) for each in row.label_indications)
                    yield _stated(", ".join(filter(None, (product, muscle.name, uses))), _range(row.low, row.high), row)


def _range(low: Decimal | None, high: Decimal) -> str:
    if low is None:
        return f"up to {show_units(high)}"
    return show_units(high) if low == high else f"{show_units(low)} to {show_units(high)}"


def _sternocleidomastoid(reference: Reference) -> Iterator[Stated]:
    for row in reference.muscle(STERNOCLEIDOMASTOID).doses:
        if row.scope == "total_both_sides" and row.product in reference.products:
            yield _stated(row.product, _range(None, row.high), row)


def _points(reference: Reference) -> Iterator[Stated]:
    for product in reference.products.values():
        if product.per_site_cap_units is not None:
            yield _stated(product.id, show_units(product.per_site_cap_units.value), product.per_site_cap_units)
        by_volume = product.per_site_cap_ml
        if by_volume is not None:
            yield _stated(product.id, show_ml(by_volume.value), by_volume)
            yield _stated(f"{product.id}, child", show_ml(by_volume.pediatric), by_volume)


def _units_are_a_products_own(reference: Reference) -> Iterator[Stated]:
    statement = reference.class_facts.non_interchangeability
    yield _stated("every product", statement.gist, statement)


def _licences(reference: Reference) -> Iterator[Stated]:
    for cosmetic in reference.cosmetic_products.values():
        yield _stated(cosmetic.id, "cosmetic licence only", cosmetic, cosmetic.verified)
    for product in reference.products.values():
        if not product.brand_names("UK_EU"):
            for entry in product.uk_eu_differences:
                yield _stated(f"{product.id}, UK and EU", entry.text, entry)


def _hours(reference: Reference) -> Iterator[Stated]:
    for product in reference.products.values():
        after = product.after_reconstitution
        yield _stated(product.id, f"{after.max_hours} hours", after, after.verified)


def _single_patient(reference: Reference) -> Iterator[Stated]:
    for product in reference.products.values():
        after = product.after_reconstitution
        yield _stated(
            product.id, "for a single patient" if after.single_patient else "for several", after, after.verified
        )


def _contraindications(reference: Reference) -> Iterator[tuple[Product, Contraindication]]:
    for product in reference.products.values():
        for entry in product.contraindications:
            yield product, entry


def _allergies(reference: Reference) -> Iterator[Stated]:
    for product, entry in _contraindications(reference):
        if entry.id in patient._ALLERGIES:
            yield _stated(product.id, entry.text, entry)


def _conditions(reference: Reference) -> Iterator[Stated]:
    for caution in reference.class_facts.caution_conditions:
        if caution.id not in patient._NOT_CONDITIONS:
            yield _stated(
                ", ".join(caution.applies_to) or "every product", f"{_plain(caution.id)}: {caution.reason}", caution
            )
    for product, entry in _contraindications(reference):
        if entry.id not in patient._ALLERGIES:
            yield _stated(product.id, entry.text, entry)


def _interactions(reference: Reference) -> Iterator[Stated]:
    for entry in reference.class_facts.drug_interactions:
        verified = entry.fully_verified if entry.id == "other_botulinum_toxin" else entry.verified
        yield _stated("every product", f"{_plain(entry.id)}: {entry.effect}", entry, verified)


def _pregnancy(reference: Reference) -> Iterator[Stated]:
    for caution in reference.class_facts.caution_conditions:
        if caution.id == "pregnancy_or_lactation":
            yield _stated("every product", caution.reason, caution)


def _ages(reference: Reference) -> Iterator[Stated]:
    for product in reference.products.values():
        known = {entry.id for each in reference.indications for entry in product.label_indications(each)}
        for entry in product.us_indications:
            says = _ages_of(entry) if entry.id in known else "a use that is none of the indications here"
            yield _stated(f"{product.id}, {_plain(entry.id)}", says, entry)


def _ages_of(entry: LabelIndication) -> str:
    if entry.population:
        return entry.population
    youngest, oldest = entry.ages
    if oldest is not None:
        return f"age {youngest} to {oldest}"
    return f"age {youngest} and older" if youngest else "no age stated"


def _anatomy(what: str) -> Callable[[Reference], Iterator[Stated]]:
    def read(_: Reference) -> Iterator[Stated]:
        yield Stated("muscles.yaml", what, (KNOWLEDGE,), False)

    return read


def _plain(name: str) -> str:
    return name.replace("_", " ")


_READ_BY: Mapping[str, Callable[[Reference], Iterator[Stated]]] = {
    "interval.too_short": _intervals,
    "dose.visit_cap": _visit_caps,
    "dose.rolling_cap": _general_caps,
    "dose.muscle_range": _muscle_ranges,
    "dose.scm_total": _sternocleidomastoid,
    "dose.point_cap": _points,
    "product.mixed": _units_are_a_products_own,
    "product.changed": _units_are_a_products_own,
    "product.cosmetic_only": _licences,
    "vial.too_old": _hours,
    "vial.unreconciled": _single_patient,
    "vial.shared": _single_patient,
    "patient.allergy": _allergies,
    "patient.condition": _conditions,
    "patient.interaction": _interactions,
    "patient.pregnancy": _pregnancy,
    "patient.age": _ages,
    "target.avoid": _anatomy("which targets are structures to keep away from"),
    "guidance.recommended": _anatomy("which kinds of guidance find a muscle"),
    "target.specialist": _anatomy("which targets are uncommon"),
    "pattern.component": _anatomy("which components a muscle serves, and on which side"),
}
