"""An import can be taken back until something was built on it, and then leaves the record as it was."""

from collections import Counter
from datetime import date, datetime

import pytest

from clinic_app.errors import ClinicError, NotFound, WorkStopped
from clinic_app.services.audit import AuditFilter
from clinic_app.services.importing.choices import ImportChoices
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.verification import trail_breaks
from clinic_app.services.visit_data import ResponseData
from clinic_app.terms import ImportKind
from tests.services.conftest import OpenClinic
from tests.services.importing.conftest import Desk

P, I = ImportKind.PATIENTS, ImportKind.INJECTIONS  # noqa: E741  # short, because every line has them
PATIENTS = ("MRN", "Surname", "First name", "DOB", "Diagnosis")
INJECTIONS = ("MRN", "Date", "Muscle", "Side", "Dose", "Toxin", "Indication", "Injector")


def bring_patients(desk: Desk) -> int:
    rows = [(f"N{n}", f"Name{n}", "Bo", f"196{n}-01-02", "blepharospasm") for n in range(5)]
    return desk.bring(P, PATIENTS, *rows).import_id


def bring_injections(desk: Desk, numbers: tuple[str, ...] = ("A1",)) -> int:
    rows = [
        (number, f"2025-0{month}-03", muscle, "L", "30", "Botox", "cervical dystonia", "Dr. Old Hand")
        for number in numbers
        for month in (2, 5, 9)
        for muscle in ("splenius capitis", "levator scapulae")
    ]
    return desk.bring(I, INJECTIONS, *rows).import_id


def test_undone_an_import_leaves_every_table_as_it_was_and_the_trail_whole(desk: Desk) -> None:
    desk.clinic.signed(desk.clinic.patient(record_number="A2", family_name="Lee"))
    before = desk.contents()
    first = bring_patients(desk)
    between = desk.contents()
    second = bring_injections(desk, ("A1", "A2", "N1"))
    assert before["patient"] != between["patient"]
    assert desk.contents()["visit"][0] == between["visit"][0] + 9
    desk.imports.undo(desk.actor, second)
    assert desk.contents() == between
    desk.imports.undo(desk.actor, first)
    assert desk.contents() == before
    with desk.clinic.store.database.reading() as session:
        assert list(trail_breaks(session)) == []
    assert [made.undone_by for made in desk.imports.imports(desk.actor)] == ["Dr. Mara Ellison"] * 2
    with pytest.raises(ClinicError, match="undone already"):
        desk.imports.undo(desk.actor, first)
    with pytest.raises(NotFound):
        desk.imports.undo(desk.actor, 99)


def test_undone_it_can_be_brought_in_again(desk: Desk) -> None:
    for _ in range(2):
        made = bring_injections(desk)
        desk.imports.undo(desk.actor, made)
    bring_injections(desk)


def test_what_was_built_on_it_keeps_it_and_is_named(desk: Desk, clinic: OpenClinic) -> None:
    made = bring_patients(desk)
    (patient,) = clinic.services.patients.search(clinic.physician, "name1")
    before = desk.contents()
    starts = datetime(2026, 3, 9, 10, 0)
    clinic.services.schedule.book(clinic.physician, Booking(patient.id, clinic.physician.account_id, 2, starts, 30))
    with pytest.raises(ClinicError, match="Bo Name1: there is an appointment of 9 Mar 2026"):
        desk.imports.undo(desk.actor, made)
    assert desk.contents()["patient"] == before["patient"]


def test_a_record_that_was_changed_since_keeps_it(desk: Desk, clinic: OpenClinic) -> None:
    made = bring_patients(desk)
    (patient,) = clinic.services.patients.search(clinic.physician, "name1")
    details = clinic.services.patients.details(clinic.physician, patient.id)
    form = PatientForm(record_number="N1", family_name="Name1", given_name="Bo", birth_date=date(1961, 1, 2), note="x")
    clinic.services.patients.save(clinic.physician, patient.id, details.version, form)
    with pytest.raises(ClinicError, match="Bo Name1: somebody changed the record"):
        desk.imports.undo(desk.actor, made)


def test_visits_on_patients_that_were_brought_in_go_first(desk: Desk) -> None:
    patients = bring_patients(desk)
    injections = bring_injections(desk, ("N1",))
    with pytest.raises(ClinicError, match="Bo Name1: there is a visit of 3 Feb 2025"):
        desk.imports.undo(desk.actor, patients)
    desk.imports.undo(desk.actor, injections)
    desk.imports.undo(desk.actor, patients)


def test_a_response_to_a_visit_keeps_it(desk: Desk, clinic: OpenClinic) -> None:
    made = bring_injections(desk)
    (patient,) = clinic.services.patients.search(clinic.physician, "okafor")
    visit = clinic.services.visits.of_patient(clinic.physician, patient.id)[0]
    clinic.services.visits.record_response(clinic.physician, visit.id, ResponseData(best_percent=60))
    with pytest.raises(ClinicError, match="there is the response"):
        desk.imports.undo(desk.actor, made)


def test_an_injector_whom_another_import_names_too_stays(desk: Desk) -> None:
    first = bring_injections(desk)
    row = ("A1", "2024-05-05", "splenius capitis", "L", "30", "Botox", "cervical dystonia", "Dr. Old Hand")
    second = desk.bring(I, INJECTIONS, row)
    assert second.preview.new_names == ()
    accounts = desk.contents()["account"]
    desk.imports.undo(desk.actor, first)
    assert desk.contents()["account"] == accounts


def test_numbers_that_were_taken_back_name_nobody_else(desk: Desk, clinic: OpenClinic) -> None:
    made = bring_patients(desk)
    gone = {row.id for row in clinic.services.patients.search(clinic.physician, "name")}
    desk.imports.undo(desk.actor, made)
    assert clinic.patient(record_number="N9", family_name="Later") > max(gone)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_stopped_it_leaves_nothing(desk: Desk, at: int) -> None:
    before = desk.contents()
    calls = []

    def step(done: int, of: int) -> None:
        calls.append((done, of))
        if len(calls) > at:
            raise WorkStopped("work_stopped")

    file = desk.file(PATIENTS, [("N1", "Lee", "Bo", "1960-01-02", "blepharospasm")])
    with pytest.raises(WorkStopped):
        desk.imports.bring_in(desk.actor, file, ImportChoices(P), step)
    assert desk.contents() == before
    assert desk.imports.imports(desk.actor) == ()


def test_a_stopped_undo_takes_nothing_back(desk: Desk) -> None:
    made = bring_injections(desk)
    before = desk.contents()

    def step(done: int, _of: int) -> None:
        if done == 3:
            raise WorkStopped("work_stopped")

    with pytest.raises(WorkStopped):
        desk.imports.undo(desk.actor, made, step)
    assert desk.contents() == before
    desk.imports.undo(desk.actor, made)


def test_the_trail_tells_of_every_row_and_of_no_signature(desk: Desk, clinic: OpenClinic) -> None:
    made = bring_injections(desk)
    desk.imports.undo(desk.actor, made)
    rows = clinic.services.audit.rows(clinic.physician, AuditFilter(kinds=frozenset({"visit", "data_import"})))
    acts = Counter((row.kind, row.act) for row in rows)
    assert acts == {
        ("visit", "created"): 3, ("visit", "removed"): 3, ("data_import", "created"): 1, ("data_import", "changed"): 1,
    }  # fmt: skip
