"""The clinic's own limits: they stand in the place of the label's figures, which stay visible."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.reference import Reference
from clinic_app.rules.booking import earliest_date
from clinic_app.rules.chart import Chart, ClinicLimit
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Finding, Level
from clinic_app.rules.limits import LIMITABLE, Quantity, can_hold, limit_for
from clinic_app.rules.sources import source_titles
from clinic_app.rules.wording import words_of

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
    figures,
    injection,
    limit,
    patient,
    unverified,
    vial,
)
from .test_properties import MUSCLES, PRODUCTS, stops, units, with_more
from .test_properties import charts as any_charts

SCM, SPLENIUS, GLAND = "sternocleidomastoideus", "splenius_capitis", "glandula_parotidea"
LEVELS = [None, Level.INFO, Level.WARN, Level.STOP]


@dataclass(frozen=True)
class Limited:
    """A check with a label's figure: a chart that reaches a value, and what a limit for it names."""

    chart_at: Callable[[Decimal], Chart]
    label: int
    names: dict[str, str]
    shown: str
    worst: Level = Level.STOP


def _neck(units: Decimal) -> Chart:
    return chart(injection(f"{SPLENIUS}/left", units))


def _rolling(units: Decimal) -> Chart:
    return chart(injection(f"{SPLENIUS}/left", units - 50), earlier=(earlier(60, units=50),))


def _gland(units: Decimal) -> Chart:
    return chart(injection(f"{GLAND}/left", units), vials=(vial(RIMA, 2500),), indication="sialorrhea")


def _one_point(units: Decimal) -> Chart:
    return chart(injection(f"{SPLENIUS}/left", units, points=1))


def _both_sides(units: Decimal) -> Chart:
    return chart(injection(f"{SCM}/left", units / 2), injection(f"{SCM}/right", units / 2))


def _days(days: Decimal) -> Chart:
    return chart(earlier=(earlier(int(days)),))


def _hours(hours: Decimal) -> Chart:
    return chart(vials=(vial(reconstituted_at=NOW - timedelta(hours=float(hours))),))


U = "\u202fU"
LIMITED = {
    "interval.too_short": Limited(_days, 84, {"product": ONA}, "84 days"),
    "dose.visit_cap": Limited(_neck, 400, {"product": ONA}, f"400{U}"),
    "dose.rolling_cap": Limited(_rolling, 400, {"product": ONA}, f"400{U}"),
    "dose.muscle_range": Limited(_gland, 1500, {"product": RIMA, "muscle": GLAND}, f"1500{U}", Level.WARN),
    "dose.scm_total": Limited(_both_sides, 100, {"product": ONA}, f"100{U}"),
    "dose.point_cap": Limited(_one_point, 50, {"product": ONA}, f"50{U}"),
    "vial.too_old": Limited(_hours, 24, {"product": ONA}, "24 hours"),
}
every_limited_check = pytest.mark.parametrize("check", LIMITED)


def narrower(check: str, by: int) -> Decimal:
    """The label's figure, made stricter; a negative ``by`` makes it wider."""
    return Decimal(LIMITED[check].label + (by if LIMITABLE[check].quantity.is_minimum else -by))


def around(check: str, sixtieths: int) -> Decimal:
    """A whole value below or above the label's figure."""
    least = 51 if check == "dose.rolling_cap" else 1  # 50 units of it were given earlier
    return Decimal(max(least, round(LIMITED[check].label * sixtieths / 60)))


def own_limit(check: str, value: Decimal) -> ClinicLimit:
    return limit(check, value, **LIMITED[check].names)


def said_at(reference: Reference, check: str, value: Decimal, *limits: ClinicLimit) -> list[Finding]:
    visit = replace(LIMITED[check].chart_at(value), clinic=clinic_limits(*limits))
    return checked(visit, reference, check)


def worst(findings: list[Finding]) -> int:
    return max((LEVELS.index(each.level) for each in findings), default=0)


def test_every_check_that_can_be_limited_is_tested_here() -> None:
    assert set(LIMITED) == set(LIMITABLE)


@every_limited_check
def test_a_narrower_limit_that_is_passed_stops_or_warns_and_shows_both_figures(
    reference: Reference, check: str
) -> None:
    between, own = narrower(check, 5), narrower(check, 10)
    assert not said_at(reference, check, between)
    (found,) = said_at(reference, check, between, own_limit(check, own))
    assert (found.level, found.variant, found.verified) == (LIMITED[check].worst, "clinic_label", True)
    sentence = words_of(found)
    assert "the clinic's own" in sentence
    assert "set by the head physician on 3 Sep 2026" in sentence
    assert LIMITED[check].shown in sentence
    assert source_titles(reference, found)[0].title == "The clinic's own limit"


@every_limited_check
def test_a_limit_that_is_reached_and_not_passed_says_nothing(reference: Reference, check: str) -> None:
    own = narrower(check, 10)
    assert not said_at(reference, check, own, own_limit(check, own))


@every_limited_check
def test_within_a_wider_limit_the_labels_figure_is_only_shown(reference: Reference, check: str) -> None:
    beyond, own = narrower(check, -5), narrower(check, -10)
    assert [each.level for each in said_at(reference, check, beyond)] == [LIMITED[check].worst]
    (found,) = said_at(reference, check, beyond, own_limit(check, own))
    assert (found.level, found.variant) == (Level.INFO, "wider")
    sentence = words_of(found)
    assert "the clinic's own" in sentence
    assert "set by the head physician on 3 Sep 2026" in sentence
    assert LIMITED[check].shown in sentence


@every_limited_check
def test_a_wider_limit_that_is_passed_stops_or_warns(reference: Reference, check: str) -> None:
    (found,) = said_at(reference, check, narrower(check, -15), own_limit(check, narrower(check, -10)))
    assert (found.level, found.variant) == (LIMITED[check].worst, "clinic_label")


@every_limited_check
def test_an_unverified_figure_of_the_label_stays_visible_and_asks_to_be_confirmed(
    reference: Reference, check: str
) -> None:
    nothing_read = unverified(reference)
    (within,) = said_at(nothing_read, check, narrower(check, -5), own_limit(check, narrower(check, -10)))
    assert (within.level, within.verified) == (Level.INFO, False)
    assert words_of(within).endswith("Confirm against the label: no page that was read states this.")
    # the clinic set its limit itself: no page is needed for it to stop
    (passed,) = said_at(nothing_read, check, narrower(check, 5), own_limit(check, narrower(check, 10)))
    assert (passed.level, passed.verified) == (LIMITED[check].worst, True)
    assert "(not verified here)" in words_of(passed)


@every_limited_check
def test_the_labels_figure_holds_for_what_no_limit_names(reference: Reference, check: str) -> None:
    beyond = narrower(check, -5)
    elsewhere = limit(check, narrower(check, -10), **(LIMITED[check].names | {"product": ABO}))
    assert said_at(reference, check, beyond, elsewhere) == said_at(reference, check, beyond)


@every_limited_check
@given(value=st.integers(1, 120), low=st.integers(1, 120), more=st.integers(0, 120))
def test_a_wider_limit_never_makes_a_finding_stricter(
    reference: Reference, check: str, value: int, low: int, more: int
) -> None:
    label = Decimal(LIMITED[check].label)
    at = around(check, value)
    wide = Decimal(max(low - more, 0) if LIMITABLE[check].quantity.is_minimum else low + more)
    limits = [own_limit(check, round(label * each / 60, 1)) for each in (Decimal(low), wide)]
    narrow_says, wide_says = (worst(said_at(reference, check, at, each)) for each in limits)
    assert wide_says <= narrow_says


@every_limited_check
@given(value=st.integers(1, 120), percent=st.integers(1, 200))
def test_compared_with_the_labels_verified_figure_narrower_is_never_looser_and_wider_never_stricter(
    reference: Reference, check: str, value: int, percent: int
) -> None:
    label = Decimal(LIMITED[check].label)
    at = around(check, value)
    own = label * percent / 100
    without = worst(said_at(reference, check, at))
    with_own = worst(said_at(reference, check, at, own_limit(check, own)))
    if LIMITABLE[check].quantity.passed(own, label):
        assert with_own <= without
    else:
        assert with_own >= without


@st.composite
def any_limits(draw: st.DrawFn) -> ClinicLimit:
    check = draw(st.sampled_from(sorted(LIMITABLE)))
    kind = LIMITABLE[check]
    choices = {
        "product": st.sampled_from(PRODUCTS),
        "indication": st.sampled_from(["cervical_dystonia", "spasticity_upper"]),
        "muscle": st.sampled_from(MUSCLES),
    }
    named = [
        *kind.must_name,
        *draw(st.lists(st.sampled_from(kind.may_name), unique=True) if kind.may_name else st.just([])),
    ]
    return limit(check, draw(st.integers(0, 1600)), **{name: draw(choices[name]) for name in named})


@given(any_charts(), st.lists(any_limits(), max_size=4), any_limits(), st.integers(0, 800))
def test_widening_one_limit_of_several_never_makes_a_check_stricter(
    reference: Reference, charted: Chart, others: list[ClinicLimit], one: ClinicLimit, more: int
) -> None:
    minimum = LIMITABLE[one.check].quantity.is_minimum
    wider = replace(one, value=max(Decimal(0), one.value - more) if minimum else one.value + more)

    def severity(held: ClinicLimit) -> int:
        return worst(checked(replace(charted, clinic=clinic_limits(*others, held)), reference, one.check))

    assert severity(wider) <= severity(one)


@given(any_charts(), st.lists(any_limits(), max_size=4))
def test_limits_of_a_check_leave_every_other_check_alone(
    reference: Reference, charted: Chart, limits: list[ClinicLimit]
) -> None:
    limited = {each.check for each in limits}
    with_limits = check_chart(replace(charted, clinic=clinic_limits(*limits)), reference)
    without = check_chart(charted, reference)
    assert [each for each in with_limits if each.id not in limited] == [
        each for each in without if each.id not in limited
    ]


@given(any_charts(), st.lists(any_limits(), max_size=4), units, st.integers(0, 5))
def test_more_units_never_remove_a_stop_whatever_the_clinic_allows(
    reference: Reference, charted: Chart, limits: list[ClinicLimit], more: Decimal, which: int
) -> None:
    limited = replace(charted, clinic=clinic_limits(*limits))
    index = which % len(limited.injections)
    lines = tuple(with_more(line, more) if at == index else line for at, line in enumerate(limited.injections))
    assert stops(limited, reference) <= stops(replace(limited, injections=lines), reference)


# Where the label has no figure


@pytest.mark.parametrize(
    ("visit", "own", "subject"),
    [
        (
            chart(injection(f"{SCM}/left", 101), vials=(vial(ABO, 500),)),
            limit("dose.scm_total", 100, product=ABO),
            ABO,
        ),
        (
            chart(injection(f"{SPLENIUS}/left", 21, points=1), vials=(vial(INCO),)),
            limit("dose.point_cap", 20, product=INCO),
            f"{SPLENIUS}/left",
        ),
        (
            chart(injection(f"{SPLENIUS}/left", 61)),
            limit("dose.muscle_range", 60, product=ONA, muscle=SPLENIUS),
            f"{SPLENIUS}/left",
        ),
        (
            chart(vials=(vial("of nobody", reconstituted_at=NOW - timedelta(hours=9)),)),
            limit("vial.too_old", 8),
            "v1",
        ),
        (
            chart(injection(f"{SPLENIUS}/left", 61), injection("masseter/left", 1, indication="bruxism")),
            limit("dose.visit_cap", 60, product=ONA, indication="cervical_dystonia"),
            f"{ONA}/cervical_dystonia",
        ),
    ],
)
def test_a_limit_works_where_the_label_has_no_figure(
    reference: Reference, visit: Chart, own: ClinicLimit, subject: str
) -> None:
    (found,) = checked(replace(visit, clinic=clinic_limits(own)), reference, own.check)
    assert (found.subject, found.variant, found.source) == (subject, "clinic", "limit of the clinic")
    assert "label" not in words_of(found)
    kept = replace(visit, clinic=clinic_limits(replace(own, value=own.value + 1)))
    assert not checked(kept, reference, own.check)


# Which limit holds


def test_the_limit_that_names_most_holds() -> None:
    limits = (
        limit("dose.point_cap", 40, product=ONA),
        limit("dose.point_cap", 30, product=ONA, muscle=SCM),
        limit("dose.point_cap", 35, product=ONA, muscle=SCM, indication="cervical_dystonia"),
        limit("dose.point_cap", 10, product=ABO),
    )

    def value(**asked: str) -> Decimal | None:
        held = limit_for(limits, "dose.point_cap", **asked)
        return None if held is None else held.value

    assert value(product=ONA, muscle=SPLENIUS, indication="cervical_dystonia") == 40
    assert value(product=ONA, muscle=SCM, indication="writers_cramp") == 30
    assert value(product=ONA, muscle=SCM, indication="cervical_dystonia") == 35
    assert value(product=INCO, muscle=SCM) is None
    assert limit_for(limits, "dose.visit_cap", product=ONA) is None


def test_of_equally_specific_limits_the_stricter_holds() -> None:
    days = (limit("interval.too_short", 90, product=ONA), limit("interval.too_short", 100, indication="sialorrhea"))
    held = limit_for(days, "interval.too_short", product=ONA, indication="sialorrhea")
    assert held == days[1]
    units = (limit("dose.visit_cap", 300, product=ONA), limit("dose.visit_cap", 200, product=ONA))
    assert limit_for(units, "dose.visit_cap", product=ONA) == units[1]


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ("dose.visit_cap", {}),  # units of which product?
        ("dose.visit_cap", {"product": ONA, "muscle": SCM}),
        ("dose.muscle_range", {"product": ONA}),
        ("dose.muscle_range", {"muscle": SCM}),
        ("dose.scm_total", {"product": ONA, "indication": "cervical_dystonia"}),
        ("vial.too_old", {"muscle": SCM}),
        ("product.mixed", {"product": ONA}),
        ("no.such_check", {}),
    ],
)
def test_a_limit_that_its_check_cannot_use_never_holds(wrong: str, names: dict[str, Any]) -> None:
    own = limit(wrong, 1, **names)
    assert not can_hold(own)
    assert limit_for((own,), wrong, product=ONA, indication="cervical_dystonia", muscle=SCM) is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1"])
def test_a_limit_that_is_no_quantity_never_holds(value: str) -> None:
    assert not can_hold(limit("dose.visit_cap", value, product=ONA))
    assert can_hold(limit("dose.visit_cap", 0, product=ONA))


def test_what_a_limit_counts_is_told() -> None:
    assert LIMITABLE["vial.too_old"].quantity is Quantity.HOURS
    assert {each.quantity for name, each in LIMITABLE.items() if name.startswith("dose.")} == {Quantity.UNITS}


# Limits and indications


def cervical_dystonia(units: int, *limits: ClinicLimit) -> Chart:
    visit = chart(injection(f"{SPLENIUS}/left", units), vials=(vial(ABO, 2000),))
    return replace(visit, clinic=clinic_limits(*limits))


def test_a_limit_for_any_indication_does_not_widen_the_cap_of_a_single_one(reference: Reference) -> None:
    # 1,500 units of Dysport in general, 1,000 in cervical dystonia: 1,200 is narrower in general
    general = limit("dose.visit_cap", 1200, product=ABO)
    (found,) = checked(cervical_dystonia(1100, general), reference, "dose.visit_cap")
    assert (found.level, found.variant, figures(found)["cap"]) == (Level.STOP, "", 1000)
    of_its_own = replace(general, indication="cervical_dystonia")
    (found,) = checked(cervical_dystonia(1100, general, of_its_own), reference, "dose.visit_cap")
    assert (found.level, found.variant, figures(found)["label"]) == (Level.INFO, "wider", 1000)
    assert "in this visit for cervical dystonia" in words_of(found)


def test_a_limit_for_any_indication_does_not_widen_the_longer_interval_of_a_single_one(reference: Reference) -> None:
    visit = chart(
        injection(f"{GLAND}/left", 30),
        vials=(vial(INCO),),
        indication="sialorrhea",
        earlier=(earlier(100, INCO),),
        clinic=clinic_limits(limit("interval.too_short", 90, product=INCO)),
    )
    (found,) = checked(visit, reference, "interval.too_short")
    assert (found.level, figures(found)["minimum"]) == (Level.STOP, 112)
    own = limit("interval.too_short", 90, product=INCO, indication="sialorrhea")
    (found,) = checked(replace(visit, clinic=clinic_limits(own)), reference, "interval.too_short")
    assert found.level is Level.INFO


def test_a_limit_of_an_indication_counts_its_own_lines(reference: Reference) -> None:
    own = limit("dose.visit_cap", 100, product=ONA, indication="hemifacial_spasm")

    def visit(neck: int, face: int) -> list[str]:
        charted = chart(
            injection(f"{SPLENIUS}/left", neck),
            injection("orbicularis_oculi_pretarsal/left", face, indication="hemifacial_spasm"),
            clinic=clinic_limits(own),
        )
        return [each.subject for each in checked(charted, reference, "dose.visit_cap")]

    assert visit(300, 100) == []
    assert visit(200, 101) == [f"{ONA}/hemifacial_spasm"]
    assert visit(310, 100) == [ONA]


def test_a_limit_for_any_indication_is_compared_with_all_lines_and_told_once(reference: Reference) -> None:
    def visit(product: str, neck: int, value: int) -> list[tuple[str, Level]]:
        charted = chart(
            injection(f"{SPLENIUS}/left", neck),
            injection("masseter/left", 10, indication="bruxism"),
            vials=(vial(product, 2000),),
            clinic=clinic_limits(limit("dose.visit_cap", value, product=product)),
        )
        return [(each.subject, each.level) for each in checked(charted, reference, "dose.visit_cap")]

    assert visit(ONA, 290, 300) == []
    assert visit(ONA, 291, 300) == [(ONA, Level.STOP)]
    assert visit(ONA, 450, 500) == [(ONA, Level.INFO)]
    assert visit(ABO, 1100, 1200) == [(f"{ABO}/cervical_dystonia", Level.STOP)]


def test_a_limit_of_an_indication_does_not_widen_the_total_of_several(reference: Reference) -> None:
    visit = chart(
        injection(f"{SPLENIUS}/left", 450),
        injection("masseter/left", 10, indication="bruxism"),
        clinic=clinic_limits(limit("dose.visit_cap", 500, product=ONA, indication="cervical_dystonia")),
    )
    (found,) = checked(visit, reference, "dose.visit_cap")
    assert (found.level, found.subject) == (Level.STOP, ONA)
    alone = replace(visit, injections=visit.injections[:1])
    assert [each.level for each in checked(alone, reference, "dose.visit_cap")] == [Level.INFO]


def test_a_rolling_limit_of_an_indication_counts_what_was_given_for_it_or_for_nobody_knows_what(
    reference: Reference,
) -> None:
    own = limit("dose.rolling_cap", 200, product=ONA, indication="cervical_dystonia")

    def visit(indication: str) -> list[str]:
        charted = chart(
            injection(f"{SPLENIUS}/left", 101),
            earlier=(earlier(60, units=100, indication=indication, elsewhere=True),),
            clinic=clinic_limits(own),
        )
        return [each.subject for each in checked(charted, reference, "dose.rolling_cap")]

    assert visit("cervical_dystonia") == visit("") == [ONA]
    assert visit("chronic_migraine") == []


def test_a_rolling_limit_of_one_of_several_indications_has_a_finding_of_its_own(reference: Reference) -> None:
    visit = chart(
        injection(f"{SPLENIUS}/left", 101),
        injection("masseter/left", 10, indication="bruxism"),
        earlier=(earlier(60, units=100, indication="cervical_dystonia"), earlier(50, units=50, indication="bruxism")),
        clinic=clinic_limits(limit("dose.rolling_cap", 200, product=ONA, indication="cervical_dystonia")),
    )
    (found,) = checked(visit, reference, "dose.rolling_cap")
    assert found.subject == f"{ONA}/cervical_dystonia"
    assert (figures(found)["total"], figures(found)["cap"]) == (201, 200)


# Limits and muscles


def test_a_muscles_limit_counts_each_side_and_every_line_for_itself(reference: Reference) -> None:
    own = limit("dose.muscle_range", 60, product=ONA, muscle=SPLENIUS)
    visit = chart(
        injection(f"{SPLENIUS}/left", 40),
        injection(f"{SPLENIUS}/left", 30, key="other", indication="writers_cramp"),
        injection(f"{SPLENIUS}/right", 60),
        injection("semispinalis_capitis/left", 90),
        clinic=clinic_limits(own),
    )
    (found,) = checked(visit, reference, "dose.muscle_range")
    assert (found.level, found.subject, figures(found)["given"]) == (Level.WARN, f"{SPLENIUS}/left", 70)


def test_a_muscles_limit_leaves_the_least_that_the_label_names(reference: Reference) -> None:
    visit = chart(
        injection(f"{SPLENIUS}/left", 74),
        vials=(vial(ABO, 500),),
        clinic=clinic_limits(limit("dose.muscle_range", 900, product=ABO, muscle=SPLENIUS)),
    )
    (found,) = checked(visit, reference, "dose.muscle_range")
    assert (found.level, found.variant) == (Level.WARN, "")


def test_a_muscles_limit_says_nothing_about_the_sum_of_several(reference: Reference) -> None:
    wide = limit("dose.muscle_range", 900, product=ABO, muscle="scalenus_anterior")
    both = chart(
        injection("scalenus_anterior/left", 200),
        injection("scalenus_medius/left", 200),
        vials=(vial(ABO, 500),),
        clinic=clinic_limits(wide),
    )
    assert [each.level for each in checked(both, reference, "dose.muscle_range")] == [Level.WARN]
    alone = replace(both, injections=(injection("scalenus_anterior/left", 400),))
    assert [each.level for each in checked(alone, reference, "dose.muscle_range")] == [Level.INFO]


def test_the_programs_own_choice_is_not_called_the_labels(reference: Reference) -> None:
    visit = chart(
        injection(f"{SPLENIUS}/left", 6000),
        vials=(vial(RIMA, 10000),),
        clinic=clinic_limits(limit("dose.visit_cap", 7000, product=RIMA)),
    )
    (found,) = checked(visit, reference, "dose.visit_cap")
    assert found.level is Level.INFO
    assert "chosen for this program: the label names no maximum" in words_of(found)


# Limits and booking


@given(st.integers(0, 200), st.sampled_from(["", ONA, INCO, DAXI]), st.sampled_from(["", "sialorrhea"]))
def test_booking_keeps_the_clinics_interval_as_charting_does(
    reference: Reference, value: int, product: str, indication: str
) -> None:
    limits = (limit("interval.too_short", value, product=product, indication=indication),)
    last = earlier(60, INCO)
    first = earliest_date((last,), reference, INCO, "sialorrhea", limits=limits)
    assert first is not None

    def stopped(on: date) -> bool:
        visit = chart(
            injection(f"{GLAND}/left", 30),
            vials=(vial(INCO),),
            indication="sialorrhea",
            visited_on=on,
            earlier=(last,),
            clinic=clinic_limits(*limits),
        )
        return any(each.level is Level.STOP for each in checked(visit, reference, "interval.too_short"))

    assert not stopped(first)
    assert first == last.on or stopped(first - timedelta(days=1))


def test_a_limit_counts_before_a_product_is_chosen(reference: Reference) -> None:
    empty = replace(chart(), injections=(), vials=(), earlier=(earlier(75),))
    assert [each.level for each in checked(empty, reference, "interval.too_short")] == [Level.STOP]
    shorter = replace(empty, clinic=clinic_limits(limit("interval.too_short", 70, product=ONA)))
    assert [each.level for each in checked(shorter, reference, "interval.too_short")] == [Level.INFO]
    longer = replace(empty, earlier=(earlier(90),), clinic=clinic_limits(limit("interval.too_short", 100)))
    assert [each.level for each in checked(longer, reference, "interval.too_short")] == [Level.STOP]


def test_half_a_day_more_is_a_whole_day(reference: Reference) -> None:
    visit = chart(earlier=(earlier(90),), clinic=clinic_limits(limit("interval.too_short", "90.5")))
    (found,) = checked(visit, reference, "interval.too_short")
    assert figures(found)["earliest"] == TODAY + timedelta(days=1)


def test_a_childs_limit_is_quoted_with_the_childs_figure(reference: Reference) -> None:
    child = patient(birth_date=CHILD, weight_kg=Decimal(20))
    visit = chart(
        injection("soleus/left", 150), patient=child, clinic=clinic_limits(limit("dose.visit_cap", 100, product=ONA))
    )
    (found,) = checked(visit, reference, "dose.visit_cap")
    assert figures(found)["label"] == 200
