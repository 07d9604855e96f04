import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinic_app.reference import Reference
from clinic_app.resources import resource_path
from clinic_app.rules.chart import Chart, ClinicChoices, EarlierSideEffect, SuspectedMuscle
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Finding, Level, finding
from clinic_app.rules.patient import unmatched
from clinic_app.rules.vials import mixing_time_missing
from clinic_app.rules.wording import check_ids, title_of, words_of

from .build import (
    ABO,
    CHILD,
    DAXI,
    INCO,
    NOW,
    ONA,
    RIMA,
    TODAY,
    chart,
    checked,
    clinic_limits,
    earlier,
    injection,
    limit,
    patient,
    vial,
)

#: The charting table of the product description.
IDS = {
    "interval.too_short",
    "dose.visit_cap",
    "dose.rolling_cap",
    "dose.muscle_range",
    "dose.scm_total",
    "dose.point_cap",
    "product.missing",
    "product.mixed",
    "product.changed",
    "product.cosmetic_only",
    "vial.missing",
    "vial.expired",
    "vial.overdrawn",
    "vial.too_old",
    "vial.unreconciled",
    "vial.shared",
    "vial.assigned",
    "patient.allergy",
    "patient.condition",
    "patient.interaction",
    "patient.pregnancy",
    "patient.age",
    "patient.unmatched",
    "target.avoid",
    "target.specialist",
    "target.side",
    "target.unknown",
    "guidance.recommended",
    "history.side_effect",
    "pattern.component",
    "documentation.indication",
    "documentation.consent",
    "documentation.guidance",
    "documentation.points",
    "documentation.reason",
}

#: What the words of a check hold beside its sentences.
NO_SENTENCES = {"title", "looks_at", "unverified"}


def charts() -> Iterator[Chart]:
    """Charts that between them raise every check in every variant."""
    scm = "sternocleidomastoideus"
    everything = chart(
        injection(f"{scm}/left", 120, points=1, guidance=()),
        injection(f"{scm}/right", 300, vial="v2", guidance=()),
        injection("levator_palpebrae_superioris/left", 20, guidance=()),
        injection("teres_minor/left", 20, points=0),
        injection("longus_colli/left", 20, guidance=("palpation",)),
        injection("splenius_capitis", 20),
        injection("procerus/left", 20, vial="v9"),
        injection("musculus_ignotus/left", 20),
        vials=(
            vial(lot="", shared_with_other_patient=True, assigned_to_other_patient=True),
            vial(key="v2", units=900, expires_on=None, wasted_units=Decimal(20)),
            vial(key="v3", units=90, expires_on=date(2026, 1, 1), left_units=Decimal(3)),
        ),
        earlier=(earlier(20), earlier(30, ABO, elsewhere=True)),
        side_effects=(
            EarlierSideEffect("dysphagia", "severe", (SuspectedMuscle(scm, "left", Decimal(50)),), ONA),
            EarlierSideEffect("toxin_spread", "life_threatening"),
            EarlierSideEffect("neck_pain", "moderate", (SuspectedMuscle("splenius_capitis"),)),
        ),
        previous_product=ABO,
        patient=patient(
            allergies=("Botox",),
            conditions=("dysphagia", "infection_at_site"),
            medicine_classes=("baclofen",),
            pregnant=True,
            components=(("torticaput", "left"),),
        ),
        indication="",
        consent=None,
        assessment="",
    )
    yield everything
    yield replace(everything, clinic=ClinicChoices(shared_vial_reason="split by the pharmacy"))
    yield chart(earlier=(earlier(10, "", elsewhere=True),), patient=patient(breastfeeding=True, birth_date=CHILD))
    yield chart(indication="writers_cramp", patient=patient(birth_date=CHILD))
    yield chart(
        injection("splenius_capitis/left", 470, points=1),
        injection("splenius_capitis/right", 60, vial="v2"),
        vials=(vial(ABO, 500, diluent_ml=Decimal(5)), vial(DAXI, key="v2")),
        region="UK_EU",
    )
    yield chart(vials=(vial("prabotulinumtoxinA"),))
    yield chart(vials=(vial("of nobody"),))
    yield chart(injection("splenius_capitis/left", 4000), vials=(vial(RIMA, 5000),), earlier=(earlier(30, RIMA, 4000),))
    yield chart(injection("glandula_parotidea/left", 31), vials=(vial(INCO),), indication="sialorrhea")
    old = vial(ABO, reconstituted_at=chart().now.replace(day=20))
    yield chart(vials=(old,))
    yield chart(injection("splenius_capitis/left", 60, indication="an old word"))
    yield from charts_with_limits()


def charts_with_limits() -> Iterator[Chart]:
    """Charts that pass a limit of the clinic's own, with and without a figure of the label, or only the label's."""
    scm, splenius = "sternocleidomastoideus", "splenius_capitis"
    doses = ("dose.visit_cap", "dose.rolling_cap", "dose.scm_total", "dose.point_cap")
    above_the_label = chart(
        injection(f"{scm}/left", 120),
        injection(f"{scm}/right", 300, points=1),
        vials=(vial(ONA, 420, reconstituted_at=NOW - timedelta(hours=30)),),
        earlier=(earlier(80),),
    )
    for units, days, hours in ((10, 200, "0.5"), (900, 20, "48")):
        yield replace(
            above_the_label,
            clinic=clinic_limits(
                *(limit(check, units, product=ONA) for check in doses),
                limit("dose.muscle_range", units, product=ONA, muscle=scm),
                limit("interval.too_short", days),
                limit("vial.too_old", hours),
            ),
        )
    yield chart(
        injection(f"{scm}/left", 20),
        injection(f"{splenius}/left", 20, indication="hemifacial_spasm"),
        injection(f"{scm}/right", 20, vial="v2"),
        injection(f"{splenius}/right", 20, vial="v3"),
        vials=(vial(), vial(ABO, 500, key="v2"), vial(INCO, key="v3"), vial("of nobody", key="v4")),
        earlier=(earlier(50),),
        clinic=clinic_limits(
            limit("dose.visit_cap", 10, product=ONA, indication="hemifacial_spasm"),
            limit("dose.rolling_cap", 10, product=ONA, indication="hemifacial_spasm", set_on=None),
            limit("dose.scm_total", 10, product=ABO, set_by=""),
            limit("dose.point_cap", 5, product=INCO),
            limit("dose.muscle_range", 10, product=ONA, muscle=splenius),
            limit("vial.too_old", "0.5", set_on=None, set_by=""),
        ),
    )


def every_finding(reference: Reference) -> list[Finding]:
    found = [found for each in charts() for found in check_chart(each, reference, at_signing=True)]
    # asked by the check command only
    found += unmatched(chart(patient=patient(allergies=("pollen",))), reference)
    found += mixing_time_missing(chart(vials=(vial(reconstituted_at=None),)), reference)
    return found


def test_every_check_has_its_words_and_no_words_are_left_over() -> None:
    assert set(check_ids()) == IDS


def test_every_check_and_every_variant_is_raised_and_worded(reference: Reference) -> None:
    words = tomllib.loads(resource_path("words", "checks_en.toml").read_text(encoding="utf-8"))
    wanted = {(check, variant) for check in IDS for variant in words[check].keys() - NO_SENTENCES}
    raised = {(found.id, found.variant or "sentence") for found in every_finding(reference)}
    assert raised == wanted


def test_every_sentence_is_filled_begins_large_and_ends_with_a_stop(reference: Reference) -> None:
    for found in every_finding(reference):
        sentence = words_of(found)
        assert re.fullmatch(r"[^a-z{}][^{}]*\.", sentence), sentence
        assert "Decimal" not in sentence
        assert "_" not in sentence, sentence


def test_every_finding_names_a_source(reference: Reference) -> None:
    known = {*reference.sources, "rule of the program", "limit of the clinic"}
    for found in every_finding(reference):
        assert found.source
        assert set(found.source.split(", ")) <= known


def test_no_two_findings_of_a_chart_share_check_and_subject(reference: Reference) -> None:
    for each in charts():
        pairs = [(found.id, found.subject) for found in check_chart(each, reference, at_signing=True)]
        assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("check", sorted(IDS))
def test_every_check_has_a_short_title(check: str) -> None:
    assert 0 < len(title_of(check)) <= 50


def test_an_unverified_figure_asks_to_be_confirmed_against_the_label(reference: Reference) -> None:
    visit = chart(injection("splenius_capitis/left", 6000), vials=(vial(RIMA, 10000),))
    (found,) = checked(visit, reference, "dose.visit_cap")
    assert "confirm against the label" in words_of(found).lower()
    assert "confirm against the label" not in words_of(replace(found, verified=True)).lower()


def test_figures_are_shown_with_their_units() -> None:
    found = finding(
        "dose.visit_cap", Level.STOP, product="onabotulinumtoxinA", given=Decimal("400.50"), cap=Decimal(400)
    )
    assert words_of(found).startswith("OnabotulinumtoxinA: 400.5\u202fU in this visit is above the cap of 400\u202fU.")


def test_dates_are_shown_so_that_nobody_misreads_day_and_month(reference: Reference) -> None:
    (found,) = checked(chart(vials=(vial(expires_on=date(2026, 1, 31)),)), reference, "vial.expired")
    assert "31 Jan 2026" in words_of(found)
    assert TODAY.isoformat() not in words_of(found)


def test_an_unknown_check_has_no_words() -> None:
    with pytest.raises(KeyError):
        words_of(finding("nothing.of_the_kind", Level.INFO))
