"""Rating scales: ranges and meaning of totals. Item wording is never stored."""

from decimal import Decimal
from typing import Literal

import msgspec

from clinic_app.reference.entries import Cited, Entry, ReferenceFile


class ScoreRange(Entry, frozen=True, kw_only=True):
    """The lowest and highest score; None where no page confirmed one, and then any number is accepted."""

    min: Decimal | None = None
    max: Decimal | None = None
    step: Decimal | None = None
    verified: bool = True
    range_verified: bool = True
    note: str = ""
    t_score_mean: Decimal | None = None
    t_score_sd: Decimal | None = None

    def allows(self, score: Decimal) -> bool:
        """Whether ``score`` lies in the range, as far as the range is known."""
        return (self.min is None or self.min <= score) and (self.max is None or score <= self.max)


class Subscale(ScoreRange, frozen=True, kw_only=True):
    """A part of a scale with its own score."""

    id: str
    areas: int | None = None


class ImportantChange(Cited, frozen=True, kw_only=True):
    """The smallest change that patients noticed in a study; negative where lower is better."""

    anchor: str
    change: Decimal | None = None
    score_at_most: Decimal | None = None


class NormalScore(Cited, frozen=True, kw_only=True):
    """What healthy people score."""

    mean: Decimal
    abnormal_above: Decimal


class Scale(Cited, frozen=True, kw_only=True):
    """A rating scale. ``short`` is the name that people say; ``used_for`` holds indications, or "any"."""

    id: str
    name: str
    short: str
    used_for: tuple[str, ...]
    rater: Literal["clinician", "patient", "patient_and_clinician"]
    subscales: tuple[Subscale, ...]
    total: ScoreRange
    direction: Literal["lower_better", "higher_better", "varies"]
    mcid: tuple[ImportantChange, ...]
    licence: str
    licence_verified: bool
    items: int | None = None
    mean_score: ScoreRange | None = None
    normal: NormalScore | None = None
    anchors: dict[int, str] = msgspec.field(default_factory=dict)
    anchors_note: str = ""
    alternative: str = ""
    contradictions: str = ""

    def score_name(self, subscale: str = "") -> str:
        """The total or a subscale as people say it: "TWSTRS severity"."""
        return f"{self.short} {subscale.replace('_', ' ')}" if subscale else self.short

    def score_range(self, subscale: str = "") -> ScoreRange | None:
        """The range of the total, or of a subscale; None for a subscale that the scale does not have."""
        if not subscale:
            return self.total
        return next((each for each in self.subscales if each.id == subscale), None)

    def has_total(self) -> bool:
        """Whether a total is reported, and not the parts alone."""
        total = self.total
        ranged = total.min is not None or total.t_score_mean is not None or not total.range_verified
        return ranged or not self.subscales

    def limit(self, subscale: str = "") -> ScoreRange | None:
        """The range outside which a score cannot be; None where no page that was read confirmed one."""
        found = self.score_range(subscale)
        if found is None or found.min is None or found.max is None:
            return None
        return found if self.verified and found.verified and found.range_verified else None


class ScalesFile(ReferenceFile, frozen=True, kw_only=True):
    """``scales.yaml``."""

    conventions: dict[str, str]
    scales: tuple[Scale, ...]
