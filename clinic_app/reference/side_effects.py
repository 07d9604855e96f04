"""Side effects: when they come, how long they last, what to say on the telephone."""

from decimal import Decimal
from typing import Literal

from clinic_app.reference.entries import Cited, Entry, ReferenceFile


class Incidence(Cited, frozen=True, kw_only=True):
    """How often a trial or label saw the side effect, in percent of patients. Products must not be ranked by it."""

    product: str
    dose: str = ""
    percent: Decimal | None = None
    n: int | None = None
    placebo_percent: Decimal | None = None
    population: str = ""
    indication: str = ""
    frequency_word: str = ""


class SideEffect(Cited, frozen=True, kw_only=True):
    """One kind of side effect. ``advice`` is what staff may read out to a caller; days count from the injection."""

    id: str
    name: str
    meddra_pt: str
    local_effect_ids: tuple[str, ...]
    red_flag: bool | Literal["conditional"]
    reportable: Literal["always", "if_serious"]
    onset_days: tuple[int, int]
    duration_days: tuple[int, int] | None
    advice: str
    risk_muscles: tuple[str, ...]
    incidence: tuple[Incidence, ...]
    red_flag_when: str = ""
    risk_other: tuple[str, ...] = ()
    meddra_alt: str = ""
    meddra_note: str = ""

    @property
    def always_red_flag(self) -> bool:
        """Whether it is a red flag without asking further; "conditional" ones depend on ``red_flag_when``."""
        return self.red_flag is True


class SeverityGrade(Entry, frozen=True, kw_only=True):
    """One step of severity, 1 (mild) to 5 (fatal)."""

    id: str
    grade: int
    definition: str


class SeverityScale(Entry, frozen=True, kw_only=True):
    """The steps of severity in our own words."""

    basis: str
    grades: tuple[SeverityGrade, ...]


class Seriousness(Cited, frozen=True, kw_only=True):
    """What makes a side effect serious in the regulator's sense."""

    criteria: tuple[str, ...]
    rule: str


class ReportingSystem(Cited, frozen=True, kw_only=True):
    """Where to report in one country."""

    system: str
    duty: str
    phone: str = ""


class Reporting(Entry, frozen=True, kw_only=True):
    """Where and what to report."""

    us: ReportingSystem
    uk: ReportingSystem
    also_tell: str
    include: tuple[str, ...]


class SideEffectsFile(ReferenceFile, frozen=True, kw_only=True):
    """``side_effects.yaml``."""

    conventions: dict[str, str]
    severity_scale: SeverityScale
    seriousness: Seriousness
    reporting: Reporting
    effects: tuple[SideEffect, ...]
