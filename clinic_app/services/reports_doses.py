"""Where the units went: into which muscles, and what was thrown away. Units of different products are never added."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, select

from clinic_app.documents.chart_content import Picture, Series, Value
from clinic_app.models import Injection, Vial, Visit
from clinic_app.services.reports_data import Heading, Kind, Line, Question, Report
from clinic_app.services.reports_names import indication_word, muscle_word, product_word
from clinic_app.services.reports_sql import (
    Condition,
    Reading,
    all_of,
    chosen,
    first_of,
    in_units,
    month_of,
    thousandths,
    whose,
)

MOST_BARS = 12
MOST_PRODUCTS = 4
"""As many colours as can be told apart in one picture."""
NO_reason = "no reason given"
_reason: ColumnElement[str] = func.trim(Vial.waste_reason)


def _indication(visits: CTE) -> ColumnElement[str]:
    return func.coalesce(Injection.indication, visits.c.indication)


def _injections_of(visits: CTE, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(visits)
        .join(Injection, Injection.visit_id == visits.c.id)
        .join(Vial, Vial.id == Injection.vial_id)
    )


class UnitsGiven:
    """Units by product, indication and muscle, both sides together."""

    question = Question.DOSES
    edition = "1"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def report(self) -> Report:
        """Visits, injections and units of each product, indication and muscle."""
        visits: Counter[tuple[str, str, str]] = Counter()
        injections: Counter[tuple[str, str, str]] = Counter()
        units: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        filters = self.reading.filters
        for _, product, indication, muscle, seen, often, given in self.reading.counted(self.cells):
            if filters.product in ("", product) and filters.indication in ("", indication):
                key = (product, indication, muscle)
                visits[key] += seen
                injections[key] += often
                units[key] += in_units(given)
        reference = self.reading.reference
        lines = [
            Line(
                (
                    product_word(reference, key[0]),
                    indication_word(reference, key[1]),
                    muscle_word(reference, key[2]),
                    visits[key],
                    injections[key],
                    units[key],
                    units[key] / injections[key],
                ),
                visits[key],
                key,
            )
            for key in visits
        ]
        lines.sort(key=lambda line: (line.cells[:2], -units[line.key[0], line.key[1], line.key[2]], line.cells[2]))  # type: ignore[index]  # keys are three words
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Product"),
                Heading("Indication", tip="Of the injection where it is another than the visit's"),
                Heading("Muscle"),
                Heading("Visits", Kind.COUNT, tip="In which the muscle was injected, on one side or on both"),
                Heading("Injections", Kind.COUNT, tip="Each side is one"),
                Heading("Units", Kind.UNITS, "U", "Units of the product of this row; units of products do not add up"),
                Heading("Mean", Kind.FIGURE, "U", "Units of the product for one injection"),
            ),
            tuple(lines),
            self._picture(units),
            ("Units of different products cannot be compared or added; each row is of one product.",),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits in which a muscle got a product for an indication, with the units of both sides."""
        visits = chosen(*self.reading.visits())
        return (
            _injections_of(visits, visits.c.id.label("visit_id"), func.sum(Injection.units))
            .where(Vial.product == key[0], _indication(visits) == key[1], Injection.muscle == key[2])
            .group_by(visits.c.id)
        )

    def said(self, units: Decimal) -> str:
        """What is told beside a visit."""
        return f"{units.normalize():f} U"

    def cells(self, some: Condition) -> Select[Any]:
        """Visits, injections and thousandths of units by product, indication and muscle."""
        visits = all_of(some)
        keys = (*whose(visits), Vial.product, _indication(visits), Injection.muscle)
        counts = (func.count(visits.c.id.distinct()), func.count(), thousandths(Injection.units))
        return _injections_of(visits, *keys, *counts).group_by(*keys)

    def _picture(self, units: dict[tuple[str, str, str], Decimal]) -> Picture:
        """The muscles that got most of the product that was given into most of them."""
        reference = self.reading.reference
        shown = self.reading.filters.product or most_of(key[0] for key in units)
        by_muscle: Counter[str] = Counter()
        for (product, _, muscle), given in units.items():
            if product == shown:
                by_muscle[muscle] += given  # type: ignore[assignment]  # a counter of Decimals counts as well
        most = sorted(by_muscle.items(), key=lambda each: (-each[1], each[0]))[:MOST_BARS]
        return Picture(
            f"Units of {product_word(reference, shown)} by muscle" if shown else "Units by muscle",
            "U",
            tuple(muscle_word(reference, muscle) for muscle, _ in most),
            (Series(product_word(reference, shown), tuple(Value(float(given)) for _, given in most)),),
            lying=True,
        )


class Waste:
    """Units of opened vials that were not given, by month, product and the reason written down."""

    question = Question.WASTE
    edition = "1"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def report(self) -> Report:
        """Vials with waste, units wasted, and their share of the units opened in that month."""
        vials: Counter[tuple[str, str, str]] = Counter()
        wasted: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        opened: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for month, product, reason, wastes, often, contents, lost in self.reading.counted(self.cells):
            if self.reading.filters.product not in ("", product):
                continue
            opened[month, product] += in_units(contents)
            if wastes:
                vials[month, product, reason] += often
                wasted[month, product, reason] += in_units(lost)
        reference = self.reading.reference
        lines = [
            Line(
                (
                    first_of(month),
                    product_word(reference, product),
                    reason or NO_reason,
                    count,
                    wasted[month, product, reason],
                    opened[month, product],
                    100 * wasted[month, product, reason] / opened[month, product],
                ),
                count,
                (month, product, reason),
            )
            for (month, product, reason), count in sorted(vials.items())
        ]
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Month", Kind.MONTH),
                Heading("Product"),
                Heading("Reason", tip="As it was written down at signing"),
                Heading("Vials", Kind.COUNT, tip="Of which something was wasted for this reason"),
                Heading("Wasted", Kind.UNITS, "U", "Units of the product of this row"),
                Heading("Opened", Kind.UNITS, "U", "Contents of all vials of the product opened in this month"),
                Heading("Share", Kind.FIGURE, "%", "Wasted for this reason, of what was opened"),
            ),
            tuple(lines),
            self._picture(opened, wasted),
            ("Vials that expired or were discarded unopened stand in the ledger of their lot under Stock.",),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits of a month in which something of a product was wasted for a reason, with the units."""
        visits = chosen(month_of(Visit.visited_on) == key[0], *self.reading.visits())
        return (
            select(visits.c.id.label("visit_id"), func.sum(Vial.wasted_units))
            .join(Vial, Vial.visit_id == visits.c.id)
            .where(Vial.product == key[1], _reason == key[2], Vial.wasted_units > 0)
            .group_by(visits.c.id)
        )

    def said(self, units: Decimal) -> str:
        """What is told beside a visit."""
        return f"{units.normalize():f} U wasted"

    def cells(self, some: Condition) -> Select[Any]:
        """Vials and thousandths of units opened and wasted, by product and reason."""
        visits = all_of(some)
        known = Vial.size_units.is_not(None) & Vial.wasted_units.is_not(None)  # not of every visit from a file
        keys = (*whose(visits), Vial.product, _reason, Vial.wasted_units > 0)
        sums = (func.count(), thousandths(Vial.size_units), thousandths(Vial.wasted_units))
        return select(*keys, *sums).join(Vial, Vial.visit_id == visits.c.id).where(known).group_by(*keys)

    def _picture(self, opened: dict[tuple[str, str], Decimal], wasted: dict[tuple[str, str, str], Decimal]) -> Picture:
        months = sorted({month for month, _ in opened})
        lost: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (month, product, _), units in wasted.items():
            lost[month, product] += units
        often = Counter(product for _, product in opened)
        products = [product for product, _ in often.most_common(MOST_PRODUCTS)]
        return Picture(
            "Wasted share of the opened units",
            "%",
            tuple(first_of(month) for month in months),
            tuple(
                Series(
                    product_word(self.reading.reference, product),
                    tuple(_share(lost[month, product], opened.get((month, product))) for month in months),
                )
                for product in products
            ),
        )


def _share(lost: Decimal, opened: Decimal | None) -> Value | None:
    return Value(float(100 * lost / opened)) if opened else None


def most_of(words: Iterable[str]) -> str:
    """The word that comes most often, of several the first by letters; "" of none."""
    counts = Counter(words)
    return min(counts, key=lambda word: (-counts[word], word), default="")
