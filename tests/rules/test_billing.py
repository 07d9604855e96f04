"""The codes that a visit suggests, by the rules and examples of codes.yaml."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.reference import Reference
from clinic_app.reference.codes import CodingExample
from clinic_app.rules.billing import SuggestedCodes, suggested_codes
from clinic_app.rules.chart import Chart, ChartedInjection, ChartedVial
from clinic_app.rules.code_line import parse_code

from .build import ABO, DAXI, INCO, ONA, RIMA, chart, injection, vial

ARM = [
    "biceps_brachii",
    "brachialis",
    "brachioradialis",
    "pronator_teres",
    "flexor_carpi_radialis",
    "flexor_carpi_ulnaris",
]
LEG = ["soleus", "tibialis_posterior", "tibialis_anterior", "flexor_digitorum_longus", "flexor_hallucis_longus"]
TRUNK = ["rectus_abdominis", "obliquus_externus_abdominis", "iliocostalis_lumborum", "longissimus_thoracis"]


def lines(places: Iterable[str], **changes: Any) -> tuple[ChartedInjection, ...]:
    """Five units by palpation in each place."""
    return tuple(injection(place, 5, **{"guidance": ("palpation",), **changes}) for place in places)


def side(of: Iterable[str], which: str) -> list[str]:
    return [f"{muscle}/{which}" for muscle in of]


def visit(*injections: ChartedInjection, indication: str = "spasticity_upper", **changes: Any) -> Chart:
    return chart(*injections, indication=indication, **changes)


def procedures(reference: Reference, *injections: ChartedInjection, indication: str = "spasticity_upper") -> list[str]:
    return [line.text for line in suggested_codes(visit(*injections, indication=indication), reference).procedures]


def guidance(reference: Reference, *injections: ChartedInjection, indication: str = "cervical_dystonia") -> list[str]:
    return [line.text for line in suggested_codes(visit(*injections, indication=indication), reference).guidance]


def drugs(reference: Reference, product: str, units: str | int | Decimal, size: int, **changes: Any) -> list[str]:
    """The drug lines of one vial whose rest was thrown away."""
    rest = max(Decimal(0), size - Decimal(units))
    one = vial(product, size, wasted_units=rest)
    of = visit(injection("splenius_capitis/left", units), indication="cervical_dystonia", vials=(one,), **changes)
    return [line.text for line in suggested_codes(of, reference).drugs]


# The examples of codes.yaml


def test_every_example_of_the_reference_comes_out(reference: Reference) -> None:
    seen = 0
    for example in reference.codes.examples:
        seen += 1
        if example.text:
            assert example.id == "ex_limb_6_and_3"
            found = procedures(reference, *lines([*side(ARM, "right"), *side(ARM[:3], "left")]))
            assert tuple(found) == example.expected["codes"]
        else:
            assert example_lines(example, reference) == expected_lines(example)
    assert seen == 6


def example_lines(example: CodingExample, reference: Reference) -> set[str]:
    if example.opened_units is None:
        line = injection("splenius_capitis/left", example.administered_units, vial="", product=example.product)
        return set(suggested_codes(visit(line, vials=()), reference).texts) - {"76942"}
    assert example.administered_units is not None
    return set(drugs(reference, example.product, example.administered_units, int(example.opened_units)))


def expected_lines(example: CodingExample) -> set[str]:
    """{J0585_units: 155, JW_units: 45} as lines."""
    code = next(key.removesuffix("_units") for key in example.expected if key.startswith("J0"))
    units = example.expected[f"{code}_units"]
    if example.expected.get("JZ"):
        return {f"{code}-JZ ×{units}"}
    discarded = example.expected.get("JW_units")
    return {f"{code} ×{units}"} | ({f"{code}-JW ×{discarded}"} if discarded else set())


# Limbs


@pytest.mark.parametrize(
    ("arms_and_legs", "codes"),
    [
        ((1, 0, 0, 0), ["64642"]),
        ((4, 0, 0, 0), ["64642"]),
        ((5, 0, 0, 0), ["64644"]),
        ((4, 4, 0, 0), ["64642", "64643"]),
        ((4, 5, 0, 0), ["64644", "64643"]),
        ((5, 5, 0, 0), ["64644", "64645"]),
        ((1, 2, 3, 4), ["64642", "64643 ×3"]),
        ((5, 5, 5, 5), ["64644", "64645 ×3"]),
        ((6, 5, 4, 1), ["64644", "64645", "64643 ×2"]),
        ((0, 0, 1, 5), ["64644", "64643"]),
    ],
)
def test_the_limb_with_the_most_muscles_is_the_base(
    reference: Reference, arms_and_legs: tuple[int, int, int, int], codes: list[str]
) -> None:
    right_arm, left_arm, right_leg, left_leg = arms_and_legs
    places = side(ARM[:right_arm], "right") + side(ARM[:left_arm], "left")
    places += side(LEG[:right_leg], "right") + side(LEG[:left_leg], "left")
    for order in (places, places[::-1]):
        assert procedures(reference, *lines(order)) == codes


def test_the_reason_names_the_limb_and_its_muscles(reference: Reference) -> None:
    of = visit(*lines([*side(ARM, "right"), *side(LEG[:3], "left"), *side(LEG[:1], "right")]))
    base, further = suggested_codes(of, reference).procedures
    assert (base.code, base.because) == ("64644", "right arm: 6 muscles")
    assert (further.code, further.units, further.because) == ("64643", 2, "left leg: 3 muscles; right leg: 1 muscle")


def test_muscles_count_and_neither_points_nor_lines_nor_parts_of_a_muscle_do(reference: Reference) -> None:
    twice = lines([*side(ARM[:4], "right"), *side(ARM[:4], "right")])
    assert procedures(reference, *twice) == ["64642"]
    fascicles = [f"flexor_digitorum_{depth}_d{finger}" for depth in ("superficialis", "profundus") for finger in "2345"]
    heads = ["triceps_brachii_caput_longum", "triceps_brachii_caput_laterale", "triceps_brachii_caput_mediale"]
    parts = ["deltoideus_clavicularis", "deltoideus_acromialis", "deltoideus_spinalis"]
    assert procedures(reference, *lines(side(fascicles + heads + parts, "left"))) == ["64642"]
    assert procedures(reference, *lines(side([*fascicles, *heads, *parts, "anconeus"], "left"))) == ["64644"]


def test_only_parts_of_one_muscle_share_their_count(reference: Reference) -> None:
    together: dict[str, int] = {}
    for muscle in reference.muscles.values():
        if muscle.region in ("shoulder", "upper_arm", "forearm", "hand", "trunk", "hip_thigh", "leg", "foot"):
            found = suggested_codes(visit(*lines([f"{muscle.id}/left"])), reference)
            assert found.procedures or muscle.region == "trunk"
            stem = muscle.latin.split("usculi ")[-1]
            together[stem] = together.get(stem, 0) + 1
    shared = {stem: number for stem, number in together.items() if number > 1}
    assert shared == {
        "deltoidei": 3,
        "tricipitis brachii": 3,
        "trapezii": 2,
        "gastrocnemii": 2,
        "Musculus flexor digitorum superficialis": 4,
        "Musculus flexor digitorum profundus": 4,
    }


def test_there_is_no_fifth_limb_for_a_line_without_a_side(reference: Reference) -> None:
    places = [f"{muscle}/{which}" for muscle in (ARM[0], LEG[0]) for which in ("left", "right")]
    of = visit(*lines([*places, f"{ARM[1]}", f"{ARM[2]}/midline"]))
    found = suggested_codes(of, reference)
    assert [line.text for line in found.procedures] == ["64642", "64643 ×3"]
    assert found.not_coded == ("brachialis", "brachioradialis/midline")


def test_no_add_on_code_exceeds_what_the_reference_allows(reference: Reference) -> None:
    most = {code.code: code.max_units for code in reference.codes.procedures if code.addon}
    assert most == {"64643": 3, "64645": 3}
    for code in reference.codes.procedures:
        assert set(code.addon_to) <= {"64642", "64644"}


def test_arm_and_leg_of_two_indications_share_one_base_code(reference: Reference) -> None:
    arm = lines(side(ARM[:2], "left"), indication="spasticity_upper")
    leg = lines(side(LEG, "left"), indication="spasticity_lower")
    assert procedures(reference, *arm, *leg, indication="") == ["64644", "64643"]


def test_writers_cramp_counts_like_any_arm(reference: Reference) -> None:
    assert procedures(reference, *lines(side(ARM[:2], "right")), indication="writers_cramp") == ["64642"]
    assert procedures(reference, *lines(side(ARM[:5], "right")), indication="writers_cramp") == ["64644"]


# Trunk


@pytest.mark.parametrize(
    ("left", "right", "code"), [(1, 0, "64646"), (4, 1, "64646"), (4, 2, "64647"), (4, 4, "64647")]
)
def test_the_trunk_is_coded_once_by_its_muscles(reference: Reference, left: int, right: int, code: str) -> None:
    places = side(TRUNK[:left], "left") + side(TRUNK[:right], "right")
    assert procedures(reference, *lines(places), indication="generalized_dystonia") == [code]


# One side or both


@pytest.mark.parametrize(
    ("indication", "places", "codes"),
    [
        ("cervical_dystonia", ["splenius_capitis/left"], ["64616"]),
        ("cervical_dystonia", ["splenius_capitis/left", "levator_scapulae/left"], ["64616"]),
        ("cervical_dystonia", ["splenius_capitis/left", "sternocleidomastoideus/right"], ["64616-50"]),
        ("hemifacial_spasm", ["zygomaticus_major/left", "orbicularis_oculi_pretarsal/left"], ["64612"]),
        ("hemifacial_spasm", ["platysma/left"], ["64612"]),
        ("blepharospasm", ["orbicularis_oculi_pretarsal/left", "orbicularis_oculi_pretarsal/right"], ["64612-50"]),
        ("blepharospasm", ["orbicularis_oculi_pretarsal/left", "procerus/midline"], ["64612"]),
        ("laryngeal_adductor", ["thyroarytenoideus/left"], ["64617"]),
        ("laryngeal_adductor", ["thyroarytenoideus/left", "thyroarytenoideus/right"], ["64617-50"]),
        ("laryngeal_abductor", ["cricoarytenoideus_posterior/right"], ["64617"]),
    ],
)
def test_both_sides_are_one_line_with_modifier_50(
    reference: Reference, indication: str, places: list[str], codes: list[str]
) -> None:
    assert procedures(reference, *lines(places), indication=indication) == codes


def test_the_modifier_is_what_the_reference_asks_for_on_both_sides(reference: Reference) -> None:
    rules = {code.code: code.bilateral_rule for code in reference.codes.procedures}
    for code in ("64612", "64616", "64617"):
        assert rules[code].startswith("add modifier 50"), code


def test_a_line_on_the_other_side_that_is_no_neck_muscle_makes_no_second_side(reference: Reference) -> None:
    of = visit(*lines(["splenius_capitis/left", "rhomboideus_major/right"]), indication="cervical_dystonia")
    found = suggested_codes(of, reference)
    assert [line.text for line in found.procedures] == ["64616"]
    assert found.not_coded == ("rhomboideus_major/right",)


@pytest.mark.parametrize(("ways", "coded"), [(("EMG",), True), (("laryngoscopy",), False), ((), False)])
def test_the_larynx_is_coded_only_when_the_needle_surely_went_through_the_skin(
    reference: Reference, ways: tuple[str, ...], coded: bool
) -> None:
    line = lines(["thyroarytenoideus/left"], guidance=ways)
    assert procedures(reference, *line, indication="laryngeal_adductor") == (["64617"] if coded else [])


# Glands


@pytest.mark.parametrize(
    ("places", "codes"),
    [
        ([f"glandula_{gland}/{at}" for gland in ("parotidea", "submandibularis") for at in ("left", "right")], "64611"),
        (["glandula_parotidea/left", "glandula_parotidea/right", "glandula_submandibularis/left"], "64611-52"),
        (["glandula_parotidea/left", "glandula_parotidea/left"], "64611-52"),
        (["glandula_parotidea/left"], "64611-52"),
    ],
)
def test_fewer_than_four_salivary_glands_are_a_reduced_service(
    reference: Reference, places: list[str], codes: str
) -> None:
    assert procedures(reference, *lines(places), indication="sialorrhea") == [codes]


def test_the_lacrimal_gland_is_no_salivary_gland(reference: Reference) -> None:
    found = suggested_codes(visit(*lines(["glandula_lacrimalis/left"]), indication="sialorrhea"), reference)
    assert (found.procedures, found.not_coded) == ((), ("glandula_lacrimalis/left",))


# What has no rule


@pytest.mark.parametrize(
    ("indication", "place"),
    [
        ("", "splenius_capitis/left"),
        ("of nobody", "splenius_capitis/left"),
        ("oromandibular_jaw_closing", "masseter/left"),
        ("lingual_dystonia", "genioglossus/left"),
        ("hemidystonia", "biceps_brachii/left"),
        ("generalized_dystonia", "biceps_brachii/left"),
        ("cervical_dystonia", "biceps_brachii/left"),
        ("blepharospasm", "levator_palpebrae_superioris/left"),
        ("hemifacial_spasm", "rectus_lateralis_bulbi/left"),
        ("blepharospasm", "procerus/midline"),
        ("cervical_dystonia", "splenius_capitis"),
        ("spasticity_upper", "musculus_ignotus/left"),
    ],
)
def test_nothing_is_guessed_where_the_reference_has_no_rule(reference: Reference, indication: str, place: str) -> None:
    found = suggested_codes(visit(*lines([place]), indication=indication), reference)
    assert (found.procedures, found.guidance, found.not_coded) == ((), (), (place,))


def test_a_line_without_units_is_not_coded_at_all(reference: Reference) -> None:
    of = visit(injection("splenius_capitis/left", None), injection("biceps_brachii/left", 0))
    assert suggested_codes(of, reference) == SuggestedCodes()


def test_only_the_us_has_these_codes(reference: Reference) -> None:
    assert suggested_codes(replace(chart(), region="UK_EU"), reference) == SuggestedCodes()


def test_the_lines_own_indication_wins(reference: Reference) -> None:
    neck = lines(["splenius_capitis/left"])
    face = lines(["zygomaticus_major/left", "zygomaticus_major/right"], indication="hemifacial_spasm")
    assert procedures(reference, *neck, *face, indication="cervical_dystonia") == ["64612-50", "64616"]


# Guidance


@pytest.mark.parametrize(
    ("ways", "codes"),
    [
        (("palpation",), []),
        ((), []),
        (("EMG",), ["95874"]),
        (("electrical stimulation",), ["95873"]),
        (("electrical_stimulation",), ["95873"]),
        (("ultrasound",), ["76942"]),
        (("EMG", "ultrasound"), ["95874", "76942"]),
        (("EMG", "electrical stimulation"), ["95874"]),
        (("fluoroscopy_or_CT",), []),
    ],
)
def test_guidance_counts_once_a_visit(reference: Reference, ways: tuple[str, ...], codes: list[str]) -> None:
    neck = lines(["splenius_capitis/left", "splenius_capitis/right"], guidance=ways)
    assert guidance(reference, *neck) == codes


def test_of_emg_and_stimulation_the_one_used_more_often_is_suggested(reference: Reference) -> None:
    stimulated = lines(side(ARM[:2], "left"), guidance=("electrical stimulation",))
    heard = lines(side(ARM[2:3], "left"), guidance=("EMG",))
    assert guidance(reference, *stimulated, *heard, indication="spasticity_upper") == ["95873"]


def test_the_larynx_includes_its_emg(reference: Reference) -> None:
    larynx = lines(["thyroarytenoideus/left"], guidance=("EMG",), indication="laryngeal_adductor")
    assert guidance(reference, *larynx) == []
    neck = lines(["splenius_capitis/left"], guidance=("EMG",))
    assert guidance(reference, *larynx, *neck) == ["95874"]
    by_hand = lines(["splenius_capitis/left"])
    assert guidance(reference, *larynx, *by_hand) == []


def test_an_add_on_for_guidance_needs_a_procedure_and_ultrasound_does_not(reference: Reference) -> None:
    assert guidance(reference, *lines(["masseter/left"], guidance=("EMG",)), indication="meige_syndrome") == []
    seen = lines(["masseter/left"], guidance=("ultrasound",))
    assert guidance(reference, *seen, indication="meige_syndrome") == ["76942"]


# Drugs


@pytest.mark.parametrize(
    ("product", "units", "size", "codes"),
    [
        (ONA, 100, 100, ["J0585-JZ ×100"]),
        (ONA, "99.5", 100, ["J0585-JZ ×100"]),  # the half unit is inside the last billing unit
        (ONA, 99, 100, ["J0585 ×99", "J0585-JW ×1"]),
        (ABO, 496, 500, ["J0586-JZ ×100"]),
        (ABO, 495, 500, ["J0586 ×99", "J0586-JW ×1"]),
        (ABO, 2, 300, ["J0586 ×1", "J0586-JW ×59"]),
        (RIMA, 2401, 2500, ["J0587-JZ ×25"]),
        (INCO, "0.5", 50, ["J0588 ×1", "J0588-JW ×49"]),
        (DAXI, 100, 100, ["J0589-JZ ×100"]),
        ("prabotulinumtoxinA", 100, 100, []),
    ],
)
def test_billing_units_round_up_and_waste_is_what_the_vial_holds_beyond_them(
    reference: Reference, product: str, units: str | int, size: int, codes: list[str]
) -> None:
    assert drugs(reference, product, units, size) == codes


def test_vials_of_one_product_are_billed_together_and_products_apart(reference: Reference) -> None:
    of = visit(
        injection("splenius_capitis/left", 203),
        injection("splenius_capitis/right", 99, vial="v2"),
        injection("levator_scapulae/left", 50, vial="v3"),
        vials=(
            vial(ABO, 300, wasted_units=Decimal(97)),
            vial(ABO, 300, key="v2", wasted_units=Decimal(201)),
            vial(INCO, 50, key="v3"),
            vial(ABO, 300, key="v4", wasted_units=Decimal(300)),  # dropped before anything was drawn from it
        ),
    )
    texts = [line.text for line in suggested_codes(of, reference).drugs]
    assert texts == ["J0586 ×61", "J0586-JW ×59", "J0588-JZ ×50"]


@pytest.mark.parametrize("wasted", [0, 30, 70])
def test_nothing_is_said_about_waste_while_a_vial_does_not_add_up(reference: Reference, wasted: int) -> None:
    of = visit(injection("splenius_capitis/left", 60), vials=(vial(wasted_units=Decimal(wasted)),))
    (line,) = suggested_codes(of, reference).drugs
    assert line.text == "J0585 ×60"
    assert "do not add up" in line.because


def test_overfill_is_never_billed(reference: Reference) -> None:
    of = visit(injection("splenius_capitis/left", 120), vials=(vial(),))
    assert [line.text for line in suggested_codes(of, reference).drugs] == ["J0585 ×100"]


def test_nothing_discarded_was_not_said_before_it_was_asked_for(reference: Reference) -> None:
    assert drugs(reference, ONA, 100, 100, visited_on=date(2023, 6, 30)) == ["J0585 ×100"]
    assert drugs(reference, ONA, 100, 100, visited_on=date(2023, 7, 1)) == ["J0585-JZ ×100"]


def test_every_line_says_what_it_means_and_why_and_comes_back_from_its_text(reference: Reference) -> None:
    of = visit(
        *lines(["splenius_capitis/left", "splenius_capitis/right"], guidance=("EMG", "ultrasound")),
        indication="cervical_dystonia",
        vials=(vial(wasted_units=Decimal(90)),),
    )
    found = suggested_codes(of, reference)
    assert found.texts == ("64616-50", "95874", "76942", "J0585 ×10", "J0585-JW ×90")
    for line in (*found.procedures, *found.guidance, *found.drugs):
        assert line.meaning
        assert line.because
        assert replace(line, meaning="", because="") == parse_code(line.text)


# Any vials at all

products = st.sampled_from([(ONA, 1, (100, 200)), (ABO, 5, (300, 500)), (RIMA, 100, (2500, 5000)), (INCO, 1, (50,))])


@st.composite
def balanced_visits(draw: st.DrawFn) -> tuple[int, list[ChartedVial], list[Decimal]]:
    """A product with vials of whole billing units, each drawn from and its rest thrown away."""
    product, size, contents = draw(products)
    vials, amounts = [], []
    for number in range(draw(st.integers(1, 4))):
        holds = draw(st.sampled_from(contents))
        given_of_it = Decimal(draw(st.integers(1, holds * 1000))) / 1000
        vials.append(vial(product, holds, key=f"v{number}", wasted_units=holds - given_of_it))
        amounts.append(given_of_it)
    return size, vials, amounts


@given(balanced_visits())
def test_given_and_discarded_billing_units_are_those_of_the_opened_vials(
    reference: Reference, charted: tuple[int, list[ChartedVial], list[Decimal]]
) -> None:
    size, vials, amounts = charted
    of = visit(
        *(injection("splenius_capitis/left", units, key=f"l{n}", vial=f"v{n}") for n, units in enumerate(amounts)),
        vials=tuple(vials),
    )
    found = suggested_codes(of, reference).drugs
    assert all(line.units > 0 for line in found)
    assert sum(line.units for line in found) * size == sum(each.vial_units for each in vials)
    assert found[0].units == ceil(Fraction(sum(amounts)) / size)
    discarded = [line for line in found if line.modifiers == ("JW",)]
    nothing = [line for line in found if line.modifiers == ("JZ",)]
    assert (len(discarded), len(nothing)) in ((1, 0), (0, 1))
    assert len(found) == 1 + len(discarded)


quantities = st.decimals(0, 6000, places=3)


@given(quantities, quantities, st.decimals(0, 6000, places=3), products)
def test_no_ledger_however_wrong_gives_negative_units_or_more_than_the_vial(
    reference: Reference, amount: Decimal, contents: Decimal, wasted: Decimal, of: tuple[str, int, tuple[int, ...]]
) -> None:
    product, size, _ = of
    one = vial(product, key="v1", vial_units=contents, wasted_units=wasted)
    found = suggested_codes(visit(injection("splenius_capitis/left", amount), vials=(one,)), reference).drugs
    assert all(line.units > 0 for line in found)
    assert bool(found) == (amount > 0)
    if contents > 0:
        assert sum(line.units for line in found) <= ceil(Fraction(contents) / size)
    assert sum(line.modifiers != () for line in found) <= 1
