from datetime import date
from decimal import Decimal

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.findings import Level

from .build import ABO, CHILD, DAXI, INCO, ONA, RIMA, chart, checked, earlier, figures, injection, patient, vial


@pytest.mark.parametrize(
    ("allergy", "product", "level"),
    [
        ("Botulinum toxin", ONA, Level.STOP),
        ("rash after Dysport", ONA, Level.STOP),
        ("hypersensitivity", INCO, Level.STOP),
        ("human albumin", ONA, Level.STOP),
        # Daxxify holds no albumin
        ("human albumin", DAXI, None),
        ("cows_milk_protein_allergy", ABO, Level.STOP),
        ("Cow's milk", ABO, Level.STOP),
        ("cow's milk", ONA, None),
        # the general contraindication of Dysport was not read on a page
        ("Botulinum toxin", ABO, Level.WARN),
        ("penicillin", ONA, None),
        ("lactose", ABO, None),
    ],
)
def test_allergies_are_compared_with_what_forbids_the_product(
    reference: Reference, allergy: str, product: str, level: Level | None
) -> None:
    visit = chart(vials=(vial(product, 100),), patient=patient(allergies=("nuts", allergy)))
    found = checked(visit, reference, "patient.allergy")
    assert [each.level for each in found] == ([] if level is None else [level])


def test_the_worse_of_two_allergies_is_told(reference: Reference) -> None:
    visit = chart(vials=(vial(ABO),), patient=patient(allergies=("botulinum toxin", "cow's milk")))
    (found,) = checked(visit, reference, "patient.allergy")
    assert (found.level, figures(found)["allergy"]) == (Level.STOP, "cow's milk")


@pytest.mark.parametrize(
    ("condition", "caution"),
    [
        ("neuromuscular_junction_or_motor_neuron_disease", "neuromuscular_junction_or_motor_neuron_disease"),
        ("Myasthenia gravis", "neuromuscular_junction_or_motor_neuron_disease"),
        ("ALS", "neuromuscular_junction_or_motor_neuron_disease"),
        ("trouble swallowing", "preexisting_dysphagia_or_breathing_difficulty"),
        ("COPD GOLD 3", "compromised_respiratory_function"),
        ("coronary heart disease", "preexisting_cardiovascular_disease"),
        ("infection_at_site", "infection_at_site"),
    ],
)
def test_conditions_are_compared_with_cautions(reference: Reference, condition: str, caution: str) -> None:
    (found,) = checked(chart(patient=patient(conditions=(condition,))), reference, "patient.condition")
    assert (found.level, found.subject) == (Level.WARN, caution)


@pytest.mark.parametrize("condition", ["also tired", "hypothyroidism", "human_albumin_excipient", "halsbandfraktur"])
def test_other_conditions_are_not(reference: Reference, condition: str) -> None:
    assert not checked(chart(patient=patient(conditions=(condition,))), reference, "patient.condition")


def test_a_caution_of_some_products_is_only_theirs(reference: Reference) -> None:
    heart = patient(conditions=("heart failure",))
    assert checked(chart(patient=heart, vials=(vial(DAXI),)), reference, "patient.condition")
    assert not checked(chart(patient=heart, vials=(vial(INCO),)), reference, "patient.condition")
    undecided = chart(injection("splenius_capitis/left", 50, vial=""), patient=heart)
    assert checked(undecided, reference, "patient.condition")


@pytest.mark.parametrize(
    ("medicine", "interaction"),
    [
        ("aminoglycoside", "aminoglycosides"),
        ("Gentamicin 240 mg", "aminoglycosides"),
        ("anticholinergic", "anticholinergics"),
        ("trihexyphenidyl", "anticholinergics"),
        ("baclofen", "muscle_relaxants"),
        ("benzodiazepine", "muscle_relaxants"),
        ("anticoagulant", "anticoagulants_antiplatelets"),
        ("apixaban", "anticoagulants_antiplatelets"),
    ],
)
def test_medicines_are_compared_with_interactions(reference: Reference, medicine: str, interaction: str) -> None:
    (found,) = checked(chart(patient=patient(medicine_classes=(medicine,))), reference, "patient.interaction")
    assert (found.level, found.subject) == (Level.WARN, interaction)


def test_medicines_that_do_not_interact_are_not_told(reference: Reference) -> None:
    visit = chart(patient=patient(medicine_classes=("dopaminergic", "VMAT2 inhibitor", "levothyroxine")))
    assert not checked(visit, reference, "patient.interaction")


@pytest.mark.parametrize(
    ("days", "product", "variant"),
    # 24 July is 123 days before 24 November
    [
        (100, ABO, "other_toxin"),
        (100, "", "unknown_toxin"),
        (100, ONA, None),
        (123, ABO, "other_toxin"),
        (124, ABO, None),
    ],
)
def test_another_toxin_within_four_months_is_told(
    reference: Reference, days: int, product: str, variant: str | None
) -> None:
    found = checked(chart(earlier=(earlier(days, product),)), reference, "patient.interaction")
    assert [each.variant for each in found] == ([] if variant is None else [variant])


@pytest.mark.parametrize(
    ("changes", "variant"),
    [
        ({"pregnant": True}, ""),
        ({"breastfeeding": True}, "breastfeeding"),
        ({"pregnant": True, "breastfeeding": True}, ""),
    ],
)
def test_pregnancy_and_breastfeeding_warn(reference: Reference, changes: dict[str, bool], variant: str) -> None:
    (found,) = checked(chart(patient=patient(**changes)), reference, "patient.pregnancy")
    assert (found.level, found.variant) == (Level.WARN, variant)
    assert not checked(chart(), reference, "patient.pregnancy")


@pytest.mark.parametrize(
    ("product", "indication", "birth_date", "variant"),
    [
        (ONA, "cervical_dystonia", CHILD, ""),
        (ONA, "blepharospasm", date(2014, 11, 24), None),  # twelve today
        (ONA, "blepharospasm", date(2014, 11, 25), ""),
        (ONA, "spasticity_upper", CHILD, None),
        (RIMA, "sialorrhea", CHILD, ""),
        (INCO, "sialorrhea", CHILD, None),
        (ONA, "writers_cramp", CHILD, "off_label"),
        # outside the label an adult has no age limit to compare with
        (ONA, "writers_cramp", date(1950, 1, 1), None),
        (ONA, "cervical_dystonia", None, None),
        ("unknown", "cervical_dystonia", CHILD, None),
    ],
)
def test_age_is_compared_with_the_labels_population(
    reference: Reference, product: str, indication: str, birth_date: date | None, variant: str | None
) -> None:
    visit = chart(
        vials=(vial(product),),
        indication=indication,
        patient=patient(birth_date=birth_date, weight_kg=Decimal(30)),
    )
    found = checked(visit, reference, "patient.age")
    assert [each.variant for each in found] == ([] if variant is None else [variant])
