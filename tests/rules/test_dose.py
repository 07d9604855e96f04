from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.chart import ClinicChoices
from clinic_app.rules.findings import Level

from .build import ABO, CHILD, DAXI, INCO, ONA, RIMA, chart, checked, earlier, figures, injection, patient, vial

SCM = "sternocleidomastoideus"


@pytest.mark.parametrize(
    ("product", "indication", "cap", "level"),
    [
        (ONA, "cervical_dystonia", 400, Level.STOP),
        (ABO, "cervical_dystonia", 1000, Level.STOP),
        (ABO, "spasticity_upper", 1500, Level.STOP),
        (INCO, "cervical_dystonia", 400, Level.STOP),
        (INCO, "blepharospasm", 100, Level.STOP),
        # a choice of the program for a prompt, no label maximum
        (RIMA, "cervical_dystonia", 5000, Level.WARN),
        (DAXI, "cervical_dystonia", 250, Level.STOP),
    ],
)
def test_a_visit_may_reach_its_cap_and_not_pass_it(
    reference: Reference, product: str, indication: str, cap: int, level: Level
) -> None:
    def visit(units: int) -> list[Level]:
        charted = chart(injection("splenius_capitis/left", units), vials=(vial(product, 10000),), indication=indication)
        return [each.level for each in checked(charted, reference, "dose.visit_cap")]

    assert visit(cap) == []
    assert visit(cap + 1) == [level]


def test_an_unverified_cap_says_that_it_must_be_confirmed(reference: Reference) -> None:
    (found,) = checked(
        chart(injection("splenius_capitis/left", 6000), vials=(vial(RIMA, 10000),)), reference, "dose.visit_cap"
    )
    assert not found.verified


@pytest.mark.parametrize(("weight", "cap"), [("20", 200), ("60", 340), (None, 340)])
def test_a_childs_cap_follows_the_weight(reference: Reference, weight: str | None, cap: int) -> None:
    child = patient(birth_date=CHILD, weight_kg=None if weight is None else Decimal(weight))

    def visit(units: int) -> bool:
        return bool(checked(chart(injection("soleus/left", units), patient=child), reference, "dose.visit_cap"))

    assert not visit(cap)
    assert visit(cap + 1)


def test_a_childs_label_maximum_of_one_limb_counts_too(reference: Reference) -> None:
    arm = chart(
        injection("biceps_brachii/left", 201),
        patient=patient(birth_date=CHILD, weight_kg=Decimal(50)),
        indication="spasticity_upper",
    )
    (found,) = checked(arm, reference, "dose.visit_cap")
    assert figures(found)["cap"] == 200


def test_the_lowest_cap_passed_is_the_one_told(reference: Reference) -> None:
    eye = chart(injection("splenius_capitis/left", 450), vials=(vial(INCO, 500),), indication="blepharospasm")
    (found,) = checked(eye, reference, "dose.visit_cap")
    assert figures(found)["cap"] == 100


def test_the_childs_cap_ends_on_the_eighteenth_birthday(reference: Reference) -> None:
    def visit(birth_date: date) -> bool:
        charted = chart(injection("soleus/left", 350), patient=patient(birth_date=birth_date))
        return bool(checked(charted, reference, "dose.visit_cap"))

    assert visit(date(2008, 11, 25))
    assert not visit(date(2008, 11, 24))


def test_units_of_two_products_are_never_added(reference: Reference) -> None:
    two = chart(
        injection("splenius_capitis/left", 300),
        injection("splenius_capitis/right", 300, vial="v2"),
        vials=(vial(ONA, 300), vial(INCO, 300, key="v2")),
    )
    assert not checked(two, reference, "dose.visit_cap")


@pytest.mark.parametrize(("days", "counted"), [(0, True), (1, True), (83, True), (84, False)])
def test_the_rolling_cap_counts_fewer_than_84_days(reference: Reference, days: int, counted: bool) -> None:
    charted = chart(injection("splenius_capitis/left", 300), earlier=(earlier(days, units=101),))
    assert bool(checked(charted, reference, "dose.rolling_cap")) is counted


def test_the_rolling_cap_leaves_a_visit_alone_to_the_cap_of_the_visit(reference: Reference) -> None:
    assert not checked(chart(injection("splenius_capitis/left", 500)), reference, "dose.rolling_cap")


def test_the_rolling_cap_shows_its_figures_and_the_words_of_the_source(reference: Reference) -> None:
    charted = chart(
        injection("splenius_capitis/left", 200),
        earlier=(earlier(30, units=150), earlier(60, units=100, elsewhere=True, indication="chronic_migraine")),
    )
    (found,) = checked(charted, reference, "dose.rolling_cap")
    assert found.level is Level.STOP
    assert figures(found)["total"] == 450
    assert figures(found)["wording"] == "any 3-month interval"


def test_the_rolling_cap_leaves_out_other_products_and_unknown_quantities(reference: Reference) -> None:
    charted = chart(
        injection("splenius_capitis/left", 300),
        earlier=(earlier(30, ABO, 500), earlier(30, "", 500), earlier(30, ONA, None), earlier(-3, ONA, 300)),
    )
    assert not checked(charted, reference, "dose.rolling_cap")


def test_the_rolling_cap_of_the_programs_own_figure_only_warns(reference: Reference) -> None:
    charted = chart(
        injection("splenius_capitis/left", 4000), vials=(vial(RIMA, 10000),), earlier=(earlier(30, RIMA, 2000),)
    )
    (found,) = checked(charted, reference, "dose.rolling_cap")
    assert (found.level, found.verified, found.variant) == (Level.WARN, False, "")


def test_a_clinic_may_count_calendar_months_instead(reference: Reference) -> None:
    # three months before 24 November is 24 August: 92 days, the first of which does not count
    def visit(days: int) -> bool:
        charted = chart(
            injection("splenius_capitis/left", 300),
            earlier=(earlier(days, units=200),),
            clinic=ClinicChoices(rolling_months=3),
        )
        return bool(checked(charted, reference, "dose.rolling_cap"))

    assert visit(91)
    assert not visit(92)


def test_both_sternocleidomastoid_muscles_together_have_a_limit(reference: Reference) -> None:
    at_limit = chart(injection(f"{SCM}/left", 50), injection(f"{SCM}/right", 50))
    assert not checked(at_limit, reference, "dose.scm_total")
    above = chart(injection(f"{SCM}/left", 50), injection(f"{SCM}/right", "50.5"))
    (found,) = checked(above, reference, "dose.scm_total")
    assert (found.level, figures(found)["given"], figures(found)["cap"]) == (Level.STOP, Decimal("100.5"), 100)


def test_products_without_a_sternocleidomastoid_limit_have_none(reference: Reference) -> None:
    assert not checked(chart(injection(f"{SCM}/left", 300), vials=(vial(ABO, 500),)), reference, "dose.scm_total")


def test_fifty_units_in_one_point_are_the_most(reference: Reference) -> None:
    assert not checked(chart(injection("splenius_capitis/left", 100)), reference, "dose.point_cap")
    (found,) = checked(chart(injection("splenius_capitis/left", 101)), reference, "dose.point_cap")
    assert (found.level, figures(found)["given"]) == (Level.STOP, Decimal("50.5"))


def test_the_largest_point_counts_where_points_differ(reference: Reference) -> None:
    uneven = injection("splenius_capitis/left", 80, point_units=(Decimal(55), Decimal(25)))
    (found,) = checked(chart(uneven), reference, "dose.point_cap")
    assert figures(found)["given"] == 55


def test_without_points_there_is_nothing_to_compare(reference: Reference) -> None:
    assert not checked(chart(injection("splenius_capitis/left", 300, points=0)), reference, "dose.point_cap")


def test_one_ml_in_one_point_is_the_most_and_half_of_it_in_a_child(reference: Reference) -> None:
    # 500 U in 5 mL are 0.01 mL per unit
    visit = chart(injection("splenius_capitis/left", 200, points=2), vials=(vial(ABO, 500, diluent_ml=Decimal(5)),))
    assert not checked(visit, reference, "dose.point_cap")
    (found,) = checked(replace(visit, patient=patient(birth_date=CHILD)), reference, "dose.point_cap")
    assert (found.variant, figures(found)["given_ml"], figures(found)["cap_ml"]) == ("volume", 1, Decimal("0.5"))
    (found,) = checked(
        replace(visit, injections=(injection("splenius_capitis/left", 202),)), reference, "dose.point_cap"
    )
    assert found.level is Level.STOP


def test_a_volume_needs_a_vial_and_its_dilution(reference: Reference) -> None:
    for unmixed in ((), (vial(ABO, 500, diluent_ml=None),), (vial(ABO, 0),)):
        visit = chart(injection("splenius_capitis/left", 500, points=1, product=ABO), vials=unmixed)
        assert not checked(visit, reference, "dose.point_cap")
