from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.reference import Reference, load_reference
from clinic_app.reference.toxins import CosmeticProduct, Product
from clinic_app.terms import Side

LEFT, RIGHT = Side.LEFT, Side.RIGHT
REFERENCE = load_reference()
WRITTEN_SIDES = [
    ("{}", ()), ("L {}", (LEFT,)), ("{} R", (RIGHT,)), ("Rt. {}", (RIGHT,)), ("{} (left)", (LEFT,)),
    ("bilat {}", (LEFT, RIGHT)), ("{} bds.", (LEFT, RIGHT)), ("M. {} li", (LEFT,)), ("{}, re", (RIGHT,)),
    ("B/L {}", (LEFT, RIGHT)), ("{} L+R", (LEFT, RIGHT)),
]  # fmt: skip


@pytest.mark.parametrize(("written", "sides"), WRITTEN_SIDES)
def test_every_muscle_is_recognized_by_its_own_names_with_a_side(
    reference: Reference, written: str, sides: tuple[Side, ...]
) -> None:
    latin = defaultdict(list)
    for muscle in reference.muscles.values():
        latin[muscle.latin].append(muscle.id)
        found = reference.recognize_muscle(written.format(muscle.name))
        assert (found.muscle, found.sides, found.side_unclear) == (muscle.id, sides, False), muscle.name
    for name, muscles in latin.items():
        found = reference.recognize_muscle(written.format(name))
        # The four parts of a finger flexor share one Latin name.
        assert (list(found.candidates), found.certain, found.sides) == (muscles, len(muscles) == 1, sides), name


@pytest.mark.parametrize(
    ("written", "muscle", "sides"),
    [
        ("SCM R", "sternocleidomastoideus", (RIGHT,)),
        ("Rt. SCM", "sternocleidomastoideus", (RIGHT,)),
        ("sternomastoid", "sternocleidomastoideus", ()),
        ("splenius cap.", "splenius_capitis", ()),
        ("lev scap", "levator_scapulae", ()),
        ("F.C.R.", "flexor_carpi_radialis", ()),
        ("gastroc med", "gastrocnemius_caput_mediale", ()),
        ("lateral head of gastrocnemius L", "gastrocnemius_caput_laterale", (LEFT,)),
        ("M. masseter li", "masseter", (LEFT,)),
        ("m. splenius capitis dx.", "splenius_capitis", (RIGHT,)),
        ("anterior scalene", "scalenus_anterior", ()),
        ("semi-spinalis cap", "semispinalis_capitis", ()),
        ("FDS3 l", "flexor_digitorum_superficialis_d3", (LEFT,)),
        ("FDP middle finger", "flexor_digitorum_profundus_d3", ()),
        ("peroneus longus", "fibularis_longus", ()),
        ("parotid bds", "glandula_parotidea", (LEFT, RIGHT)),
        ("upper trap R", "trapezius_pars_descendens", (RIGHT,)),
        ("Trapezius, pars descendens", "trapezius_pars_descendens", ()),
        ("biceps femoris L", "biceps_femoris", (LEFT,)),
    ],
)
def test_usual_spellings_are_one_muscle(
    reference: Reference, written: str, muscle: str, sides: tuple[Side, ...]
) -> None:
    found = reference.recognize_muscle(written)
    assert (found.muscle, found.sides, found.side_unclear) == (muscle, sides, False)


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("L splenius", {"splenius_capitis", "splenius_cervicis"}),
        (
            "orbicularis oculi bilat",
            {"orbicularis_oculi_pretarsal", "orbicularis_oculi_preseptal", "orbicularis_oculi_orbital"},
        ),
        (
            "Trapezius (right)",
            {"trapezius_pars_descendens", "trapezius_pars_transversa", "trapezius_pars_ascendens"},
        ),
        ("TA", {"tibialis_anterior", "thyroarytenoideus"}),
        ("hamstrings", {"semitendinosus", "semimembranosus", "biceps_femoris"}),
        ("ECR", {"extensor_carpi_radialis_longus", "extensor_carpi_radialis_brevis"}),
        ("scalenes", {"scalenus_anterior", "scalenus_medius", "scalenus_posterior"}),
        # One candidate, and still a question: a word is missing, a letter wrong, or something else stands there.
        ("multifidus", {"multifidus_cervicis"}),
        ("LS", {"levator_scapulae"}),
        ("splenus capitis", {"splenius_capitis"}),
        ("stenocleidomastoid", {"sternocleidomastoideus"}),
        ("SCM 50 U", {"sternocleidomastoideus"}),
        ("abductor digiti minimi", {"abductor_digiti_minimi_manus"}),
    ],
)
def test_what_can_mean_something_else_is_asked(reference: Reference, written: str, candidates: set[str]) -> None:
    found = reference.recognize_muscle(written)
    assert (set(found.candidates), found.muscle) == (candidates, "")


@pytest.mark.parametrize("written", ["", "   ", "R", "bilateral", "foo bar", "?", "see letter", "100", "x" * 5000])
def test_what_nobody_knows_has_no_candidates(reference: Reference, written: str) -> None:
    assert reference.recognize_muscle(written).candidates == ()


@pytest.mark.parametrize(
    ("written", "one_of"),
    [
        ("palmaris L", "palmaris_longus"),
        ("L colli", "longus_colli"),
        ("ECR L", "extensor_carpi_radialis_longus"),
        ("extensor digitorum L", "extensor_digitorum_longus"),
        ("gastroc l", "gastrocnemius_caput_laterale"),
        ("SCM D", "sternocleidomastoideus"),
    ],
)
def test_a_letter_that_may_be_no_side_is_asked(reference: Reference, written: str, one_of: str) -> None:
    found = reference.recognize_muscle(written)
    assert found.side_unclear
    assert one_of in found.candidates


muscles = st.sampled_from(sorted(REFERENCE.muscles))


@given(muscles, st.data())
def test_a_mistyped_name_is_never_taken_for_another_muscle(muscle: str, data: st.DataObject) -> None:
    name = REFERENCE.muscles[muscle].name
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    found = REFERENCE.recognize_muscle(name[:place] + letter + name[place + 1 :])
    others = {each.name for each in REFERENCE.muscles.values() if each.id != muscle}
    assert found.muscle in ("", muscle) or REFERENCE.muscles[found.muscle].name in others & {
        name[:place] + letter + name[place + 1 :]
    }


@given(st.text(max_size=200))
def test_any_text_is_read_and_only_one_candidate_is_certain(text: str) -> None:
    muscle, product = REFERENCE.recognize_muscle(text), REFERENCE.recognize_product(text)
    assert not muscle.certain or len(muscle.candidates) == 1
    assert not product.certain or len(product.candidates) == 1


@pytest.mark.parametrize(
    ("written", "product"),
    [
        ("Botox", "onabotulinumtoxinA"),
        ("BOTOX® 100 U", "onabotulinumtoxinA"),
        ("ona", "onabotulinumtoxinA"),
        ("OnaBot A", "onabotulinumtoxinA"),
        ("onaBoNT-A", "onabotulinumtoxinA"),
        ("onabotulinum toxin A", "onabotulinumtoxinA"),
        ("BTX-A (Botox)", "onabotulinumtoxinA"),
        ("Dysport 500", "abobotulinumtoxinA"),
        ("abo", "abobotulinumtoxinA"),
        ("Xeomin (Merz)", "incobotulinumtoxinA"),
        ("inco", "incobotulinumtoxinA"),
        ("Myobloc", "rimabotulinumtoxinB"),
        ("NeuroBloc", "rimabotulinumtoxinB"),
        ("rima", "rimabotulinumtoxinB"),
        ("daxi", "daxibotulinumtoxinA"),
        ("daxibotulinumtoxinA-lanm", "daxibotulinumtoxinA"),
        ("Letybo", "letibotulinumtoxinA"),
        ("Jeuveau", "prabotulinumtoxinA"),
    ],
)
def test_brands_generic_names_and_short_forms_are_one_product(reference: Reference, written: str, product: str) -> None:
    assert reference.recognize_product(written).product == product


def test_every_product_is_recognized_by_each_of_its_names(reference: Reference) -> None:
    products: list[Product | CosmeticProduct] = [*reference.products.values(), *reference.cosmetic_products.values()]
    for product in products:
        for name in (product.id, *(brand.name for brand in product.brands)):
            assert reference.recognize_product(name).product == product.id, name


@pytest.mark.parametrize(
    "written", ["BTX-A", "BoNT/A", "btx", "botulinum toxin", "toxin", "Botulinumtoxin Typ A", "BoNT"]
)
def test_a_kind_of_toxin_is_no_product(reference: Reference, written: str) -> None:
    found = reference.recognize_product(written)
    assert found.any_toxin
    assert found.product == ""
    assert len(found.candidates) > 3


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("Toxin type B", {"rimabotulinumtoxinB"}),
        ("Botox/Dysport", {"onabotulinumtoxinA", "abobotulinumtoxinA"}),
        ("Dysprot", {"abobotulinumtoxinA"}),
        ("xeo", {"incobotulinumtoxinA"}),
        ("Myobloc A", {"rimabotulinumtoxinB"}),
        ("Botox or saline", {"onabotulinumtoxinA"}),
        ("saline", set()),
        ("a", set()),
        ("", set()),
    ],
)
def test_an_unclear_product_is_asked(reference: Reference, written: str, candidates: set[str]) -> None:
    found = reference.recognize_product(written)
    assert (set(found.candidates), found.product) == (candidates, "")
