"""What is kept of each patient's cycle is what visits and patients say, whatever happened in whichever order."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.models import Injection, Patient, TreatmentCycle, Visit
from clinic_app.terms import PatientStatus
from tests.services.conftest import OpenClinic

Cycle = tuple[int, int, date, int, date]

MOVES = st.one_of(
    st.tuples(st.just("sign"), st.sampled_from([None, 10, 12, 16]), st.integers(0, 200)),
    st.tuples(st.just("usual"), st.sampled_from([None, 8, 14]), st.just(0)),
    st.tuples(st.just("status"), st.sampled_from(list(PatientStatus)), st.just(0)),
)


def kept(clinic: OpenClinic) -> list[Cycle]:
    with clinic.store.database.reading() as session:
        rows = session.scalars(select(TreatmentCycle).order_by(TreatmentCycle.patient_id))
        return [(row.patient_id, row.visit_id, row.injected_on, row.weeks, row.due_on) for row in rows]


def computed(clinic: OpenClinic) -> list[Cycle]:
    """From every record, one by one."""
    found = []
    with clinic.store.database.reading() as session:
        injected = set(session.scalars(select(Injection.visit_id)))
        for patient in session.scalars(select(Patient).order_by(Patient.id)):
            visits = session.scalars(select(Visit).where(Visit.patient_id == patient.id))
            own = sorted((visit.visited_on, visit.id, visit) for visit in visits if visit.id in injected)
            if own and patient.status is PatientStatus.ACTIVE:
                day, number, last = own[-1]
                weeks = last.interval_weeks or patient.usual_interval_weeks or 12
                found.append((patient.id, number, day, weeks, day + timedelta(weeks=weeks)))
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), MOVES), max_size=6))
def test_the_kept_cycle_is_what_the_records_say_after_any_order_of_changes(
    clinic: OpenClinic, changes: list[tuple[int, tuple[str, object, int]]]
) -> None:
    patients = [clinic.patient(family_name=name) for name in ("Okafor", "Byrne")]
    for who, (what, value, days_before) in changes:
        if what == "sign":
            day = clinic.today - timedelta(days=days_before)
            (vial,) = clinic.content().vials
            assert vial.reconstituted_at is not None
            mixed = replace(vial, reconstituted_at=vial.reconstituted_at - timedelta(days=days_before))
            content = clinic.content(visited_on=day, interval_weeks=value, vials=(mixed,))
            clinic.signed(patients[who], content)
            continue
        details = clinic.services.patients.details(clinic.physician, patients[who])
        named = {"usual": "usual_interval_weeks", "status": "status"}[what]
        form = replace(details.form, **{named: value})  # type: ignore[arg-type]  # the form's own fields
        if what == "status":
            form = replace(form, died_on=clinic.today if value is PatientStatus.DIED else None)
        clinic.services.patients.save(clinic.physician, patients[who], details.version, form)
    assert kept(clinic) == computed(clinic)


def test_a_visit_entered_late_does_not_stand_before_the_one_that_came_after_it(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    later = clinic.signed(patient_id)
    (vial,) = clinic.content().vials
    earlier = replace(vial, reconstituted_at=None)
    clinic.signed(patient_id, clinic.content(visited_on=date(2026, 1, 5), interval_weeks=20, vials=(earlier,)))
    assert [(visit, due) for _, visit, _, _, due in kept(clinic)] == [(later, date(2026, 5, 25))]


def test_what_is_kept_leaves_no_line_in_the_audit_trail(clinic: OpenClinic) -> None:
    clinic.signed(clinic.patient())
    with clinic.store.database.reading() as session:
        kinds = session.connection().exec_driver_sql("SELECT DISTINCT kind FROM audit_entry").scalars().all()
    assert "visit" in kinds
    assert "treatment_cycle" not in kinds
