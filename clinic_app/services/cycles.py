"""Each patient's cycle, kept beside the record by whoever changes what it is computed from."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from clinic_app.models import Injection, Patient, TreatmentCycle, Visit
from clinic_app.models.base import table_of
from clinic_app.terms import PatientStatus

USUAL_WEEKS = 12

# Built once: to put a question together takes several times as long as to ask it, and an import asks for thousands.
_WHO: BindParameter[int] = bindparam("who")
_later = aliased(Visit)
_LATEST = (
    select(_later.id)
    .where(_later.patient_id == _WHO, select(Injection.id).where(Injection.visit_id == _later.id).exists())
    .order_by(_later.visited_on.desc(), _later.id.desc())
    .limit(1)
    .scalar_subquery()
)
_FOUND = (
    select(
        Patient.status,
        Patient.usual_interval_weeks,
        TreatmentCycle.patient_id,
        Visit.id,
        Visit.visited_on,
        Visit.interval_weeks,
    )
    .outerjoin(TreatmentCycle, TreatmentCycle.patient_id == Patient.id)
    .outerjoin(Visit, Visit.id == _LATEST)
    .where(Patient.id == _WHO)
)
# Not by the session's records: what only repeats the record is nothing that the audit trail should tell.
_CYCLE = table_of(TreatmentCycle)
_NO_MORE = delete(_CYCLE).where(TreatmentCycle.patient_id == _WHO)
_FIRST = insert(_CYCLE).inline()
_NEXT = (
    update(_CYCLE)
    .where(TreatmentCycle.patient_id == _WHO)
    .values({name: bindparam(f"new_{name}") for name in ("visit_id", "injected_on", "weeks", "due_on")})
)


def keep_cycle(session: Session, patient_id: int) -> None:
    """Compute the cycle anew. To be called where a visit is signed, and where status or usual interval change.

    Only patients whom the clinic follows, and who were injected here, have one.
    """
    session.flush()
    connection = session.connection()
    found: Any = connection.execute(_FOUND, {"who": patient_id}).one()  # beside the outer joins anything can be None
    status, usual, has_one, visit_id, injected_on, planned = found
    if visit_id is None or status is not PatientStatus.ACTIVE:
        if has_one is not None:
            connection.execute(_NO_MORE, {"who": patient_id})
        return
    weeks = planned or usual or USUAL_WEEKS
    now = {
        "visit_id": visit_id,
        "injected_on": injected_on,
        "weeks": weeks,
        "due_on": injected_on + timedelta(weeks=weeks),
    }
    if has_one is None:
        connection.execute(_FIRST, {"patient_id": patient_id, **now})
    else:
        connection.execute(_NEXT, {"who": patient_id, **{f"new_{name}": value for name, value in now.items()}})
