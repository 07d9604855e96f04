"""The checks of totals: one visit, the last 84 days, one point. Units never cross products."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, total
from clinic_app.rules.days import months_before
from clinic_app.rules.findings import Finding, finding, stop_if
from clinic_app.rules.names import place_name, product_name
from clinic_app.rules.totals import volume_of

if TYPE_CHECKING:  # the entries need msgspec, which is loaded with the first look-up
    from clinic_app.reference.toxins import Product

#: 12 weeks, not counting the day itself: a patient treated exactly at the minimum interval is not counted twice.
ROLLING_DAYS = 84
STERNOCLEIDOMASTOID = "sternocleidomastoideus"


@dataclass(frozen=True, slots=True)
class _Cap:
    units: Decimal
    source: tuple[str, ...]
    verified: bool
    wording: str = ""


def visit_cap(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.visit_cap``: the total of the visit against the product's cap for the indication."""
    for product, injections in _by_product(chart, reference):
        given = total(injections)
        exceeded = [cap for cap in _visit_caps(product, chart) if given > cap.units]
        if exceeded:
            cap = max(exceeded, key=lambda each: (each.verified, -each.units))
            yield finding(
                "dose.visit_cap",
                stop_if(cap.verified),
                product.id,
                source=cap.source,
                verified=cap.verified,
                product=product_name(reference, product.id, chart.region),
                given=given,
                cap=cap.units,
            )


def rolling_cap(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.rolling_cap``: this visit with what was given of the same product in the 84 days before it.

    All indications count, and toxin given elsewhere. Where the clinic chose calendar months, these replace the days;
    the first day of the window does not count either.
    """
    months = chart.clinic.rolling_months
    before = (
        chart.visited_on - timedelta(days=ROLLING_DAYS) if months is None else months_before(chart.visited_on, months)
    )
    for product, injections in _by_product(chart, reference):
        earlier = sum(
            (
                each.units
                for each in chart.earlier
                if each.product == product.id and each.units is not None and before < each.on <= chart.visited_on
            ),
            Decimal(0),
        )
        given = total(injections)
        cap = _general_cap(product, chart)
        if earlier and given + earlier > cap.units:
            yield finding(
                "dose.rolling_cap",
                stop_if(cap.verified),
                product.id,
                source=cap.source,
                verified=cap.verified,
                variant="worded" if cap.wording else "",
                product=product_name(reference, product.id, chart.region),
                given=given,
                earlier=earlier,
                total=given + earlier,
                cap=cap.units,
                since=before + timedelta(days=1),
                wording=cap.wording,
            )


def scm_total(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.scm_total``: both sternocleidomastoid muscles together, where the product has a limit."""
    for product, injections in _by_product(chart, reference):
        given = total(each for each in injections if each.muscle == STERNOCLEIDOMASTOID)
        for row in reference.muscle(STERNOCLEIDOMASTOID).doses:
            if row.product == product.id and row.scope == "total_both_sides" and given > row.high:
                yield finding(
                    "dose.scm_total",
                    stop_if(row.fully_verified),
                    product.id,
                    source=row.source,
                    verified=row.fully_verified,
                    product=product_name(reference, product.id, chart.region),
                    given=given,
                    cap=row.high,
                )


def point_cap(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.point_cap``: units or mL in one point. A muscle without points cannot be checked yet."""
    for product, injections in _by_product(chart, reference):
        for each in injections:
            largest = max(each.units_of_points, default=Decimal(0))
            by_units, by_volume = product.per_site_cap_units, product.per_site_cap_ml
            if by_units is not None and largest > by_units.value:
                yield finding(
                    "dose.point_cap",
                    stop_if(by_units.fully_verified),
                    each.place,
                    source=by_units.source,
                    verified=by_units.fully_verified,
                    place=place_name(reference, each.muscle, each.side),
                    given=largest,
                    cap=by_units.value,
                )
            volume = volume_of(chart, reference, each, largest)
            if by_volume is not None and volume is not None:
                most = by_volume.pediatric if chart.is_child else by_volume.value
                if volume > most:
                    yield finding(
                        "dose.point_cap",
                        stop_if(by_volume.fully_verified),
                        each.place,
                        source=by_volume.source,
                        verified=by_volume.fully_verified,
                        variant="volume",
                        place=place_name(reference, each.muscle, each.side),
                        given_ml=volume,
                        cap_ml=most,
                    )


def _by_product(chart: Chart, reference: Reference) -> "Iterator[tuple[Product, list[ChartedInjection]]]":
    for product_id in chart.products:
        product = reference.products.get(product_id)
        if product is not None:
            yield product, [each for each in chart.injections if chart.product_of(each) == product_id]


def _general_cap(product: "Product", chart: Chart) -> _Cap:
    """The product's cap whatever the indication: the child's where there is one, else the adult's."""
    cap = product.session_cap
    # rimabotulinumtoxinB's 5,000 units are a choice of ours and no label maximum, so they only warn.
    verified = cap.fully_verified and cap.is_label_maximum
    child = cap.pediatric_units(chart.patient.weight_kg) if chart.is_child else None
    if child is not None:
        return _Cap(child, cap.source, verified, cap.pediatric)
    return _Cap(cap.adult_units, cap.source, verified, cap.window)


def _visit_caps(product: "Product", chart: Chart) -> Iterator[_Cap]:
    """The general cap, a lower one for cervical dystonia, and what the label calls the maximum of the indication."""
    general = _general_cap(product, chart)
    yield general
    cap = product.session_cap
    if chart.indication == "cervical_dystonia" and cap.cervical_dystonia_units is not None:
        yield _Cap(cap.cervical_dystonia_units, cap.source, cap.fully_verified)
    for entry in product.label_indications(chart.indication):
        if entry.max_total_units is not None and entry.covers_age(18 if chart.age is None else chart.age):
            yield _Cap(entry.max_total_units, entry.source, entry.fully_verified)
