"""What toxin a patient had, and what it says about the day of the next injection: interval and payer's agreement."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import (
    Clinic,
    Injection,
    Patient,
    ToxinElsewhere,
    Vial,
    Visit,
)
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.booking import earliest_date
from clinic_app.rules.chart import ClinicLimit, EarlierInjection
from clinic_app.services.authorizations import authorized
from clinic_app.services.clinic_rules import limits_for_checks, own_limits
from clinic_app.words import sentence


def earliest_injection_day(
    session: Session, patient_id: int, reference: Reference, earlier: Sequence[EarlierInjection] | None = None
) -> date | None:
    """The first day on which the minimum interval of the product last given has passed over every toxin.

    Toxin given elsewhere counts; an unknown product counts with the shortest minimum. None before any toxin.
    ``earlier`` is all toxin of the patient, where the caller has read it.
    """
    given = None if earlier is None else {patient_id: earlier}
    return _earliest_days(session, [patient_id], reference, given).get(patient_id)


def earliest_injection_days(session: Session, patient_ids: Collection[int], reference: Reference) -> dict[int, date]:
    """The same for many patients, in as many statements as for one; who never had toxin is not in it."""
    return _earliest_days(session, patient_ids, reference, None)


def _earliest_days(
    session: Session,
    patient_ids: Collection[int],
    reference: Reference,
    given: Mapping[int, Sequence[EarlierInjection]] | None,
) -> dict[int, date]:
    given = _earlier(session, patient_ids) if given is None else given
    if not any(given.values()):
        return {}
    birth_dates = dict(session.execute(select(Patient.id, Patient.birth_date).where(Patient.id.in_(given))).all())
    limits = limits_for_checks(own_limits(session), session.scalars(select(Clinic.time_zone)).one())
    found = {}
    for patient_id, earlier in given.items():
        day = earliest_of(earlier, birth_dates[patient_id], limits, reference)
        if day is not None:
            found[patient_id] = day
    return found


def earliest_of(
    earlier: Sequence[EarlierInjection], birth_date: date, limits: Sequence[ClinicLimit], reference: Reference
) -> date | None:
    """The first day on which the minimum interval after all of this has passed; None before any toxin."""
    if not earlier:
        return None
    ours = [each for each in earlier if not each.elsewhere]
    product, indication = (ours[-1].product, ours[-1].indication) if ours else (earlier[-1].product, "")
    return earliest_date(earlier, reference, product, indication, birth_date, limits)


def earlier_injections(session: Session, patient_id: int) -> tuple[EarlierInjection, ...]:
    """All toxin of the patient by visit and product: here, and elsewhere as far as known."""
    return _earlier(session, [patient_id]).get(patient_id, ())


_PATIENTS: BindParameter[list[int]] = bindparam("patients", expanding=True)
_EARLIER: CompoundSelect[Any] = union_all(
    select(
        Visit.patient_id,
        Visit.visited_on.label("day"),
        Vial.product,
        func.sum(Injection.units).label("units"),
        Visit.indication,
        Visit.id.label("visit_id"),
    )
    .join(Injection, Injection.visit_id == Visit.id)
    .join(Vial, Vial.id == Injection.vial_id)
    .where(Visit.patient_id.in_(_PATIENTS))
    .group_by(Visit.id, Vial.product),
    select(
        ToxinElsewhere.patient_id,
        ToxinElsewhere.given_on,
        ToxinElsewhere.product,
        ToxinElsewhere.units,
        literal(""),
        null(),
    ).where(ToxinElsewhere.patient_id.in_(_PATIENTS)),
)


def _earlier(session: Session, patient_ids: Collection[int]) -> dict[int, tuple[EarlierInjection, ...]]:
    """All toxin by patient, the earliest first; of one day what was given elsewhere last."""
    found: dict[int, list[EarlierInjection]] = defaultdict(list)
    rows = session.connection().execute(_EARLIER, {"patients": list(patient_ids)}).all()
    for row in sorted(rows, key=lambda row: (row.day, row.visit_id is None, row.visit_id or 0, row.product)):
        given = EarlierInjection(row.day, row.product, row.units, row.visit_id is None, row.indication)
        found[row.patient_id].append(given)
    return {patient_id: tuple(given) for patient_id, given in found.items()}


def authorization_problem(
    session: Session, patient_id: int, day: date, earlier: Sequence[EarlierInjection] | None = None
) -> ClinicError | None:
    """What speaks against the payer's authorization for the product last given, on that day.

    ``earlier`` is all toxin of the patient, where the caller has read it.
    """
    if earlier is None:
        earlier = earlier_injections(session, patient_id)
    earlier = [given for given in earlier if not given.elsewhere]
    product = earlier[-1].product if earlier else ""
    units = sum((given.units or Decimal(0) for given in earlier if given.on == earlier[-1].on), Decimal(0))
    lapses, said = authorized(session, [patient_id], day).said_of(patient_id, product, units or None)
    if lapses is not None:
        return ClinicError("booking_authorization", said=sentence("authorization.lapses", last_day=lapses))
    return ClinicError("booking_authorization", said=said) if said else None
