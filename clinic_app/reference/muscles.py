"""Muscles and glands that are injected, or kept away from, with the doses that sources give for them."""

from decimal import Decimal
from typing import Literal

from clinic_app.reference.entries import Cited, Entry, ReferenceFile

#: A published dose whose brand is unknown. It is shown as text and never compared.
BRAND_NOT_STATED = "botulinumtoxinA_brand_not_stated"

#: Which indications each label row speaks of. Spasticity tables of both limbs share one name.
_LABEL_INDICATIONS = {
    "us_label_table_spasticity": ("spasticity_upper", "spasticity_lower"),
    "us_label_table_upper_limb_spasticity": ("spasticity_upper",),
    "us_label_trial_range_cervical_dystonia": ("cervical_dystonia",),
    "us_label_trial_median_120U_group": ("cervical_dystonia",),
    "us_label_fixed_dose_chronic_migraine": ("chronic_migraine",),
    "us_label_strabismus_range": ("strabismus",),
    "us_label_sialorrhea": ("sialorrhea",),
    "us_label_sialorrhea_adult": ("sialorrhea",),
    "us_label_start_1.25_to_2.5_per_site_3_sites_per_eye": ("blepharospasm",),
    "us_label_per_eye_start_and_maximum_includes_corrugator": ("blepharospasm",),
}

#: Muscles whose label ranges count them together on one side, as their notes or the name of the row say.
_COUNTED_TOGETHER = (
    frozenset({"scalenus_anterior", "scalenus_medius"}),
    frozenset({"flexor_pollicis_brevis", "opponens_pollicis"}),
)
_AROUND_THE_EYE = frozenset(
    {
        "orbicularis_oculi_pretarsal",
        "orbicularis_oculi_preseptal",
        "orbicularis_oculi_orbital",
        "corrugator_supercilii",
    }
)


class MuscleDose(Cited, frozen=True, kw_only=True):
    """What one source gives for one muscle, in units of ``product`` and of no other.

    ``scope`` says what the figure counts (one side, one fascicle, both sides together, …) and ``basis`` what kind
    of source it is. ``sites`` is the number of injection sites.
    """

    product: str
    low: Decimal | None
    high: Decimal
    scope: Literal[
        "per_side",
        "per_fascicle",
        "per_muscle",
        "per_gland",
        "midline_total",
        "total_both_sides",
        "whole_muscle_per_side",
        "both_heads_per_leg",
        "adductor_group_per_leg",
        "quadriceps_group_per_leg",
        "medial_hamstrings_per_leg",
    ]
    basis: str
    median: Decimal | None = None
    sites: int | tuple[int, int] | None = None

    @property
    def from_us_label(self) -> bool:
        """Whether the figure is the US label's; ``verified`` says whether the label was read for it."""
        return self.basis.startswith("us_label_")

    @property
    def label_indications(self) -> tuple[str, ...]:
        """The indications that a row of the US label speaks of; empty for every other row."""
        return _LABEL_INDICATIONS[self.basis] if self.from_us_label else ()

    @property
    def is_upper_limit(self) -> bool:
        """Whether the figure is a limit and not a range."""
        return self.basis.startswith("upper_limit_")

    @property
    def is_trial_median(self) -> bool:
        """Whether ``low`` and ``high`` are only the median of a trial group, which is no range at all."""
        return self.median is not None and self.low == self.high == self.median


class MuscleCodes(Cited, frozen=True, kw_only=True):
    """The Foundational Model of Anatomy's number and name."""

    fma: str
    fma_name: str


class Muscle(Entry, frozen=True, kw_only=True):
    """A muscle, part of a muscle or gland. Anatomy is standard and was not checked against a page."""

    id: str
    name: str
    latin: str
    region: str
    layer: Literal["superficial", "intermediate", "deep"]
    views: tuple[str, ...]
    side: Literal["paired", "midline", "unknown"]
    target: Literal["yes", "rare", "avoid"]
    origin: str
    insertion: str
    action: str
    patterns: tuple[str, ...]
    injection_sites: tuple[int, int]
    guidance: tuple[str, ...]
    local_effects: tuple[str, ...]
    doses: tuple[MuscleDose, ...]
    dose_note: str = ""
    note: str = ""
    codes: MuscleCodes | None = None

    @property
    def paired(self) -> bool:
        """Whether there is one on each side of the body."""
        return self.side == "paired"

    @property
    def for_specialists(self) -> bool:
        """An uncommon target, or one whose note keeps it for specialists."""
        return self.target == "rare" or self.note.startswith("Specialist use only")

    @property
    def needs_guidance(self) -> bool:
        """Whether the reference does not list palpation as enough to find it: deep or risky targets."""
        return "palpation" not in self.guidance

    def counted_with(self, dose: MuscleDose) -> frozenset[str]:
        """The ids of the muscles that ``dose`` counts together with this one on one side, itself among them.

        The four fascicles of a finger flexor are named by the stem of their ids.
        """
        if "per_eye" in dose.basis and "includes_corrugator" in dose.basis:
            return _AROUND_THE_EYE
        if dose.scope == "whole_muscle_per_side":
            return frozenset(f"{self.id[:-1]}{finger}" for finger in "2345")
        together = (group for group in _COUNTED_TOGETHER if dose.from_us_label and self.id in group)
        return next(together, frozenset({self.id}))


def unknown_muscle(muscle_id: str) -> Muscle:
    """What stands for a muscle of a record that this release's reference does not name, or not any more.

    It has a name made from its id and no fact at all, so that an old record can still be read, checked and printed.
    """
    return Muscle(
        id=muscle_id,
        name=muscle_id.replace("_", " "),
        latin="",
        region="",
        layer="deep",
        views=(),
        side="unknown",
        target="yes",
        origin="",
        insertion="",
        action="",
        patterns=(),
        injection_sites=(1, 1),
        guidance=("palpation",),
        local_effects=(),
        doses=(),
    )


class MusclesFile(ReferenceFile, frozen=True, kw_only=True):
    """``muscles.yaml``."""

    conventions: dict[str, str | dict[str, str]]
    regions: tuple[str, ...]
    views: tuple[str, ...]
    pattern_ids: tuple[str, ...]
    local_effect_ids: tuple[str, ...]
    muscles: tuple[Muscle, ...]
