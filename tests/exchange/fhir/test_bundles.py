"""Bundles of FHIR R4: what each part of the record becomes, and that others accept it."""

import copy
import hashlib
import json
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.exchange.fhir.bundles import checked
from clinic_app.exchange.fhir.facts import DiagnosisFact, EntryFact, RecordFact
from clinic_app.exchange.fhir.values import FMA, REFERENCE
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import EntryKind
from tests.exchange.fhir.records import BARE, CLINIC, PATIENT, RECORD, VISIT, bundles
from tests.exchange.fhir.validators import refused_by

Found = dict[str, list[dict[str, Any]]]


def resources(text: str) -> list[dict[str, Any]]:
    return [each["resource"] for each in json.loads(text)["entry"]]


def by_kind(record: RecordFact, reference: Reference) -> Found:
    found: Found = {}
    for each in resources(bundles(reference).single(record)):
        found.setdefault(each["resourceType"], []).append(each)
    return found


@pytest.fixture(scope="module")
def told(reference: Reference) -> Found:
    return by_kind(RECORD, reference)


def address(resource: dict[str, Any]) -> str:
    return f"urn:uuid:{resource['id']}"


def test_all_accept_every_resource(reference: Reference) -> None:
    for record in (RECORD, BARE):
        for each in resources(bundles(reference).single(record)):
            assert refused_by(each) == set(), each


def test_an_injected_muscle_is_told_with_its_side_dose_unit_lot_and_expiry(told: Found) -> None:
    first, *_, other_product = told["MedicationAdministration"]
    dosage = first["dosage"]
    assert dosage["text"] == "62.5 U of onabotulinumtoxinA into the right splenius capitis"
    assert dosage["dose"] == {"value": 62.5, "unit": "U of onabotulinumtoxinA"}
    assert dosage["site"]["text"] == "right splenius capitis"
    assert dosage["site"]["coding"] == [
        {"system": REFERENCE, "code": "muscle.splenius_capitis.right"},
        {"system": FMA, "code": "22653"},
    ]
    assert dosage["method"] == {"text": "EMG, ultrasound"}
    (vial,) = first["contained"]
    assert first["medicationReference"] == {"reference": f"#{vial['id']}"}
    assert vial["batch"] == {"lotNumber": "C1234C3", "expirationDate": "2027-05-31"}
    assert vial["code"]["text"] == "onabotulinumtoxinA"
    assert other_product["dosage"]["dose"]["unit"] == "U of rimabotulinumtoxinB"
    assert "batch" not in other_product["contained"][0]
    assert other_product["reasonReference"] == [{"reference": address(told["Condition"][1])}]


def test_a_visit_says_why_by_whom_and_what_came_after(told: Found) -> None:
    visit = told["Procedure"][2]
    assert visit["code"]["coding"] == [{"system": "http://www.ama-assn.org/go/cpt", "code": "64616"}]
    assert visit["reasonCode"][0]["coding"][0]["code"] == "G24.3"
    assert visit["reasonReference"] == [{"reference": address(told["Condition"][0])}]
    assert [note["text"] for note in visit["note"]][-1] == "Addendum (typed wrongly): It was the left side."
    assert visit["complication"] == [{"text": "A bruise."}]


def test_two_procedure_codes_are_no_code_of_one_procedure(reference: Reference) -> None:
    record = replace(RECORD, visits=(replace(VISIT, codes=("64616", "64642")),))
    assert by_kind(record, reference)["Procedure"][2]["code"] == {"text": "Botulinum toxin injection"}


def test_no_descriptor_of_anybody_else_is_told(told: Found) -> None:
    every = json.dumps(told)
    assert '"display"' not in every.replace('"generalPractitioner": [{"display"', "").replace(
        '"informationSource": {"display"', ""
    )


def test_what_was_never_signed_here_has_no_signature(told: Found) -> None:
    brought = told["Procedure"][3]
    assert brought["note"] == [{"text": "Brought in from an older record and not signed here."}]
    targets = [target["reference"] for each in told["Provenance"] for target in each["target"]]
    assert address(brought) not in targets
    assert len(told["DocumentReference"]) == 1


def test_a_signature_says_who_signed_what_when_with_the_digest_of_the_record(told: Found) -> None:
    signed, corrected = told["Provenance"]
    assert signed["recorded"] == "2026-03-02T15:30:00+00:00"
    assert {each["reference"] for each in signed["target"]} == {
        address(told["Procedure"][2]),
        *(address(each) for each in told["MedicationAdministration"]),
        address(next(each for each in told["Observation"] if each["code"]["text"] == "TWSTRS")),
    }
    assert signed["entity"][0]["what"]["identifier"]["value"] == VISIT.digest
    assert corrected["activity"] == {"text": "corrected"}


def test_the_note_is_the_very_file_with_the_hash_that_fhir_asks_for(told: Found) -> None:
    (attachment,) = (each["attachment"] for each in told["DocumentReference"][0]["content"])
    assert VISIT.note is not None
    assert b64decode(attachment["data"]) == VISIT.note.content
    assert b64decode(attachment["hash"]) == hashlib.sha1(VISIT.note.content, usedforsecurity=False).digest()


def test_a_note_that_was_never_kept_is_told_without_a_file(reference: Reference) -> None:
    record = replace(RECORD, visits=(replace(VISIT, note=None),))
    (document,) = by_kind(record, reference)["DocumentReference"]
    assert document["content"][0]["attachment"].keys() == {"contentType", "title"}


def test_a_side_effect_names_the_visit_and_the_muscles_that_may_have_caused_it(told: Found) -> None:
    known, own_words, threatening = told["AdverseEvent"]
    suspects = [each["instance"]["reference"] for each in known["suspectEntity"]]
    assert suspects == [address(told["Procedure"][2]), address(told["MedicationAdministration"][1])]
    assert known["severity"]["coding"][0]["code"] == "moderate"
    assert known["seriousness"] == {"text": "serious: hospitalisation"}
    assert (own_words["event"]["text"], own_words["outcome"]["text"]) == ("Felt odd; Soft food.", "fatal")
    assert threatening["severity"]["text"] == "life threatening"
    assert threatening["severity"]["coding"][0]["code"] == "severe"


def test_an_appointment_in_the_night_when_the_clocks_change_lasts_as_long_as_it_lasts(told: Found) -> None:
    first = told["Appointment"][0]
    assert (first["start"], first["end"]) == ("2026-11-01T01:30:00-04:00", "2026-11-01T01:15:00-05:00")
    assert [each["status"] for each in told["Appointment"]] == [
        "booked", "booked", "arrived", "checked-in", "fulfilled", "fulfilled", "cancelled", "noshow"
    ]  # fmt: skip


def test_the_dead_are_told_as_dead_even_without_a_day(reference: Reference) -> None:
    (patient,) = by_kind(BARE, reference)["Patient"]
    assert patient["deceasedBoolean"] is True
    assert patient["name"] == [{"family": "Ünal"}]


def test_the_same_record_is_the_same_text_and_another_clinics_has_other_ids(reference: Reference) -> None:
    assert bundles(reference).single(RECORD) == bundles(reference).single(RECORD)
    other = type(bundles(reference))(replace(CLINIC, identity="another"), (), reference)
    ids = {each["id"] for each in resources(other.single(BARE))}
    assert not ids & {each["id"] for each in resources(bundles(reference).single(BARE))}


def test_a_bundle_of_everybody_holds_each_patient_once_with_all_who_work_there(reference: Reference) -> None:
    writer = bundles(reference)
    every = resources("".join(writer.whole([RECORD, BARE])))
    assert Counter(each["resourceType"] for each in every)["Patient"] == 2
    assert len({each["id"] for each in every}) == len(every) == writer.resources
    assert [each["name"][0]["text"] for each in every if each["resourceType"] == "Practitioner"] == [
        "Dr. Ada Reyes", "Sam Nurse", "Gone Long Ago"
    ]  # fmt: skip


def test_lines_are_whole_bundles_one_after_the_other(reference: Reference) -> None:
    first, second = "".join(bundles(reference).lines([RECORD, BARE])).splitlines()
    assert json.loads(first) == json.loads(bundles(reference).single(RECORD))
    assert json.loads(second)["type"] == "collection"


def test_a_clinic_without_patients_is_a_bundle_too(reference: Reference) -> None:
    assert {each["resourceType"] for each in resources("".join(bundles(reference).whole([])))} == {
        "Organization", "Practitioner"
    }  # fmt: skip


def test_nobody_pays_for_the_library_before_something_is_handed_on() -> None:
    loads = "import clinic_app.services.bundle, clinic_app.exchange.fhir.reading"
    check = f"{loads}; import sys; assert not {{'pydantic', 'fhir.resources', 'fhirclient'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda resource: resource.pop(name)


BROKEN: dict[str, tuple[str, Callable[[dict[str, Any]], object], set[str]]] = {
    "a reference": ("Procedure", lambda each: each["subject"].update(reference="urn:uuid:gone"), {"own"}),
    "a required reference": ("MedicationAdministration", _without("subject"), {"own", "fhirclient", "schema"}),
    "a required element": ("Observation", _without("status"), {"own", "fhirclient"}),
    "a code": ("Procedure", lambda each: each.update(status="complete"), {"schema"}),
    "a gender": ("Patient", lambda each: each.update(gender="f"), {"schema"}),
    "a date": ("Patient", lambda each: each.update(birthDate="1961-02-30"), {"own", "fhirclient"}),
    "an id": ("Patient", lambda each: each.update(id="not an id"), {"own", "schema"}),
    "an unknown element": ("Condition", lambda each: each.update(severe=True), {"own", "fhirclient", "schema"}),
    "two choices": (
        "MedicationAdministration", lambda each: each.update(medicationCodeableConcept={"text": "two"}), {"own"}
    ),
    "a list": ("Patient", lambda each: each.update(name=each["name"][0]), {"own", "fhirclient", "schema"}),
    "an empty text": ("Organization", lambda each: each.update(name=""), {"own", "schema"}),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_who_breaks_a_bundle_is_noticed(reference: Reference, what: str) -> None:
    kind, damage, noticed_by = BROKEN[what]
    every = resources(bundles(reference).single(RECORD))
    damaged = copy.deepcopy(every)
    broken = next(each for each in damaged if each["resourceType"] == kind)
    damage(broken)
    noticed = refused_by(broken) - {"fhir.resources"}
    try:
        checked(damaged)
    except ClinicError as error:
        assert error.code == "fhir_not_valid"
        noticed.add("own")
    assert noticed == noticed_by
    assert checked(every) == every


def test_a_resource_that_is_there_twice_is_noticed(reference: Reference) -> None:
    every = resources(bundles(reference).single(BARE))
    with pytest.raises(ClinicError, match="twice"):
        checked([*every, every[0]])


ANYTHING = st.text(max_size=30)


@settings(max_examples=40)
@given(
    texts=st.lists(ANYTHING, min_size=8, max_size=8),
    units=st.decimals(min_value="0.001", max_value=100000, places=3),
    born=st.dates(min_value=date(1890, 1, 1), max_value=date(2100, 1, 1)),
)
def test_whatever_somebody_typed_is_told_validly(
    reference: Reference, texts: list[str], units: Decimal, born: date
) -> None:
    name, given_name, phone, icd, entry, detail, plan, lot = texts
    vial = replace(VISIT.injections[0].vial, lot_number=lot, serial=lot, gtin=phone)
    record = RecordFact(
        replace(
            PATIENT,
            family_name=name,
            given_name=given_name,
            phone=phone,
            language=phone,
            emergency_contact=entry,
            birth_date=born,
            diagnoses=(DiagnosisFact(1, True, "", icd),),
            entries=tuple(EntryFact(n, kind, entry, "", detail) for n, kind in enumerate(EntryKind)),
        ),
        visits=(
            replace(
                VISIT,
                plan=plan,
                icd10cm=icd,
                complications=detail,
                answers=(plan,),
                injections=(replace(VISIT.injections[0], units=units, vial=vial, note=plan),),
            ),
        ),
    )
    text = bundles(reference).single(record)
    text.encode("utf-8")
    for each in resources(text):
        assert refused_by(each) == set(), each
        if each["resourceType"] == "MedicationAdministration":
            assert Decimal(str(each["dosage"]["dose"]["value"])) == units
