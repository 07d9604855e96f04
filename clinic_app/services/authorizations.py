"""Whether a payer's prior authorization covers a visit: its days, its number of visits, its units."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import BindParameter, Date, bindparam, func, select
from sqlalchemy.orm import Session

from clinic_app.models import Authorization, Injection, Vial, Visit
from clinic_app.reference.units import show_number
from clinic_app.words import sentence


@dataclass(frozen=True, slots=True)
class Given:
    """Units of one product in one signed visit."""

    visit_id: int
    on: date
    product: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a payer agreed to: "" is any product, None no limit. ``units`` are of the product."""

    product: str
    first_day: date | None
    last_day: date | None
    visits: int | None
    units: Decimal | None


@dataclass(frozen=True, slots=True)
class Authorized:
    """The authorizations of some patients, and what was given to them before ``day``."""

    day: date
    authorizations: Mapping[int, Sequence[Agreed]]
    given: Mapping[int, Sequence[Given]]

    def said_of(self, patient_id: int, product: str, units: Decimal | None) -> tuple[date | None, str]:
        """The last day of an authorization that lapses before the visit, and a sentence on what else is wrong.

        None and nothing when one authorization covers the visit, or when the patient has none for the product.
        """
        every = self.authorizations.get(patient_id, ())
        own = [each for each in every if not product or each.product in ("", product)]
        running = [each for each in own if self._runs(each)]
        notes = [self._used_up(each, patient_id, product, units) for each in running]
        if "" in notes or not own:
            return None, ""
        if running:
            return None, notes[0]
        lapsed = [each.last_day for each in own if each.last_day is not None and each.last_day < self.day]
        if lapsed:
            return max(lapsed), ""
        begins = min(each.first_day for each in own if each.first_day is not None)
        return None, sentence("authorization.not_begun", first_day=begins)

    def _runs(self, each: Agreed) -> bool:
        begun = each.first_day is None or each.first_day <= self.day
        return begun and (each.last_day is None or self.day <= each.last_day)

    def _used_up(self, each: Agreed, patient_id: int, product: str, units: Decimal | None) -> str:
        """What is used up of an authorization that runs; empty when nothing is."""
        before = [
            given
            for given in self.given.get(patient_id, ())
            if each.product in ("", given.product) and (each.first_day is None or each.first_day <= given.on)
        ]
        visits = len({given.visit_id for given in before})
        if each.visits is not None and visits >= each.visits:
            return sentence("authorization.visits_used", visits=each.visits)
        if each.units is not None:
            left = each.units - sum((given.units for given in before if given.product == product), Decimal(0))
            if left < (units or Decimal(0)) or left <= 0:
                said = show_number(max(left, Decimal(0)))
                return sentence("authorization.units_left", left=said, units=show_number(each.units))
        return ""


_PATIENTS: BindParameter[list[int]] = bindparam("patients", expanding=True)
_AUTHORIZATIONS = (
    select(
        Authorization.patient_id,
        Authorization.product,
        Authorization.first_day,
        Authorization.last_day,
        Authorization.visits,
        Authorization.units,
    )
    .where(Authorization.patient_id.in_(_PATIENTS))
    .order_by(Authorization.id)
)
_GIVEN = (
    select(Visit.patient_id, Visit.id, Visit.visited_on, Vial.product, func.sum(Injection.units))
    .join(Injection, Injection.visit_id == Visit.id)
    .join(Vial, Vial.id == Injection.vial_id)
    .where(Visit.patient_id.in_(_PATIENTS), Visit.visited_on < bindparam("day", type_=Date))
    .group_by(Visit.id, Vial.product)
)


def authorized(session: Session, patient_ids: Collection[int], day: date) -> Authorized:
    """Read what the payers of these patients agreed to, and what it was used for before the day."""
    authorizations: dict[int, list[Agreed]] = defaultdict(list)
    rows = session.connection().execute(_AUTHORIZATIONS, {"patients": list(patient_ids)}).all()
    for patient_id, product, first_day, last_day, visits, units in rows:
        authorizations[patient_id].append(Agreed(product, first_day, last_day, visits, units))
    given: dict[int, list[Given]] = defaultdict(list)
    if not authorizations:
        return Authorized(day, authorizations, given)
    given_rows = session.connection().execute(_GIVEN, {"patients": list(authorizations), "day": day}).all()
    for patient_id, visit_id, on, product, given_units in given_rows:
        given[patient_id].append(Given(visit_id, on, product, given_units))
    return Authorized(day, authorizations, given)
