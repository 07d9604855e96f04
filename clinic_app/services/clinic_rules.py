"""The clinic's own rules of charting: whose labels it works by, its own limits, what it allows and what it asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Account, Clinic, ClinicLimit
from clinic_app.models.database import Database
from clinic_app.rules import chart as charted
from clinic_app.rules.limits import can_hold
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock
from clinic_app.services.patients import clean
from clinic_app.terms import LabelRegion

MOST_MONTHS = 12
_LONGEST_REASON = 300
_ROLLING_MONTHS, _SHARED_VIALS, _WASTE_WITNESS, _SYRINGE_MARKS = (
    "rolling_months",
    "shared_vials",
    "waste_witness",
    "syringe_marks",
)


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A limit of the clinic's own; ``value`` in the check's quantity, empty words mean any."""

    id: int
    check: str
    product: str
    indication: str
    muscle: str
    value: Decimal
    reason: str
    set_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """What the clinic chose.

    ``rolling_months`` replaces the 84 days of the rolling cap. A ``shared_vial_reason`` turns a vial shared by two
    patients from a stop into a warning. ``waste_witness`` asks for a second person at every waste, and
    ``syringe_marks`` shows volumes as marks of a U-100 syringe too (100 marks are 1 mL).
    """

    label_region: LabelRegion
    rolling_months: int | None = None
    shared_vial_reason: str = ""
    waste_witness: bool = False
    syringe_marks: bool = False
    limits: tuple[OwnLimit, ...] = ()


class ClinicRules:
    """The use cases around the clinic's own rules."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def choices(self, actor: Actor) -> RuleChoices:
        """What counts today."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return rule_choices(session)

    def ended_limits(self, actor: Actor) -> tuple[tuple[OwnLimit, datetime], ...]:
        """Limits that counted once, each with when it ended, the latest first."""
        require(actor, Act.LIMITS)
        query = (
            select(ClinicLimit, Account.full_name)
            .join(Account, Account.id == ClinicLimit.set_by_id)
            .where(ClinicLimit.ended_at.is_not(None))
            .order_by(ClinicLimit.ended_at.desc(), ClinicLimit.id.desc())
        )
        with self._database.reading() as session:
            rows = session.execute(query).all()
            return tuple((_own(row, by), row.ended_at) for row, by in rows if row.ended_at is not None)

    def set_label_region(self, actor: Actor, region: LabelRegion) -> None:
        """Choose whose product labels the checks read."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            _clinic(session).label_region = region

    def set_rolling_months(self, actor: Actor, months: int | None) -> None:
        """Count the rolling cap over calendar months instead of the 84 days; None for the days."""
        require(actor, Act.LIMITS)
        if months is not None and not 1 <= months <= MOST_MONTHS:
            raise ClinicError("rolling_months_impossible", field="rolling_months", most=MOST_MONTHS)
        self._choose(actor, _ROLLING_MONTHS, months)

    def allow_shared_vials(self, actor: Actor, reason: str) -> None:
        """Allow one vial for two patients, with a warning, for a written reason; an empty one forbids it again."""
        require(actor, Act.SETTINGS)
        self._choose(actor, _SHARED_VIALS, _written(reason) or None)

    def ask_for_witness(self, actor: Actor, wanted: bool) -> None:
        """Whether every waste names a second person who saw it."""
        require(actor, Act.SETTINGS)
        self._choose(actor, _WASTE_WITNESS, wanted or None)

    def show_syringe_marks(self, actor: Actor, wanted: bool) -> None:
        """Whether volumes also stand as marks of a U-100 syringe."""
        require(actor, Act.LIMITS)
        self._choose(actor, _SYRINGE_MARKS, wanted or None)

    def set_limit(
        self,
        actor: Actor,
        check: str,
        value: Decimal,
        *,
        product: str = "",
        indication: str = "",
        muscle: str = "",
        reason: str,
    ) -> int:
        """Set a limit of the clinic's own; one for the same check and words ends. Returns its id.

        Raises ClinicError for a limit of zero or less, for one that its check cannot use (units without a product mean
        nothing), and for one without a reason: others must be able to judge it.
        """
        require(actor, Act.LIMITS)
        if not value.is_finite() or value <= 0:
            raise ClinicError("limit_not_positive", field="value")
        if value > 100_000 or value != value.quantize(Decimal("0.001")):
            raise ClinicError("units_too_many", field="value")
        if not clean(reason):
            raise ClinicError("limit_without_reason", field="reason")
        at = self._clock()
        words = {"check": check, "product": product, "indication": indication, "muscle": muscle}
        if not can_hold(charted.ClinicLimit(check, value, product, indication, muscle)):
            raise ClinicError("limit_not_usable", field="product")
        with self._database.writing(actor.account_id, at) as session:
            for before in session.scalars(select(ClinicLimit).filter_by(ended_at=None, **words)):
                before.ended_at = at
            limit = ClinicLimit(**words, value=value, reason=_written(reason), set_at=at, set_by_id=actor.account_id)
            session.add(limit)
            session.flush()
            return limit.id

    def end_limit(self, actor: Actor, limit_id: int) -> None:
        """Let the label's figure count again."""
        require(actor, Act.LIMITS)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            limit = session.get(ClinicLimit, limit_id)
            if limit is None or limit.ended_at is not None:
                raise NotFound("limit_not_found")
            limit.ended_at = at

    def renew_limit(self, actor: Actor, limit_id: int) -> int:
        """Set a limit that ended once more, with its own words; whoever does it stands for it now."""
        require(actor, Act.LIMITS)
        with self._database.reading() as session:
            ended = session.get(ClinicLimit, limit_id)
            if ended is None:
                raise NotFound("limit_not_found")
        return self.set_limit(
            actor,
            ended.check,
            ended.value,
            product=ended.product,
            indication=ended.indication,
            muscle=ended.muscle,
            reason=ended.reason,
        )

    def _choose(self, actor: Actor, name: str, value: object) -> None:
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = _clinic(session)
            others = {key: each for key, each in clinic.choices.items() if key != name}
            clinic.choices = others if value is None else {**others, name: value}


def rule_choices(session: Session, clinic: Clinic | None = None) -> RuleChoices:
    """What the clinic chose, with the limits that count today; ``clinic`` where the caller has read it."""
    clinic = clinic or _clinic(session)
    return replace(read_choices(clinic.label_region, clinic.choices), limits=own_limits(session))


_LIMITS = (
    select(
        ClinicLimit.id,
        ClinicLimit.check,
        ClinicLimit.product,
        ClinicLimit.indication,
        ClinicLimit.muscle,
        ClinicLimit.value,
        ClinicLimit.reason,
        ClinicLimit.set_at,
        Account.full_name,
    )
    .join(Account, Account.id == ClinicLimit.set_by_id)
    .where(ClinicLimit.ended_at.is_(None))
    .order_by(ClinicLimit.check, ClinicLimit.product, ClinicLimit.indication, ClinicLimit.muscle, ClinicLimit.id)
)


def own_limits(session: Session) -> tuple[OwnLimit, ...]:
    """The clinic's limits that count today."""
    return tuple(OwnLimit(*row) for row in session.connection().execute(_LIMITS).all())


def read_choices(region: LabelRegion, choices: Mapping[str, object]) -> RuleChoices:
    """The clinic's choices without its limits; what cannot be read counts as not chosen."""
    months = choices.get(_ROLLING_MONTHS)
    reason = choices.get(_SHARED_VIALS)
    return RuleChoices(
        region,
        months if isinstance(months, int) and 1 <= months <= MOST_MONTHS else None,
        reason if isinstance(reason, str) else "",
        choices.get(_WASTE_WITNESS) is True,
        choices.get(_SYRINGE_MARKS) is True,
    )


def for_checks(choices: RuleChoices, time_zone: str) -> charted.ClinicChoices:
    """The choices as the checks read them."""
    return charted.ClinicChoices(
        choices.rolling_months, choices.shared_vial_reason, limits_for_checks(choices.limits, time_zone)
    )


def limits_for_checks(limits: Iterable[OwnLimit], time_zone: str) -> tuple[charted.ClinicLimit, ...]:
    """The clinic's limits as the checks read them."""
    return tuple(
        charted.ClinicLimit(
            check=own.check,
            value=own.value,
            product=own.product,
            indication=own.indication,
            muscle=own.muscle,
            set_on=own.set_at.astimezone(ZoneInfo(time_zone)).date(),
            set_by=own.set_by,
        )
        for own in limits
    )


def _own(row: ClinicLimit, by: str) -> OwnLimit:
    return OwnLimit(row.id, row.check, row.product, row.indication, row.muscle, row.value, row.reason, row.set_at, by)


def _clinic(session: Session) -> Clinic:
    return session.scalars(select(Clinic)).one()


def _written(text: str) -> str:
    return clean(text)[:_LONGEST_REASON]
