"""Every rule of the register: a chart that fires it, one that just does not, and what happens when no page was read."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.chart import Chart, EarlierSideEffect, SuspectedMuscle
from clinic_app.rules.findings import Finding, Level
from clinic_app.rules.register import RULES, Basis, Rule
from clinic_app.rules.wording import words_of

from .build import ABO, NOW, ONA, RIMA, TODAY, chart, checked, earlier, injection, patient, unverified, vial

SCM, SPLENIUS = "sternocleidomastoideus", "splenius_capitis"
UNKNOWN = "musculus_ignotus/left"


class Unverified(Enum):
    """What becomes of a finding when no page was read for any fact of the reference."""

    WARNS = auto()
    """A stop becomes a warning that asks to confirm."""
    ASKS = auto()
    """The level stays, and the sentence asks to confirm."""
    CHANGES_NOTHING = auto()


@dataclass(frozen=True)
class Cases:
    """The three cases of a rule; all charts are checked as at signing."""

    fires: Chart
    just_not: Chart
    unverified: Unverified


def side_effect() -> EarlierSideEffect:
    return EarlierSideEffect("dysphagia", "moderate", (SuspectedMuscle(SCM, "left", Decimal(50)),), ONA)


def gland(units: int) -> Chart:
    return chart(injection("glandula_parotidea/left", units), vials=(vial(RIMA, 2500),), indication="sialorrhea")


def mixed(hours: int, minutes: int = 0) -> Chart:
    return chart(vials=(vial(reconstituted_at=NOW - timedelta(hours=hours, minutes=minutes)),))


CASES = {
    "interval.too_short": Cases(chart(earlier=(earlier(83),)), chart(earlier=(earlier(84),)), Unverified.WARNS),
    "dose.visit_cap": Cases(
        chart(injection(f"{SPLENIUS}/left", "400.5")), chart(injection(f"{SPLENIUS}/left", 400)), Unverified.WARNS
    ),
    "dose.rolling_cap": Cases(
        chart(injection(f"{SPLENIUS}/left", 300), earlier=(earlier(83, units=101),)),
        chart(injection(f"{SPLENIUS}/left", 300), earlier=(earlier(83, units=100), earlier(84, units=300))),
        Unverified.WARNS,
    ),
    "dose.muscle_range": Cases(gland(1501), gland(1500), Unverified.ASKS),
    "dose.scm_total": Cases(
        chart(injection(f"{SCM}/left", 50), injection(f"{SCM}/right", "50.5")),
        chart(injection(f"{SCM}/left", 50), injection(f"{SCM}/right", 50)),
        Unverified.WARNS,
    ),
    "dose.point_cap": Cases(
        chart(injection(f"{SPLENIUS}/left", 101)), chart(injection(f"{SPLENIUS}/left", 100)), Unverified.WARNS
    ),
    "product.missing": Cases(
        chart(injection(f"{SPLENIUS}/left", 50, vial="", product=ONA)), chart(), Unverified.CHANGES_NOTHING
    ),
    "product.mixed": Cases(
        chart(
            injection(f"{SPLENIUS}/left", 50),
            injection(f"{SPLENIUS}/right", 50, vial="v2"),
            vials=(vial(), vial(ABO, key="v2")),
        ),
        chart(
            injection(f"{SPLENIUS}/left", 50),
            injection(f"{SPLENIUS}/right", 50, vial="v2"),
            vials=(vial(), vial(key="v2")),
        ),
        Unverified.ASKS,
    ),
    "product.changed": Cases(chart(previous_product=ABO), chart(previous_product=ONA), Unverified.ASKS),
    "product.cosmetic_only": Cases(
        chart(vials=(vial("letibotulinumtoxinA"),)), chart(vials=(vial(RIMA),), region="US"), Unverified.ASKS
    ),
    "vial.missing": Cases(chart(vials=(vial(lot=" "),)), chart(vials=(vial(lot="1"),)), Unverified.CHANGES_NOTHING),
    "vial.expired": Cases(
        chart(vials=(vial(expires_on=TODAY - timedelta(days=1)),)),
        chart(vials=(vial(expires_on=TODAY),), now=NOW.replace(hour=23, minute=59)),
        Unverified.CHANGES_NOTHING,
    ),
    "vial.overdrawn": Cases(
        chart(injection(f"{SPLENIUS}/left", "100.001")),
        chart(injection(f"{SPLENIUS}/left", 100)),
        Unverified.CHANGES_NOTHING,
    ),
    "vial.too_old": Cases(mixed(24, 1), mixed(24), Unverified.WARNS),
    "vial.unreconciled": Cases(
        chart(vials=(vial(units=120, left_units=Decimal(20)),)),
        chart(vials=(vial(units=120, wasted_units=Decimal(20), left_units=Decimal(0)),)),
        Unverified.ASKS,
    ),
    "vial.shared": Cases(chart(vials=(vial(shared_with_other_patient=True),)), chart(), Unverified.ASKS),
    "vial.assigned": Cases(chart(vials=(vial(assigned_to_other_patient=True),)), chart(), Unverified.CHANGES_NOTHING),
    "patient.allergy": Cases(
        chart(patient=patient(allergies=("Botulinum toxin",))),
        chart(patient=patient(allergies=("cow's milk",))),  # which Botox does not hold
        Unverified.WARNS,
    ),
    "patient.condition": Cases(
        chart(patient=patient(conditions=("Myasthenia gravis",))),
        chart(patient=patient(conditions=("hypothyroidism",))),
        Unverified.ASKS,
    ),
    "patient.interaction": Cases(
        # 24 July is 123 days before 24 November
        chart(earlier=(earlier(123, ABO),)),
        chart(earlier=(earlier(124, ABO),)),
        Unverified.ASKS,
    ),
    "patient.pregnancy": Cases(chart(patient=patient(pregnant=True)), chart(), Unverified.ASKS),
    "patient.age": Cases(
        chart(patient=patient(birth_date=date(2014, 11, 25)), indication="blepharospasm"),
        chart(patient=patient(birth_date=date(2014, 11, 24)), indication="blepharospasm"),  # twelve today
        Unverified.ASKS,
    ),
    "patient.unmatched": Cases(
        chart(patient=patient(conditions=("myastenia",))),
        chart(patient=patient(conditions=("myasthenia",))),
        Unverified.CHANGES_NOTHING,
    ),
    "target.avoid": Cases(
        chart(injection("levator_palpebrae_superioris/left", 1)),
        chart(injection("orbicularis_oculi_pretarsal/left", 1)),
        Unverified.CHANGES_NOTHING,
    ),
    "guidance.recommended": Cases(
        chart(injection("longus_colli/left", 10, guidance=("palpation",))),
        chart(injection("longus_colli/left", 10, guidance=("palpation", "EMG"))),
        Unverified.CHANGES_NOTHING,
    ),
    "target.specialist": Cases(
        chart(injection("teres_minor/left", 10)), chart(injection("teres_major/left", 10)), Unverified.CHANGES_NOTHING
    ),
    "target.unknown": Cases(
        chart(injection(UNKNOWN, 10)), chart(injection(f"{SPLENIUS}/left", 10)), Unverified.CHANGES_NOTHING
    ),
    "target.side": Cases(
        chart(injection(SPLENIUS, 10)), chart(injection(f"{SPLENIUS}/left", 10)), Unverified.CHANGES_NOTHING
    ),
    "history.side_effect": Cases(
        chart(injection(f"{SCM}/right", 50), side_effects=(side_effect(),)),
        chart(injection(f"{SCM}/right", "49.5"), side_effects=(side_effect(),)),
        Unverified.CHANGES_NOTHING,
    ),
    "pattern.component": Cases(
        chart(injection(f"{SCM}/right", 20), patient=patient(components=(("torticollis", "right"),))),
        chart(injection(f"{SCM}/left", 20), patient=patient(components=(("torticollis", "right"),))),
        Unverified.CHANGES_NOTHING,
    ),
    "documentation.indication": Cases(
        chart(indication="an old word"), chart(indication="writers_cramp"), Unverified.CHANGES_NOTHING
    ),
    "documentation.consent": Cases(chart(consent=None), chart(consent=True), Unverified.CHANGES_NOTHING),
    "documentation.guidance": Cases(
        chart(injection(f"{SPLENIUS}/left", 100, guidance=())),
        chart(injection(f"{SPLENIUS}/left", 100, guidance=("palpation",))),
        Unverified.CHANGES_NOTHING,
    ),
    "documentation.points": Cases(
        chart(injection(f"{SPLENIUS}/left", 50, points=0)),
        chart(injection(f"{SPLENIUS}/left", 50, points=1)),
        Unverified.CHANGES_NOTHING,
    ),
    "documentation.reason": Cases(chart(assessment=" \n"), chart(assessment="."), Unverified.CHANGES_NOTHING),
}

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@pytest.fixture(scope="module")
def nothing_read(reference: Reference) -> Reference:
    return unverified(reference)


def fired(rule: Rule, reference: Reference) -> Finding:
    (found,) = checked(CASES[rule.id].fires, reference, rule.id, at_signing=True)
    return found


def test_every_rule_of_the_register_has_its_three_cases_and_there_are_no_others() -> None:
    assert set(CASES) == {rule.id for rule in RULES}


@every_rule
def test_it_fires_with_its_usual_level_and_needs_no_confirmation(reference: Reference, rule: Rule) -> None:
    found = fired(rule, reference)
    assert found.level is rule.own_levels[0]
    assert "onfirm against the label" not in words_of(found)


@every_rule
def test_it_just_does_not_fire(reference: Reference, rule: Rule) -> None:
    assert not checked(CASES[rule.id].just_not, reference, rule.id, at_signing=True)


@every_rule
def test_what_no_page_states_never_stops_anybody_silently(
    reference: Reference, nothing_read: Reference, rule: Rule
) -> None:
    before, found = fired(rule, reference), fired(rule, nothing_read)
    if CASES[rule.id].unverified is Unverified.CHANGES_NOTHING:
        assert found == before
        return
    level = Level.WARN if CASES[rule.id].unverified is Unverified.WARNS else before.level
    assert found == replace(before, level=level, verified=False)
    assert words_of(found) == f"{words_of(before)} Confirm against the label: no page that was read states this."


@every_rule
def test_the_register_says_what_becomes_of_it(rule: Rule) -> None:
    if rule.starred:
        expected = Unverified.WARNS
    else:
        expected = Unverified.ASKS if rule.basis is Basis.LABEL else Unverified.CHANGES_NOTHING
    assert CASES[rule.id].unverified is expected


@every_rule
def test_an_unverified_figure_that_is_kept_is_not_told_either(nothing_read: Reference, rule: Rule) -> None:
    assert not checked(CASES[rule.id].just_not, nothing_read, rule.id, at_signing=True)
