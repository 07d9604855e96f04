"""The checks of which product is charted."""

from collections.abc import Iterator

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart
from clinic_app.rules.findings import PROGRAM, Finding, Level, finding
from clinic_app.rules.names import place_name, product_name


def missing(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``product.missing``: an injection without a vial or product; units mean nothing without one."""
    for each in chart.injections:
        vial = chart.vial(each.vial)
        product = chart.product_of(each)
        known = product in reference.products or product in reference.cosmetic_products
        if vial is None or not known:
            yield finding(
                "product.missing",
                Level.STOP,
                each.place,
                variant="unknown" if product and not known else "",
                place=place_name(reference, each.muscle, each.side),
                product=product,
            )


def mixed(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``product.mixed``: two products in one visit."""
    if len(chart.products) > 1:
        statement = reference.class_facts.non_interchangeability
        names = (product_name(reference, product, chart.region) for product in chart.products)
        yield finding(
            "product.mixed",
            Level.WARN,
            source=statement.source,
            verified=statement.fully_verified,
            products=" + ".join(names),
        )


def changed(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``product.changed``: another product than last time. Doses are cleared, never converted."""
    for product in chart.products:
        if chart.previous_product and product != chart.previous_product:
            statement = reference.class_facts.non_interchangeability
            yield finding(
                "product.changed",
                Level.WARN,
                product,
                source=statement.source,
                verified=statement.fully_verified,
                product=product_name(reference, product, chart.region),
                previous=product_name(reference, chart.previous_product, chart.region),
            )


def cosmetic_only(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``product.cosmetic_only``: a product that is not licensed for treatment in the clinic's region."""
    charted = {*chart.products, *(vial.product for vial in chart.vials)}
    for product in sorted(charted):
        known = reference.products.get(product)
        cosmetic = reference.cosmetic_products.get(product)
        name = product_name(reference, product, chart.region)
        if cosmetic is not None:
            yield finding(
                "product.cosmetic_only",
                Level.STOP,
                product,
                source=cosmetic.source,
                verified=cosmetic.verified,
                product=name,
            )
        elif known is not None and not known.brand_names(chart.region):
            yield finding(
                "product.cosmetic_only",
                Level.STOP,
                product,
                source=dict.fromkeys(source for entry in known.uk_eu_differences for source in entry.source)
                or (PROGRAM,),
                verified=all(entry.fully_verified for entry in known.uk_eu_differences),
                variant="region",
                product=name,
                region=chart.region.replace("_", "/"),
            )
