"""The earliest day on which toxin may be given again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import EarlierInjection
from clinic_app.rules.days import age_in_years


@dataclass(frozen=True, slots=True)
class Interval:
    """The fewest days between two treatments and where that stands."""

    days: int
    source: tuple[str, ...]
    verified: bool


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
    return Interval(weeks * 7, entry.source, entry.verified)


def earliest_date(
    earlier: Iterable[EarlierInjection],
    reference: Reference,
    product: str = "",
    indication: str = "",
    birth_date: date | None = None,
) -> date | None:
    """The first day that keeps the minimum interval after the last injection of any toxin, here or elsewhere.

    None when none is on record.
    """
    last = max((each.on for each in earlier), default=None)
    if last is None:
        return None
    age = None if birth_date is None else age_in_years(birth_date, last)
    return last + timedelta(days=minimum_interval(reference, product, indication, age).days)
