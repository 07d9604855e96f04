"""A patient's whole course as plain data: what was given, what it did, and what else changed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from clinic_app.partial_dates import PartialDate
from clinic_app.terms import Severity, Side


class TreatmentKind(StrEnum):
    """What beside toxin changes a course."""

    MEDICINE = "medicine"
    SURGERY = "surgery"
    THERAPY = "therapy"


@dataclass(frozen=True, slots=True)
class Dose:
    """What one muscle and side got in a visit, in units of ``product``. ``name`` is the muscle's English one."""

    muscle: str
    name: str
    side: Side
    product: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a visit did, as far as it was noted. Day and week count from the injection; pain is 0 to 10."""

    first_day: int | None = None
    best_percent: int | None = None
    wore_off_week: int | None = None
    pain: int | None = None


@dataclass(frozen=True, slots=True)
class CourseVisit:
    """A signed visit. Each muscle, side and product stands in ``doses`` once.

    ``asked_none``: somebody asked for side effects and none were reported. ``brought_in``: from a file of before, not
    signed in this program.
    """

    id: int
    visited_on: date
    indication: str
    doses: tuple[Dose, ...]
    benefit: Benefit | None = None
    asked_none: bool = False
    brought_in: bool = False

    @property
    def totals(self) -> dict[str, Decimal]:
        """The units of each product; those of different products are never added."""
        found: dict[str, Decimal] = {}
        for dose in self.doses:
            found[dose.product] = found.get(dose.product, Decimal(0)) + dose.units
        return found


@dataclass(frozen=True, slots=True)
class CourseEffect:
    """A side effect with the visit that it followed and its day. ``ended_on`` is None while it goes on."""

    id: int
    visit_id: int
    visited_on: date
    name: str
    severity: Severity
    started_on: date
    ended_on: date | None
    muscles: tuple[tuple[str, Side], ...] = ()


@dataclass(frozen=True, slots=True)
class ElsewhereDose:
    """Toxin of another clinic. ``units`` of ``product``; None and "" where nobody knows."""

    given_on: date
    product: str
    units: Decimal | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    """A medicine, an operation or a therapy, with its days as exactly as they are known."""

    kind: TreatmentKind
    name: str
    since: PartialDate | None
    until: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A total or subscale on a day, with the range that it can have where the reference knows it."""

    on: date
    name: str
    value: Decimal
    lowest: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two days of injection that follow each other, here or elsewhere."""

    before: date
    after: date

    @property
    def days(self) -> int:
        """How long it was."""
        return (self.after - self.before).days


@dataclass(frozen=True, slots=True)
class Course:
    """Everything the picture is drawn from. Visits, doses elsewhere and effects go from the earliest to the latest.

    ``products`` are the words for the ids of products, in the order in which they were first given.
    """

    today: date
    visits: tuple[CourseVisit, ...] = ()
    effects: tuple[CourseEffect, ...] = ()
    elsewhere: tuple[ElsewhereDose, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    scores: tuple[Score, ...] = ()
    products: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no injection is known."""
        return not self.visits and not self.elsewhere

    @property
    def injected_on(self) -> tuple[date, ...]:
        """The days on which toxin was given, here or elsewhere, each once."""
        return tuple(sorted({*(v.visited_on for v in self.visits), *(e.given_on for e in self.elsewhere)}))

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The time between each two days of injection that follow each other."""
        days = self.injected_on
        return tuple(Interval(before, after) for before, after in pairwise(days))

    def visit(self, visit_id: int) -> CourseVisit:
        """A visit by its id. Raises KeyError."""
        for visit in self.visits:
            if visit.id == visit_id:
                return visit
        raise KeyError(visit_id)

    def effects_of(self, visit_id: int) -> tuple[CourseEffect, ...]:
        """The side effects that followed a visit."""
        return tuple(effect for effect in self.effects if effect.visit_id == visit_id)

    def product_word(self, product: str) -> str:
        """How a product is called."""
        return dict(self.products).get(product) or product or "Product not recorded"
