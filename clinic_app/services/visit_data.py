"""Signed visits as the views and the paper show them: plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from clinic_app.services.chart_data import Point
from clinic_app.terms import Severity, Side


@dataclass(frozen=True, slots=True)
class GivenInjection:
    """One muscle and side as given. ``units`` and ``point_units`` of ``product``, ``volume_ml`` in mL.

    ``indication`` where it is another than the visit's.
    """

    muscle: str
    side: Side
    units: Decimal
    volume_ml: Decimal
    product: str
    lot_number: str
    guidance: tuple[str, ...]
    points: tuple[Point, ...]
    point_units: tuple[Decimal, ...]
    indication: str = ""


@dataclass(frozen=True, slots=True)
class UsedVial:
    """A vial as used: given + wasted = size, all in units of ``product``."""

    product: str
    lot_number: str
    expires_on: date
    size_units: Decimal
    diluent: str
    diluent_ml: Decimal
    reconstituted_at: datetime | None
    given_units: Decimal
    wasted_units: Decimal
    waste_reason: str


@dataclass(frozen=True, slots=True)
class ResponseData:
    """What a visit did. Days and weeks count from the injection; ``best_percent`` is 0 to 100."""

    first_day: int | None = None
    best_percent: int | None = None
    wore_off_week: int | None = None
    patient_impression: int | None = None
    clinician_impression: int | None = None
    pain: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit on a list. ``totals`` are units per product."""

    id: int
    visited_on: date
    injector: str
    indication: str
    totals: tuple[tuple[str, Decimal], ...]
    muscles: int
    response: ResponseData | None
    side_effects: tuple[str, ...]
    asked_none: bool


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """A finding as it was answered. ``by`` is the full name of who did, "" in visits of older releases."""

    check: str
    level: str
    said: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class AddendumRow:
    """A correction that stands beside the original. Those of older releases have no reason and no digest."""

    by: str
    signed_at: datetime
    reason: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class VisitDetails:
    """A signed visit, whole."""

    id: int
    patient_id: int
    visited_on: date
    injector: str
    indication: str
    icd10cm: str
    assessment: str
    consent: bool
    complications: str
    codes: tuple[str, ...]
    plan: str
    interval_weeks: int | None
    signed_by: str
    signed_at: datetime
    digest: str
    vials: tuple[UsedVial, ...]
    injections: tuple[GivenInjection, ...]
    scores: tuple[tuple[str, str, Decimal], ...]
    answers: tuple[SignedAnswer, ...]
    addenda: tuple[AddendumRow, ...]
    response: ResponseData | None


@dataclass(frozen=True, slots=True)
class SideEffectForm:
    """What is typed about a side effect; ``kind`` is an id of the catalogue or empty with ``other``."""

    visit_id: int
    kind: str = ""
    other: str = ""
    severity: Severity | None = None
    started_on: date | None = None
    ended_on: date | None = None
    action: str = ""
    red_flag: bool = False
    muscles: tuple[tuple[str, Side], ...] = ()


@dataclass(frozen=True, slots=True)
class SideEffectRow:
    """A side effect with the visit it followed and, of each suspected muscle, what it had got."""

    id: int
    version: int
    visit_id: int
    visited_on: date
    kind: str
    other: str
    severity: Severity
    started_on: date
    ended_on: date | None
    action: str
    red_flag: bool
    resolved_note: str
    reported: bool
    recorded_by: str
    muscles: tuple[tuple[str, Side, Decimal | None, str], ...]

    @property
    def days_after(self) -> int:
        """Days from the injection to the start."""
        return (self.started_on - self.visited_on).days
