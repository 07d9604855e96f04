"""What the injections did: side effects by muscle and dose, benefit and wear-off by the dose of the visit."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, CompoundSelect, Select, and_, case, func, literal, or_, select, union_all

from clinic_app.documents.chart_content import Picture, Series, Value
from clinic_app.models import Injection, Response, SideEffect, SideEffectAnswer, SuspectedMuscle, Vial, Visit
from clinic_app.services.reports_data import Heading, Kind, Line, Question, Report
from clinic_app.services.reports_doses import MOST_BARS, most_of
from clinic_app.services.reports_figures import quartiles, share, wilson
from clinic_app.services.reports_names import muscle_bands, muscle_word, product_word, visit_bands
from clinic_app.services.reports_sql import Condition, Reading, all_of, band_of, band_words, chosen, whose

Bands = Callable[[str], Sequence[Decimal]]


def _band(reading: Reading, product: Any, units: Any, bands: Bands) -> ColumnElement[int]:
    """The band of a dose, by the bands of its own product."""
    known = [*reading.reference.products]
    of_known = [(product == each, band_of(units, bands(each))) for each in known]
    return case(*of_known, else_=band_of(units, bands("")))


def _edition(bands: Bands, products: Iterable[str]) -> str:
    told = "1; " + "; ".join(f"{product} {bands(product)}" for product in ("", *sorted(products)))
    return hashlib.sha256(told.encode()).hexdigest()


class SideEffectRate:
    """How often a muscle was suspected of a side effect, by product and dose band, of those who were asked."""

    question = Question.SIDE_EFFECTS

    def __init__(self, reading: Reading, own_limits: Mapping[str, tuple[float, ...]]) -> None:
        self.reading = reading
        self._bands: Bands = lambda product: muscle_bands(reading.reference, product, own_limits)

    def report(self) -> Report:
        """Rates with their 95 % confidence intervals, and how many were not asked."""
        asked: Counter[tuple[str, str, int]] = Counter()
        followed: Counter[tuple[str, str, int]] = Counter()
        silent: Counter[tuple[str, str, int]] = Counter()
        for _, product, muscle, band, answered, suspected, often in self.reading.counted(self.cells):
            if self.reading.filters.product not in ("", product):
                continue
            key = (product, muscle, band)
            (asked if answered else silent)[key] += often
            followed[key] += often if suspected else 0
        keys = sorted(
            asked.keys() | silent.keys(),
            key=lambda key: (key[0], muscle_word(self.reading.reference, key[1]), key[2]),
        )
        nobody = self._unattributed()
        notes = [
            "Rates are of the injections (a muscle and side in a visit) after which somebody asked about side effects.",
            "Dose bands are those of the map's colours, in units of the product.",
            "Who was injected with what is no experiment: a rate does not say that the dose was the cause.",
        ]
        if nobody:
            effects = "1 side effect names" if nobody == 1 else f"{nobody} side effects name"
            notes.insert(1, f"{effects} no suspected muscle and stands in no row.")
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Product"),
                Heading("Muscle"),
                Heading(
                    "Dose",
                    unit="U",
                    tip="Units into one muscle and side; a dose on a limit counts below it",
                ),
                Heading("Asked", Kind.COUNT, tip="Injections after which somebody asked: the n of the rates"),
                Heading("Effects", Kind.COUNT, tip="Of these, those suspected of at least one side effect"),
                Heading("Rate", Kind.FIGURE, "%"),
                Heading("From", Kind.FIGURE, "%", "Lower end of the 95 % confidence interval (Wilson)"),
                Heading("To", Kind.FIGURE, "%", "Upper end of the 95 % confidence interval (Wilson)"),
                Heading("Not asked", Kind.COUNT, tip="Injections without an answer; in no rate"),
            ),
            tuple(self._line(key, asked[key], followed[key], silent[key]) for key in keys),
            self._picture(asked, followed),
            tuple(notes),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits after which a muscle was suspected at a dose of a band, with the number of its sides."""
        rows = self._rows(chosen(*self.reading.visits())).subquery()
        wanted = (rows.c.product == key[0], rows.c.muscle == key[1], rows.c.band == key[2], rows.c.suspected)
        return select(rows.c.visit_id, func.sum(rows.c.units)).where(*wanted).group_by(rows.c.visit_id)

    def said(self, units: Decimal) -> str:
        """What is told beside a visit."""
        return f"side effect after {units.normalize():f} U"

    @property
    def edition(self) -> str:
        """The bands of every product: with others the same doses are counted otherwise."""
        return _edition(self._bands, self.reading.reference.products)

    def cells(self, some: Condition) -> Select[Any]:
        """Muscles and sides of visits by product, muscle and band, whether somebody asked and suspected them."""
        visits = all_of(some)
        rows = self._rows(visits).cte("doses").prefix_with("MATERIALIZED")
        keys = (*whose(visits), rows.c.product, rows.c.muscle, rows.c.band, rows.c.answered, rows.c.suspected)
        return (
            select(*keys, func.count()).select_from(rows.join(visits, visits.c.id == rows.c.visit_id)).group_by(*keys)
        )

    def _rows(self, visits: CTE) -> Select[Any]:
        """One row for each muscle and side of a visit that got a product."""
        reading = self.reading
        dose = (
            select(
                visits.c.id.label("visit_id"),
                Vial.product.label("product"),
                Injection.muscle.label("muscle"),
                Injection.side.label("side"),
                func.sum(Injection.units).label("units"),
            )
            .select_from(visits)
            .join(Injection, Injection.visit_id == visits.c.id)
            .join(Vial, Vial.id == Injection.vial_id)
            .group_by(visits.c.id, Vial.product, Injection.muscle, Injection.side)
            .cte("dose")
            .prefix_with("MATERIALIZED")
        )
        suspected = (
            select(SuspectedMuscle.id)
            .join(SideEffect, SideEffect.id == SuspectedMuscle.side_effect_id)
            .where(
                SideEffect.visit_id == dose.c.visit_id,
                SuspectedMuscle.muscle == dose.c.muscle,
                SuspectedMuscle.side == dose.c.side,
            )
            .correlate(dose)
            .exists()
        )
        return select(
            dose.c.visit_id,
            dose.c.product,
            dose.c.muscle,
            dose.c.units,
            _band(reading, dose.c.product, dose.c.units, self._bands).label("band"),
            asked_after(dose.c.visit_id, dose).label("answered"),
            suspected.label("suspected"),
        )

    def _unattributed(self) -> int:
        named = select(SuspectedMuscle.id).where(SuspectedMuscle.side_effect_id == SideEffect.id)
        query = select(func.count(SideEffect.id)).join(Visit, Visit.id == SideEffect.visit_id)
        query = query.where(~named.correlate(SideEffect).exists(), *self.reading.visits())
        return int(self.reading.session.scalar(query) or 0)

    def _line(self, key: tuple[str, str, int], asked: int, followed: int, silent: int) -> Line:
        product, muscle, band = key
        ends = wilson(followed, asked) or (None, None)
        reference = self.reading.reference
        words = (product_word(reference, product), muscle_word(reference, muscle))
        dose = band_words(band, self._bands(product))
        return Line((*words, dose, asked, followed, share(followed, asked), *ends, silent), asked, key)

    def _picture(self, asked: Counter[tuple[str, str, int]], followed: Counter[tuple[str, str, int]]) -> Picture:
        """The rows of the product with most rows that rest on most answers."""
        shown = self.reading.filters.product or most_of(key[0] for key in asked)
        keys = sorted((key for key in asked if key[0] == shown), key=lambda key: (-asked[key], key))[:MOST_BARS]
        keys.sort(key=lambda key: (muscle_word(self.reading.reference, key[1]), key[2]))
        reference, bands = self.reading.reference, self._bands(shown)
        values = []
        for key in keys:
            low, high = wilson(followed[key], asked[key]) or (Decimal(0), Decimal(100))
            values.append(Value(100 * followed[key] / asked[key], float(low), float(high)))
        return Picture(
            f"Side-effect rate, {product_word(reference, shown)}" if shown else "Side-effect rate",
            "%",
            tuple(f"{band_words(key[2], bands)} U, {muscle_word(reference, key[1])}" for key in keys),
            (Series("Rate", tuple(values)),),
            lying=True,
            spread="95 % confidence interval",
        )


def asked_after(visit_id: Any, of: Any) -> ColumnElement[bool]:
    """Whether somebody asked about side effects after a visit: one is on record, or the answer that there were none."""
    effect = select(SideEffect.id).where(SideEffect.visit_id == visit_id).correlate(of).exists()
    none = select(SideEffectAnswer.visit_id).where(SideEffectAnswer.visit_id == visit_id).correlate(of).exists()
    return or_(effect, none)


TOLD, PERCENT, FIRST_DAY, WORE_OFF = ABOUT = ("told", "percent", "first_day", "week")
"""Whether anything was told of a visit, 1 or 0; and what."""
Told = defaultdict[str, Counter[int]]
"""How often each value, by what it is about."""


class Benefit:
    """Best benefit, its first day and the week it wore off, by product and the dose of the whole visit."""

    question = Question.BENEFIT

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._bands: Bands = lambda product: visit_bands(reading.reference, product)

    def report(self) -> Report:
        """Medians and quartiles of what was told."""
        found: defaultdict[tuple[str, int], Told] = defaultdict(lambda: defaultdict(Counter))
        for _, product, band, about, value, often in self.reading.counted(self.cells):
            if self.reading.filters.product in ("", product):
                found[product, band][about][value] += often
        keys = sorted(found)
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Product"),
                Heading("Dose", unit="U", tip="Units in the whole visit; a dose on a limit counts below it"),
                Heading("Responses", Kind.COUNT, tip="Visits after which a response was recorded"),
                Heading("Best", Kind.FIGURE, "%", "Median of what was told"),
                Heading("Lower ¼", Kind.FIGURE, "%", "A quarter told less"),
                Heading("Upper ¼", Kind.FIGURE, "%", "A quarter told more"),
                Heading("First day", Kind.FIGURE, "days", "Median, from the injection"),
                Heading("Wore off", Kind.FIGURE, "weeks", "Median, from the injection"),
                Heading("No response", Kind.COUNT, tip="Visits without a recorded response"),
            ),
            tuple(self._line(key, found[key]) for key in keys),
            Picture(
                "Best benefit",
                "%",
                tuple(self._category(key) for key in keys),
                (Series("Median", tuple(_percent(found[key][PERCENT]) for key in keys)),),
                lying=True,
                spread="from the lower to the upper quartile",
            ),
            (
                "Bands are quarters of the product's cap of a visit, in its units; products are not compared.",
                "Higher doses are chosen for those who need more: a row does not say what a dose would do for another.",
            ),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits with a dose of a band, with the best benefit."""
        rows = self._rows(chosen(*self.reading.visits())).subquery()
        wanted = (rows.c.product == key[0], rows.c.band == key[1])
        told = case((rows.c.told == 1, func.coalesce(rows.c.percent, -1)), else_=-2)
        return select(rows.c.visit_id, told).where(*wanted)

    def said(self, percent: int) -> str:
        """What is told beside a visit."""
        return {-2: "no response recorded", -1: "response without percent"}.get(percent, f"best benefit {percent} %")

    @property
    def edition(self) -> str:
        """The bands of every product."""
        return _edition(self._bands, self.reading.reference.products)

    def cells(self, some: Condition) -> CompoundSelect[Any]:
        """Products of visits by the band of their dose: for how many something was told, and each value how often."""
        visits = all_of(some)
        rows = self._rows(visits).cte("doses").prefix_with("MATERIALIZED")
        return union_all(*(self._values(visits, rows, about) for about in ABOUT))

    def _values(self, visits: CTE, rows: CTE, about: str) -> Select[Any]:
        # Each by itself: all that was told of a visit together is told of hardly another.
        keys = (*whose(visits), rows.c.product, rows.c.band, literal(about), rows.c[about])
        of_visit = visits.c.id == rows.c.visit_id
        some = rows.c[about].is_not(None)
        return select(*keys, func.count()).select_from(rows.join(visits, of_visit)).where(some).group_by(*keys)

    def _rows(self, visits: CTE) -> Select[Any]:
        """One row for each product of a visit."""
        reading = self.reading
        columns = (Vial.product.label("product"), func.sum(Injection.units).label("units"))
        dose = (
            select(visits.c.id.label("visit_id"), *columns)
            .select_from(visits)
            .join(Injection, Injection.visit_id == visits.c.id)
            .join(Vial, Vial.id == Injection.vial_id)
            .group_by(visits.c.id, Vial.product)
            .cte("dose")
            .prefix_with("MATERIALIZED")
        )
        return select(
            dose.c.visit_id,
            dose.c.product,
            _band(reading, dose.c.product, dose.c.units, self._bands).label("band"),
            case((Response.visit_id.is_not(None), 1), else_=0).label(TOLD),
            Response.best_percent.label(PERCENT),
            Response.first_day.label(FIRST_DAY),
            Response.wore_off_week.label(WORE_OFF),
        ).select_from(dose.outerjoin(Response, and_(Response.visit_id == dose.c.visit_id)))

    def _category(self, key: tuple[str, int]) -> str:
        return f"{band_words(key[1], self._bands(key[0]))} U, {product_word(self.reading.reference, key[0])}"

    def _line(self, key: tuple[str, int], told: Told) -> Line:
        lower, middle, upper = quartiles(told[PERCENT]) or (None, None, None)
        cells = (
            product_word(self.reading.reference, key[0]),
            band_words(key[1], self._bands(key[0])),
            told[TOLD][1],
            middle,
            lower,
            upper,
            (quartiles(told[FIRST_DAY]) or (None, None))[1],
            (quartiles(told[WORE_OFF]) or (None, None))[1],
            told[TOLD][0],
        )
        return Line(cells, told[TOLD][1], key)


def _percent(counts: Counter[int]) -> Value | None:
    found = quartiles(counts)
    return None if found is None else Value(float(found[1]), float(found[0]), float(found[2]))
