from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.reference import Reference
from clinic_app.rules.totals import MuscleTotal, ProductTotal, totals_of

from .build import ABO, ONA, RIMA, chart, injection, vial

amounts = st.decimals(min_value=0, max_value=500, places=3)


def test_units_are_summed_per_product_and_per_muscle_and_side(reference: Reference) -> None:
    visit = chart(
        injection("splenius_capitis/left", 30),
        injection("splenius_capitis/left", 20, key="second", points=1),
        injection("splenius_capitis/right", 10),
        injection("splenius_capitis/left", 100, key="third", vial="v2"),
        vials=(vial(), vial(ABO, 500, key="v2", diluent_ml=Decimal(1))),
    )
    totals = totals_of(visit, reference)
    assert totals.products == (ProductTotal(ABO, Decimal(100)), ProductTotal(ONA, Decimal(60)))
    assert totals.muscles == (
        MuscleTotal("splenius_capitis", "left", ABO, Decimal(100), Decimal("0.2"), 2),
        MuscleTotal("splenius_capitis", "left", ONA, Decimal(50), Decimal(1), 3),
        MuscleTotal("splenius_capitis", "right", ONA, Decimal(10), Decimal("0.2"), 2),
    )


def test_a_ready_to_use_solution_has_a_volume_without_diluent(reference: Reference) -> None:
    visit = chart(injection("glandula_parotidea/left", 1000), vials=(vial(RIMA, 5000, diluent_ml=None),))
    assert totals_of(visit, reference).muscles[0].volume_ml == Decimal("0.2")


def test_a_volume_is_not_known_before_the_dilution_is(reference: Reference) -> None:
    visit = chart(
        injection("splenius_capitis/left", 30),
        injection("splenius_capitis/left", 30, key="second", vial="v2"),
        vials=(vial(), vial(key="v2", diluent_ml=None)),
    )
    assert totals_of(visit, reference).muscles[0].volume_ml is None


def test_a_line_without_units_counts_as_nothing(reference: Reference) -> None:
    totals = totals_of(chart(injection("splenius_capitis/left", None)), reference)
    assert totals.muscles[0].units == totals.vials[0].given == 0


@settings(deadline=None)
@given(st.lists(amounts, min_size=1, max_size=8), amounts, amounts)
def test_given_wasted_and_left_always_make_the_contents(
    reference: Reference, units: list[Decimal], contents: Decimal, wasted: Decimal
) -> None:
    lines = (injection("splenius_capitis/left", each, key=str(i)) for i, each in enumerate(units))
    visit = chart(*lines, vials=(vial(vial_units=contents, wasted_units=wasted),))
    (sums,) = totals_of(visit, reference).vials
    assert sums.given + sums.wasted + sums.left == sums.contents == contents
    assert sums.given == sum(units)


@settings(deadline=None)
@given(st.lists(amounts, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_change_a_sum(
    reference: Reference, units: list[Decimal], random: Random
) -> None:
    lines = [injection("splenius_capitis/left", each, key=str(i)) for i, each in enumerate(units)]
    first = totals_of(chart(*lines), reference)
    random.shuffle(lines)
    assert totals_of(chart(*lines), reference) == first
