"""The check of the time since the last injection."""

from collections.abc import Iterator
from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.booking import first_day, minimum_interval
from clinic_app.rules.chart import Chart
from clinic_app.rules.findings import Finding, Level
from clinic_app.rules.judgement import Figure, Judgement, judge
from clinic_app.rules.limits import limit_for
from clinic_app.rules.names import product_name

_LEVELS = tuple(Level)


def too_short(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``interval.too_short``: days since the last injection of any toxin, here or elsewhere.

    Of all products and indications charted the one that asks for most holds, which is the longest interval where all
    are verified. While no product is chosen, the one that asks for least holds: no product allows less.
    """
    last = max((each.on for each in chart.earlier if each.on <= chart.visited_on), default=None)
    if last is None:
        return
    days = (chart.visited_on - last).days
    asked = [
        (_judge(chart, reference, days, product, indication), product)
        for product in chart.products
        for indication in chart.indications_of(product)
    ] or [(_undecided(chart, reference, days, indication), "") for indication in chart.indications]
    judgement, product = max(asked, key=lambda each: _severity(each[0]))
    if judgement is not None:
        elsewhere = all(each.elsewhere for each in chart.earlier if each.on == last)
        yield judgement.finding(
            variant="elsewhere" if elsewhere else "",
            days=days,
            last=last,
            earliest=first_day(last, judgement.amount),
            product=product_name(reference, product, chart.region) if product else "",
        )


def _judge(chart: Chart, reference: Reference, days: int, product: str, indication: str) -> Judgement | None:
    interval = minimum_interval(reference, product, indication, chart.age)
    figure = Figure(Decimal(interval.days), interval.source, interval.verified, of_indication=interval.of_indication)
    limit = limit_for(chart.clinic.limits, "interval.too_short", product=product, indication=indication)
    return judge("interval.too_short", Decimal(days), (figure,), limit)


def _undecided(chart: Chart, reference: Reference, days: int, indication: str) -> Judgement | None:
    return min((_judge(chart, reference, days, each, indication) for each in reference.products), key=_severity)


def _severity(judgement: Judgement | None) -> tuple[int, Decimal]:
    """How much is asked for: by level, then by days."""
    return (0, Decimal(0)) if judgement is None else (len(_LEVELS) - _LEVELS.index(judgement.level), judgement.amount)
