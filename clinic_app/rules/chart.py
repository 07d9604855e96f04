"""What the checks read: a chart in progress and what the record says about the patient, as frozen plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from clinic_app.rules.days import age_in_years


@dataclass(frozen=True, slots=True)
class ChartedInjection:
    """One line of the chart. ``units`` are units of the vial's product; None until they are typed.

    ``side`` is "left", "right", "midline" or "" when not chosen. ``points`` is the number of places on the map and
    ``point_units`` their single doses where they differ. ``product`` counts only as long as no vial is chosen.
    ``indication`` where the line serves another than the visit's.
    """

    key: str
    muscle: str
    side: str = ""
    units: Decimal | None = None
    points: int = 0
    point_units: tuple[Decimal, ...] = ()
    guidance: tuple[str, ...] = ()
    vial: str = ""
    product: str = ""
    indication: str = ""

    @property
    def place(self) -> str:
        """Muscle and side as findings name them: "splenius_capitis/left", or the muscle alone without a side."""
        return f"{self.muscle}/{self.side}" if self.side else self.muscle

    @property
    def given(self) -> Decimal:
        """The units, or zero while none are typed."""
        return self.units or Decimal(0)

    @property
    def units_of_points(self) -> tuple[Decimal, ...]:
        """The units in each point: as charted, else shared equally; empty while no point is placed."""
        if self.point_units:
            return self.point_units
        return (self.given / self.points,) * self.points if self.points else ()


@dataclass(frozen=True, slots=True)
class ChartedVial:
    """A vial opened for the visit: contents, waste and what was counted as left in units, diluent in mL.

    ``used_at`` is when it was drawn from, where that is on record. ``assigned_to_other_patient`` is true for a vial
    that was supplied for one patient who is not this one, and ``shared_with_other_patient`` for a vial that another
    patient's chart already uses.
    """

    key: str
    product: str
    lot: str = ""
    expires_on: date | None = None
    vial_units: Decimal = Decimal(0)
    diluent_ml: Decimal | None = None
    reconstituted_at: datetime | None = None
    wasted_units: Decimal = Decimal(0)
    waste_reason: str = ""
    left_units: Decimal | None = None
    assigned_to_other_patient: bool = False
    shared_with_other_patient: bool = False
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EarlierInjection:
    """Toxin given before, here or elsewhere. An unknown ``product`` is "" and unknown ``units`` are None."""

    on: date
    product: str = ""
    units: Decimal | None = None
    elsewhere: bool = False
    indication: str = ""


@dataclass(frozen=True, slots=True)
class SuspectedMuscle:
    """A muscle under suspicion and the units of the product that it had got on that side."""

    muscle: str
    side: str = ""
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EarlierSideEffect:
    """A side effect on record, with the muscles and the product of the visit it followed."""

    effect: str
    severity: str
    muscles: tuple[SuspectedMuscle, ...] = ()
    product: str = ""


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the record says. Allergies, conditions and medicines are ids of the reference or free text.

    ``components`` are pairs of a component and its side ("left", "right" or ""). ``age`` in completed years counts
    where the birth date is not known.
    """

    birth_date: date | None = None
    age: int | None = None
    sex: str = ""
    weight_kg: Decimal | None = None
    allergies: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    medicine_classes: tuple[str, ...] = ()
    pregnant: bool = False
    breastfeeding: bool = False
    components: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClinicLimit:
    """A limit of the clinic's own for a check, narrower or wider than the label's.

    ``value`` is in the check's own quantity (units of ``product``, days or hours); empty ``product``, ``indication``
    and ``muscle`` mean any. ``limits.py`` says which checks can have one and what it must name.
    """

    check: str
    value: Decimal
    product: str = ""
    indication: str = ""
    muscle: str = ""
    set_on: date | None = None
    set_by: str = ""


@dataclass(frozen=True, slots=True)
class ClinicChoices:
    """What a manager or physician set for the clinic.

    ``rolling_months`` replaces the 84 days of the rolling cap by so many calendar months. ``shared_vial_reason`` is
    the manager's written reason that turns a shared vial from a stop into a warning. ``limits`` stand in the place
    of the label's figures, which stay visible.
    """

    rolling_months: int | None = None
    shared_vial_reason: str = ""
    limits: tuple[ClinicLimit, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart and everything that its checks look at.

    ``now`` and the vials' ``reconstituted_at`` and ``used_at`` are of the same kind: all with a zone or all without.
    What every check asks for is worked out once: the checks run at every key.
    """

    visited_on: date
    now: datetime
    patient: PatientFacts = PatientFacts()
    region: str = "US"
    indication: str = ""
    injections: tuple[ChartedInjection, ...] = ()
    vials: tuple[ChartedVial, ...] = ()
    earlier: tuple[EarlierInjection, ...] = ()
    side_effects: tuple[EarlierSideEffect, ...] = ()
    previous_product: str = ""
    consent: bool | None = None
    assessment: str = ""
    clinic: ClinicChoices = ClinicChoices()

    def vial(self, key: str) -> ChartedVial | None:
        """The vial with this key, or None."""
        return self._vials.get(key)

    def product_of(self, injection: ChartedInjection) -> str:
        """The product of an injection: its vial's, else the one named on the line, else ""."""
        vial = self.vial(injection.vial)
        return vial.product if vial is not None else injection.product

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Every product charted today, in alphabetical order."""
        return tuple(sorted(self._lines.keys() - {""}))

    def indication_of(self, injection: ChartedInjection) -> str:
        """What an injection treats: its own indication, else the visit's."""
        return injection.indication or self.indication

    @cached_property
    def indications(self) -> tuple[str, ...]:
        """Every indication of today's injections, in alphabetical order; the visit's own while there are none."""
        return tuple(sorted({self.indication_of(each) for each in self.injections})) or (self.indication,)

    def lines_of(self, product: str) -> tuple[ChartedInjection, ...]:
        """The injections of one product."""
        return self._lines.get(product, ())

    def indications_of(self, product: str) -> tuple[str, ...]:
        """Every indication that the product is charted for, in alphabetical order."""
        return self._indications.get(product, ())

    @cached_property
    def age(self) -> int | None:
        """Completed years on the day of the visit; None while neither birth date nor age is known."""
        birth_date = self.patient.birth_date
        return self.patient.age if birth_date is None else age_in_years(birth_date, self.visited_on)

    @cached_property
    def is_child(self) -> bool:
        """Under 18 on the day of the visit. An unknown age counts as adult."""
        return self.age is not None and self.age < 18

    @cached_property
    def _lines(self) -> dict[str, tuple[ChartedInjection, ...]]:
        lines: dict[str, list[ChartedInjection]] = {}
        for each in self.injections:
            lines.setdefault(self.product_of(each), []).append(each)
        return {product: tuple(own) for product, own in lines.items()}

    @cached_property
    def _indications(self) -> dict[str, tuple[str, ...]]:
        return {
            product: tuple(sorted({self.indication_of(each) for each in lines}))
            for product, lines in self._lines.items()
        }

    @cached_property
    def _vials(self) -> dict[str, ChartedVial]:
        return {vial.key: vial for vial in reversed(self.vials)}

    def given_from(self, vial_key: str) -> Decimal:
        """The units drawn from a vial."""
        return total(each for each in self.injections if each.vial == vial_key)


def total(injections: Iterable[ChartedInjection]) -> Decimal:
    """The sum of the units. Only injections of one product may be added."""
    return sum((each.given for each in injections), Decimal(0))
