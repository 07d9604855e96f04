"""Several indications in one visit: each line is looked at for what it treats."""

from dataclasses import replace
from decimal import Decimal

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Level
from clinic_app.rules.wording import words_of

from .build import ABO, CHILD, INCO, ONA, RIMA, chart, checked, earlier, figures, injection, patient, vial

SPLENIUS, BICEPS = "splenius_capitis/left", "biceps_brachii/left"
ARM = {"indication": "spasticity_upper"}


def test_a_line_counts_for_the_visits_indication_unless_it_names_its_own() -> None:
    visit = chart(injection(SPLENIUS, 50), injection(BICEPS, 50, **ARM))
    assert [visit.indication_of(each) for each in visit.injections] == ["cervical_dystonia", "spasticity_upper"]
    assert visit.indications == visit.indications_of(ONA) == ("cervical_dystonia", "spasticity_upper")
    assert replace(visit, injections=()).indications == ("cervical_dystonia",)


# Units per muscle


@pytest.mark.parametrize(("units", "outside"), [(59, True), (60, False), (200, False), (201, True)])
def test_the_label_row_of_the_lines_own_indication_is_compared(reference: Reference, units: int, outside: bool) -> None:
    visit = chart(injection(SPLENIUS, 60), injection(BICEPS, units, **ARM))
    found = checked(visit, reference, "dose.muscle_range")
    assert [each.subject for each in found] == [BICEPS] * outside
    assert all("for upper limb spasticity" in words_of(each) for each in found)


def test_the_row_of_the_visits_indication_is_not_compared_with_a_line_of_another(reference: Reference) -> None:
    visit = chart(injection(SPLENIUS, 1, indication="writers_cramp"), vials=(vial(ABO, 500),))
    assert not checked(visit, reference, "dose.muscle_range")


def test_only_the_units_of_its_own_indication_count_for_a_label_row(reference: Reference) -> None:
    visit = chart(injection(BICEPS, 150, **ARM), injection(BICEPS, 150, key="dystonia"))
    assert not checked(visit, reference, "dose.muscle_range")
    both = chart(injection(BICEPS, 150, **ARM), injection(BICEPS, 150, key="second", **ARM))
    assert figures(checked(both, reference, "dose.muscle_range")[0])["given"] == 300


def test_an_upper_limit_counts_whatever_is_treated(reference: Reference) -> None:
    scm = "sternocleidomastoideus/left"
    visit = chart(injection(scm, 60), injection(scm, 60, key="other", indication="writers_cramp"))
    (found,) = checked(visit, reference, "dose.muscle_range")
    assert (found.subject, figures(found)["given"]) == (scm, 120)


def test_a_muscle_treated_for_two_indications_is_told_for_each_of_them(reference: Reference) -> None:
    gland = "glandula_parotidea/left"
    visit = chart(
        injection(gland, 1600, indication="sialorrhea"),
        injection(gland, 10, key="other", indication="writers_cramp"),
        vials=(vial(RIMA, 5000),),
    )
    (found,) = checked(visit, reference, "dose.muscle_range")
    assert found.subject == f"{gland}/sialorrhea"
    alone = replace(visit, injections=visit.injections[:1])
    assert [each.subject for each in checked(alone, reference, "dose.muscle_range")] == [gland]


def test_one_finding_does_not_hide_that_of_another_indication(reference: Reference) -> None:
    # splenius capitis of Dysport: 75 to 450 U for cervical dystonia; biceps: 200 to 400 U for the arm
    visit = chart(injection(SPLENIUS, 500), injection(BICEPS, 500, **ARM), vials=(vial(ABO, 1000),))
    assert {each.subject for each in checked(visit, reference, "dose.muscle_range")} == {SPLENIUS, BICEPS}


# Totals


def test_the_general_cap_counts_all_lines(reference: Reference) -> None:
    def visit(units: int) -> list[str]:
        charted = chart(injection(SPLENIUS, 200), injection(BICEPS, units, **ARM))
        return [each.subject for each in checked(charted, reference, "dose.visit_cap")]

    assert visit(200) == []
    assert visit(201) == [ONA]


def test_a_cap_of_an_indication_counts_its_own_lines(reference: Reference) -> None:
    def visit(neck: int, arm: int) -> list[tuple[str, object]]:
        charted = chart(injection(SPLENIUS, neck), injection(BICEPS, arm, **ARM), vials=(vial(ABO, 2000),))
        return [(each.subject, figures(each)["cap"]) for each in checked(charted, reference, "dose.visit_cap")]

    assert visit(1000, 500) == []
    assert visit(1001, 400) == [(f"{ABO}/cervical_dystonia", 1000)]
    assert visit(900, 601) == [(ABO, 1500)]
    assert visit(1001, 500) == [(ABO, 1500), (f"{ABO}/cervical_dystonia", 1000)]


def test_a_cap_of_an_indication_names_it(reference: Reference) -> None:
    visit = chart(
        injection("orbicularis_oculi_pretarsal/left", 110, indication="blepharospasm"),
        injection(SPLENIUS, 100),
        vials=(vial(INCO, 300),),
    )
    (found,) = checked(visit, reference, "dose.visit_cap")
    assert (found.level, found.subject) == (Level.STOP, f"{INCO}/blepharospasm")
    assert "110\u202fU in this visit for blepharospasm is above the cap of 100\u202fU." in words_of(found)


def test_with_one_indication_alone_subject_and_words_stay_as_they_were(reference: Reference) -> None:
    own = chart(injection(SPLENIUS, 1100), vials=(vial(ABO, 2000),))
    of_the_line = replace(own, indication="", injections=(injection(SPLENIUS, 1100, indication="cervical_dystonia"),))
    assert checked(own, reference, "dose.visit_cap") == checked(of_the_line, reference, "dose.visit_cap")


# Interval and age


def test_the_longest_interval_among_the_indications_holds(reference: Reference) -> None:
    visit = chart(
        injection(SPLENIUS, 50),
        injection("glandula_parotidea/left", 30, indication="sialorrhea"),
        vials=(vial(INCO),),
        earlier=(earlier(100, INCO),),
    )
    (found,) = checked(visit, reference, "interval.too_short")
    assert figures(found)["minimum"] == 112
    assert not checked(replace(visit, injections=visit.injections[:1]), reference, "interval.too_short")


def test_a_longer_interval_belongs_to_its_own_product(reference: Reference) -> None:
    # saliva is treated with rimabotulinumtoxinB here, whose minimum is 12 weeks
    visit = chart(
        injection(SPLENIUS, 50),
        injection("glandula_parotidea/left", 1000, indication="sialorrhea", vial="v2"),
        vials=(vial(INCO), vial(RIMA, 2500, key="v2")),
        earlier=(earlier(100, INCO),),
    )
    assert not checked(visit, reference, "interval.too_short")


def test_age_is_looked_at_for_every_use_of_a_product(reference: Reference) -> None:
    visit = chart(
        injection("soleus/left", 50, indication="spasticity_lower"),
        injection(SPLENIUS, 50),
        injection("masseter/left", 10, indication="bruxism"),
        patient=patient(birth_date=CHILD, weight_kg=Decimal(30)),
    )
    found = checked(visit, reference, "patient.age")
    assert [(each.subject, each.variant) for each in found] == [
        (f"{ONA}/bruxism", "off_label"),
        (f"{ONA}/cervical_dystonia", ""),
    ]
    assert "covers adults for cervical dystonia" in words_of(found[1])


def test_an_age_without_a_birth_date_counts(reference: Reference) -> None:
    (found,) = checked(chart(patient=patient(birth_date=None, age=10)), reference, "patient.age")
    assert (found.subject, figures(found)["years"]) == (ONA, 10)


# The rest


def test_an_indication_of_a_line_that_nobody_knows_is_told_at_signing(reference: Reference) -> None:
    visit = chart(injection(SPLENIUS, 60, indication="an old word"), injection("splenius_capitis/right", 40))
    (found,) = checked(visit, reference, "documentation.indication", at_signing=True)
    assert (found.level, found.subject, found.variant) == (Level.WARN, SPLENIUS, "line")
    both = replace(visit, indication="")
    found_both = checked(both, reference, "documentation.indication", at_signing=True)
    assert {each.subject for each in found_both} == {"", SPLENIUS}


def test_components_of_another_indication_say_nothing_about_a_lines_side(reference: Reference) -> None:
    turned = patient(components=(("torticollis", "right"),))
    scm = "sternocleidomastoideus/right"
    assert checked(chart(injection(scm, 20), patient=turned), reference, "pattern.component")
    own = chart(injection(scm, 20, indication="hemifacial_spasm"), patient=turned)
    assert not checked(own, reference, "pattern.component")
    same = chart(injection(scm, 20, indication="cervical_dystonia"), patient=turned, indication="hemifacial_spasm")
    assert checked(same, reference, "pattern.component")


def test_findings_of_several_indications_stay_one_per_id_and_subject(reference: Reference) -> None:
    visit = chart(
        injection(BICEPS, 900, **ARM),
        injection(BICEPS, 1100, key="second", indication="cervical_dystonia"),
        injection(SPLENIUS, 800, indication="spasticity_upper"),
        vials=(vial(ABO, 3000),),
        patient=patient(birth_date=CHILD),
    )
    pairs = [(each.id, each.subject) for each in check_chart(visit, reference, at_signing=True)]
    assert len(pairs) == len(set(pairs))
