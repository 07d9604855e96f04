"""Signed visits as the views and the paper show them: plain data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from clinic_app.services.chart_data import Point
from clinic_app.terms import Learned, ReportState, Severity, Side


@dataclass(frozen=True, slots=True)
class GivenInjection:
    """One muscle and side as given. ``units`` and ``point_units`` of ``product``, ``volume_ml`` in mL.

    None stands for a volume that nobody knows, because the visit was brought in without its vials' contents.

    ``indication`` where it is another than the visit's.
    """

    muscle: str
    side: Side
    units: Decimal
    volume_ml: Decimal | None
    product: str
    lot_number: str
    guidance: tuple[str, ...]
    points: tuple[Point, ...]
    point_units: tuple[Decimal, ...]
    indication: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class UsedVial:
    """A vial as used: given + wasted = size, all in units of ``product``; in a draft the expiry may be missing.

    Of a visit that was brought in, None stands for what the file did not tell.
    """

    product: str
    lot_number: str
    expires_on: date | None
    size_units: Decimal | None
    diluent: str
    diluent_ml: Decimal | None
    reconstituted_at: datetime | None
    given_units: Decimal
    wasted_units: Decimal | None
    waste_reason: str
    witness: str = ""
    """Who saw the waste."""
    serial: str = ""
    contents_ml: Decimal | None = Decimal(0)
    """What was in the vial after mixing, or in a ready-made solution."""


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
class ScaleValue:
    """A total (``subscale`` empty) or subscale of a rating scale of the reference."""

    scale: str
    subscale: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ScaleSheet:
    """The scale results of a cycle as the response form shows them, with the day on which they were measured."""

    measured_on: date
    values: tuple[ScaleValue, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekOfDiary:
    """One week of a patient's diary: benefit in percent, pain 0 to 10; None where the patient left it empty."""

    week: int
    benefit_percent: int | None = None
    pain: int | None = None
    remark: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is written in this week."""
        return self.benefit_percent is None and self.pain is None and not self.remark

    def days(self, visited_on: date) -> tuple[date, date]:
        """First and last day of the week: week 1 is the seven days after the visit's day."""
        first = visited_on + timedelta(days=7 * (self.week - 1) + 1)
        return first, first + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Where a visit comes from that nobody signed in this program."""

    file_name: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit on a list. ``totals`` are units per product; ``scales`` and ``diary`` tell what the visit did.

    ``brought_in``: from a file of before, not signed in this program.
    """

    id: int
    visited_on: date
    injector: str
    indication: str
    totals: tuple[tuple[str, Decimal], ...]
    muscles: int
    response: ResponseData | None
    side_effects: tuple[str, ...]
    asked_none: bool
    scales: ScaleSheet | None = None
    response_version: int = 0
    """Of response and scales together; 0 where nothing is noted yet."""
    diary: tuple[WeekOfDiary, ...] = ()
    brought_in: bool = False


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
    """A signed visit, whole. One with ``brought_in`` came from a file of before; who brought it in signed nothing."""

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
    brought_in: BroughtIn | None = None


@dataclass(frozen=True, slots=True)
class SideEffectForm:
    """What is typed about a side effect; ``kind`` is an id of the catalogue or empty with ``other``.

    ``red_flag`` answers the question of a conditional red flag, None where it has none. ``serious`` is None while
    nobody has judged it; ``serious_criteria`` are words of the reference. ``keep_both`` says that it is another one
    than what is on record of the same kind and time.
    """

    visit_id: int
    kind: str = ""
    other: str = ""
    severity: Severity | None = None
    started_on: date | None = None
    ended_on: date | None = None
    action: str = ""
    red_flag: bool | None = None
    muscles: tuple[tuple[str, Side], ...] = ()
    learned: Learned | None = None
    serious: bool | None = None
    serious_criteria: tuple[str, ...] = ()
    keep_both: bool = False


@dataclass(frozen=True, slots=True)
class SideEffectRow:
    """A side effect with the visit it followed and, of each suspected muscle, what it had got.

    ``resolved_at`` and the like are None or empty while a red flag waits, and in records of older releases.
    """

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
    recorded_by: str
    muscles: tuple[tuple[str, Side, Decimal | None, str], ...]
    recorded_at: datetime
    learned: Learned | None = None
    red_answer: bool | None = None
    resolved_by: str = ""
    resolved_at: datetime | None = None
    serious: bool | None = None
    serious_criteria: tuple[str, ...] = ()
    report: ReportState = ReportState.NOT_NEEDED
    reported_on: date | None = None
    report_reference: str = ""

    @property
    def days_after(self) -> int:
        """Days from the injection to the start."""
        return (self.started_on - self.visited_on).days

    @property
    def reported(self) -> bool:
        """Whether the regulator knows of it."""
        return self.report is ReportState.REPORTED

    @property
    def waits_for_review(self) -> bool:
        """Whether it is a red flag that no physician has resolved."""
        return self.red_flag and not self.resolved_note


@dataclass(frozen=True, slots=True)
class ScaleResultRow:
    """A scale result on record. ``visit_id`` is the visit whose effect it measures, if any."""

    visit_id: int | None
    measured_on: date
    scale: str
    subscale: str
    value: Decimal
    recorded_by: str
