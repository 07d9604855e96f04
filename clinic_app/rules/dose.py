"""The checks of totals: one visit, the last 84 days, one point. Units never cross products."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, ClinicLimit, EarlierInjection, total
from clinic_app.rules.days import months_before
from clinic_app.rules.findings import Finding, finding, stop_if
from clinic_app.rules.judgement import Figure, judge
from clinic_app.rules.limits import limit_for
from clinic_app.rules.names import indication_name, place_name, product_name
from clinic_app.rules.totals import volume_of

if TYPE_CHECKING:  # the entries need msgspec, which is loaded with the first look-up
    from clinic_app.reference.toxins import Product

#: 12 weeks, not counting the day itself: a patient treated exactly at the minimum interval is not counted twice.
ROLLING_DAYS = 84
STERNOCLEIDOMASTOID = "sternocleidomastoideus"


@dataclass(frozen=True, slots=True)
class _Sum:
    """What is added up of one product, and what it is compared with.

    ``indication`` is the one that was picked out of several, "" where all lines count.
    """

    product: "Product"
    lines: Sequence[ChartedInjection]
    figures: Sequence[Figure]
    limit: ClinicLimit | None
    indication: str = ""
    earlier: Sequence[EarlierInjection] = ()

    @property
    def given(self) -> Decimal:
        return total(self.lines)

    @property
    def given_earlier(self) -> Decimal:
        return sum((each.units for each in self.earlier if each.units is not None), Decimal(0))

    @property
    def subject(self) -> str:
        return f"{self.product.id}/{self.indication}" if self.indication else self.product.id

    def named(self, chart: Chart, reference: Reference) -> dict[str, str]:
        """The product and, where lines or limit belong to one indication, that one."""
        names = {"product": product_name(reference, self.product.id, chart.region)}
        indication = self.indication or (self.limit.indication if self.limit is not None else "")
        if indication:
            names["indication"] = indication_name(reference, indication)
        return names


def visit_cap(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.visit_cap``: the total of the visit against the product's cap for the indication.

    Where the product is charted for several indications, its general cap is compared with all lines, and what
    belongs to an indication with the lines of that indication.
    """
    for product, lines in _by_product(chart, reference):
        for each in _visit_sums(chart, product, lines):
            judgement = judge("dose.visit_cap", each.given, each.figures, each.limit)
            if judgement is not None:
                yield judgement.finding(each.subject, given=each.given, **each.named(chart, reference))


def _visit_sums(chart: Chart, product: "Product", lines: Sequence[ChartedInjection]) -> Iterator[_Sum]:
    def limit(indication: str) -> ClinicLimit | None:
        return limit_for(chart.clinic.limits, "dose.visit_cap", product=product.id, indication=indication)

    indications = chart.indications_of(product.id)
    general = general_figure(product, chart)
    if len(indications) == 1:
        figures = (general, *indication_figures(product, indications[0], chart.age))
        yield _Sum(product, lines, figures, limit(indications[0]))
        return
    yield _Sum(product, lines, (general,), limit(""))
    for indication in indications:
        own = [each for each in lines if chart.indication_of(each) == indication]
        figures = indication_figures(product, indication, chart.age)
        own_limit = limit(indication)
        if own_limit is not None and not own_limit.indication:
            own_limit = None  # a limit for any indication is compared with all lines together
        yield _Sum(product, own, figures, own_limit, indication)


def rolling_cap(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.rolling_cap``: this visit with what was given of the same product in the 84 days before it.

    All indications count, and toxin given elsewhere. Where the clinic chose calendar months, these replace the days;
    the first day of the window does not count either. A limit of the clinic for one indication counts that
    indication's units, with earlier ones of which it is not known what they were for; it stands in the place of the
    label's figure only where nothing was given for another.
    """
    months = chart.clinic.rolling_months
    before = (
        chart.visited_on - timedelta(days=ROLLING_DAYS) if months is None else months_before(chart.visited_on, months)
    )
    window = [each for each in chart.earlier if each.units is not None and before < each.on <= chart.visited_on]
    for product, lines in _by_product(chart, reference):
        earlier = [each for each in window if each.product == product.id]
        for counted in _rolling_sums(chart, product, lines, earlier):
            given, given_earlier = counted.given, counted.given_earlier
            judgement = judge("dose.rolling_cap", given + given_earlier, counted.figures, counted.limit)
            if given_earlier and judgement is not None:
                yield judgement.finding(
                    counted.subject,
                    variant="worded" if judgement.wording else "",
                    given=given,
                    earlier=given_earlier,
                    total=given + given_earlier,
                    since=before + timedelta(days=1),
                    wording=judgement.wording,
                    **counted.named(chart, reference),
                )


def _rolling_sums(
    chart: Chart, product: "Product", lines: Sequence[ChartedInjection], earlier: Sequence[EarlierInjection]
) -> Iterator[_Sum]:
    def limit(indication: str) -> ClinicLimit | None:
        return limit_for(chart.clinic.limits, "dose.rolling_cap", product=product.id, indication=indication)

    charted = chart.indications_of(product.id)
    indications = {*charted, *(each.indication for each in earlier if each.indication)}
    only = charted[0] if len(indications) == 1 else ""
    yield _Sum(product, lines, (general_figure(product, chart),), limit(only), earlier=earlier)
    for indication in charted if len(indications) > 1 else ():
        own_limit = limit(indication)
        if own_limit is not None and own_limit.indication:
            own = [each for each in lines if chart.indication_of(each) == indication]
            own_earlier = [each for each in earlier if each.indication in ("", indication)]
            yield _Sum(product, own, (), own_limit, indication, own_earlier)


def scm_total(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.scm_total``: both sternocleidomastoid muscles together, where the product or the clinic has a limit."""
    for product, lines in _by_product(chart, reference):
        given = total(each for each in lines if each.muscle == STERNOCLEIDOMASTOID)
        figures = [
            Figure(row.high, row.source, row.fully_verified)
            for row in reference.muscle(STERNOCLEIDOMASTOID).doses
            if row.product == product.id and row.scope == "total_both_sides"
        ]
        judgement = judge(
            "dose.scm_total",
            given,
            figures,
            limit_for(chart.clinic.limits, "dose.scm_total", product=product.id),
        )
        if judgement is not None:
            name = product_name(reference, product.id, chart.region)
            yield judgement.finding(product.id, product=name, given=given)


def point_cap(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.point_cap``: units or mL in one point. A muscle without points cannot be checked yet."""
    for product, lines in _by_product(chart, reference):
        by_units, by_volume = product.per_site_cap_units, product.per_site_cap_ml
        figures = () if by_units is None else (Figure(by_units.value, by_units.source, by_units.fully_verified),)
        for each in lines:
            largest = max(each.units_of_points, default=Decimal(0))
            limit = limit_for(
                chart.clinic.limits,
                "dose.point_cap",
                product=product.id,
                indication=chart.indication_of(each),
                muscle=each.muscle,
            )
            judgement = judge("dose.point_cap", largest, figures, limit)
            if judgement is not None:
                yield judgement.finding(
                    each.place,
                    place=place_name(reference, each.muscle, each.side),
                    given=largest,
                    product=product_name(reference, product.id, chart.region),
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


def general_figure(product: "Product", chart: Chart) -> Figure:
    """The product's cap whatever the indication, in its units: the child's where there is one, else the adult's."""
    cap = product.session_cap
    # rimabotulinumtoxinB's 5,000 units are a choice of ours and no label maximum, so they only warn.
    chosen = not cap.is_label_maximum
    verified = cap.fully_verified and not chosen
    child = cap.pediatric_units(chart.patient.weight_kg) if chart.is_child else None
    if child is not None:
        return Figure(child, cap.source, verified, cap.pediatric, chosen=chosen)
    return Figure(cap.adult_units, cap.source, verified, cap.window, chosen=chosen)


def indication_figures(product: "Product", indication: str, age: int | None) -> tuple[Figure, ...]:
    """A lower cap for cervical dystonia, and what the label calls the maximum of the indication, in its units.

    ``age`` in years picks the label's population; an unknown one counts as adult.
    """
    figures = []
    cap = product.session_cap
    if indication == "cervical_dystonia" and cap.cervical_dystonia_units is not None:
        figures.append(Figure(cap.cervical_dystonia_units, cap.source, cap.fully_verified, of_indication=True))
    figures += [
        Figure(entry.max_total_units, entry.source, entry.fully_verified, of_indication=True)
        for entry in product.label_indications(indication)
        if entry.max_total_units is not None and entry.covers_age(18 if age is None else age)
    ]
    return tuple(figures)


def _by_product(chart: Chart, reference: Reference) -> "Iterator[tuple[Product, tuple[ChartedInjection, ...]]]":
    for product_id in chart.products:
        product = reference.products.get(product_id)
        if product is not None:
            yield product, chart.lines_of(product_id)
