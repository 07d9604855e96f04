"""Whatever one entry names, another entry is. Exceptions are listed with their reason."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from clinic_app.reference import Reference
from clinic_app.reference.entries import ReferenceFile
from clinic_app.reference.muscles import BRAND_NOT_STATED

#: Uses that codes or labels cover and that are no indications of this clinic.
NOT_TREATED_HERE = {
    "chronic_migraine",
    "axillary_hyperhidrosis",
    "hyperhidrosis_other",
    "strabismus",
    "overactive_bladder",
    "neurogenic_detrusor_overactivity",
}
#: Cosmetic uses on the labels.
COSMETIC_USES = {"glabellar_lines", "upper_facial_lines"}
#: The label's own words for limbs and ages; Product.label_indications finds them from the clinic's indication.
LABEL_WORDS = {
    "adult_upper_limb_spasticity",
    "adult_lower_limb_spasticity",
    "adult_spasticity_combined",
    "pediatric_upper_limb_spasticity",
    "pediatric_lower_limb_spasticity",
}
#: Incidence rows give the trial's indication in plain English, to be shown and not looked up.
INCIDENCE_WORDS = {"blepharospasm", "glabellar lines", "cervical dystonia"}


def files(reference: Reference) -> tuple[ReferenceFile, ...]:
    return (
        reference.muscles_file,
        reference.toxins_file,
        reference.side_effects_file,
        reference.indications_file,
        reference.codes,
        reference.scales_file,
    )


def cited(value: object) -> Iterator[str]:
    """Every source that a file cites, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if str(key).endswith("source") and isinstance(inner, list):
                yield from inner
            elif key != "sources":
                yield from cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from cited(inner)


def test_every_cited_source_stands_in_the_same_file(reference: Reference) -> None:
    for file in files(reference):
        assert set(cited(msgspec.to_builtins(file))) <= set(file.sources), file.file


def test_a_source_means_the_same_in_every_file(reference: Reference) -> None:
    for file in files(reference):
        for name, source in file.sources.items():
            assert reference.sources[name] == source


def test_no_id_is_given_twice(reference: Reference) -> None:
    lists: tuple[Iterable[str], ...] = (
        [each.id for each in reference.muscles_file.muscles],
        [
            *[each.id for each in reference.toxins_file.products],
            *[each.id for each in reference.toxins_file.cosmetic_only],
        ],
        [each.id for each in reference.side_effects_file.effects],
        [each.id for each in reference.indications_file.indications],
        [each.id for each in reference.scales_file.scales],
        [
            *[each.code for each in reference.codes.procedures],
            *[each.code for each in reference.codes.guidance],
            *[each.code for each in reference.codes.retired],
        ],
    )
    for ids in lists:
        assert [each for each, count in Counter(ids).items() if count > 1] == []


def test_muscles_use_the_words_listed_in_their_file(reference: Reference) -> None:
    file = reference.muscles_file
    for muscle in file.muscles:
        assert muscle.region in file.regions
        assert set(muscle.views) <= set(file.views)
        assert set(muscle.patterns) <= set(file.pattern_ids)
        assert set(muscle.local_effects) <= set(file.local_effect_ids)


def test_every_listed_pattern_and_local_effect_is_used(reference: Reference) -> None:
    muscles = reference.muscles.values()
    assert {p for muscle in muscles for p in muscle.patterns} == set(reference.muscles_file.pattern_ids)
    assert {e for muscle in muscles for e in muscle.local_effects} == set(reference.muscles_file.local_effect_ids)


def test_every_local_effect_belongs_to_exactly_one_side_effect(reference: Reference) -> None:
    named = Counter(local for effect in reference.side_effects.values() for local in effect.local_effect_ids)
    assert named == Counter(reference.muscles_file.local_effect_ids)


def test_side_effects_name_known_muscles_and_products(reference: Reference) -> None:
    for effect in reference.side_effects.values():
        assert set(effect.risk_muscles) <= set(reference.muscles)
        assert {row.product for row in effect.incidence} <= set(reference.products)
        assert {row.indication for row in effect.incidence} - {""} <= INCIDENCE_WORDS


def test_doses_are_of_known_products_or_of_an_unstated_brand(reference: Reference) -> None:
    products = {row.product for muscle in reference.muscles.values() for row in muscle.doses}
    # The published page did not name the brand: shown as text, never compared.
    assert products - set(reference.products) == {BRAND_NOT_STATED}


def test_the_product_without_muscle_doses_is_the_newest_one(reference: Reference) -> None:
    products = {row.product for muscle in reference.muscles.values() for row in muscle.doses}
    assert set(reference.products) - products == {"daxibotulinumtoxinA"}


def test_a_muscle_has_doses_or_says_why_not(reference: Reference) -> None:
    for muscle in reference.muscles.values():
        assert bool(muscle.doses) != bool(muscle.dose_note), muscle.id


def test_every_low_dose_is_at_most_the_high_one(reference: Reference) -> None:
    for muscle in reference.muscles.values():
        for row in muscle.doses:
            assert row.low is None or 0 < row.low <= row.high


def test_muscles_counted_together_exist(reference: Reference) -> None:
    for muscle in reference.muscles.values():
        for row in muscle.doses:
            together = muscle.counted_with(row)
            assert muscle.id in together
            assert together <= set(reference.muscles)


def test_every_label_row_says_which_indication_it_is_of(reference: Reference) -> None:
    spoken_of = {
        indication
        for muscle in reference.muscles.values()
        for row in muscle.doses
        if row.from_us_label
        for indication in row.label_indications
    }
    assert spoken_of - set(reference.indications) == {"chronic_migraine", "strabismus"}


def test_rows_that_are_not_of_the_label_speak_of_no_indication(reference: Reference) -> None:
    (row,) = (row for row in reference.muscle("masseter").doses)
    assert (row.basis, row.label_indications) == ("expert_range", ())


def test_indications_name_known_muscles_scales_products_and_components(reference: Reference) -> None:
    for indication in reference.indications.values():
        assert set(indication.usual_muscles) <= set(reference.muscles)
        assert set(indication.scales) <= set(reference.scales)
        assert {*indication.us_label_products, *indication.uk_label_products} <= set(reference.products)
        classes = reference.indications_file.body_distribution_classes
        assert indication.distribution in classes or not indication.dystonia
    assert set(reference.indication("cervical_dystonia").components) == set(reference.components)


def test_scales_are_used_for_known_indications_or_for_any(reference: Reference) -> None:
    for scale in reference.scales.values():
        assert set(scale.used_for) <= {*reference.indications, "any"}


def test_codes_are_used_for_known_indications_or_for_uses_outside_this_clinic(reference: Reference) -> None:
    used_for = {use for code in reference.codes.procedures for use in code.used_for}
    assert used_for - set(reference.indications) == NOT_TREATED_HERE


def test_codes_refer_to_known_codes(reference: Reference) -> None:
    known = {each.code for each in reference.codes.procedures} | {each.code for each in reference.codes.guidance}
    for code in reference.codes.procedures:
        assert {*code.addon_to, *code.do_not_add} <= known


def test_drug_codes_agree_with_the_products(reference: Reference) -> None:
    from_codes = {drug.product: (drug.code, drug.units_per_billing_unit) for drug in reference.codes.drugs}
    from_products = {
        product.id: (product.billing.hcpcs, product.billing.units_per_billing_unit)
        for product in reference.products.values()
    }
    assert from_codes == from_products


def test_label_indications_are_known_or_outside_this_clinic(reference: Reference) -> None:
    named = {entry.id for product in reference.products.values() for entry in product.us_indications}
    treated = {
        entry.id
        for product in reference.products.values()
        for indication in reference.indications
        for entry in product.label_indications(indication)
    }
    assert named - treated <= NOT_TREATED_HERE | COSMETIC_USES
    assert treated - set(reference.indications) == LABEL_WORDS


def test_indications_agree_with_the_labels_on_which_products_cover_them(reference: Reference) -> None:
    for indication in reference.indications.values():
        labelled = {product.id for product in reference.products.values() if product.label_indications(indication.id)}
        assert labelled == set(indication.us_label_products), indication.id


def test_class_facts_name_known_products(reference: Reference) -> None:
    facts = reference.class_facts
    for entry in facts.caution_conditions:
        assert {*entry.applies_to, *entry.not_in} <= set(reference.products)
    assert set(facts.boxed_warning.applies_to) == set(reference.products)


@pytest.mark.parametrize("product_id", ["onabotulinumtoxinA", "abobotulinumtoxinA", "incobotulinumtoxinA"])
def test_mixing_tables_are_right_arithmetic(reference: Reference, product_id: str) -> None:
    product = reference.product(product_id)
    for row in product.reconstitution:
        assert row.vial_units in product.vials_units
        assert row.u_per_0_1_ml == row.vial_units / row.diluent_ml / 10
