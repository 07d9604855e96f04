"""The checks of the record against contraindications, cautions and interactions."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart
from clinic_app.rules.days import months_before
from clinic_app.rules.findings import Finding, Level, about, finding, stop_if
from clinic_app.rules.names import indication_name, product_name

if TYPE_CHECKING:
    from clinic_app.reference.toxins import Product

# Other ways of writing what the reference names; no medical facts of their own.
_ALLERGY_WORDS = {
    "hypersensitivity": ("hypersensitivity", "botulin"),
    "cows_milk_protein_allergy": ("cows milk", "cow s milk", "milk", "casein"),
}
_CONDITION_WORDS = {
    "neuromuscular_junction_or_motor_neuron_disease": (
        "neuromuscular",
        "myasthen",
        "lambert eaton",
        "motor neuron",
        "amyotrophic lateral sclerosis",
    ),
    "preexisting_dysphagia_or_breathing_difficulty": ("dysphagia", "swallow", "breathing", "dyspn"),
    "compromised_respiratory_function": ("respiratory", "copd", "chronic obstructive"),
    "preexisting_cardiovascular_disease": ("cardiovascular", "heart", "coronary"),
}
_MEDICINE_WORDS = {
    "neuromuscular_transmission_blockers": ("neuromuscular", "muscle relaxants for surgery"),
    "muscle_relaxants": ("benzodiazepine",),
    "anticoagulants_antiplatelets": ("anticoagulant", "antiplatelet", "blood thinner"),
}
_PREGNANCY_WORDS = ("pregnan",)
_BREASTFEEDING_WORDS = ("breastfe", "breast fe", "lactat")
#: These have a check of their own or are no condition of the patient.
_NOT_CONDITIONS = ("pregnancy_or_lactation", "human_albumin_excipient")
_ALLERGIES = ("hypersensitivity", "cows_milk_protein_allergy")
#: "Within about 4 months", toxins.yaml, other_botulinum_toxin.
_OTHER_TOXIN_MONTHS = 4


def allergy(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``patient.allergy``: allergies against the contraindications of the products charted."""
    for product_id in chart.products:
        product = reference.products.get(product_id)
        for entry in product.contraindications if product is not None else ():
            if entry.id not in _ALLERGIES:
                continue
            phrases = (*_ALLERGY_WORDS[entry.id], entry.id, entry.text)
            if entry.id == "hypersensitivity":
                phrases += _toxin_names(reference) + _excipients(reference, product_id)
            for text in chart.patient.allergies:
                if _mentions(text, phrases):
                    yield finding(
                        "patient.allergy",
                        stop_if(entry.fully_verified),
                        product_id,
                        source=entry.source,
                        verified=entry.fully_verified,
                        allergy=text,
                        contraindication=entry.text,
                        product=product_name(reference, product_id, chart.region),
                    )


def condition(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``patient.condition``: conditions against the cautions of the class and a product's other contraindications."""
    for caution in reference.class_facts.caution_conditions:
        concerned = not chart.products or any(caution.concerns(product) for product in chart.products)
        if caution.id in _NOT_CONDITIONS or not concerned:
            continue
        phrases = (caution.id, *caution.examples, *_CONDITION_WORDS.get(caution.id, ()))
        for text in chart.patient.conditions:
            if _mentions(text, phrases):
                yield finding(
                    "patient.condition",
                    Level.WARN,
                    caution.id,
                    source=caution.source,
                    verified=caution.fully_verified,
                    condition=_plain(text),
                    reason=caution.reason,
                )
    for product_id in chart.products:
        product = reference.products.get(product_id)
        for entry in product.contraindications if product is not None else ():
            for text in chart.patient.conditions:
                if entry.id not in _ALLERGIES and _mentions(text, (entry.id, entry.text)):
                    yield finding(
                        "patient.condition",
                        Level.WARN,
                        entry.id,
                        source=entry.source,
                        verified=entry.fully_verified,
                        variant="contraindication",
                        condition=_plain(text),
                        reason=entry.text,
                        product=product_name(reference, product_id, chart.region),
                    )


def interaction(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``patient.interaction``: classes of medicine, and another toxin within about four months."""
    for entry in reference.class_facts.drug_interactions:
        if entry.id == "other_botulinum_toxin":
            for other in _other_toxins(chart):
                yield finding(
                    "patient.interaction",
                    Level.WARN,
                    entry.id,
                    source=entry.source,
                    verified=entry.fully_verified,
                    variant="other_toxin" if other else "unknown_toxin",
                    product=product_name(reference, other, chart.region),
                    effect=entry.effect,
                )
        phrases = (entry.id.removesuffix("s"), *entry.examples, *_MEDICINE_WORDS.get(entry.id, ()))
        for text in chart.patient.medicine_classes:
            if _mentions(text, phrases):
                yield finding(
                    "patient.interaction",
                    Level.WARN,
                    entry.id,
                    source=entry.source,
                    verified=entry.verified,  # where a part is not verified, it is the examples, not the effect
                    medicine=_plain(text),
                    effect=entry.effect,
                )


def pregnancy(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``patient.pregnancy``: pregnancy or breastfeeding, as such or among the conditions."""
    said = chart.patient.conditions
    pregnant = chart.patient.pregnant or any(_mentions(text, _PREGNANCY_WORDS) for text in said)
    if not (pregnant or chart.patient.breastfeeding or any(_mentions(text, _BREASTFEEDING_WORDS) for text in said)):
        return
    for caution in reference.class_facts.caution_conditions:
        if caution.id == "pregnancy_or_lactation":
            yield finding(
                "patient.pregnancy",
                Level.WARN,
                source=caution.source,
                verified=caution.fully_verified,
                variant="" if pregnant else "breastfeeding",
                reason=caution.reason,
            )


def age(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``patient.age``: younger or older than the label's population, or a child in a use without one.

    Every product is looked at in each indication that it is charted for.
    """
    years = chart.age
    if years is None:
        return
    for product_id in chart.products:
        product = reference.products.get(product_id)
        if product is None:
            continue
        for indication in chart.indications_of(product_id):
            yield from _age_outside(chart, reference, product, indication, years)


def _age_outside(
    chart: Chart, reference: Reference, product: "Product", indication: str, years: int
) -> Iterator[Finding]:
    entries = product.label_indications(indication)
    if any(entry.covers_age(years) for entry in entries) or not (entries or chart.is_child):
        return
    read = entries or product.us_indications  # off the label, what was read is that it is not on it
    yield finding(
        "patient.age",
        Level.WARN,
        about(product.id, indication, chart.indications_of(product.id)),
        source=dict.fromkeys(source for entry in read for source in entry.source),
        verified=all(entry.fully_verified for entry in read),
        variant="" if entries else "off_label",
        years=years,
        product=product_name(reference, product.id, chart.region),
        indication=indication_name(reference, indication),
        population="; ".join(dict.fromkeys(entry.population or "adults" for entry in entries)),
    )


def unmatched(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``patient.unmatched``: allergies, conditions and medicines that none of the checks above knows.

    Not among the charting checks: most entries of a record do not matter to toxin. Who hands a chart to the program
    from outside must hear that an entry, perhaps a misspelled one, was not looked at.
    """
    facts = chart.patient
    for kind, texts, known in (
        ("allergies", facts.allergies, _known_allergies(reference)),
        ("conditions", facts.conditions, _known_conditions(reference)),
        ("medicines", facts.medicine_classes, _known_medicines(reference)),
    ):
        for text in texts:
            if not _mentions(text, known):
                subject = f"{kind}/{_plain(text)}"
                yield finding("patient.unmatched", Level.INFO, subject, kind=kind, entry=text)


def _known_allergies(reference: Reference) -> list[str]:
    phrases = [*_toxin_names(reference)]
    for product in reference.products.values():
        phrases += _excipients(reference, product.id)
        for entry in product.contraindications:
            if entry.id in _ALLERGIES:
                phrases += [entry.id, entry.text, *_ALLERGY_WORDS[entry.id]]
    return phrases


def _known_conditions(reference: Reference) -> list[str]:
    phrases = [*_PREGNANCY_WORDS, *_BREASTFEEDING_WORDS]
    for caution in reference.class_facts.caution_conditions:
        phrases += [caution.id, *caution.examples, *_CONDITION_WORDS.get(caution.id, ())]
    for product in reference.products.values():
        for entry in product.contraindications:
            if entry.id not in _ALLERGIES:
                phrases += [entry.id, entry.text]
    return phrases


def _known_medicines(reference: Reference) -> list[str]:
    phrases: list[str] = []
    for entry in reference.class_facts.drug_interactions:
        phrases += [entry.id.removesuffix("s"), *entry.examples, *_MEDICINE_WORDS.get(entry.id, ())]
    return phrases


def _toxin_names(reference: Reference) -> tuple[str, ...]:
    """An allergy to one toxin forbids every other: "allergy to any botulinum toxin or a component"."""
    brands = [brand for product in reference.products.values() for brand in product.brands]
    brands += [brand for product in reference.cosmetic_products.values() for brand in product.brands]
    return (*reference.products, *reference.cosmetic_products, *(brand.name for brand in brands))


def _excipients(reference: Reference, product: str) -> tuple[str, ...]:
    cautions = reference.class_facts.caution_conditions
    return tuple("albumin" for entry in cautions if entry.id == "human_albumin_excipient" and entry.concerns(product))


def _other_toxins(chart: Chart) -> list[str]:
    """Products given within about four months that are, or may be, another than today's."""
    since = months_before(chart.visited_on, _OTHER_TOXIN_MONTHS)
    return sorted(
        {
            each.product
            for each in chart.earlier
            if chart.products and since <= each.on <= chart.visited_on and (each.product,) != chart.products
        }
    )


def _mentions(text: str, phrases: Iterable[str]) -> bool:
    """Whether a word of ``text`` begins with a phrase; a phrase of up to three letters must be a whole word."""
    folded = f" {_plain(text)} "
    for phrase in phrases:
        plain = _plain(phrase)
        if f" {plain} " in folded or (len(plain) > 3 and f" {plain}" in folded):
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
