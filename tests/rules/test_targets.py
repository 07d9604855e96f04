from decimal import Decimal

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.chart import EarlierSideEffect, SuspectedMuscle
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Level
from clinic_app.rules.targets import component_words, usual_places
from clinic_app.rules.wording import words_of

from .build import ABO, ONA, chart, checked, figures, injection, patient

SCM = "sternocleidomastoideus"
SIDES = ("left", "right", "")


def test_a_structure_to_keep_away_from_warns(reference: Reference) -> None:
    (found,) = checked(chart(injection("levator_palpebrae_superioris/left", 1)), reference, "target.avoid")
    assert (found.level, found.subject) == (Level.WARN, "levator_palpebrae_superioris/left")
    assert not checked(chart(), reference, "target.avoid")


@pytest.mark.parametrize(
    ("muscle", "used", "told"),
    [
        ("longus_colli", (), True),
        ("longus_colli", ("palpation",), True),
        ("longus_colli", ("palpation", "EMG"), False),
        ("obliquus_capitis_inferior", ("ultrasound",), False),
        ("flexor_pollicis_longus", ("electrical stimulation",), False),
        ("splenius_capitis", ("palpation",), False),
    ],
)
def test_deep_and_risky_targets_ask_for_guidance(
    reference: Reference, muscle: str, used: tuple[str, ...], told: bool
) -> None:
    found = checked(chart(injection(f"{muscle}/left", 10, guidance=used)), reference, "guidance.recommended")
    assert [each.level for each in found] == [Level.WARN] * told


def test_uncommon_targets_are_shown(reference: Reference) -> None:
    (found,) = checked(chart(injection("teres_minor/left", 10)), reference, "target.specialist")
    assert found.level is Level.INFO
    assert checked(chart(injection("cricopharyngeus/midline", 10)), reference, "target.specialist")


@pytest.mark.parametrize(
    ("place", "variant"),
    [
        ("splenius_capitis/left", None),
        ("splenius_capitis", ""),
        ("splenius_capitis/midline", ""),
        ("procerus/midline", None),
        ("procerus", None),
        ("procerus/left", "midline"),
    ],
)
def test_paired_muscles_have_a_side_and_midline_ones_none(
    reference: Reference, place: str, variant: str | None
) -> None:
    found = checked(chart(injection(place, 10)), reference, "target.side")
    assert [(each.level, each.variant) for each in found] == ([] if variant is None else [(Level.STOP, variant)])


def before(
    units: int | None = 50,
    severity: str = "moderate",
    product: str = ONA,
    effect: str = "dysphagia",
    side: str = "left",
) -> EarlierSideEffect:
    given = None if units is None else Decimal(units)
    return EarlierSideEffect(effect, severity, (SuspectedMuscle(SCM, side, given),), product)


@pytest.mark.parametrize(
    ("side_effect", "units", "variant"),
    [
        (before(50), 50, ""),
        (before(50), 60, ""),
        (before(50), 49, None),
        (before(50, side="right"), 50, ""),
        (before(50, severity="mild"), 50, None),
        (before(50, severity="life_threatening"), 50, ""),
        # units of another product say nothing about this one
        (before(50, product=ABO), 50, None),
        # what is not known cannot be ruled out
        (before(50, product=""), 10, "dose_unknown"),
        (before(None), 10, "dose_unknown"),
        (before(50, effect="an effect of an older list"), 50, ""),
    ],
)
def test_a_muscle_that_caused_trouble_at_this_dose_or_less_warns(
    reference: Reference, side_effect: EarlierSideEffect, units: int, variant: str | None
) -> None:
    visit = chart(injection(f"{SCM}/left", units), side_effects=(side_effect,))
    found = checked(visit, reference, "history.side_effect")
    assert [(each.level, each.variant) for each in found] == ([] if variant is None else [(Level.WARN, variant)])


def test_other_muscles_are_not_blamed(reference: Reference) -> None:
    assert not checked(chart(side_effects=(before(),)), reference, "history.side_effect")


def test_two_lines_of_one_muscle_are_added(reference: Reference) -> None:
    visit = chart(injection(f"{SCM}/left", 30), injection(f"{SCM}/left", 20, key="second"), side_effects=(before(50),))
    (found,) = checked(visit, reference, "history.side_effect")
    assert figures(found)["given"] == 50


def test_a_spread_of_toxin_warns_whatever_is_charted(reference: Reference) -> None:
    visit = chart(side_effects=(EarlierSideEffect("toxin_spread", "mild"),))
    (found,) = checked(visit, reference, "history.side_effect")
    assert (found.level, found.variant) == (Level.WARN, "spread")


@pytest.mark.parametrize(
    ("components", "place", "usual"),
    [
        # turning to the right: left sternocleidomastoid, right splenius
        ([("torticollis", "right")], f"{SCM}/left", None),
        ([("torticollis", "right")], f"{SCM}/right", "left"),
        ([("torticollis", "right")], "splenius_capitis/right", None),
        ([("torticollis", "right")], "splenius_capitis/left", "right"),
        # -collis and -caput count alike for rotation, not for tilt
        ([("torticaput", "right")], "splenius_cervicis/left", "right"),
        ([("laterocaput", "right")], "splenius_cervicis/left", None),
        ([("laterocollis", "right")], "splenius_cervicis/left", "right"),
        ([("shoulder_elevation", "left")], "levator_scapulae/right", "left"),
        # one component asks for the left, another for the right: both are usual
        ([("torticaput", "right"), ("laterocaput", "right")], f"{SCM}/right", None),
        # a component without a side makes both sides usual
        ([("torticaput", "right"), ("retrocaput", "")], "splenius_capitis/left", None),
        ([("torticaput", "right"), ("anterocollis", "")], f"{SCM}/right", None),
        ([("torticaput", "left"), ("sagittal_shift_forward", "")], f"{SCM}/left", None),
        ([("torticaput", "left"), ("head_tremor_no_no", "")], "obliquus_capitis_inferior/right", None),
        # nothing to go by
        ([("torticaput", "")], f"{SCM}/right", None),
        ([], f"{SCM}/right", None),
        ([("torticaput", "right")], "masseter/left", None),
        ([("torticaput", "right")], "procerus/midline", None),
    ],
)
def test_the_side_is_compared_with_the_usual_one_of_the_components(
    reference: Reference, components: list[tuple[str, str]], place: str, usual: str | None
) -> None:
    visit = chart(injection(place, 20), patient=patient(components=tuple(components)))
    found = checked(visit, reference, "pattern.component")
    assert [(each.level, figures(each)["usual"]) for each in found] == ([] if usual is None else [(Level.INFO, usual)])


@pytest.mark.parametrize("place", ["musculus_ignotus/left", "musculus_ignotus", "musculus_ignotus/midline"])
def test_a_muscle_that_this_release_does_not_know_is_told_and_has_no_other_finding(
    reference: Reference, place: str
) -> None:
    visit = chart(injection(place, 10))
    about_it = [each for each in check_chart(visit, reference, at_signing=True) if each.subject == place]
    assert [(each.id, each.level) for each in about_it] == [("target.unknown", Level.WARN)]
    assert "usculus ignotus is not in this release's list" in words_of(about_it[0])


def places(reference: Reference, *components: tuple[str, str]) -> dict[str, str]:
    """The usual places of components, each with the components that name it."""
    return {
        f"{muscle}/{side}": " + ".join(name for name, _ in asking)
        for (muscle, side), asking in usual_places(components, reference).items()
    }


def test_the_usual_muscles_of_a_turn_to_the_right_lie_on_both_sides(reference: Reference) -> None:
    usual = places(reference, ("torticollis", "right"))
    assert {f"{SCM}/left", "splenius_capitis/right", "obliquus_capitis_inferior/right"} <= usual.keys()
    assert not {f"{SCM}/right", "splenius_capitis/left"} & usual.keys()


def test_usual_places_and_the_check_of_sides_agree(reference: Reference) -> None:
    components = (("torticaput", "left"), ("laterocollis", "right"), ("retrocaput", ""))
    for muscle, side in usual_places(components, reference):
        visit = chart(injection(f"{muscle}/{side}", 10), patient=patient(components=components))
        assert not checked(visit, reference, "pattern.component"), (muscle, side)


def test_each_usual_place_names_the_components_that_ask_for_it(reference: Reference) -> None:
    usual = places(reference, ("torticollis", "right"), ("laterocollis", "right"))
    assert usual["levator_scapulae/right"] == "torticollis + laterocollis"
    assert usual["scalenus_medius/right"] == "laterocollis"


@pytest.mark.parametrize(
    ("component", "place", "usual"),
    [
        # of a limb: on the side it is on
        (("finger_flexion", "right"), "flexor_digitorum_superficialis_d2/right", True),
        (("finger_flexion", "right"), "flexor_digitorum_superficialis_d2/left", False),
        # without a side: on both, or in the middle
        (("blepharospasm", ""), "corrugator_supercilii/left", True),
        (("blepharospasm", ""), "procerus/midline", True),
        # a side noted on what has none does not make one
        (("retrocollis", "left"), "splenius_cervicis/right", True),
        # a minor part of the picture, an uncommon target and a structure to avoid are not usual
        (("anterocollis", ""), "platysma/left", False),
        (("shoulder_elevation", "left"), "levator_scapulae/left", True),
        # a turn without a side asks for nothing
        (("torticollis", ""), f"{SCM}/left", False),
        (("not a component", "left"), f"{SCM}/left", False),
    ],
)
def test_where_a_component_usually_lies(
    reference: Reference, component: tuple[str, str], place: str, usual: bool
) -> None:
    assert (place in places(reference, component)) is usual


def test_no_uncommon_target_and_no_structure_to_avoid_is_usual(reference: Reference) -> None:
    every = [(component, side) for i in reference.indications.values() for component in i.components for side in SIDES]
    named = {muscle for muscle, _ in usual_places(every, reference)}
    assert named
    assert all(reference.muscle(muscle).target == "yes" for muscle in named)
    assert not any(reference.muscle(muscle).for_specialists for muscle in named)


def test_without_components_nothing_is_usual(reference: Reference) -> None:
    assert usual_places((), reference) == {}


@pytest.mark.parametrize(
    ("component", "words"),
    [
        (("torticollis", "right"), "torticollis to the right"),
        (("lateral_shift", "left"), "lateral shift to the left"),
        (("shoulder_elevation", "left"), "shoulder elevation on the left"),
        (("finger_flexion", "right"), "finger flexion on the right"),
        (("retrocaput", ""), "retrocaput"),
    ],
)
def test_components_in_words(reference: Reference, component: tuple[str, str], words: str) -> None:
    assert component_words(*component, reference) == words
