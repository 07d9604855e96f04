import pytest

from clinic_app.reference import Reference


def found(reference: Reference, text: str) -> list[str]:
    return [muscle.id for muscle in reference.find_muscles(text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("SCM", "sternocleidomastoideus"),
        ("scm", "sternocleidomastoideus"),
        ("OCI", "obliquus_capitis_inferior"),
        ("FDS", "flexor_digitorum_superficialis_d2"),
        ("FDS3", "flexor_digitorum_superficialis_d3"),
        ("fds d4", "flexor_digitorum_superficialis_d4"),
        ("fds ring", "flexor_digitorum_superficialis_d4"),
        ("FDP", "flexor_digitorum_profundus_d2"),
        ("TP", "tibialis_posterior"),
        ("PCA", "cricoarytenoideus_posterior"),
        ("FPL", "flexor_pollicis_longus"),
        ("spl", "splenius_capitis"),
        ("lev sca", "levator_scapulae"),
        ("scapulae levator", "levator_scapulae"),
        ("sternocleidomastoideus", "sternocleidomastoideus"),
        ("musculus masseter", "masseter"),
        ("pars descendens", "trapezius_pars_descendens"),
        ("Tíbiális", "tibialis_posterior"),
        ("  upper   trapezius ", "trapezius_pars_descendens"),
        ("peroneus longus", "fibularis_longus"),
        ("mastoid", "sternocleidomastoideus"),
    ],
)
def test_what_is_typed_finds_its_muscle_first(reference: Reference, typed: str, first: str) -> None:
    assert found(reference, typed)[0] == first


def test_an_abbreviation_with_two_meanings_finds_both_first(reference: Reference) -> None:
    assert set(found(reference, "TA")[:2]) == {"tibialis_anterior", "thyroarytenoideus"}


def test_an_abbreviation_of_four_fascicles_finds_all_of_them(reference: Reference) -> None:
    assert found(reference, "FDP") == [f"flexor_digitorum_profundus_d{finger}" for finger in (2, 3, 4, 5)]


def test_the_start_of_a_name_comes_before_the_start_of_a_later_word_and_that_before_the_middle(
    reference: Reference,
) -> None:
    order = found(reference, "long")
    assert order.index("longus_colli") < order.index("adductor_longus")
    assert found(reference, "capitis")[-1] != "splenius_capitis"


def test_usual_targets_come_before_rare_ones_and_structures_to_avoid_last(reference: Reference) -> None:
    order = found(reference, "levator")
    assert order[-1] == "levator_palpebrae_superioris"
    rectus = found(reference, "rectus capitis")
    assert rectus.index("rectus_capitis_posterior_major") < rectus.index("rectus_capitis_anterior")


def test_every_muscle_is_found_by_its_own_name(reference: Reference) -> None:
    for muscle in reference.muscles.values():
        assert found(reference, muscle.name)[0] == muscle.id
        assert muscle.id in found(reference, muscle.latin)


@pytest.mark.parametrize("nothing", ["", "   ", "...", "zzz"])
def test_nothing_is_found_for_nothing(reference: Reference, nothing: str) -> None:
    assert found(reference, nothing) == []
