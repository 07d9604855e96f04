from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.reference import Reference
from clinic_app.rules.booking import earliest_date, minimum_interval
from clinic_app.rules.chart import EarlierInjection
from clinic_app.rules.days import age_in_years, months_before
from clinic_app.rules.findings import Level

from .build import ABO, CHILD, INCO, ONA, RIMA, TODAY, chart, checked, earlier, figures, injection, patient, vial

CHECK = "interval.too_short"


@pytest.mark.parametrize(("days", "too_short"), [(0, True), (83, True), (84, False), (85, False)])
def test_eighty_four_days_are_twelve_weeks_and_enough(reference: Reference, days: int, too_short: bool) -> None:
    assert bool(checked(chart(earlier=(earlier(days),)), reference, CHECK)) is too_short


def test_it_stops_and_names_the_first_day_that_is_allowed(reference: Reference) -> None:
    (found,) = checked(chart(earlier=(earlier(70),)), reference, CHECK)
    assert found.level is Level.STOP
    assert figures(found)["days"] == 70
    assert figures(found)["earliest"] == TODAY + timedelta(days=14)


def test_another_product_and_toxin_given_elsewhere_count(reference: Reference) -> None:
    for before in (earlier(21, ABO), earlier(21, "", None, elsewhere=True)):
        assert checked(chart(earlier=(before,)), reference, CHECK)


def test_only_toxin_given_elsewhere_is_said_to_be(reference: Reference) -> None:
    (found,) = checked(chart(earlier=(earlier(21, elsewhere=True), earlier(90))), reference, CHECK)
    assert found.variant == "elsewhere"
    (found,) = checked(chart(earlier=(earlier(21, elsewhere=True), earlier(21))), reference, CHECK)
    assert found.variant == ""


def test_the_last_injection_counts_and_not_the_first(reference: Reference) -> None:
    (found,) = checked(chart(earlier=(earlier(20), earlier(200), earlier(50))), reference, CHECK)
    assert figures(found)["days"] == 20


def test_an_injection_after_a_visit_that_is_charted_late_does_not_count(reference: Reference) -> None:
    assert not checked(chart(earlier=(earlier(-5),)), reference, CHECK)


def test_saliva_and_a_childs_arm_have_a_longer_interval(reference: Reference) -> None:
    gland = chart(
        injection("glandula_parotidea/left", 30),
        indication="sialorrhea",
        vials=(vial(INCO),),
        earlier=(earlier(100, INCO),),
    )
    assert figures(checked(gland, reference, CHECK)[0])["minimum"] == 112
    arm = chart(
        injection("biceps_brachii/left", 100),
        indication="spasticity_upper",
        vials=(vial(ABO, 300),),
        earlier=(earlier(100, ABO),),
        patient=patient(birth_date=CHILD),
    )
    assert figures(checked(arm, reference, CHECK)[0])["minimum"] == 112
    assert not checked(replace(arm, patient=patient()), reference, CHECK)


def test_of_two_products_the_longer_interval_holds(reference: Reference) -> None:
    glands = chart(
        injection("glandula_parotidea/left", 500, vial="v2"),
        injection("glandula_parotidea/right", 30),
        indication="sialorrhea",
        vials=(vial(INCO), vial(RIMA, 2500, key="v2")),
        earlier=(earlier(100),),
    )
    assert figures(checked(glands, reference, CHECK)[0])["minimum"] == 112


def test_before_a_product_is_chosen_the_shortest_interval_holds(reference: Reference) -> None:
    empty = replace(chart(), injections=(), vials=())
    assert checked(replace(empty, earlier=(earlier(83),)), reference, CHECK)
    assert not checked(replace(empty, earlier=(earlier(84),)), reference, CHECK)


def test_a_product_that_nobody_knows_has_the_shortest_interval(reference: Reference) -> None:
    assert minimum_interval(reference, "of nobody", "sialorrhea").days == 84
    unknown = chart(vials=(vial("of nobody"),), earlier=(earlier(83),))
    assert checked(unknown, reference, CHECK)
    assert not checked(replace(unknown, earlier=(earlier(84),)), reference, CHECK)


def test_nothing_given_before_leaves_every_day_free(reference: Reference) -> None:
    assert earliest_date((), reference, ONA) is None


@settings(deadline=None)
@given(
    st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=6),
    st.sampled_from([ONA, ABO, INCO, ""]),
    st.randoms(use_true_random=False),
)
def test_booking_and_charting_agree_and_the_order_does_not_matter(
    reference: Reference, days: list[int], product: str, random: Random
) -> None:
    before = [earlier(each) for each in days]
    first = earliest_date(before, reference, product)
    random.shuffle(before)
    assert earliest_date(before, reference, product) == first
    assert first is not None
    charted = chart(vials=(vial(product or ONA),), earlier=tuple(before))
    assert bool(checked(charted, reference, CHECK)) is (charted.visited_on < first)


@settings(deadline=None)
@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)))
def test_the_earliest_day_is_a_whole_number_of_weeks_later_on_the_same_weekday(
    reference: Reference, last: date
) -> None:
    first = earliest_date([EarlierInjection(last, ONA)], reference, ONA, "cervical_dystonia", date(1950, 1, 1))
    assert first == last + timedelta(weeks=12)
    assert first.weekday() == last.weekday()


def test_an_interval_carries_its_sources(reference: Reference) -> None:
    interval = minimum_interval(reference, ONA)
    assert (interval.days, interval.verified) == (84, True)
    assert "botoxone_ped" in interval.source


def test_a_birthday_on_29_february_is_kept_on_1_march_in_other_years() -> None:
    assert age_in_years(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_in_years(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_calendar_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 3) == date(2025, 10, 15)
    assert months_before(date(2026, 12, 31), 12) == date(2025, 12, 31)
