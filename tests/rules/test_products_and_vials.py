from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.chart import Chart, ClinicChoices
from clinic_app.rules.findings import Level

from .build import ABO, DAXI, INCO, NOW, ONA, RIMA, TODAY, chart, checked, figures, injection, vial


def with_vial(**changes: Any) -> Chart:
    return chart(vials=(vial(**changes),))


# Products


def test_an_injection_without_a_vial_is_stopped_even_when_a_product_is_named(reference: Reference) -> None:
    visit = chart(injection("splenius_capitis/left", 50, vial="", product=ONA))
    (found,) = checked(visit, reference, "product.missing")
    assert (found.level, found.subject, found.variant) == (Level.STOP, "splenius_capitis/left", "")


def test_a_vial_that_is_not_on_the_chart_does_not_count(reference: Reference) -> None:
    assert checked(chart(injection("splenius_capitis/left", 50, vial="v9")), reference, "product.missing")


def test_units_of_a_product_that_nobody_knows_mean_nothing(reference: Reference) -> None:
    (found,) = checked(with_vial(product="sometoxin"), reference, "product.missing")[:1]
    assert found.variant == "unknown"


def test_two_products_in_one_visit_are_told(reference: Reference) -> None:
    visit = chart(
        injection("splenius_capitis/left", 50),
        injection("splenius_capitis/right", 50, vial="v2"),
        vials=(vial(ONA), vial(ABO, 500, key="v2")),
    )
    (found,) = checked(visit, reference, "product.mixed")
    assert found.level is Level.WARN
    assert not checked(chart(), reference, "product.mixed")


def test_another_product_than_last_time_is_told(reference: Reference) -> None:
    (found,) = checked(chart(previous_product=ABO), reference, "product.changed")
    assert (found.level, found.subject) == (Level.WARN, ONA)
    assert figures(found)["previous"] == "abobotulinumtoxinA (Dysport)"
    assert not checked(chart(previous_product=ONA), reference, "product.changed")
    assert not checked(chart(previous_product=""), reference, "product.changed")


def test_a_cosmetic_product_is_stopped(reference: Reference) -> None:
    (found,) = checked(with_vial(product="letibotulinumtoxinA"), reference, "product.cosmetic_only")
    assert found.level is Level.STOP
    assert figures(found)["product"] == "letibotulinumtoxinA (Letybo, Botulax)"


@pytest.mark.parametrize(
    ("product", "region", "stopped"),
    [
        (ONA, "US", False),
        (ONA, "UK_EU", False),
        (RIMA, "US", False),
        (RIMA, "UK_EU", True),
        (DAXI, "US", False),
        (DAXI, "UK_EU", True),
    ],
)
def test_what_is_licensed_for_treatment_depends_on_the_region(
    reference: Reference, product: str, region: str, stopped: bool
) -> None:
    visit = replace(with_vial(product=product), region=region)
    assert [each.variant for each in checked(visit, reference, "product.cosmetic_only")] == ["region"] * stopped


# Vials


@pytest.mark.parametrize(
    ("changes", "variant"),
    [({"lot": " "}, "lot"), ({"expires_on": None}, ""), ({"lot": "", "expires_on": None}, "lot")],
)
def test_a_vial_needs_lot_and_expiry(reference: Reference, changes: dict[str, Any], variant: str) -> None:
    (found,) = checked(with_vial(**changes), reference, "vial.missing")
    assert (found.level, found.subject, found.variant) == (Level.STOP, "v1", variant)


def test_a_vial_may_be_used_until_the_last_moment_of_its_expiry_date(reference: Reference) -> None:
    late = replace(with_vial(expires_on=TODAY), now=NOW.replace(hour=23, minute=59))
    assert not checked(late, reference, "vial.expired")
    (found,) = checked(with_vial(expires_on=TODAY - timedelta(days=1)), reference, "vial.expired")
    assert found.level is Level.STOP


def test_given_and_wasted_may_not_be_more_than_the_vial_holds(reference: Reference) -> None:
    assert not checked(with_vial(), reference, "vial.overdrawn")
    (found,) = checked(with_vial(wasted_units=Decimal("0.5")), reference, "vial.overdrawn")
    assert (found.level, figures(found)["excess"]) == (Level.STOP, Decimal("0.5"))


def test_a_vial_that_nobody_chose_yet_is_missing_and_not_overdrawn_as_well(reference: Reference) -> None:
    unchosen = with_vial(lot="", expires_on=None, vial_units=Decimal(0))
    unchosen = replace(unchosen, injections=(injection("splenius_capitis/left", 50),))
    assert not checked(unchosen, reference, "vial.overdrawn")
    (found,) = checked(unchosen, reference, "vial.missing")
    assert figures(found)["vial"] == f"of {ONA}", "without a number it is named by what it holds"
    without_size = with_vial(vial_units=Decimal(0))
    without_size = replace(without_size, injections=(injection("splenius_capitis/left", 50),))
    assert checked(without_size, reference, "vial.overdrawn")


@pytest.mark.parametrize(
    ("product", "hours", "level"),
    [
        (ONA, 24, None),
        (ONA, 25, Level.STOP),
        (INCO, 25, Level.STOP),
        # the 24 hours were seen on a reseller's page only
        (ABO, 25, Level.WARN),
        # 72 hours are verified; what is not is the temperature
        (DAXI, 72, None),
        (DAXI, 73, Level.STOP),
        (RIMA, 5, Level.WARN),
    ],
)
def test_a_mixed_vial_ages_by_the_hours_of_its_product(
    reference: Reference, product: str, hours: int, level: Level | None
) -> None:
    visit = with_vial(product=product, reconstituted_at=NOW - timedelta(hours=hours))
    assert [each.level for each in checked(visit, reference, "vial.too_old")] == ([level] if level else [])


def test_a_ready_to_use_solution_does_not_age_before_it_is_diluted(reference: Reference) -> None:
    undiluted = with_vial(product=RIMA, diluent_ml=None, reconstituted_at=NOW - timedelta(hours=9))
    assert not checked(undiluted, reference, "vial.too_old")


def test_a_vial_without_a_time_or_a_known_product_has_no_age(reference: Reference) -> None:
    assert not checked(with_vial(reconstituted_at=None), reference, "vial.too_old")
    assert not checked(with_vial(product="x", reconstituted_at=NOW - timedelta(days=9)), reference, "vial.too_old")


def test_a_chart_signed_days_later_does_not_make_the_vial_old(reference: Reference) -> None:
    assert not checked(replace(with_vial(), now=NOW + timedelta(days=3)), reference, "vial.too_old")


def test_wall_clock_times_work_as_well_as_zoned_ones(reference: Reference) -> None:
    wall = datetime(2026, 11, 24, 10, 0)
    visit = replace(with_vial(reconstituted_at=wall - timedelta(hours=30)), now=wall)
    assert checked(visit, reference, "vial.too_old")


def test_what_is_left_in_a_single_patient_vial_warns_while_charting_and_stops_at_signing(
    reference: Reference,
) -> None:
    visit = with_vial(units=120)
    (found,) = checked(visit, reference, "vial.unreconciled")
    assert (found.level, figures(found)["left"]) == (Level.WARN, 20)
    (found,) = checked(visit, reference, "vial.unreconciled", at_signing=True)
    assert found.level is Level.STOP


@pytest.mark.parametrize(
    ("wasted", "left", "variant"),
    [(20, None, None), (20, 0, None), (10, 10, ""), (10, 9, "count"), (20, 1, "count"), (0, 20, "")],
)
def test_given_wasted_and_left_must_make_the_contents(
    reference: Reference, wasted: int, left: int | None, variant: str | None
) -> None:
    visit = with_vial(
        units=120, wasted_units=Decimal(wasted), left_units=None if left is None else Decimal(left), waste_reason="rest"
    )
    found = checked(visit, reference, "vial.unreconciled", at_signing=True)
    assert [each.variant for each in found] == ([] if variant is None else [variant])


def test_an_overdrawn_vial_is_told_once(reference: Reference) -> None:
    assert not checked(with_vial(units=50), reference, "vial.unreconciled", at_signing=True)


def test_a_vial_of_another_patients_chart_is_stopped_unless_the_clinic_gave_a_reason(reference: Reference) -> None:
    visit = with_vial(shared_with_other_patient=True)
    (found,) = checked(visit, reference, "vial.shared")
    assert found.level is Level.STOP
    allowed = replace(visit, clinic=ClinicChoices(shared_vial_reason="split by the hospital pharmacy"))
    (found,) = checked(allowed, reference, "vial.shared")
    assert (found.level, found.variant) == (Level.WARN, "allowed")
    assert figures(found)["reason"] == "split by the hospital pharmacy"
    blank = replace(visit, clinic=ClinicChoices(shared_vial_reason=" "))
    assert checked(blank, reference, "vial.shared")[0].level is Level.STOP


def test_a_vial_of_an_unknown_product_counts_as_single_patient(reference: Reference) -> None:
    assert checked(with_vial(product="x", shared_with_other_patient=True), reference, "vial.shared")


def test_a_vial_supplied_for_another_patient_is_stopped(reference: Reference) -> None:
    (found,) = checked(with_vial(assigned_to_other_patient=True), reference, "vial.assigned")
    assert (found.level, found.subject) == (Level.STOP, "v1")
