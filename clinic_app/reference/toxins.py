"""Products: vials, dilution, storage, caps, label indications and what speaks against giving one."""

import re
from decimal import Decimal
from typing import Literal

import msgspec

from clinic_app.reference.entries import Cited, Entry, ReferenceFile

#: The label speaks of populations and limbs where the clinic speaks of one indication.
_LABEL_INDICATIONS = {
    "spasticity_upper": (
        "adult_upper_limb_spasticity",
        "pediatric_upper_limb_spasticity",
        "adult_spasticity_combined",
    ),
    "spasticity_lower": (
        "adult_lower_limb_spasticity",
        "pediatric_lower_limb_spasticity",
        "adult_spasticity_combined",
    ),
}

LabelFigure = int | float | str | tuple[int | float, ...]


class Brand(Entry, frozen=True, kw_only=True):
    """A trade name in one region, and what it is licensed for there."""

    region: str
    name: str
    use: str = "cosmetic"
    source: tuple[str, ...] = ()
    verified: bool = True
    note: str = ""

    @property
    def therapeutic(self) -> bool:
        """Whether the brand may be used for treatment."""
        return "therapeutic" in self.use


class Reconstitution(Cited, frozen=True, kw_only=True):
    """One row of a mixing table: vial units, diluent in mL, units per 0.1 mL."""

    vial_units: Decimal
    diluent_ml: Decimal
    u_per_0_1_ml: Decimal
    use: str = ""
    cosmetic: bool = False


class StorageUnopened(Cited, frozen=True, kw_only=True):
    """How to keep an unopened vial, in degrees Celsius."""

    temp_c: tuple[int, int]
    room_temperature_ok: bool
    protect_from_light: bool = False
    do_not_freeze: bool = False
    do_not_shake: bool = False


class AfterReconstitution(Cited, frozen=True, kw_only=True):
    """How long a mixed vial may be used. Where a part is not verified, it is the temperature, not the hours."""

    max_hours: int
    single_patient: bool
    temp_c: tuple[int, int] | None = None


class Billing(Cited, frozen=True, kw_only=True):
    """The drug code and how many units make one billing unit."""

    hcpcs: str
    units_per_billing_unit: int


class PackageCode(Cited, frozen=True, kw_only=True):
    """A code printed on the carton."""

    type: Literal["NDC", "GTIN"]
    code: str
    vial_units: Decimal
    eleven_digit: str = ""
    region: str = ""


class SessionCap(Cited, frozen=True, kw_only=True):
    """The highest total of one visit, in units of the product, without a physician's written reason."""

    adult_units: Decimal
    cervical_dystonia_units: Decimal | None = None
    studied_up_to_units: Decimal | None = None
    window: str = ""
    pediatric: str = ""

    @property
    def is_label_maximum(self) -> bool:
        """False where trials went beyond the cap: then it is a choice of ours for a prompt and only warns."""
        return self.studied_up_to_units is None

    def pediatric_units(self, weight_kg: Decimal | None) -> Decimal | None:
        """The cap for a child in units: the lower of units per kilogram and a fixed figure; None if none is known.

        Without a weight the fixed figure stands.
        """
        if not self.pediatric:
            return None
        found = re.fullmatch(r"lower of (\d+) U/kg or (\d+) U(?: per 3 months)?", self.pediatric)
        if found is None:
            raise ValueError(f"session_cap.pediatric is not understood: {self.pediatric}")
        per_kilogram, most = Decimal(found[1]), Decimal(found[2])
        return most if weight_kg is None else min(per_kilogram * weight_kg, most)


class MinimumInterval(Cited, frozen=True, kw_only=True):
    """The fewest weeks between two treatments, with the longer ones of single uses."""

    value: int
    pediatric_upper_limb: int | None = None
    sialorrhea: int | None = None


class SiteCapUnits(Cited, frozen=True, kw_only=True):
    """The most units in one point."""

    value: Decimal
    context: str


class SiteCapVolume(Cited, frozen=True, kw_only=True):
    """The most mL in one point."""

    value: Decimal
    pediatric: Decimal


class LabelIndication(Cited, frozen=True, kw_only=True):
    """A use that the US label covers, with its figures as the label words them."""

    id: str
    dose: dict[str, LabelFigure]
    population: str = ""
    rules: tuple[str, ...] = ()
    onset_days: int | None = None
    peak_weeks: tuple[int, int] | None = None
    duration_months: int | None = None
    cosmetic: bool = False

    @property
    def ages(self) -> tuple[int, int | None]:
        """The youngest and oldest age in years that the label covers; None means no upper end."""
        if self.population == "adults" or (not self.population and self.id.startswith("adult_")):
            return 18, None
        between = re.match(r"age (\d+) to (\d+)", self.population)
        if between is not None:
            return int(between[1]), int(between[2])
        older = re.match(r"age (\d+) and older", self.population)
        youngest = int(older[1]) if older is not None else 0
        # "age 2 and older" in a use named pediatric goes on to the adult's use at 18, which has its own figures
        return youngest, 17 if self.id.startswith("pediatric_") else None

    def covers_age(self, years: int) -> bool:
        """Whether the label's population includes this age in years."""
        youngest, oldest = self.ages
        return youngest <= years and (oldest is None or years <= oldest)

    @property
    def max_total_units(self) -> Decimal | None:
        """The total of one visit that the label itself calls the maximum of this use, in units."""
        figure = self.dose.get("max_total_units", self.dose.get("max_units"))
        return Decimal(str(figure)) if isinstance(figure, (int, float)) else None


class RegionalDifference(Cited, frozen=True, kw_only=True):
    """Where UK or EU labels differ from the US one, as text for the reader; no check computes with it."""

    text: str


class Contraindication(Cited, frozen=True, kw_only=True):
    """What forbids the product."""

    id: str
    text: str


class Product(Entry, frozen=True, kw_only=True):
    """One toxin. Its units are its own: nothing converts them to another product's."""

    id: str
    generic_name: str
    brands: tuple[Brand, ...]
    manufacturer: str
    serotype: str
    therapeutic: bool
    form: str
    vials_units: tuple[Decimal, ...]
    vials_source: tuple[str, ...]
    vials_verified: bool
    diluent: str
    reconstitution: tuple[Reconstitution, ...]
    storage_unopened: StorageUnopened
    after_reconstitution: AfterReconstitution
    billing: Billing
    package_codes: tuple[PackageCode, ...]
    session_cap: SessionCap
    min_interval_weeks: MinimumInterval
    us_indications: tuple[LabelIndication, ...]
    uk_eu_differences: tuple[RegionalDifference, ...]
    contraindications: tuple[Contraindication, ...]
    vials_other: dict[int, str] = msgspec.field(default_factory=dict)
    vials_note: str = ""
    vials_volume_ml: dict[int, Decimal] = msgspec.field(default_factory=dict)
    concentration_u_per_ml: Decimal | None = None
    per_site_cap_units: SiteCapUnits | None = None
    per_site_cap_ml: SiteCapVolume | None = None

    @property
    def ready_to_use(self) -> bool:
        """Whether the vial holds a solution that needs no diluent."""
        return bool(self.vials_volume_ml)

    def brand_names(self, region: str) -> tuple[str, ...]:
        """The brands licensed for treatment in ``region`` ("US" or "UK_EU"); empty if there is none."""
        return tuple(brand.name for brand in self.brands if brand.region == region and brand.therapeutic)

    def contents_ml(self, vial_units: Decimal, diluent_ml: Decimal | None) -> Decimal | None:
        """The mL in a vial of ``vial_units`` after ``diluent_ml`` was added; None if that is not known yet."""
        if not self.ready_to_use:
            return diluent_ml or None
        own = self.vials_volume_ml.get(int(vial_units))
        return None if own is None else own + (diluent_ml or 0)

    def label_indications(self, indication: str) -> tuple[LabelIndication, ...]:
        """What the US label says for an indication of ``indications.yaml``; empty means outside the label."""
        names = (indication, *_LABEL_INDICATIONS.get(indication, ()))
        return tuple(entry for entry in self.us_indications if entry.id in names)


class CosmeticProduct(Cited, frozen=True, kw_only=True):
    """A product with a cosmetic licence only: known by name so that it can be refused."""

    id: str
    brands: tuple[Brand, ...]
    serotype: str
    therapeutic: Literal[False]


class ClassStatement(Cited, frozen=True, kw_only=True):
    """What holds for the whole class, in our own words."""

    gist: str
    applies_to: tuple[str, ...] = ()
    region: str = ""


class DrugInteraction(Cited, frozen=True, kw_only=True):
    """A class of medicine that changes the effect."""

    id: str
    examples: tuple[str, ...]
    effect: str
    action: Literal["warn", "inform", "require_physician_confirmation"]


class CautionCondition(Cited, frozen=True, kw_only=True):
    """A condition that asks for care; without ``applies_to`` it concerns every product."""

    id: str
    reason: str
    examples: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()

    def concerns(self, product: str) -> bool:
        """Whether the caution concerns ``product``."""
        return product not in self.not_in and (not self.applies_to or product in self.applies_to)


class ClassFacts(Entry, frozen=True, kw_only=True):
    """What is the same for all products."""

    boxed_warning: ClassStatement
    non_interchangeability: ClassStatement
    drug_interactions: tuple[DrugInteraction, ...]
    caution_conditions: tuple[CautionCondition, ...]


class ToxinsFile(ReferenceFile, frozen=True, kw_only=True):
    """``toxins.yaml``."""

    conventions: dict[str, str]
    class_facts: ClassFacts
    products: tuple[Product, ...]
    cosmetic_only: tuple[CosmeticProduct, ...]
