"""The check of units per muscle and side against label ranges, and which ranges are only shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, ClinicLimit, total
from clinic_app.rules.findings import Finding, Level, Value, about, finding
from clinic_app.rules.judgement import Figure, judge
from clinic_app.rules.limits import limit_for
from clinic_app.rules.names import indication_name, place_name, product_name

if TYPE_CHECKING:
    from clinic_app.reference.muscles import Muscle, MuscleDose


_Place = tuple[str, str, str]
"""Product, muscle and side."""


@dataclass(frozen=True, slots=True)
class ShownRange:
    """A published figure beside a muscle. ``compared`` tells a range that the check uses from mere information."""

    dose: "MuscleDose"
    compared: bool


def ranges_shown(
    reference: Reference, muscle: str, product: str, indication: str, *, child: bool = False
) -> tuple[ShownRange, ...]:
    """Every figure for the muscle in this product or of an unstated brand, those that are compared first."""
    shown = [
        ShownRange(row, _is_compared(row, product, indication, child))
        for row in reference.muscle(muscle).doses
        if row.product == product or row.product not in reference.products
    ]
    return tuple(sorted(shown, key=lambda each: not each.compared))


def muscle_range(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``dose.muscle_range``: the label's rows of each line's own indication and upper limits are compared.

    A figure that counts several muscles together is compared with their sum, once per side. The clinic's limit for a
    muscle is compared with all that one side of it gets, whatever for, and stands in the place of what the rows that
    count the same allow at most; the least that they name remains.
    """
    limited = _limited(chart)
    counted = list(_counted(chart, reference))
    told: set[tuple[str, str, frozenset[str], str]] = set()
    for each in counted:
        outside = _outside(each.row, each.lines)
        key = (each.row.product, each.row.basis, each.together, each.side)
        if outside is None or key in told:
            continue
        if outside > each.row.high and each.place in limited and each.counts_one_muscle:
            continue
        told.add(key)
        yield _finding(chart, reference, each, outside)
    for (product, muscle, side), (lines, limit) in limited.items():
        rows = [each for each in counted if each.place == (product, muscle, side) and each.counts_one_muscle]
        yield from _by_clinic(chart, reference, lines, limit, rows)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A row with the lines that it counts, all of one product and side; never without a line."""

    row: "MuscleDose"
    together: frozenset[str]
    side: str
    lines: tuple[ChartedInjection, ...]

    @property
    def place(self) -> _Place:
        return self.row.product, self.lines[0].muscle, self.side

    @property
    def counts_one_muscle(self) -> bool:
        """Whether the row counts what one side of one muscle gets: not point by point, and no other muscle."""
        return self.row.scope != "per_muscle" and len({each.muscle for each in self.lines}) == 1


def _counted(chart: Chart, reference: Reference) -> Iterator[_Counted]:
    by_side: dict[tuple[str, str], list[ChartedInjection]] = {}
    for product in chart.products:
        for each in chart.lines_of(product):
            if each.units is not None:
                by_side.setdefault((product, each.side), []).append(each)
    for carrier, row in _compared_rows(reference, chart.products, chart.indications, chart.is_child):
        together = carrier.counted_with(row)
        for (product, side), lines in by_side.items():
            if product == row.product:
                own = tuple(
                    each
                    for each in lines
                    if each.muscle in together
                    and (row.is_upper_limit or chart.indication_of(each) in row.label_indications)
                )
                if own:
                    yield _Counted(row, together, side, own)


def _limited(chart: Chart) -> dict[_Place, tuple[tuple[ChartedInjection, ...], ClinicLimit]]:
    """The lines of each side of a muscle for which the clinic has a limit of its own."""
    limited: dict[_Place, tuple[tuple[ChartedInjection, ...], ClinicLimit]] = {}
    for product in chart.products if chart.clinic.limits else ():
        for each in chart.lines_of(product):
            limit = limit_for(chart.clinic.limits, "dose.muscle_range", product=product, muscle=each.muscle)
            if limit is not None:
                place = (product, each.muscle, each.side)
                before, _ = limited.get(place, ((), limit))
                limited[place] = ((*before, each), limit)
    return limited


def _by_clinic(
    chart: Chart,
    reference: Reference,
    lines: tuple[ChartedInjection, ...],
    limit: ClinicLimit,
    rows: list[_Counted],
) -> Iterator[Finding]:
    figures = [_upper_figure(each.row) for each in rows]
    passed = [_upper_figure(each.row) for each in rows if total(each.lines) > each.row.high]
    judgement = judge("dose.muscle_range", total(lines), figures, limit, passed=passed, stops=False)
    if judgement is not None:
        yield judgement.finding(
            lines[0].place,
            places=place_name(reference, lines[0].muscle, lines[0].side),
            product=product_name(reference, limit.product, chart.region),
            given=total(lines),
        )


def _upper_figure(row: "MuscleDose") -> Figure:
    return Figure(row.high, row.source, row.fully_verified)


@lru_cache(maxsize=32)
def _compared_rows(
    reference: Reference, products: tuple[str, ...], indications: tuple[str, ...], child: bool
) -> "tuple[tuple[Muscle, MuscleDose], ...]":
    """The rows that count for a visit: the same at every key of it."""
    return tuple(
        (muscle, row)
        for muscle in reference.muscles.values()
        for row in muscle.doses
        if row.product in products
        and any(_is_compared(row, row.product, indication, child) for indication in indications)
    )


def _is_compared(row: "MuscleDose", product: str, indication: str, child: bool) -> bool:
    if row.product != product:
        return False
    if row.is_upper_limit:
        return True
    # Half of a trial group lies above its median: that is no range, and a warning at every other dose would be noise.
    if row.is_trial_median or (child and row.basis.endswith("_adult")):
        return False
    return indication in row.label_indications


def _outside(row: "MuscleDose", lines: tuple[ChartedInjection, ...]) -> Decimal | None:
    """The amount that lies outside the row's range, or None."""
    amounts = [total(lines)]
    if row.scope == "per_muscle":  # one interosseus of several, each of which gets one point
        amounts = [units for each in lines for units in each.units_of_points] or amounts
    low = row.low if row.low is not None else Decimal(0)
    return next((amount for amount in sorted(amounts, reverse=True) if not low <= amount <= row.high), None)


def _finding(chart: Chart, reference: Reference, counted: _Counted, given: Decimal) -> Finding:
    row = counted.row
    places = sorted({(each.place, each.muscle, each.side) for each in counted.lines})
    indications = sorted({chart.indication_of(each) for each in counted.lines})
    parameters: dict[str, Value] = {
        "places": " + ".join(place_name(reference, muscle, side) for _, muscle, side in places),
        "product": product_name(reference, row.product, chart.region),
    }
    subject = places[0][0]
    if not row.is_upper_limit:
        parameters["indication"] = " and ".join(indication_name(reference, each) for each in indications)
        here = {chart.indication_of(each) for each in chart.lines_of(row.product) if each.place == subject}
        if not here <= set(indications):  # what the same place gets for another indication has a finding of its own
            subject = about(subject, indications[0], here)
    return finding(
        "dose.muscle_range",
        Level.WARN,
        subject,
        source=row.source,
        verified=row.fully_verified,
        variant="limit" if row.low is None else "figure" if row.low == row.high else "",
        given=given,
        low=row.low if row.low is not None else Decimal(0),
        high=row.high,
        **parameters,
    )
