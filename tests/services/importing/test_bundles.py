"""Patients of another program's FHIR bundle: who comes in, who gets what their record lacks, and that it goes again."""

import csv
from datetime import timedelta
from io import StringIO
from random import Random
from typing import Any

import pytest

from clinic_app.errors import ClinicError
from clinic_app.models import trail
from clinic_app.services.importing.choices import Decision, ImportChoices
from clinic_app.services.importing.files import ImportFile, rejected_csv, why
from clinic_app.services.importing.imports import Done
from clinic_app.services.importing.preview import Outcome, Preview
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.verification import trail_breaks
from clinic_app.terms import EntryKind, ImportKind
from tests.exchange.fhir.resources import Resource, anna, bundle, of_anna
from tests.exchange.fhir.spoiling import spoiled
from tests.services.importing.conftest import Desk

PENICILLIN = of_anna("AllergyIntolerance", code={"text": "Penicillin"}, onsetDateTime="1999")
ASTHMA = of_anna("Condition", code={"text": "Asthma"}, onsetDateTime="1980-05")
WARFARIN = of_anna("MedicationStatement", status="active", medicationCodeableConcept={"text": "Warfarin"})
DYSTONIA = of_anna(
    "Condition",
    code={"text": "torticollis", "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G24.3"}]},
)
ADA = {
    "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "A1"}],
    "name": [{"family": "Okafor", "given": ["Ada"]}],
    "birthDate": "1961-03-12",
}
"""As the clinic of these tests has her on record."""
_ROUNDS = 120


def opened(desk: Desk, *resources: Resource) -> ImportFile:
    return desk.imports.read(desk.actor, "others.json", bundle(*resources))


def look(desk: Desk, *resources: Resource, **chosen: Any) -> Preview:
    return desk.imports.preview(desk.actor, opened(desk, *resources), ImportChoices(ImportKind.PATIENTS, **chosen))


def bring(desk: Desk, *resources: Resource, **chosen: Any) -> Done:
    return desk.imports.bring_in(desk.actor, opened(desk, *resources), ImportChoices(ImportKind.PATIENTS, **chosen))


def form(desk: Desk, number: str) -> PatientForm:
    (row,) = [each for each in desk.clinic.services.patients.search(desk.actor, number) if each.record_number == number]
    return desk.clinic.services.patients.details(desk.actor, row.id).form


def lines(desk: Desk, number: str) -> list[tuple[EntryKind, str]]:
    return [(entry.kind, entry.text) for entry in form(desk, number).entries]


def test_somebody_new_comes_in_with_every_line_and_goes_again(desk: Desk) -> None:
    before = desk.contents()
    done = bring(desk, anna(), PENICILLIN, ASTHMA, WARFARIN, DYSTONIA)
    assert done.preview.count(Outcome.NEW) == 1
    came = form(desk, "77")
    assert (came.family_name, came.given_name, came.phone) == ("Larsen", "Anna Maria", "555-1")
    assert (came.history.indication, came.history.icd10cm) == ("cervical_dystonia", "G24.3")
    assert lines(desk, "77") == [
        (EntryKind.ALLERGY, "Penicillin"),
        (EntryKind.CONDITION, "Asthma"),
        (EntryKind.MEDICINE, "Warfarin"),
    ]
    desk.imports.undo(desk.actor, done.import_id)
    assert desk.contents() == before
    with desk.clinic.store.database.reading() as session:
        assert list(trail_breaks(session)) == []


def test_somebody_on_record_gets_what_the_record_lacks_once(desk: Desk) -> None:
    before = desk.contents()
    known = form(desk, "A1")
    file = (anna(**ADA, telecom=[{"system": "phone", "value": "555-9"}]), PENICILLIN, DYSTONIA)
    (verdict,) = look(desk, *file).verdicts
    assert verdict.outcome is Outcome.JOINS
    assert verdict.existing is not None
    assert verdict.existing.record_number == "A1"
    assert "Added to the record: allergy Penicillin." in why(verdict)
    done = bring(desk, *file)
    assert lines(desk, "A1") == [(EntryKind.ALLERGY, "Penicillin")]
    came = form(desk, "A1")
    assert (came.phone, came.history, came.diagnoses) == (known.phone, known.history, known.diagnoses)
    (again,) = look(desk, *file, ASTHMA).verdicts
    assert "condition Asthma" in why(again)
    assert "Penicillin" not in why(again)
    (same,) = look(desk, *file).verdicts
    assert same.outcome is Outcome.DUPLICATE
    assert "with everything" in why(same)
    desk.imports.undo(desk.actor, done.import_id)
    assert lines(desk, "A1") == []
    after = desk.contents()
    assert {name for name in after if after[name] != before[name]} == {"patient"}, "its version alone"


def test_a_form_that_is_open_meanwhile_is_told(desk: Desk) -> None:
    (row,) = desk.clinic.services.patients.search(desk.actor, "A1")
    opened = desk.clinic.services.patients.details(desk.actor, row.id)
    bring(desk, anna(**ADA), PENICILLIN)
    with pytest.raises(ClinicError):
        desk.clinic.services.patients.save(desk.actor, row.id, opened.version, opened.form)


def test_lines_that_somebody_worked_on_since_stay(desk: Desk) -> None:
    done = bring(desk, anna(**ADA), PENICILLIN, ASTHMA)
    (row,) = desk.clinic.services.patients.search(desk.actor, "A1")
    details = desk.clinic.services.patients.details(desk.actor, row.id)
    desk.clinic.clock.moment += timedelta(minutes=5)
    desk.clinic.services.patients.save(desk.actor, row.id, details.version, details.form)
    with pytest.raises(ClinicError, match="Ada Okafor: somebody changed"):
        desk.imports.undo(desk.actor, done.import_id)
    assert len(lines(desk, "A1")) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"birthDate": "1961-03-13"}, "was born on 12 Mar 1961"), ({"name": [{"family": "Okafur"}]}, "has another name")],
)
def test_the_same_number_is_not_enough(desk: Desk, changed: Resource, said: str) -> None:
    (verdict,) = look(desk, anna(**{**ADA, **changed}), PENICILLIN).verdicts
    assert verdict.outcome is Outcome.REFUSED
    assert said in why(verdict)


def test_who_only_looks_like_somebody_on_record_is_asked_about(desk: Desk) -> None:
    file = (anna(**{**ADA, "identifier": None}), PENICILLIN)
    (verdict,) = look(desk, *file).verdicts
    assert verdict.asks
    (same,) = look(desk, *file, duplicates={1: Decision.SAME}).verdicts
    (another,) = look(desk, *file, duplicates={1: Decision.ANOTHER}).verdicts
    assert (same.outcome, another.outcome) == (Outcome.JOINS, Outcome.NEW)
    bring(desk, *file, duplicates={1: Decision.SAME})
    assert lines(desk, "A1") == [(EntryKind.ALLERGY, "Penicillin")]


def test_the_same_person_twice_joins_once(desk: Desk) -> None:
    twice = {**anna(**{**ADA, "identifier": None}), "id": "2"}
    first, second = look(desk, anna(**ADA), twice, PENICILLIN, duplicates={2: Decision.SAME}).verdicts
    assert (first.outcome, second.outcome) == (Outcome.JOINS, Outcome.REFUSED)


def test_what_stays_out_is_listed_with_its_reason(desk: Desk) -> None:
    file = opened(
        desk,
        anna(deceasedDateTime="1960-01-01"),
        PENICILLIN,
        {**anna(), "id": "2", "identifier": None, "photo": [{"url": "x"}]},
        {**WARFARIN, "subject": {"reference": "Patient/9"}},
        of_anna("Observation", status="final"),
    )
    preview = desk.imports.preview(desk.actor, file, ImportChoices(ImportKind.PATIENTS))
    assert [(each.number, each.outcome) for each in preview.verdicts] == [
        (1, Outcome.REFUSED),
        (2, Outcome.REFUSED),
        (3, Outcome.NEW),
        (4, Outcome.REFUSED),
    ]
    assert "date of death 1960-01-01 is before the birth" in why(preview.verdicts[0])
    assert "photo" in why(preview.verdicts[2])
    assert preview.passed_over == (("Observation", 1),)
    rejected = list(csv.reader(StringIO(rejected_csv(file, preview))))
    assert [row[0] for row in rejected[1:]] == ["Patient", "AllergyIntolerance", "MedicationStatement"]
    assert "belongs to nobody in the file (Patient/9)" in rejected[3][-1]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("huge.json", b" " * 100_000_001, "more than 100 MB"),
        ("half.json", bundle(anna())[:-20], "was cut off"),
        ("other.json", b'{"resourceType": "Patient"}', "no bundle"),
        ("patients.xml", b"<Bundle xmlns='http://hl7.org/fhir'/>", "is XML"),
        ("no name at all", b"\xef\xbb\xbf {]", "not JSON"),
        ("table.json", b"a,b\n1,2\n", "not JSON"),
    ],
)
def test_another_file_is_refused_in_a_sentence(desk: Desk, name: str, content: bytes, said: str) -> None:
    with pytest.raises(ClinicError, match=said):
        desk.imports.read(desk.actor, name, content)


def test_whatever_happened_to_a_bundle_never_half_of_it_comes_in(desk: Desk) -> None:
    content = bundle(anna(**ADA), {**anna(), "id": "2"}, PENICILLIN, ASTHMA, WARFARIN, DYSTONIA)
    before, came = desk.contents(), 0
    for number in range(_ROUNDS if not desk.clinic.on_server else _ROUNDS // 15):
        written = last_entry(desk)
        try:
            file = desk.imports.read(desk.actor, "spoiled.json", spoiled(content, Random(number)))
            done = desk.imports.bring_in(desk.actor, file, ImportChoices(ImportKind.PATIENTS))
        except ClinicError as error:
            assert str(error)
            assert last_entry(desk) == written, "nothing was written"
            continue
        came += 1
        rows = {kind: [each.existing for each in done.preview.verdicts if each.outcome is kind] for kind in Outcome}
        assert people(desk) == before["patient"][0] + len(rows[Outcome.NEW])
        assert bool(lines(desk, "A1")) == any(rows[Outcome.JOINS])
        desk.imports.undo(desk.actor, done.import_id)
    after = desk.contents()
    assert {name for name in after if after[name] != before[name]} <= {"patient"}, "their versions alone"
    assert after["patient"][0] == before["patient"][0]
    assert came > _ROUNDS // 40


def last_entry(desk: Desk) -> int:
    with desk.clinic.store.database.reading() as session:
        return trail.head(session.connection()).last_id


def people(desk: Desk) -> int:
    return len(desk.clinic.services.patients.search(desk.actor, ""))


def test_of_a_restricted_record_nothing_is_told_or_changed_until_it_was_opened(desk: Desk) -> None:
    (row,) = desk.clinic.services.patients.search(desk.actor, "A1")
    records = desk.clinic.services.records
    records.restrict(desk.actor, row.id, "Works here.", {desk.clinic.nurse.account_id})
    for line in (PENICILLIN, DYSTONIA):  # what the record lacks, and what it has
        (verdict,) = look(desk, anna(**ADA), line).verdicts
        assert verdict.outcome is Outcome.REFUSED
        assert [reason.code for reason in verdict.reasons] == ["record_closed"]
    records.open_with_reason(desk.actor, row.id, "Old records come in.")
    assert look(desk, anna(**ADA), PENICILLIN).count(Outcome.JOINS) == 1
