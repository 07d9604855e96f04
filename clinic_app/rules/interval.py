"""The check of the time since the last injection."""

from collections.abc import Iterator
from datetime import timedelta

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.booking import minimum_interval
from clinic_app.rules.chart import Chart
from clinic_app.rules.findings import Finding, finding, stop_if
from clinic_app.rules.names import product_name


def too_short(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``interval.too_short``: days since the last injection of any toxin, here or elsewhere."""
    last = max((each.on for each in chart.earlier if each.on <= chart.visited_on), default=None)
    if last is None:
        return
    days = (chart.visited_on - last).days
    elsewhere = all(each.elsewhere for each in chart.earlier if each.on == last)
    intervals = [
        (minimum_interval(reference, product, chart.indication, chart.age), product)
        for product in chart.products or ("",)
    ]
    interval, product = max(intervals, key=lambda each: each[0].days)
    if days < interval.days:
        yield finding(
            "interval.too_short",
            stop_if(interval.verified),
            source=interval.source,
            verified=interval.verified,
            variant="elsewhere" if elsewhere else "",
            days=days,
            minimum=interval.days,
            last=last,
            earliest=last + timedelta(days=interval.days),
            product=product_name(reference, product, chart.region) if product else "",
        )
