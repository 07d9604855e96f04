"""What holds for every chart: more is never safer, and the order in which things are typed does not matter."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.reference import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, EarlierInjection
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Level

from .build import ABO, DAXI, INCO, ONA, RIMA, TODAY, chart, injection, vial

PRODUCTS = (ONA, ABO, INCO, RIMA, DAXI)
MUSCLES = ("sternocleidomastoideus", "splenius_capitis", "scalenus_anterior", "scalenus_medius", "longus_colli")

units = st.decimals(min_value=0, max_value=1500, places=2)
lines = st.lists(
    st.builds(
        injection,
        st.builds("{}/{}".format, st.sampled_from(MUSCLES), st.sampled_from(["left", "right"])),
        units,
        key=st.uuids().map(str),
        points=st.integers(min_value=0, max_value=4),
        vial=st.sampled_from(["v1", "v2"]),
        indication=st.sampled_from(["", "", "spasticity_upper", "blepharospasm"]),
    ),
    min_size=1,
    max_size=6,
)
history = st.lists(
    st.builds(
        EarlierInjection,
        on=st.integers(min_value=0, max_value=150).map(lambda days: TODAY - timedelta(days=days)),
        product=st.sampled_from([*PRODUCTS, ""]),
        units=st.none() | units,
        elsewhere=st.booleans(),
        indication=st.sampled_from(["", "cervical_dystonia", "spasticity_upper"]),
    ),
    max_size=4,
)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    products = draw(st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(PRODUCTS)))
    return chart(
        *draw(lines),
        vials=(vial(products[0], 500), vial(products[1], 500, key="v2")),
        earlier=tuple(draw(history)),
        indication=draw(st.sampled_from(["cervical_dystonia", "spasticity_upper", "blepharospasm"])),
    )


def stops(of: Chart, reference: Reference) -> set[tuple[str, str]]:
    """Every stop but the open rest of a vial, which more units rightly close."""
    return {
        (found.id, found.subject)
        for found in check_chart(of, reference, at_signing=True)
        if found.level is Level.STOP and found.id != "vial.unreconciled"
    }


def with_more(line: ChartedInjection, more: Decimal) -> ChartedInjection:
    return replace(line, units=line.given + more)


@settings(deadline=None)
@given(charts(), units, st.integers(min_value=0, max_value=5))
def test_more_units_never_remove_a_stop(reference: Reference, charted: Chart, more: Decimal, which: int) -> None:
    index = which % len(charted.injections)
    raised = replace(
        charted,
        injections=tuple(
            with_more(line, more) if place == index else line for place, line in enumerate(charted.injections)
        ),
    )
    assert stops(charted, reference) <= stops(raised, reference)


@settings(deadline=None)
@given(charts(), st.randoms(use_true_random=False))
def test_the_order_of_injections_vials_and_history_does_not_matter(
    reference: Reference, charted: Chart, random: Random
) -> None:
    mixed = replace(
        charted,
        injections=tuple(random.sample(charted.injections, len(charted.injections))),
        vials=tuple(random.sample(charted.vials, len(charted.vials))),
        earlier=tuple(random.sample(charted.earlier, len(charted.earlier))),
    )
    assert check_chart(mixed, reference) == check_chart(charted, reference)


@settings(deadline=None)
@given(charts(), st.integers(min_value=84, max_value=400), units)
def test_what_was_given_84_days_ago_or_longer_raises_no_dose_and_no_interval(
    reference: Reference, charted: Chart, days: int, given_units: Decimal
) -> None:
    long_ago = EarlierInjection(TODAY - timedelta(days=days), charted.products[0], given_units)
    alone = replace(charted, earlier=())
    later = replace(charted, earlier=(long_ago,))
    found = {each.id for each in check_chart(later, reference)} - {each.id for each in check_chart(alone, reference)}
    assert found <= {"patient.interaction"}


@settings(deadline=None)
@given(charts())
def test_signing_adds_findings_and_takes_none_away(reference: Reference, charted: Chart) -> None:
    before = {(found.id, found.subject) for found in check_chart(charted, reference)}
    assert before <= {(found.id, found.subject) for found in check_chart(charted, reference, at_signing=True)}


@settings(deadline=None)
@given(charts())
def test_stops_come_first_then_warnings_then_information(reference: Reference, charted: Chart) -> None:
    levels = [list(Level).index(found.level) for found in check_chart(charted, reference, at_signing=True)]
    assert levels == sorted(levels)
