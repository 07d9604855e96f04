"""What only the check command asks, and the words by which a record may say the same thing."""

from decimal import Decimal
from typing import Any

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.findings import Level
from clinic_app.rules.patient import unmatched
from clinic_app.rules.vials import mixing_time_missing
from clinic_app.rules.wording import words_of

from .build import ABO, ONA, RIMA, chart, checked, injection, patient, vial


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"allergies": ("Pollen", "COW'S MILK PROTEIN ALLERGY")}, ["“Pollen” among the allergies"]),
        ({"conditions": ("Myasthenia Gravis", "knock knees")}, ["“knock knees” among the conditions"]),
        ({"medicine_classes": ("BACLOFEN", "Baclophen")}, ["“Baclophen” among the medicines"]),
        ({"conditions": ("PREGNANCY_OR_LACTATION", "heart failure")}, []),
        ({"allergies": ("???",)}, ["“???” among the allergies"]),
    ],
)
def test_an_entry_that_no_check_knows_is_told(reference: Reference, facts: dict[str, Any], said: list[str]) -> None:
    found = list(unmatched(chart(patient=patient(**facts)), reference))
    assert [(each.id, each.level) for each in found] == [("patient.unmatched", Level.INFO)] * len(said)
    for each, words in zip(found, said, strict=True):
        assert words_of(each).startswith(words)


def test_every_id_text_and_example_of_the_reference_is_known(reference: Reference) -> None:
    facts = reference.class_facts
    entries = [entry for product in reference.products.values() for entry in product.contraindications]
    allergies = [entry for entry in entries if entry.id in ("hypersensitivity", "cows_milk_protein_allergy")]
    conditions = [entry for entry in entries if entry not in allergies]
    of = chart(
        patient=patient(
            allergies=tuple(name.upper() for entry in allergies for name in (entry.id, entry.text)),
            conditions=(
                *(name.upper() for entry in conditions for name in (entry.id, entry.text)),
                *(name.title() for caution in facts.caution_conditions for name in (caution.id, *caution.examples)),
            ),
            medicine_classes=tuple(
                name.upper() for entry in facts.drug_interactions for name in (entry.id, *entry.examples)
            ),
        )
    )
    assert not list(unmatched(of, reference))


@pytest.mark.parametrize("allergy", ["onabotulinumtoxinA", "INCOBOTULINUMTOXINA", "prabotulinumtoxinA"])
def test_an_allergy_to_any_toxin_by_its_generic_name_stops(reference: Reference, allergy: str) -> None:
    (found,) = checked(chart(patient=patient(allergies=(allergy,))), reference, "patient.allergy")
    assert found.level is Level.STOP


def test_a_condition_may_be_written_like_the_contraindication_itself(reference: Reference) -> None:
    of = chart(patient=patient(conditions=("Infection at the planned site",)))
    (found,) = checked(of, reference, "patient.condition")
    assert found.subject == "infection_at_site"


@pytest.mark.parametrize(
    ("condition", "variant"),
    [
        ("Pregnant, 12 weeks", ""),
        ("pregnancy_or_lactation", ""),
        ("breastfeeding", "breastfeeding"),
        ("breast-feeding", "breastfeeding"),
        ("lactation", "breastfeeding"),
        ("breast cancer", None),
    ],
)
def test_pregnancy_among_the_conditions_warns_too(reference: Reference, condition: str, variant: str | None) -> None:
    found = checked(chart(patient=patient(conditions=(condition,))), reference, "patient.pregnancy")
    assert [each.variant for each in found] == ([] if variant is None else [variant])


def test_another_toxin_among_the_medicines_warns(reference: Reference) -> None:
    of = chart(patient=patient(medicine_classes=("other_botulinum_toxin",)))
    (found,) = checked(of, reference, "patient.interaction")
    assert (found.level, found.subject) == (Level.WARN, "other_botulinum_toxin")


@pytest.mark.parametrize(
    ("product", "changes", "missing"),
    [
        (ONA, {}, True),
        (ABO, {"diluent_ml": None}, True),
        (RIMA, {"vial_units": Decimal(5000), "diluent_ml": None}, False),
        (RIMA, {"vial_units": Decimal(5000), "diluent_ml": Decimal(0)}, False),
        (RIMA, {"vial_units": Decimal(5000), "diluent_ml": Decimal(1)}, True),
        ("of nobody", {}, False),
    ],
)
def test_what_was_mixed_needs_the_time_of_mixing(
    reference: Reference, product: str, changes: dict[str, Any], missing: bool
) -> None:
    of = chart(injection("splenius_capitis/left", 50), vials=(vial(product, reconstituted_at=None, **changes),))
    found = list(mixing_time_missing(of, reference))
    assert [(each.id, each.level, each.subject) for each in found] == ([("vial.missing", Level.STOP, "v1")] * missing)
    assert not list(mixing_time_missing(chart(vials=(vial(product, **changes),)), reference))
