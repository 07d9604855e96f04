from decimal import Decimal

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.findings import Level
from clinic_app.rules.muscle_range import ranges_shown

from .build import ABO, CHILD, INCO, ONA, RIMA, chart, checked, figures, injection, patient, vial

CHECK = "dose.muscle_range"


@pytest.mark.parametrize(("units", "outside"), [(74, True), (75, False), (450, False), (451, True)])
def test_units_are_compared_with_the_labels_range_of_the_same_indication(
    reference: Reference, units: int, outside: bool
) -> None:
    visit = chart(injection("splenius_capitis/left", units), vials=(vial(ABO, 500),))
    found = checked(visit, reference, CHECK)
    assert bool(found) is outside
    assert all(each.level is Level.WARN and not each.verified for each in found)


def test_a_verified_row_is_said_to_be_verified(reference: Reference) -> None:
    visit = chart(injection("biceps_brachii/left", 500), vials=(vial(ABO, 500),), indication="spasticity_upper")
    assert checked(visit, reference, CHECK)[0].verified


def test_a_partly_unverified_row_must_be_confirmed(reference: Reference) -> None:
    visit = chart(injection("flexor_carpi_radialis/left", 60), indication="spasticity_upper")
    assert not checked(visit, reference, CHECK)[0].verified


def test_rows_of_another_indication_expert_ranges_and_series_are_not_compared(reference: Reference) -> None:
    # masseter: expert range only; biceps: a spasticity table, and this is cervical dystonia; longus colli: a series
    visit = chart(
        injection("masseter/left", 200), injection("biceps_brachii/left", 1), injection("longus_colli/left", 75)
    )
    assert not checked(visit, reference, CHECK)


def test_a_dose_of_an_unstated_brand_is_never_compared(reference: Reference) -> None:
    assert not checked(chart(injection("genioglossus/left", 90), indication="lingual_dystonia"), reference, CHECK)


def test_the_median_of_a_trial_is_no_range(reference: Reference) -> None:
    assert not checked(chart(injection("splenius_capitis/left", 60), vials=(vial(INCO),)), reference, CHECK)


def test_one_side_above_an_upper_limit_is_told(reference: Reference) -> None:
    assert not checked(chart(injection("sternocleidomastoideus/left", 100)), reference, CHECK)
    (found,) = checked(chart(injection("sternocleidomastoideus/left", 101)), reference, CHECK)
    assert (found.variant, found.verified, figures(found)["high"]) == ("limit", True, 100)


def test_a_fixed_figure_differs_below_and_above(reference: Reference) -> None:
    def gland(units: int) -> list[str]:
        visit = chart(injection("glandula_parotidea/left", units), vials=(vial(INCO),), indication="sialorrhea")
        return [each.variant for each in checked(visit, reference, CHECK)]

    assert gland(30) == []
    assert gland(29) == gland(31) == ["figure"]


def test_a_range_for_adults_is_not_compared_in_a_child(reference: Reference) -> None:
    visit = chart(
        injection("glandula_parotidea/left", 15),
        vials=(vial(INCO),),
        indication="sialorrhea",
        patient=patient(birth_date=CHILD),
    )
    assert not checked(visit, reference, CHECK)


def test_each_side_counts_for_itself(reference: Reference) -> None:
    visit = chart(
        injection("glandula_parotidea/left", 1500),
        injection("glandula_parotidea/right", 1501),
        vials=(vial(RIMA, 5000),),
        indication="sialorrhea",
    )
    assert [each.subject for each in checked(visit, reference, CHECK)] == ["glandula_parotidea/right"]


def test_the_fascicles_of_a_finger_flexor_are_summed_once(reference: Reference) -> None:
    def fingers(units: int) -> list[dict[str, object]]:
        visit = chart(
            *(injection(f"flexor_digitorum_superficialis_d{finger}/left", units) for finger in (2, 3, 4, 5)),
            vials=(vial(ABO, 500),),
            indication="spasticity_upper",
        )
        return [figures(each) for each in checked(visit, reference, CHECK)]

    assert fingers(50) == []  # 200 together, each of them far below the 100 of the whole muscle
    (found,) = fingers(51)
    assert found["given"] == 204


@pytest.mark.parametrize(
    ("first", "second", "product", "indication", "each_gets"),
    [
        ("scalenus_anterior", "scalenus_medius", ABO, "cervical_dystonia", 160),
        ("flexor_pollicis_brevis", "opponens_pollicis", INCO, "spasticity_upper", 16),
        ("orbicularis_oculi_pretarsal", "corrugator_supercilii", INCO, "blepharospasm", 26),
    ],
)
def test_muscles_that_the_label_counts_together_are_compared_with_their_sum_once(
    reference: Reference, first: str, second: str, product: str, indication: str, each_gets: int
) -> None:
    visit = chart(
        injection(f"{first}/left", each_gets),
        injection(f"{second}/left", each_gets),
        vials=(vial(product, 500),),
        indication=indication,
    )
    (found,) = checked(visit, reference, CHECK)
    assert figures(found)["given"] == 2 * each_gets


def test_small_hand_muscles_are_compared_point_by_point(reference: Reference) -> None:
    def hand(units: int, points: int) -> bool:
        visit = chart(injection("interossei_dorsales_manus/left", units, points=points), indication="spasticity_upper")
        return bool(checked(visit, reference, CHECK))

    assert not hand(40, 4)
    assert hand(40, 3)
    assert hand(40, 0)  # no points yet: the whole against one muscle


def test_units_that_are_not_typed_yet_are_not_compared(reference: Reference) -> None:
    visit = chart(injection("splenius_capitis/left", None), vials=(vial(ABO, 500),))
    assert not checked(visit, reference, CHECK)


def test_every_published_figure_is_shown_and_those_compared_come_first(reference: Reference) -> None:
    shown = ranges_shown(reference, "biceps_brachii", ONA, "spasticity_upper")
    assert [(each.dose.basis, each.compared) for each in shown] == [
        ("us_label_table_spasticity", True),
        ("published_table_spasticity_2005", False),
    ]
    assert not any(each.compared for each in ranges_shown(reference, "biceps_brachii", ONA, "writers_cramp"))


def test_a_dose_of_an_unstated_brand_is_shown_with_every_product(reference: Reference) -> None:
    (row,) = ranges_shown(reference, "cricoarytenoideus_posterior", ONA, "laryngeal_abductor")
    assert (row.compared, row.dose.high) == (False, Decimal(5))
