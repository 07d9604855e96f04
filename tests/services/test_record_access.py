"""Who looks at a record is noted; one that is restricted opens to few, or with a reason that the manager is told."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from clinic_app.errors import ClinicError, NotAllowed, NotFound
from clinic_app.models import AuditEntry
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.bundle import Services
from clinic_app.services.paper import WentOut
from clinic_app.services.patient_data import PatientForm
from tests.clinics import taking_nothing
from tests.services.conftest import OpenClinic


def looks(clinic: OpenClinic, patient_id: int) -> list[int | None]:
    """Whose looks at the record the trail tells of, in their order."""
    with clinic.store.database.reading() as session:
        query = select(AuditEntry.account_id).where(
            AuditEntry.what == "looked", AuditEntry.kind == "patient", AuditEntry.patient_id == patient_id
        )
        return list(session.scalars(query.order_by(AuditEntry.id)))


def test_a_look_is_noted_once_while_the_record_stays_open(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    assert looks(clinic, patient) == []
    for _ in range(3):
        clinic.services.patients.details(clinic.nurse, patient)
        clinic.services.visits.of_patient(clinic.nurse, patient)
        clinic.clock.moment += timedelta(minutes=4)
    clinic.services.patients.details(clinic.desk, patient)
    assert looks(clinic, patient) == [clinic.nurse.account_id, clinic.desk.account_id]
    clinic.clock.moment += timedelta(minutes=15)
    clinic.services.timeline.of_patient(clinic.nurse, patient)
    assert looks(clinic, patient) == [clinic.nurse.account_id, clinic.desk.account_id, clinic.nurse.account_id]
    clinic.clock.moment -= timedelta(days=1)  # set back: rather one look too many than none for a day
    clinic.services.timeline.of_patient(clinic.nurse, patient)
    assert len(looks(clinic, patient)) == 4


def test_a_list_of_names_is_no_look(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    clinic.services.patients.search(clinic.desk, "Okafor")
    clinic.services.patients.banner(clinic.desk, patient)
    clinic.services.inbox.rows(clinic.physician)
    assert looks(clinic, patient) == []


def test_a_disk_that_takes_nothing_keeps_nobody_from_reading_and_the_look_is_noted_later(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    with taking_nothing(clinic.store.database):
        clinic.services.patients.details(clinic.nurse, patient)
        clinic.services.patients.details(clinic.physician, patient)
    assert looks(clinic, patient) == []
    clinic.services.patients.details(clinic.desk, patient)
    assert looks(clinic, patient) == [
        clinic.nurse.account_id, clinic.physician.account_id, clinic.desk.account_id,
    ]  # fmt: skip


Reading = Callable[[OpenClinic, Actor, int, int], object]
READINGS: dict[str, Reading] = {
    "patients.details": lambda c, a, p, v: c.services.patients.details(a, p),
    "visits.of_patient": lambda c, a, p, v: c.services.visits.of_patient(a, p),
    "visits.details": lambda c, a, p, v: c.services.visits.details(a, v),
    "timeline": lambda c, a, p, v: c.services.timeline.of_patient(a, p),
    "timeline.paper": lambda c, a, p, v: c.services.timeline.paper(a, p),
    "side_effects": lambda c, a, p, v: c.services.side_effects.of_patient(a, p),
    "suspects": lambda c, a, p, v: c.services.side_effects.suspects(a, v, "dysphagia"),
    "scales": lambda c, a, p, v: c.services.scale_results.of_patient(a, p),
    "scales of a visit": lambda c, a, p, v: c.services.scale_results.of_visit(a, v),
    "diaries": lambda c, a, p, v: c.services.diaries.of_patient(a, p),
    "diary of a visit": lambda c, a, p, v: c.services.diaries.of_visit(a, v),
    "charts.start": lambda c, a, p, v: c.services.charts.start(a, p),
    "charts.context": lambda c, a, p, v: c.services.charts.context(a, p),
    "charts.last_pattern": lambda c, a, p, v: c.services.charts.last_pattern(a, p),
    "note": lambda c, a, p, v: c.services.papers.visit_note(a, v),
    "aftercare": lambda c, a, p, v: c.services.papers.aftercare(a, v),
    "letter": lambda c, a, p, v: c.services.letters.referral_letter(a, v),
    "kept papers": lambda c, a, p, v: c.services.kept_papers.of_patient(a, p),
    "save": lambda c, a, p, v: c.services.patients.save(
        a, p, 1, PatientForm(family_name="O", given_name="A", birth_date=date(1961, 3, 12))
    ),
}


@pytest.fixture
def restricted(clinic: OpenClinic) -> tuple[int, int]:
    """A patient and a visit; the record opens to the physician alone."""
    patient = clinic.patient()
    visit = clinic.signed(patient, clinic.content(clinic.lot()))
    clinic.services.records.restrict(clinic.physician, patient, "Works here.", {clinic.physician.account_id})
    return patient, visit


@pytest.mark.parametrize("reading", READINGS)
def test_nothing_of_a_restricted_record_opens_to_others(
    clinic: OpenClinic, restricted: tuple[int, int], reading: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        READINGS[reading](clinic, clinic.nurse, *restricted)
    assert refused.value.code == "record_restricted"
    assert clinic.nurse.account_id not in looks(clinic, restricted[0])
    READINGS[reading](clinic, clinic.physician, *restricted)
    clinic.services.records.open_with_reason(clinic.nurse, restricted[0], "The patient calls about swallowing.")
    if reading != "save":
        READINGS[reading](clinic, clinic.nurse, *restricted)
        assert clinic.nurse.account_id in looks(clinic, restricted[0])


def test_a_draft_and_a_kept_file_of_a_restricted_record_stay_closed(
    clinic: OpenClinic, restricted: tuple[int, int]
) -> None:
    patient, visit = restricted
    draft = clinic.services.charts.start(clinic.physician, patient)
    note = clinic.services.papers.visit_note(clinic.physician, visit)
    kept = clinic.services.kept_papers.keep(clinic.physician, note, note.render(), WentOut.PRINTED)
    assert kept is not None
    for read in (
        partial(clinic.services.charts.open, clinic.nurse, draft.id),
        partial(clinic.services.kept_papers.again, clinic.nurse, kept, "Visit note"),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_the_banner_of_a_closed_record_says_only_who_it_is(clinic: OpenClinic, restricted: tuple[int, int]) -> None:
    banner = clinic.services.patients.banner(clinic.desk, restricted[0])
    assert (banner.name, banner.opens) == ("Ada Okafor", False)
    assert (banner.allergies, banner.cautions, banner.last_injected_on) == ((), (), None)
    assert clinic.services.patients.banner(clinic.physician, restricted[0]).last_injected_on is not None


def test_the_papers_of_a_day_leave_out_what_does_not_open(clinic: OpenClinic, restricted: tuple[int, int]) -> None:
    other = clinic.patient(family_name="Lund")
    clinic.signed(other, clinic.content())
    assert clinic.services.day_papers.offer(clinic.nurse, clinic.today).visits == 1
    assert clinic.services.day_papers.offer(clinic.physician, clinic.today).visits == 2
    made = clinic.services.day_papers.bound(clinic.nurse, clinic.today, {"aftercare"})
    assert len(made.papers) == 1


def test_a_reason_opens_the_record_until_the_day_ends_and_waits_for_the_manager(
    clinic: OpenClinic, restricted: tuple[int, int]
) -> None:
    records, patient = clinic.services.records, restricted[0]
    with pytest.raises(ClinicError) as missing:
        records.open_with_reason(clinic.desk, patient, "  ")
    assert missing.value.field == "reason"
    records.open_with_reason(clinic.desk, patient, "Asks for the next date.")
    assert clinic.services.patients.details(clinic.desk, patient).id == patient
    (waiting,) = records.waiting(clinic.physician)  # the physician of these tests is the manager, too
    assert (waiting.by, waiting.reason, waiting.patient_id) == ("Desk", "Asks for the next date.", patient)
    records.read(clinic.physician, waiting.grant_id)
    assert records.waiting(clinic.physician) == ()
    records.unread(clinic.physician, waiting.grant_id)
    assert len(records.waiting(clinic.physician)) == 1
    clinic.clock.moment += timedelta(hours=13, minutes=59)  # one minute before midnight in New York
    assert records.is_open(clinic.desk, patient)
    clinic.clock.moment += timedelta(minutes=1)
    assert not records.is_open(clinic.desk, patient)


def test_who_treats_the_patient_is_proposed_and_others_can_be_named(
    clinic: OpenClinic, restricted: tuple[int, int]
) -> None:
    records, patient = clinic.services.records, restricted[0]
    assert records.treating(clinic.physician, patient) == {clinic.physician.account_id}
    records.restrict(clinic.physician, patient, "Works here.", {clinic.nurse.account_id})
    facts = records.restriction(clinic.physician, patient)
    assert facts is not None
    assert facts.named == {clinic.nurse.account_id}
    assert (facts.reason, facts.by) == ("Works here.", clinic.physician.full_name)
    assert records.is_open(clinic.nurse, patient)
    assert not records.is_open(clinic.physician, patient)
    records.lift(clinic.physician, patient)
    assert records.restriction(clinic.physician, patient) is None
    assert records.is_open(clinic.desk, patient)


def test_a_restriction_needs_a_reason_somebody_and_the_right(clinic: OpenClinic) -> None:
    records, patient = clinic.services.records, clinic.patient()
    for reason, named, field in ((" ", {1}, "reason"), ("x" * 501, {1}, "reason"), ("Works here.", set(), "named")):
        with pytest.raises(ClinicError) as refused:
            records.restrict(clinic.physician, patient, reason, named)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        records.restrict(clinic.physician, 99, "Works here.", {1})
    with pytest.raises(NotFound):
        records.read(clinic.physician, 99)
    with pytest.raises(NotFound):
        records.unread(clinic.physician, 99)
    with pytest.raises(NotAllowed):
        require(clinic.nurse, Act.RESTRICT)
    with pytest.raises(NotAllowed):
        records.restrict(clinic.nurse, patient, "Works here.", {1})


def test_the_trail_tells_of_restriction_and_of_every_opening(clinic: OpenClinic, restricted: tuple[int, int]) -> None:
    clinic.services.records.open_with_reason(clinic.desk, restricted[0], "Asks for the next date.")
    with clinic.store.database.reading() as session:
        kinds = [
            (e.what, e.kind, e.account_id, e.after.get("reason"))
            for e in session.scalars(select(AuditEntry).where(AuditEntry.patient_id == restricted[0]))
            if e.kind in {"restriction", "record_grant"}
        ]
    assert kinds == [
        ("created", "restriction", clinic.physician.account_id, "Works here."),
        ("created", "record_grant", clinic.physician.account_id, "Works here."),
        ("created", "record_grant", clinic.desk.account_id, "Asks for the next date."),
    ]


def test_a_record_that_is_open_closes_within_seconds_when_another_workstation_restricts_it(
    clinic: OpenClinic, reference: Reference
) -> None:
    patient = clinic.patient()
    clinic.services.patients.details(clinic.nurse, patient)
    elsewhere = Services(clinic.store.database, clinic.clock, reference)
    elsewhere.records.restrict(clinic.physician, patient, "Works here.", {clinic.physician.account_id})
    clinic.clock.moment += timedelta(seconds=5)
    with pytest.raises(NotAllowed):
        clinic.services.patients.details(clinic.nurse, patient)


def test_a_record_that_this_program_restricts_closes_at_once(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    clinic.services.patients.details(clinic.nurse, patient)
    clinic.services.records.restrict(clinic.physician, patient, "Works here.", {clinic.physician.account_id})
    with pytest.raises(NotAllowed):
        clinic.services.patients.details(clinic.nurse, patient)
