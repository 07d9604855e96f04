from decimal import Decimal

import pytest

from clinic_app.reference import Reference


def test_a_childs_cap_is_the_lower_of_weight_and_fixed_figure(reference: Reference) -> None:
    cap = reference.product("onabotulinumtoxinA").session_cap
    assert cap.pediatric_units(Decimal(20)) == 200
    assert cap.pediatric_units(Decimal(60)) == 340
    assert cap.pediatric_units(None) == 340
    assert reference.product("abobotulinumtoxinA").session_cap.pediatric_units(Decimal(20)) == 600


def test_products_without_a_figure_for_children_have_no_cap_for_them(reference: Reference) -> None:
    assert reference.product("daxibotulinumtoxinA").session_cap.pediatric_units(Decimal(20)) is None


def test_words_that_are_not_understood_are_an_error_and_not_a_missing_cap(reference: Reference) -> None:
    from msgspec.structs import replace

    cap = replace(reference.product("onabotulinumtoxinA").session_cap, pediatric="ask the label")
    with pytest.raises(ValueError, match="ask the label"):
        cap.pediatric_units(Decimal(20))


def test_only_rimabotulinumtoxinb_has_a_cap_that_is_no_label_maximum(reference: Reference) -> None:
    chosen = [p.id for p in reference.products.values() if not p.session_cap.is_label_maximum]
    assert chosen == ["rimabotulinumtoxinB"]


@pytest.mark.parametrize(
    ("product", "region", "brands"),
    [
        ("onabotulinumtoxinA", "US", ("Botox",)),
        ("onabotulinumtoxinA", "UK_EU", ("Botox",)),
        ("abobotulinumtoxinA", "US", ("Dysport",)),
        ("rimabotulinumtoxinB", "US", ("Myobloc",)),
        # withdrawn in the EU in December 2022
        ("rimabotulinumtoxinB", "UK_EU", ()),
        ("daxibotulinumtoxinA", "UK_EU", ()),
    ],
)
def test_brands_for_treatment_differ_by_region(
    reference: Reference, product: str, region: str, brands: tuple[str, ...]
) -> None:
    assert reference.product(product).brand_names(region) == brands


def test_the_contents_of_a_vial_are_its_diluent_or_its_own_solution(reference: Reference) -> None:
    powder, solution = reference.product("onabotulinumtoxinA"), reference.product("rimabotulinumtoxinB")
    assert powder.contents_ml(Decimal(100), Decimal(2)) == 2
    assert powder.contents_ml(Decimal(100), None) is None
    assert powder.contents_ml(Decimal(100), Decimal(0)) is None
    assert solution.contents_ml(Decimal(5000), None) == 1
    assert solution.contents_ml(Decimal(2500), Decimal("0.5")) == 1
    assert solution.contents_ml(Decimal(123), None) is None


@pytest.mark.parametrize(
    ("product", "indication", "ages"),
    [
        ("onabotulinumtoxinA", "cervical_dystonia", [(18, None)]),
        ("onabotulinumtoxinA", "blepharospasm", [(12, None)]),
        ("onabotulinumtoxinA", "spasticity_upper", [(18, None), (2, 17)]),
        ("abobotulinumtoxinA", "spasticity_lower", [(18, None), (18, None), (2, 17)]),
        ("incobotulinumtoxinA", "sialorrhea", [(2, None)]),
        ("onabotulinumtoxinA", "axillary_hyperhidrosis", [(0, None)]),
        ("onabotulinumtoxinA", "writers_cramp", []),
    ],
)
def test_the_labels_words_on_age_are_understood(
    reference: Reference, product: str, indication: str, ages: list[tuple[int, int | None]]
) -> None:
    assert [entry.ages for entry in reference.product(product).label_indications(indication)] == ages


def test_every_population_on_a_label_is_understood(reference: Reference) -> None:
    for product in reference.products.values():
        for entry in product.us_indications:
            if entry.population:
                assert entry.ages != (0, None), entry.population


def test_a_label_maximum_is_only_what_the_label_calls_one(reference: Reference) -> None:
    inco = {entry.id: entry.max_total_units for entry in reference.product("incobotulinumtoxinA").us_indications}
    assert inco["blepharospasm"] == 100
    assert inco["cervical_dystonia"] is None


def test_scores_are_checked_as_far_as_a_range_is_known(reference: Reference) -> None:
    tsui, free = reference.scales["tsui"].total, reference.scales["twstrs2"].total
    assert tsui.allows(Decimal(25))
    assert not tsui.allows(Decimal(26))
    assert not tsui.allows(Decimal(-1))
    assert free.allows(Decimal(1000))


def test_conditional_red_flags_are_not_red_flags_without_asking(reference: Reference) -> None:
    assert reference.side_effect("aspiration").always_red_flag
    assert not reference.side_effect("dysphagia").always_red_flag
    assert all(bool(e.red_flag_when) == (e.red_flag == "conditional") for e in reference.side_effects.values())


def test_specialist_targets_are_the_rare_ones_and_those_their_note_reserves(reference: Reference) -> None:
    assert reference.muscle("teres_minor").for_specialists
    assert reference.muscle("rectus_medialis_bulbi").for_specialists
    assert not reference.muscle("splenius_capitis").for_specialists
