"""The earliest day on which toxin may be given again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import ClinicLimit, EarlierInjection
from clinic_app.rules.days import age_in_years
from clinic_app.rules.limits import limit_for


@dataclass(frozen=True, slots=True)
class Interval:
    """The fewest days between two treatments and where that stands.

    ``of_indication`` says that it is a longer one than the product's own, for a single use.
    """

    days: int
    source: tuple[str, ...]
    verified: bool
    of_indication: bool = False


def minimum_interval(reference: Reference, product: str = "", indication: str = "", age: int | None = None) -> Interval:
    """The product's own minimum (toxins.yaml, min_interval_weeks; 12 weeks are 84 days).

    Single uses have a longer one: incobotulinumtoxinA for sialorrhea, abobotulinumtoxinA in the arm of a child. While
    the product is not chosen or not known, the shortest minimum of all products holds: no product allows less.
    """
    known = reference.products.get(product)
    if known is None:
        return min(
            (minimum_interval(reference, each, indication, age) for each in reference.products),
            key=lambda interval: interval.days,
        )
    entry = known.min_interval_weeks
    weeks = entry.value
    if indication == "sialorrhea" and entry.sialorrhea is not None:
        weeks = entry.sialorrhea
    if indication == "spasticity_upper" and age is not None and age < 18 and entry.pediatric_upper_limb is not None:
        weeks = entry.pediatric_upper_limb
    return Interval(weeks * 7, entry.source, entry.verified, weeks != entry.value)


def earliest_date(
    earlier: Iterable[EarlierInjection],
    reference: Reference,
    product: str = "",
    indication: str = "",
    birth_date: date | None = None,
    limits: Sequence[ClinicLimit] = (),
) -> date | None:
    """The first day that keeps the minimum interval after the last injection of any toxin, here or elsewhere.

    ``limits`` are the clinic's own; one for the interval stands in the place of the label's, as it does when the
    visit is charted. None when no toxin is on record.
    """
    last = max((each.on for each in earlier), default=None)
    if last is None:
        return None
    age = None if birth_date is None else age_in_years(birth_date, last)
    products = (product,) if product in reference.products else tuple(reference.products)
    return first_day(last, min(_minimum_days(reference, each, indication, age, limits) for each in products))


def first_day(last: date, days: Decimal) -> date:
    """The first day on which so many days have passed since ``last``."""
    return last + timedelta(days=ceil(days))


def _minimum_days(
    reference: Reference, product: str, indication: str, age: int | None, limits: Sequence[ClinicLimit]
) -> Decimal:
    label = minimum_interval(reference, product, indication, age)
    limit = limit_for(limits, "interval.too_short", product=product, indication=indication)
    if limit is None:
        return Decimal(label.days)
    if label.of_indication and not limit.indication:  # a limit for any indication does not widen that of a single one
        return max(limit.value, Decimal(label.days))
    return limit.value
